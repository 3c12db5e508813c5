"""Substitution: a use of coal, diesel or gas that may be electrified, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, FuelNode
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.substitution_findings import Switch, findings_of
from zeroplant.axis import Axis, Floats
from zeroplant.errors import Problem
from zeroplant.series import PowerProfile, RateProfile
from zeroplant.units import (
    Capacity,
    EnergyPrice,
    Fraction,
    PowerPrice,
    PowerPriceYear,
    Rate,
    SizeRange,
    Years,
)
from zeroplant.units.amount import Amount
from zeroplant.units.carried import OfCarrier
from zeroplant.units.fuels import FUELS, Fuel, FuelName
from zeroplant.waist import Affine, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

ShareCapacity = Annotated[float | SizeRange, Capacity("1")]


LITRE = re.compile(r"(?<![A-Za-z])(L|升)(?![A-Za-z])")
"""A litre in a written unit."""


def _by_mass_or_volume(value: Amount) -> Amount:
    if value.unit and not (value.measures("MWh/t") or value.measures("MWh/m3")):
        message = f"'{value}' is no heating value; write one such as '23 MJ/kg' or '36 MJ/m3'"
        raise ValueError(message)
    return value


FuelUse = Annotated[Amount, OfCarrier("flow", ge=0, such_as=("5000 t/a", "1200 tce/a", "300 L/h"))]
FuelPrice = Annotated[
    Amount, OfCarrier("price", such_as=("7.5 CNY/L", "900 CNY/t", "900 CNY/tce", "3 CNY/m3"))
]
FuelFactor = Annotated[
    Amount, OfCarrier("emission factor", ge=0, such_as=("3.1 tCO2/t", "2.66 tCO2/tce"))
]
HeatingValue = Annotated[
    Amount,
    OfCarrier("energy use", gt=0, such_as=("23 MJ/kg", "36 MJ/m3")),
    AfterValidator(_by_mass_or_volume),
]


@dataclass(frozen=True)
class Burnt:
    """A fuel as this plant buys it: MWh per t and per m3 (None where it is not measured so)."""

    per_t: float | None
    per_m3: float | None

    def energy(
        self, amount: Amount, per: Literal["flow", "price", "emission factor"]
    ) -> float | None:
        """A flow in MW, or a price or factor per MWh, whatever it was written by.

        None where the fuel is not measured in that way.
        """
        head = {"flow": "", "price": "money/", "emission factor": "tCO2/"}[per]
        tail = "/h" if per == "flow" else ""
        energy = "MW" if per == "flow" else f"{head}MWh"
        if amount.measures(energy):
            return amount.into(energy)
        for measure, value in (("t", self.per_t), ("m3", self.per_m3)):
            unit = f"{head}{measure}{tail}"
            if value is not None and amount.measures(unit):
                number = amount.into(unit)
                return number * value if per == "flow" else number / value
        return None


class Substitution(Asset):
    """Trucks, loaders, boilers, kilns, stoves or pumps that burn a fuel and may run on electricity.

    The useful energy is served by old devices and, in the chosen ``share``, by new ones: a device
    is replaced for good, so the same share holds in every period. One MWh of fuel becomes
    ``old_efficiency / new_efficiency`` MWh of electricity. Fuel and its emissions are counted
    here, or, with ``fuel_at``, where a supply brings it to that node. Heating values and emission
    factors: domain page, section 2f.
    """

    title: ClassVar = ("Substitution", "电能替代")
    chinese: ClassVar[Mapping[str, str]] = {
        "fuel": "燃料",
        "useful": "有用能需求",
        "burnt": "现状燃料消耗",
        "shape": "时间曲线",
        "heating_value": "低位热值",
        "fuel_price": "燃料价格",
        "fuel_at": "燃料节点",
        "old_efficiency": "现有设备效率",
        "new_efficiency": "电气设备效率（或COP）",
        "share": "电气化比例",
        ".fuel": "燃料用量",
        "electric use": "替代用电",
        "fuel burnt": "燃料费",
        "fuel bought": "外购燃料",
        "emissions of fuel": "燃料碳排放",
        "fuel missing": "燃料缺供",
        "new devices": "电气设备",
    }
    kind: Literal["substitution"]
    at: ElectricNode = Field(description="node the new devices draw from")
    fuel: FuelName = Field(description="what is burnt today: coal, diesel or gas")
    useful: PowerProfile | None = Field(
        None, description="useful energy over time: heat, or work at the wheel; or give burnt"
    )
    burnt: FuelUse | None = Field(
        None, description="fuel used today on average: 5000 t/a, 2 万m3/d, 1200 tce/a, 300 L/h"
    )
    shape: RateProfile | None = Field(
        None, description="'burnt' over time, as a multiple of itself; 1 if left out"
    )
    heating_value: HeatingValue | None = Field(
        None, description="lower heating value; coal 1 tce/t, diesel 42.7 MJ/kg, gas 39.0 MJ/m3"
    )
    fuel_price: FuelPrice | None = Field(
        None, description="price of the fuel, by its mass, volume or energy; or give fuel_at"
    )
    fuel_at: FuelNode | None = Field(
        None, description="node the old devices draw their fuel from; a supply sells it there"
    )
    emission_factor: FuelFactor | None = Field(
        None, description="CO2 of the fuel; coal 2.66 t/tce, diesel 3.10 t/t, gas 2.16 kg/m3"
    )
    old_efficiency: Fraction = Field(
        gt=0, description="useful energy of the fuel's; boiler 0.65…0.92, diesel engine 0.3…0.4"
    )
    new_efficiency: Rate = Field(
        gt=0, le=10, description="useful energy of the electricity; a heat pump's COP"
    )
    share: ShareCapacity | None = Field(
        None, description="share of the use that is electrified; chosen from 0…100 % if left out"
    )
    unserved: EnergyPrice = Field(
        UNSERVED_PRICE, gt=0, description="price of what cannot be served; in no purse"
    )
    capex: PowerPrice = Field(
        0.0, ge=0, description="new devices by their useful power, beyond old ones of the same age"
    )
    upkeep: PowerPriceYear = Field(0.0, description="fixed upkeep, new less old; may be negative")
    life: Years = Field(15.0, ge=1, description="years until the new devices are replaced")

    @model_validator(mode="after")
    def _consistent(self) -> Substitution:
        most = self.share.max if isinstance(self.share, SizeRange) else self.share or 0.0
        message = ""
        if (self.useful is None) == (self.burnt is None):
            message = "give either 'useful' or 'burnt'"
        elif self.shape is not None and self.burnt is None:
            message = "'shape' spreads 'burnt' over time; a series of 'useful' has its own"
        elif (self.fuel_price is None) == (self.fuel_at is None):
            message = "give either 'fuel_price', or 'fuel_at' where a supply sells the fuel"
        elif self.fuel_at is not None and self.emission_factor is not None:
            message = "with 'fuel_at' emissions are counted by the supply; give it the factor"
        elif 1 < most < np.inf:
            message = f"a share of {most:g} is more than all; write 100 % or less"
        if message:
            raise ValueError(message)
        for name in ("burnt", "fuel_price", "emission_factor"):
            self._energy(name)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Old devices that would burn another fuel than their node carries."""
        for name, asset in assets.items():
            carried = carriers.get(getattr(asset, "fuel_at", None) or "")
            if isinstance(asset, cls) and carried not in (None, asset.fuel):
                what = f"it burns {asset.fuel}, and the node '{asset.fuel_at}' carries {carried}"
                yield name, Problem(what, instead=f"name a node with carrier: {asset.fuel}")

    @property
    def known(self) -> Fuel:
        """Standard figures of its fuel."""
        return FUELS[self.fuel]

    @property
    def by_energy(self) -> Burnt:
        """The fuel's heating values."""
        given, known = self.heating_value, self.known
        per_t = known.heating_value if known.measure == "t" else None
        per_m3 = known.heating_value if known.measure == "m3" else None
        if given is not None:
            by_volume = bool(given.unit) and given.measures("MWh/m3")
            per_t = None if by_volume else given.into("MWh/t")
            per_m3 = given.into("MWh/m3") if by_volume else None
        if known.density is not None:
            if per_t is None and per_m3 is not None:
                per_t = per_m3 / known.density
            per_m3 = per_m3 if per_t is None else per_t * known.density
        return Burnt(per_t, per_m3)

    @property
    def emission(self) -> float:
        """tCO2 per MWh of fuel."""
        given = self._energy("emission_factor")
        return self.known.emission if given is None else given

    def wanted(self, axis: Axis) -> Floats:
        """Useful energy in each stage, MW."""
        if self.useful is not None:
            return self.useful.on(axis)
        shape = np.ones(axis.stages) if self.shape is None else self.shape.on(axis)
        burnt = self._energy("burnt")
        assert burnt is not None
        return burnt * self.old_efficiency * shape

    def prepare(self, plant: Scope) -> None:
        """Declare a node of its own for fuel that no supply brings."""
        if self.fuel_at is None:
            plant.own_node("fuel", carrier=self.fuel, unit="MW")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Electricity of the share that is switched, fuel of the rest; both follow the use."""
        useful = self.wanted(plant.axis)
        share = plant.capacity("share", self._share(), unit="share")
        electric = share * (useful / self.new_efficiency)
        node = plant.node(self.at)
        plant.flow("electric use", take=node, fixed=electric, role="load", tags={"substitution"})
        unserved = plant.flow("unserved", give=node, cap=electric, role="unserved")
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")
        self._burn(plant, (1.0 - share) * (useful / self.old_efficiency))
        peak = float(useful.max(initial=0.0))
        plant.invest("new devices", share * peak, self.capex, life=self.life, upkeep=self.upkeep,
                     unit="MW")  # fmt: skip

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Cost, energy and carbon before and after, and what abatement costs."""
        switch = Switch(
            node=plant.node(self.at),
            fuel_before=self.wanted(plant.axis) / self.old_efficiency,
            fuel_price=solution.price(plant.node(self.fuel_at)) if self.fuel_at else self._price,
            emission=self.emission,
        )
        return findings_of(plant, solution, switch)

    def _share(self) -> float | SizeRange:
        """The share that is given, or the range in which it is chosen, never more than all."""
        given = SizeRange() if self.share is None else self.share
        if isinstance(given, SizeRange):
            return SizeRange(given.min, min(given.max, 1.0), given.step)
        return given

    def _burn(self, plant: Scope, rest: Affine) -> None:
        """What the old devices burn: bought here, or drawn from a node where a supply sells it."""
        node = plant.node(self.fuel_at or f"{plant.who}.fuel")
        fuel = plant.flow("fuel", take=node, fixed=rest, role="load")
        if self.fuel_at is not None:
            missing = plant.flow("fuel missing", give=node, cap=rest, role="unserved")
            plant.line("fuel missing", missing, self.unserved, kind="penalty")
            return
        plant.flow("fuel bought", give=node, tags={"bought"})
        plant.line("fuel burnt", fuel, self._price, kind="purchase", to="supplier")
        plant.emit("emissions of fuel", fuel * self.emission)

    @property
    def _price(self) -> float:
        """Money per MWh of fuel that is bought here."""
        price = self._energy("fuel_price")
        assert price is not None
        return price

    def _energy(self, name: str) -> float | None:
        """A field about the fuel by its energy; None if it is left out. ValueError if it cannot."""
        given: Amount | None = getattr(self, name)
        if given is None:
            return None
        per: dict[str, Literal["flow", "price", "emission factor"]] = {
            "burnt": "flow",
            "fuel_price": "price",
            "emission_factor": "emission factor",
        }
        if self.known.density is None and LITRE.search(given.unit):
            what = f"{name}: '{given}' goes by the litre, and {self.fuel} is no liquid"
            written = f"{given.value:g} {LITRE.sub('m3', given.unit)}"
            measure = f"m3 such as '{written}'" if self.known.measure == "m3" else "t"
            raise ValueError(Problem(what, instead=f"write it by the {measure}"))
        found = self.by_energy.energy(given, per[name])
        if found is None:
            what = f"{name}: '{given}' does not go with {self.fuel}"
            instead = f"write it by the {self.known.measure} or by its energy (MWh, GJ, tce)"
            other = "volume" if self.known.measure == "t" else "mass"
            raise ValueError(
                Problem(what, instead=f"{instead}, or give 'heating_value' by {other}")
            )
        return found
