"""Heat pipe: hot water, steam or chilled water on its way from one node to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.base import HEAT, Asset, Bought, ElectricNode, Refers
from zeroplant.errors import Problem
from zeroplant.thermal.pipe import delay_periods, kept
from zeroplant.units import EnergyPrice, Length, PowerCapacity, Quantity, Speed
from zeroplant.waist import Node, Scope
from zeroplant.weather.site import Site

PipedNode = Annotated[str, Refers("node", (*HEAT, "chilled water"))]
PerLength = Annotated[float, Quantity("1/m", ge=0)]
PowerLengthPrice = Annotated[float, Quantity("money/MW/m", ge=0)]

STEAM = ("hp steam", "lp steam")
VELOCITY = {"steam": 30.0, "water": 1.5}
"""Usual velocities, m/s: steam 20…40, water 1…2 (domain page, 2f)."""


class HeatPipe(Asset, Bought):
    """A pipe, with its return, that carries heat one way between two nodes of one carrier.

    What is sent arrives after length/velocity, rounded to whole periods, less ``losses`` for each
    km (1…3 %), and takes electricity for its pumps. At the end of the horizon what is under way
    arrives at its beginning. Heat kept in the pipe's water beyond that, and flow in both
    directions, are left out: write a second pipe for the way back.
    """

    asset_class: ClassVar = "grid"
    title: ClassVar = ("Heat pipe", "供热（冷）管道")
    chinese: ClassVar[Mapping[str, str]] = {
        "velocity": "流速",
        "pump": "泵耗",
        "pumped_from": "泵用电节点",
        "sent": "输送",
        "heat pipe": "供热（冷）管道",
    }
    kind: Literal["heat_pipe"]
    from_: PipedNode = Field(alias="from", description="node it draws from")
    to: PipedNode = Field(description="node it gives to")
    power: PowerCapacity = Field(description="rating at the sending end")
    length: Length = Field(gt=0, description="length of the route")
    velocity: Speed | None = Field(
        None, gt=0, description="of what flows; left out 30 m/s for steam, 1.5 m/s for water"
    )
    losses: PerLength = Field(
        2e-5, description="share lost per length, such as 2 %/km; 1…3 %/km", lt=1e-3
    )
    at: ElectricNode | None = Field(None, description="node of electricity that drives the pumps")
    pump: PerLength = Field(
        0.0, description="electricity of the pumps per heat sent and length, such as 0.1 %/km"
    )
    running: EnergyPrice = Field(0.0, ge=0, description="charge per MWh sent")
    capex_length: PowerLengthPrice = Field(
        0.0, description="purchase and construction per MW and length, beside capex"
    )

    @model_validator(mode="after")
    def _two_ends(self) -> HeatPipe:
        message = ""
        if self.from_ == self.to:
            message = f"the pipe begins and ends at '{self.to}'; name two different nodes"
        elif self.pump and self.at is None:
            message = "'pump' draws electricity; give 'at', the node it draws from"
        if message:
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Pipes between nodes of different carriers: steam does not arrive as hot water."""
        for name, asset in assets.items():
            if not isinstance(asset, cls):
                continue
            here, there = carriers.get(asset.from_), carriers.get(asset.to)
            if here is not None and there is not None and here != there:
                what = f"it joins '{asset.from_}', which carries {here}, and '{asset.to}', "
                what += f"which carries {there}"
                yield name, Problem(what, instead="name two nodes of the same carrier")

    @property
    def overnight(self) -> float:
        """What a MW costs to buy, its length included."""
        return self.capex + self.capex_length * self.length

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow that arrives later and with less."""
        here, there = plant.node(self.from_), plant.node(self.to)
        power = plant.capacity("power", self.power)
        velocity = self.velocity or VELOCITY["steam" if here.carrier in STEAM else "water"]
        hours = plant.axis.hours
        take: dict[Node, float] = {here: 1.0}
        if self.at is not None and self.pump:
            take[plant.node(self.at)] = self.pump * self.length
        plant.flow(
            "sent",
            take=take,
            give={there: kept(self.length, self.losses)},
            delay={there: delay_periods(self.length, velocity, hours) * hours},
            cap=power,
            cost=self.running,
            # what its pumps take is consumption, and no loss of electricity
            role="conversion" if self.pump else "transfer",
        )
        self.buy(plant, "heat pipe", power)
