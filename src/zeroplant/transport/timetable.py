"""Weekly timetables: events that come at the same hours of every week, laid on a time axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis, Floats

WEEK = 168.0
"""Hours of a week."""


@dataclass(frozen=True)
class Timetable:
    """``per_week`` events evenly apart, the first ``first`` hours after Monday 0:00.

    A number that is not whole counts in part: of 3.5 a week, the last has the weight 0.5.
    """

    per_week: float
    first: float = 0.0

    @property
    def starts(self) -> Floats:
        """Hours of the week at which the events come."""
        number = np.arange(int(np.ceil(self.per_week)), dtype=float)
        return np.asarray((self.first + number * WEEK / self.per_week) % WEEK)

    @property
    def weights(self) -> Floats:
        """How much each event counts, adding up to ``per_week``."""
        return np.asarray(np.clip(self.per_week - np.arange(len(self.starts)), 0.0, 1.0))

    def busy(self, axis: Axis, after: float, hours: float) -> Floats:
        """How many events are under way in each stage, on average over it, shape (stages,).

        What an event starts lasts ``hours``, beginning ``after`` hours after it. The week goes
        round: what began last Sunday goes on this Monday, in every chain.
        """
        clock = axis.weekday * 24.0 + axis.hour_of_day
        begins, place = np.unique(clock, return_inverse=True)
        start = (self.starts + after) % WEEK
        whole, rest = divmod(hours, WEEK)
        shared = np.full(len(begins), whole * self.weights.sum())
        for turn in (-WEEK, 0.0, WEEK):
            left = np.maximum.outer(begins, start + turn)
            right = np.minimum.outer(begins + axis.hours, start + turn + rest)
            shared += np.maximum(right - left, 0.0) @ self.weights / axis.hours
        return np.asarray(shared[place])
