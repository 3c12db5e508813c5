"""Battery: power and energy bought apart, with losses, wear and calendar fade."""

from __future__ import annotations

from math import sqrt
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode
from zeroplant.assets.parts.capacity_payment import CapacityPayment
from zeroplant.assets.parts.direction import one_at_a_time
from zeroplant.units import (
    EnergyCapacity,
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Hours,
    PowerCapacity,
    PowerPrice,
    PowerPriceYear,
    Rate,
    YearlyRate,
    Years,
)
from zeroplant.waist import Affine, Flow, Scope
from zeroplant.weather.site import Site

MONTH_HOURS = 730.0


class Battery(Asset):
    """A battery with ``power`` (both ways) and either ``energy`` or ``hours`` of it.

    The plan sees the battery at its mean age: with a calendar fade of 1.8 % a year and 12 years
    of life, 0.892 of the energy on its plate. Cells wear out by use as well, and there are two
    ways to say it, of which one is enough: ``cycle_life`` limits what may be discharged in a year
    to that share of the full cycles the cells can give, and the limit's shadow price is what a
    MWh out of the cells is worth; ``wear`` is money set aside for each MWh discharged, a yearly
    cost like any other.
    """

    title: ClassVar = ("Battery", "储能电池")
    kind: Literal["battery"]
    at: ElectricNode = Field(description="node it is connected to")
    power: PowerCapacity = Field(description="AC power, charging and discharging")
    energy: EnergyCapacity | None = Field(None, description="energy on the plate; or give hours")
    hours: Hours | None = Field(None, gt=0, description="energy as hours of full power; 1…8")
    round_trip: Fraction = Field(
        0.87, gt=0, description="AC to AC efficiency; LFP 0.85…0.88, lead 0.80…0.85, flow 0.65…0.72"
    )
    soc_min: Fraction = Field(0.05, description="least state of charge")
    soc_max: Fraction = Field(0.95, description="greatest state of charge")
    soc_start: Fraction | None = Field(
        None,
        description="state of charge before the first period, which the last must hold again "
        "but for self-discharge; left out, the plan chooses one that both ends share",
    )
    self_discharge: Fraction = Field(0.02, lt=1, description="share lost in a month; 0.01…0.03")
    cycle_life: Rate | None = Field(
        None, gt=0, description="full cycles until the cells are worn; LFP 6 000…10 000"
    )
    wear: EnergyPrice = Field(
        0.0, ge=0, description="set aside per MWh discharged, instead of cycle_life; LFP 40…80 CNY"
    )
    calendar_fade: YearlyRate = Field(
        0.0, ge=0, le=0.2, description="energy lost per year of age; LFP 0.015…0.02"
    )
    one_direction: bool = Field(
        False, description="true: never charge and discharge at once, for negative prices (slow)"
    )
    capex: EnergyCapacityPrice = Field(
        0.0, ge=0, description="purchase per MWh on the plate; LFP 0.4…1.0 CNY/Wh in 2025"
    )
    capex_power: PowerPrice = Field(0.0, ge=0, description="purchase per MW, beside the energy's")
    upkeep: PowerPriceYear = Field(0.0, ge=0, description="fixed upkeep per MW and year")
    life: Years = Field(12.0, ge=1, description="years until cells and converter are replaced")
    capacity_payment: CapacityPayment | None = Field(
        None, description="paid for firm capacity: a rule pack's name, or a mapping"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Battery:
        message = ""
        if (self.energy is None) == (self.hours is None):
            message = "give either 'energy' or 'hours'"
        elif self.soc_min >= self.soc_max:
            message = f"'soc_min' {self.soc_min:g} is not below 'soc_max' {self.soc_max:g}"
        elif self.soc_start is not None and not self.soc_min <= self.soc_start <= self.soc_max:
            message = f"'soc_start' {self.soc_start:g} is not from 'soc_min' to 'soc_max'"
        elif self.mean_health <= 0:
            message = "with this calendar fade nothing is left halfway through its life"
        if message:
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Charge and discharge share one power; the level moves within the usable window."""
        node = plant.node(self.at)
        power = plant.capacity("power", self.power)
        if self.hours is not None:
            energy = power * self.hours
            plant.network.capacities[f"{plant.who}.energy"] = (energy, "MWh")
        else:
            assert self.energy is not None
            energy = plant.capacity("energy", self.energy, unit="MWh")
        one_way = sqrt(self.round_trip)
        charge = plant.flow("charge", take=node, cap=power, role="charge")
        discharge = plant.flow("discharge", give=node, cap=power, cost=self.wear, role="discharge")
        if self.one_direction:
            one_at_a_time(plant, "charging", charge, discharge, self.power)
        usable = energy * self.mean_health
        self._store(plant, charge, discharge, usable)
        if self.cycle_life is not None:
            self._spare_the_cells(plant, discharge * (1.0 / one_way), usable)
        plant.invest("battery energy", energy, self.capex, unit="MWh",
                     life=self.life, asset_class="battery")  # fmt: skip
        plant.invest("battery power", power, self.capex_power, upkeep=self.upkeep,
                     life=self.life, asset_class="battery")  # fmt: skip
        if self.capacity_payment is not None:
            self.capacity_payment.earn(plant, power, energy)

    @property
    def mean_health(self) -> float:
        """Energy of the battery halfway through its life, per unit of plate energy."""
        return 1.0 - self.calendar_fade * self.life / 2

    def _store(self, plant: Scope, charge: Flow, discharge: Flow, usable: Affine) -> None:
        """The energy above the least state of charge, which self-discharge does not pass.

        Counting from there spares a bound per period, and an empty battery never needs power
        that may not be there.
        """
        one_way = sqrt(self.round_trip)
        keep = (1.0 - self.self_discharge) ** (plant.axis.hours / MONTH_HOURS)
        start: Affine | Literal["cyclic"] = "cyclic"
        floor = Affine(0.0)
        if self.soc_start is not None:
            periods = plant.axis.periods
            start = usable * (self.soc_start - self.soc_min)
            last = np.arange(plant.axis.stages) % periods == periods - 1
            floor = start * np.where(last, keep**periods, 0.0)
        plant.store(
            "level",
            fill={charge: one_way},
            drain={discharge: 1.0 / one_way},
            cap=usable * (self.soc_max - self.soc_min),
            floor=floor,
            keep=keep,
            start=start,
        )

    def _spare_the_cells(self, plant: Scope, drawn: Affine, usable: Affine) -> None:
        """Full cycles in the horizon ≤ its share of the cells' life."""
        assert self.cycle_life is not None
        share = plant.axis.years / self.life
        plant.budget("cycles", drawn - usable * (self.cycle_life * share), at_most=0.0)
