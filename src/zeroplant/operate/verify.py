"""Verify: what was commanded, what the device reports, what the meter says.

An acknowledgement is a promise. A device *follows* while its measured power stays near the
set-points of the last seconds (``settle`` long, for it may be slow); a generator, whose set-point
is a limit, while it stays below and gives what it says is possible. One that stays below what it
is told has a **ceiling** at its measured power, one that stays above it a **bottom**: nobody counts
on more, or on less, and others make up for it. A device that was caught on one side is hardly
waited for on the other. It goes on being told what is wanted, and is believed again once it has
followed for a while; each time it fails again, that while begins later.

Meters of devices are off by a little, each by its own. What a device says while it stands at its
set-point, less that set-point, is its **offset**: so a change of what it is told is a change of
what it does, and not of its meter.

Readings are doubted where they leave the limits of the point, and where a balance does not close
and some reading in it has not moved by a digit for minutes: then that reading is frozen.
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
    """Which readings are not to be believed, and which balances do not close."""

    outside: BoolArray
    frozen: BoolArray
    nodes: BoolArray


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
        self._is_limit = wiring.possible >= 0
        self.watched = _watched(wiring)
        self._last = np.full(len(points), np.nan)
        self._told = np.full(count, np.nan)
        self._moved = np.full(len(points), -np.inf)
        self._low, self._high = np.full(count, np.nan), np.full(count, np.nan)
        # Of each side: below what is wanted, and above.
        self._away, self._near, self._retry = (np.zeros((2, count)) for _ in range(3))
        self._gap = np.full((2, count), np.inf)
        self._wait = np.full((2, count), settings.probe)
        self._caught, self._far = np.zeros((2, count), bool), np.zeros((2, count), bool)
        self._bound = np.zeros((2, count))
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
        self._away, self._near, self._gap = before._away, before._near, before._gap
        self._retry, self._wait = before._retry, before._wait
        self._caught, self._far, self._bound = before._caught, before._far, before._bound
        self.reach = before.reach
        if self.wiring.nodes == before.wiring.nodes:
            self._open_since = before._open_since

    def doubt(self, now: float, value: Floats, good: BoolArray, stage: Stage) -> Doubts:
        """What of a new image is not to be believed."""
        outside = good & ((value < self._below) | (value > self._above))
        moved = good & (value != self._last)
        self._moved[moved] = now
        self._last[moved] = value[moved]
        nodes = np.zeros(len(self.wiring.nodes), bool)
        _open_nodes(
            self.wiring.node_first, self.wiring.entry_flow, stage.give, self.wiring.area,
            value, good & ~outside, self._size, self.wiring.exchange, self.settings.meter_off,
            nodes,
        )  # fmt: skip
        self._open_since[~nodes] = np.inf
        self._open_since[nodes] = np.minimum(self._open_since[nodes], now)
        nodes &= now - self._open_since >= self.settings.settle
        frozen = np.zeros(len(value), bool)
        if nodes.any():
            count = self.wiring.points.flows
            at = nodes[self.wiring.entry_node]
            flows = np.unique(self.wiring.entry_flow[at])
            still = now - self._moved[flows] >= self.settings.frozen / 5.0
            large = np.abs(value[flows]) > 0.01 * self._size[flows]
            frozen[flows] = good[flows] & still & large & (flows < count)
        return Doubts(outside, frozen, nodes)

    def commanded(self, setpoints: Floats, seconds: float) -> None:
        """Remember what flows were told; ``seconds`` since the time before."""
        self._told = setpoints
        part = min(1.0, seconds / self.settings.settle)
        first = np.isnan(self._low)
        self._low[first], self._high[first] = setpoints[first], setpoints[first]
        _relax(setpoints, part, self._low, self._high)

    def judge(
        self, now: float, seconds: float, flow: Floats, possible: Floats, measured: BoolArray
    ) -> Reach:
        """What flows can be counted on for; ``measured`` marks those whose power is known.

        ``possible`` is what generators say they could give, nan where nothing is said.
        """
        room = self._room
        # What is measured is what a generator can give, unless its limit holds it there.
        expected = np.where(self._is_limit, np.fmin(self._low, possible), self._low)
        expected[self._is_limit & np.isnan(possible)] = -np.inf
        could = np.where(np.isnan(possible), flow, possible)
        uncurtailed = self._is_limit & ~(self._told < (1.0 - FULL) * could)
        watched = measured & self.watched
        settings = self.settings
        for side, (more, less) in enumerate(((expected, flow), (flow, self._high))):
            _judge(
                now, seconds, more, less, watched, room, settings.settle, settings.probe,
                settings.probe_most, self._away[side], self._near[side], self._gap[side],
                self._retry[side], self._wait[side], self._caught[1 - side], self._caught[side],
                self._far[side],
            )  # fmt: skip
            _bound(
                side == 0, flow, more - less > room, self._caught[side], self._bound[side]
            )  # fmt: skip
        (below, above), (most, least) = self._caught, self._bound
        offset = self.reach.offset
        _compare(
            min(1.0, seconds / OFFSET), flow, self._low, self._high, watched,
            0.1 * room, STANDS * self.wiring.size, offset,
        )  # fmt: skip
        self.reach = Reach(
            np.where(above, least, 0.0),
            np.where(below, most, np.inf),
            uncurtailed,
            offset,
            np.any(self._far, axis=0),
        )
        return self.reach


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
        low[f] = s if s <= low[f] else low[f] + part * (s - low[f])
        high[f] = s if s >= high[f] else high[f] + part * (s - high[f])


@njit(cache=True, nogil=True)
def _judge(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    now: float, seconds: float, more: Floats, less: Floats, measured: BoolArray, room: Floats,
    settle: float, probe: float, most: float, away: Floats, near: Floats, gap: Floats,
    retry: Floats, wait: Floats, other: BoolArray, caught: BoolArray, far: BoolArray,
) -> None:  # fmt: skip
    """Which flows have ``more`` above ``less`` by more than ``room`` and stay so, in place."""
    for f in range(len(more)):
        apart = more[f] - less[f]
        if np.isnan(apart) or not measured[f]:
            continue
        off = apart > room[f]
        if not off or apart < gap[f] - 0.4 * room[f]:  # there, or on its way
            away[f], gap[f] = 0.0, apart if off else np.inf
        else:
            away[f] += seconds
        near[f] = 0.0 if off else near[f] + seconds
        if not caught[f]:
            if away[f] >= (settle / 4.0 if other[f] else settle):
                caught[f] = True
                retry[f] = now + wait[f]
                wait[f] = min(2.0 * wait[f], most)
            elif near[f] >= most:
                wait[f] = probe
        elif now >= retry[f] and near[f] >= settle:
            caught[f] = far[f] = False
        far[f] |= caught[f] and apart > FAR * more[f]


@njit(cache=True, nogil=True)
def _bound(below: bool, flow: Floats, off: BoolArray, caught: BoolArray, bound: Floats) -> None:
    """What flows that were caught last reached against what they were told, in place."""
    for f in range(len(flow)):
        if not caught[f]:
            continue
        further = flow[f] > bound[f] if below else flow[f] < bound[f]
        if off[f] or further:
            bound[f] = flow[f]


@njit(cache=True, nogil=True)
def _compare(  # noqa: PLR0917 - as above
    part: float, flow: Floats, low: Floats, high: Floats, measured: BoolArray, still: Floats,
    near: Floats, offset: Floats,
) -> None:  # fmt: skip
    """Move offsets towards what meters show beyond set-points that stand still, in place."""
    for f in range(len(flow)):
        apart = flow[f] - high[f]
        if measured[f] and high[f] - low[f] <= still[f] and abs(apart) <= near[f]:
            offset[f] += part * (apart - offset[f])


@njit(cache=True, nogil=True)
def _open_nodes(  # noqa: PLR0917 - as above
    node_first: Ints, entry_flow: Ints, give: Floats, area: Ints, value: Floats, good: BoolArray,
    size: Floats, exchange: Floats, off: float, nodes: BoolArray,
) -> None:  # fmt: skip
    """Mark electric nodes all of whose flows are measured and whose balance does not close.

    A balance may be open by the part ``off`` of all that flows, and of a connection's rating.
    """
    for node in range(len(nodes)):
        if area[node] < 0:
            continue
        left, whole, complete = 0.0, 0.0, True
        for e in range(node_first[node], node_first[node + 1]):
            flow = entry_flow[e]
            if not good[flow]:
                complete = False
                break
            left += give[e] * value[flow]
            whole += abs(give[e]) * max(abs(value[flow]), size[flow] * abs(exchange[flow]))
        nodes[node] = complete and abs(left) > off * whole + 1e-6
