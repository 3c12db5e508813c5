"""What homes use without air-conditioner and car: a typical course, generated.

The shape of the day follows the household profiles that are published for planning (SimBench's
H0 and the 17 metered homes of the CityLearn data have the same two bumps, breakfast and a higher
one in the evening); the figures themselves are made up, with the evening of a Chinese home.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import HOURS_PER_YEAR, Axis, Floats

SHAPE = (
    0.62, 0.54, 0.50, 0.48, 0.48, 0.56, 0.85, 1.05, 0.98, 0.88, 0.90, 1.10,
    1.15, 0.95, 0.86, 0.86, 0.98, 1.30, 1.72, 1.85, 1.80, 1.60, 1.20, 0.79,
)  # fmt: skip


def hourly(shape: Sequence[float], axis: Axis) -> Floats:
    """A figure for each hour of the day as one for each stage, scaled to a mean of 1."""
    day = np.array(shape, dtype=float)
    hours = np.arange(max(1, round(axis.hours)))
    here = (axis.hour_of_day.astype(np.int64)[:, None] + hours) % 24
    found: Floats = day[here].mean(axis=1) / day.mean()
    return found


def household_load(axis: Axis, homes: float, yearly_use: float) -> Floats:
    """Load [MW] of ``homes`` that use ``yearly_use`` [MWh] each in a year.

    A little more at weekends, and in winter for light and hot water. Many homes together are
    smooth, so there is no noise.
    """
    week = np.where(axis.weekday >= 5, 1.06, 0.976)
    winter = 1 + 0.06 * np.cos(2 * np.pi * (axis.month_of_year - 1.0) / 12)
    usual = hourly(SHAPE, axis) * week * winter
    load: Floats = homes * yearly_use / HOURS_PER_YEAR * usual
    return load
