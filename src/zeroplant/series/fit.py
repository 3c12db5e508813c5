"""Values at stamps, brought onto the periods of an axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.errors import InputError, Problem
from zeroplant.series.order import empty, ends, holes, order, periods, step_of, steps
from zeroplant.series.stamps import Stamps
from zeroplant.series.zones import show

DAY, YEAR = 86400, 365 * 86400


def on_calendar(stamps: Stamps, values: Floats, axis: Axis, *, mean: bool = False) -> Floats:
    """Values of the axis's own days, one per period.

    ``mean`` allows finer steps to be averaged. Raises InputError with every problem of the rows
    that fall on the axis: order, duplicates, gaps, what is missing at either end, empty values.
    """
    step = step_of(stamps)
    start, wide = int(axis.times[0].astype(np.int64)), round(axis.hours * 3600)
    end = start + axis.periods * wide
    chosen = (stamps.seconds >= start) & (stamps.seconds < end)
    if not chosen.any():
        raise InputError(_elsewhere(stamps, axis, step))
    stamps, values = stamps[chosen], values[chosen]
    problems = [*steps(step, wide, mean=mean), *order(stamps)]
    ordered = stamps[np.unique(stamps.seconds, return_index=True)[1]]
    problems += [*holes(ordered, step), *ends(ordered, step, start, end), *empty(stamps, values)]
    if problems:
        raise InputError(problems)
    averaged: Floats = values.reshape(axis.periods, -1).mean(axis=1) if step < wide else values
    return averaged


def on_any_year(stamps: Stamps, values: Floats, axis: Axis, *, mean: bool = False) -> Floats:
    """Values of another year, matched by month, day and hour on the file's own clock.

    The clock is the file's offset from UTC at its first stamp, all year round. 29 February of the
    file is left out; on the axis it is a copy of 28 February. The rest must be all 365 days, once.
    """
    step, wide = step_of(stamps), round(axis.hours * 3600)
    problems = [*steps(step, wide, mean=mean), *empty(stamps, values), *order(stamps)]
    if DAY % step:
        what = "the steps of the series do not divide a day"
        problems.append(Problem(what, instead="give a series in other steps"))
        raise InputError(problems)
    slots, leap = slot_of_year(stamps.seconds + stamps.offset)
    place = slots[~leap] // step
    counts = np.bincount(place, minlength=YEAR // step)
    for wrong, word in ((counts == 0, "are missing"), (counts > 1, "stand more than once")):
        if wrong.any():
            first = np.datetime64(int(np.argmax(wrong)) * step, "s")
            what = f"{periods(int(wrong.sum()), step)} of the year {word}"
            what += f", the first is {show(first)[5:]}"
            problems.append(Problem(what, instead="give each of the year's 365 days once"))
    if problems:
        raise InputError(problems)
    table = np.empty(YEAR // step)
    table[place] = values[~leap]
    parts = max(1, wide // step)
    within = np.arange(parts) * step
    seconds = axis.times.astype(np.int64)[:, None] + stamps.offset + within
    result: Floats = table[slot_of_year(seconds)[0] // step].mean(axis=1)
    return result


def slot_of_year(seconds: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Seconds since New Year of a 365-day year, and whether the day is 29 February.

    29 February has the slots of the 28th; from 1 March on a leap year counts as a common one.
    """
    days = (seconds // DAY).astype("M8[D]")
    years = days.astype("M8[Y]")
    number = (days - years.astype("M8[D]")).astype(np.int64)
    long = ((years + 1).astype("M8[D]") - years.astype("M8[D]")).astype(np.int64) == 366
    leap = long & (number == 59)
    number = number - (long & (number >= 59))
    return number * DAY + seconds % DAY, leap


def _elsewhere(stamps: Stamps, axis: Axis, step: int) -> Problem:
    """The series has no row on the axis at all."""
    has = f"{stamps.shown(0)} to {stamps.shown(-1, later=step)}"
    last = axis.local[-1] + np.timedelta64(round(axis.hours * 3600), "s")
    what = f"the series runs from {has}, the plan from {show(axis.local[0])} to {show(last)}"
    return Problem(what, instead="add 'year: any' to use it for another year")
