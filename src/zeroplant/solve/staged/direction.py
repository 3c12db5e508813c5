"""From residuals to a direction: the Newton step of all variables, distances and duals.

A direction is made of a prediction and corrections of it. Each aims at a change of the products
near · force, solves the Newton system, and tells how far one could go, primal and dual apart, for
several weights of the correction. Long vectors are made once and used for all points; each group
is led through all passes at once, while it is near the processor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.aim import (
    DUAL,
    GATHERED,
    SUMS,
    WEIGHTS,
    aim_centre,
    aim_first,
    aim_second,
    land,
    land_first,
)
from zeroplant.solve.staged.elimination import check, reduce
from zeroplant.solve.staged.lanes import LANES
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.passes import add, moved, ratios
from zeroplant.solve.staged.point import Bounds, Point, Residuals


@dataclass
class Reach:
    """How far one can go (at most 1), primal and dual apart, with what weights of a correction."""

    primal: float
    dual: float
    weights: tuple[float, float] = (1.0, 1.0)

    def gains(self, before: Reach, least: float) -> bool:
        """Whether one can go farther than before by at least so much."""
        return self.primal >= before.primal + least or self.dual >= before.dual + least


@dataclass
class Part:
    """Variables of a group, or all sizes: rows of their bounds, and what they are given.

    ``missing`` are their residuals, ``upper`` those of their upper bounds, ``z`` right-hand sides,
    ``ghost`` places of ghosts, ``out`` what is gathered.
    """

    low: int
    high: int
    ghost: tuple[int, int]
    missing: Floats
    upper: Floats
    z: Floats
    out: Floats


class Directions:
    """Directions at one point after the other: the Newton system is factored once for each.

    ``by`` is the direction so far, ``more`` a correction; it is added when the next one is sought
    or when the step is taken.
    """

    def __init__(self, newton: Newton, bounds: Bounds) -> None:
        self.newton, self.bounds, self.team = newton, bounds, newton.team
        self.ends = ends = bounds.filled.ends
        self.by, self.more = Point.blank(ends), Point.blank(ends)
        self._inverse, self._inverse_force, self._theta, self._room = (
            np.zeros(ends.bounds) for _ in range(4)
        )
        self._tables = [
            each.reshape(-1, LANES)
            for each in (self._inverse, self._inverse_force, self._theta, self._room)
        ]
        s = newton.structure
        self._base, self._no_rules = np.zeros((s.groups, s.unknowns, LANES)), np.zeros(ends.rules)
        self._z = np.zeros((s.groups, s.variables, LANES))
        self._size = [np.zeros((ends.padded // LANES, LANES)) for _ in range(3)]
        self._out = np.zeros((s.groups + 1, GATHERED, LANES))
        self._sizes_row = 2 * s.groups * s.variables
        self._parts = self._parts_for(None)

    def at(self, point: Point, pull: float = 0.0) -> None:
        """Be at a point; ``pull`` is the weight of a quadratic pull to zero."""
        self.point = point
        parts = self._inverse, self._inverse_force, self._theta
        self.team.long(ratios, point.near, point.force, *parts)
        tl, tu, below, above = self.bounds.cut(self._theta)
        self.newton.factor(tl, tu, below + above + pull, pull)

    def rest(self, off: Residuals) -> Point:
        """The direction that removes residuals, while products stay what they are."""
        self._first(off, 0.0)
        return self.by

    def predict(self, off: Residuals) -> tuple[Reach, Floats]:
        """Make ``by`` the direction that removes residuals and all products.

        Also returned are the sums of near · d_force, d_near · force and d_near · d_force.
        """
        self._first(off, 1.0)
        reach = self._reach()
        return Reach(float(reach[0]), float(reach[DUAL])), self._out[:, SUMS:].sum(axis=(0, 2))

    def second(self, target: float, pull: float) -> Reach:
        """Let ``more`` bring products to the target, to the second order, and pull to zero."""
        near, by_near, by_force, _, _ = self._views()
        inverse, _, _, room = self._tables

        def aimed(part: Part) -> None:
            given = near, inverse, by_near, by_force, target, pull, room, part.z
            aim_second(*given, part.low, part.high, *part.ghost)

        self._correct(aimed)
        return self._farthest()

    def centre(self, target: float, before: Reach) -> Reach:
        """Add the correction before to ``by``; let ``more`` bring products near the target."""
        near, by_near, by_force, more_near, more_force = self._views()
        inverse, _, _, room = self._tables
        force = self.point.force.reshape(-1, LANES)
        more = more_near, more_force, *before.weights

        def aimed(part: Part) -> None:
            given = near, force, inverse, by_near, by_force, *more, target, room, part.z
            aim_centre(*given, part.low, part.high)

        self._include_rows(before)
        self._correct(aimed)
        return self._farthest()

    def include(self, reach: Reach) -> None:
        """Add ``more`` to ``by``."""
        for one, other, weight in zip(
            (self.by.near, self.by.force), (self.more.near, self.more.force), reach.weights,
            strict=True,
        ):  # fmt: skip
            self.team.long(add, one, other, weight)
        self._include_rows(reach)

    def move(self, to: Point, primal: float, dual: float) -> float:
        """Put the point after a step along ``by`` into ``to``; the sum of its near · force."""
        at, by = self.point, self.by
        given = at.near, at.force, by.near, by.force, primal, dual, to.near, to.force
        found = self.team.gather(moved, *given, width=1)
        np.multiply(by.y, dual, out=to.y)
        to.y += at.y
        return float(found.sum())

    def _include_rows(self, reach: Reach) -> None:
        self.more.y *= reach.weights[1]
        self.by.y += self.more.y

    def _first(self, off: Residuals, share: float) -> None:
        """Solve for ``by``: residuals vanish, and products lose a share."""
        parts, ends = self._parts_for(off), self.ends
        near, force = (each.reshape(-1, LANES) for each in (self.point.near, self.point.force))
        inverse, inverse_force, theta, room = self._tables
        by_near, by_force = (each.reshape(-1, LANES) for each in (self.by.near, self.by.force))

        def aimed(part: Part) -> None:
            given = force, theta, share, part.missing, part.upper, room, part.z
            aim_first(*given, part.low, part.high)

        def landed(part: Part) -> None:
            given = near, force, inverse, inverse_force, theta, part.upper, room
            rows = len(part.z), part.low, part.high
            land_first(*given, by_near, by_force, part.out, *rows)

        base = self.bounds.filled.by_group(off.rows)
        self._solve(parts, base, off.rows[ends.unknowns :], aimed, landed, self.by)

    def _correct(self, aimed: Callable[[Part], None]) -> None:
        """Solve for ``more``, aimed at something."""
        _, by_near, by_force, more_near, more_force = self._views()
        inverse, inverse_force, theta, room = self._tables

        def landed(part: Part) -> None:
            given = inverse, inverse_force, theta, by_near, by_force, room, more_near, more_force
            land(*given, part.out, len(part.z), part.low, part.high)

        self._solve(self._parts, self._base, self._no_rules, aimed, landed, self.more)

    def _solve(  # noqa: PLR0917
        self, parts: list[Part], base: Floats, rules: Floats, aimed: Callable[[Part], None],
        landed: Callable[[Part], None], into: Point,
    ) -> None:  # fmt: skip
        f, newton, sizes = self.bounds.filled, self.newton, parts[-1]
        steps = into.near.reshape(-1, LANES)
        room, count = self._tables[3], newton.structure.variables
        aimed(sizes)

        def begin(g: int, base: Floats, right: Floats) -> None:
            part = parts[g]
            aimed(part)
            caps = room[part.high : part.high + count]
            reduce(newton.plan, newton.segments[g], part.z, caps, base, right)

        def finish(g: int, right: Floats, x: Floats, off: Floats) -> None:
            part = parts[g]
            below, above = (steps[row : row + count] for row in (part.low, part.high))
            check(newton.plan, newton.segments[g], part.z, right, x, off, below, above)
            landed(part)

        p = sizes.z.reshape(-1)[: self.ends.sizes]
        x, x_outer = newton.solve(base, rules, p, begin, finish)
        flat = x.reshape(-1)
        np.multiply(flat, f.is_row[: len(flat)], out=into.y[: len(flat)])
        into.y[len(flat) :] = x_outer[f.rule]
        into.p[f.inner] = flat[newton.structure.size[f.inner]]
        into.p[newton.structure.outer.sizes] = x_outer[f.size]
        steps[sizes.high : sizes.high + len(sizes.z)] = 0.0
        landed(sizes)

    def _views(self) -> list[Floats]:
        vectors = self.point.near, self.by.near, self.by.force, self.more.near, self.more.force
        return [each.reshape(-1, LANES) for each in vectors]

    def _parts_for(self, off: Residuals | None) -> list[Part]:
        """All groups, then the sizes; without residuals there is nothing to miss."""
        f, s = self.bounds.filled, self.newton.structure
        missing = upper = self._z
        z, missing_p, most = self._size
        if off is not None:
            missing, upper = f.by_group(off.z), f.by_group(off.upper)
            missing_p.reshape(-1)[: self.ends.sizes] = off.p
            most.reshape(-1)[: self.ends.sizes] = off.most
        ghost = s.plan.ghost_first, s.plan.ghost_end
        parts = [
            Part(g * s.variables, (s.groups + g) * s.variables, ghost, missing[g], upper[g],
                 self._z[g], self._out[g])
            for g in range(s.groups)
        ]  # fmt: skip
        first, out = self._sizes_row, self._out[s.groups]
        return [*parts, Part(first, first + len(z), (0, 0), missing_p, most, z, out)]

    def _reach(self) -> Floats:
        return np.asarray(1.0 / self._out[:, :SUMS].max(axis=(0, 2)))

    def _farthest(self) -> Reach:
        primal, dual = np.split(self._reach(), 2)
        i, j = int(np.argmax(primal)), int(np.argmax(dual))
        return Reach(float(primal[i]), float(dual[j]), (WEIGHTS[i], WEIGHTS[j]))
