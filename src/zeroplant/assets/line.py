"""Line: power from one node to another and back, with losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, Bought, NodeName
from zeroplant.errors import Problem
from zeroplant.units import EnergyPrice, Fraction, Length, PowerCapacity, Quantity
from zeroplant.waist import Scope
from zeroplant.weather.site import Site

PowerLengthPrice = Annotated[float, Quantity("money/MW/m")]


class Line(Asset, Bought):
    """A line, cable or transformer between two nodes; ``power`` is its rating at the sending end.

    A transport model: what is sent arrives less its losses. Voltage and reactive power belong
    to the feeder, not here. It costs ``capex`` per MW and, over a ``length``, ``capex_length``
    per MW and length.
    """

    asset_class: ClassVar = "grid"
    title: ClassVar = ("Line", "线路")
    kind: Literal["line"]
    from_: NodeName = Field(alias="from", description="node at one end")
    to: NodeName = Field(description="node at the other end")
    power: PowerCapacity = Field(description="rating, the same in both directions")
    losses: Fraction = Field(
        0.02, lt=1, description="share lost on the way; transformer 0.01, feeder 0.02…0.05"
    )
    one_way: bool = Field(False, description="true if power flows from 'from' to 'to' only")
    running: EnergyPrice = Field(0.0, ge=0, description="charge per MWh sent")
    length: Length = Field(0.0, ge=0, description="length of the route")
    capex_length: PowerLengthPrice = Field(
        0.0, ge=0, description="purchase and construction per MW and length, beside capex"
    )

    @model_validator(mode="after")
    def _two_ends(self) -> Line:
        message = ""
        if self.from_ == self.to:
            message = f"the line begins and ends at '{self.to}'; name two different nodes"
        elif self.capex_length and not self.length:
            message = "'capex_length' is paid by the length; give 'length' too"
        if message:
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Lines between nodes of different carriers: nothing becomes heat by being sent."""
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
        """A flow each way, both capped by the rating."""
        here, there = plant.node(self.from_), plant.node(self.to)
        power = plant.capacity("power", self.power)
        ways = [("forth", here, there), ("back", there, here)]
        for name, sender, receiver in ways[: 1 if self.one_way else 2]:
            plant.flow(
                name,
                take=sender,
                give={receiver: 1.0 - self.losses},
                cap=power,
                cost=self.running,
                role="transfer",
            )
        self.buy(plant, "line", power)
