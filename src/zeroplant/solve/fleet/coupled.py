"""Devices with two coupled states, by an interior-point method along time.

A room and its walls, or a battery and a tank behind one connection: in step t each of a few
activities j runs between 0 and ``most`` at a cost, the two levels follow, and a balance may tie the
activities of a step::

    s' = keep·s + Σ_j effect_j x_j + inflow,   low ≤ s' ≤ high,   Σ_j share_j x_j = right,
    cost = Σ price_j x_j − worth·s_T

Two states have no sorted list of slopes. What remains is structure: a Newton step couples a step of
time with its neighbours through the two levels only, so that it is a linear-quadratic control
problem, solved by a Riccati recursion whose matrices are 2 by 2 (S. J. Wright, J. Optim. Theory
Appl. 77 (1993) 161); all activities of a step are eliminated on the way. The iteration is
Mehrotra's predictor and corrector (SIAM J. Optim. 2 (1992) 575). Whatever it does, the answer
carries its proof: the schedule is simulated afresh, and the multipliers, whatever they are, give a
lower bound on every schedule's cost (see coupled_proof). Near an optimum with many equal choices
the Newton system is singular and rounding ends the iteration, at a relative gap of 1e-7 usually and
1e-5 at worst; what is left is stated. Work: steps × activities × iterations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.kernels import njit

MOST_ITERATIONS = 60
ACCURATE = 1e-9
"""Relative gap at which the iteration ends."""
ENOUGH = 1e-6
"""Relative gap, and relative violation, at which a device counts as solved."""
TO_BOUND = 0.995
NARROW = 1e-9
"""A band of levels gets at least this width (relative), so that there is an inside."""


class Coupled(NamedTuple):
    """N devices over T steps with m activities each.

    Attributes:
        keep: (N, 2, 2) what each level leaves of itself and to the other.
        start: (N, 2) levels at the start.
        worth: (N, 2) worth of a unit of level at the end.
        effect: (N, T, m, 2) what a unit of activity adds to each level.
        price: (N, T, m) cost of a unit of activity.
        most: (N, T, m) most of it; finite.
        share: (N, T, m) its share in the balance; zeros for no balance in a step.
        right: (N, T) what the balance has to come to.
        inflow: (N, T, 2) what is added to each level anyway.
        low: (N, T, 2) least level after each step, ``-inf`` for none.
        high: (N, T, 2) most level.
    """

    keep: Floats
    start: Floats
    worth: Floats
    effect: Floats
    price: Floats
    most: Floats
    share: Floats
    right: Floats
    inflow: Floats
    low: Floats
    high: Floats


class Answers(NamedTuple):
    """What was found for each device.

    Attributes:
        status: SOLVED, BOUND (the gap is above 1e-6), INFEASIBLE (proved: the bound is above what
            any schedule can cost), GIVEN_UP (neither a schedule that keeps the bounds to 1e-6 nor
            a proof that there is none) or BADDATA (N,).
        cost: of the schedule (N,).
        bound: below which no schedule can cost (N,).
        violation: most by which a level or a balance is missed (N,).
        iterations: of the method (N,).
        activity: (N, T, m).
        level: (N, T, 2) simulated from the start.
    """

    status: NDArray[np.int64]
    cost: Floats
    bound: Floats
    violation: Floats
    iterations: NDArray[np.int64]
    activity: Floats
    level: Floats


class Point(NamedTuple):
    """An iterate, or a direction: activities and levels with the multipliers of their bounds.

    Attributes:
        x: (T, m) activities.
        x_low: their multipliers at 0.
        x_high: at ``most``.
        s: (T, 2) levels after each step.
        s_low: their multipliers at ``low``.
        s_high: at ``high``.
        y: (T, 2) of the dynamics: values of the levels.
        p: (T,) of the balances.
    """

    x: Floats
    x_low: Floats
    x_high: Floats
    s: Floats
    s_low: Floats
    s_high: Floats
    y: Floats
    p: Floats


class Factors(NamedTuple):
    """What a Riccati recursion leaves: see :func:`factor` (T, ...)."""

    inverse: Floats
    balance: Floats
    gather: Floats
    damped: Floats


def point(steps: int, activities: int) -> Point:
    """An empty one."""
    x, s = (steps, activities), (steps, 2)
    return Point(*(np.zeros(shape) for shape in (x, x, x, s, s, s, s, (steps,))))


def factors(steps: int, activities: int) -> Factors:
    """Room for them."""
    shapes = (steps, activities), (steps,), (steps, 3), (steps, 3)
    return Factors(*(np.zeros(shape) for shape in shapes))


@njit(cache=True, nogil=True, error_model="numpy")
def _weight(s: float, s_low: float, s_high: float, low: float, high: float) -> float:
    """Weight of a level's move, from its bounds."""
    weight = 0.0
    if low > -np.inf:
        weight += s_low / (s - low)
    if high < np.inf:
        weight += s_high / (high - s)
    return weight


@njit(cache=True, nogil=True, error_model="numpy")
def _square(r11: float, r12: float, r22: float, u: float, v: float) -> float:
    """(u, v) R (u, v)', not below zero."""
    return max(u * (r11 * u + r12 * v) + v * (r12 * u + r22 * v), 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _gathered(  # noqa: PLR0917
    effect: Floats, share: Floats, inverse: Floats, total: float, p11: float, p12: float,
    area: float,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """G = effect W effect' (11, 12, 22), its determinant, and the trace of G P.

    All are sums of terms that are not negative (Cauchy and Binet), over pairs and triples of
    activities where there is a balance: near the optimum the matrices are all but singular, and
    differences would leave nothing of them.
    """
    many = len(share)
    g11 = g12 = g22 = spread = trace = 0.0
    lean = p12 / p11 if p11 > 0.0 else 0.0
    rest = area / p11 if p11 > 0.0 else 0.0
    for j in range(many):
        w, e1, e2, q = inverse[j], effect[j, 0], effect[j, 1], share[j]
        if w == 0.0:
            continue
        if total == 0.0:
            g11, g12, g22 = g11 + w * e1 * e1, g12 + w * e1 * e2, g22 + w * e2 * e2
            trace += w * (p11 * (e1 + lean * e2) ** 2 + rest * e2 * e2)
        for k in range(j + 1, many):
            v, f1, f2, r = inverse[k], effect[k, 0], effect[k, 1], share[k]
            cross = e1 * f2 - f1 * e2
            if total == 0.0:
                spread += w * v * cross * cross
                continue
            h1, h2, both = e1 * r - f1 * q, e2 * r - f2 * q, w * v / total
            g11, g12, g22 = g11 + both * h1 * h1, g12 + both * h1 * h2, g22 + both * h2 * h2
            trace += both * (p11 * (h1 + lean * h2) ** 2 + rest * h2 * h2)
            for m in range(k + 1, many):
                volume = cross * share[m] - h1 * effect[m, 1] + h2 * effect[m, 0]
                spread += both * inverse[m] * volume * volume
    return g11, g12, g22, spread, trace


@njit(cache=True, nogil=True, error_model="numpy")
def factor(  # noqa: PLR0917
    keep: Floats, effect: Floats, share: Floats, most: Floats, low: Floats, high: Floats, at: Point,
    f: Factors,
) -> None:  # fmt: skip
    """Riccati recursion from the end.

    With W the inverse weights of the activities, projected on the balance, G = effect W effect'
    and P the weight of a level on what follows,

        P_t = weight_t + keep' (P⁻¹ + G)⁻¹ keep,   (P⁻¹ + G)⁻¹ = (P + |P| adj G) / |1 + G P|.

    ``gather`` holds G, ``damped`` that inverse, as (11, 12, 22).
    """
    steps, many = at.x.shape
    p11 = p12 = p22 = area = 0.0
    a, b, c, d = keep[0, 0], keep[0, 1], keep[1, 0], keep[1, 1]
    turn = (a * d - b * c) ** 2
    for t in range(steps - 1, -1, -1):
        w1 = _weight(at.s[t, 0], at.s_low[t, 0], at.s_high[t, 0], low[t, 0], high[t, 0])
        w2 = _weight(at.s[t, 1], at.s_low[t, 1], at.s_high[t, 1], low[t, 1], high[t, 1])
        area += w1 * w2 + w1 * p22 + w2 * p11
        p11, p22 = p11 + w1, p22 + w2
        total = 0.0
        for j in range(many):
            f.inverse[t, j] = 0.0
            if most[t, j] > 0.0:
                x = at.x[t, j]
                f.inverse[t, j] = 1.0 / (at.x_low[t, j] / x + at.x_high[t, j] / (most[t, j] - x))
            total += share[t, j] ** 2 * f.inverse[t, j]
        f.balance[t] = total
        g11, g12, g22, spread, trace = _gathered(
            effect[t], share[t], f.inverse[t], total, p11, p12, area
        )
        size = 1.0 + trace + area * spread
        r11, r22 = (p11 + area * g22) / size, (p22 + area * g11) / size
        r12 = (p12 - area * g12) / size
        f.gather[t, 0], f.gather[t, 1], f.gather[t, 2] = g11, g12, g22
        f.damped[t, 0], f.damped[t, 1], f.damped[t, 2] = r11, r12, r22
        area *= turn / size
        p11 = _square(r11, r12, r22, a, c)
        p22 = _square(r11, r12, r22, b, d)
        p12 = a * (r11 * b + r12 * d) + c * (r12 * b + r22 * d)


@njit(cache=True, nogil=True, error_model="numpy")
def direction(  # noqa: PLR0917
    keep: Floats, effect: Floats, share: Floats, rest: Point, f: Factors, go: Point
) -> None:  # fmt: skip
    """Solve a Newton system for the residuals in ``rest`` (x, s, y: dynamics, p: balance)."""
    steps, many = rest.x.shape
    a, b, c, d = keep[0, 0], keep[0, 1], keep[1, 0], keep[1, 1]
    n1 = n2 = 0.0
    # Backwards: go.y takes the linear part g of the cost-to-go, go.s the drift h − G g.
    for t in range(steps - 1, -1, -1):
        n1, n2 = n1 + rest.s[t, 0], n2 + rest.s[t, 1]
        h1, h2, along, total = -rest.y[t, 0], -rest.y[t, 1], -rest.p[t], f.balance[t]
        for j in range(many):
            along += share[t, j] * f.inverse[t, j] * rest.x[t, j]
        tie = along / total if total > 0.0 else 0.0
        for j in range(many):
            move = f.inverse[t, j] * (share[t, j] * tie - rest.x[t, j])
            h1 += effect[t, j, 0] * move
            h2 += effect[t, j, 1] * move
        h1 -= f.gather[t, 0] * n1 + f.gather[t, 1] * n2
        h2 -= f.gather[t, 1] * n1 + f.gather[t, 2] * n2
        go.y[t, 0], go.y[t, 1], go.s[t, 0], go.s[t, 1] = n1, n2, h1, h2
        m1 = n1 + f.damped[t, 0] * h1 + f.damped[t, 1] * h2
        m2 = n2 + f.damped[t, 1] * h1 + f.damped[t, 2] * h2
        n1, n2 = a * m1 + c * m2, b * m1 + d * m2
    s1 = s2 = 0.0
    for t in range(steps):
        before1, before2 = a * s1 + b * s2, c * s1 + d * s2
        z1, z2 = before1 + go.s[t, 0], before2 + go.s[t, 1]
        r1 = f.damped[t, 0] * z1 + f.damped[t, 1] * z2
        r2 = f.damped[t, 1] * z1 + f.damped[t, 2] * z2
        y1, y2 = -r1 - go.y[t, 0], -r2 - go.y[t, 1]
        go.y[t, 0], go.y[t, 1] = y1, y2
        along, total = rest.p[t], f.balance[t]
        for j in range(many):
            pull = effect[t, j, 0] * y1 + effect[t, j, 1] * y2 - rest.x[t, j]
            go.x[t, j] = f.inverse[t, j] * pull
            along += share[t, j] * go.x[t, j]
        tie = along / total if total > 0.0 else 0.0
        go.p[t] = tie
        s1 = z1 - f.gather[t, 0] * r1 - f.gather[t, 1] * r2
        s2 = z2 - f.gather[t, 1] * r1 - f.gather[t, 2] * r2
        for j in range(many):
            go.x[t, j] -= f.inverse[t, j] * share[t, j] * tie
        go.s[t, 0], go.s[t, 1] = s1, s2
