"""Compiled: one group led through all its passes, a stretch at a time.

What one pass leaves of a stretch is still near the processor when the next pass takes it up.
"""

# ruff: noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
from __future__ import annotations

from typing import NamedTuple

from zeroplant.axis import Floats
from zeroplant.kernels import njit
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
from zeroplant.solve.staged.elimination import Segment, check, reduce, start_check, start_reduce
from zeroplant.solve.staged.symbolic import Plan

# Variables of a stretch: a pass over them reads some twenty arrays.
STRETCH = 128


class Strip(NamedTuple):
    """What passes hand on to each other over one stretch; see ``aim.py``."""

    caps: Floats
    step: Floats
    grown: Floats


@njit(cache=True, nogil=True)
def begin_first(
    plan: Plan, s: Segment, at: At, share: float, missing: Floats, upper: Floats, z: Floats,
    strip: Strip, base: Floats, right: Floats,
) -> None:  # fmt: skip
    """Right-hand sides of a prediction."""
    start_reduce(plan, base, right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_first(at, share, missing, upper, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, right, first, end)


@njit(cache=True, nogil=True)
def begin_second(
    plan: Plan, s: Segment, at: At, way: Way, target: float, pull: float, z: Floats,
    strip: Strip, base: Floats, right: Floats,
) -> None:  # fmt: skip
    """Right-hand sides of the correction to the second order."""
    ghost, ghost_end = plan.ghost_first, plan.ghost_end
    start_reduce(plan, base, right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_second(at, way, target, pull, ghost, ghost_end, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, right, first, end)


@njit(cache=True, nogil=True)
def begin_centre(
    plan: Plan, s: Segment, at: At, way: Way, primal: float, dual: float, target: float,
    z: Floats, strip: Strip, base: Floats, right: Floats,
) -> None:  # fmt: skip
    """Right-hand sides of a correction towards the centre."""
    start_reduce(plan, base, right)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        aim_centre(at, way, primal, dual, target, z, strip.caps, first, end)
        reduce(plan, s, z, strip.caps, right, first, end)


@njit(cache=True, nogil=True)
def finish_first(
    plan: Plan, s: Segment, at: At, way: Way, upper: Floats, z: Floats, strip: Strip,
    out: Floats, right: Floats, x: Floats, off: Floats,
) -> None:  # fmt: skip
    """The prediction of all bounds, how far it leads, and what is missing in the equations."""
    start_check(plan, s, right, x, off)
    restart(out)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        check(plan, s, z, x, off, strip.step, strip.grown, first, end)
        land_first(at, way, upper, strip.step, strip.grown, out, first, end)


@njit(cache=True, nogil=True)
def finish_more(
    plan: Plan, s: Segment, at: At, way: Way, z: Floats, strip: Strip, out: Floats,
    right: Floats, x: Floats, off: Floats,
) -> None:  # fmt: skip
    """A correction of all bounds, how far it leads, and what is missing in the equations."""
    start_check(plan, s, right, x, off)
    restart(out)
    for first in range(0, len(z), STRETCH):
        end = min(first + STRETCH, len(z))
        check(plan, s, z, x, off, strip.step, strip.grown, first, end)
        land(at, way, strip.step, strip.grown, out, first, end)
