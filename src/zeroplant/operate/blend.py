"""Reference forecasts blended with weights that depend on how far ahead one looks.

Over the first quarter-hours the last measurement counts most; its weight decays into that of the
weather forecast and of the usual course of the day, as least squares find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats

KNOTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Steps ahead at which weights are learnt; in between they run straight in the logarithm."""
RIDGE = 1e-3
"""Weights are held back by this share of the mean square of what they multiply."""

LEAST_IN_KNOT = 30
"""Rows from which a knot has a spread of its own."""
PASSES = 4
SMALL = 0.1
"""Deviations below this share of their mean weigh the same."""


LAST, DAY, WEEK, COURSE, CURVE, CURVE_NOW, LATELY = range(7)


@dataclass(frozen=True)
class Blend:
    """Weights (knots, references) with a weather forecast and without one."""

    with_weather: Floats
    without: Floats

    def __call__(self, simple: Floats, ahead: Floats) -> Floats:
        """Blended forecast of each row; references that say nothing are replaced (`filled`)."""
        full, weather = filled(simple)
        shape = _hats(ahead)
        full = _apart(full)
        given = np.einsum("rk,kj,rj->r", shape, self.with_weather, full)
        plain = np.einsum("rk,kj,rj->r", shape, self.without, full)
        return np.asarray(np.where(weather, given, plain))


def learn(simple: Floats, ahead: Floats, outcome: Floats) -> Blend:
    """Least squares of outcomes on references, once with the weather forecast, once without."""
    full, weather = filled(simple)
    full, shape = _apart(full), _hats(ahead)
    plain = full.copy()
    plain[:, [CURVE, CURVE_NOW, LATELY]] = 0.0
    without = _fit(plain, shape, outcome)
    enough = weather.sum() > 4 * without.size
    chosen = _fit(full[weather], shape[weather], outcome[weather]) if enough else without
    return Blend(chosen, without)


def filled(simple: Floats) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """References without holes, and where the weather forecast was there.

    A day, week or course that is not known is taken from the next best; a weather forecast that
    is not known for the step last measured is taken as having been right there.
    """
    full = simple.copy()
    weather = np.isfinite(full[:, CURVE])
    for place, substitutes in (
        (DAY, (COURSE, WEEK, LAST)),
        (COURSE, (DAY, WEEK, LAST)),
        (WEEK, (COURSE, DAY, LAST)),
        (LAST, (DAY, COURSE, WEEK)),
    ):
        for other in substitutes:
            hole = ~np.isfinite(full[:, place])
            full[hole, place] = simple[hole, other]
    full[~weather, CURVE] = 0.0
    hole = ~np.isfinite(full[:, CURVE_NOW])
    full[hole, CURVE_NOW] = full[hole, LAST]
    full[~weather, CURVE_NOW] = 0.0
    full[~weather, LATELY] = 0.0
    return np.nan_to_num(full), weather


def _apart(full: Floats) -> Floats:
    """The last measurement, day and week by how far they are from the usual course.

    They hardly differ where a load is steady; as they are, a weight on one of them could not be
    told from a weight on another.
    """
    found = full.copy()
    found[:, [LAST, DAY, WEEK]] -= full[:, [COURSE]]
    return found


def _hats(ahead: Floats) -> Floats:
    """Share of each knot in each row, (rows, knots)."""
    knots = np.log(KNOTS)
    place = np.interp(np.log(np.maximum(ahead, 1.0)), knots, np.arange(len(knots)))
    return np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(len(knots))))


def _fit(full: Floats, shape: Floats, outcome: Floats) -> Floats:
    """Least absolute deviations, by least squares that weigh each row by what it left before."""
    design = (shape[:, :, None] * full[:, None, :]).reshape(len(full), -1)
    weight = np.ones(len(full))
    for _ in range(PASSES):
        weighted = design * weight[:, None]
        gram = weighted.T @ design
        scale = np.diag(gram)
        gram[np.diag_indices_from(gram)] += RIDGE * scale + 1e-9 * scale.mean() + 1e-12
        weights = np.linalg.solve(gram, weighted.T @ outcome)
        left = np.abs(outcome - design @ weights)
        weight = 1 / np.maximum(left, SMALL * left.mean() + 1e-9)
    return np.asarray(weights).reshape(shape.shape[1], full.shape[1])


def spread(left: Floats, ahead: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles (levels, knots) of what a blend leaves, from the rows nearest to each knot."""
    nearest = _hats(ahead).argmax(axis=1)
    table = np.tile(np.quantile(left, levels)[:, None], (1, len(KNOTS)))
    for knot in range(len(KNOTS)):
        rows = left[nearest == knot]
        if rows.size >= LEAST_IN_KNOT:
            table[:, knot] = np.quantile(rows, levels)
    return table


def at(table: Floats, ahead: Floats) -> Floats:
    """Values of a table ((levels,) knots) at steps ahead, ((levels,) rows)."""
    return np.asarray(table @ _hats(ahead).T)


def scale(left: Floats, ahead: Floats) -> Floats:
    """Mean absolute value (knots) of what a blend leaves by steps ahead."""
    shape = _hats(ahead)
    mean = (shape.T @ np.abs(left)) / np.maximum(shape.sum(axis=0), 1e-9)
    return np.asarray(np.maximum(mean, 1e-6))
