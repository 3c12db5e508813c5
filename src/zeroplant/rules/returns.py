"""Electricity that comes back: out of vehicles, or out of fuel made of electricity or bought.

What a plant turns into hydrogen and back is storage by another name. So the electricity behind
what is given back is no consumption: part of it comes back, the rest is a loss. Electricity
from fuel that is bought outside is generation of the plant's own, and the fuel already counts as
energy, so its electricity must not count as energy once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.units.fuels import HYDROGEN_LHV
from zeroplant.waist.linear import Affine, Value, total_of
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Node, Store

ELECTRICITY = "electricity"
VEHICLE = "vehicle"
"""Tag of flows that charge vehicles, or take power back out of them."""
BOUGHT = "bought"
"""Tag of flows that bring in what was bought outside: fuels, heat, hydrogen, materials."""
MWH = {
    **dict.fromkeys(("gas", "biomass", "coal", "diesel"), 1.0),
    **dict.fromkeys(("heat", "hp steam", "lp steam", "hot water"), 1.0),
    "hydrogen": HYDROGEN_LHV,
}
"""MWh per unit·h of energy that may be bought beside electricity, by its lower heating value."""
UNKNOWN = 2.0
"""Electricity per energy of a fuel whose maker does not say it in one flow (an electrolyser with a
curve of part load): more than any electrolyser takes (5.0…6.0 kWh/Nm3 are 1.7…2.0), so that a
loop never looks better than it is."""


@dataclass(frozen=True)
class Returns:
    """What comes back to nodes of electricity, as expressions over the horizon.

    ``unused``: electricity that went into what came back, so it was not consumed. ``lost``: the
    part of it that did not come back. ``from_fuel``: electricity of fuels that are bought;
    ``renewable_from_fuel`` the part of it that stands among new energy. ``compressed``: what
    compressors of tanks take within such a loop, which is lost as well.
    """

    unused: Affine
    lost: Affine
    from_fuel: Affine
    renewable_from_fuel: Affine
    compressed: Affine


def returns_of(network: Network) -> Returns:
    """Read what comes back off the flows and stores of a network.

    Where a node has both fuel of the plant's own making and fuel that is bought, nothing says
    which of them was burnt. Then consumption stays whole, all that was burnt counts as lost on
    its way, and leaves the energy of the account: the cautious reading for every indicator.
    """
    origin = _Origin(network)
    unused, lost, fuel, renewable = [], [], [], []
    looped: set[Node] = set()
    for flow in network.flows_of("discharge", VEHICLE):
        given = _electric(flow.give)
        if given is not None:
            behind = max(origin.behind(flow), _mean(given))
            unused.append(flow * behind)
            lost.append(flow * behind - flow * given)
    for flow in [*network.flows_of("conversion"), *network.flows_of("generation")]:
        given = _electric(flow.give)
        upstream = origin.upstream(flow)
        if given is None or not upstream:
            continue
        behind, bought = origin.behind(flow), any(map(origin.is_bought, upstream))
        if behind <= _mean(given):  # no loop: electricity only helps to bring the fuel
            if bought:
                fuel.append(flow * given)
                if "renewable" in flow.tags:
                    renewable.append(flow * given)
            continue
        looped |= upstream
        lost.append(flow * behind - flow * given)
        (fuel if bought else unused).append(flow * behind)
    squeezed = [
        flow * taken
        for flow in network.flows_of("conversion")
        if flow in origin.fills and looped & flow.take.keys()
        if (taken := _electric(flow.take)) is not None
    ]
    return Returns(*map(total_of, (unused, [*lost, *squeezed], fuel, renewable, squeezed)))


class _Origin:
    """Where what a flow takes comes from, and how much electricity stands behind it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.known: dict[Node | Store, float] = {}
        makers: defaultdict[Node, list[Flow]] = defaultdict(list)
        fills: defaultdict[Flow, dict[Store, float]] = defaultdict(dict)
        drains: defaultdict[Flow, dict[Store, float]] = defaultdict(dict)
        for flow in network.flows:
            # What is given back was there before: a store is no source of its own.
            if flow.role != "discharge":
                for node in flow.give:
                    makers[node].append(flow)
        for store in network.stores:
            for flow, share in store.fill.items():
                fills[flow][store] = _mean(share)
            for flow, share in store.drain.items():
                drains[flow][store] = _mean(share)
        self.makers: Mapping[Node, list[Flow]] = dict(makers)
        self.fills: Mapping[Flow, dict[Store, float]] = dict(fills)
        self.drains: Mapping[Flow, dict[Store, float]] = dict(drains)

    @cached_property
    def unsaid(self) -> set[str]:
        """Assets that take electricity in a flow of its own, and give what they make in others."""
        return {
            flow.who
            for flow in self.network.flows_of("conversion")
            if flow.who and not flow.give and flow not in self.fills
            if _electric(flow.take) is not None
        }

    def behind(self, flow: Flow) -> float:
        """Most MWh of electricity behind an hour of one unit of the flow, less what it refills."""
        spent = sum(_mean(share) * self._of(node) for node, share in flow.take.items())
        spent += sum(share * self._of(store) for store, share in self.drains.get(flow, {}).items())
        if flow.role != "discharge":
            return spent
        return spent - sum(
            share * self._of(store) for store, share in self.fills.get(flow, {}).items()
        )

    def _of(self, thing: Node | Store) -> float:
        """Most electricity behind a unit of what a node or a store holds; circles count as none."""
        if isinstance(thing, Node) and thing.carrier == ELECTRICITY:
            return 1.0
        if thing not in self.known:
            self.known[thing] = 0.0
            self.known[thing] = max(self._each(thing), default=0.0)
        return self.known[thing]

    def _each(self, thing: Node | Store) -> Iterator[float]:
        if isinstance(thing, Store):
            for flow, share in thing.fill.items():
                if flow.role != "discharge" and _mean(share) > 0:
                    yield self.behind(flow) / _mean(share)
            return
        for flow in self.makers.get(thing, []):
            if _mean(flow.give[thing]) <= 0:
                continue
            spent = self.behind(flow) / _mean(flow.give[thing])
            if not (flow.take.keys() - self._water or flow in self.drains):
                owed = sum(n * self._debt(store) for store, n in self.fills.get(flow, {}).items())
                spent += owed / _mean(flow.give[thing])
                if spent == 0.0 and flow.who in self.unsaid:
                    spent = UNKNOWN * MWH.get(thing.carrier, 0.0)
            yield spent

    def _debt(self, store: Store) -> float:
        """Most electricity that pays back a unit of what is lent into a store of energy owed."""
        paid = [
            sum(_mean(n) * self._of(node) for node, n in flow.take.items()) / _mean(share)
            for flow, share in store.drain.items()
            if _mean(share) > 0
        ]
        return max(paid, default=0.0)

    @cached_property
    def _water(self) -> set[Node]:
        return {node for node in self.network.nodes if node.carrier == "water"}

    def upstream(self, flow: Flow) -> set[Node]:
        """Nodes of energy from which it is fed, near and far."""
        found: set[Node] = set()
        waiting = [*flow.take]
        while waiting:
            node = waiting.pop()
            if node not in found and node.carrier in MWH:
                found.add(node)
                waiting += [n for maker in self.makers.get(node, []) for n in maker.take]
        return found

    def is_bought(self, node: Node) -> bool:
        """Whether something bought outside goes straight into the node."""
        return any(BOUGHT in flow.tags for flow in self.makers.get(node, []))


def _electric(nodes: Mapping[Node, Value]) -> Value | None:
    """Sum of the coefficients at nodes of electricity; None if there is none."""
    found = [coefficient for node, coefficient in nodes.items() if node.carrier == ELECTRICITY]
    return sum(found[1:], start=found[0]) if found else None


def _mean(value: Value) -> float:
    """A coefficient over time as one number."""
    return float(np.mean(value))
