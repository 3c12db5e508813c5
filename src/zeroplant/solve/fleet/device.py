"""One device to its exact optimum, for use from other compiled code.

A thread holds one workspace and calls, for any device of the fleet and with any extra price::

    work = workspace(fleet.steps)                       # Python, once per thread
    status = solve_device(arrays, device, adder, preference, work)

``arrays`` is ``fleet.arrays``; ``adder`` (T,) float64 is added to both prices at the meter;
``preference`` (NEAREST to rest, HIGH level, LOW level, MIDDLE) chooses among equal optima. The
answer is left in the workspace: ``change``, ``power``, ``level``, ``value`` (T,), and in
``result`` cost (with the extra price), gap (cost less a proven lower bound), violation, step and
side of an infeasibility. The status is SOLVED, BOUND (some step is not convex and the gap, which
is that of the physical device, is not closed), INFEASIBLE or BADDATA; only after the first two is
there a schedule.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.forward import VANISHED, backward, forward
from zeroplant.solve.fleet.recover import recover
from zeroplant.solve.fleet.stage import BOUND, SOLVED, load, step_cost
from zeroplant.solve.fleet.tables import Arrays
from zeroplant.solve.fleet.workspace import Work

STRONG = 1e-6
"""A leak that leaves less over the horizon is strong; see :func:`solve_device`."""


@njit(cache=True, nogil=True, error_model="numpy")
def _solve(  # noqa: PLR0917 - see solve_device
    arrays: Arrays, device: int, adder: Floats, preference: int, work: Work, faded: float
) -> int:
    """Load, forward, backward, recover."""
    status = load(arrays, device, adder, True, work)
    if status != SOLVED:
        return status
    constants, steps = arrays.constants[device], len(adder)
    status = forward(work, steps, constants[0], constants[4], faded)
    if status != SOLVED:
        return status
    backward(work, steps, constants[0], constants[5])
    return recover(arrays, device, adder, preference, work)


@njit(cache=True, nogil=True, error_model="numpy")
def solve_device(arrays: Arrays, device: int, adder: Floats, preference: int, work: Work) -> int:
    """Solve one device; see the head of this file.

    What little is left of early energy, where almost all leaks away, can drown in rounding and
    still decide what that energy was worth. The gap shows it (one device in a thousand of those
    that keep nothing over the horizon); then a second try drops what has faded, and the better of
    both is kept.
    """
    status = _solve(arrays, device, adder, preference, work, 0.0)
    if status == BOUND and arrays.constants[device, 0] ** len(adder) < STRONG:
        gap = abs(work.result[1])
        status = _solve(arrays, device, adder, preference, work, VANISHED)
        if status != SOLVED and not abs(work.result[1]) < gap:
            status = _solve(arrays, device, adder, preference, work, 0.0)
    return status


@njit(cache=True, nogil=True, error_model="numpy")
def physical(arrays: Arrays, device: int, adder: Floats, change: Floats, power: Floats) -> float:
    """Cost of a given change of level (T,) with an extra price; fills the net power (T,).

    The change is realised by charging or by discharging, never both; what is curtailed is chosen
    for the prices with the extra one. Whether the levels keep their bounds is not looked at.
    """
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell, net = tables[0][row[0]], tables[1][row[1]], tables[2][row[2]]
    spare, gain, inflow = tables[3][row[3]], tables[6][row[6]], tables[9][row[9]]
    hours, keep, level = arrays.hours, constants[0], constants[4]
    cost: float = 0.0
    for t in range(len(adder)):
        u = change[t]
        q = u / (hours * gain[t]) if u > 0.0 else u * constants[1] / hours
        level = keep * level + u + inflow[t]
        n0, k = np.float64(net[t]), np.float64(spare[t])
        paid, power[t] = step_cost(q, n0, buy[t] + adder[t], sell[t] + adder[t], k, constants)
        cost += hours * paid
    worth: float = constants[5] * level
    return cost - worth
