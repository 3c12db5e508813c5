"""The Newton system: local variables eliminated, segments side by side, a dense rest.

A step (dz, dp, dy) solves

    A dz + B dp + δ dy = r_rows
    D dz − A'dy − tu U dp = r_z                     D  = tl + tu + ρ,  tl = zl/z,  tu = zu/w
    −B'dy − U'tu dz + (U'tu U + d) dp = r_p

With dz = ẑ + τ U dp, τ = tu/D, the sizes reach the variables only through B̂ = B + A τ U, and the
curvature left for them is U'κ U + d, κ = tu (tl + ρ)/D: sums of positive terms, so nothing
cancels when a variable sits on a bound that grows with a size. Variables of one stage are
eliminated (ẑ = D⁻¹(r + A'dy)); variables that tie stages together stay, because with them
eliminated the recursion over time subtracts numbers as large as D⁻¹, up to 1e15.

What stays is quasi-definite: positive where a row stands, negative where a variable or a size
stands. Such a matrix has factors in any order without pivoting (R. J. Vanderbei, SIAM J. Optim. 5
(1995) 100). Each segment is eliminated for itself; what that leaves of the outer unknowns is
added up over segments into one small dense system.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.dense import Dense, product
from zeroplant.solve.staged.elimination import DELTA, RHO, Segment, to_slots
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.march import ADDED, SOLVED, STANDING, Sides, Trial
from zeroplant.solve.staged.team import Team

# A solution is refined until this much of the right-hand side is missing, at most so often.
ENOUGH, REFINEMENTS = 1e-10, 3

Begin = Callable[[int], None]
Finish = Callable[[int, Trial, int], None]


class Newton:
    """The system of one form; `factor` for new weights, then `solve` for any right-hand sides.

    ``segments`` and ``work`` are what each group has of its own, ``base`` and ``sides`` its
    right-hand sides: what rows ask for, and with what variables bring.
    """

    def __init__(self, filled: Filled, team: Team) -> None:
        self.filled, self.team = filled, team
        self.structure = s = filled.structure
        self.plan = s.plan
        self._diagonal, self._inner = s.diagonals(), s.size_inside[filled.inner]
        weights = [self._blank(s.variables) for _ in range(3)]
        entries = blank(s.groups, self.plan.entries, LANES)
        a, u, parts = filled.a, filled.u, (filled.b, self._diagonal, *weights, entries)
        self.segments = [
            Segment(a.rows, a.at[g], u.rows, u.at[g], *(part[g] for part in parts))
            for g in range(s.groups)
        ]
        self.work = [s.work() for _ in range(s.groups)]
        self._right, self._x, self._better, self._off, self._off_better, room = (
            self._blank(s.unknowns) for _ in range(6)
        )
        self._slots, self._largest = self._blank(self.plan.slots), self._blank(2)
        parts = self._right, self._slots, room, self._largest
        self.sides = [Sides(*(part[g] for part in parts)) for g in range(s.groups)]
        one, other = np.tril_indices(self.plan.slots)
        wide = filled.outers + 1
        self._square = (s.slot_outer[:, one] * wide + s.slot_outer[:, other]).reshape(-1)

    def _blank(self, length: int) -> Floats:
        return blank(self.structure.groups, length, LANES)

    def factor(self, d: Floats, settle: Callable[[int], None]) -> None:
        """Factor for weights ``d`` of the sizes; ``settle(group)`` weighs and eliminates one."""
        s, f = self.structure, self.filled
        self._diagonal.reshape(-1)[self._inner] = -(d + RHO)[f.inner]
        self.team.each(settle, s.groups)
        outer = f.corner.copy()
        outer[f.size, f.size] -= (d + RHO)[s.outer.sizes]
        outer[f.rule, f.rule] += DELTA
        self._outer = outer
        self._factors = Dense(outer + self._add_up_square())

    def _add_up_square(self) -> Floats:
        """Sum over all segments of what is left of the outer unknowns."""
        size = self.filled.outers
        left = np.stack([each.entries[self.plan.s_first :] for each in self.segments])
        total = np.bincount(self._square, left.reshape(-1), (size + 1) ** 2)
        square = total.reshape(size + 1, size + 1)[:size, :size]
        return np.asarray(square + square.T - np.diag(np.diag(square)))

    def solve(
        self, base: Floats, rules: Floats, p: Floats, begin: Begin, finish: Finish
    ) -> tuple[Floats, Floats]:
        """Unknowns by group and outer ones, refined until they no longer improve.

        ``base`` are the right-hand sides of rows by group, zero elsewhere (those of sizes are put
        there), ``rules`` of outer rules, ``p`` of sizes. ``begin(group)`` takes from these what
        the variables bring and eliminates; ``finish(group, trial, how)`` finds the unknowns and
        says by how much they miss, and may be called again with better ones. The result holds
        until the next call.
        """
        s, f, n = self.structure, self.filled, self.plan.inside
        outer = np.zeros(f.outers)
        base.reshape(-1)[f.inner_place] = -p[f.inner]
        self.team.each(begin, s.groups)
        outer[f.size], outer[f.rule] = -p[s.outer.sizes], rules
        outer += f.add_up(self._right[:, n:])
        size = max(_largest(outer), float(self._largest[:, 0].max()))
        x, better, off, off_better = self._x, self._better, self._off, self._off_better
        x_outer = self._outer_for(outer)
        off_outer = outer - product(self._outer, x_outer)
        off_outer += self._finish(finish, (self._right, x, x, off), x_outer, SOLVED)
        for _ in range(REFINEMENTS):
            missing = max(self._missing(), _largest(off_outer))
            if missing <= ENOUGH * size:
                break
            self._again(off)
            more_outer = self._outer_for(off_outer)
            better_outer = x_outer + more_outer
            tried = outer - product(self._outer, better_outer)
            tried += self._finish(finish, (off, better, x, off_better), more_outer, ADDED)
            if not max(self._missing(), _largest(tried)) < 0.9 * missing:
                self._finish(finish, (off, x, x, off_better), x_outer, STANDING)
                break
            x, better, off, off_better = better, x, off_better, off
            x_outer, off_outer = better_outer, tried
        return x, x_outer

    def _again(self, off: Floats) -> None:
        """What slots get of what is missing."""

        def group(g: int) -> None:
            side = self.sides[g]
            to_slots(self.plan, self.segments[g].entries, off[g], side.room, side.left)

        self.team.each(group, self.structure.groups)

    def _outer_for(self, outer: Floats) -> Floats:
        """Outer unknowns, from their right-hand sides and what the slots got."""
        return self._factors.solve(outer + self.filled.add_up(self._slots))

    def _finish(
        self, finish: Finish, given: tuple[Floats, ...], x_outer: Floats, how: int
    ) -> Floats:
        """Unknowns of all groups, ``given`` as in `Trial`; what slots miss."""
        s, n, x = self.structure, self.plan.inside, given[1]
        if how != STANDING:
            x[:, n:] = np.append(x_outer, 0.0)[s.slot_outer]
        self.team.each(lambda g: finish(g, Trial(*(part[g] for part in given)), how), s.groups)
        return self.filled.add_up(given[3][:, n:])

    def _missing(self) -> float:
        """The largest that unknowns of any group miss."""
        return float(self._largest[:, 1].max())


def _largest(values: Floats) -> float:
    return max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
