"""Flows that follow the schedule alone (water let through) take back what their stores are off.

The schedule says where a level stands at the end of each step. In between it is on a straight line
from where it was planned to begin, or, in the first step of a schedule, from where it stood when
that was first seen: it was made from there. What a level is off that line is taken back within the
hour, but for what no meter knows.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.guidance import Moment
from zeroplant.operate.wiring import Wiring

CATCH_UP = 1.0
"""Hours in which a deviation is taken back."""
MOMENT = 1e-3
"""Hours that a step lasts at least."""
SURE = 0.003
"""Part of a store by which its level may be off: meters know no better."""


class CatchUp:
    """What the levels of a plant should be, and what is done about it."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        points = wiring.points
        caps = points.most[points.levels]
        self._sure = np.where(np.isfinite(caps), SURE * caps, 0.0)
        self._moment: Moment | None = None
        self._begin, self._hours = np.zeros(0), np.zeros(0)

    def __call__(self, wish: Floats, levels: Floats, moment: Moment, left: float) -> None:
        """Correct what flows are wished to be, in place; ``left`` hours to the end of the step."""
        wiring = self._wiring
        if not len(wiring.alone):
            return
        if moment is not self._moment:
            before, step = moment.level_before, wiring.step / 3.6e9
            first = np.isnan(before)
            self._begin = np.where(first, levels, before)
            self._moment, self._hours = moment, np.where(first, max(left, MOMENT), step)
        part = np.minimum(left / self._hours, 1.0)
        apart = levels - (moment.level + part * (self._begin - moment.level))
        apart -= np.minimum(np.maximum(apart, -self._sure), self._sure)
        for flow in wiring.alone.tolist():
            for e in range(wiring.store_first[flow], wiring.store_first[flow + 1]):
                off, fill = apart[wiring.store_of[e]], wiring.fill[e]
                if fill and np.isfinite(off):
                    wish[flow] -= off / (fill * CATCH_UP)
