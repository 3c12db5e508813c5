"""The ends of plain stores: what nobody relies on, for levels are measured no better.

Where an import is about to overload its connection, nearly all that is left is used, as far as it
comes: a level within its meter's error of nothing does not say whether anything is there, and load
that is served on that word overloads the connection. A store there that does not give what it is
told counts for what it gives.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.wiring import Stage, Wiring

EDGE = 0.005
"""Part of a plain store at either end that nobody relies on."""
LAST = 0.1
"""Part of the edge that is left alone where a connection is about to be overloaded by import."""
MORE, FIRST = 1.25, 0.0025
"""Times what it gives, and part of its rating, that a dry store is told at most: it shows."""
CYCLES = 3
"""For so many a store gives less than it is told, by twice that part, before it counts as dry."""


class Edges:
    """``width`` is that of each store's edges, in its unit; nothing where it is no plain store."""

    def __init__(self, wiring: Wiring) -> None:
        points, devices = wiring.points, wiring.devices
        caps = points.most[points.levels]
        self.width = np.where(np.isfinite(caps) & wiring.plain, EDGE * caps, 0.0)
        pairs = devices.pair >= 0
        self._drain, self._store = devices.gives[pairs], devices.pair[pairs]
        self._first = FIRST * points.most[self._drain]
        self._told = np.zeros(len(self._drain))
        self._less = np.zeros(len(self._drain), np.int64)

    def bottom(self, *, near: bool) -> Floats:
        """The lower edges, where an overload by import is ``near`` or not."""
        return self.width * (LAST if near else 1.0)

    def hold(self, known: Floats, stage: Stage, top: Floats) -> None:
        """A dry store counts for what it gives, in place."""
        level = known[len(top) + self._store]
        within = level < (stage.level_floor + self.width)[self._store]
        gives = np.maximum(known[self._drain], 0.0)
        less = self._told > gives + 2.0 * self._first
        dry = self._less >= CYCLES
        self._less = np.where(within, np.where(dry, CYCLES, np.where(less, self._less + 1, 0)), 0)
        shown = np.minimum(top[self._drain], MORE * gives + self._first)
        top[self._drain] = np.where(self._less >= CYCLES, shown, top[self._drain])

    def told(self, plan: Floats) -> None:
        """What is told now."""
        self._told = plan[self._drain]
