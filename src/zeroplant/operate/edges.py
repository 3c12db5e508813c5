"""The ends of plain stores: what nobody relies on, for levels are measured no better.

Where an import is about to overload its connection, nearly all that is left is used, as far as it
comes: a level within its meter's error of nothing does not say whether anything is there, and load
that is served on that word overloads the connection. A store there that does not give what it is
told counts for what it gives.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.wiring import Stage, Wiring

EDGE = 0.005
"""Part of a plain store at either end that nobody relies on."""
LAST = 0.1
"""Part of the edge that is left alone where a connection is about to be overloaded by import."""
MORE, FIRST = 1.25, 0.0025
"""Times what it gives, and part of its rating, that a dry store is told at most: it shows."""
CYCLES = 3
"""For so many a store gives less than it is told, by twice that part, before it counts as dry."""
Spans = tuple[Floats, Floats, Floats, Floats]
"""Floor and cap of levels in a period, and at its end."""


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
        self._of: tuple[Stage, bool, Spans] | None = None

    def levels(self, stage: Stage, *, near: bool) -> Spans:
        """Bounds of levels within the edges: floor and cap of a period, and those of its end.

        The lower edges are narrower where an overload by import is ``near``.
        """
        if self._of is None or self._of[0] is not stage or self._of[1] is not near:
            bottom, edge = self.width * (LAST if near else 1.0), self.width
            self._of = stage, near, (
                stage.level_floor + bottom, stage.level_cap - edge,
                stage.floor_end + bottom, stage.cap_end - edge,
            )  # fmt: skip
        return self._of[2]

    def hold(self, known: Floats, stage: Stage, top: Floats) -> None:
        """A dry store counts for what it gives, in place."""
        _hold(
            known, stage.level_floor, self.width, self._drain, self._store, self._first,
            self._told, self._less, top,
        )  # fmt: skip

    def told(self, plan: Floats) -> None:
        """What is told now."""
        self._told = plan[self._drain]


@njit(cache=True, nogil=True)
def _hold(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    known: Floats, floor: Floats, width: Floats, drain: Ints, store: Ints, first: Floats,
    told: Floats, less: Ints, top: Floats,
) -> None:  # fmt: skip
    """Count in ``less`` the cycles of each store that gave less than told; its ``top`` if dry."""
    for k in range(len(drain)):
        s = store[k]
        within = known[len(top) + s] < floor[s] + width[s]
        gives = max(known[drain[k]], 0.0)
        if not within:
            less[k] = 0
        elif less[k] < CYCLES:
            less[k] = less[k] + 1 if told[k] > gives + 2.0 * first[k] else 0
        if less[k] >= CYCLES:
            top[drain[k]] = min(top[drain[k]], MORE * gives + first[k])
