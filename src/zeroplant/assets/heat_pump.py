"""Heat pump: heat lifted from air, water or waste heat to the temperature of a heat node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode, HeatNode, SiteName
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.commitment import OnOff
from zeroplant.assets.parts.given import given
from zeroplant.axis import Axis, Floats
from zeroplant.series import Profile, ProfileOf, TemperatureProfile
from zeroplant.thermal.cop import heating_cop, iced
from zeroplant.units import EnergyPrice, Fraction, PowerCapacity, Rate
from zeroplant.waist import Node, Scope
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

HIGHEST_COP = 15.0
"""Half of Carnot's from 49 to 60 °C; a smaller lift needs an exchanger, no heat pump."""
CopProfile = Annotated[Profile, ProfileOf("1", ge=1, le=HIGHEST_COP)]


class HeatPump(Asset, Bought, OnOff):
    """A heat pump that takes electricity and gives heat at the temperature ``supply``.

    In each period its COP is ``grade`` times that of Carnot between the temperatures of its sink
    and its source, T_h/(T_h − T_c), and at most ``cop_max``; or ``cop`` says it outright. The
    source is the outdoor air of the site, unless ``source`` gives its temperature. Where ``from``
    names a node of heat, the heat pump draws what it lifts from there: COP − 1 units of heat for
    each unit of electricity. Electricity in and heat out are proportional within a period: a worse
    COP at part load and a rating that falls with the temperature of the air are left out.

    With a grade of 0.5, 80 °C from 35 °C waste heat gives a COP of 3.9, steam of 120 °C from 35 °C
    2.3.
    """

    title: ClassVar = ("Heat pump", "热泵")
    chinese: ClassVar[Mapping[str, str]] = {
        "supply": "供热温度",
        "source": "热源温度",
        "cop": "性能系数",
        "cop_max": "性能系数上限",
        "grade": "卡诺效率系数",
        "icing": "除霜损失",
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "heat output": "供热出力",
        "units on": "运行台数",
        "units on: starts": "启动次数",
        "starts": "启动",
        "heat pump": "热泵",
    }
    kind: Literal["heat_pump"]
    at: ElectricNode = Field(description="node it draws electricity from")
    to: HeatNode = Field(description="node it gives heat to")
    from_: HeatNode | None = Field(
        None, alias="from", description="node of heat it lifts from; left out, the heat is free"
    )
    power: PowerCapacity = Field(description="rating as heat given")
    supply: TemperatureProfile | None = Field(
        None, description="temperature of the heat it gives; steam 120…150 degC"
    )
    source: TemperatureProfile | None = Field(
        None, description="temperature of what it lifts from; the site's outdoor air if left out"
    )
    cop: CopProfile | None = Field(
        None, description="heat per unit of electricity, instead of the temperatures"
    )
    grade: Fraction = Field(0.5, gt=0, description="share of Carnot's COP it reaches; 0.45…0.55")
    cop_max: Rate = Field(
        7.0, gt=1, le=HIGHEST_COP, description="highest COP, however near the temperatures"
    )
    icing: Fraction = Field(
        0.0, lt=1, description="COP lost to defrosting in air of −10…5 degC; 0.05…0.15"
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh of heat")
    site: SiteName | None = Field(None, description="site whose air it draws from; the first")

    @model_validator(mode="after")
    def _one_way_to_a_cop(self) -> HeatPump:
        message = ""
        idle = given(self, "supply", "source", "grade", "cop_max")
        if self.cop is None and self.supply is None:
            message = "give 'supply', the temperature of its heat, or its 'cop'"
        elif self.cop is not None and idle:
            message = f"'cop' says it all; leave out {idle}, or 'cop'"
        elif self.from_ is not None and self.cop is None and self.source is None:
            message = f"give 'source', the temperature of the heat at '{self.from_}'"
        elif self.from_ == self.to:
            message = f"it lifts heat from '{self.to}' to itself; name two different nodes"
        elif self.icing and not self.needs_weather:
            message = "only outdoor air ices; leave out 'icing', or 'source'"
        if message:
            raise ValueError(message)
        return self

    @property
    def needs_weather(self) -> bool:
        """Where its source is the outdoor air."""
        return self.cop is None and self.source is None

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of heat that takes electricity and, from a node of heat, the rest."""
        power = plant.capacity("power", self.power)
        cop = self.performance(plant.axis, site)
        take: dict[Node, Value] = {plant.node(self.at): 1.0 / cop}
        if self.from_ is not None:
            take[plant.node(self.from_)] = 1.0 - 1.0 / cop
        heat = plant.flow(
            "heat output",
            take=take,
            give=plant.node(self.to),
            cap=power,
            cost=self.running,
            role="conversion",
        )
        self.commit(plant, heat, power)
        self.buy(plant, "heat pump", power)

    def performance(self, axis: Axis, site: Site | None) -> Floats:
        """COP in each stage, shape (stages,)."""
        if self.cop is not None:
            return self.cop.on(axis)
        assert self.supply is not None
        sink = self.supply.on(axis)
        if self.source is not None:
            return heating_cop(sink, self.source.on(axis), self.grade, most=self.cop_max)
        assert site is not None
        air = site.weather.temp_air
        cop = heating_cop(sink, air, self.grade, most=self.cop_max)
        return np.maximum(1.0, cop * iced(air, self.icing))

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """The COP over the year: heat given per electricity taken."""
        flow = plant.flow_named("heat output")
        heat = solution.total(flow)
        taken = solution.total(flow * flow.take[plant.node(self.at)])
        if taken > 0:
            title = ("Seasonal coefficient of performance", "季节性能系数")
            yield Finding("seasonal_cop", heat / taken, "", title)
