"""Guard: the envelope that no set-point leaves, whatever the dispatch has decided.

It is written apart from the dispatch and from the wiring, with data of its own that it takes from
the network by itself, so that one mistake cannot be in both. It knows, for each flow, its limits;
for each store, its bounds and who fills and drains it; for each electric node, its connection. In
this order it makes sure that a set-point

1. is a number (else: nothing),
2. lies within the device's limits,
3. does not fill a full store or drain an empty one, and does not do both at once,
4. does not bring a connection over its rating, nor over what safety or the dispatch centre allow.

What has to go is taken from all that push in the wrong direction alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.operate.points import BoolArray, Points, asset_of
from zeroplant.waist.linear import Affine
from zeroplant.waist.network import Network
from zeroplant.waist.words import Size


class Clip(IntEnum):
    """Why a set-point was changed by the guard."""

    NONE = 0
    NO_NUMBER = 1
    LIMIT = 2
    LEVEL = 3
    BOTH = 4
    CONNECTION = 5


@dataclass(frozen=True)
class Envelope:
    """What no set-point may leave; flows in the order of the points.

    ``both`` are (charge, discharge, store) of plain stores, which nothing else fills or drains;
    ``empty`` and ``full`` bound levels. ``push`` is what each flow adds to the export of a
    connection per unit, ``feed`` and ``draw`` the most a connection may export and import in MW.
    ``meter`` is +1 for a flow that is metered as export there, −1 for import.
    """

    least: Floats
    most: Floats
    settable: BoolArray
    both: Ints
    empty: Floats
    full: Floats
    push_at: Ints
    push_flow: Ints
    push: Floats
    meter_at: Ints
    meter_flow: Ints
    meter: Floats
    feed: Floats
    draw: Floats


@dataclass(frozen=True)
class Guarded:
    """Set-points that are safe, why each was changed, and which connections stay over by how much.

    ``over`` is in MW per connection: what could not be taken away.
    """

    setpoints: Floats
    clip: NDArray[np.uint8]
    over: Floats


class Guard:
    """Keeps set-points within an envelope."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope

    def check(
        self,
        wishes: Floats,
        flow: Floats,
        level: Floats,
        possible: Floats,
        follows: BoolArray,
        *,
        least_export: float = -np.inf,
        most_export: float = np.inf,
    ) -> Guarded:
        """Wishes made safe. ``flow`` and ``level`` are as they are, ``possible`` nan if unknown.

        ``follows`` marks flows that will do what they are told; the others stay as they are.
        ``least_export`` and ``most_export`` bound all connections together: what safety and the
        dispatch centre allow.
        """
        e = self.envelope
        clip = np.zeros(len(wishes), np.uint8)
        safe = wishes.copy()
        broken = e.settable & ~np.isfinite(safe) & ~(safe == np.inf)
        safe[broken], clip[broken] = 0.0, Clip.NO_NUMBER
        within = np.minimum(np.maximum(safe, e.least), e.most)
        clip[e.settable & (within != safe)] = Clip.LIMIT
        safe = np.where(e.settable, within, np.nan)
        if len(e.both):
            charge, discharge, store = e.both.T
            self._stop(safe, clip, charge[level[store] >= e.full[store]], Clip.LEVEL)
            self._stop(safe, clip, discharge[level[store] <= e.empty[store]], Clip.LEVEL)
            clash = (safe[charge] > 0.0) & (safe[discharge] > 0.0)
            smaller = np.where(safe[charge] < safe[discharge], charge, discharge)
            self._stop(safe, clip, smaller[clash], Clip.BOTH)
        over = self._connections(safe, clip, flow, possible, follows, least_export, most_export)
        return Guarded(safe, clip, over)

    def _stop(self, safe: Floats, clip: NDArray[np.uint8], which: Ints, why: Clip) -> None:
        """Set flows to the least they may be, in place."""
        which = which[self.envelope.settable[which]]
        lowest = np.maximum(self.envelope.least[which], 0.0)
        clip[which] = np.where(safe[which] > lowest, why, clip[which])
        safe[which] = np.minimum(safe[which], lowest)

    def _connections(  # noqa: PLR0917 - what a check is given
        self,
        safe: Floats,
        clip: NDArray[np.uint8],
        flow: Floats,
        possible: Floats,
        follows: BoolArray,
        least_export: float,
        most_export: float,
    ) -> Floats:
        """Cut what would bring connections over their bounds, in place; what stays over."""
        e = self.envelope
        count = len(e.feed)
        if not count:
            return np.zeros(0)
        # A limit above what is possible changes nothing; what is unknown may rise up to the limit.
        comes = np.where(np.isnan(safe) | ~follows, flow, np.fmin(safe, possible))
        comes[~np.isfinite(comes)] = flow[~np.isfinite(comes)]
        now = np.bincount(e.meter_at, e.meter * flow[e.meter_flow], count).astype(float)
        moved = e.push * (comes - flow)[e.push_flow]
        then: Floats = np.asarray(now + np.bincount(e.push_at, moved, count), dtype=float)
        feed, draw = self._bounds(then, least_export, most_export)
        over = np.zeros(count)
        for sign, excess in ((1.0, then - feed), (-1.0, -draw - then)):
            if (excess > 1e-9).any():
                over += self._cut(safe, clip, comes, sign, np.maximum(excess, 0.0))
        return over

    def _bounds(
        self, then: Floats, least_export: float, most_export: float
    ) -> tuple[Floats, Floats]:
        """Most export and import of each connection, with the bounds of all of them shared out."""
        e = self.envelope
        total = float(then.sum())
        feed, draw = e.feed, e.draw
        if total > most_export:
            feed = np.minimum(feed, then - (total - most_export) * _part(then.clip(0.0)))
        if total < least_export:
            draw = np.minimum(draw, -then - (least_export - total) * _part((-then).clip(0.0)))
        return feed, draw

    def _cut(
        self,
        safe: Floats,
        clip: NDArray[np.uint8],
        comes: Floats,
        sign: float,
        excess: Floats,
    ) -> Floats:
        """Take ``excess`` per connection from what pushes that way, in proportion; what is left."""
        e = self.envelope
        room = (comes - np.maximum(e.least, 0.0))[e.push_flow]
        pushes = np.where(
            (e.push * sign > 0.0) & e.settable[e.push_flow] & (room > 0.0),
            e.push * sign * room,
            0.0,
        )
        whole = np.bincount(e.push_at, pushes, len(excess))
        part = np.divide(excess, whole, out=np.zeros_like(excess), where=whole > 0.0).clip(0.0, 1.0)
        hit = (pushes > 0.0) & (part[e.push_at] > 0.0)
        flows = e.push_flow[hit]
        safe[flows] = comes[flows] - part[e.push_at][hit] * room[hit]
        clip[flows] = Clip.CONNECTION
        return np.asarray(excess - part * whole)


def _part(values: Floats) -> Floats:
    whole = float(values.sum())
    return values / whole if whole > 0.0 else np.full_like(values, 1.0 / len(values))


def envelope_of(
    network: Network, points: Points, sizes: Mapping[str, float] | None = None
) -> Envelope:
    """The envelope of a network, read from its words and from nothing else."""
    place = {name: number for number, name in enumerate(points.names[: points.flows])}
    flows = [flow for flow in network.flows if flow.name in place]

    def extreme(bound: Affine, greatest: bool) -> float:
        return _extreme(bound, sizes or {}, greatest=greatest)

    least = np.array([extreme(flow.floor, False) for flow in flows])
    most = np.array([extreme(flow.cap, True) for flow in flows])
    driven = [f.role == "generation" and np.ndim(f.cap.constant) > 0 for f in flows]
    most = np.where(driven, points.most[: points.flows], most)  # a series was only expected
    both = [
        (place[charge.name], place[discharge.name], store.index)
        for store in network.stores
        if len(store.fill) == len(store.drain) == 1 and not np.any(store.inflow)
        for charge, discharge in zip(store.fill, store.drain, strict=True)
        if charge.name in place and discharge.name in place
    ]
    joined = _joined(network)
    pushes, meters = list[tuple[int, int, float]](), list[tuple[int, int, float]]()
    feed, draw = np.zeros((2, len(set(joined.values()))))
    rated: dict[tuple[int, float, str], float] = {}
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
                more = max(rated.get(key, 0.0), float(most[number]))
                (feed if sign > 0 else draw)[at] += more - rated.get(key, 0.0)
                rated[key] = more
            elif flow.role != "transfer":
                pushes.append((at, number, per_unit))
    pushed = np.array(pushes, dtype=float).reshape(-1, 3)
    metered = np.array(meters, dtype=float).reshape(-1, 3)
    return Envelope(
        least,
        most,
        points.writable[: points.flows].copy(),
        np.array(both, dtype=np.int64).reshape(-1, 3),
        np.array([extreme(store.floor, False) for store in network.stores]),
        np.array([extreme(store.cap, True) for store in network.stores]),
        pushed[:, 0].astype(np.int64),
        pushed[:, 1].astype(np.int64),
        pushed[:, 2].copy(),
        metered[:, 0].astype(np.int64),
        metered[:, 1].astype(np.int64),
        metered[:, 2].copy(),
        feed,
        draw,
    )


def _extreme(bound: Affine, sizes: Mapping[str, float], *, greatest: bool) -> float:
    """The least or greatest value of a bound over all stages; no bound where others have a say."""
    constant = bound.constant
    for term in bound.terms:
        if not isinstance(term.variable, Size):
            return np.inf if greatest else 0.0
        size = sizes.get(term.variable.name, term.variable.upper)
        constant = constant + term.coefficient * size
    return float(np.max(constant) if greatest else np.min(constant))


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
