"""A network as the twin's arrays: what flows where, within which bounds, and what closes a balance.

Declarations are those of the waist; nothing here knows an asset kind. A flow is one of five sorts:

- ``OUTSIDE``: fixed by its declaration (a load): it takes what the truth says;
- ``LIMIT``: generation, whose set-point is a limit on what it could give now;
- ``TARGET``: any other flow that is set, and follows its set-point;
- ``CLOSER``: nobody sets it; it takes what balances leave (grid, spill, unserved, a line);
- ``WORD``: an account without any physics, such as how far a wish is broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.points import ACCOUNT, CLOSING, BoolArray, is_free, is_shed
from zeroplant.waist.linear import Affine, Term, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Node, Size, Store

OUTSIDE, LIMIT, TARGET, CLOSER, WORD = range(5)
UNBOUNDED = 1e12
"""Stands for no bound, so that kernels need not treat the infinite apart."""
BOUGHT = ("bought", "sold", "rejected")
"""Tags of flows that close a balance though they have no closing role."""


@dataclass(frozen=True)
class Entries:
    """Coefficients of flows in nodes or stores: triplets, one column per entry and stage."""

    flow: Ints
    into: Ints
    series: Floats
    """(stages, entries), per hour; positive gives or fills."""


@dataclass(frozen=True)
class Closers:
    """For each node the flows that may close it, in their order; see `closing_order`."""

    order: Ints
    first: Ints
    entry: Ints
    """Places among the entries of nodes."""
    ended: BoolArray
    """Of each, whether ends of the other nodes it moves make up for it there."""


@dataclass(frozen=True)
class Ruled:
    """A cap of a flow now: ``base[stage]`` plus coefficients times other flows and levels."""

    who: str
    flow: int
    base: Floats
    flows: list[tuple[int, Floats]]
    stores: list[tuple[int, Floats]]

    def cap(self, stage: int, x: Floats, level: Floats) -> float:
        """The cap in a stage, with flows and levels as they are."""
        cap = float(self.base[stage])
        for flow, series in self.flows:
            cap += float(series[stage] * x[flow])
        for store, series in self.stores:
            cap += float(series[stage] * level[store])
        return cap


@dataclass(frozen=True)
class Physics:
    """All arrays of a network; (stages, …) where they change with time."""

    network: Network
    sort: Ints
    least: Floats
    most: Floats
    ruled: list[Ruled]
    """Caps that other flows and levels have a say in, for flows that are set."""
    nodes: Entries
    delays: list[tuple[int, int, Floats, float]]
    """What arrives later: (flow, node, coefficient per stage, hours)."""
    stores: Entries
    keep: Floats
    inflow: Floats
    floor: Floats
    cap: Floats
    closers: Closers
    pairs: Ints
    """(pairs, 2): charge and discharge of one store, which do not run against each other."""
    spills: Ints
    """1 for stores that may run over, because something is there that spills."""


def physics_of(network: Network, sizes: Mapping[str, float]) -> Physics:
    """Read a network, with its sizes as chosen."""
    slack = {budget.slack for budget in network.budgets}
    sort = np.array([_sort(flow, slack, network, sizes) for flow in network.flows], np.int64)
    valued = Valued(network, sizes)
    least = valued.all([flow.floor for flow in network.flows])
    most = valued.all([flow.cap for flow in network.flows])
    for flow in network.flows:  # what others have a say in is capped step by step: `Ruled`
        if any(isinstance(term.variable, Flow) for term in flow.cap.terms):
            most[:, flow.index] = UNBOUNDED
    for budget in network.budgets:
        _fold(budget, most, valued)
    nodes, delays = _node_entries(network, sort)
    stores = _store_entries(network)
    return Physics(
        network=network,
        sort=sort,
        least=np.clip(least, -UNBOUNDED, UNBOUNDED),
        most=np.clip(most, -UNBOUNDED, UNBOUNDED),
        ruled=_ruled(network, sort, valued),
        nodes=nodes,
        delays=delays,
        stores=stores,
        keep=_series(network, [store.keep for store in network.stores]),
        inflow=_series(network, [store.inflow for store in network.stores]),
        floor=np.clip(valued.all([store.floor for store in network.stores]), -UNBOUNDED, UNBOUNDED),
        cap=np.clip(valued.all([store.cap for store in network.stores]), -UNBOUNDED, UNBOUNDED),
        closers=closing_order(network, sort, nodes),
        pairs=_pairs(network),
        spills=np.array(
            [any(sort[flow.index] == CLOSER for flow in store.drain) for store in network.stores],
            np.int64,
        ),
    )


class Valued:
    """Bounds as numbers: sizes take the values that were chosen."""

    def __init__(self, network: Network, sizes: Mapping[str, float]) -> None:
        self.network, self.sizes = network, sizes

    def all(self, expressions: Sequence[Affine]) -> Floats:
        """(stages, expressions); terms of flows are left out, they are no numbers."""
        return _series(self.network, [self.one(each) for each in expressions])

    def one(self, expression: Affine) -> Value:
        """The value of one expression, a number or one per stage."""
        value = expression.constant
        for term in expression.terms:
            if isinstance(term.variable, Size):
                size = term.variable
                value = value + term.coefficient * self.sizes.get(size.name, size.upper)
        return value


def _series(network: Network, values: Sequence[Value]) -> Floats:
    full = network.axis.full
    if not values:
        return np.zeros((network.axis.stages, 0))
    return np.ascontiguousarray(np.stack([full(value) for value in values], axis=1))


def _sort(
    flow: Flow, slack: set[Size | Flow | None], network: Network, sizes: Mapping[str, float]
) -> int:
    stored = any(flow in store.fill or flow in store.drain for store in network.stores)
    if flow in slack or ACCOUNT in flow.tags or not (flow.give or flow.take or stored):
        return WORD
    if is_shed(flow):
        return TARGET
    if flow.role in (*CLOSING, "transfer") or flow.tags & set(BOUGHT) or _free_end(flow):
        return CLOSER
    if not is_free(flow, sizes):
        return OUTSIDE
    return LIMIT if flow.role == "generation" else TARGET


def _free_end(flow: Flow) -> bool:
    """A flow without role and bound that only takes, or only gives: it takes what is left."""
    unbounded = not flow.cap.terms and bool(np.all(np.isinf(flow.cap.constant)))
    return not flow.role and unbounded and (not flow.give or not flow.take)


def _fold(budget: Budget, most: Floats, valued: Valued) -> None:
    """A hard rule over single periods that speaks of one flow alone is a cap of it."""
    flows = [t for t in budget.expression.terms if not isinstance(t.variable, Size)]
    if budget.integrates or budget.slack is not None or len(flows) != 1:
        return
    term = flows[0]
    if not isinstance(term.variable, Flow) or term.shift or not np.all(term.coefficient):
        return
    if np.any(np.asarray(term.coefficient) < 0.0):
        return
    rest = valued.one(Affine(budget.expression.constant, budget.expression.terms))
    cap = (valued.network.axis.full(budget.at_most) - rest) / term.coefficient
    column = term.variable.index
    most[:, column] = np.minimum(most[:, column], np.maximum(cap, 0.0))


def _ruled(network: Network, sort: Ints, valued: Valued) -> list[Ruled]:
    """Flows capped by others: declared so, or by a hard rule over single periods.

    Of such a rule the flow that is set and speaks for something comes down: generation before
    anything else. Rules of closers and accounts are kept by what they account for.
    """
    full = network.axis.full
    found = []
    for flow in network.flows:
        others = [term for term in flow.cap.terms if isinstance(term.variable, Flow)]
        if others:
            base = np.array(full(valued.one(flow.cap)))
            said = [(t.variable.index, np.array(full(t.coefficient))) for t in others
                    if isinstance(t.variable, Flow)]  # fmt: skip
            found.append(Ruled(flow.who, flow.index, base, said, []))
    for budget in network.budgets:
        if budget.integrates or budget.slack is not None:
            continue
        terms = [term for term in budget.expression.terms if not isinstance(term.variable, Size)]
        first = next((t for t in terms if _leads(t, sort)), None)
        if first is None or len(terms) < 2 or any(term.shift for term in terms):
            continue
        lead = np.array(full(first.coefficient))
        base = (full(budget.at_most) - full(valued.one(budget.expression))) / lead
        flows = [(t.variable.index, -np.array(full(t.coefficient)) / lead)
                 for t in terms if t is not first and isinstance(t.variable, Flow)]  # fmt: skip
        stores = [(t.variable.index, -np.array(full(t.coefficient)) / lead)
                  for t in terms if isinstance(t.variable, Store)]  # fmt: skip
        found.append(Ruled(budget.who, _flow(first).index, np.asarray(base), flows, stores))
    return [each for each in found if np.isfinite(each.base).any()]


def _leads(term: Term, sort: Ints) -> bool:
    flow = term.variable
    return (
        isinstance(flow, Flow) and int(sort[flow.index]) == LIMIT
        and bool(np.all(np.asarray(term.coefficient) > 0.0))
    )  # fmt: skip


def _flow(term: Term) -> Flow:
    assert isinstance(term.variable, Flow)
    return term.variable


def _node_entries(
    network: Network, sort: Ints
) -> tuple[Entries, list[tuple[int, int, Floats, float]]]:
    """Coefficients at nodes, and those that arrive later."""
    full = network.axis.full
    found: list[tuple[int, int, Floats]] = []
    delays = []
    for flow in network.flows:
        if sort[flow.index] == WORD:
            continue
        for node, value in flow.give.items():
            hours = flow.delay.get(node, 0.0)
            if hours:
                delays.append((flow.index, node.index, np.array(full(value)), float(hours)))
            else:
                found.append((flow.index, node.index, np.array(full(value))))
        for node, value in flow.take.items():
            found.append((flow.index, node.index, -np.array(full(value))))
    return _entries(network, found), delays


def _store_entries(network: Network) -> Entries:
    full = network.axis.full
    found: list[tuple[int, int, Floats]] = []
    for store in network.stores:
        for sign, part in ((1.0, store.fill), (-1.0, store.drain)):
            for flow, value in part.items():
                found.append((flow.index, store.index, sign * np.array(full(value))))
    return _entries(network, found)


def _entries(network: Network, found: Sequence[tuple[int, int, Floats]]) -> Entries:
    flow = np.array([each[0] for each in found], np.int64)
    into = np.array([each[1] for each in found], np.int64)
    series = [each[2] for each in found]
    stacked = np.stack(series, axis=1) if series else np.zeros((network.axis.stages, 0))
    return Entries(flow, into, np.ascontiguousarray(stacked))


def _pairs(network: Network) -> Ints:
    found = [
        (charge.index, discharge.index)
        for store in network.stores
        for charge in store.fill
        for discharge in store.drain
        if charge.role == "charge" and discharge.role == "discharge"
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def closing_order(network: Network, sort: Ints, entries: Entries) -> Closers:
    """Which node is closed when, and by what.

    A node that has an end of its own (a grid, a supply, a buyer, a dump) is closed last, the
    farther from one the earlier: what closes steam by a boiler moves the balance of electricity.
    At a node, ends come first, then stores there, then lines and conversions, and what is
    unserved last. A load that may be set cannot take what is not there, and comes down before
    that. Loads that are given and generation close nothing.
    """
    storing = {flow for store in network.stores for flow in (*store.fill, *store.drain)}
    paid = {each for line in network.lines if line.kind == "penalty"
            for each in line.quantity.variables
            if isinstance(each, Flow) and not each.role and not each.tags}  # fmt: skip
    at: list[list[int]] = [[] for _ in network.nodes]
    for place, node in enumerate(entries.into):
        at[node].append(place)
    touches = np.bincount(entries.flow, minlength=len(network.flows))
    ranks: list[list[tuple[int, int]]] = []
    for node in network.nodes:
        ranked = []
        for place in at[node.index]:
            flow = network.flows[entries.flow[place]]
            alone = touches[flow.index] == 1
            rank = _rank(flow, node, int(sort[flow.index]), alone, flow in storing, flow in paid)
            if rank >= 0:
                ranked.append((rank, place))
        ranks.append(sorted(ranked))
    far = _distance(network, entries, ranks)
    order = np.array(sorted(range(len(at)), key=lambda node: -far[node]), np.int64)
    first = np.cumsum([0, *(len(each) for each in ranks)])
    entry = [place for each in ranks for _, place in each]
    ended = _ended(entries, ranks)
    return Closers(order, np.asarray(first, np.int64), np.array(entry, np.int64), ended)


def _ended(entries: Entries, ranks: Sequence[Sequence[tuple[int, int]]]) -> BoolArray:
    """Of each closer, whether what it does at other nodes is made up for there by an end.

    What it takes more of has to be given: a grid can, a dump cannot.
    """
    sign = np.sign(entries.series.sum(axis=0))
    ends = [{float(sign[place]) for rank, place in each if rank == 0} for each in ranks]
    moves: dict[int, list[int]] = {}
    for place, flow in enumerate(entries.flow.tolist()):
        moves.setdefault(flow, []).append(place)
    found = [
        all(-float(sign[other]) in ends[entries.into[other]]
            for other in moves[int(entries.flow[place])]
            if entries.into[other] != entries.into[place])
        for each in ranks for _, place in each
    ]  # fmt: skip
    return np.array(found, bool)


def _rank(  # noqa: PLR0917
    flow: Flow, node: Node, sort: int, alone: bool, stored: bool, wish: bool
) -> int:
    """Place of a flow among those that close a node; negative if it does not."""
    if flow.role == "unserved" or (sort == CLOSER and wish):
        return 5
    if sort == CLOSER:
        return 0 if alone else 2
    if sort != TARGET:
        return -1
    if stored and flow.role in ("charge", "discharge"):
        return 1 if alone else 3
    if flow.give and flow.take:
        return 3 if node in flow.give else 4
    return 4 if flow.take else -1


def _distance(
    network: Network, entries: Entries, ranks: Sequence[Sequence[tuple[int, int]]]
) -> list[int]:
    """Flows between each node and the nearest one that has an end of its own."""
    flows: dict[int, set[int]] = {}
    for flow, node in zip(entries.flow, entries.into, strict=True):
        flows.setdefault(int(flow), set()).add(int(node))
    far = [len(network.nodes)] * len(network.nodes)
    for node, ranked in enumerate(ranks):
        if any(rank == 0 for rank, _ in ranked):
            far[node] = 0
    for _ in network.nodes:
        for node, ranked in enumerate(ranks):
            for _, place in ranked:
                for other in flows[int(entries.flow[place])]:
                    far[node] = min(far[node], far[other] + 1)
    return far
