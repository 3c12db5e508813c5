"""The envelope of a network: what no set-point may leave, read from the network's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.points import BoolArray, Points, asset_of, is_shed
from zeroplant.operate.wiring import Table, table
from zeroplant.waist.linear import Affine, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Size


@dataclass(frozen=True)
class Envelope:
    """What no set-point may leave, period by period; flows in the order of the points.

    ``both`` are (charge, discharge, store) of plain stores, which nothing else fills or drains;
    of the others ``fill`` says what each flow brings (or, negative, takes) per hour, ``inflow``
    what comes by itself; ``empty`` and ``full`` bound levels. ``push`` is what each flow adds to
    the export of a connection per unit, ``feed`` and ``draw`` the most a connection may export and
    import in MW. ``meter`` is +1 for a flow that is metered as export there, −1 for import. What
    ``generates`` has a limit and no target; ``sheds`` are flows by which load is switched off.
    """

    least: Table
    most: Table
    settable: BoolArray
    generates: BoolArray
    sheds: BoolArray
    both: Ints
    fill_of: Ints
    fill_flow: Ints
    fill: Floats
    inflow: Table
    empty: Table
    full: Table
    push_at: Ints
    push_flow: Ints
    push: Floats
    meter_at: Ints
    meter_flow: Ints
    meter: Floats
    feed: Table
    draw: Table


def envelope_of(
    network: Network, points: Points, sizes: Mapping[str, float] | None = None
) -> Envelope:
    """The envelope of a network, read from its words and from nothing else."""
    place = {name: number for number, name in enumerate(points.names[: points.flows])}
    flows = [flow for flow in network.flows if flow.name in place]

    def bound(expression: Affine, *, greatest: bool) -> Value:
        return _bound(expression, sizes or {}, greatest=greatest)

    stages = network.axis.stages
    most = [
        # A series of the weather was only expected.
        float(points.most[place[flow.name]])
        if flow.role == "generation" and np.ndim(flow.cap.constant) > 0
        else bound(flow.cap, greatest=True)
        for flow in flows
    ]
    both, filled = _filling(network, place)
    pushed, metered, (feed, draw) = _carried(network, flows, place, most)
    return Envelope(
        least=table([bound(flow.floor, greatest=False) for flow in flows], stages),
        most=table(most, stages),
        settable=points.writable[: points.flows].copy(),
        generates=np.array([flow.role == "generation" for flow in flows], dtype=bool),
        sheds=np.array([is_shed(flow) for flow in flows], dtype=bool),
        both=np.array(both, dtype=np.int64).reshape(-1, 3),
        fill_of=filled[:, 0].astype(np.int64),
        fill_flow=filled[:, 1].astype(np.int64),
        fill=filled[:, 2].copy(),
        inflow=table([store.inflow for store in network.stores], stages),
        empty=table([bound(store.floor, greatest=False) for store in network.stores], stages),
        full=table([bound(store.cap, greatest=True) for store in network.stores], stages),
        push_at=pushed[:, 0].astype(np.int64),
        push_flow=pushed[:, 1].astype(np.int64),
        push=pushed[:, 2].copy(),
        meter_at=metered[:, 0].astype(np.int64),
        meter_flow=metered[:, 1].astype(np.int64),
        meter=metered[:, 2].copy(),
        feed=table(feed, stages),
        draw=table(draw, stages),
    )


def _filling(
    network: Network, place: Mapping[str, int]
) -> tuple[list[tuple[int, int, int]], Floats]:
    """Plain stores with the flows that fill and drain them; of others store, flow and rate."""
    both = [
        (place[charge.name], place[discharge.name], store.index)
        for store in network.stores
        if len(store.fill) == len(store.drain) == 1 and not np.any(store.inflow)
        for charge, discharge in zip(store.fill, store.drain, strict=True)
        if charge.name in place and discharge.name in place
    ]
    plain = {store for _, _, store in both}
    moved = [
        (store.index, place[flow.name], sign * float(np.mean(rate)))
        for store in network.stores
        if store.index not in plain
        for sign, side in ((1.0, store.fill), (-1.0, store.drain))
        for flow, rate in side.items()
        if flow.name in place
    ]
    return both, np.array(moved, dtype=float).reshape(-1, 3)


def _carried(
    network: Network, flows: Sequence[Flow], place: Mapping[str, int], most: Sequence[Value]
) -> tuple[Floats, Floats, tuple[list[Value], list[Value]]]:
    """What pushes at each connection and what meters it: connection, flow and sign; its limits."""
    joined = _joined(network)
    pushes, meters = list[tuple[int, int, float]](), list[tuple[int, int, float]]()
    rated: dict[tuple[int, float, str], Value] = {}
    for flow in flows:
        number = place[flow.name]
        for node in {*flow.give, *flow.take}:
            if node.index not in joined:
                continue
            at = joined[node.index]
            per_unit = float(np.mean(flow.give.get(node, 0.0)) - np.mean(flow.take.get(node, 0.0)))
            if flow.role in ("import", "export"):
                sign = 1.0 if flow.role == "export" else -1.0
                meters.append((at, number, sign))
                # What one asset buys twice (green and not) still goes through one connection.
                key = at, sign, asset_of(flow.name)
                rated[key] = np.maximum(rated.get(key, 0.0), most[number])
            elif flow.role != "transfer":
                pushes.append((at, number, per_unit))

    def limit(sign: float) -> list[Value]:
        return [
            sum((v for (a, s, _), v in rated.items() if (a, s) == (at, sign)), 0.0)
            for at in range(len(set(joined.values())))
        ]

    pushed = np.array(pushes, dtype=float).reshape(-1, 3)
    return pushed, np.array(meters, dtype=float).reshape(-1, 3), (limit(1.0), limit(-1.0))


def _bound(bound: Affine, sizes: Mapping[str, float], *, greatest: bool) -> Value:
    """A bound as a number or one per stage; no bound where other flows have a say."""
    constant = bound.constant
    for term in bound.terms:
        if not isinstance(term.variable, Size):
            return np.inf if greatest else 0.0
        size = sizes.get(term.variable.name, term.variable.upper)
        constant = constant + term.coefficient * size
    return constant


def _joined(network: Network) -> dict[int, int]:
    """Electric nodes that a connection stands behind, by the number of their connection."""
    reached = {
        node.index: {node.index}
        for flow in network.flows
        if flow.role in ("import", "export")
        for node in (*flow.give, *flow.take)
    }
    lines = [
        {node.index for node in (*flow.give, *flow.take)}
        for flow in network.flows
        if flow.role == "transfer"
    ]
    groups: list[set[int]] = []
    for start in reached:
        group = {start}
        while more := [line for line in lines if line & group and not line <= group]:
            group |= set().union(*more)
        if group not in groups:
            groups.append(group)
    return {node: number for number, group in enumerate(groups) for node in group}
