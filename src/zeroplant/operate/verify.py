"""Verify: what was commanded, what the device reports, what the meter says.

An acknowledgement is a promise. A device *follows* while its measured power stays near the
set-points of the last seconds (``settle`` long, for it may be slow); a generator, whose set-point
is a limit, while it stays below and gives what it says is possible. One that stays below what it
is told has a **ceiling** at its measured power, one that stays above it a **bottom**: nobody counts
on more, or on less, and others make up for it. A device that was caught on one side is hardly
waited for on the other. It goes on being told what is wanted, and is believed again once it has
followed for a while; each time it fails again, that while begins later.

A turbine has two set-points: the water it lets through, and the limit of its power. It follows the
lower of both, so that power below its limit is nobody's failure while the water is as told.

Meters of devices are off by a little, each by its own. What a device says while it stands at its
set-point, less that set-point, is its **offset**: so a change of what it is told is a change of
what it does, and not of its meter.

Readings are doubted where they leave the limits of the point, and where a balance does not close
and some reading in it has not moved by a digit for a minute: then that reading is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.points import BoolArray
from zeroplant.operate.settings import Settings
from zeroplant.operate.wiring import Stage, Wiring

FULL = 1e-3
"""Part of what is possible below which a generator counts as curtailed."""
FAR = 0.3
"""Part of what it is told, or of what it does, by which a device is off that is told of."""
GUESTS = 900.0
"""Seconds for which load that depends on who is there (cars, packs, people in rooms) may take less
than it is told before somebody is called: by then a new plan has counted anew who is. That rooms
take more calls nobody: they keep their band by themselves."""
OFFSET = 60.0
"""Seconds over which a meter is compared with the set-point,"""
STANDS = 0.02
"""and part of its rating within which a device stands at it."""
OUTSIDE = 0.2
"""Part of a point's range beyond it that meters may reach: overload, and their own error."""


@dataclass(frozen=True)
class Reach:
    """What flows were seen to reach: no limit (0 and infinite) where a device follows.

    ``uncurtailed`` marks generators whose limit was above what they gave, ``offset`` is what a
    device's meter shows beyond its set-point where it stands there. ``fails`` marks those that were
    caught so far off that somebody must look: a room that is warm already takes a little less than
    it is told, and is no alarm.
    """

    bottom: Floats
    ceiling: Floats
    uncurtailed: BoolArray
    offset: Floats
    fails: BoolArray

    @property
    def follows(self) -> BoolArray:
        """Flows that do what they are told on both sides."""
        return np.asarray((self.bottom <= 0.0) & np.isinf(self.ceiling))


@dataclass(frozen=True)
class Doubts:
    """Which readings are not to be believed, and which balances do not close.

    ``apart`` is by how much more [MW] may leave each area than its meters say (negative: come in),
    as long as it is not known which of the readings at an open balance is wrong.
    """

    outside: BoolArray
    frozen: BoolArray
    nodes: BoolArray
    apart: Floats


class Verifier:
    """Watches readings, and whether devices follow. Times are seconds that never jump."""

    def __init__(self, wiring: Wiring, settings: Settings, most: Floats) -> None:
        """``most`` is what each flow's size counts for at most: its connection may be small."""
        self.wiring, self.settings = wiring, settings
        self._room = settings.off * np.minimum(wiring.size, most)
        points, count = wiring.points, wiring.points.flows
        size = np.where(np.isfinite(points.most), points.most, np.maximum(points.least, 1.0))
        self._size = np.maximum(np.abs(size), 1e-6)
        self._below = points.least - OUTSIDE * self._size
        self._above = points.most + OUTSIDE * self._size
        _more_through_connections(wiring, self._above)
        self._is_limit = wiring.possible >= 0
        self.watched = _watched(wiring)
        self.slow = ~self.watched
        self._patience = np.stack([
            np.where(wiring.guests, GUESTS, settings.settle),
            np.where(wiring.rooms, np.inf, settings.settle),
        ])  # fmt: skip
        self._last = np.full(len(points), np.nan)
        self._told = np.full(count, np.nan)
        self._moved = np.full(len(points), -np.inf)
        self._low, self._high = np.full(count, np.nan), np.full(count, np.nan)
        # Of each side: below what is wanted, and above.
        self._away, self._near, self._retry = (np.zeros((2, count)) for _ in range(3))
        self._seen = np.full((2, count), np.nan)
        self._wait = np.full((2, count), settings.probe)
        self._caught, self._far = np.zeros((2, count), bool), np.zeros((2, count), bool)
        self._bound, self._long = np.zeros((2, count)), np.zeros((2, count))
        self._open_since = np.full(len(wiring.nodes), np.inf)
        self.reach = Reach(
            np.zeros(count),
            np.full(count, np.inf),
            self._is_limit.copy(),
            np.zeros(count),
            np.zeros(count, bool),
        )

    def take_over(self, before: Verifier) -> None:
        """Go on with what was found out of the same devices."""
        self._last, self._moved, self._told = before._last, before._moved, before._told
        self._low, self._high = before._low, before._high
        self._away, self._near, self._seen = before._away, before._near, before._seen
        self._retry, self._wait = before._retry, before._wait
        self._caught, self._far, self._bound = before._caught, before._far, before._bound
        self._long = before._long
        self.reach = before.reach
        if self.wiring.nodes == before.wiring.nodes:
            self._open_since = before._open_since

    def doubt(self, now: float, value: Floats, good: BoolArray, stage: Stage) -> Doubts:
        """What of a new image is not to be believed."""
        outside = np.zeros(len(value), bool)
        _look(now, value, good, self._below, self._above, self._last, self._moved, outside)
        nodes, left = np.zeros(len(self.wiring.nodes), bool), np.zeros(len(self.wiring.nodes))
        some = _open_nodes(
            now, self.wiring.node_first, self.wiring.entry_flow, stage.give, self.wiring.area,
            value, good, outside, self._size, self.wiring.exchange, self.settings.meter_off,
            self.settings.settle, self._open_since, nodes, left,
        )  # fmt: skip
        frozen, apart = np.zeros(len(value), bool), np.zeros(self.wiring.areas)
        if some:
            still = good & (now - self._moved >= self.settings.frozen)
            self._freeze(nodes, still, value, frozen)
            found = np.zeros(len(nodes), bool)
            found[self.wiring.entry_node[frozen[self.wiring.entry_flow]]] = True
            unclear = nodes & ~found
            np.add.at(apart, self.wiring.area[unclear], left[unclear])
        return Doubts(outside, frozen, nodes, apart)

    def _freeze(self, nodes: BoolArray, still: BoolArray, value: Floats, frozen: BoolArray) -> None:
        """Mark what stands still at open nodes, in place: what flows, and whole connections.

        One direction of a meter is always nothing, and so may be both; but not for a minute while
        all around it does not add up.
        """
        wiring = self.wiring
        at = nodes[wiring.entry_node]
        flows = wiring.entry_flow[at]
        meters = wiring.exchange[flows] != 0.0
        frozen[flows] = still[flows] & (np.abs(value[flows]) > 0.01 * self._size[flows])
        moves = np.zeros(len(nodes), bool)
        moves[wiring.entry_node[at][meters & ~still[flows]]] = True
        stuck = meters & ~moves[wiring.entry_node[at]]
        frozen[flows[stuck]] = True

    def commanded(self, setpoints: Floats, seconds: float) -> None:
        """Remember what flows were told; ``seconds`` since the time before."""
        self._told = setpoints
        part = min(1.0, seconds / self.settings.settle)
        _relax(setpoints, part, self._low, self._high)

    def judge(
        self, now: float, seconds: float, flow: Floats, possible: Floats, measured: BoolArray
    ) -> Reach:
        """What flows can be counted on for; ``measured`` marks those whose power is known.

        ``possible`` is what generators say they could give, nan where nothing is said.
        """
        settings, reach = self.settings, self.reach
        measured = measured & self.watched
        _judge(
            now, seconds, flow, possible, measured, self._is_limit, self._told,
            self._low, self._high, self._room, settings.settle, self._patience,
            settings.probe, settings.probe_most, self.wiring.driver, self._away, self._near,
            self._seen, self._retry, self._wait, self._caught, self._far, self._bound, self._long,
        )  # fmt: skip
        _found(
            min(1.0, seconds / OFFSET), flow, possible, measured, self._is_limit,
            self._told, self._low, self._high, self._room, self.wiring.size, self._caught,
            self._far, self._bound, reach.bottom, reach.ceiling, reach.uncurtailed, reach.offset,
            reach.fails,
        )  # fmt: skip
        return reach


def _more_through_connections(wiring: Wiring, above: Floats) -> None:
    """What the meter of a connection is believed, in place: all that is behind it, at its most.

    That a connection carries more than it may is what must be seen, and no fault of its meter.
    """
    area, most = wiring.area[wiring.entry_node], wiring.points.most[wiring.entry_flow]
    inside = (area >= 0) & (wiring.exchange[wiring.entry_flow] == 0.0)
    give = np.abs(wiring.at(0).give)
    could = np.multiply(give, most, out=np.zeros_like(give), where=give > 0.0)
    behind = (1.0 + OUTSIDE) * np.bincount(area[inside], could[inside], wiring.areas)
    meters = np.flatnonzero(wiring.exchange)
    above[meters] = np.maximum(above[meters], behind[wiring.exchange_area[meters]])


def _watched(wiring: Wiring) -> BoolArray:
    """Flows that are to follow to the letter: those an area of electricity calls on.

    Where no grid stands behind a balance (steam, hydrogen), the devices at it keep it among
    themselves, around what they are told.
    """
    devices = wiring.devices
    calls = devices.home >= len(wiring.nodes)
    watched = np.zeros(wiring.points.flows, bool)
    for flows in (devices.gives[calls], devices.takes[calls]):
        watched[flows[flows >= 0]] = True
    return watched


@njit(cache=True, nogil=True)
def _relax(setpoints: Floats, part: float, low: Floats, high: Floats) -> None:
    """Least and greatest of the last set-points, in place: they come back to the last one."""
    for f in range(len(setpoints)):
        s = setpoints[f]
        if np.isnan(s):
            continue
        if np.isnan(low[f]):
            low[f] = high[f] = s
        low[f] = s if s <= low[f] else low[f] + part * (s - low[f])
        high[f] = s if s >= high[f] else high[f] + part * (s - high[f])


@njit(cache=True, nogil=True)
def _look(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    now: float, value: Floats, good: BoolArray, below: Floats, above: Floats, last: Floats,
    moved: Floats, outside: BoolArray,
) -> None:  # fmt: skip
    """Which good readings are out of bounds, and when each last moved by a digit, in place."""
    for p in range(len(value)):
        if good[p]:
            outside[p] = value[p] < below[p] or value[p] > above[p]
            if value[p] != last[p]:
                last[p], moved[p] = value[p], now


@njit(cache=True, nogil=True)
def _judge(  # noqa: PLR0917 - as above
    now: float, seconds: float, flow: Floats, possible: Floats, measured: BoolArray,
    is_limit: BoolArray, told: Floats, low: Floats, high: Floats, room: Floats, settle: float,
    patience: Floats, probe: float, most: float, driver: Ints, away: Floats, near: Floats,
    seen: Floats, retry: Floats, wait: Floats, caught: BoolArray, far: BoolArray, bound: Floats,
    long: Floats,
) -> None:  # fmt: skip
    """Which flows stay below what they are told (side 0), or above it (side 1), in place.

    ``seen`` is what it did when it was last on its way there, and ``bound`` what one that was
    caught last reached against what it was told; ``driver`` is another set-point of its machine.
    ``long`` are seconds for which it was far off, less those since in which it was not.
    """
    for f in range(len(flow)):
        wanted = low[f]
        if is_limit[f]:  # it can give no more than is possible, and unknown is not expected
            wanted = -np.inf if np.isnan(possible[f]) else np.fmin(low[f], possible[f])
        for side in range(2):
            apart = wanted - flow[f] if side == 0 else flow[f] - high[f]
            off = apart > room[f]
            if measured[f] and not np.isnan(apart):
                nearer = flow[f] - seen[side, f] if side == 0 else seen[side, f] - flow[f]
                if not off or not nearer <= 0.4 * room[f]:  # there, or on its way
                    away[side, f], seen[side, f] = 0.0, flow[f]
                else:
                    away[side, f] += seconds
                near[side, f] = 0.0 if off else near[side, f] + seconds
                if not caught[side, f]:
                    if away[side, f] >= (settle / 4.0 if caught[1 - side, f] else settle):
                        caught[side, f] = True
                        retry[side, f] = now + wait[side, f]
                        wait[side, f] = min(2.0 * wait[side, f], most)
                    elif near[side, f] >= most:
                        wait[side, f] = probe
                elif now >= retry[side, f] and near[side, f] >= settle:
                    caught[side, f] = far[side, f] = False
                more = wanted if side == 0 else flow[f]
                d = driver[f] if side == 0 else -1
                driven = d >= 0 and flow[d] >= (1.0 - FAR) * low[d]
                further = away[side, f] > 0.0 and apart > FAR * more and not driven
                long[side, f] = max(long[side, f] + (seconds if further else -seconds), 0.0)
                stays = caught[side, f] and long[side, f] >= patience[side, f]
                far[side, f] |= stays and further
            if caught[side, f]:
                beyond = flow[f] > bound[side, f] if side == 0 else flow[f] < bound[side, f]
                if off or beyond:
                    bound[side, f] = flow[f]


@njit(cache=True, nogil=True)
def _found(  # noqa: PLR0917 - as above
    part: float, flow: Floats, possible: Floats, measured: BoolArray, is_limit: BoolArray,
    told: Floats, low: Floats, high: Floats, room: Floats, size: Floats, caught: BoolArray,
    far: BoolArray, bound: Floats, bottom: Floats, ceiling: Floats, uncurtailed: BoolArray,
    offset: Floats, fails: BoolArray,
) -> None:  # fmt: skip
    """What flows reach, in place; offsets move to what meters show beyond set-points that stand."""
    for f in range(len(flow)):
        bottom[f] = bound[1, f] if caught[1, f] else 0.0
        ceiling[f] = bound[0, f] if caught[0, f] else np.inf
        could = flow[f] if np.isnan(possible[f]) else possible[f]
        uncurtailed[f] = is_limit[f] and not told[f] < (1.0 - FULL) * could
        fails[f] = far[0, f] or far[1, f]
        apart = flow[f] - high[f]
        stands = high[f] - low[f] <= 0.1 * room[f]
        if measured[f] and stands and abs(apart) <= STANDS * size[f]:
            offset[f] += part * (apart - offset[f])


@njit(cache=True, nogil=True)
def _open_nodes(  # noqa: PLR0917 - as above
    now: float, node_first: Ints, entry_flow: Ints, give: Floats, area: Ints, value: Floats,
    good: BoolArray, outside: BoolArray, size: Floats, exchange: Floats, off: float, settle: float,
    since: Floats, nodes: BoolArray, more: Floats,
) -> bool:  # fmt: skip
    """Mark electric nodes all of whose flows are measured and whose balance does not close.

    A balance may be open by the part ``off`` of all that flows, and of a connection's rating; by
    more only for as long as ``settle``, ``since`` when it says. ``more`` is what is given there
    more than taken. Returns whether any node is marked.
    """
    some = False
    for node in range(len(nodes)):
        left, whole, complete = 0.0, 0.0, area[node] >= 0
        for e in range(node_first[node], node_first[node + 1]):
            if not complete:
                break
            flow = entry_flow[e]
            complete = good[flow] and not outside[flow]
            left += give[e] * value[flow]
            whole += abs(give[e]) * max(abs(value[flow]), size[flow] * abs(exchange[flow]))
        more[node] = left
        is_open = complete and abs(left) > off * whole + 1e-6
        since[node] = min(since[node], now) if is_open else np.inf
        nodes[node] = is_open and now - since[node] >= settle
        some |= nodes[node]
    return some
