"""What is known of any step of time in advance: the plant's calendar and the sun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.store.moments import utc
from zeroplant.weather.sun import sun

BLOCK = timedelta(days=32)
"""Length of the pieces in which the table is made."""


@dataclass(frozen=True)
class Moments:
    """Calendar and sun of some steps; every array has one entry per step.

    At the start of the step, on the plant's clock: ``hour`` of the day (0 ≤ h < 24), ``weekday``
    (Monday = 0), ``month`` (0…11) and ``day`` of the year (from 0). At its middle: ``elevation`` of
    the sun in degrees, and ``clear``, the irradiance [kW/m2] of a cloudless sky over the step.
    Without a place the last two are nan and 0.
    """

    hour: Floats
    weekday: Floats
    month: Ints
    day: Floats
    elevation: Floats
    clear: Floats


class Almanac:
    """Calendar and sun on the grid of steps since 1970, computed block by block and kept."""

    def __init__(self, step: timedelta, zone: str, place: tuple[float, float] | None) -> None:
        """``place`` is latitude and longitude in degrees, north and east positive."""
        self.step = step
        self.zone = zone
        self.place = place
        self.per_day = timedelta(days=1) // step
        self._wide = BLOCK // step
        self._first = 0
        self._table = np.empty((7, 0))

    def at(self, index: Ints) -> Moments:
        """Calendar and sun of grid steps."""
        hour, weekday, month, day, elevation, clear = self._rows(index, slice(6))
        return Moments(hour, weekday, month.astype(np.int64), day, elevation, clear)

    def days_before(self, index: Ints, days: Ints | int) -> Ints:
        """The steps so many days before others, at the same time of the plant's clock."""
        then = index - days * self.per_day
        ahead, was = (self._rows(each, slice(6, 7))[0] for each in (index, then))
        return np.asarray(then + (ahead - was).astype(np.int64))

    def _rows(self, index: Ints, which: slice) -> Floats:
        """Rows of the table at grid steps."""
        if index.size:
            self._cover(int(index.min()), int(index.max()) + 1)
        return self._table[which, index - self._first]

    def _cover(self, first: int, end: int) -> None:
        low, high = first // self._wide, -(-end // self._wide)
        have = self._first // self._wide
        count = self._table.shape[1] // self._wide
        if not count:
            have = low
        elif low >= have and high <= have + count:
            return
        new_low, new_high = min(low, have), max(high, have + count)
        blocks = [
            self._table[:, (block - have) * self._wide : (block - have + 1) * self._wide]
            if have <= block < have + count
            else self._block(block)
            for block in range(new_low, new_high)
        ]
        self._first, self._table = new_low * self._wide, np.hstack(blocks)

    def _block(self, number: int) -> Floats:
        hours = self.step / timedelta(hours=1)
        start = utc(np.datetime64(0, "us")) + number * self._wide * self.step
        axis = Axis(start=start, periods=self._wide, hours=hours, zone=self.zone)
        days = axis.local.astype("M8[D]")
        year_day = (days - axis.local.astype("M8[Y]").astype("M8[D]")).astype(float)
        elevation, clear = np.full(self._wide, np.nan), np.zeros(self._wide)
        if self.place is not None:
            above = sun(axis, *self.place)
            elevation, clear = 90 - above.place.zenith, above.clear / 1000
        ahead = (axis.local - axis.times) / np.timedelta64(self.step)
        numbers = (axis.hour_of_day, axis.weekday, axis.month_of_year - 1, year_day)
        return np.stack([*numbers, elevation, clear, ahead]).astype(float)
