"""What can be wrong with the stamps and values of a series."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series.stamps import Stamps

DAY = 86400
FARTHEST = 14 * 3600
"""A clock is at most 14 hours from UTC: so much may be missing only because the zone is wrong."""


def step_of(stamps: Stamps) -> int:
    """Step of a series in seconds: the most frequent difference of its stamps."""
    differences = np.diff(stamps.seconds)
    differences = differences[differences > 0]
    if not differences.size:
        what = "the series has no two stamps that follow each other"
        raise InputError(Problem(what, instead="give one row for each period"))
    found, counts = np.unique(differences, return_counts=True)
    return int(found[np.argmax(counts)])


def steps(step: int, wide: int, *, mean: bool) -> Iterator[Problem]:
    """Whether the steps of the series serve the periods of the axis."""
    has, wants = f"steps of {duration(step)}", f"the plan's {duration(wide)}"
    if step > wide:
        what = f"{has} are coarser than {wants}, and what lies between them is not known"
        yield Problem(what, instead=f"give a series in steps of {duration(wide)}")
    elif wide % step:
        yield Problem(f"{has} do not divide {wants}", instead="give a series in other steps")
    elif step < wide and not mean:
        yield Problem(f"{has} are finer than {wants}", instead="add 'resample: mean' to average")


def order(stamps: Stamps) -> Iterator[Problem]:
    """Stamps that stand twice or go back in time."""
    differences = np.diff(stamps.seconds)
    for wrong, word, cure in (
        (differences == 0, "stands twice", "keep one row of each time"),
        (differences < 0, "comes too late", "sort the rows by time"),
    ):
        if wrong.any():
            first = stamps.shown(int(np.argmax(wrong)) + 1)
            yield Problem(f"{first} {word}{_more(wrong)}", instead=cure)


def holes(stamps: Stamps, step: int) -> Iterator[Problem]:
    """Gaps, and stamps that do not keep step; the stamps must be in order."""
    differences = np.diff(stamps.seconds)
    gaps = differences > step
    if gaps.any():
        at = int(np.argmax(gaps))
        missing = periods(-(-int(differences[at]) // step) - 1, step)
        since, until = stamps.shown(at, later=step), stamps.shown(at + 1, later=-step)
        span = f"from {since} to {until}" if since != until else f"at {since}"
        yield Problem(f"{missing} missing {span}{_more(gaps)}", instead="add the rows")
    uneven = differences % step != 0
    if uneven.any():
        first = stamps.shown(int(np.argmax(uneven)) + 1)
        what = f"{first} is off the series' steps of {duration(step)}{_more(uneven)}"
        yield Problem(what, instead="correct the stamps")


def ends(stamps: Stamps, step: int, start: int, end: int) -> Iterator[Problem]:
    """What is missing before the first and after the last row on the axis."""
    low, high = int(stamps.seconds[0]), int(stamps.seconds[-1]) + step
    if (low - start) % step:
        off = duration((low - start) % step)
        instead = "shift them, or the start of the plan"
        yield Problem(f"the stamps lie {off} off the plan's periods", instead=instead)
        return
    for missing, word, at in (
        ((low - start) // step, "before the first row at", stamps.shown(0)),
        ((end - high) // step, "after the last row at", stamps.shown(-1)),
    ):
        if missing > 0:
            what = f"{periods(missing, step)} missing {word} {at}"
            few = missing * step <= FARTHEST
            instead = "check 'zone', or add them" if few else "add them, or 'year: any'"
            yield Problem(what, instead=instead)


def empty(stamps: Stamps, values: Floats) -> Iterator[Problem]:
    """Values that are empty or not numbers."""
    wrong = ~np.isfinite(values)
    if wrong.any():
        word = "value is" if wrong.sum() == 1 else "values are"
        what = f"{int(wrong.sum())} {word} empty or not a number"
        first = stamps.shown(int(np.argmax(wrong)))
        yield Problem(f"{what}, the first at {first}", instead="write a number in each row")


def _more(wrong: NDArray[np.bool_]) -> str:
    count = int(wrong.sum())
    return f", the first of {count}" if count > 1 else ""


def periods(count: int, step: int) -> str:
    """A number of periods in words."""
    if step == 3600:
        return f"{count} hour{'s' if count > 1 else ''}"
    return f"{count} period{'s' if count > 1 else ''} of {duration(step)}"


def duration(seconds: int) -> str:
    """A length of time in its largest whole unit."""
    for size, name in ((DAY, "d"), (3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
