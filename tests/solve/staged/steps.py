"""Newton steps of forms with weights and right-hand sides of one's own."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.direction import Directions
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.point import Bounds, Point, Residuals
from zeroplant.solve.staged.team import Team


def directions_at(filled: Filled, team: Team, bounds: Floats) -> tuple[Directions, Residuals]:
    """Directions at a point with these distances and forces; and no residuals at all."""
    newton = Newton(filled, team)
    directions = Directions(newton, Bounds(filled, newton))
    point = Point.blank(filled.ends)
    point.near[:], point.force[:] = bounds
    directions.at(point)
    blank = Point.blank(filled.ends)
    nothing = np.zeros_like(blank.p)
    return directions, Residuals(
        np.zeros_like(filled.right), np.zeros_like(blank.z), nothing, blank.z, blank.p, nothing
    )


def over_variables(filled: Filled, values: Floats) -> Floats:
    """Values of the form's variables laid out, zero at blanks and ghosts."""
    result = np.zeros(filled.ends.variables)
    result[filled.structure.variable] = values
    return result


def newton_step(
    filled: Filled, team: Team, weights: list[Floats], right: list[Floats]
) -> tuple[Floats, Floats, Floats]:
    """dz, dp, dy for weights of bounds below variables, above them, and of sizes.

    Distances are one, so that steps relative to these are the steps themselves.
    """
    bounds = np.ones((2, filled.ends.bounds))
    low, high, low_size, _ = filled.ends.parts
    bounds[1] = 0.0
    bounds[1][low], bounds[1][high] = (over_variables(filled, each) for each in weights[:2])
    bounds[1][low_size] = weights[2]
    directions, off = directions_at(filled, team, bounds)
    off.z, off.p, off.rows = over_variables(filled, right[0]), right[1], filled.over_rows(right[2])
    by = directions.rest(off)
    dz, dy = filled.original(np.float64(by.near[low]), by.y)
    return dz, np.float64(by.near[low_size]), dy
