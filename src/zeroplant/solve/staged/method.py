"""The iteration: Mehrotra's predictor and corrector, and Gondzio's centrality correctors.

Sources: S. Mehrotra, SIAM J. Optim. 2 (1992) 575; J. Gondzio, Comput. Optim. Appl. 6 (1996) 137;
M. Colombo and J. Gondzio, Comput. Optim. Appl. 41 (2008) 277 (weighted correctors; when Mehrotra's
second order does harm).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.direction import Directions
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Bools, Declined, Form, NotConverged, in_time
from zeroplant.solve.staged.newton import Newton
from zeroplant.solve.staged.point import Bounds, Point, Residuals
from zeroplant.solve.staged.structure import MOST_CORRECTORS, Structure
from zeroplant.solve.staged.team import Team

# Relative residuals and gap at which a point is optimal, and those worth a few steps more.
TOLERANCE, GOAL = 1e-8, 1e-9
MOST_ITERATIONS = 150
# How good a point is from which programmes alike are begun: one as good as 0.1 takes more steps to
# leave than are saved, where prices differ by a fifth or a size's limit falls to a third.
ON_THE_WAY = 1.0
# Iterations at an optimal point that gain less than half after which it is good enough.
SLOW = 2
# Iterations after which an attempt is given up if no point was better, and μ was not halved: gaps
# may be small by chance, when the objectives pass each other.
PATIENCE = 12
# An attempt is lost where its points have been so much worse than the best for so many iterations:
# duals that run away, mostly, as there is no answer. Of 200 random plants that are solved by their
# first attempt none is ever a hundred times worse than it was; of 18 that have no answer, 17 are.
# Once half of the time is spent, one such point is enough.
LOST, LOST_FOR = 1e3, 5
# How much of the way to the nearest bound a step takes.
CLOSE = 0.995
# What a corrector must lengthen a step by to be followed by another: each costs a solve, all aim at
# a full step.
GAIN = 0.01
# Attempts: factors of the starting point, primal and dual, a quadratic pull to zero, times μ, and
# whether to take as few correctors as pay.
# Of flows that run round for nothing only the sum of prices on the way matters; without the pull
# they run to infinity (M. A. Saunders and J. A. Tomlin, Stanford SOL 96-4, 1996, regularise
# likewise). It vanishes with μ, but is too much where quantities are a thousand times what the
# scaling takes for usual, and too little where nearly nothing has a price. The least-squares point
# is quickest for most programmes; where its prices are far too low, an attempt starts with more.
Attempt = tuple[float, float, float, bool]
ATTEMPTS: tuple[Attempt, ...] = (
    (1.0, 1.0, 1e-2, True), (1.0, 1.0, 1e-2, False), (1.0, 1.0, 0.0, False),
    (1.0, 100.0, 1e-2, False), (1.0, 1.0, 1.0, False),
)  # fmt: skip


class Boldness(NamedTuple):
    """How low μ is aimed, and how far the second order is trusted.

    Where a prediction lets μ fall to a share of it, μ is aimed at this ``power`` of the share. The
    second order raises no product by more than ``raised`` times itself.
    """

    power: int
    raised: float


# As long as residuals and gap are above FAR: with many bounds predictions are short, though
# corrected steps go far; and a few of millions of bounds are foretold to change by hundreds of
# times, whose correction would hold all others back. Nearer, both would only blur the last digits,
# and it is as Mehrotra has it.
FAR = 1e-4
EARLY, LATE = Boldness(6, 8.0), Boldness(3, np.inf)


@dataclass
class Found:
    """The best point of an attempt, how good it is, and the iterations of all attempts.

    ``lost`` says that the attempt had better be given up for a proof that there is no answer.
    """

    point: Point
    merit: float
    iterations: int
    lost: bool = False


@dataclass
class Start:
    """A point on the way to an optimum, from which a programme alike may be begun.

    Not the optimum itself: there all that is near a bound is so near that it cannot leave it.
    """

    point: Point
    has: Floats
    iterations: int = MOST_ITERATIONS


class Method:
    """Primal–dual interior-point method for one standard form."""

    def __init__(self, form: Form, structure: Structure | None = None, threads: int = 1) -> None:
        self.filled = Filled(form, structure or Structure(form))
        self.newton = Newton(self.filled, Team(threads))
        self.bounds = Bounds(self.filled, self.newton)
        self.directions = Directions(self.newton, self.bounds)
        # The point that is, the next and the best.
        self._points = [Point.blank(self.filled.ends) for _ in range(3)]
        self.pull, self._keeps = 0.0, False
        self.start: Start | None = None
        self.correctors = MOST_CORRECTORS

    def again(self, start: Start, limit: float = np.inf) -> Found:
        """Iterate from a start that was kept; see `run`. Gives up where a cold start is better."""
        if not np.array_equal(start.has, self.filled.has):
            message = "other variables have bounds"
            raise NotConverged(message)
        start.point.copy_to(self._points[0])
        _, _, self.pull, _ = ATTEMPTS[0]
        self._keeps = False
        self.correctors = self.filled.structure.correctors
        off = self.directions.look(self._points[0])
        self.bounds.recentre(self._points[0], off)
        found = self._attempt(self._points[0], limit, 2 * start.iterations)
        if found.merit > TOLERANCE:
            message = f"residuals and gap are {found.merit:.1e} after {found.iterations} steps"
            raise NotConverged(message)
        return Found(self.bounds.original(found.point), found.merit, found.iterations)

    def run(
        self,
        limit: float = np.inf,
        attempts: Sequence[Attempt] = ATTEMPTS,
        *,
        keep: bool = False,
        hopeless: Callable[[], bool] = lambda: False,
    ) -> Found:
        """Iterate to relative residuals and gap ≤ 1e-8; raises NotConverged if that fails.

        No attempt is begun after ``limit``, a moment of `time.perf_counter`, nor where an attempt
        was lost and ``hopeless`` says that there is no answer. With ``keep``, ``start`` is then a
        point from which programmes alike may be begun.
        """
        in_time(limit)
        iterations, merits = 0, []
        for primal, dual, self.pull, quick in attempts:
            own = self.filled.structure.correctors
            self.correctors = own if quick else MOST_CORRECTORS
            self.start, self._keeps = None, keep
            found = self._attempt(self._start(primal, dual), limit, may_be_lost=quick)
            iterations += found.iterations
            if found.merit <= TOLERANCE:
                self._count_for_start(found.iterations)
                return Found(self.bounds.original(found.point), found.merit, iterations)
            merits.append(found.merit)
            if time.perf_counter() > limit or (found.lost and hopeless()):
                break
        message = f"not converged: residuals and gap are {min(merits):.1e} after {iterations} steps"
        raise NotConverged(message)

    def _attempt(
        self, at: Point, limit: float, most: int = MOST_ITERATIONS, *, may_be_lost: bool = False
    ) -> Found:
        """Iterate from a starting point until it is optimal and no longer improves, or stuck."""
        best, moved_at, last, slow, lost = Found(at, np.inf, 0), 0, np.inf, 0, 0
        half = 0.5 * (time.perf_counter() + limit)
        mu = least = float((at.near * at.force).sum()) / max(self.bounds.count, 1)
        off = self.directions.look(at)
        for iteration in range(most):
            merit = self.bounds.merit(at, off)
            if self._keeps and merit <= ON_THE_WAY:
                self._keep(at)
            if merit < best.merit:
                best, moved_at = Found(at, merit, iteration), iteration
            if mu < 0.5 * least:
                least, moved_at = mu, iteration
            best.iterations = iteration
            slow += best.merit <= TOLERANCE and merit > 0.5 * last
            good = merit <= GOAL or slow == SLOW
            lost = lost + 1 if merit > max(1.0, LOST * best.merit) else 0
            now = time.perf_counter()
            best.lost = may_be_lost and lost >= (1 if now > half else LOST_FOR)
            stuck = iteration - moved_at > PATIENCE or not np.isfinite(merit)
            if good or stuck or best.lost or now > limit:
                break
            last = merit
            free = next(each for each in self._points if each is not at and each is not best.point)
            try:
                mu, off = self._advance(at, off, mu, free, EARLY if merit > FAR else LATE)
            except Declined:  # the Newton system broke down; the best point may do
                break
            at = free
        return best

    def _count_for_start(self, iterations: int) -> None:
        """Remember with the start how many iterations it took from a cold one."""
        if self.start is not None:
            self.start.iterations = iterations

    def _keep(self, at: Point) -> None:
        """Let a point be the start of what comes later."""
        self.start = Start(Point.blank(self.filled.ends), self.filled.has.copy())
        at.copy_to(self.start.point)
        self._keeps = False

    def _start(self, primal_factor: float, dual_factor: float) -> Point:
        """Mehrotra's least-squares point, shifted into the interior, and given more room."""
        f, b = self.filled, self.bounds
        point, none = self._points[0], b.has == 0
        point.near[:], point.force[:] = 1.0, b.has
        self.directions.at(point)
        blank, rows = Point.blank(f.ends), f.right.copy()
        wanted = Residuals(rows, f.upper, f.most, blank.z, blank.p, np.zeros(0))
        point.near[:] = self.directions.rest(wanted).near
        free = [np.flatnonzero(none[part]) for part in b.parts[::2]]
        values = [point.near[part][at] for part, at in zip(b.parts[::2], free, strict=True)]
        _move_inside(point.near, none)
        rows[:] = 0.0
        priced = Residuals(rows, blank.z, np.zeros_like(f.most), -f.cost, -f.form.price, rows[:0])
        point.force[:] = self.directions.rest(priced).force
        _move_inside(point.force, none)
        product = float((point.near * point.force).sum())
        room, push = float(point.near.sum()) or 1.0, float(point.force.sum()) or 1.0
        point.near += 0.5 * product / push
        point.near *= primal_factor
        point.force += 0.5 * product / room
        point.force *= dual_factor * b.has
        for part, at, kept in zip(b.parts[::2], free, values, strict=True):
            point.near[part][at] = kept
        point.y[:] = self.directions.by.y
        return point

    def _advance(
        self, at: Point, off: Residuals, mu: float, to: Point, bold: Boldness
    ) -> tuple[float, Residuals]:
        """One iteration: predict, choose how far to centre, correct, step; new μ and residuals."""
        directions, count = self.directions, max(self.bounds.count, 1)
        mu = max(mu, 1e-300)
        directions.at(at, self.pull * mu)
        ahead, (rise, fall, both) = directions.predict(off)
        dual, primal = ahead.dual, ahead.primal
        after = mu + (dual * rise + primal * fall + primal * dual * both) / count
        target = mu * min(1.0, max((max(after, 0.0) / mu) ** bold.power, 0.05 * TOLERANCE))
        reach = directions.second(target, self.pull * target, bold.raised)
        last = reach.weights
        for _ in range(self.correctors):
            better = directions.centre(target, reach)
            if not better.gains(reach, GAIN):
                last = 0.0, 0.0
                break
            reach, last = better, better.weights
        product, off = directions.move(to, CLOSE * reach.primal, CLOSE * reach.dual, last)
        return product / count, off


def _move_inside(values: Floats, none: Bools) -> None:
    """Shift values of bounds until all are positive; zero where there is no bound."""
    np.copyto(values, 0.0, where=none)
    values += max(-1.5 * float(values.min(initial=0.0)), 1e-3)
    np.copyto(values, 0.0, where=none)
