"""How a network becomes wiring: homes of devices, areas behind connections, order of balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.image import micros
from zeroplant.operate.outside import has_inflow, is_load
from zeroplant.operate.points import BoolArray, Points, is_shed, possible_of, valued
from zeroplant.operate.rows import drivers_of, rows_of
from zeroplant.operate.wiring import Devices, Wiring, table
from zeroplant.waist.linear import Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Node, Store, unit_price

Entries = dict[tuple[int, int], Value]
"""Coefficients by node and flow; what is given is positive."""


def wiring_of(network: Network, points: Points, sizes: Mapping[str, float] | None = None) -> Wiring:
    """The arrays of a network whose points these are; ``sizes`` as for the points."""
    return _Wirer(network, points, sizes).wiring()


@dataclass
class _Wirer:
    """Everything that is needed to wire one network."""

    network: Network
    points: Points
    sizes: Mapping[str, float] | None

    def __post_init__(self) -> None:
        self.flows = [f for f in self.network.flows if f.name in self.points.index]
        self.place = {flow: number for number, flow in enumerate(self.flows)}
        nodes = self.network.nodes
        entries: Entries = {}
        for number, flow in enumerate(self.flows):
            for node, value in flow.give.items():
                entries[node.index, number] = entries.get((node.index, number), 0.0) + value
            for node, value in flow.take.items():
                entries[node.index, number] = entries.get((node.index, number), 0.0) - value
        self.entries = {key: entries[key] for key in sorted(entries)}
        self.entry = {key: number for number, key in enumerate(self.entries)}
        self.coefficients = list(self.entries.values())
        self.late = {node.index for flow in self.flows for node in flow.delay}
        self.area, self.areas = _areas(nodes, self.flows)

    def wiring(self) -> Wiring:
        """The arrays."""
        flows, stores, stages = self.flows, self.network.stores, self.network.axis.stages
        homes = {f: self._home(f) for f in flows if self.points.writable[self.place[f]]}
        devices = self._devices(homes)
        called = {*devices.gives.tolist(), *devices.takes.tolist()}
        exchange, behind = self._exchanges()
        caps = [valued(flow.cap, self.sizes, np.inf) for flow in flows]
        rows, coefficients, mosts = rows_of(self.network, self.points, self.sizes)
        keys = np.array(list(self.entries), dtype=np.int64).reshape(-1, 2)
        guests, rooms = self._guests()
        first, of, fill = _stored(stores, self.place, len(flows))
        alone = np.array(
            [self.place[f] for f in homes if self.place[f] not in called], dtype=np.int64
        )
        return Wiring(
            points=self.points,
            start=micros(self.network.axis.start),
            step=round(self.network.axis.hours * 3.6e9),
            stages=stages,
            nodes=tuple(node.name for node in self.network.nodes),
            area=self.area,
            areas=self.areas,
            order=self._product_first(homes),
            entry_node=keys[:, 0].copy(),
            entry_flow=keys[:, 1].copy(),
            node_first=np.searchsorted(keys[:, 0], np.arange(len(self.network.nodes) + 1)),
            store_first=first,
            store_of=of,
            fill=fill,
            exchange=exchange,
            exchange_area=behind,
            idle=np.array([flow.role in ("unserved", "spill") for flow in flows], dtype=bool),
            shed=np.array([is_shed(flow) for flow in flows], dtype=bool),
            agreed=np.array(["agreed" in flow.tags for flow in flows], dtype=bool),
            passive=np.array([self._is_passive(flow) for flow in flows], dtype=bool),
            given=np.array([np.ndim(cap) > 0 for cap in caps], dtype=bool),
            size=np.array([*map(_size, caps, self.points.most[: len(flows)].tolist())]),
            guests=guests,
            rooms=rooms,
            possible=np.array(
                [self.points.index.get(possible_of(flow.name), -1) for flow in flows], np.int64
            ),
            alone=alone,
            driver=drivers_of(self.network, self.points, alone),
            rough=[(f, *zone) for f in alone.tolist() for zone in flows[f].rough],
            devices=devices,
            even=self._even(devices),
            rows=rows,
            tables={name: table(each, stages) for name, each in self._values(caps).items()}
            | {"row coefficient": table(coefficients, stages), "row most": table(mosts, stages)},
        )

    def _guests(self) -> tuple[BoolArray, BoolArray]:
        """Loads that are set, and those of them that keep a store against the weather."""
        loads = np.array([flow.role == "load" for flow in self.flows], dtype=bool)
        guests = loads & self.points.writable[: len(self.flows)]
        stores = [store for store in self.network.stores if has_inflow(store)]
        kept = {flow for store in stores for flow in (*store.fill, *store.drain)}
        return guests, guests & np.array([flow in kept for flow in self.flows], dtype=bool)

    def _even(self, devices: Devices) -> BoolArray:
        """Which devices are made to run evenly, among those that areas call on."""
        process = np.array(["process" in flow.tags for flow in self.flows], dtype=bool)
        calls = (devices.home >= len(self.network.nodes)) & (devices.takes >= 0)
        return np.asarray(calls & process[devices.takes])

    def _values(self, caps: Sequence[Value]) -> dict[str, Sequence[Value]]:
        """What changes with the period, by the names of the tables."""
        flows, stores = self.flows, self.network.stores
        return {
            "floor": [valued(flow.floor, self.sizes, 0.0) for flow in flows],
            "cap": caps,
            "give": self.coefficients,
            "cost": _costs(self.network, self.place, self.network.axis.stages),
            "level floor": [valued(store.floor, self.sizes, 0.0) for store in stores],
            "level cap": [valued(store.cap, self.sizes, np.inf) for store in stores],
            "keep": [store.keep for store in stores],
            "inflow": [store.inflow for store in stores],
        }

    def _exchanges(self) -> tuple[Floats, Ints]:
        """Which flows export (1) and import (-1), and the area behind each of them (-1: none)."""
        exchange = np.array([{"export": 1.0, "import": -1.0}.get(f.role, 0.0) for f in self.flows])
        behind = np.full(len(exchange), -1, np.int64)
        for node, flow in self.entries:
            if exchange[flow]:
                behind[flow] = self.area[node]
        return exchange, behind

    def _is_passive(self, flow: Flow) -> bool:
        """Whether a flow takes or gives what is left at one node, and is no load."""
        if self.points.writable[self.place[flow]] or flow.role in ("unserved", "spill", "transfer"):
            return False
        touched = {node.index for node in (*flow.give, *flow.take)}
        return len(touched) == 1 and not is_load(flow)

    def _home(self, flow: Flow) -> int:
        """Where a flow is called on: see the text of `zeroplant.operate.wiring`; -1: nowhere."""
        touched = [n for n in (*flow.give, *flow.take) if n.index not in self.late]
        if not touched or flow.delay:
            return -1
        if all(node.carrier == "electricity" for node in touched):
            return self._electric_home(touched)
        products = [n for n in flow.give if n in touched and n.carrier != "electricity"]
        if products:
            return products[0].index
        given = [n for n in flow.give if n in touched]
        if given:
            return self._electric_home(given)
        return next(n.index for n in touched if n.carrier != "electricity")

    def _electric_home(self, touched: Sequence[Node]) -> int:
        """The area of a node; of a line, the end that has no connection of its own."""
        if len(touched) == 1:
            area = int(self.area[touched[0].index])
            return len(self.network.nodes) + area if area >= 0 else touched[0].index
        connected = {
            node for node, number in self.entries if self.flows[number].role in ("import", "export")
        }
        return next((n.index for n in touched if n.index not in connected), -1)

    def _devices(self, homes: Mapping[Flow, int]) -> Devices:
        pairs = _pairs(self.network.stores, homes)
        rows: list[tuple[int, int, int, int, int, int]] = []
        paired = {flow for pair in pairs for flow in pair[:2]}
        nodes = len(self.network.nodes)
        for charge, discharge, store in pairs:
            home = homes[charge]
            gives, takes = self.place[discharge], self.place[charge]
            entries = self._entry(home, discharge), self._entry(home, charge)
            rows.append((home, gives, takes, *entries, store))
        for flow, home in homes.items():
            if flow in paired or home < 0:
                continue
            entry, number = self._entry(home, flow), self.place[flow]
            coefficient = float(np.mean(self.coefficients[entry]))
            if coefficient > 0.0:
                rows.append((home, number, -1, entry, -1, -1))
            elif coefficient < 0.0:
                rows.append((home, -1, number, -1, entry, -1))
        rows.sort(key=lambda row: row[0])
        columns = np.array(rows, dtype=np.int64).reshape(-1, 6).T.copy()
        first = np.searchsorted(columns[0], np.arange(nodes + self.areas + 1))
        return Devices(
            columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], first
        )

    def _entry(self, home: int, flow: Flow) -> int:
        """The balance entry of a flow at its home."""
        number, nodes = self.place[flow], len(self.network.nodes)
        touched = [n.index for n in (*flow.give, *flow.take)]
        at = [n for n in touched if n == home or (home >= nodes and self.area[n] == home - nodes)]
        return self.entry[at[0], number]

    def _product_first(self, homes: Mapping[Flow, int]) -> Ints:
        """Nodes that devices touch, each before those its devices draw from; lines last."""
        nodes = [n.index for n in self.network.nodes if n.index not in self.late]
        home_of = {h for h in homes.values() if h >= 0}
        behind: dict[int, set[int]] = {n: set() for n in nodes}
        for flow, home in homes.items():
            for node in (*flow.give, *flow.take):
                if home in behind and node.index in behind and node.index != home:
                    behind[node.index].add(home)
        order: list[int] = []
        while left := [n for n in nodes if n not in order]:
            ready = [n for n in left if behind[n] <= set(order)]
            order.extend(ready or left[:1])  # what runs in a circle begins anywhere
        drawn = {node.index for flow in homes for node in (*flow.give, *flow.take)}
        closed = [n for n in order if n in drawn and self.area[n] < 0]
        lines = [n for n in order if n in home_of and self.area[n] >= 0]
        return np.array(closed + lines, dtype=np.int64)


def _size(cap: Value, most: float) -> float:
    """What a flow is measured by; 1 where nothing is known."""
    expected = float(np.max(cap)) if np.ndim(cap) else most
    found = min(expected, most) if expected > 0.0 else most
    return found if 0.0 < found < np.inf else 1.0


def _areas(nodes: Sequence[Node], flows: Sequence[Flow]) -> tuple[Ints, int]:
    """Groups of electric nodes that lines join and that the grid stands behind."""
    group = list(range(len(nodes)))

    def root(n: int) -> int:
        while group[n] != n:
            n = group[n]
        return n

    connected = set()
    for flow in flows:
        touched = [n.index for n in (*flow.give, *flow.take) if n.carrier == "electricity"]
        if flow.role in ("import", "export"):
            connected.update(touched)
        if flow.role == "transfer":
            for n in touched[1:]:
                group[root(n)] = root(touched[0])
    roots = sorted({root(n) for n in connected})
    number = {r: place for place, r in enumerate(roots)}
    area = [number.get(root(n.index), -1) for n in nodes]
    return np.array(area, dtype=np.int64), len(roots)


def _pairs(stores: Sequence[Store], homes: Mapping[Flow, int]) -> list[tuple[Flow, Flow, int]]:
    """Stores that one flow fills and one drains, both of the same home and of no other node."""
    pairs = []
    for store in stores:
        if len(store.fill) != 1 or len(store.drain) != 1:
            continue
        charge, discharge = next(iter(store.fill)), next(iter(store.drain))
        home = homes.get(charge, -1)
        plain = len(charge.take) == len(discharge.give) == 1 and not charge.give
        if home >= 0 and home == homes.get(discharge, -2) and plain and not discharge.take:
            pairs.append((charge, discharge, store.index))
    return pairs


def _stored(
    stores: Sequence[Store], place: Mapping[Flow, int], flows: int
) -> tuple[Ints, Ints, Floats]:
    """What each flow does to stores: first entry per flow, store and coefficient per entry."""
    rows: list[tuple[int, int, float]] = []
    for store in stores:
        for sign, side in ((1.0, store.fill), (-1.0, store.drain)):
            rows += [
                (place[f], store.index, sign * float(np.mean(value)))
                for f, value in side.items()
                if f in place
            ]
    rows.sort(key=lambda row: row[:2])
    first = np.searchsorted([row[0] for row in rows], np.arange(flows + 1))
    of = np.array([row[1] for row in rows], dtype=np.int64)
    return first, of, np.array([row[2] for row in rows], dtype=float)


def _costs(network: Network, place: Mapping[Flow, int], stages: int) -> list[Value]:
    """Money per unit and hour of each flow by the ledger, wishes and emissions apart.

    Of load that is shed, what it is worth to whom it is not served counts too.
    """
    costs: list[Value] = [0.0] * len(place)
    for line in network.lines:
        if line.kind in ("risk", "emission"):
            continue
        for term in line.quantity.terms:
            if isinstance(term.variable, Flow) and term.variable in place:
                if line.kind == "penalty" and not is_shed(term.variable):
                    continue
                number = place[term.variable]
                price = np.asarray(unit_price(line))
                if price.ndim and price.shape != (stages,):
                    price = price.mean()
                costs[number] = costs[number] + term.coefficient * price
    return [float(c) if np.ndim(c) == 0 else c for c in costs]
