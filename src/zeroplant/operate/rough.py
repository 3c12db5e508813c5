"""Loads between which a machine must not stay: it is told an edge, and others take the difference.

A plan counts in means, and half the time above a rough zone and half below it is a mean inside. A
set-point is the load itself. So one that falls into a zone goes to the nearer edge, and changes
sides only when it is clearly nearer to the other; what the balance then lacks, or has too much, is
at the meter in the next cycle, and the rest of the plant takes it.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.wiring import Wiring

BEYOND = 0.025
"""Part of the most above a zone that is kept away from it: a unit that comes down to its very end
would have to go through it at the next reading."""
STAYS = 0.2
"""Part of a zone beyond its middle up to which the side that was chosen is kept."""


class Rough:
    """Which side of each zone was chosen."""

    def __init__(self, wiring: Wiring) -> None:
        self._zones: list[tuple[int, float, float]] = []
        for flow, low, high in wiring.rough:
            most = float(wiring.points.most[flow])
            if np.isfinite(most):
                self._zones.append((flow, low * most, (high + BEYOND) * most))
        self._above = [False] * len(self._zones)

    def __call__(self, wish: Floats, bottom: Floats, top: Floats) -> None:
        """Take wishes out of the zones, in place, where ``bottom`` and ``top`` leave an edge."""
        for k, (flow, low, high) in enumerate(self._zones):
            if not low < wish[flow] < high:
                self._above[k] = bool(wish[flow] >= high)
                continue
            stays = STAYS * (high - low) * (-1.0 if self._above[k] else 1.0)
            above = wish[flow] > 0.5 * (low + high) + stays
            if high > top[flow] or low < bottom[flow]:
                above = high <= top[flow]
            self._above[k] = bool(above)
            edge = high if above else low
            if bottom[flow] <= edge <= top[flow]:
                wish[flow] = edge
