"""Village: households and collective loads, and what the plant pays to people there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from zeroplant.assets.base import Asset, AssetName, ElectricNode, SiteName
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.roofs import Roofs
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series import EnergyPriceProfile, PowerProfile
from zeroplant.series.clock import SLOTS, months_of, quarters_of
from zeroplant.units import EnergyPrice, Fraction, Power, Quantity, Rate, Temperature
from zeroplant.waist import Affine, Node, Scope, affine, total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

YearlyEnergy = Annotated[float, Quantity("MWh/a", gt=0)]
HeatLoss = Annotated[float, Quantity("MW/K", gt=0)]
EVENINGS = (
    0.55, 0.48, 0.45, 0.44, 0.46, 0.60, 0.85, 0.95, 0.85, 0.80, 0.90, 1.20,
    1.25, 1.00, 0.85, 0.85, 0.95, 1.25, 1.70, 2.00, 1.90, 1.55, 1.05, 0.72,
)  # fmt: skip
"""Shape of a rural household's day: cooking at noon and in the evening, light and television at
night. Made up after what rural feeders are known for, no measurement; give ``load`` if there is
one."""
SEASONS = (1.10, 1.20, 0.95, 0.85, 0.85, 0.95, 1.20, 1.25, 1.00, 0.85, 0.85, 1.00)
"""Months of it: fans and air-conditioners in July and August, those who come home in February."""

OWN = ("load", "heat pumps", "unserved")
"""Names of the village's own flows, beside which collective loads are named."""


class Collective(BaseModel):
    """A load of the village as a whole: pumps, tea drying, cold stores, a mill."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    power: Power = Field(gt=0, description="power while it runs")
    months: str = Field("1-12", description="months in which it runs, as 3-5 for tea drying")
    hours: str = Field("0-24", description="hours of the day in which it runs, as 8-20")
    share: Fraction = Field(1.0, gt=0, description="share of this time it runs")
    any_hour: bool = Field(
        False, description="true: the day's energy may be used at any of these hours (pumps)"
    )

    @field_validator("months")
    @classmethod
    def _months(cls, said: str) -> str:
        return _readable(months_of, said)

    @field_validator("hours")
    @classmethod
    def _hours(cls, said: str) -> str:
        return _readable(quarters_of, said)

    def runs(self, axis: Axis) -> Floats:
        """Share of each stage in which it may run, shape (stages,)."""
        on = np.zeros(SLOTS)
        on[list(quarters_of(self.hours))] = 1.0
        so_far = np.concatenate(([0.0], np.cumsum(np.tile(on, 3))))
        edges = np.arange(len(so_far)) / 4.0
        begin = axis.hour_of_day
        inside = np.interp(begin + axis.hours, edges, so_far) - np.interp(begin, edges, so_far)
        month = np.isin(axis.month_of_year - 1, list(months_of(self.months)))
        return np.asarray(inside / (4.0 * axis.hours) * month, dtype=float)


class Heating(BaseModel):
    """Heat pumps that keep homes warm: heat loss times the cold, over a COP that falls with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    homes: Rate = Field(gt=0, description="homes with a heat pump")
    heat_loss: HeatLoss = Field(1.5e-4, description="of one home; 0.10…0.25 kW/K")
    indoors: Temperature = Field(
        16.0, description="outdoor temperature below which homes are heated"
    )
    supply: Temperature = Field(40.0, description="temperature of the water or air that heats")
    carnot: Fraction = Field(0.42, gt=0, description="COP per Carnot's; 0.35…0.5")

    def load(self, outdoors: Floats) -> Floats:
        """Electric power [MW] at outdoor temperatures [°C]."""
        heat = self.homes * self.heat_loss * np.maximum(self.indoors - outdoors, 0.0)
        lift = np.maximum(self.supply - outdoors, 5.0)
        return np.asarray(heat * lift / (self.carnot * (self.supply + 273.15)), dtype=float)


class Village(Asset):
    """Households and what they run together; the load of a village and its income.

    Households use ``household_energy`` a year each (1.2…3 MWh) in a typical rural shape, or have a
    measured ``load``. Collective loads run in their months and hours; those with ``any_hour`` may
    use the day's energy when it suits the plant. What cannot be served is unserved at a price.
    Findings tell what the plant pays its households and the village (ledger lines to "households"
    and "village", such as roof rent and collective shares, of the assets at its node or of those
    named in ``income_from``), per household and year.
    """

    title: ClassVar = ("Village", "乡村")
    chinese: ClassVar = {
        "households": "户数", "household_energy": "户均年用电量",
        "collective": "村集体负荷",
        "collective.power": "集体负荷功率", "collective.months": "运行月份",
        "collective.hours": "运行时段", "collective.share": "运行时间比例",
        "collective.any_hour": "当日内可平移", "heating": "热泵采暖", "heating.homes": "热泵户数",
        "heating.heat_loss": "户均散热系数", "heating.indoors": "采暖起始室外温度",
        "heating.supply": "供热温度", "heating.carnot": "卡诺效率系数", "heat pumps": "热泵",
        "income_from": "收入来源资产", "missing {}": "{} 未供电量", "waiting {}": "{} 待用电量",
    }  # fmt: skip
    kind: Literal["village"]
    at: ElectricNode = Field(description="node it draws from")
    site: SiteName | None = Field(None, description="site whose weather it has; the first without")
    households: Rate = Field(gt=0, description="number of households")
    household_energy: YearlyEnergy = Field(
        1.8, description="electricity of a household; 1 200…3 000 kWh/a"
    )
    load: PowerProfile | None = Field(
        None, description="load of all households over time, instead of the typical shape"
    )
    collective: dict[str, Collective] = Field({}, description="collective loads, each with a name")
    heating: Heating | None = Field(None, description="homes heated by heat pumps")
    price: EnergyPriceProfile | None = Field(None, description="tariff paid to the plant")
    unserved: EnergyPrice = Field(UNSERVED_PRICE, gt=0, description="price of energy not served")
    income_from: tuple[AssetName, ...] | None = Field(
        None,
        description="assets whose payments to households and village are those of this one; "
        "left out: all at its node",
    )

    @model_validator(mode="after")
    def _names_of_their_own(self) -> Village:
        moved = [f"missing {name}" for name, each in self.collective.items() if each.any_hour]
        for name in self.collective:
            if name in (*OWN, *moved):
                what = f"collective: a load cannot be called '{name}'"
                raise ValueError(Problem(what, instead="name it after what runs, such as 'pumps'"))
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Payments of assets there are not, or that two villages would both count as theirs."""
        claims: dict[str, str] = {}
        for name, asset in assets.items():
            if not isinstance(asset, cls):
                continue
            payers = asset.income_from
            if payers is None:  # roofs are what pays people
                payers = tuple(each for each, other in assets.items()
                               if isinstance(other, Roofs) and other.at == asset.at)  # fmt: skip
            for payer in payers:
                if payer not in assets:
                    instead = suggestion(payer, assets)
                    yield name, Problem(f"there is no asset '{payer}'", instead=instead)
                    continue
                other = claims.setdefault(payer, name)
                if other != name:
                    what = f"income from '{payer}' is already counted by the village '{other}'"
                    instead = "write in 'income_from' of both which assets pay them, [] for none"
                    yield name, Problem(what, instead=instead)

    @property
    def needs_weather(self) -> bool:
        """Only for heat pumps."""
        return self.heating is not None

    def homes(self, axis: Axis) -> Floats:
        """Load of the households [MW], shape (stages,)."""
        if self.load is not None:
            return self.load.on(axis)
        day = np.array(EVENINGS) / np.mean(EVENINGS)
        at = (axis.hour_of_day + axis.hours / 2 - 0.5) % 24
        shape = np.interp(at, np.arange(25), np.append(day, day[0]))
        season = (np.array(SEASONS) / np.mean(SEASONS))[axis.month_of_year - 1]
        return np.asarray(
            self.households * self.household_energy / 8760.0 * shape * season, dtype=float
        )

    def describe(self, plant: Scope, site: Site | None) -> None:
        """A load of its own for homes, heat pumps, and everything collective."""
        node, axis = plant.node(self.at), plant.axis
        loads = {"load": self.homes(axis)}
        if self.heating is not None:
            assert site is not None
            loads["heat pumps"] = self.heating.load(site.weather.temp_air)
        served: list[Affine] = []
        for name, each in self.collective.items():
            wanted = each.power * each.share * each.runs(axis)
            if each.any_hour:
                served.append(self._any_hour(plant, node, name, each))
            else:
                loads[name] = wanted
        for name, values in loads.items():
            served.append(affine(plant.flow(name, take=node, fixed=values, role="load")))
        total = sum(loads.values(), np.zeros(axis.stages))
        unserved = plant.flow("unserved", give=node, cap=total, role="unserved")
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")
        if self.price is not None:
            plant.line("energy sold", total_of([*served, -unserved.affine()]),
                       self.price.on(axis), kind="revenue", to="households")  # fmt: skip

    def _any_hour(self, plant: Scope, node: Node, name: str, each: Collective) -> Affine:
        """A load whose energy of the day waits from the first hour and is used up by the last."""
        axis = plant.axis
        runs = each.runs(axis)
        used = plant.flow(name, take=node, cap=each.power * runs, role="load")
        missing = plant.flow(f"missing {name}", cap=each.power)
        plant.line(f"missing {name}", missing, self.unserved, kind="penalty")
        day = axis.groups("day")
        wanted = np.bincount(day, each.power * each.share * runs * axis.hours)
        first = np.flatnonzero(np.diff(day, prepend=-1))
        arrives = np.zeros(axis.stages)
        arrives[first] = wanted[day[first]] / axis.hours
        last = np.append(first[1:] - 1, axis.stages - 1)
        room = np.full(axis.stages, np.inf)
        room[last] = 0.0
        plant.store(f"waiting {name}", drain={used: 1.0, missing: 1.0}, inflow=arrives, cap=room,
                    start=0.0)  # fmt: skip
        return affine(used)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Energy of a household, and what people and village get from the plant in a year."""
        years, payers = plant.axis.years, self._payers(plant)
        used = float(plant.axis.weight @ self.homes(plant.axis)) / years / self.households
        yield Finding(
            "household_energy",
            used * 1e3,
            "kWh/a",
            ("Electricity of a household", "户均用电量"),
        )
        for key, to, share, title in (
            ("household_income", "households", self.households,
             ("Income of a household from the plant", "户均增收")),
            ("collective_income", "village", 1.0,
             ("Income of the village collective", "村集体收入")),
        ):  # fmt: skip
            paid = sum(e.amount for e in solution.ledger
                       if e.to == to and e.who in payers
                       and e.kind not in ("revenue", "penalty"))  # fmt: skip
            yield Finding(key, paid / years / share, "money/a", title)

    def _payers(self, plant: Scope) -> set[str]:
        """The assets whose payments count: those named, or those with a flow at the node."""
        if self.income_from is not None:
            return set(self.income_from)
        node = plant.node(self.at)
        return {f.who for f in plant.network.flows if node in f.take or node in f.give}


def _readable(read: object, said: str) -> str:
    """A range of months or hours that can be read, as it was written."""
    try:
        read(said)  # type: ignore[operator]
    except InputError as error:
        raise ValueError(error.problems[0]) from None
    return said
