"""The plant's electricity over time: supply and use by kind, all its nodes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.plan.report.facts.kinds import KINDS, Kind, Side, supply_kind, use_kind
from zeroplant.waist import Flow, Network, Node
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution

ELECTRICITY = "electricity"


@dataclass(frozen=True)
class Power:
    """Supply and use in MW by kind, each (stages,); kinds that never happen are left out.

    What lines lose is part of "losses". ``available`` is what renewable plants could have
    delivered, ``renewable`` what they did.
    """

    axis: Axis
    series: Mapping[str, Floats]
    available: Floats
    renewable: Floats

    def kinds(self, side: Side) -> list[Kind]:
        """Kinds of one side, in the order of stacking."""
        return [kind for kind in KINDS if kind.side == side and kind.key in self.series]

    def get(self, key: str) -> Floats:
        """Series of a kind; nothing where it never happens."""
        return self.series.get(key, np.zeros(self.axis.stages))

    @cached_property
    def load(self) -> Floats:
        """Load asked for, MW."""
        return self.get("load")

    @cached_property
    def residual(self) -> Floats:
        """Load less what wind, sun and water could deliver, MW."""
        return self.load - self.available

    def yearly(self, values: Floats) -> float:
        """MWh per year of 8,760 h."""
        return self.axis.total(values) / self.axis.years


def power(network: Network, solution: Solution) -> Power:
    """Read the flows at the nodes of electricity."""
    stages = network.axis.stages
    sums: dict[str, Floats] = {}
    available, renewable = np.zeros((2, stages))
    for flow in network.flows:
        given, taken = electric(flow.give), electric(flow.take)
        if given is None and taken is None:
            continue
        values = solution.value(flow)
        net = values * ((0.0 if given is None else given) - (0.0 if taken is None else taken))
        key = supply_kind(flow) if given is not None and taken is None else use_kind(flow)
        amount = net if given is not None and taken is None else -net
        sums[key] = sums.get(key, np.zeros(stages)) + amount
        if flow.role == "generation" and "renewable" in flow.tags and given is not None:
            renewable += net
            available += given * possible(flow, solution)
    peak = max((float(np.abs(s).max(initial=0.0)) for s in sums.values()), default=0.0)
    kept = {k: s for k, s in sums.items() if np.abs(s).max(initial=0.0) > 1e-6 * max(peak, 1e-9)}
    return Power(network.axis, kept, available, renewable)


def possible(flow: Flow, solution: Solution) -> Floats:
    """What a flow could have been: its cap, or itself where nothing finite caps it; (stages,)."""
    axis = solution.network.axis
    values = solution.value(flow)
    if not np.all(np.isfinite(flow.cap.constant)):
        return values
    cap = solution.value(flow.cap)
    full = cap if cap.size == axis.stages else np.full(axis.stages, float(cap.sum()))
    return np.maximum(full, values)


def electric(nodes: Mapping[Node, Value]) -> Value | None:
    """Sum of the coefficients at nodes of electricity; None if there is none."""
    found = [value for node, value in nodes.items() if node.carrier == ELECTRICITY]
    return sum(found[1:], start=found[0]) if found else None
