"""Fuel cell: hydrogen to electricity and heat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode, HeatNode, HydrogenNode
from zeroplant.assets.parts.commitment import OnOff
from zeroplant.assets.parts.hydrogen import hydrogen_node
from zeroplant.units import EnergyPrice, Fraction, PowerCapacity
from zeroplant.units.fuels import HYDROGEN_LHV
from zeroplant.waist import Scope
from zeroplant.weather.site import Site


class FuelCell(Asset, Bought, OnOff):
    """A fuel cell (or hydrogen turbine) with its inverter, rated by the AC power it gives.

    ``efficiency`` and ``heat_share`` are parts of the hydrogen's lower heating value, 33.3 kWh/kg;
    heat nobody takes is let go.
    """

    title: ClassVar = ("Fuel cell", "燃料电池")
    chinese: ClassVar[Mapping[str, str]] = {
        "from": "氢节点",
        "heat": "余热节点",
        "heat_share": "可回收余热占比",
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "recovered": "回收余热",
        "units on": "运行台数",
        "starts": "启动",
        "fuel cell": "燃料电池",
    }
    kind: Literal["fuel_cell"]
    at: ElectricNode = Field(description="node it feeds")
    from_: HydrogenNode = Field(alias="from", description="node it draws hydrogen from")
    power: PowerCapacity = Field(description="AC power at the rating")
    efficiency: Fraction = Field(
        0.5, gt=0, description="AC electricity of the lower heating value; 0.45…0.60"
    )
    heat: HeatNode | None = Field(None, description="node that takes its heat")
    heat_share: Fraction = Field(0.35, description="usable heat of the lower heating value")
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost and wear per MWh")

    @model_validator(mode="after")
    def _no_more_than_there_is(self) -> FuelCell:
        if self.heat is not None and self.efficiency + self.heat_share > 1:
            message = "'efficiency' and 'heat_share' together are more than the hydrogen holds"
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Hydrogen in, electricity out, and heat up to its share."""
        hydrogen = hydrogen_node(plant, self.from_)
        power = plant.capacity("power", self.power)
        output = plant.flow(
            "output",
            give=plant.node(self.at),
            take={hydrogen: 1.0 / (HYDROGEN_LHV * self.efficiency)},
            cap=power,
            cost=self.running,
            role="conversion",
            tags={"fuel cell"},
        )
        if self.heat is not None:
            warm = output * (self.heat_share / self.efficiency)
            plant.flow("recovered", give=plant.node(self.heat), cap=warm)
        self.commit(plant, output, power)
        self.buy(plant, "fuel cell", power)
