"""From residuals to a direction: the Newton step of all variables, distances and duals.

A direction is made of a prediction and corrections of it. Each aims at a change of the products
near · force, solves the Newton system, and tells how far one could go, primal and dual apart, for
several weights of the correction. Long vectors are made once and used for all points; each group
is led through all passes at once, while it is near the processor (see ``march.py``).
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
    At,
    Way,
    aim_centre,
    aim_first,
    aim_second,
    land,
    land_first,
    restart,
)
from zeroplant.solve.staged.defect import Given, Off
from zeroplant.solve.staged.filled import Ends
from zeroplant.solve.staged.ghosts import Ghosts
from zeroplant.solve.staged.lanes import LANES, Shorts, blank, short
from zeroplant.solve.staged.march import (
    STRETCH,
    Strip,
    Trial,
    begin_centre,
    begin_first,
    begin_second,
    depart,
    finish_first,
    finish_more,
    look,
    settle,
)
from zeroplant.solve.staged.newton import Begin, Finish, Newton
from zeroplant.solve.staged.passes import move, weigh_sizes
from zeroplant.solve.staged.point import Bounds, Point, Residuals

ForSizes = Callable[[], None]


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
class Steps:
    """Steps of distances and forces, relative to these (see ``aim.py``), and of the duals."""

    near: Shorts
    force: Shorts
    y: Floats

    @staticmethod
    def blank(ends: Ends) -> Steps:
        """Steps of nothing."""
        y = blank(ends.unknowns + ends.rules)
        return Steps(short(ends.bounds), short(ends.bounds), y)


class Directions:
    """Directions at one point after the other: the Newton system is factored once for each.

    ``by`` is the direction so far, ``more`` a correction; it is added when the next one is sought
    or when the step is taken.
    """

    def __init__(self, newton: Newton, bounds: Bounds) -> None:
        self.newton, self.bounds, self.team = newton, bounds, newton.team
        self.ends = ends = bounds.filled.ends
        self.by, self.more = Steps.blank(ends), Steps.blank(ends)
        self._over, self._change = short(ends.bounds), short(ends.bounds)
        self._inverse = blank(ends.bounds)
        s = newton.structure
        # Of sizes, which pass through as one stretch, where groups are led through many.
        self._of_sizes = ends.padded // LANES
        self._strips = [Strip(*(blank(STRETCH, LANES) for _ in range(3))) for _ in range(s.groups)]
        self._sizes = Strip(*(blank(self._of_sizes, LANES) for _ in range(3)))
        self._base, self._no_rules = blank(s.groups, s.unknowns, LANES), np.zeros(ends.rules)
        self._z, self._z_sizes = blank(s.groups, s.variables, LANES), blank(self._of_sizes, LANES)
        self._missing, self._most, self._theta = (blank(self._of_sizes, LANES) for _ in range(3))
        self._out, self._product = (blank(s.groups + 1, n, LANES) for n in (GATHERED, 1))
        self._is_row = bounds.filled.by_group(bounds.filled.is_row)
        self._ghosts = Ghosts(newton.structure)
        self._ways, self._way_sizes = self._ways_of()

    def _ways_of(self) -> tuple[list[Way], Way]:
        """Directions as groups see them, and as the sizes do."""
        near, force, more, more_force = (
            each.reshape(-1, LANES)
            for steps in (self.by, self.more)
            for each in (steps.near, steps.force)
        )

        def way(y: Floats, more_y: Floats) -> Way:
            return Way(near, force, y, more, more_force, more_y)

        duals = (self.bounds.filled.by_group(steps.y) for steps in (self.by, self.more))
        return [way(*each) for each in zip(*duals, strict=True)], way(*blank(2, 0, LANES))

    def _seen(self, point: Point) -> tuple[list[At], At]:
        """A point as groups see it, and as the sizes do."""
        near, force, inverse = (
            each.reshape(-1, LANES) for each in (point.near, point.force, self._inverse)
        )
        over, change = (each.reshape(-1, LANES) for each in (self._over, self._change))
        count, groups = self.newton.structure.variables, self.newton.structure.groups
        low = 2 * groups * count

        def seen(low: int, high: int) -> At:
            return At(near, force, inverse, over, change, low, high)

        found = [seen(g * count, (groups + g) * count) for g in range(groups)]
        return found, seen(low, low + self._of_sizes)

    def look(self, point: Point) -> Residuals:
        """Residuals at a point where no step led to; ghosts are put there."""
        newton, at = self.newton, self._seen(point)[0]
        y = self.bounds.filled.by_group(point.y)
        ghosts = self._ghosts
        point.z[ghosts.place] = point.z[ghosts.of]

        def arrive(g: int, given: Given, x: Floats, off: Off) -> None:
            look(newton.plan, newton.segments[g], given, at[g], y[g], x, off)

        return self.bounds.residuals(point, arrive)

    def stand(self, point: Point) -> None:
        """Be at a point, from where one can move."""
        self.point = point
        self._at, self._at_sizes = self._seen(point)

    def at(self, point: Point, pull: float = 0.0) -> None:
        """Be at a point and factor there; ``pull`` is the weight of a quadratic pull to zero."""
        newton = self.newton
        self.stand(point)
        weigh_sizes(self._at_sizes, self._theta)
        ghost = self._ghosts.weights(point)

        def group(g: int) -> None:
            given = newton.work[g], self._at[g], ghost[g], pull
            settle(newton.plan, newton.segments[g], *given)

        newton.factor(self._theta.reshape(-1)[: self.ends.sizes] + pull, group)

    def rest(self, off: Residuals) -> Steps:
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

    def second(self, target: float, pull: float, raised: float) -> Reach:
        """Let ``more`` bring products to the target, to the second order, and pull to zero.

        The second order raises no product by more than ``raised`` times itself.
        """
        newton, aim = self.newton, (target, pull, raised)

        def sizes() -> None:
            z, caps = self._z_sizes, self._sizes.caps
            aim_second(self._at_sizes, self._way_sizes, *aim, 0, 0, z, caps, 0, self._of_sizes)

        def begin(g: int) -> None:
            given = *aim, self._z[g], self._strips[g], self._base[g], newton.sides[g]
            begin_second(newton.plan, newton.segments[g], self._at[g], self._ways[g], *given)

        return self._correct(sizes, begin)

    def centre(self, target: float, before: Reach) -> Reach:
        """Add the correction before to ``by``; let ``more`` bring products near the target."""
        newton, aim = self.newton, (*before.weights, target)

        def sizes() -> None:
            z, caps = self._z_sizes, self._sizes.caps
            aim_centre(self._at_sizes, self._way_sizes, *aim, z, caps, 0, self._of_sizes)

        def begin(g: int) -> None:
            given = *aim, self._z[g], self._strips[g], self._base[g], newton.sides[g]
            begin_centre(newton.plan, newton.segments[g], self._at[g], self._ways[g], *given)

        rules = slice(self.ends.unknowns, None)
        self.by.y[rules] += before.weights[1] * self.more.y[rules]
        return self._correct(sizes, begin)

    def move(
        self, to: Point, primal: float, dual: float, more: tuple[float, float]
    ) -> tuple[float, Residuals]:
        """Put the point after a step along ``by``, and so much of ``more``, into ``to``.

        Returned are the sum of its near · force, and its residuals.
        """
        newton, point, f = self.newton, self.point, self.bounds.filled
        there, there_sizes = self._seen(to)
        steps = primal, dual, *more
        product = self._product
        product[:] = 0.0
        sizes = self._at_sizes, self._way_sizes, *steps, there_sizes, product[-1]
        move(*sizes, 0, self._of_sizes)
        rules = slice(self.ends.unknowns, None)
        to.y[rules] = point.y[rules] + dual * (self.by.y[rules] + more[1] * self.more.y[rules])
        self._ghosts.move(point, self.by.near, self.more.near, primal, more[0], to)
        y, to_y = f.by_group(point.y), f.by_group(to.y)

        def arrive(g: int, given: Given, x: Floats, off: Off) -> None:
            here = self._at[g], self._ways[g], y[g], *steps, there[g], to_y[g], product[g], x, off
            depart(newton.plan, newton.segments[g], given, *here)

        off = self.bounds.residuals(to, arrive)
        return float(product.sum()), off

    def _first(self, off: Residuals, share: float) -> None:
        """Solve for ``by``: residuals vanish, and products lose a share."""
        f, ends, newton = self.bounds.filled, self.ends, self.newton
        missing, upper = f.by_group(off.z), f.by_group(off.upper)
        self._missing.reshape(-1)[: ends.sizes] = off.p
        self._most.reshape(-1)[: ends.sizes] = off.most
        strip, whole = self._sizes, (0, self._of_sizes)
        base, rules = f.by_group(off.rows), off.rows[ends.unknowns :]

        def sizes() -> None:
            given = self._missing, self._most, self._z_sizes, strip.caps, *whole
            aim_first(self._at_sizes, share, *given)

        def begin(g: int) -> None:
            given = missing[g], upper[g], self._z[g], self._strips[g], base[g], newton.sides[g]
            begin_first(newton.plan, newton.segments[g], self._at[g], share, *given)

        def finish(g: int, trial: Trial, how: int) -> None:
            given = upper[g], self._z[g], self._strips[g], self._out[g], self._is_row[g]
            here = self._at[g], self._ways[g], *given, newton.sides[g], trial, how
            finish_first(newton.plan, newton.segments[g], *here)

        def land_sizes() -> None:
            given = self._most, strip.step, strip.grown, self._out[-1], *whole
            land_first(self._at_sizes, self._way_sizes, *given)

        self._solve(base, rules, (sizes, land_sizes), begin, finish, self.by)

    def _correct(self, sizes: ForSizes, begin: Begin) -> Reach:
        """Solve for ``more``, aimed at something; how far one can go."""
        newton, strip = self.newton, self._sizes

        def finish(g: int, trial: Trial, how: int) -> None:
            given = self._z[g], self._strips[g], self._out[g], self._is_row[g]
            here = self._at[g], self._ways[g], *given, newton.sides[g], trial, how
            finish_more(newton.plan, newton.segments[g], *here)

        def land_sizes() -> None:
            given = strip.step, strip.grown, self._out[-1], 0, self._of_sizes
            land(self._at_sizes, self._way_sizes, *given)

        self._solve(self._base, self._no_rules, (sizes, land_sizes), begin, finish, self.more)
        primal, dual = np.split(self._reach(), 2)
        i, j = int(np.argmax(primal)), int(np.argmax(dual))
        return Reach(float(primal[i]), float(dual[j]), (WEIGHTS[i], WEIGHTS[j]))

    def _solve(  # noqa: PLR0917
        self, base: Floats, rules: Floats, sizes: tuple[ForSizes, ForSizes], begin: Begin,
        finish: Finish, into: Steps,
    ) -> None:  # fmt: skip
        """Aim of sizes, the Newton system with all groups' passes, and where sizes land."""
        f, newton = self.bounds.filled, self.newton
        aim_sizes, land_sizes = sizes
        aim_sizes()
        p = self._z_sizes.reshape(-1)[: self.ends.sizes]
        x, x_outer = newton.solve(base, rules, p, begin, finish)
        into.y[self.ends.unknowns :] = x_outer[f.rule]
        step = self._sizes.step.reshape(-1)
        step[f.inner] = x.reshape(-1)[f.inner_place]
        step[newton.structure.outer.sizes] = x_outer[f.size]
        restart(self._out[-1])
        land_sizes()

    def _reach(self) -> Floats:
        return np.asarray(1.0 / self._out[:, :SUMS].max(axis=(0, 2)))
