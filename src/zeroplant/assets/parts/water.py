"""What all hydro plants share: the river node, turbines, spill, releases and the wishes on them.

Flows of water are in m³/s. Stores of water are in hm³ (a million m³): a reservoir holds 10⁸ m³
and more, and a solver does not like such numbers beside a megawatt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, AssetName, Bought, ElectricNode
from zeroplant.assets.parts.units import forbidden
from zeroplant.axis import Floats
from zeroplant.errors import Problem
from zeroplant.series import WaterFlowProfile
from zeroplant.units import (
    EnergyPrice,
    Fraction,
    Hours,
    PowerCapacity,
    Quantity,
    SizeRange,
    WaterFlow,
)
from zeroplant.waist import Affine, Flow, Node, Scope, Store, total_of

FALLING_WATER = 9.81e-3
"""MW per m³/s and m of head: density 1,000 kg/m³ times gravity 9.81 m/s²."""
HM3 = 3600.0 / 1e6
"""hm³ that 1 m³/s brings in an hour."""
WATER = {"carrier": "water", "unit": "m3/s"}

WaterPrice = Annotated[float, Quantity("money/m3", ge=0)]
FlowRamp = Annotated[float, Quantity("m3/s/h", gt=0)]


class Waterworks(Asset, Bought):
    """A dam or weir with turbines in a river.

    Water that comes from other works arrives at the node ``<asset>.water``; everything released
    (turbined, spilled, locked) arrives at the one of ``downstream`` after ``travel_time``. The
    price there is what one m³/s more, for an hour, would be worth.

    What weather can make impossible is a wish with the price ``wish_price`` per m³ of water that
    is missing, and becomes a flow "breach of …" and a penalty in the ledger. The default is a
    hundred times what water is worth at 30 m of head and 0.3 CNY/kWh.
    """

    at: ElectricNode = Field(description="node it feeds")
    power: PowerCapacity = Field(description="rating of the generators")
    turbine_flow: WaterFlow = Field(
        gt=0, description="most the turbines can take; of the largest rating if it is a range"
    )
    efficiency: Fraction = Field(
        0.88, gt=0, description="of turbines and generators together, 0.85…0.92"
    )
    inflow: WaterFlowProfile = Field(
        description="natural inflow that no other works of the plant has let through"
    )
    min_flow: WaterFlow = Field(
        0.0, ge=0, description="wish: release at least this (ecology, navigation)"
    )
    ramp: FlowRamp | None = Field(None, description="wish: most the release changes in an hour")
    wish_price: WaterPrice = Field(2.0, description="penalty per m³ by which a wish is missed")
    downstream: AssetName | None = Field(None, description="works that the released water flows to")
    travel_time: Hours = Field(0.0, ge=0, description="how long it takes to get there; 2…10 h")
    running: EnergyPrice = Field(0.0, description="operating cost per MWh")
    units: int | None = Field(
        None,
        ge=1,
        le=100,
        description="equal turbines that share the flow; heeded in operation, not in the plan, "
        "which takes them as equally good at any flow",
    )
    rough_zones: list[tuple[Fraction, Fraction]] = Field(
        [],
        description="parts of a unit's most flow between which it vibrates and must not run, such "
        "as [0.4, 0.6]; heeded in operation",
    )

    @model_validator(mode="after")
    def _rough_zones_are_apart(self) -> Waterworks:
        ends = [end for zone in self.rough_zones for end in zone]
        message = ""
        if any(later <= before for before, later in pairwise(ends)) or 1.0 in ends:
            message = "'rough_zones' must be ordered and apart, each from less to more, below 1"
        elif ends and self.units is None:
            message = "'rough_zones' are those of one of the 'units': say how many there are"
        if message:
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _the_largest_rating_is_finite(self) -> Waterworks:
        if not np.isfinite(self.most_power):
            message = "the range of 'power' needs a 'max': 'turbine_flow' belongs to it"
            raise ValueError(message)
        return self

    def prepare(self, plant: Scope) -> None:
        """Declare the node at which water from upstream arrives."""
        plant.own_node("water", **WATER)

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """The problems of `check_cascade` that are those of this kind."""
        from zeroplant.assets.parts.cascade import check_cascade

        for problem in check_cascade(assets):
            if type(assets[problem.where]) is cls:
                yield problem.where, replace(problem, where="")

    @property
    def falling(self) -> float:
        """MW per m³/s and m of head, efficiency included."""
        return FALLING_WATER * self.efficiency

    @property
    def most_power(self) -> float:
        """Rating, MW; the largest if it is to be chosen."""
        return self.power.max if isinstance(self.power, SizeRange) else self.power

    def river(self, plant: Scope) -> Node:
        """The works' own node of water."""
        return plant.node(f"{plant.who}.water")

    def turbines(self, plant: Scope, cap: Floats | float, **words: Any) -> tuple[Flow, Flow]:
        """Water through the turbines, at most ``cap`` m³/s, and the electricity they make.

        Both are below the rating. The works' production function must tie them together.
        """
        power = plant.capacity("power", self.power)
        rough = forbidden(self.units or 1, self.rough_zones)
        turbined = self.passing(plant, "turbined", cap=cap, rough=rough, **words)
        # The rating is a rule and no cap: what caps a flow is reported as what was available.
        output = plant.flow(
            "output",
            give=plant.node(self.at),
            cost=self.running,
            role="generation",
            tags={"renewable", "hydro"},
        )
        plant.budget("rating", output - power, at_most=0.0, over="period", unit="MW")
        if power.terms:
            over = turbined - power * (np.asarray(cap) / self.most_power)
            plant.budget("rated flow", over, at_most=0.0, over="period", unit="m3/s")
        self.buy(plant, "hydro power", power)
        return turbined, output

    def passing(self, plant: Scope, name: str, **words: Any) -> Flow:
        """Water that leaves the works and arrives downstream: turbined, spilled, or locked."""
        give: dict[Node, float] = {}
        if self.downstream is not None:
            give = {plant.node(f"{self.downstream}.water"): 1.0}
        delay = dict.fromkeys(give, self.travel_time)
        return plant.flow(name, give=give, delay=delay, unit="m3/s", **words)

    def drawn(self, plant: Scope, **words: Any) -> list[Flow]:
        """Water that pumped storage takes out of the works; no flow where none is joined to them.

        Pumped storage joins works by declaring the node ``<works>.drawn`` in its `prepare`.
        """
        name = f"{plant.who}.drawn"
        joined = [node for node in plant.network.nodes if node.name == name]
        return [plant.flow("drawn", give=node, unit="m3/s", **words) for node in joined]

    def wishes(self, plant: Scope, released: list[Flow]) -> None:
        """Least flow and steadiness of the release, to be kept where water allows."""
        release = total_of(released)
        if self.min_flow:
            self.wish(plant, "minimum flow", release, at_least=self.min_flow)
        if self.ramp is not None:
            change = release - release.shift(1)
            step = self.ramp * plant.axis.hours
            self.wish(plant, "rise of the release", change, at_most=step)
            self.wish(plant, "fall of the release", -change, at_most=step)

    def wish(self, plant: Scope, name: str, expression: Affine, **limit: float | Floats) -> None:
        """A rule in m³/s for every period that may be broken at ``wish_price``."""
        price = self.wish_price * 3600.0
        plant.budget(name, expression, over="period", breach=price, unit="m3/s", **limit)

    def fill(
        self, plant: Scope, name: str, out: list[Flow], cap: float, start: float | None
    ) -> Store:
        """A store of water [hm³] that takes all that comes and lets out what is released.

        ``start`` is the share it is filled before the first period; None for a cycle.
        """
        arriving = plant.flow("arriving", take=self.river(plant), unit="m3/s")
        out = [*out, *self.drawn(plant)]
        return plant.store(
            name,
            fill={arriving: HM3},
            drain=dict.fromkeys(out, HM3),
            cap=cap,
            inflow=self.inflow.on(plant.axis) * HM3,
            start="cyclic" if start is None else start * cap,
            unit="hm3",
        )


def change_of(store: Store) -> Affine:
    """The net flow into a store of water in each period, m³/s.

    Said by flows and not by levels, which a plan does not know before its first period. And where
    nothing comes from above, a solver sees by the inflow alone that water rises slowly enough.
    """
    flows = [flow * (share / HM3) for flow, share in store.fill.items()]
    flows += [flow * (-share / HM3) for flow, share in store.drain.items()]
    return total_of(flows) + np.asarray(store.inflow) / HM3
