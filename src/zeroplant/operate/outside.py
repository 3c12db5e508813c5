"""What the plant does not decide, found at the waist: weather, loads, arrivals, inflows, prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.waist import Flow, Line, Network, Node, Store

Kind = Literal["possible", "load", "inflow", "price"]

FEW = 48
"""Values of a table by hour, on workdays and others; chance hardly ever gives the same twice."""


@dataclass(frozen=True)
class Outside:
    """One series from outside.

    ``key`` is the name of the flow or store, or "<who>: <what>" of a ledger line. ``possible`` is
    the most a flow could be now, ``load`` what a flow must be, ``inflow`` what enters or leaves a
    store by itself (per hour). ``rating`` is the largest magnitude it has; ``known`` says that a
    calendar or a contract fixes it, so that nobody need forecast it.
    """

    key: str
    kind: Kind
    unit: str
    rating: float
    known: bool


def outside(network: Network) -> dict[str, Outside]:
    """Everything from outside in a network whose sizes are numbers, by key."""
    found = {}
    for key, kind, unit, values in _all(network):
        rating = float(np.max(np.abs(values), initial=0.0))
        found[key] = Outside(key, kind, unit, rating, is_known(values, network.axis))
    return found


def kinds(network: Network) -> dict[str, Kind]:
    """The kind of everything from outside, by key."""
    return {key: kind for key, kind, _, _ in _all(network)}


def series(network: Network, key: str) -> Floats:
    """Values of one of them in every stage, in its unit. Raises KeyError if there is none."""
    for name, _, _, values in _all(network):
        if name == key:
            return np.array(network.axis.full(values))
    raise KeyError(key)


def is_known(values: Floats, axis: Axis) -> bool:
    """Whether values come from a calendar: few different ones, or every day the same."""
    if len(np.unique(values)) <= FEW and axis.stages > FEW:
        return True
    day = round(24 / axis.hours)
    return axis.stages > day and bool(np.array_equal(values[day:], values[:-day]))


def price_key(line: Line) -> str:
    """The key of a ledger line's price."""
    return f"{line.who}: {line.what}"


def is_load(flow: Flow) -> bool:
    """Whether a flow must be what it is: the same floor as cap, and no say of others in it."""
    if flow.cap.terms or flow.floor.terms:
        return False
    return bool(np.array_equal(np.asarray(flow.cap.constant), np.asarray(flow.floor.constant)))


def is_possible(flow: Flow) -> bool:
    """Whether the most a flow can be comes from outside, and changes.

    What serves as a stand-in for load (``unserved``) goes by the load, not by itself.
    """
    if flow.cap.terms or is_load(flow) or flow.role in ("unserved", "import", "export"):
        return False
    return flow.role == "generation" and bool(np.ndim(flow.cap.constant))


def has_inflow(store: Store) -> bool:
    """Whether something enters or leaves a store by itself."""
    return bool(np.any(store.inflow))


def following(network: Network) -> list[tuple[Flow, Node]]:
    """Loads that others settle, with the node at which they do: all else there is fixed as well.

    Trucks that come to a station are what the road sends there: one of the two is enough.
    """
    found = []
    for node in network.nodes:
        giving = [flow for flow in network.flows if node in flow.give]
        taking = [flow for flow in network.flows if node in flow.take]
        if len(taking) == 1 and giving and all(map(is_load, (*giving, *taking))):
            found.append((taking[0], node))
    return found


def _all(network: Network) -> Iterator[tuple[str, Kind, str, Floats]]:
    full = network.axis.full
    derived = {flow for flow, _ in following(network)}
    for flow in network.flows:
        if flow in derived:
            continue
        if is_load(flow):
            yield flow.name, "load", flow.unit, full(flow.cap.constant)
        elif is_possible(flow):
            yield flow.name, "possible", flow.unit, full(flow.cap.constant)
    for store in network.stores:
        if has_inflow(store):
            yield store.name, "inflow", f"{store.unit}/h", full(store.inflow)
    for line in network.lines:
        if np.ndim(line.price) and any(isinstance(v, Flow) for v in line.quantity.variables):
            yield price_key(line), "price", f"money/{line.unit}", full(line.price)
