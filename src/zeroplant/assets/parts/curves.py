"""Curves given by points, and concave production curves cut into straight pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zeroplant.axis import Floats

Points = Sequence[tuple[float, float]]

GRID = 241


@dataclass(frozen=True)
class Pieces:
    """A concave function as the least of straight lines: ``min_j(slope[j]·x + constant[j])``.

    ``knots`` are the values of x where the lines meet the function.
    """

    slope: Floats
    constant: Floats
    knots: Floats

    def __call__(self, x: Floats | float) -> Floats:
        """The function at x, of any shape."""
        lines = np.multiply.outer(np.asarray(x, dtype=float), self.slope) + self.constant
        return np.asarray(lines.min(axis=-1))


def at(points: Points, x: Floats | float) -> Floats:
    """The curve through the points at x: straight between them, level beyond the first and last."""
    table = np.asarray(points, dtype=float)
    return np.asarray(np.interp(x, table[:, 0], table[:, 1]))


def is_rising(points: Points) -> bool:
    """Whether x grows from point to point, and y never falls."""
    steps = np.diff(np.asarray(points, dtype=float), axis=0)
    return bool((steps[:, 0] > 0).all() and (steps[:, 1] >= 0).all())


def concave_hull(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The corners of the smallest concave curve above the points; x must rise."""
    corners: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(corners) > 1 and _below(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    table = np.array(corners)
    return table[:, 0], table[:, 1]


def concave_pieces(x: Floats, y: Floats, count: int | None = None) -> Pieces:
    """The concave hull of the points as its chords, or as ``count`` chords over equal shares of x.

    Chords lie below the curve. If there are fewer of them than the hull has, their ends but the
    first are raised by half of the greatest gap, so that they err as much to either side.
    """
    corner_x, corner_y = concave_hull(x, y)
    if count is not None and count < len(corner_x) - 1:
        knots = np.linspace(corner_x[0], corner_x[-1], count + 1)
        ends = np.interp(knots, corner_x, corner_y)
        gap = float(np.max(corner_y - np.interp(corner_x, knots, ends)))
        ends[1:] += gap / 2
        corner_x, corner_y = knots, ends
    if len(corner_x) == 1:
        return Pieces(np.zeros(1), corner_y, corner_x)
    slope = np.diff(corner_y) / np.diff(corner_x)
    return Pieces(slope, corner_y[:-1] - slope * corner_x[:-1], corner_x)


def tangents(points: Points, x: Floats) -> tuple[Floats, Floats]:
    """Slopes and constants of the tangents, at x, to the integral of a rising curve.

    The integral counts from the curve's first point. It is convex, so that its tangents are on
    it or below it.
    """
    table = np.asarray(points, dtype=float)
    slope = np.interp(x, table[:, 0], table[:, 1])
    return slope, integral(points, x) - slope * x


def integral(points: Points, x: Floats) -> Floats:
    """The area under the curve from its first point to x, which lies between first and last."""
    table = np.asarray(points, dtype=float)
    steps = np.diff(table[:, 0]) * (table[:-1, 1] + table[1:, 1]) / 2
    before = np.concatenate([[0.0], np.cumsum(steps)])
    place = np.clip(np.searchsorted(table[:, 0], x, side="right") - 1, 0, max(len(table) - 2, 0))
    start, level = table[place, 0], table[place, 1]
    return np.asarray(before[place] + (x - start) * (level + np.interp(x, *table.T)) / 2)


def knots_of(points: Points, most: int) -> Floats:
    """The curve's own points, joined by their middles while there are at most ``most``."""
    x = np.asarray(points, dtype=float)[:, 0]
    while 2 * len(x) - 1 <= most:
        x = np.sort(np.append(x, [(a + b) / 2 for a, b in pairwise(x.tolist())]))
    return x


def _below(
    left: tuple[float, float], middle: tuple[float, float], right: tuple[float, float]
) -> bool:
    """Whether the middle point lies on or below the line through its neighbours."""
    rise = (right[1] - left[1]) * (middle[0] - left[0])
    return rise >= (middle[1] - left[1]) * (right[0] - left[0])
