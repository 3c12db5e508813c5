"""Compiled: one group led through all its passes, a stretch at a time.

What one pass leaves of a stretch is still near the processor when the next pass takes it up. All
that a group does between two exchanges with the others is one call, so threads hardly meet.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from typing import NamedTuple

from zeroplant.axis import Floats
from zeroplant.kernels import callee, njit
from zeroplant.solve.staged.aim import (
    At,
    Way,
    aim_centre,
    aim_first,
    aim_second,
    land,
    land_first,
    restart,
)
from zeroplant.solve.staged.defect import Given, Off, defect, end_defect, start_defect
from zeroplant.solve.staged.elimination import (
    Segment,
    Work,
    assemble,
    check,
    eliminate,
    from_slots,
    reduce,
    start_assemble,
    start_check,
    start_reduce,
    to_slots,
)
from zeroplant.solve.staged.lanes import alike, load, store, where_above
from zeroplant.solve.staged.passes import move, weigh
from zeroplant.solve.staged.symbolic import Plan

# Variables of a stretch: a pass over them reads some twenty arrays.
STRETCH = 128
# How unknowns come about before they are checked: as they stand; solved for; solved for and added
# to those before.
STANDING, SOLVED, ADDED = 0, 1, 2


class Strip(NamedTuple):
    """What passes hand on to each other over one stretch; see ``aim.py``."""

    caps: Floats
    step: Floats
    grown: Floats


class Sides(NamedTuple):
    """Right-hand sides by unknowns, those of slots after elimination, room for unknowns.

    ``largest`` are the largest right-hand side and the largest that is missing.
    """

    right: Floats
    left: Floats
    room: Floats
    largest: Floats


class Trial(NamedTuple):
    """Unknowns tried: solved for what is ``given``, added to ``before``; what they miss."""

    given: Floats
    x: Floats
    before: Floats
    off: Floats


@njit(cache=True, nogil=True)
def look(plan: Plan, s: Segment, given: Given, at: At, y: Floats, x: Floats, off: Off) -> None:
    """Residuals of one group at a point; in ``x``, sizes and slots are there, rows are put."""
    none = alike(0.0)
    for e in range(plan.inside):
        store(x, e, where_above(load(given.is_row, e), none, load(y, e), load(x, e)))
    start_defect(plan, s, x, off)
    for first in range(0, len(off.z), STRETCH):
        defect(plan, s, given, at, x, off, first, min(first + STRETCH, len(off.z)))
    end_defect(plan, given, x, off)


@njit(cache=True, nogil=True)
def depart(
    plan: Plan, s: Segment, given: Given, at: At, way: Way, y: Floats, primal: float, dual: float,
    more: float, more_dual: float, to: At, to_y: Floats, product: Floats, x: Floats, off: Off,
) -> None:  # fmt: skip
    """A step to the next point, and the residuals there; ghosts are there already."""
    none, share, other = alike(0.0), alike(dual), alike(dual * more_dual)
    for e in range(plan.inside):
        new = load(y, e) + share * load(way.y, e) + other * load(way.more_y, e)
        store(to_y, e, new)
        store(x, e, where_above(load(given.is_row, e), none, new, load(x, e)))
    start_defect(plan, s, x, off)
    store(product, 0, none)
    steps = primal, dual, more, more_dual
    for first in range(0, len(off.z), STRETCH):
        end = min(first + STRETCH, len(off.z))
        before, after = min(plan.ghost_first, end), max(plan.ghost_end, first)
        move(at, way, *steps, to, product, first, before)
        move(at, way, *steps, to, product, after, end)
        defect(plan, s, given, to, x, off, first, end)
    end_defect(plan, given, x, off)


@njit(cache=True, nogil=True)
def settle(plan: Plan, s: Segment, work: Work, at: At, ghost: Floats, pull: float) -> None:
    """Weights of all variables, and the factors of the matrix with these."""
    target, count = 0, len(plan.unknown)
    start_assemble(plan, s)
    for first in range(0, count, STRETCH):
        end = min(first + STRETCH, count)
        weigh(plan, s, at, ghost, pull, first, end)
        target = assemble(plan, s, target, first, end)
    eliminate(plan, s.entries, work)


@njit(cache=True, nogil=True)
def begin_first(
    plan: Plan, s: Segment, at: At, share: float, missing: Floats, upper: Floats, z: Floats,
    strip: Strip, base: Floats, sides: Sides,
) -> None:  # fmt: skip
    """Right-hand sides of a prediction."""
    start_reduce(plan, base, sides.right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_first(at, share, missing, upper, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, sides.right, first, end)
    _leave(plan, s, sides)


@njit(cache=True, nogil=True)
def begin_second(
    plan: Plan, s: Segment, at: At, way: Way, target: float, pull: float, raised: float,
    z: Floats, strip: Strip, base: Floats, sides: Sides,
) -> None:  # fmt: skip
    """Right-hand sides of the correction to the second order."""
    ghost, ghost_end = plan.ghost_first, plan.ghost_end
    start_reduce(plan, base, sides.right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_second(at, way, target, pull, raised, ghost, ghost_end, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, sides.right, first, end)
    _leave(plan, s, sides)


@njit(cache=True, nogil=True)
def begin_centre(
    plan: Plan, s: Segment, at: At, way: Way, primal: float, dual: float, target: float,
    z: Floats, strip: Strip, base: Floats, sides: Sides,
) -> None:  # fmt: skip
    """Right-hand sides of a correction towards the centre."""
    weight = alike(dual)
    for e in range(plan.inside):
        store(way.y, e, load(way.y, e) + weight * load(way.more_y, e))
    start_reduce(plan, base, sides.right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_centre(at, way, primal, dual, target, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, sides.right, first, end)
    _leave(plan, s, sides)


@callee()
def _leave(plan: Plan, s: Segment, sides: Sides) -> None:
    """What is left for the slots."""
    _largest(sides.right, plan.inside, sides.largest, 0)
    to_slots(plan, s.entries, sides.right, sides.room, sides.left)


@njit(cache=True, nogil=True)
def finish_first(
    plan: Plan, s: Segment, at: At, way: Way, upper: Floats, z: Floats, strip: Strip,
    out: Floats, is_row: Floats, sides: Sides, trial: Trial, how: int,
) -> None:  # fmt: skip
    """The prediction of all bounds, how far it leads, and what is missing in the equations."""
    _unknowns(plan, s, trial, how)
    start_check(plan, s, sides.right, trial.x, trial.off)
    restart(out)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        check(plan, s, z, trial.x, trial.off, strip.step, strip.grown, first, end)
        land_first(at, way, upper, strip.step, strip.grown, out, first, end)
    for e in range(plan.inside):
        store(way.y, e, load(trial.x, e) * load(is_row, e))
    _largest(trial.off, plan.inside, sides.largest, 1)


@njit(cache=True, nogil=True)
def finish_more(
    plan: Plan, s: Segment, at: At, way: Way, z: Floats, strip: Strip, out: Floats,
    is_row: Floats, sides: Sides, trial: Trial, how: int,
) -> None:  # fmt: skip
    """A correction of all bounds, how far it leads, and what is missing in the equations."""
    _unknowns(plan, s, trial, how)
    start_check(plan, s, sides.right, trial.x, trial.off)
    restart(out)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        check(plan, s, z, trial.x, trial.off, strip.step, strip.grown, first, end)
        land(at, way, strip.step, strip.grown, out, first, end)
    for e in range(plan.inside):
        store(way.more_y, e, load(trial.x, e) * load(is_row, e))
    _largest(trial.off, plan.inside, sides.largest, 1)


@callee()
def _unknowns(plan: Plan, s: Segment, trial: Trial, how: int) -> None:
    """Unknowns inside, for values of the slots that stand at the end of ``x``."""
    if how == STANDING:
        return
    from_slots(plan, s.entries, trial.given, trial.x)
    if how == ADDED:
        for e in range(plan.inside + plan.slots):
            store(trial.x, e, load(trial.x, e) + load(trial.before, e))


@callee()
def _largest(values: Floats, count: int, out: Floats, row: int) -> None:
    """The largest absolute value in each lane, into a row."""
    most, none = alike(0.0), alike(0.0)
    for e in range(count):
        value = load(values, e)
        value = where_above(value, none, value, none - value)
        most = where_above(value, most, value, most)
    store(out, row, most)
