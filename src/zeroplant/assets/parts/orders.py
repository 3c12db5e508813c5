"""Orders: an amount that is due at the end of every day, week, month or year."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from zeroplant.axis import HOURS_PER_YEAR, Axis, Floats, Ints

Every = Literal["day", "week", "month", "year"]
_LEAP = 0.01
"""Part of a year that is none of its own: the days leap years add to a chain of up to 12 years."""
_ROUNDING = 1e-9


def due(axis: Axis, amount: float, every: Every) -> Floats:
    """What is due at the end of each stage, shape (stages,): the amount in a span's last period.

    Days, weeks (from Monday) and months follow the plant's clock; years are counted from the start
    of the chain, 8,760 h each, and the last also has what leap years add. A span of which the
    chain holds only a part has that part of the amount.
    """
    spans, whole = _spans(axis, every)
    held = np.bincount(spans) * axis.hours
    last = np.flatnonzero(np.diff(spans, append=-1))
    amounts = np.zeros(axis.periods)
    # a day of 25 h, when the clock is set back, is a whole day
    amounts[last] = amount * np.minimum(1.0, held / whole)
    return axis.tile(amounts)


def _spans(axis: Axis, every: Every) -> tuple[Ints, Floats]:
    """The number of the span of each period of a chain, and the hours of each whole span."""
    local = axis.local
    if every == "year":
        years = max(1, math.ceil(axis.periods * axis.hours / HOURS_PER_YEAR - _LEAP))
        begun = np.arange(axis.periods) * axis.hours / HOURS_PER_YEAR
        spans = np.minimum(np.floor(begun + _ROUNDING), years - 1)
        return spans.astype(np.int64), np.full(years, HOURS_PER_YEAR)
    if every == "month":
        months, spans = np.unique(local.astype("M8[M]"), return_inverse=True)
        days = (months + 1).astype("M8[D]") - months.astype("M8[D]")
        return spans.astype(np.int64), days.astype(float) * 24.0
    day = local.astype("M8[D]").astype(np.int64)
    length = 7 if every == "week" else 1
    found, spans = np.unique((day + 3) // length, return_inverse=True)
    return spans.astype(np.int64), np.full(len(found), 24.0 * length)
