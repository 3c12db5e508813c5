"""Exact schedules for a device that, once switched, must stay on or off for a while.

A compressor at fixed speed runs for at least ``up`` steps and rests for at least ``down``. The
cost-to-go of the level then also depends on what the device did in the step before and for how
long it has done so, up to the step from which it is free to switch: ``up + down`` modes. On the
way to freedom there is no choice, and a mode's function is the next one's, moved by a step; only
the two free modes compare two functions,

    V_t(on, free)  = lower of W_t(on, free)  and W_t(off, 1),
    V_t(off, free) = lower of W_t(off, free) and W_t(on, 1),

with W_t(mode) the best of V_{t+1}(mode) one step back, the device being on or off during it. The
functions and their operations are those of pieces. While on, the device takes any power between
its least and most; equal ones make it run at fixed speed. Work: modes × steps × pieces × log.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.exclusive import GIVEN_UP, Space, reach, step_ahead, step_back
from zeroplant.solve.fleet.parts import OFF, ON, step_parts
from zeroplant.solve.fleet.pieces import lower, put, value_at
from zeroplant.solve.fleet.stage import INFEASIBLE, SOLVED
from zeroplant.solve.fleet.workspace import Work


@njit(cache=True, nogil=True, error_model="numpy")
def _back(  # noqa: PLR0917
    work: Work, keep: float, final_value: float, in_least: Floats, up: int, down: int, room: Space
) -> int:  # fmt: skip
    """Cost-to-go for every step and mode, in ``room.kept`` at the rows in ``room.span``.

    Modes are the steps that the device has been on, from 1 to ``up``, then those that it has been
    off.
    """
    steps, modes, kept, span = len(in_least), up + down, room.kept, room.span
    back = np.empty((modes, 2), np.int64)
    least, most = room.least[steps], room.most[steps]
    row = put(kept, 0, 0, least, most, -final_value * least, -final_value)
    span[steps, :, 0], span[steps, :, 1], pieces = 0, row, 1
    for t in range(steps - 1, -1, -1):
        work.result[3], work.result[4] = t, 0.0
        begin = row
        for mode in range(modes):
            which = ON if mode < up else OFF
            parts = step_parts(work, t, 0.0, in_least[t], which, room.table, room.starts)
            after = kept[span[t + 1, mode, 0] : span[t + 1, mode, 1]]
            back[mode, 0] = row
            row = step_back(after, parts, work.inflow[t], keep, t, room, row)
            if row < 0:
                return GIVEN_UP
            back[mode, 1] = row
            pieces = max(pieces, row - back[mode, 0])
        if row == begin:
            return INFEASIBLE
        for mode in range(modes):
            if mode not in (up - 1, modes - 1):
                span[t, mode] = back[mode + 1]
                continue
            stay, leave = back[mode], back[up if mode == up - 1 else 0]
            span[t, mode, 0] = row
            row = lower(kept[stay[0] : stay[1]], kept[leave[0] : leave[1]], kept, row)
            span[t, mode, 1] = row
            if row == len(kept):
                return GIVEN_UP
    work.result[1] = pieces
    return SOLVED


@njit(cache=True, nogil=True, error_model="numpy")
def switched(  # noqa: PLR0917
    work: Work, keep: float, start: float, final_value: float, in_least: Floats,
    up: int, down: int, since: int, room: Space, on: Floats,
) -> int:  # fmt: skip
    """Schedule one device that is off or charges, for least times, exactly.

    Args:
        work: with the stages loaded, not made convex; change and level are filled.
        keep: share of the level that is kept over a step.
        start: level at the start.
        final_value: worth of a unit of level at the end.
        in_least: (T,) least change of level while on.
        up: least number of steps on, at least 1.
        down: least number of steps off, at least 1.
        since: steps that the device has been on (positive) or off (negative) at the start.
        room: tables for ``up + down`` modes.
        on: filled with 1 while the device is on, 0 else (T,).

    Returns:
        As ``exclusive`` does.
    """
    steps, span, kept = len(in_least), room.span, room.kept
    status = reach(work, steps, keep, start, room.least, room.most)
    if status == SOLVED:
        status = _back(work, keep, final_value, in_least, up, down, room)
    if status != SOLVED:
        return status
    mode = min(since, up) - 1 if since > 0 else up + max(min(-since, down), 1) - 1
    work.result[0] = value_at(kept[span[0, mode, 0] : span[0, mode, 1]], start)
    level = start
    for t in range(steps):
        z = keep * level + work.inflow[t]
        best, u, taken = np.inf, 0.0, mode
        free = mode in (up - 1, up + down - 1)
        for way in range(2 if free else 1):
            to = mode if free else mode + 1
            if way == 1:
                to = up if mode == up - 1 else 0
            which = ON if to < up else OFF
            parts = step_parts(work, t, 0.0, in_least[t], which, room.table, room.starts)
            after = kept[span[t + 1, to, 0] : span[t + 1, to, 1]]
            move, ahead = step_ahead(after, parts, z, room)
            if ahead < best:
                best, u, taken = ahead, move, to
        if not best < np.inf:
            work.result[3], work.result[4] = t, 0.0
            return INFEASIBLE
        mode, level = taken, z + u
        work.change[t], work.level[t], on[t] = u, level, 1.0 if taken < up else 0.0
    work.result[3] = -1.0
    return SOLVED
