"""How far devices come within a cycle of what they are told, as they have shown.

A battery is there at the next look; a turbine, a mill or a wind farm that is let go takes several.
The share of the way that a device made in a cycle is kept from the last time it was told to go
far, and what it will lack until the next cycle is asked of the others meanwhile. It is told what it
is to come to all the same.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.operate.points import BoolArray
from zeroplant.operate.wiring import Stage, Wiring

FAR = 0.03
"""Part of its rating by which a device has to be told to move before its answer is judged,"""
NEAR = 0.01
"""and by which it has to move before its lag counts."""
AT_ONCE = 0.9
"""Share of the way from which on a device counts as there."""
LEAST = 0.02
"""The share of one that did not move."""


class Answers:
    """The answers of all devices, as draws at their homes."""

    def __init__(self, wiring: Wiring, stage: Stage) -> None:
        devices = wiring.devices
        self._size = np.zeros(len(devices))
        for flows, entries in (
            (devices.gives, devices.give_entry),
            (devices.takes, devices.take_entry),
        ):
            there = flows >= 0
            size = wiring.size[flows[there]] * np.abs(stage.give[entries[there]])
            self._size[there] = np.maximum(self._size[there], size)
        self._share = np.ones(len(devices))
        self._before = np.full(len(devices), np.nan)
        self._told = np.full(len(devices), np.nan)
        self.covered = np.zeros(len(devices), bool)
        """Of which devices the lack of slow ones was made up for,"""
        self.meant = np.zeros(len(devices))
        """and what they are to do if that is left out, by the cycle before."""

    def learn(self, now: Floats) -> None:
        """See what has become of what was told in the cycle before."""
        _learn(now, self._told, self._before, self._size, self._share)

    def told(self, now: Floats, draw: Floats) -> None:
        """Remember what devices do, and what they are told."""
        self._before, self._told = now.copy(), draw.copy()

    def late(self, which: slice, now: Floats, draw: Floats) -> tuple[BoolArray, Floats]:
        """Which of some devices will not be there at the next cycle, and where all will be."""
        slow, then = np.empty(len(draw), bool), np.empty(len(draw))
        some = _late(now, draw, self._size[which], self._share[which], slow, then)
        self.covered[which], self.meant[which] = some, draw
        return slow, then


@njit(cache=True, nogil=True)
def _learn(now: Floats, told: Floats, before: Floats, size: Floats, share: Floats) -> None:
    """The share of the way made by each device that was told to go far, in place."""
    for d in range(len(now)):
        way = told[d] - before[d]
        if abs(way) > FAR * size[d]:
            share[d] = min(max((now[d] - before[d]) / way, LEAST), 1.0)


@njit(cache=True, nogil=True)
def _late(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    now: Floats, draw: Floats, size: Floats, share: Floats, slow: BoolArray, then: Floats
) -> bool:
    """Which devices are slow, and where they will be, in place; whether there are any."""
    some = False
    for d in range(len(now)):
        way = draw[d] - now[d]
        slow[d] = share[d] < AT_ONCE and abs(way) > NEAR * size[d]
        then[d] = now[d] + share[d] * way
        some |= slow[d]
    return some
