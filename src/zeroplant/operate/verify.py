"""Verify: what was commanded, what the device reports, what the meter says.

An acknowledgement is a promise. A device *follows* while its measured power stays near the
set-points of the last seconds (``settle`` long, for it may be slow); of a generator, whose
set-point is a limit, while it stays below. One that does not follow is uncontrollable: its power
counts as measured and others make up for it. It goes on being told its schedule, and is believed
again once it has followed for a while; each time it fails again, that while begins later.

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

OUTSIDE = 0.2
"""Part of a point's range beyond it that meters may reach: overload, and their own error."""


@dataclass(frozen=True)
class Doubts:
    """Which readings are not to be believed, and which balances do not close."""

    outside: BoolArray
    frozen: BoolArray
    nodes: BoolArray


class Verifier:
    """Watches readings, and whether devices follow. Times are seconds that never jump."""

    def __init__(self, wiring: Wiring, settings: Settings) -> None:
        self.wiring, self.settings = wiring, settings
        points, count = wiring.points, wiring.points.flows
        size = np.where(np.isfinite(points.most), points.most, np.maximum(points.least, 1.0))
        self._size = np.maximum(np.abs(size), 1e-6)
        self._below = points.least - OUTSIDE * self._size
        self._above = points.most + OUTSIDE * self._size
        self._is_limit = wiring.possible >= 0
        self.watched = _watched(wiring)
        self._last = np.full(len(points), np.nan)
        self._moved = np.full(len(points), -np.inf)
        self._low, self._high = np.full(count, np.nan), np.full(count, np.nan)
        self._away = np.zeros(count)
        self._near = np.zeros(count)
        self._retry = np.zeros(count)
        self._gap = np.full(count, np.inf)
        self._wait = np.full(count, settings.probe)
        self._open_since = np.full(len(wiring.nodes), np.inf)
        self.follows = np.ones(count, bool)

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
        part = min(1.0, seconds / self.settings.settle)
        first = np.isnan(self._low)
        self._low[first], self._high[first] = setpoints[first], setpoints[first]
        _relax(setpoints, part, self._low, self._high)

    def judge(self, now: float, seconds: float, flow: Floats, measured: BoolArray) -> BoolArray:
        """Which flows do what they are told; ``measured`` marks those whose power is known."""
        _judge(
            now, seconds, flow, measured & self.watched, self._low, self._high, self._is_limit,
            self.settings.off * self._size[: len(flow)], self.settings.settle,
            self.settings.probe, self.settings.probe_most,
            self._away, self._near, self._gap, self._retry, self._wait, self.follows,
        )  # fmt: skip
        return self.follows


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
    now: float, seconds: float, flow: Floats, measured: BoolArray, low: Floats, high: Floats,
    is_limit: BoolArray, room: Floats, settle: float, probe: float, most: float,
    away: Floats, near: Floats, gap: Floats, retry: Floats, wait: Floats, follows: BoolArray,
) -> None:  # fmt: skip
    for f in range(len(flow)):
        if np.isnan(low[f]) or not measured[f]:
            continue
        apart = max(flow[f] - high[f], 0.0 if is_limit[f] else low[f] - flow[f])
        off = apart > room[f]
        if not off or apart < gap[f] - 0.4 * room[f]:  # there, or on its way
            away[f], gap[f] = 0.0, apart if off else np.inf
        else:
            away[f] += seconds
        near[f] = 0.0 if off else near[f] + seconds
        if follows[f]:
            if away[f] >= settle:
                follows[f] = False
                retry[f] = now + wait[f]
                wait[f] = min(2.0 * wait[f], most)
            elif near[f] >= most:
                wait[f] = probe
        elif now >= retry[f] and near[f] >= settle:
            follows[f] = True


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
