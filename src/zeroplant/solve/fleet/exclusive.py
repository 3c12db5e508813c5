"""Exact schedules for a device that must choose in every step: charge, discharge or rest.

When prices are so negative that the round trip's losses would earn money, or a charger runs at
no less than some power, the cost of a step is no longer convex, and a linear programme answers
what no device can do. The dynamic programme below is exact: the cost-to-go is a piecewise-linear
function of the level with kinks, jumps and gaps (see pieces), worked out from the last step to
the first,

    V_t(s) = least over parts and u of  part_t(u) + V_{t+1}(keep·s + inflow_t + u),

and the schedule is read off forwards from the true level. The least of two piecewise-linear
functions' sum lies at a vertex of one of them, so only those are tried. Going backwards matters:
seen from the end, a range of levels is known, and lower pieces hide higher ones; seen from one
starting level, a device that is on or off reaches ever more single levels that hide nothing.

Work: steps × pieces × log(pieces). The number of pieces is bounded by nothing better than
3^steps, and a device that is on or off at ever new levels can need thousands: then neighbours
with small jumps are taken together at the lower value, and the schedule that follows is no longer
proved to be the best, but to be within the stated gap of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.forward import JUST
from zeroplant.solve.fleet.parts import ANY, ROWS, reached, step_parts
from zeroplant.solve.fleet.pieces import (
    FIRST,
    LAST,
    SLOPE,
    VALUE,
    best_sum,
    coarser,
    lowest,
    moved,
    put,
    run_end,
    value_at,
)  # fmt: skip
from zeroplant.solve.fleet.stage import INFEASIBLE, SOLVED
from zeroplant.solve.fleet.workspace import Work

GIVEN_UP = 4
"""Status of a device whose functions do not fit the tables."""
TIE = 1e-12
"""A cheaper move must be cheaper by this much (relative) to be preferred to a smaller one."""


class Space(NamedTuple):
    """Tables of one thread for functions with many pieces.

    Attributes:
        one: where the parts of a step's function are collected.
        two: where they are compared.
        kept: the functions of all steps, one after the other.
        span: (T + 1, modes, 2) rows of each function.
        ends: rows between the functions in ``one``.
        table: pieces of one step's cost.
        starts: rows between its parts.
        least: (T + 1,) least level that can be reached.
        most: (T + 1,) most level.
        most_pieces: above this, parallel pieces are taken together.
    """

    one: Floats
    two: Floats
    kept: Floats
    span: Ints
    ends: Ints
    table: Floats
    starts: Ints
    least: Floats
    most: Floats
    most_pieces: int


def space(steps: int, most_pieces: int = 512, modes: int = 1) -> Space:
    """Tables for devices of ``steps`` steps; each thread needs its own."""
    rows = 32 * most_pieces
    return Space(
        np.empty((rows, 4)), np.empty((rows, 4)), np.empty((most_pieces * (steps * modes + 4), 4)),
        np.zeros((steps + 1, modes, 2), dtype=np.int64), np.empty(rows, dtype=np.int64),
        np.empty((ROWS, 4)), np.empty(ROWS + 1, dtype=np.int64), np.empty(steps + 1),
        np.empty(steps + 1), most_pieces,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def reach(work: Work, steps: int, keep: float, start: float, least: Floats, most: Floats) -> int:  # noqa: PLR0917
    """Bounds on the levels that can be reached from the start, least powers left aside.

    Returns SOLVED, or INFEASIBLE with step and side in ``work.result[3:5]``.
    """
    least[0] = most[0] = start
    for t in range(steps):
        low, high = work.low[t], work.high[t]
        down = keep * least[t] + work.inflow[t] + work.least[t]
        up = keep * most[t] + work.inflow[t] + reached(work, t)
        work.result[3] = t
        if not low <= high + JUST * (1.0 + abs(high)):
            work.result[4] = 0.0
            return INFEASIBLE
        if not up >= low - JUST * (1.0 + abs(low)):
            work.result[4] = 1.0
            return INFEASIBLE
        if not down <= high + JUST * (1.0 + abs(high)):
            work.result[4] = -1.0
            return INFEASIBLE
        least[t + 1], most[t + 1] = max(down, min(low, up)), min(up, max(high, down))
        if least[t + 1] > most[t + 1]:
            least[t + 1] = most[t + 1] = 0.5 * (least[t + 1] + most[t + 1])
    work.result[3] = -1.0
    return SOLVED


@njit(cache=True, nogil=True, error_model="numpy")
def step_back(  # noqa: PLR0917
    after: Floats, parts: int, inflow: float, keep: float, t: int, room: Space, row: int
) -> int:  # fmt: skip
    """Best of part(u) + after(keep·s + inflow + u) over all parts, appended to ``room.kept``.

    Answers the row after it, or −1 if it does not fit. A part that is a single point moves the
    function and no more.
    """
    one, two, table, ends, chains, count = room.one, room.two, room.table, room.ends, 0, 0
    ends[0] = 0
    for part in range(parts):
        rows = table[room.starts[part] : room.starts[part + 1]]
        if rows[0, FIRST] >= rows[-1, LAST]:
            for k in range(len(after)):
                start, end = after[k, FIRST] - rows[0, FIRST], after[k, LAST] - rows[0, FIRST]
                value = after[k, VALUE] + rows[0, VALUE]
                count = put(one, ends[chains], count, start, end, value, after[k, SLOPE])
            chains += 1
            ends[chains] = count
            continue
        k = 0
        while k < len(after):
            end_of_run = run_end(after, k)
            count = best_sum(after[k:end_of_run], rows, one, count)
            k = end_of_run
            chains += 1
            ends[chains] = count
    if count == len(one):
        return -1
    if count == 0:
        return row
    one, two, count = lowest(one, two, ends, chains)
    if count > room.most_pieces:
        count = coarser(one[:count], room.most_pieces, two)
        one = two
    if count < 0 or row + count >= len(room.kept):
        return -1
    return moved(one[:count], keep, inflow, room.least[t], room.most[t], room.kept, row)


@njit(cache=True, nogil=True, error_model="numpy")
def step_ahead(after: Floats, parts: int, z: float, room: Space) -> tuple[float, float]:
    """The cheapest u from z, the smallest among equals; and its cost with what follows."""
    best, chosen = np.inf, 0.0
    for part in range(parts):
        rows = room.table[room.starts[part] : room.starts[part + 1]]
        begin, end, kinks = rows[0, FIRST], rows[-1, LAST], len(rows) + 1
        vertices = 2 * len(after) if begin < end else 0
        for k in range(kinks + vertices):
            if k < kinks:
                u = rows[k, FIRST] if k < len(rows) else end
            else:
                vertex = k - kinks
                u = after[vertex // 2, FIRST if vertex % 2 == 0 else LAST] - z
            if not begin <= u <= end:
                continue
            cost = value_at(rows, u) + value_at(after, z + u)
            tie = TIE * (1.0 + abs(best)) if best < np.inf else 0.0
            if cost < best - tie or (cost <= best + tie and abs(u) < abs(chosen)):
                best, chosen = min(cost, best), u
    return chosen, best


@njit(cache=True, nogil=True, error_model="numpy")
def exclusive(  # noqa: PLR0917
    work: Work, keep: float, start: float, final_value: float, out_least: Floats, in_least: Floats,
    room: Space,
) -> int:  # fmt: skip
    """Schedule one device exactly; its stages must be loaded into ``work``, not made convex.

    ``out_least`` and ``in_least`` (T,) are the least changes of level when not at rest. Fills
    change and level. Returns SOLVED with the bound below which no schedule can cost in
    ``work.result[0]`` and the most pieces of a function in ``work.result[1]``; INFEASIBLE, with
    step and side in ``work.result[3:5]``; or GIVEN_UP.
    """
    steps, kept, span = len(in_least), room.kept, room.span
    status = reach(work, steps, keep, start, room.least, room.most)
    if status != SOLVED:
        return status
    least, most = room.least[steps], room.most[steps]
    row = put(kept, 0, 0, least, most, -final_value * least, -final_value)
    span[steps, 0, 0], span[steps, 0, 1], pieces = 0, row, 1
    for t in range(steps - 1, -1, -1):
        parts = step_parts(work, t, out_least[t], in_least[t], ANY, room.table, room.starts)
        after = kept[span[t + 1, 0, 0] : row]
        span[t, 0, 0] = row
        row = step_back(after, parts, work.inflow[t], keep, t, room, row)
        span[t, 0, 1] = row
        pieces = max(pieces, row - span[t, 0, 0])
        work.result[3], work.result[4] = t, 0.0
        if row < 0:
            return GIVEN_UP
        if row == span[t, 0, 0]:
            return INFEASIBLE
    work.result[0] = value_at(kept[span[0, 0, 0] : row], start)
    work.result[1] = pieces
    level = start
    for t in range(steps):
        parts = step_parts(work, t, out_least[t], in_least[t], ANY, room.table, room.starts)
        z = keep * level + work.inflow[t]
        after = kept[span[t + 1, 0, 0] : span[t + 1, 0, 1]]
        u, ahead = step_ahead(after, parts, z, room)
        if not ahead < np.inf:
            work.result[3], work.result[4] = t, 0.0
            return INFEASIBLE
        level = z + u
        work.change[t], work.level[t] = u, level
    work.result[3] = -1.0
    return SOLVED
