"""Chiller: cold from electricity (compression) or from heat (absorption)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, Bought, ColdNode, ElectricNode, HeatNode, SiteName
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.commitment import OnOff
from zeroplant.assets.parts.given import given
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series import Profile, ProfileOf, TemperatureProfile
from zeroplant.thermal.cop import cooling_cop
from zeroplant.units import EnergyPrice, Fraction, PowerCapacity, Quantity, Rate
from zeroplant.waist import Node, Scope
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

HIGHEST_COP = 20.0
"""A grade of 0.65 from 7 to 16 °C, the coolest of condensers; 5…6.5 is usual."""
HIGHEST_BY_HEAT = 1.8
"""Absorption with three effects; single 0.7, double 1.2."""
CopProfile = Annotated[Profile, ProfileOf("1", ge=0.1, le=HIGHEST_COP)]
Supply = Annotated[float, Quantity("degC", ge=-15, le=25)]

CONDENSER_APPROACH = 10.0
"""K by which a condenser is warmer than the air it rejects heat to."""
AUXILIARY = 0.02
"""Electricity of pumps and fan of an absorption chiller, per MWh of cold."""


class Chiller(Asset, Bought, OnOff):
    """A chiller that gives cold to a node of chilled water.

    *Compression*, without ``from``: the COP is ``cop``, constant or over time (centrifugal
    5…6.5), or follows the outdoor air as ``grade`` times Carnot's from the chilled water to the
    air and 10 K more, at most ``cop_max``.

    *Absorption*, with ``from``: heat drives it, ``cop`` units of cold per unit of heat (single
    effect 0.7, double effect 1.2), with a little electricity for pumps and the cooling tower.

    Rejected heat goes to the air. COPs do not change with the load.
    """

    title: ClassVar = ("Chiller", "制冷机")
    chinese: ClassVar[Mapping[str, str]] = {
        "cop": "性能系数",
        "cop_max": "性能系数上限",
        "grade": "卡诺效率系数",
        "supply": "冷冻水温度",
        "air": "室外气温",
        "auxiliary": "辅助用电",
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "cold output": "供冷出力",
        "units on": "运行台数",
        "units on: starts": "启动次数",
        "starts": "启动",
        "chiller": "制冷机",
    }
    kind: Literal["chiller"]
    at: ElectricNode = Field(description="node it draws electricity from")
    to: ColdNode = Field(description="node of chilled water it gives cold to")
    from_: HeatNode | None = Field(
        None, alias="from", description="node of the heat that drives an absorption chiller"
    )
    power: PowerCapacity = Field(description="rating as cold given")
    cop: CopProfile | None = Field(
        None,
        description="cold per electricity, 5…6.5; with 'from' cold per heat: 0.7 (the default), "
        "1.2 with double effect. Left out, a compression chiller follows the outdoor air",
    )
    supply: Supply = Field(7.0, description="temperature of the chilled water")
    air: TemperatureProfile | None = Field(
        None, description="temperature of the air it rejects heat to; the site's if left out"
    )
    grade: Fraction = Field(0.55, gt=0, description="share of Carnot's COP it reaches; 0.5…0.65")
    cop_max: Rate = Field(
        8.0, gt=1, le=HIGHEST_COP, description="highest COP, however cool the air"
    )
    auxiliary: Fraction = Field(
        AUXILIARY, description="electricity of an absorption chiller per cold; 0.01…0.04"
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh of cold")
    site: SiteName | None = Field(None, description="site whose air it rejects heat to; the first")

    @model_validator(mode="after")
    def _air_or_cop(self) -> Chiller:
        message = ""
        idle = given(self, "air", "grade", "cop_max")
        if self.cop is not None and idle:
            message = f"'cop' says it all; leave out {idle}, or 'cop'"
        elif self.from_ is not None and idle:
            message = f"an absorption chiller does not follow the air; leave out {idle}"
        elif self.from_ is None and given(self, "auxiliary"):
            message = "'auxiliary' belongs to 'from'; give it too, or leave out 'auxiliary'"
        if message:
            raise ValueError(message)
        if self.cop is not None and self.cop.constant is not None:
            for problem in self._more_than_driven(self.cop.constant):
                raise ValueError(problem)
        return self

    def _more_than_driven(self, cop: float) -> Iterator[Problem]:
        """An absorption chiller that has the COP of compression."""
        if self.from_ is not None and cop > HIGHEST_BY_HEAT:
            what = f"a 'cop' of {cop:g} is above {HIGHEST_BY_HEAT:g}, the most that heat drives"
            instead = "write cold per heat, 0.7 or 1.2, or leave out 'from'"
            yield Problem(what, instead=instead)

    @property
    def needs_weather(self) -> bool:
        """Where a compression chiller follows the outdoor air."""
        return self.from_ is None and self.cop is None and self.air is None

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of cold that takes electricity or heat."""
        power = plant.capacity("power", self.power)
        cop = self.performance(plant.axis, site)
        electricity = plant.node(self.at)
        take: dict[Node, Value] = {electricity: 1.0 / cop}
        if self.from_ is not None:
            take = {plant.node(self.from_): 1.0 / cop}
            if self.auxiliary:
                take[electricity] = self.auxiliary
        cold = plant.flow(
            "cold output",
            take=take,
            give=plant.node(self.to),
            cap=power,
            cost=self.running,
            role="conversion",
        )
        self.commit(plant, cold, power)
        self.buy(plant, "chiller", power)

    def performance(self, axis: Axis, site: Site | None) -> Floats | float:
        """Cold per electricity, or per heat with absorption, in each stage."""
        if self.cop is not None:
            cop = self.cop.on(axis)
            for problem in self._more_than_driven(float(cop.max())):
                raise InputError(problem)
            return cop
        if self.from_ is not None:
            return 0.7
        if self.air is not None:
            air = self.air.on(axis)
        else:
            assert site is not None
            air = site.weather.temp_air
        return cooling_cop(self.supply, air + CONDENSER_APPROACH, self.grade, most=self.cop_max)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Cold per electricity or heat over the year."""
        flow = plant.flow_named("cold output")
        source = plant.node(self.from_ or self.at)
        taken = solution.total(flow * flow.take[source])
        if taken > 0:
            title = ("Seasonal coefficient of performance", "季节性能系数")
            yield Finding("seasonal_cop", solution.total(flow) / taken, "", title)
