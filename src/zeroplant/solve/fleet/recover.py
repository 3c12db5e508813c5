"""A schedule from the value of level, simulated afresh, with its own proof of optimality.

For any values of level the Lagrangian gives a lower bound on the cost, and the difference between
the cost of the schedule and that bound is a sum of terms that are zero at the optimum, one per
step: what the step costs above the least of (hull of the stage cost − value·change), and jump of
the value times distance to the bound at which it jumps. The terms are summed as they are, so the
gap is not lost in a difference of large numbers. Costs are those of the physical device, not of
the hull: where a step is not convex, the gap tells what the hull promised too much.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.stage import BADDATA, BOUND, SOLVED, step_cost
from zeroplant.solve.fleet.tables import Arrays
from zeroplant.solve.fleet.workspace import Work

NEAREST, HIGH, LOW, MIDDLE = 0, 1, 2, 3
CLOSED = 1e-9
"""A gap below this share of the sizes of all costs is rounding."""


@njit(cache=True, nogil=True, error_model="numpy")
def _chosen(least: float, most: float, preference: int) -> float:
    """One of equally good changes of level."""
    if preference == HIGH:
        return most
    if preference == LOW:
        return least
    if preference == MIDDLE:
        return 0.5 * (least + most)
    return min(max(0.0, least), most)


@njit(cache=True, nogil=True, error_model="numpy")
def recover(arrays: Arrays, device: int, adder: Floats, preference: int, work: Work) -> int:
    """Fill change, power, level and result of a device after :func:`backward`."""
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell, net = tables[0][row[0]], tables[1][row[1]], tables[2][row[2]]
    spare, in_most, out_most = tables[3][row[3]], tables[4][row[4]], tables[5][row[5]]
    gain, low, high = tables[6][row[6]], tables[7][row[7]], tables[8][row[8]]
    hours, keep, give, connection = arrays.hours, constants[0], constants[1], constants[6]
    level, down = constants[4], hours / give
    cost, size, gap, power_missed, level_missed = 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(len(net)):
        rest = keep * level + work.inflow[t]
        u_least, u_most = work.u_least[t], work.u_most[t]
        least, most = max(u_least, work.bottom[t] - rest), min(u_most, work.top[t] - rest)
        u = _chosen(least, max(least, most), preference)
        u = min(max(u, u_least), u_most)
        work.change[t] = u
        level = rest + u
        work.level[t] = level
        q = u / (hours * gain[t] if u > 0.0 else down)
        to_buy, to_sell = buy[t] + adder[t], sell[t] + adder[t]
        paid, n = step_cost(q, np.float64(net[t]), to_buy, to_sell, np.float64(spare[t]), constants)
        paid *= hours
        work.power[t] = n
        # Two short chains: each `max` waits for the one before it.
        miss = max(q - in_most[t], -q - out_most[t], abs(n) - connection)
        beyond = max(low[t] - level, level - high[t])
        power_missed, level_missed = max(power_missed, miss), max(level_missed, beyond)
        cost += paid
        size += abs(paid)
        gap += paid - work.base[t] - work.rise[t] - work.value[t] * (u - u_least)
        jump = work.jump[t]
        if jump != 0.0:
            gap += jump * (level - (work.low[t] if jump > 0.0 else work.high[t]))
    size += abs(constants[5] * level)
    cost -= constants[5] * level
    work.result[0], work.result[1], work.result[5] = cost, gap, size
    work.result[2] = max(power_missed, level_missed)
    if not (size < np.inf and power_missed + level_missed < np.inf):
        return BADDATA
    return SOLVED if abs(gap) <= CLOSED * (1.0 + size) else BOUND
