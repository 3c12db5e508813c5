"""The energy-flow picture of a plant, drawn from its file: nodes in the middle, flows around them.

What gives to a node stands at its left, what takes from it at its right; an arrow is as thick as
its power. Only places are worked out here; the page fills in the powers. A flow is counted in one
unit and felt at each of its nodes in theirs: a kilogram an hour of hydrogen takes so many MW.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from zeroplant.operate.points import valued
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text, same
from zeroplant.waist import Flow, Network, Store
from zeroplant.waist.linear import Value
from zeroplant.waist.words import Node, Size

ROW, TOP = 62, 34
HIDDEN = ("unserved", "spill")
"""Roles that are pictured only in words, when they are not zero."""
COUNTED = "1"
"""The unit of what is counted: the boxes at a port are no swaps, though both are."""


@dataclass(frozen=True)
class Arrow:
    """One flow at one node: its point, what it is called, and the height it is drawn at.

    Where an asset has no other flow at the node it is called by the asset alone: what a heat pump
    takes from the park's electricity is not its "heat output".
    ``factor`` is what of the node's carrier a unit of the flow moves, in the node's unit; where
    that changes over time, as a heat pump's power does with the weather, its mean (not ``exact``).
    """

    point: str
    label: Text
    owner: str
    y: int
    into: bool
    factor: float
    exact: bool


@dataclass(frozen=True)
class Bar:
    """A node as a bar that its arrows reach, in a picture of its own of this height."""

    name: str
    carrier: Text
    unit: str
    height: int
    arrows: tuple[Arrow, ...]

    @property
    def top(self) -> int:
        """Where the bar begins, below its name."""
        return TOP


@dataclass(frozen=True)
class Held:
    """A store: its point, and how much it can hold; None where the plan has yet to choose."""

    point: str
    capacity: float | None


@dataclass(frozen=True)
class Stock:
    """What the stores of one carrier hold together, in one unit.

    ``carried`` is whether it is a carrier of the plant; else it is what a store of its own counts.
    """

    label: Text
    unit: str
    carried: bool
    parts: tuple[Held, ...]

    @property
    def data(self) -> list[dict[str, Any]]:
        """Its parts as plain data, for the page."""
        return [asdict(part) for part in self.parts]


@dataclass(frozen=True)
class Scene:
    """All bars, and what is stored, by carrier."""

    bars: tuple[Bar, ...]
    stocks: tuple[Stock, ...]


def scene_of(network: Network, names: Names, sizes: Mapping[str, float]) -> Scene:
    """The picture of a plant at the waist; nodes without a flow to show are left out.

    ``sizes`` are those chosen for it, as far as known.
    """
    bars = []
    for node in network.nodes:
        gives = [flow for flow in network.flows if node in flow.give and _shown(flow)]
        takes = [flow for flow in network.flows if node in flow.take and _shown(flow)]
        if not gives and not takes:
            continue
        own = Counter(flow.who for flow in (*gives, *takes))
        arrows = [
            Arrow(
                flow.name, names.part(flow.name) if own[flow.who] > 1 else same(flow.who),
                flow.who, TOP + ROW // 2 + row * ROW, into, *felt(flow, node, gives=into),
            )
            for into, flows in ((True, gives), (False, takes))
            for row, flow in enumerate(flows)
        ]  # fmt: skip
        height = TOP + ROW * max(len(gives), len(takes))
        carrier = names.carrier(node.carrier, node.name)
        bars.append(Bar(node.name, carrier, node.unit, height, tuple(arrows)))
    return Scene(tuple(bars), tuple(_stocks(network, names, sizes)))


def felt(flow: Flow, node: Node, *, gives: bool) -> tuple[float, bool]:
    """What a unit of a flow moves at one of its nodes, and whether at all times just that."""
    value = (flow.give if gives else flow.take)[node]
    factor = _constant(value)
    return (float(np.mean(value)), False) if factor is None else (factor, True)


def over_an_hour(unit: str) -> str:
    """What a rate amounts to in an hour: MW to MWh, kg/h to kg."""
    if unit.endswith("/h"):
        return unit.removesuffix("/h")
    return f"{unit}h" if unit.endswith("W") else f"{unit}·h"


def _stocks(network: Network, names: Names, sizes: Mapping[str, float]) -> Iterator[Stock]:
    """Stores by what they hold and its unit."""
    found: dict[tuple[Text, str, bool], list[Held]] = {}
    for store in network.stores:
        node = _node_of(store)
        label = names.part(store.name) if node is None else names.phrase(node.carrier)
        held = Held(store.name, _capacity(store, sizes))
        found.setdefault((label, store.unit, node is not None), []).append(held)
    for (label, unit, carried), parts in found.items():
        yield Stock(label, unit, carried, tuple(parts))


def _node_of(store: Store) -> Node | None:
    """The node whose carrier a store holds; None for one that holds something else.

    What is only counted is no carrier. A mill's finished goods are filled by a flow that takes
    power, but they are no power: there the units of flow and node differ.
    """
    if store.unit == COUNTED:
        return None
    for flow in (*store.fill, *store.drain):
        for node in (*flow.take, *flow.give):
            if flow.unit == node.unit and over_an_hour(node.unit) == store.unit:
                return node
    return None


def _capacity(store: Store, sizes: Mapping[str, float]) -> float | None:
    """The most a store can hold, if that is settled and the same at all times."""
    own = [term.variable for term in store.cap.terms if isinstance(term.variable, Size)]
    if any(size.lower != size.upper and size.name not in sizes for size in own):
        return None
    most = _constant(valued(store.cap, sizes, np.inf))
    return most if most is not None and 0 < most < np.inf else None


def _constant(value: Value) -> float | None:
    """A value that is the same at all times, or None."""
    least, most = float(np.min(value)), float(np.max(value))
    return least if least == most else None


def _shown(flow: Flow) -> bool:
    return flow.role not in HIDDEN and not flow.name.startswith("breach of ")
