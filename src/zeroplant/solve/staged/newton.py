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
from scipy.linalg.lapack import dgetrf, dgetrs

from zeroplant.axis import Floats
from zeroplant.solve.staged.elimination import (
    DELTA,
    RHO,
    Segment,
    assemble,
    eliminate,
    from_slots,
    to_slots,
    weigh,
)
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.team import Team

# A solution is refined until this much of the right-hand side is missing, at most so often.
ENOUGH, REFINEMENTS = 1e-10, 3

Begin = Callable[[int, Floats, Floats], None]
Finish = Callable[[int, Floats, Floats, Floats], None]


class Newton:
    """The system of one form; `factor` for new weights, then `solve` for any right-hand sides."""

    def __init__(self, filled: Filled, team: Team) -> None:
        self.filled, self.team = filled, team
        self.structure = s = filled.structure
        self.plan = s.plan
        self._diagonal = s.diagonals()
        weights = [self._blank(s.variables) for _ in range(4)]
        entries = blank(s.groups, self.plan.entries, LANES)
        parts = (filled.a, filled.u, filled.b, self._diagonal, *weights, entries)
        self.segments = [Segment(*(part[g] for part in parts)) for g in range(s.groups)]
        self._square = np.tril_indices(self.plan.slots)
        self._right, self._x, self._better, self._off, self._off_better = (
            self._blank(s.unknowns) for _ in range(5)
        )
        self._work = [s.work() for _ in range(s.groups)]
        self._slots = self._blank(self.plan.slots)

    def _blank(self, length: int) -> Floats:
        return blank(self.structure.groups, length, LANES)

    def factor(self, tl: Floats, tu: Floats, d: Floats, pull: float = 0.0) -> None:
        """Factor for weights of the variables' bounds (laid out) and of the sizes' (``d``).

        ``pull`` is the weight of a pull to zero of all variables. At places of ghosts, where
        ``tl`` and ``tu`` must be 0, they are 0 again afterwards.
        """
        s, f = self.structure, self.filled
        for weight in (tl, tu):
            weight[s.ghost] = weight[s.ghost_of]
        diagonal = self._diagonal.reshape(-1)
        diagonal[s.size_inside[f.inner]] = -(d + RHO)[f.inner]
        low, high = f.by_group(tl), f.by_group(tu)

        def group(g: int) -> None:
            segment = self.segments[g]
            weigh(self.plan, segment, low[g], high[g], pull)
            assemble(self.plan, segment)
            eliminate(self.plan, segment.entries, self._work[g])

        self.team.each(group, s.groups)
        tl[s.ghost] = tu[s.ghost] = 0.0
        outer = f.corner.copy()
        outer[f.size, f.size] -= (d + RHO)[s.outer.sizes]
        outer[f.rule, f.rule] += DELTA
        self._outer = outer
        self._factor_outer(outer + self._add_up_square())

    def _add_up_square(self) -> Floats:
        """Sum over all segments of what is left of the outer unknowns."""
        size = len(self.structure.outer)
        one, other = self._square
        total = np.zeros((size + 1) ** 2)
        for which, segment in zip(self.structure.slot_outer, self.segments, strict=True):
            place = which[one] * (size + 1) + which[other]
            left = segment.entries[self.plan.s_first :]
            total += np.bincount(place.reshape(-1), left.reshape(-1), len(total))
        square = total.reshape(size + 1, size + 1)[:size, :size]
        return np.asarray(square + square.T - np.diag(np.diag(square)))

    def _factor_outer(self, matrix: Floats) -> None:
        if not len(matrix):
            return
        if not np.isfinite(matrix).all():
            message = "the Newton system overflowed"
            raise Declined(message)
        self._scale = 1.0 / np.sqrt(np.maximum(np.abs(matrix).max(axis=1), 1e-300))
        self._lu, self._pivots, info = dgetrf(matrix * self._scale * self._scale[:, None])
        if info:
            message = "the border of the Newton system is singular"
            raise Declined(message)

    def solve(
        self, base: Floats, rules: Floats, p: Floats, begin: Begin, finish: Finish
    ) -> tuple[Floats, Floats]:
        """Unknowns by group and outer ones, refined until they no longer improve.

        ``base`` are the right-hand sides of rows by group, zero elsewhere (those of sizes are put
        there), ``rules`` of outer rules, ``p`` of sizes. ``begin(group, base, right)`` takes from
        right-hand sides what the variables bring, ``finish(group, right, x, off)`` says by how
        much unknowns miss them, and may be called again with better ones. The result holds until
        the next call.
        """
        s, f, n = self.structure, self.filled, self.plan.inside
        right, outer = self._right, np.zeros(len(s.outer))
        base.reshape(-1)[s.size[f.inner]] = -p[f.inner]

        def reduce(g: int) -> None:
            begin(g, base[g], right[g])
            to_slots(self.plan, self.segments[g].entries, right[g], self._x[g], self._slots[g])

        self.team.each(reduce, s.groups)
        outer[f.size], outer[f.rule] = -p[s.outer.sizes], rules
        outer += f.add_up(right[:, n:])
        size = max(_largest(outer), _largest(right[:, :n]))
        x, better, off, off_better = self._x, self._better, self._off, self._off_better
        x_outer = self._outer_for(outer)
        off_outer = self._finish(right, x, x_outer, finish, x, off)
        off_outer += outer - self._outer @ x_outer
        for _ in range(REFINEMENTS):
            missing = max(_largest(off[:, :n]), _largest(off_outer))
            if missing <= ENOUGH * size:
                break

            def again(g: int, off: Floats = off, better: Floats = better) -> None:
                entries = self.segments[g].entries
                to_slots(self.plan, entries, off[g], better[g], self._slots[g])

            self.team.each(again, s.groups)
            more_outer = self._outer_for(off_outer)
            better_outer = x_outer + more_outer
            tried = self._finish(off, better, more_outer, finish, x, off_better)
            tried += outer - self._outer @ better_outer
            if not max(_largest(off_better[:, :n]), _largest(tried)) < 0.9 * missing:
                self.team.each(lambda g, x=x, off=off: finish(g, right[g], x[g], off[g]), s.groups)  # type: ignore[misc]
                break
            x, better, off, off_better = better, x, off_better, off
            x_outer, off_outer = better_outer, tried
        return x, x_outer

    def _outer_for(self, outer: Floats) -> Floats:
        """Outer unknowns, from their right-hand sides and what the slots got."""
        found = outer + self.filled.add_up(self._slots)
        if len(found):
            found = self._scale * dgetrs(self._lu, self._pivots, self._scale * found)[0]
        return np.asarray(found)

    def _finish(  # noqa: PLR0917
        self, given: Floats, x: Floats, x_outer: Floats, finish: Finish, before: Floats, off: Floats
    ) -> Floats:
        """Unknowns for ``given`` right-hand sides, added to those ``before``; what slots miss."""
        s, n = self.structure, self.plan.inside
        x[:, n:] = np.append(x_outer, 0.0)[s.slot_outer]

        def group(g: int) -> None:
            from_slots(self.plan, self.segments[g].entries, given[g], x[g])
            if x is not before:
                x[g] += before[g]
            finish(g, self._right[g], x[g], off[g])

        self.team.each(group, s.groups)
        return self.filled.add_up(off[:, n:])


def _largest(values: Floats) -> float:
    return max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
