"""The iteration: Mehrotra's predictor and corrector, and Gondzio's centrality correctors.

Sources: S. Mehrotra, SIAM J. Optim. 2 (1992) 575; J. Gondzio, Comput. Optim. Appl. 6 (1996) 137;
M. Colombo and J. Gondzio, Comput. Optim. Appl. 41 (2008) 277 (weighted correctors).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.direction import Directions
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Bools, Declined, Form, NotConverged
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.point import Bounds, Point, Residuals
from zeroplant.solve.staged.step import along, combined
from zeroplant.solve.staged.structure import Structure
from zeroplant.solve.staged.team import Team

# Relative residuals and gap at which a point is optimal, and those worth a few steps more.
TOLERANCE, GOAL = 1e-8, 1e-10
MOST_ITERATIONS = 150
# Iterations at an optimal point that gain less than half after which it is good enough.
SLOW = 2
# Iterations without a better point after which an attempt is given up.
PATIENCE = 12
# How much of the way to the nearest bound a step takes.
CLOSE = 0.995
# Correctors at most for one factorisation: each costs a solve, all aim at a full step.
CORRECTORS = 8
# Attempts: factors of the starting point, primal and dual, and a quadratic pull to zero, times μ.
# Of flows that run round for nothing only the sum of prices on the way matters; without the pull
# they run to infinity (M. A. Saunders and J. A. Tomlin, Stanford SOL 96-4, 1996, regularise
# likewise). It vanishes with μ, but is too much where quantities are a thousand times what the
# scaling takes for usual. The least-squares point is quickest for most programmes; where it is far
# too small, as when the only prices are those of sizes, an attempt starts with much more room.
Attempt = tuple[float, float, float]
ATTEMPTS: tuple[Attempt, ...] = ((1.0, 1.0, 1e-2), (1.0, 1.0, 0.0), (100.0, 100.0, 1e-5))


@dataclass
class Found:
    """The best point of an attempt, how good it is, and the iterations of all attempts."""

    point: Point
    merit: float
    iterations: int


class Method:
    """Primal–dual interior-point method for one standard form."""

    def __init__(self, form: Form, structure: Structure | None = None, threads: int = 1) -> None:
        self.filled = Filled(form, structure or Structure(form))
        self.newton = Newton(self.filled, Team(threads))
        self.bounds = Bounds(self.filled, self.newton)
        self.pull = 0.0

    def run(self, deadline: float | None = None, attempts: Sequence[Attempt] = ATTEMPTS) -> Found:
        """Iterate to relative residuals and gap ≤ 1e-8; raises NotConverged if that fails."""
        limit = np.inf if deadline is None else time.perf_counter() + deadline
        iterations, merits = 0, []
        for primal, dual, self.pull in attempts:
            found = self._attempt(self._start(primal, dual), limit)
            iterations += found.iterations
            if found.merit <= TOLERANCE:
                return Found(self.bounds.original(found.point), found.merit, iterations)
            merits.append(found.merit)
            if time.perf_counter() > limit:
                break
        message = f"not converged: residuals and gap are {min(merits):.1e} after {iterations} steps"
        raise NotConverged(message)

    def _attempt(self, at: Point, limit: float) -> Found:
        """Iterate from a starting point until it is optimal and no longer improves, or stuck."""
        best, best_at, last, slow = Found(at, np.inf, 0), 0, np.inf, 0
        for iteration in range(MOST_ITERATIONS):
            off = self.bounds.residuals(at)
            merit = self.bounds.merit(at, off)
            if merit < best.merit:
                best, best_at = Found(at, merit, iteration), iteration
            best.iterations = iteration
            slow += best.merit <= TOLERANCE and merit > 0.5 * last
            good = merit <= GOAL or slow == SLOW
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
        f, b = self.filled, self.bounds
        ones, nothing = np.ones(f.ends.bounds), np.zeros(f.ends.bounds)
        zero = Point(np.zeros_like(f.cost), np.zeros_like(f.form.price), 0.0 * f.right, ones, b.has)
        least = Directions(self.newton, b, zero)
        blank = least.nothing
        wanted = Residuals(f.right, f.upper, f.most, blank.z, blank.p, blank.tally)
        primal = least.toward(wanted, nothing)
        priced = Residuals(None, blank.upper, blank.most, -f.cost, -f.form.price, blank.tally)
        dual = least.toward(priced, nothing)
        is_bound = b.has > 0
        near, force = _inside(primal.near, is_bound), _inside(dual.force, is_bound)
        product = float((near * force).sum())
        room, push = float((b.has * near).sum()) or 1.0, float(force.sum()) or 1.0
        near, force = near + 0.5 * product / push, force + 0.5 * product / room
        near, force = primal_factor * near, np.where(is_bound, dual_factor * force, 0.0)
        z, p = primal.z.copy(), primal.p.copy()
        low, _, low_size, _ = b.parts
        z[is_bound[low]] = near[low][is_bound[low]]
        p[is_bound[low_size]] = near[low_size][is_bound[low_size]]
        return Point(z, p, dual.y, near, force)

    def _advance(self, at: Point, off: Residuals) -> Point:
        """One iteration: predict, choose how far to centre, correct, step."""
        product, count = at.near * at.force, max(self.bounds.count, 1)
        mu = max(float(product.sum()) / count, 1e-300)
        directions = Directions(self.newton, self.bounds, at, self.pull * mu)
        ahead = along(directions, directions.toward(off, -product))
        after = ahead.total(directions) / count
        target = mu * min(1.0, max((after / mu) ** 3, 0.05 * TOLERANCE))
        home = self._pulled(at, directions, self.pull * target)
        second = directions.toward(home, ahead.second_order(directions, target))
        step = combined(directions, ahead, second, ahead.primal * ahead.dual)
        for _ in range(CORRECTORS):
            change = step.centring(directions, target)
            better = combined(directions, step, directions.correct(change))
            if better.primal < step.primal + 0.01 and better.dual < step.dual + 0.01:
                break
            step = better
        return at.moved(step.by, CLOSE * step.primal, CLOSE * step.dual)

    def _pulled(self, at: Point, directions: Directions, weight: float) -> Residuals:
        """What the pull to zero asks of prices."""
        z = -weight * at.z
        z[self.filled.structure.ghost] = 0.0
        return replace(directions.nothing, z=z, p=-weight * at.p)


def _inside(values: Floats, is_bound: Bools) -> Floats:
    """Values of bounds shifted until all are positive; zero where there is no bound."""
    values = np.where(is_bound, values, 0.0)
    shift = max(-1.5 * float(values.min(initial=0.0)), 1e-3)
    return np.where(is_bound, values + shift, 0.0)
