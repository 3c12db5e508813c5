"""Levels of stores as they are best known: measured, and carried on by what moves them."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.known import Known
from zeroplant.operate.points import BoolArray
from zeroplant.operate.wiring import Wiring

BLEND = 120.0
"""Seconds over which a measured level is blended into the one carried on."""


class Levels:
    """Levels from cycle to cycle.

    One that is silent is carried on by the power that fills and drains it. Of a plain store
    the measured level and the one carried on are blended, for near its end a small noise of
    the one would be a large noise of the power it allows.
    """

    def __init__(self, wiring: Wiring) -> None:
        points = wiring.points
        self._wiring = wiring
        self._part = points.levels
        self._level = np.full(points.stores, np.nan)
        self._behind = np.repeat(np.arange(points.flows), np.diff(wiring.store_first))
        self._plain = wiring.plain
        caps = points.most[self._part]
        self._room = np.where(np.isfinite(caps), caps, np.inf)

    def carried(self, known: Known, good: BoolArray, seconds: float) -> Known:
        """What is known, its levels as they are best known, in place; ``good`` are measured."""
        levels = known.value[self._part]
        _carry(
            self._wiring.store_of, self._wiring.fill, self._behind, known.value, good[self._part],
            self._plain, self._room, seconds / 3600.0, min(1.0, seconds / BLEND), self._level,
            levels,
        )  # fmt: skip
        return known

    def take_over(self, before: Levels) -> None:
        """Go on from the levels of the days before."""
        self._level = before._level


@njit(cache=True, nogil=True)
def _carry(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    store_of: Ints, fill: Floats, behind: Ints, value: Floats, heard: BoolArray, plain: BoolArray,
    room: Floats, hours: float, blend: float, last: Floats, levels: Floats,
) -> None:  # fmt: skip
    """Levels as they are best known and the ``last`` ones for the next cycle, in place."""
    rate = np.zeros(len(levels))
    for e in range(len(store_of)):
        rate[store_of[e]] += fill[e] * value[behind[e]]
    for s in range(len(levels)):
        carried = last[s] + rate[s] * hours
        if np.isnan(levels[s]):
            levels[s] = carried
        elif not np.isnan(carried):
            apart = levels[s] - carried
            weight = blend if plain[s] and not abs(apart) > 0.05 * room[s] else 1.0
            levels[s] = carried + (weight if heard[s] else 0.0) * apart
        last[s] = levels[s]
