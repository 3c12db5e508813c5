"""Compiled: by how much a point misses its equations, group by group, and its size.

The sums and largest values that tell how good a point is are gathered on the way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from zeroplant.axis import Floats
from zeroplant.kernels import callee, njit
from zeroplant.solve.staged.aim import At
from zeroplant.solve.staged.elimination import Segment
from zeroplant.solve.staged.lanes import alike, load, store, where_above
from zeroplant.solve.staged.symbolic import Plan

# What `defect` gathers: largest values, then sums.
(OFF_Z, OFF_UPPER, OFF_ROWS, BY_ROW, LARGEST_Z, LARGEST_Y, COST, SPENT, CAPPED, ASKED) = range(10)


class Given(NamedTuple):
    """Of one group: prices, bounds and right-hand sides, and which of its unknowns are rows."""

    cost: Floats
    upper: Floats
    b: Floats
    grain: Floats
    is_row: Floats


class Off(NamedTuple):
    """What is missing: by unknowns (of slots, this group's part), variables, upper bounds.

    ``rows`` are those of unknowns that are rows, 0 elsewhere; ``size`` what rows add up, regardless
    of signs; ``tally`` what is gathered.
    """

    x: Floats
    z: Floats
    upper: Floats
    rows: Floats
    size: Floats
    tally: Floats


@callee()
def start_defect(plan: Plan, s: Segment, x: Floats, off: Off) -> None:
    """Residuals of one group before `defect`: what sizes bring to rows."""
    none = alike(0.0)
    for e in range(plan.inside + plan.slots):
        store(off.x, e, none)
        store(off.size, e, none)
    for fact in range(ASKED + 1):
        store(off.tally, fact, none)
    for k in range(len(plan.b_row)):
        row, size, value = plan.b_row[k], plan.b_size[k], load(s.b, k)
        step = value * load(x, size)
        store(off.x, row, load(off.x, row) - step)
        store(off.size, row, load(off.size, row) + _absolute(step))
        store(off.x, size, load(off.x, size) + value * load(x, row))


@callee()
def defect(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    plan: Plan, s: Segment, given: Given, at: At, x: Floats, off: Off, first: int, end: int
) -> None:
    """Residuals of variables ``first`` to ``end``, and what these bring to rows.

    Of outer variables without what ghosts of them contribute. Places of sizes, and slots, get A'y
    and the like to add up. ``x`` are duals and sizes by unknowns.
    """
    none, tally = alike(0.0), off.tally
    worst_z, worst_upper = load(tally, OFF_Z), load(tally, OFF_UPPER)
    largest_z, cost = load(tally, LARGEST_Z), load(tally, COST)
    spent, capped = load(tally, SPENT), load(tally, CAPPED)
    for v in range(first, end):
        z, zu, pulled, grown = load(at.near, at.low + v), load(at.force, at.high + v), none, none
        for i in range(plan.a_start[v], plan.a_start[v + 1]):
            row, value = plan.a_item[i], load(s.a, s.a_at[i])
            pulled = pulled + value * load(x, row)
            step = value * z
            store(off.x, row, load(off.x, row) - step)
            store(off.size, row, load(off.size, row) + _absolute(step))
        for k in range(plan.u_start[v], plan.u_start[v + 1]):
            size, value = plan.u_item[k], load(s.u, s.u_at[k])
            grown = grown + value * load(x, size)
            store(off.x, size, load(off.x, size) + value * zu)
        if plan.ghost_first <= v < plan.ghost_end:
            slot = plan.unknown[v]
            store(off.x, slot, load(off.x, slot) + pulled)
            store(off.z, v, none)
            store(off.upper, v, none)
            continue
        price = load(given.cost, v)
        left = pulled - price + load(at.force, at.low + v) - zu
        upper = load(given.upper, v)
        room = upper + grown - z - load(at.near, at.high + v)
        room = where_above(zu, none, room, none)  # no force where there is no bound
        store(off.z, v, left)
        store(off.upper, v, room)
        if v < plan.ghost_first:
            worst_z = _larger(worst_z, left)
        worst_upper = _larger(worst_upper, room)
        largest_z = _larger(largest_z, z)
        paid = price * z
        cost, spent = cost + paid, spent + _absolute(paid)
        capped = capped + upper * zu
    store(tally, OFF_Z, worst_z)
    store(tally, OFF_UPPER, worst_upper)
    store(tally, LARGEST_Z, largest_z)
    store(tally, COST, cost)
    store(tally, SPENT, spent)
    store(tally, CAPPED, capped)


@callee(error_model="numpy")
def end_defect(plan: Plan, given: Given, x: Floats, off: Off) -> None:
    """Right-hand sides, and how rows stand; −A'y and the like stays where sizes stand."""
    worst, by_row, largest, asked = alike(0.0), alike(0.0), alike(0.0), alike(0.0)
    for e in range(plan.inside):
        is_row, b = load(given.is_row, e), load(given.b, e)
        y, left = load(x, e) * is_row, load(off.x, e) + b
        store(off.x, e, left)
        left = left * is_row
        store(off.rows, e, left)
        worst, largest = _larger(worst, left), _larger(largest, y)
        by_row = _larger(by_row, left / (load(given.grain, e) + load(off.size, e)))
        asked = asked + b * y
    store(off.tally, OFF_ROWS, worst)
    store(off.tally, BY_ROW, by_row)
    store(off.tally, LARGEST_Y, largest)
    store(off.tally, ASKED, asked)


@njit(cache=True, nogil=True, inline="always")
def _absolute(value: Any) -> Any:
    return where_above(value, alike(0.0) - value, value, alike(0.0) - value)


@njit(cache=True, nogil=True, inline="always")
def _larger(most: Any, value: Any) -> Any:
    size = _absolute(value)
    return where_above(size, most, size, most)
