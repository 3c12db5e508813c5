"""When trucks set out: the course of a day and of a week, and quiet holidays.

The default course is that of an expressway with open data: the hourly volume of Interstate 94 west
of Minneapolis, 2012–2018 (UCI repository no. 492, J. Hogue and MN DOT, CC BY 4.0), averaged over
40 575 counted hours apart from holidays. It counts all vehicles: trucks alone drive more by night,
so give a course of your own where it is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.synthetic.calendar import holiday

WORKDAY = (
    0.179, 0.108, 0.083, 0.100, 0.233, 0.762, 1.519, 1.712, 1.558, 1.379, 1.231, 1.301,
    1.361, 1.361, 1.446, 1.574, 1.750, 1.632, 1.251, 0.925, 0.798, 0.751, 0.597, 0.388,
)  # fmt: skip
WEEKEND = (
    0.504, 0.311, 0.236, 0.152, 0.145, 0.244, 0.421, 0.607, 0.897, 1.191, 1.415, 1.553,
    1.674, 1.676, 1.671, 1.663, 1.664, 1.593, 1.464, 1.239, 1.085, 1.026, 0.918, 0.650,
)  # fmt: skip
WEEKDAYS = (1.030, 1.075, 1.093, 1.111, 1.113, 0.850, 0.729)
HOLIDAYS = 0.73
"""Vehicles on public holidays (53 days of I-94) over those of usual days of the same weekday."""


@dataclass(frozen=True)
class Shape:
    """Trucks of each hour over those of the mean hour.

    ``workday`` and ``weekend`` are 24 figures from midnight, ``weekdays`` 7 from Monday; only
    their proportions count. ``holidays`` is what the festivals of China leave of a usual day.
    """

    workday: tuple[float, ...] = WORKDAY
    weekend: tuple[float, ...] = WEEKEND
    weekdays: tuple[float, ...] = WEEKDAYS
    holidays: float = HOLIDAYS

    def on(self, axis: Axis) -> Floats:
        """The factor of each stage on the plant's clock, of mean 1 over a usual week."""
        days = np.array([self.workday, self.weekend])
        days /= days.mean(axis=1, keepdims=True)
        weekdays = np.array(self.weekdays) / np.mean(self.weekdays)
        course = _over(days, axis)
        quiet = np.where(holiday(axis), self.holidays, 1.0)
        return np.asarray(weekdays[axis.weekday] * course * quiet)


def _over(days: Floats, axis: Axis) -> Floats:
    """The mean of the hourly course over each stage, whatever its length up to a day or beyond."""
    parts = max(1, round(axis.hours))
    hours = (axis.hour_of_day[:, None] + np.arange(parts)).astype(np.int64) % 24
    kind = (axis.weekday >= 5).astype(np.int64)
    return np.asarray(days[kind[:, None], hours].mean(axis=1))
