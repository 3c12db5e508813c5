"""How far devices come within a cycle of what they are told, as they have shown.

A battery is there at the next look; a turbine, a mill or a wind farm that is let go takes several.
The share of the way that a device made in a cycle is kept from the last time it was told to go
far, and what it will lack until the next cycle is asked of the others meanwhile. It is told what it
is to come to all the same.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
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
        way = self._told - self._before
        far = np.abs(way) > FAR * self._size
        if far.any():
            made = (now[far] - self._before[far]) / way[far]
            self._share[far] = np.minimum(np.maximum(made, LEAST), 1.0)

    def told(self, now: Floats, draw: Floats) -> None:
        """Remember what devices do, and what they are told."""
        self._before, self._told = now.copy(), draw.copy()

    def late(self, which: slice, now: Floats, draw: Floats) -> tuple[BoolArray, Floats]:
        """Which of some devices will not be there at the next cycle, and where all will be."""
        way, share = draw - now, self._share[which]
        slow = (share < AT_ONCE) & (np.abs(way) > NEAR * self._size[which])
        self.covered[which], self.meant[which] = slow.any(), draw
        return slow, now + share * way
