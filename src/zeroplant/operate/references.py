"""Reference forecasts: what anyone could say without a model, and what every model must beat.

Each is asked for steps ``target`` from the point of view of the last step ``last`` that has been
measured, and reads nothing later than it. Days are those of the plant's clock: what is done at
eight o'clock is done at eight when the clocks have been changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.almanac import Almanac

DAYS_BACK = 7
"""How many days the recent course of a day is averaged over."""
DAYLIGHT = 0.05
"""Cloudless irradiance [kW/m2] below which the sun says nothing of the clearness of the sky."""


@dataclass(frozen=True)
class Seen:
    """Values as seen at one moment: ``values[i]`` is that of grid step ``first + i``, or nan."""

    first: int
    values: Floats

    def at(self, index: Ints) -> Floats:
        """Values of grid steps; nan outside of what is held."""
        place = index - self.first
        inside = (place >= 0) & (place < self.values.size)
        found = np.full(index.shape, np.nan)
        found[inside] = self.values[place[inside]]
        return found

    def mean(self, end: Ints, steps: int) -> Floats:
        """Mean of the values there are among ``steps`` steps up to and with ``end``."""
        good = np.isfinite(self.values)
        sums = np.concatenate([[0.0], np.cumsum(np.where(good, self.values, 0.0))])
        counts = np.concatenate([[0], np.cumsum(good)])
        high = np.clip(end - self.first + 1, 0, self.values.size)
        low = np.clip(high - steps, 0, self.values.size)
        count = counts[high] - counts[low]
        mean = (sums[high] - sums[low]) / np.maximum(count, 1)
        return np.where(count > 0, mean, np.nan)


def persistence(seen: Seen, last: Ints) -> Floats:
    """What was last measured."""
    return seen.at(last)


def same_times(seen: Seen, last: Ints, target: Ints, almanac: Almanac) -> Floats:
    """Values at the target's time of day, (days back, targets): from the latest full day on."""
    nearest = _back(last, target, almanac, 1)
    return np.stack([seen.at(almanac.days_before(target, nearest + k)) for k in range(DAYS_BACK)])


def day_before(seen: Seen, last: Ints, target: Ints, almanac: Almanac) -> Floats:
    """The same time of the latest day that has been measured there (24 h persistence)."""
    return _first_known(same_times(seen, last, target, almanac))


def week_before(seen: Seen, last: Ints, target: Ints, almanac: Almanac) -> Floats:
    """The same time of the latest like weekday (7 d persistence)."""
    return seen.at(almanac.days_before(target, _back(last, target, almanac, 7)))


def recent_course(seen: Seen, last: Ints, target: Ints, almanac: Almanac) -> Floats:
    """Mean of the last days at the target's time of day."""
    return _mean_known(same_times(seen, last, target, almanac))


def clear_sky_persistence(
    seen: Seen, clear_last: Floats, clear_target: Floats, last: Ints, yesterday: Floats
) -> Floats:
    """The sky stays as clear as it was over the last hour; at night and dawn: as yesterday."""
    ratio = seen.at(last) / np.maximum(clear_last, DAYLIGHT)
    return np.where(clear_last > DAYLIGHT, ratio * clear_target, yesterday)


@dataclass(frozen=True)
class Climatology:
    """Mean of each time of day in each month, where a month is missing of the nearest one."""

    table: Floats

    @staticmethod
    def learn(hour: Floats, month: Ints, values: Floats, slots: int = 24) -> Climatology:
        """From values at hours of the day and months (0…11); values that are nan are left out."""
        good = np.isfinite(values)
        cell = month[good] * slots + (hour[good] * slots / 24).astype(np.int64)
        counts = np.bincount(cell, minlength=12 * slots).reshape(12, slots)
        sums = np.bincount(cell, values[good], 12 * slots).reshape(12, slots)
        table = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        have = np.flatnonzero(np.isfinite(table).all(axis=1))
        if have.size:
            apart = np.abs(np.arange(12)[:, None] - have)
            table = table[have[np.minimum(apart, 12 - apart).argmin(axis=1)]]
        return Climatology(table)

    def at(self, hour: Floats, month: Ints) -> Floats:
        """The mean at hours of the day and months."""
        return np.asarray(self.table[month, (hour * self.table.shape[1] / 24).astype(np.int64)])


def _back(last: Ints, target: Ints, almanac: Almanac, days: int) -> Ints:
    """Least multiple of so many days by which the target's time of day is not after ``last``."""
    back = -(-(target - last) // (days * almanac.per_day)) * days
    return np.asarray(back + days * (almanac.days_before(target, back) > last))


def _first_known(values: Floats) -> Floats:
    """The first value of each column that is known, or nan."""
    first = np.isfinite(values).argmax(axis=0)
    return np.asarray(values[first, np.arange(values.shape[1])])


def _mean_known(values: Floats) -> Floats:
    good = np.isfinite(values)
    count = good.sum(axis=0)
    mean = np.where(good, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    return np.where(count > 0, mean, np.nan)
