"""Thermal store: a tank of hot or chilled water, molten salt, a steam accumulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import HEAT, Asset, Refers, SiteName
from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series import TemperatureProfile
from zeroplant.thermal.tank import energy_per_volume, loss_rate
from zeroplant.units import (
    Capacity,
    EnergyCapacity,
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Hours,
    PowerCapacity,
    PowerPrice,
    PowerPriceYear,
    Quantity,
    SizeRange,
    Temperature,
    Years,
)
from zeroplant.waist import Affine, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

STEAM = ("hp steam", "lp steam")
StorableNode = Annotated[str, Refers("node", (*HEAT, "chilled water"))]
VolumeCapacity = Annotated[float | SizeRange, Capacity("m3")]
TankLoss = Annotated[float, Quantity("W/m3/K", ge=0)]


class ThermalStore(Asset):
    """A store of heat or cold with a power in and out and an energy, bought apart.

    Its size is an ``energy``, some ``hours`` of its power, or the ``volume`` of a water tank:
    energy = ρ·c·V·(``hot`` − ``cold``), 1.163 kWh per m³ and K. The tank is fully mixed or has one
    sharp layer: how layers blur is left out, so give usable temperatures. Chilled water is stored
    near 4 °C, where it is densest (K. W. Peterson, "Chilled water TES hydraulics", ASHRAE Journal
    57(2), 2015); between 6 and 14 °C a m³ holds 9.3 kWh. Salt and steam accumulators are no tanks
    of water: give their ``energy``.

    It loses a constant share of its level per day, ``loss``; or ``tank_loss`` says how much heat
    passes its walls per volume and kelvin, U·A/V (0.15 W/m³/K at 0.25 W/m²/K and 0.6 m²/m³),
    and the share follows the temperature around it: σ = U·A·(T_hot − T_around)/E. A full store
    then loses what its walls let through, an empty one nothing.
    """

    title: ClassVar = ("Thermal store", "储热（冷）装置")
    chinese: ClassVar[Mapping[str, str]] = {
        "volume": "容积",
        "hot": "热端温度",
        "cold": "冷端温度",
        "loss": "日热损失率",
        "tank_loss": "罐体散热系数",
        "around": "环境温度",
        "store energy": "储热（冷）容量",
        "store power": "充放功率",
        "loading": "蓄能",
        "unloading": "放能",
    }
    kind: Literal["thermal_store"]
    at: StorableNode = Field(description="node of heat or chilled water it is connected to")
    power: PowerCapacity = Field(description="power, in and out")
    energy: EnergyCapacity | None = Field(None, description="energy; or give hours or volume")
    hours: Hours | None = Field(None, gt=0, description="energy as hours of full power")
    volume: VolumeCapacity | None = Field(None, description="volume of a tank of water")
    hot: Temperature = Field(
        90.0,
        description="of a full tank of hot water, of an empty cold one; needed for the volume or "
        "tank loss of chilled water, such as 14 degC",
    )
    cold: Temperature = Field(
        50.0,
        description="of an empty tank of hot water, of a full cold one; needed for the volume or "
        "tank loss of chilled water, such as 6 degC",
    )
    round_trip: Fraction = Field(
        0.98, gt=0, description="out per in, standing apart; water 0.98, salt and steam 0.9…0.95"
    )
    loss: Fraction | None = Field(
        None, lt=1, description="share of its level lost in a day; 0.01 if no loss is given"
    )
    tank_loss: TankLoss | None = Field(
        None, description="heat through the walls per volume and kelvin, instead of 'loss'"
    )
    around: TemperatureProfile | None = Field(
        None, description="temperature around the tank; the site's outdoor air if left out"
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh taken out")
    capex: EnergyCapacityPrice = Field(0.0, ge=0, description="purchase per MWh it holds")
    capex_power: PowerPrice = Field(0.0, ge=0, description="purchase per MW, beside the energy's")
    upkeep: PowerPriceYear = Field(0.0, ge=0, description="fixed upkeep per MW and year")
    life: Years = Field(25.0, ge=1, description="years until it is replaced")
    site: SiteName | None = Field(None, description="site whose air surrounds it; the first")

    @model_validator(mode="after")
    def _one_size(self) -> ThermalStore:
        message = ""
        if [self.energy, self.hours, self.volume].count(None) != 2:
            message = "give one of 'energy', 'hours' and 'volume'"
        elif self.hot <= self.cold:
            message = f"'hot' {self.hot:g} degC is not above 'cold' {self.cold:g} degC"
        elif self.loss is not None and self.tank_loss is not None:
            message = "give 'loss' or 'tank_loss', not both"
        elif self.around is not None and self.tank_loss is None:
            message = "'around' belongs to 'tank_loss'; give it too, or leave out 'around'"
        if message:
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Tanks of water at nodes of steam, and chilled water of unknown temperature."""
        for name, asset in assets.items():
            if isinstance(asset, cls) and asset.at in carriers:
                yield from ((name, each) for each in asset._as_water(carriers[asset.at]))

    def _as_water(self, carrier: str) -> Iterator[Problem]:
        """What is wrong with a tank of water there."""
        if carrier in STEAM and self.volume is not None:
            what = (
                f"'volume' is that of a tank of water, and the node '{self.at}' carries {carrier}"
            )
            yield Problem(what, instead="give 'energy' or 'hours'")
        wet = self.volume is not None or self.tank_loss is not None
        if carrier == "chilled water" and wet and not {"hot", "cold"} <= self.model_fields_set:
            what = "chilled water has no usual temperatures"
            instead = "give 'hot' and 'cold', such as 'hot: 14 degC' and 'cold: 6 degC'"
            yield Problem(what, instead=instead)

    @property
    def needs_weather(self) -> bool:
        """Where the outdoor air surrounds it."""
        return self.tank_loss is not None and self.around is None

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Charge and discharge share one power; the level keeps less the warmer it stands out."""
        node = plant.node(self.at)
        for problem in self._as_water(node.carrier):
            raise InputError(problem)
        power = plant.capacity("power", self.power)
        energy = self._energy(plant, power)
        charge = plant.flow("loading", take=node, cap=power, role="charge")
        discharge = plant.flow(
            "unloading", give=node, cap=power, cost=self.running, role="discharge"
        )
        one_way = sqrt(self.round_trip)
        chilled = node.carrier == "chilled water"
        plant.store(
            "level",
            fill={charge: one_way},
            drain={discharge: 1.0 / one_way},
            cap=energy,
            keep=np.exp(-plant.axis.hours * self.loss_per_hour(plant.axis, site, chilled=chilled)),
        )
        plant.invest("store energy", energy, self.capex, unit="MWh", life=self.life)
        plant.invest("store power", power, self.capex_power, upkeep=self.upkeep, life=self.life)

    def _energy(self, plant: Scope, power: Affine) -> Affine:
        """Usable energy at the asset's own size, MWh."""
        if self.energy is not None:
            return plant.capacity("energy", self.energy, unit="MWh")
        if self.hours is not None:
            energy = power * self.hours
        else:
            assert self.volume is not None
            volume = plant.capacity("volume", self.volume, unit="m3")
            energy = volume * energy_per_volume(self.hot, self.cold)
        plant.network.capacities[f"{plant.who}.energy"] = (energy, "MWh")
        return energy

    def loss_per_hour(self, axis: Axis, site: Site | None, *, chilled: bool) -> Floats | float:
        """Share of the level lost, continuously, per hour: a number or one value per stage."""
        if self.tank_loss is None:
            share = 0.01 if self.loss is None else self.loss
            return float(-np.log1p(-share) / 24.0)
        if self.around is not None:
            around = self.around.on(axis)
        else:
            assert site is not None
            around = site.weather.temp_air
        return loss_rate(self.tank_loss, self.hot, self.cold, around, chilled=chilled)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How often it is filled and emptied, and what standing costs it."""
        given = solution.total(plant.flow_named("unloading"))
        taken = solution.total(plant.flow_named("loading"))
        energy = solution.number(plant.network.capacities[f"{plant.who}.energy"][0])
        years = plant.axis.years
        if energy > 0:
            title = ("Full cycles a year", "年等效循环次数")
            yield Finding("cycles", given / sqrt(self.round_trip) / energy / years, "", title)
        if taken > 0:
            title = ("Heat lost in store, share of what it takes", "储热损失占充入热量比例")
            yield Finding("lost", 1.0 - given / taken, "1", title)
