"""The iteration for devices with two coupled states, and the proof of its answer; see coupled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.coupled import (
    ACCURATE,
    ENOUGH,
    MOST_ITERATIONS,
    NARROW,
    TO_BOUND,
    Answers,
    Coupled,
    Factors,
    Point,
    direction,
    factor,
    factors,
    point,
)  # fmt: skip
from zeroplant.solve.fleet.coupled_proof import least_worth, lower_bound, simulate
from zeroplant.solve.fleet.exclusive import GIVEN_UP
from zeroplant.solve.fleet.stage import BADDATA, BOUND, INFEASIBLE, SOLVED

PATIENCE = 6
"""Iterations before proofs are looked for, and without a better one before the end."""
CLEAN = 1e-9
"""A level that misses a bound by less does so by rounding."""


@njit(cache=True, nogil=True, error_model="numpy")
def _residuals(  # noqa: PLR0917
    one: Coupled, i: int, at: Point, aim: float, first: Point, second: bool, rest: Point
) -> float:  # fmt: skip
    """Residuals of the Newton system that aims at complementarity ``aim``; the worst primal one.

    With ``second``, the products of the direction ``first`` are taken off the aim (Mehrotra).
    """
    steps, many = at.x.shape
    keep, start, worth, worst = one.keep[i], one.start[i], one.worth[i], 0.0
    for t in range(steps):
        rest.p[t] = -one.right[i, t]
        y1, y2 = at.y[t, 0], at.y[t, 1]
        d1 = at.s[t, 0] - one.inflow[i, t, 0]
        d2 = at.s[t, 1] - one.inflow[i, t, 1]
        b1, b2 = (start[0], start[1]) if t == 0 else (at.s[t - 1, 0], at.s[t - 1, 1])
        d1 -= keep[0, 0] * b1 + keep[0, 1] * b2
        d2 -= keep[1, 0] * b1 + keep[1, 1] * b2
        for j in range(many):
            x, most = at.x[t, j], one.most[i, t, j]
            d1 -= one.effect[i, t, j, 0] * x
            d2 -= one.effect[i, t, j, 1] * x
            rest.p[t] += one.share[i, t, j] * x
            value = one.price[i, t, j] + one.share[i, t, j] * at.p[t]
            value -= one.effect[i, t, j, 0] * y1 + one.effect[i, t, j, 1] * y2
            if most > 0.0:
                a = b = aim
                if second:
                    a -= first.x[t, j] * first.x_low[t, j]
                    b += first.x[t, j] * first.x_high[t, j]
                value += b / (most - x) - a / x
            rest.x[t, j] = value
        rest.y[t, 0], rest.y[t, 1] = d1, d2
        worst = max(worst, abs(d1), abs(d2), abs(rest.p[t]))
        for k in range(2):
            value = at.y[t, k]
            if t + 1 < steps:
                value -= keep[0, k] * at.y[t + 1, 0] + keep[1, k] * at.y[t + 1, 1]
            else:
                value -= worth[k]
            low, high, s = one.low[i, t, k], one.high[i, t, k], at.s[t, k]
            if low > -np.inf:
                a = aim - (first.s[t, k] * first.s_low[t, k] if second else 0.0)
                value -= a / (s - low)
            if high < np.inf:
                b = aim + (first.s[t, k] * first.s_high[t, k] if second else 0.0)
                value += b / (high - s)
            rest.s[t, k] = value
    return worst


@njit(cache=True, nogil=True, error_model="numpy")
def _complete(  # noqa: PLR0917
    one: Coupled, i: int, at: Point, aim: float, first: Point, second: bool, go: Point
) -> tuple[float, float]:  # fmt: skip
    """The multipliers' part of a direction; how far one may go, primal and dual."""
    steps, many = at.x.shape
    keep, primal, dual = one.keep[i], 1.0, 1.0
    for t in range(steps):
        for j in range(many):
            most = one.most[i, t, j]
            if most <= 0.0:
                continue
            x, dx, a, b = at.x[t, j], go.x[t, j], aim, aim
            if second:
                a -= first.x[t, j] * first.x_low[t, j]
                b += first.x[t, j] * first.x_high[t, j]
            low, high = at.x_low[t, j], at.x_high[t, j]
            d_low, d_high = (a - low * dx) / x - low, (b + high * dx) / (most - x) - high
            go.x_low[t, j], go.x_high[t, j] = d_low, d_high
            primal = _less(primal, x, dx, most - x)
            dual = _less(_less(dual, low, d_low, np.inf), high, d_high, np.inf)
        for k in range(2):
            s, ds, d_low, d_high = at.s[t, k], go.s[t, k], 0.0, 0.0
            low, high = one.low[i, t, k], one.high[i, t, k]
            # What the multipliers of the level's bounds have to add up to, for exact prices.
            need = at.y[t, k] + go.y[t, k] - at.s_low[t, k] + at.s_high[t, k]
            if t + 1 < steps:
                need -= keep[0, k] * (at.y[t + 1, 0] + go.y[t + 1, 0])
                need -= keep[1, k] * (at.y[t + 1, 1] + go.y[t + 1, 1])
            else:
                need -= one.worth[i, k]
            if low > -np.inf:
                a = aim - (first.s[t, k] * first.s_low[t, k] if second else 0.0)
                d_low = (a - at.s_low[t, k] * ds) / (s - low) - at.s_low[t, k]
            if high < np.inf:
                b = aim + (first.s[t, k] * first.s_high[t, k] if second else 0.0)
                d_high = (b + at.s_high[t, k] * ds) / (high - s) - at.s_high[t, k]
            # Where a level rests on a bound, its move is too small to be told from rounding.
            if low > -np.inf and s - low < at.s_low[t, k]:
                d_low = need + d_high
            elif high < np.inf and high - s < at.s_high[t, k]:
                d_high = d_low - need
            go.s_low[t, k], go.s_high[t, k] = d_low, d_high
            primal = _less(primal, s - low, ds, high - s)
            dual = _less(
                _less(dual, at.s_low[t, k], d_low, np.inf), at.s_high[t, k], d_high, np.inf
            )
    return primal, dual


@njit(cache=True, nogil=True, error_model="numpy")
def _less(step: float, down: float, move: float, up: float) -> float:
    """The step, cut so that a move stays within what is left down and up."""
    if move < 0.0 and -step * move > down:
        return -down / move
    if move > 0.0 and step * move > up:
        return up / move
    return step


@njit(cache=True, nogil=True, error_model="numpy")
def _products(  # noqa: PLR0917
    one: Coupled, i: int, at: Point, go: Point, primal: float, dual: float
) -> tuple[float, int]:
    """Sum of the complementarity products after a step, and how many there are."""
    steps, many = at.x.shape
    total, count = 0.0, 0
    for t in range(steps):
        for j in range(many):
            if one.most[i, t, j] > 0.0:
                x = at.x[t, j] + primal * go.x[t, j]
                total += x * (at.x_low[t, j] + dual * go.x_low[t, j])
                total += (one.most[i, t, j] - x) * (at.x_high[t, j] + dual * go.x_high[t, j])
                count += 2
        for k in range(2):
            s = at.s[t, k] + primal * go.s[t, k]
            if one.low[i, t, k] > -np.inf:
                total += (s - one.low[i, t, k]) * (at.s_low[t, k] + dual * go.s_low[t, k])
                count += 1
            if one.high[i, t, k] < np.inf:
                total += (one.high[i, t, k] - s) * (at.s_high[t, k] + dual * go.s_high[t, k])
                count += 1
    return total, count


@njit(cache=True, nogil=True, error_model="numpy")
def _begin(one: Coupled, i: int, at: Point) -> None:
    """Half of every activity, levels amid their bounds, multipliers of one."""
    steps, many = at.x.shape
    at.y[:], at.p[:] = 0.0, 0.0
    for t in range(steps):
        for j in range(many):
            at.x[t, j] = 0.5 * one.most[i, t, j]
            at.x_low[t, j] = at.x_high[t, j] = 1.0 if one.most[i, t, j] > 0.0 else 0.0
        for k in range(2):
            low, high = one.low[i, t, k], one.high[i, t, k]
            at.s_low[t, k] = 1.0 if low > -np.inf else 0.0
            at.s_high[t, k] = 1.0 if high < np.inf else 0.0
            before = one.start[i, k] if t == 0 else at.s[t - 1, k]
            if low > -np.inf and high < np.inf:
                inset = 0.25 * (high - low)
                at.s[t, k] = min(max(before, low + inset), high - inset)
            else:
                at.s[t, k] = min(max(before, low + 1.0), high - 1.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _add(at: Point, go: Point, primal: float, dual: float) -> None:
    """Take a step."""
    steps, many = at.x.shape
    for t in range(steps):
        for j in range(many):
            at.x[t, j] += primal * go.x[t, j]
            at.x_low[t, j] += dual * go.x_low[t, j]
            at.x_high[t, j] += dual * go.x_high[t, j]
        for k in range(2):
            at.s[t, k] += primal * go.s[t, k]
            at.s_low[t, k] += dual * go.s_low[t, k]
            at.s_high[t, k] += dual * go.s_high[t, k]
            at.y[t, k] += dual * go.y[t, k]
        at.p[t] += dual * go.p[t]


@njit(cache=True, nogil=True, error_model="numpy")
def _scaled(one: Coupled, i: int, to: Coupled, scale: Floats) -> bool:  # noqa: PLR0912
    """The device with activities up to 1, costs up to 1 and levels of the order of 1; if sound.

    ``scale`` is filled with the units: levels (2), money.
    """
    steps, many = one.price.shape[1], one.price.shape[2]
    money = 0.0
    for k in range(2):
        size = 0.0
        for t in range(steps):
            low, high = one.low[i, t, k], one.high[i, t, k]
            if not low <= high or low == np.inf or high == -np.inf:
                return False
            moved = 0.0
            for j in range(many):
                moved = max(moved, abs(one.effect[i, t, j, k]) * one.most[i, t, j])
            size = max(size, high - low if high - low < np.inf else 4.0 * moved)
        scale[k] = size if size > 0.0 else 1.0
    for t in range(steps):
        for j in range(many):
            money = max(money, abs(one.price[i, t, j]) * one.most[i, t, j])
    scale[2] = money if money > 0.0 else 1.0
    check = scale[0] + scale[1] + scale[2]
    for k in range(2):
        check += abs(one.start[i, k]) + abs(one.worth[i, k])
        to.start[0, k] = one.start[i, k] / scale[k]
        to.worth[0, k] = one.worth[i, k] * scale[k] / scale[2]
        for m in range(2):
            to.keep[0, k, m] = one.keep[i, k, m] * scale[m] / scale[k]
            check += abs(one.keep[i, k, m])
    for t in range(steps):
        row = 0.0
        for j in range(many):
            row = max(row, abs(one.share[i, t, j]) * one.most[i, t, j])
        row = row if row > 0.0 else 1.0
        to.right[0, t] = one.right[i, t] / row
        check += abs(one.right[i, t])
        for j in range(many):
            most = one.most[i, t, j]
            if not 0.0 <= most < np.inf:
                return False
            to.most[0, t, j] = 1.0 if most > 0.0 else 0.0
            to.price[0, t, j] = one.price[i, t, j] * most / scale[2]
            to.share[0, t, j] = one.share[i, t, j] * most / row
            check += abs(one.price[i, t, j]) + abs(one.share[i, t, j])
            for k in range(2):
                to.effect[0, t, j, k] = one.effect[i, t, j, k] * most / scale[k]
                check += abs(one.effect[i, t, j, k])
        for k in range(2):
            check += abs(one.inflow[i, t, k])
            to.inflow[0, t, k] = one.inflow[i, t, k] / scale[k]
            low, high = one.low[i, t, k] / scale[k], one.high[i, t, k] / scale[k]
            thin = 0.5 * max(NARROW * (1.0 + abs(low)) - (high - low), 0.0)
            to.low[0, t, k], to.high[0, t, k] = low - thin, high + thin
    return bool(check < np.inf)


@njit(cache=True, nogil=True, error_model="numpy")
def _multipliers(one: Coupled, i: int, at: Point, scale: Floats, go: Point) -> None:
    """The iterate's multipliers in the device's own units, in ``go``."""
    for t in range(len(at.p)):
        row = 0.0
        for j in range(at.x.shape[1]):
            row = max(row, abs(one.share[i, t, j]) * one.most[i, t, j])
        go.p[t] = at.p[t] * scale[2] / row if row > 0.0 else 0.0
        for k in range(2):
            go.y[t, k] = at.y[t, k] * scale[2] / scale[k]


@njit(cache=True, nogil=True, error_model="numpy")
def solve_coupled(  # noqa: PLR0912, PLR0917
    one: Coupled, i: int, to: Coupled, at: Point, first: Point, go: Point, rest: Point, f: Factors,
    activity: Floats, level: Floats, scale: Floats,
) -> tuple[int, float, float, float, int]:  # fmt: skip
    """One device: status, cost, bound, violation, iterations; fills activity and level."""
    reach = np.empty((2, 2))
    if not _scaled(one, i, to, scale):
        return BADDATA, np.nan, np.nan, np.nan, 0
    steps, many = at.x.shape
    dearest = 0.0
    for t in range(steps):
        for j in range(many):
            dearest += max(one.price[i, t, j] * one.most[i, t, j], 0.0)
    worth = least_worth(one, i, reach)
    _begin(to, 0, at)
    keep, effect, share = to.keep[0], to.effect[0], to.share[0]
    cost, bound, best, stale, iteration = np.inf, -np.inf, np.inf, 0, 0
    size = 1.0 + dearest
    while iteration < MOST_ITERATIONS and stale < PATIENCE:
        missed = _residuals(to, 0, at, 0.0, first, False, rest)
        total, count = _products(to, 0, at, at, 0.0, 0.0)
        if not total + missed < np.inf:
            break
        if iteration >= PATIENCE:
            _multipliers(one, i, at, scale, go)
            bound = max(bound, lower_bound(one, i, go.y, go.p, reach))
            if bound > dearest + worth + ENOUGH * size:
                return INFEASIBLE, np.inf, bound, np.inf, iteration
            for t in range(steps):
                for j in range(many):
                    go.x[t, j] = min(max(at.x[t, j], 0.0), 1.0) * one.most[i, t, j]
            found, off = simulate(one, i, go.x, go.s)
            merit = max((found - bound) / (1.0 + abs(found)), 0.0) + max(off - CLEAN, 0.0)
            stale += 1
            if merit < best:
                stale = stale if merit > 0.5 * best else 0
                best, cost = merit, found
                activity[:], level[:] = go.x, go.s
            if best <= ACCURATE:
                break
        iteration += 1
        factor(keep, effect, share, to.most[0], to.low[0], to.high[0], at, f)
        direction(keep, effect, share, rest, f, first)
        primal, dual = _complete(to, 0, at, 0.0, first, False, first)
        after = _products(to, 0, at, first, primal, dual)[0]
        aim = min(max(after, 0.0) / total, 1.0) ** 3 * total / count
        _residuals(to, 0, at, aim, first, True, rest)
        direction(keep, effect, share, rest, f, go)
        primal, dual = _complete(to, 0, at, aim, first, True, go)
        _add(at, go, min(1.0, TO_BOUND * primal), min(1.0, TO_BOUND * dual))
    if not cost < np.inf:
        return GIVEN_UP, np.nan, bound, np.nan, iteration
    cost, missed = simulate(one, i, activity, level)
    if not missed <= ENOUGH * max(1.0, scale[0], scale[1]):
        return GIVEN_UP, cost, bound, missed, iteration
    good = cost - bound <= ENOUGH * (1.0 + abs(cost))
    return SOLVED if good else BOUND, cost, bound, missed, iteration


def schedule_coupled(devices: Coupled, *, threads: int = 2) -> Answers:
    """Schedule devices with two coupled states; see Coupled for what they are."""
    one = Coupled(*(np.ascontiguousarray(each, dtype=np.float64) for each in devices))
    many, steps, activities = one.price.shape
    status, iterations = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    cost, bound, missed = np.empty(many), np.empty(many), np.empty(many)
    activity, level = np.empty((many, steps, activities)), np.empty((many, steps, 2))
    todo = iter(range(many))  # each `next` of a range is atomic

    def work_off() -> None:
        to = Coupled(*(np.zeros((1, *each.shape[1:])) for each in one))
        at, first, go, rest = (point(steps, activities) for _ in range(4))
        matrices, scale = factors(steps, activities), np.empty(3)
        for i in todo:
            found = solve_coupled(
                one, i, to, at, first, go, rest, matrices, activity[i], level[i], scale
            )
            status[i], cost[i], bound[i], missed[i], iterations[i] = found

    if threads <= 1:
        work_off()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for each in [pool.submit(work_off) for _ in range(threads)]:
                each.result()
    return Answers(status, cost, bound, missed, iterations, activity, level)
