"""Levels of stores as they are best known: measured, and carried on by what moves them."""

from __future__ import annotations

import numpy as np

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
        self._part = slice(points.flows, points.flows + points.stores)
        self._level = np.full(points.stores, np.nan)
        self._behind = np.repeat(np.arange(points.flows), np.diff(wiring.store_first))
        self._plain = np.isin(np.arange(points.stores), wiring.devices.pair)
        caps = points.most[self._part]
        self._room = np.where(np.isfinite(caps), caps, np.inf)

    def carried(self, known: Known, good: BoolArray, seconds: float) -> Known:
        """What is known, its levels as they are best known, in place; ``good`` are measured."""
        levels, heard = known.value[self._part], good[self._part]
        rate = np.zeros(len(levels))
        np.add.at(rate, self._wiring.store_of, self._wiring.fill * known.value[self._behind])
        carried = self._level + rate * seconds / 3600.0
        weight = np.where(self._plain, min(1.0, seconds / BLEND), 1.0)
        weight[np.abs(levels - carried) > 0.05 * self._room] = 1.0
        levels[:] = np.where(
            np.isnan(carried) | np.isnan(levels),
            np.where(np.isnan(levels), carried, levels),
            carried + np.where(heard, weight, 0.0) * (levels - carried),
        )
        self._level = levels.copy()
        return known

    def take_over(self, before: Levels) -> None:
        """Go on from the levels of the days before."""
        self._level = before._level
