"""Roofs of a county: many small solar plants by inventory and uptake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode, SiteName
from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis, Floats
from zeroplant.series import FractionProfile, PowerProfile
from zeroplant.units import (
    Angle,
    Capacity,
    EnergyPrice,
    Fraction,
    Power,
    PowerPriceYear,
    Quantity,
    Rate,
    SizeRange,
)
from zeroplant.waist import Affine, Node, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Uptake = Annotated[float | SizeRange, Capacity("1")]
YearlyMoney = Annotated[float, Quantity("money/a")]
FACES = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}


class RoofType(BaseModel):
    """A kind of roof: how many there are, how much fits on one, and which way they face."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: Rate = Field(gt=0, description="roofs of this kind in the inventory")
    power: Power = Field(0.025, gt=0, description="DC rating that fits on one; farmhouse 20…30 kW")
    usable: Fraction = Field(0.7, description="share of them fit for it: structure, shade, age")
    tilt: Angle = Field(20.0, ge=0, le=90, description="of the modules; flat roofs 10…15°")
    faces: dict[Literal["north", "east", "south", "west"], Fraction] = Field(
        {"south": 1.0}, description="shares of the modules by direction, together 1"
    )
    availability: FractionProfile | None = Field(
        None, description="output per unit of DC rating, instead of the weather"
    )

    @model_validator(mode="after")
    def _all_faces(self) -> RoofType:
        total = sum(self.faces.values())
        if abs(total - 1) > 1e-6:
            message = f"the shares of 'faces' add up to {total:g}; write shares that add up to 1"
            raise ValueError(message)
        return self

    @property
    def rating(self) -> float:
        """DC rating of all usable roofs, MW."""
        return self.count * self.usable * self.power


class AtHome(BaseModel):
    """Use of the roofs' power in the homes below, before the rest is fed in.

    Behind one meter a home uses what its own roof gives and its load needs, whatever the prices.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    load: PowerProfile = Field(
        description="load under one roof, which no other asset of the plant has yet"
    )
    price: EnergyPrice = Field(
        0.0, ge=0, description="what homes pay for it; nothing where the roof's power is theirs"
    )


class Roofs(Asset, Bought):
    """An inventory of roofs of which a share is taken up.

    Rating = Σ count · usable · power per roof, times ``uptake``, which is given or chosen. Output
    by direction and tilt from the site's weather, as for a solar plant on roofs. Households are
    paid rent by the roof (600…1,500 CNY a year) or by the power (30…60 CNY per panel of 0.55 kW:
    about 55…110 CNY/kW a year), the village collective by the energy fed in. ``at_home``: under
    each roof in use the lesser of its output and the home's load is used there, whatever the
    prices; what the home lacks is not part of the plan. Inverters that can be observed, measured,
    adjusted and controlled (四可) are asked of new plants: curtailment of the rest is free.
    """

    title: ClassVar = ("Roofs", "屋顶光伏")
    chinese: ClassVar = {
        "roofs": "屋顶类型",
        "roofs.count": "屋顶数量", "roofs.power": "单个屋顶装机", "roofs.usable": "可用比例",
        "roofs.tilt": "倾角", "roofs.faces": "朝向比例", "roofs.availability": "可用出力系数",
        "uptake": "屋顶开发比例", "rent": "屋顶租金（每户）", "rent_power": "屋顶租金（每千瓦）",
        "collective": "村集体收益", "at_home": "户内自用", "at_home.load": "户均负荷",
        "at_home.price": "户内电价", "roof rent": "屋顶租金", "collective share": "村集体分成",
        "energy used at home": "户内用电收入", "fed in": "上送", "used at home": "户内自用",
        "roof solar": "屋顶光伏", "homes": "户内电源侧",
        "roof rent by power": "屋顶租金（按装机）",
    }  # fmt: skip
    kind: Literal["roofs"]
    at: ElectricNode = Field(description="node they feed")
    site: SiteName | None = Field(
        None, description="site whose weather they have; the first without"
    )
    roofs: dict[str, RoofType] = Field(min_length=1, description="kinds of roofs, each with a name")
    uptake: Uptake = Field(
        1.0, description="share of the usable roofs that is built on, or a range"
    )
    temperature_coefficient: Rate = Field(-0.0029, lt=0, description="per K, as of solar plants")
    losses: Fraction = Field(0.13, lt=1, description="soiling, wiring, mismatch, shade, outage")
    dc_ac: Rate = Field(1.15, gt=0, description="DC rating over inverter rating")
    rent: YearlyMoney = Field(0.0, ge=0, description="paid per roof in use; 600…1 500 CNY/a")
    rent_power: PowerPriceYear = Field(0.0, ge=0, description="paid per DC rating in use")
    collective: EnergyPrice = Field(
        0.0, ge=0, description="paid to the village collective per MWh fed in"
    )
    at_home: AtHome | None = Field(None, description="homes that use their roof's power first")

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Roofs:
        most = self.uptake.max if isinstance(self.uptake, SizeRange) else self.uptake
        if most > 1 and np.isfinite(most):
            message = f"an 'uptake' of {most:g} is more than all usable roofs; write 1 or less"
            raise ValueError(message)
        return self

    @property
    def needs_weather(self) -> bool:
        """If any kind of roof has no availability of its own."""
        return any(roof.availability is None for roof in self.roofs.values())

    @property
    def rating(self) -> float:
        """DC rating of the whole inventory, MW."""
        return sum(roof.rating for roof in self.roofs.values())

    @property
    def usable(self) -> float:
        """Usable roofs of the whole inventory."""
        return sum(roof.count * roof.usable for roof in self.roofs.values())

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One output for all roofs, to the homes below or to the node."""
        said = self.uptake
        if isinstance(said, SizeRange):
            said = SizeRange(said.min, min(said.max, 1.0), said.step)
        share = plant.capacity("uptake", said, unit="1")
        power = share * self.rating
        plant.network.capacities[f"{plant.who}.power"] = (power, "MW")
        node = plant.node(self.at)
        below = node if self.at_home is None else plant.own_node(
            "homes", carrier="electricity", unit="MW")  # fmt: skip
        output = plant.flow("output", give=below, cap=share * self.output(plant.axis, site),
                            role="generation", tags={"renewable", "solar"})  # fmt: skip
        fed = output if self.at_home is None else plant.flow(
            "fed in", take=below, give=node, role="transfer")  # fmt: skip
        if self.at_home is not None:
            self._use_at_home(plant, below, share, site)
        if self.collective:
            plant.line("collective share", fed, self.collective, to="village")
        years = plant.axis.years
        for price, quantity, unit in ((self.rent, share * self.usable, "roof"),
                                      (self.rent_power, power, "MW")):  # fmt: skip
            if price:
                what = "roof rent" if unit == "roof" else "roof rent by power"
                plant.line(what, quantity, price * years, unit=unit, kind="fixed", to="households")
        self.buy(plant, "roof solar", power)

    def _use_at_home(self, plant: Scope, below: Node, share: Affine, site: Site | None) -> None:
        """Load of the homes under the roofs in use, as far as their roofs serve it."""
        assert self.at_home is not None
        own = share * self.own_use(plant.axis, site)
        used = plant.flow("used at home", take=below, fixed=own, role="load")
        price = self.at_home.price
        if price:
            plant.line("energy used at home", used, price, kind="revenue", to="households")

    def output(self, axis: Axis, site: Site | None) -> Floats:
        """Output of the whole inventory [MW], shape (stages,)."""
        total = np.zeros(axis.stages)
        for roof in self.roofs.values():
            total += roof.rating * self._of_kind(roof, axis, site)
        return total

    def own_use(self, axis: Axis, site: Site | None) -> Floats:
        """The lesser of output and load of each roof, of the whole inventory [MW], (stages,).

        Roofs of a kind are alike, and load and output grow with the uptake alike.
        """
        total = np.zeros(axis.stages)
        if self.at_home is None:
            return total
        load = self.at_home.load.on(axis)
        for roof in self.roofs.values():
            each = np.minimum(load, roof.power * self._of_kind(roof, axis, site))
            total += roof.count * roof.usable * each
        return total

    def _of_kind(self, roof: RoofType, axis: Axis, site: Site | None) -> Floats:
        if roof.availability is not None:
            return roof.availability.on(axis)
        from zeroplant.weather.solar import solar_availability

        assert site is not None
        found = np.zeros(axis.stages)
        for face, part in roof.faces.items():
            if part:
                found += part * solar_availability(
                    site, tilt=roof.tilt, azimuth=FACES[face], mounting="roof",
                    temperature_coefficient=self.temperature_coefficient, losses=self.losses,
                    dc_ac=self.dc_ac)  # fmt: skip
        return found

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Roofs in use, their hours at full power, and what a household gets of them."""
        share = solution.number(plant.network.capacities[f"{plant.who}.uptake"][0])
        count, power, years = share * self.usable, share * self.rating, plant.axis.years
        yield Finding("roofs", count, "", ("Roofs in use", "利用屋顶数"))
        if count <= 0:
            return
        hours = solution.total(plant.flow_named("output")) / years / power
        yield Finding("full_load_hours", hours, "h/a", ("Hours at full power", "利用小时数"))
        paid = sum(e.amount for e in solution.ledger if e.who == plant.who and e.to == "households"
                   and e.kind != "revenue")  # fmt: skip
        title = ("Rent per household and year", "户均年租金")
        yield Finding("rent", paid / years / count, "money", title)
        if self.at_home is not None:
            used = solution.total(plant.flow_named("used at home")) / years
            title = ("Output used at home", "户内自用比例")
            yield Finding("used_at_home", used / max(hours * power, 1e-12), "1", title)
