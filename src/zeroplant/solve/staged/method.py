"""The iteration: Mehrotra's predictor and corrector, and Gondzio's centrality correctors.

Sources: S. Mehrotra, SIAM J. Optim. 2 (1992) 575; J. Gondzio, Comput. Optim. Appl. 6 (1996) 137;
M. Colombo and J. Gondzio, Comput. Optim. Appl. 41 (2008) 277 (weighted correctors).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.direction import Directions
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.point import Bounds, Point, Residuals
from zeroplant.solve.staged.step import Step, along, combined

# Relative residuals and gap at which a point is optimal, and those worth a few steps more.
TOLERANCE, GOAL = 1e-8, 1e-10
MOST_ITERATIONS = 150
# Iterations without a better point after which an attempt is given up.
PATIENCE = 12
# How much of the way to the nearest bound a step takes.
CLOSE = 0.995
CORRECTORS = 2
# Factors of the starting point, primal and dual. The least-squares point is quickest for most
# programmes; where it is far too small, as when the only prices are those of sizes, the method
# jams, and a second attempt starts with much more room.
STARTS = ((1.0, 1.0), (10.0, 100.0))


@dataclass
class Found:
    """The best point of an attempt, how good it is, and the iterations of all attempts."""

    point: Point
    merit: float
    iterations: int


class Method:
    """Primal–dual interior-point method for one standard form."""

    def __init__(self, form: Form) -> None:
        self.form, self.bounds, self.newton = form, Bounds(form), Newton(form)

    def run(self, deadline: float | None = None) -> Found:
        """Iterate to relative residuals and gap ≤ 1e-8; raises Declined if that fails."""
        limit = np.inf if deadline is None else time.perf_counter() + deadline
        iterations, merits = 0, []
        for primal, dual in STARTS:
            found = self._attempt(self._start(primal, dual), limit)
            iterations += found.iterations
            if found.merit <= TOLERANCE:
                return Found(found.point, found.merit, iterations)
            merits.append(found.merit)
            if time.perf_counter() > limit:
                break
        message = f"not converged: residuals and gap are {min(merits):.1e} after {iterations} steps"
        raise Declined(message)

    def _attempt(self, at: Point, limit: float) -> Found:
        """Iterate from a starting point until it is optimal and no longer improves, or stuck."""
        best, best_at, last = Found(at, np.inf, 0), 0, np.inf
        for iteration in range(MOST_ITERATIONS):
            off = self.bounds.residuals(at)
            merit = self.bounds.merit(at, off)
            if merit < best.merit:
                best, best_at = Found(at, merit, iteration), iteration
            best.iterations = iteration
            good = merit <= GOAL or (best.merit <= TOLERANCE and merit > 0.5 * last)
            stuck = iteration - best_at > PATIENCE or not np.isfinite(merit)
            if good or stuck or time.perf_counter() > limit:
                break
            last = merit
            try:
                at = self._advance(at, off)
            except Declined:  # the Newton system broke down; the best point may do
                break
        return best

    def _start(self, primal_factor: float, dual_factor: float) -> Point:
        """Mehrotra's least-squares point, shifted into the interior, and given more room."""
        f, b = self.form, self.bounds
        ones, nothing = np.ones(b.count), np.zeros(b.count)
        zero = Point(np.zeros_like(f.cost), np.zeros_like(f.price), np.zeros_like(f.b), ones, ones)
        least = Directions(self.newton, b, zero)
        blank = least.nothing
        wanted = Residuals(f.b, f.upper[b.high], f.most[b.high_size], blank.z, blank.p)
        primal = least.toward(wanted, nothing)
        priced = Residuals(blank.rows, blank.upper, blank.most, -f.cost, -f.price)
        dual = least.toward(priced, nothing)
        near, force = _inside(primal.near), _inside(dual.force)
        product = float((near * force).sum())
        near, force = near + 0.5 * product / force.sum(), force + 0.5 * product / near.sum()
        near, force = primal_factor * near, dual_factor * force
        z, p = primal.z.copy(), primal.p.copy()
        z[b.low], p[b.low_size] = near[b.parts[0]], near[b.parts[2]]
        return Point(z, p, dual.y, near, force)

    def _advance(self, at: Point, off: Residuals) -> Point:
        """One iteration: predict, choose how far to centre, correct, step."""
        directions = Directions(self.newton, self.bounds, at)
        product = at.near * at.force
        mu = float(product.mean())
        ahead = along(at, directions.toward(off, -product))
        after = float(ahead.products(at, ahead.primal, ahead.dual).mean())
        target = mu * min(1.0, max((after / mu) ** 3, 0.05 * TOLERANCE))
        second = directions.correct(target - ahead.by.near * ahead.by.force)
        step = combined(at, ahead, second, ahead.primal * ahead.dual)
        for _ in range(CORRECTORS):
            better = self._centred(at, step, directions, target)
            if better.primal < step.primal + 0.01 and better.dual < step.dual + 0.01:
                break
            step = better
        return at.moved(step.by, CLOSE * step.primal, CLOSE * step.dual)

    @staticmethod
    def _centred(at: Point, step: Step, directions: Directions, target: float) -> Step:
        """A step that goes 0.3 farther, by pulling products back into [0.1, 10]·target there."""
        primal, dual = min(1.0, step.primal + 0.3), min(1.0, step.dual + 0.3)
        ahead = step.products(at, primal, dual)
        change = np.clip(ahead, 0.1 * target, 10.0 * target) - ahead
        more = directions.correct(np.maximum(change, -10.0 * target))
        return combined(at, step, more)


def _inside(values: Floats) -> Floats:
    return np.asarray(values + max(-1.5 * float(values.min(initial=0.0)), 1e-3))
