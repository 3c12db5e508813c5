"""Boiler: heat from electricity or fuel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from zeroplant.assets.base import FUELS, Asset, Bought, HeatNode, Refers
from zeroplant.assets.parts.commitment import OnOff
from zeroplant.thermal.fuels import BOILER_EFFICIENCY, per_mwh
from zeroplant.units import EnergyPrice, Fraction, PowerCapacity
from zeroplant.waist import Scope
from zeroplant.weather.site import Site

BurnableNode = Annotated[str, Refers("node", ("electricity", "hydrogen", *FUELS))]


class Boiler(Asset, Bought, OnOff):
    """A boiler that turns electricity or a fuel into heat at a constant efficiency.

    What it takes follows from the node it draws from: electricity makes it an electrode boiler
    (0.985), gas a gas boiler (0.93), and so on. Fuel and what burning it emits are paid where it
    is bought. A least load and the cost of starts hold with ``on_off: true``.
    """

    title: ClassVar = ("Boiler", "锅炉")
    chinese: ClassVar[Mapping[str, str]] = {
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "heat output": "供热出力",
        "units on": "运行台数",
        "units on: starts": "启动次数",
        "starts": "启动",
        "boiler": "锅炉",
    }
    kind: Literal["boiler"]
    from_: BurnableNode = Field(
        alias="from", description="node of electricity or of fuel that it draws from"
    )
    to: HeatNode = Field(description="node it gives heat to: heat, steam or hot water")
    power: PowerCapacity = Field(description="rating as heat given")
    efficiency: Fraction | None = Field(
        None,
        gt=0,
        description="heat per energy taken (lower heating value); left out: electrode 0.985 "
        "(0.98…0.99), gas 0.93 (0.92…0.95), diesel 0.90, hydrogen 0.92, biomass 0.86, coal 0.84",
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh of heat")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of heat that takes what it needs."""
        power, source = plant.capacity("power", self.power), plant.node(self.from_)
        usual = BOILER_EFFICIENCY[source.carrier]
        efficiency = usual if self.efficiency is None else self.efficiency
        heat = plant.flow(
            "heat output",
            take={source: per_mwh(source.carrier) / efficiency},
            give=plant.node(self.to),
            cap=power,
            cost=self.running,
            role="conversion",
        )
        self.commit(plant, heat, power)
        self.buy(plant, "boiler", power)
