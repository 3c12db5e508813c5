"""Quarter-hours of what was read, in memory: what a plant's history says, where there is none.

They are the same means by time, of values that hold until the next one comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.links.link import Quality
from zeroplant.operate.image import Image, micros
from zeroplant.operate.measured import COVERED, HELD, Means
from zeroplant.operate.points import Points

BAD = int(Quality.BAD)
LONGEST = HELD / timedelta(microseconds=1)


class Quarters:
    """Mean and last value of every point in each of ``steps`` steps from ``start`` on.

    A step is there once an image of the next one has come.
    """

    def __init__(self, points: Points, start: datetime, step: timedelta, steps: int) -> None:
        self._points, self._start, self._step = points, start, step
        self._begin, self._length = micros(start), step // timedelta(microseconds=1)
        self._mean = np.full((steps, len(points)), np.nan)
        self._last = np.full((steps, len(points)), np.nan)
        self._sum, self._covered = np.zeros(len(points)), np.zeros(len(points))
        self._now = np.full(len(points), np.nan)
        self._place = 0
        self._value, self._good = np.zeros(len(points)), np.zeros(len(points), bool)
        self._since = np.zeros(len(points), np.int64)

    def add(self, image: Image) -> None:
        """Count one image: what was read before held until the event of what is read now."""
        place = (image.at_micros - self._begin) // self._length
        if place != self._place:
            self._close()
            self._place = place
        self._held(image.event)
        good = (image.quality < BAD) & np.isfinite(image.value)
        self._value, self._since, self._good = image.value, image.event, good

    def _held(self, until: Ints) -> None:
        """What was read last held until then, as far as that lies in the step."""
        begin = self._begin + self._place * self._length
        _hold(
            self._value, self._good, self._since, until, begin, begin + self._length,
            self._sum, self._covered, self._now,
        )  # fmt: skip

    def _close(self) -> None:
        """A step is over."""
        if 0 <= self._place < len(self._mean):
            self._held(np.full(len(self._since), np.iinfo(np.int64).max))
            self._last[self._place] = self._now
            enough = self._covered >= COVERED * (self._step / timedelta(microseconds=1))
            mean = self._sum / np.maximum(self._covered, 1.0)
            self._mean[self._place] = np.where(enough, mean, np.nan)
        self._sum[:], self._covered[:], self._now[:] = 0.0, 0.0, np.nan

    def means(self, names: Iterable[str], start: datetime, steps: int, step: timedelta) -> Means:
        """As `zeroplant.operate.measured.means`, in the steps that are kept here."""
        if step != self._step:
            message = f"these are steps of {self._step}, not {step}"
            raise ValueError(message)
        first = (start - self._start) // step
        wanted = np.arange(first, first + steps)
        here = (wanted >= 0) & (wanted < len(self._mean))
        places = np.clip(wanted, 0, len(self._mean) - 1)

        def of(table: Floats, name: str) -> Floats:
            return np.where(here, table[places, self._points.index[name]], np.nan)

        listed = list(names)
        return Means(
            start, step,
            {name: of(self._mean, name) for name in listed},
            {name: of(self._last, name) for name in listed},
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _hold(  # noqa: PLR0917 - one entry per point each
    value: Floats, good: NDArray[np.bool_], since: Ints, until: Ints, begin: int, end: int,
    total: Floats, covered: Floats, last: Floats,
) -> None:  # fmt: skip
    """Add what good values held, ``since`` to ``until`` within ``begin`` to ``end`` [us]."""
    for n in range(len(value)):
        stop = min(float(min(until[n], end)), since[n] + LONGEST)
        span = stop - max(since[n], begin)
        if good[n] and span > 0.0:
            total[n] += value[n] * span
            covered[n] += span
            last[n] = value[n]
