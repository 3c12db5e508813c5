"""Twelve monthly figures as a smooth course through the year, and its marginals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats

MONTHS = 12
SCORES: Floats = np.linspace(-4.5, 4.5, 361)
"""Standard normal scores at which a monthly quantile function is tabulated."""


def month_position(times: NDArray[np.datetime64]) -> Floats:
    """Months since the middle of January, 0 ≤ x < 12, of each time."""
    month = times.astype("M8[M]")
    length = (month + 1).astype("M8[s]") - month.astype("M8[s]")
    part = (times.astype("M8[s]") - month.astype("M8[s]")) / length
    return np.asarray((month.astype(np.int64) % MONTHS + part - 0.5) % MONTHS, dtype=float)


def mid_month(monthly: Floats) -> Floats:
    """Mid-month values whose straight-line course has the given monthly means.

    A line through the means themselves would cut off summer and winter; the mean of the line
    over a month is 1/8, 6/8, 1/8 of the neighbouring nodes, which is solved here (Killworth,
    J. Phys. Oceanogr. 26, 1996). Works along the first axis of ``monthly``.
    """
    line = 0.75 * np.eye(MONTHS)
    for shift in (1, -1):
        line += 0.125 * np.roll(np.eye(MONTHS), shift, axis=1)
    return np.linalg.solve(line, np.asarray(monthly, dtype=float))


def course(nodes: Floats, position: Floats) -> Floats:
    """Straight-line course through mid-month nodes at each month position."""
    closed = np.append(nodes, nodes[:1])
    return np.interp(position, np.arange(MONTHS + 1), closed)


def mapped(table: Floats, position: Floats, score: Floats) -> Floats:
    """Values of standard normal scores by a (12, SCORES) table of monthly quantiles.

    ``position`` is (periods,), ``score`` (chains, periods). Between months the two quantile
    functions are averaged, so means and quantiles run smoothly through the year.
    """
    before = position.astype(np.int64)
    after = (before + 1) % MONTHS
    part = position - before
    step = SCORES[1] - SCORES[0]
    place = np.clip((score - SCORES[0]) / step, 0, len(SCORES) - 1.000001)
    cell = place.astype(np.int64)
    rest = place - cell
    flat = table.ravel()
    result: Floats = np.zeros(score.shape)
    for month, share in ((before, 1 - part), (after, part)):
        low = flat[month * len(SCORES) + cell]
        high = flat[month * len(SCORES) + cell + 1]
        result += share * (low + rest * (high - low))
    return result
