"""What proves the answer for a device with two coupled states; see coupled."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.coupled import Coupled


@njit(cache=True, nogil=True, error_model="numpy")
def lower_bound(one: Coupled, i: int, y: Floats, p: Floats, reach: Floats) -> float:
    """What no schedule can cost less than: the least of the Lagrangian for any multipliers.

    Activities lie between 0 and their most, and levels between their bounds, or, where there are
    none, within what can be reached at all; each takes the end that is cheapest at its price.
    ``reach`` (2, 2) is to work in.
    """
    steps, many = one.price.shape[1], one.price.shape[2]
    keep = one.keep[i]
    for k in range(2):
        reach[0, k] = reach[1, k] = one.start[i, k]
    bound = 0.0
    for k in range(2):
        bound -= y[0, k] * (keep[k, 0] * one.start[i, 0] + keep[k, 1] * one.start[i, 1])
    for t in range(steps):
        least1, most1, least2, most2 = 0.0, 0.0, 0.0, 0.0
        bound -= p[t] * one.right[i, t]
        for j in range(many):
            e1, e2 = one.effect[i, t, j, 0], one.effect[i, t, j, 1]
            most = one.most[i, t, j]
            value = one.price[i, t, j] + one.share[i, t, j] * p[t] - e1 * y[t, 0] - e2 * y[t, 1]
            bound += min(value, 0.0) * most
            least1, most1 = least1 + min(e1, 0.0) * most, most1 + max(e1, 0.0) * most
            least2, most2 = least2 + min(e2, 0.0) * most, most2 + max(e2, 0.0) * most
        l1, l2, h1, h2 = reach[0, 0], reach[0, 1], reach[1, 0], reach[1, 1]
        for k in range(2):
            a, b, w = keep[k, 0], keep[k, 1], one.inflow[i, t, k]
            bound -= y[t, k] * w
            down = min(a * l1, a * h1) + min(b * l2, b * h2) + w + (least1 if k == 0 else least2)
            up = max(a * l1, a * h1) + max(b * l2, b * h2) + w + (most1 if k == 0 else most2)
            reach[0, k] = max(down, min(one.low[i, t, k], up))
            reach[1, k] = min(up, max(one.high[i, t, k], down))
            price = y[t, k]
            if t + 1 < steps:
                price -= keep[0, k] * y[t + 1, 0] + keep[1, k] * y[t + 1, 1]
            else:
                price -= one.worth[i, k]
            low, high = one.low[i, t, k], one.high[i, t, k]
            low, high = max(low, down), min(high, up)
            bound += price * (low if price > 0.0 else high)
    return bound


@njit(cache=True, nogil=True, error_model="numpy")
def least_worth(one: Coupled, i: int, reach: Floats) -> float:
    """What the levels at the end cost at most: their worth at the least favourable reach."""
    steps = one.price.shape[1]
    lower_bound(one, i, np.zeros((steps, 2)), np.zeros(steps), reach)
    cost = 0.0
    for k in range(2):
        cost += max(-one.worth[i, k] * reach[0, k], -one.worth[i, k] * reach[1, k])
    return cost


@njit(cache=True, nogil=True, error_model="numpy")
def simulate(one: Coupled, i: int, activity: Floats, level: Floats) -> tuple[float, float]:
    """Levels and cost of a schedule, and the most by which it misses a bound or a balance."""
    steps, many = activity.shape
    keep, cost, missed = one.keep[i], 0.0, 0.0
    s1, s2 = one.start[i, 0], one.start[i, 1]
    for t in range(steps):
        z1 = keep[0, 0] * s1 + keep[0, 1] * s2 + one.inflow[i, t, 0]
        z2 = keep[1, 0] * s1 + keep[1, 1] * s2 + one.inflow[i, t, 1]
        off = -one.right[i, t]
        for j in range(many):
            x = activity[t, j]
            cost += one.price[i, t, j] * x
            off += one.share[i, t, j] * x
            z1 += one.effect[i, t, j, 0] * x
            z2 += one.effect[i, t, j, 1] * x
        s1, s2 = z1, z2
        level[t, 0], level[t, 1] = s1, s2
        missed = max(missed, abs(off), one.low[i, t, 0] - s1, s1 - one.high[i, t, 0])
        missed = max(missed, one.low[i, t, 1] - s2, s2 - one.high[i, t, 1])
    return cost - one.worth[i, 0] * s1 - one.worth[i, 1] * s2, missed
