"""Points: everything of a plant that is measured or set, in one fixed order.

A point is a flow or a store of the waist, under its own name (``battery.charge``,
``battery.level``); beside them stand what a generating flow could give now
(``wind.output.possible``) and whether an asset answers at all (``battery.online``). No asset kind
is known here: a new kind is in operation as soon as it says itself at the waist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.links.link import Point
from zeroplant.operate.outside import is_load
from zeroplant.waist.linear import Affine
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Size

BoolArray = NDArray[np.bool_]

CLOSING = ("import", "export", "unserved", "spill")
"""Roles of flows that nobody sets: they take what a balance leaves."""
SHEDDABLE = "sheddable"
"""Tag of unserved load that a switch of its asset's can bring about: the exception."""


@dataclass(frozen=True)
class Points:
    """Names, units and limits, one entry per point: flows, stores, possibles, onlines.

    ``least`` and ``most`` bound what may be written and what a sane reading can be, over the whole
    span the network was built for. ``flows`` and ``stores`` are how many of each there are.
    """

    names: tuple[str, ...]
    unit: tuple[str, ...]
    writable: BoolArray
    least: Floats
    most: Floats
    flows: int
    stores: int

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each name."""
        return {name: place for place, name in enumerate(self.names)}

    @property
    def levels(self) -> slice:
        """Places of the stores."""
        return slice(self.flows, self.flows + self.stores)

    @cached_property
    def set_points(self) -> Ints:
        """Places of what can be written."""
        return np.flatnonzero(self.writable)

    def point(self, place: int) -> Point:
        """One of them as links know it."""
        return Point(
            self.names[place],
            self.unit[place],
            bool(self.writable[place]),
            float(self.least[place]),
            float(self.most[place]),
        )


def points_of(network: Network, sizes: Mapping[str, float] | None = None) -> Points:
    """The points of a plant. ``sizes`` are the values of sizes that the network leaves open."""
    slack = {budget.slack for budget in network.budgets}
    flows = [flow for flow in network.flows if flow not in slack]
    names = [flow.name for flow in flows]
    units = [flow.unit for flow in flows]
    ruled = _ruled(network, sizes)
    bounds = [_limits(flow, ruled.get(flow, np.inf), sizes) for flow in flows]
    stored = {flow for store in network.stores for flow in (*store.fill, *store.drain)}
    writable = [is_free(flow, sizes, flow in stored) for flow in flows]
    for store in network.stores:
        names.append(store.name)
        units.append(store.unit)
        bounds.append(bounds_of(store.floor, store.cap, sizes))
    for flow, span, free in list(zip(flows, bounds, writable, strict=False)):
        if flow.role == "generation" and free:
            names.append(possible_of(flow.name))
            units.append(flow.unit)
            bounds.append((0.0, span[1]))
    for asset in dict.fromkeys(asset_of(flow.name) for flow in flows):
        names.append(f"{asset}.online")
        units.append("")
        bounds.append((0.0, 1.0))
    free_ones = np.zeros(len(names), bool)
    free_ones[: len(flows)] = writable
    least, most = np.array(bounds, dtype=float).reshape(-1, 2).T.copy()
    return Points(
        tuple(names), tuple(units), free_ones, least, most, len(flows), len(network.stores)
    )


ABOVE_EXPECTED = 10.0
"""What weather may bring beyond the most of a span's series, where no size says what is built:
the sun of a clear day beside that of a dull one. It stands for "no limit"."""


def _ruled(network: Network, sizes: Mapping[str, float] | None) -> dict[Flow, float]:
    """The most of flows by rules that hold in every period: what a sum of flows may be."""
    found: dict[Flow, float] = {}
    for budget in network.budgets:
        terms = [(t.variable, t.coefficient) for t in budget.expression.terms]
        if budget.integrates or budget.slack is not None:
            continue
        if any(not isinstance(v, (Flow, Size)) for v, _ in terms):
            continue
        flows = [(v, float(np.min(c))) for v, c in terms if isinstance(v, Flow)]
        most = float(np.max(budget.at_most - np.asarray(budget.expression.constant)))
        for variable, coefficient in terms:
            if isinstance(variable, Size):
                size = (sizes or {}).get(variable.name, variable.upper)
                most -= float(np.min(coefficient)) * size
        if np.isfinite(most) and all(c >= 0.0 for _, c in flows):
            for flow, coefficient in flows:
                if coefficient > 0.0:
                    found[flow] = min(found.get(flow, np.inf), max(most, 0.0) / coefficient)
    return found


TWICE_EXPECTED = 2.0
"""What a load that nobody sets may be beyond the most that was expected of it."""


def _limits(flow: Flow, ruled: float, sizes: Mapping[str, float] | None) -> tuple[float, float]:
    """Least and most of a flow. Of one that weather drives, a series was only expected.

    Its limit is the power that is built where a size of its asset says so. ``ruled`` is what a
    rule allows (chargers that several flows share, say).
    """
    least, most = bounds_of(flow.floor, flow.cap, sizes)
    most = min(most, ruled)
    if is_load(flow) or (flow.role == "load" and not is_free(flow, sizes)):
        return 0.0, TWICE_EXPECTED * most
    if flow.role == "generation" and np.ndim(valued(flow.cap, sizes, np.inf)):
        built = (sizes or {}).get(f"{asset_of(flow.name)}.power", 0.0)
        most = max(most, built) if built else (ABOVE_EXPECTED * most or np.inf)
    return least, most


ACCOUNT = "account"
"""Tag of a flow that only the plan's books know, such as power before the tail water's rise, or
that visitors decide, such as trucks that swap."""
PASSIVE = {"bought", "sold", "rejected", ACCOUNT}
"""Tags of flows that a contract or the surroundings close, or none at all: nobody sets them."""


def is_free(flow: Flow, sizes: Mapping[str, float] | None = None, stored: bool = True) -> bool:
    """Whether a flow is set by the controller; ``stored`` says that it fills or drains a store.

    It may differ, closes no balance, is no mere account of something, and is no line, which
    carries what its ends leave. A free end without role and limit takes what comes, too; one
    that another flow limits (heat that an electrolyser leaves) is set.
    """
    if is_shed(flow):
        return True
    if flow.role in (*CLOSING, "transfer") or flow.tags & PASSIVE:
        return False
    if not (flow.give or flow.take or stored):
        return False
    cap, floor = valued(flow.cap, sizes, np.inf), valued(flow.floor, sizes, 0.0)
    one_sided = not (flow.give and flow.take) and not stored
    limited = any(isinstance(term.variable, Flow) for term in flow.cap.terms)
    if not flow.role and one_sided and not limited and bool(np.all(np.isinf(cap))):
        return False
    return bool(np.any(np.asarray(floor) < np.asarray(cap) - 1e-9))


def is_shed(flow: Flow) -> bool:
    """Whether a flow is load that may be shed by command."""
    return flow.role == "unserved" and SHEDDABLE in flow.tags


def possible_of(flow: str) -> str:
    """Name of what a generating flow could give now: ``wind.output.possible``."""
    return f"{flow}.possible"


def asset_of(name: str) -> str:
    """The asset a point belongs to: what stands before the first dot."""
    return name.partition(".")[0]


def bounds_of(
    floor: Affine, cap: Affine, sizes: Mapping[str, float] | None = None
) -> tuple[float, float]:
    """Least and greatest value over the span of a network."""
    return float(np.min(valued(floor, sizes, 0.0))), float(np.max(valued(cap, sizes, np.inf)))


def valued(expression: Affine, sizes: Mapping[str, float] | None, other: float) -> float | Floats:
    """A bound as a number or one per stage, at the sizes as chosen.

    Of a size with several elements the greatest counts. A bound that grows with another flow
    (heat that electrolysis leaves, say) has no value by itself: it is ``other``.
    """
    value = expression.constant
    for term in expression.terms:
        if not isinstance(term.variable, Size):
            return other
        size = term.variable
        chosen = (sizes or {}).get(size.name, size.upper)
        value = value + term.coefficient * chosen
    return value
