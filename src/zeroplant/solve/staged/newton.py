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

import numpy as np
from scipy.linalg.lapack import dgetrf, dgetrs

from zeroplant.axis import Floats
from zeroplant.solve.staged.elimination import (
    DELTA,
    RHO,
    Segment,
    assemble,
    check,
    eliminate,
    from_slots,
    reduce,
    to_slots,
    weigh,
)
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.lanes import LANES
from zeroplant.solve.staged.team import Team

# A solution is refined until this much of the right-hand side is missing, at most so often.
ENOUGH, REFINEMENTS = 1e-10, 3


class Newton:
    """The system of one form; `factor` for new weights, then `solve` for any right-hand sides."""

    def __init__(self, filled: Filled, team: Team) -> None:
        self.filled, self.team = filled, team
        self.structure = s = filled.structure
        self.plan = s.plan
        self._diagonal = s.diagonals()
        weights = [self._blank(s.variables) for _ in range(4)]
        entries = np.empty((s.groups, self.plan.entries, LANES))
        parts = (filled.a, filled.u, filled.b, self._diagonal, *weights, entries)
        self.segments = [Segment(*(part[g] for part in parts)) for g in range(s.groups)]
        self._square = np.tril_indices(self.plan.slots)
        self._right = self._blank(s.unknowns)
        self._slots = self._blank(self.plan.slots)

    def _blank(self, length: int) -> Floats:
        return np.zeros((self.structure.groups, length, LANES))

    def factor(self, tl: Floats, tu: Floats, d: Floats) -> None:
        """Factor for new weights of the variables' bounds (laid out) and of the sizes' (``d``).

        In ``tl`` and ``tu`` the places of ghosts are filled in.
        """
        s, f = self.structure, self.filled
        for weight in (tl, tu):
            weight[s.ghost] = weight[s.ghost_of]
        diagonal = self._diagonal.reshape(-1)
        diagonal[s.size_inside[f.inner]] = -(d + RHO)[f.inner]
        low, high = f.by_group(tl), f.by_group(tu)

        def group(g: int) -> None:
            segment = self.segments[g]
            weigh(self.plan, segment, low[g], high[g])
            assemble(self.plan, segment)
            eliminate(self.plan, segment.entries, s.work())

        self.team.each(group, s.groups)
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
        self, rows: Floats | None, z: Floats, caps: Floats, p: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """(dz, U dp, dp, dy), refined until it no longer improves.

        ``rows``, ``z`` and ``p`` are the right-hand sides, laid out (no ``rows``: zero); U'caps
        is added to the last.
        """
        s, f, n = self.structure, self.filled, self.plan.inside
        right, outer = self._right, np.zeros(len(s.outer))
        flat = right.reshape(-1)
        flat[:] = 0.0 if rows is None else rows[: len(flat)]
        flat[s.size[f.inner]] = -p[f.inner]
        outer[f.size] = -p[s.outer.sizes]
        if rows is not None:
            outer[f.rule] = rows[len(flat) :]
        z_of, caps_of = f.by_group(z), f.by_group(caps)

        def begin(g: int) -> None:
            reduce(self.plan, self.segments[g], z_of[g], caps_of[g], right[g])

        self.team.each(begin, s.groups)
        outer += f.add_up(right[:, n:])
        size = max(_largest(outer), _largest(right[:, :n]))

        x, x_outer = self._solve_once(right, outer)
        off, off_outer, step, push = self._missing(x, x_outer, right, outer, z_of)
        for _ in range(REFINEMENTS):
            missing = max(_largest(off[:, :n]), _largest(off_outer))
            if missing <= ENOUGH * size:
                break
            more, more_outer = self._solve_once(off, off_outer)
            better, better_outer = x + more, x_outer + more_outer
            tried = self._missing(better, better_outer, right, outer, z_of)
            if not max(_largest(tried[0][:, :n]), _largest(tried[1])) < 0.9 * missing:
                break
            x, x_outer = better, better_outer
            off, off_outer, step, push = tried
        dp = np.empty(f.ends.sizes)
        flat = x.reshape(-1)
        dp[f.inner], dp[s.outer.sizes] = flat[s.size[f.inner]], x_outer[f.size]
        dy = np.append(flat, x_outer[f.rule]) * f.is_row
        return step.reshape(-1), push.reshape(-1), dp, dy

    def _solve_once(self, right: Floats, outer: Floats) -> tuple[Floats, Floats]:
        """Unknowns inside (then slots) and outer ones for right-hand sides, without refinement.

        Right-hand sides of slots are in ``outer``.
        """
        s, n, x = self.structure, self.plan.inside, np.empty_like(right)

        def forward(g: int) -> None:
            to_slots(self.plan, self.segments[g].entries, right[g], x[g], self._slots[g])

        def backward(g: int) -> None:
            from_slots(self.plan, self.segments[g].entries, right[g], x[g])

        self.team.each(forward, s.groups)
        found = outer + self.filled.add_up(self._slots)
        if len(found):
            found = self._scale * dgetrs(self._lu, self._pivots, self._scale * found)[0]
        x[:, n:] = np.append(found, 0.0)[s.slot_outer]
        self.team.each(backward, s.groups)
        return x, found

    def _missing(
        self, x: Floats, x_outer: Floats, right: Floats, outer: Floats, z: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """By how much a solution misses the right-hand sides; dz and U dp."""
        s, off = self.structure, np.empty_like(x)
        step, push = np.empty_like(z), np.empty_like(z)

        def group(g: int) -> None:
            check(self.plan, self.segments[g], z[g], right[g], x[g], off[g], step[g], push[g])

        self.team.each(group, s.groups)
        n = self.plan.inside
        off_outer = outer - self._outer @ x_outer + self.filled.add_up(off[:, n:])
        return off, off_outer, step, push


def _largest(values: Floats) -> float:
    return max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
