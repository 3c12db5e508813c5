"""Time-of-use tables: a value for each month, kind of day and time of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series.clock import SLOTS, Mask, months_of, quarters_of, said
from zeroplant.series.profile import Profile

Days = Literal["all", "workday", "weekend"]
CLASSES: dict[Days, tuple[int, ...]] = {"all": (0, 1), "workday": (0,), "weekend": (1,)}


@dataclass(frozen=True)
class Row:
    """One line of the table: its value holds at these hours, months and days."""

    value: float
    hours: str = "0-24"
    months: str = "1-12"
    days: Days = "all"

    def mask(self) -> Mask:
        """Where it holds: (12 months, workday and weekend, quarter-hours). Raises InputError."""
        covered = np.zeros((12, 2, SLOTS), dtype=bool)
        months, quarters = np.array(months_of(self.months)), np.array(quarters_of(self.hours))
        covered[np.ix_(months, np.array(CLASSES[self.days]), quarters)] = True
        return covered


@dataclass(frozen=True)
class TimeOfUse(Profile):
    """Rows that together cover each time of each day of each month exactly once.

    Workdays are Monday to Friday on the plant's clock; public holidays are not known here. A
    period in which the value changes has the mean.
    """

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Check every row, then the cover. Raises InputError with every problem."""
        problems: list[Problem] = []
        masks: list[Mask] = []
        for number, row in enumerate(self.rows, 1):
            try:
                masks.append(row.mask())
            except InputError as error:
                problems += [each.at(where=f"row {number}") for each in error.problems]
        problems = problems or [*_holes(masks), *_overlaps(masks)]
        if problems:
            raise InputError(problems)

    def plain(self) -> dict[str, object]:
        """The mapping of a plant file."""
        return {"time_of_use": [asdict(row) for row in self.rows]}

    def values(self, axis: Axis) -> Floats:
        """The table on the plant's clock, one value per period."""
        table = np.zeros((12, 2, SLOTS))
        for row in self.rows:
            table[row.mask()] = row.value
        parts = max(1, round(axis.hours * 4))
        quarter = np.timedelta64(round(axis.hours * 3600 / parts), "s")
        moments = axis.local[:, None] + np.arange(parts) * quarter
        days = moments.astype("M8[D]")
        month = days.astype("M8[M]").astype(np.int64) % 12
        weekend = ((days.astype(np.int64) + 3) % 7 >= 5).astype(np.int64)
        slot = (moments - days).astype("m8[s]").astype(np.int64) // 900
        found = table[month, weekend, slot]
        first: Floats = found[:, 0]
        same = (found == first[:, None]).all(axis=1)
        return np.where(same, first, found.mean(axis=1))


def _holes(masks: Sequence[Mask]) -> Iterator[Problem]:
    """Times no row speaks of."""
    free = ~np.any(np.stack(masks), axis=0) if masks else np.ones((12, 2, SLOTS), dtype=bool)
    if free.any():
        yield Problem(f"no row covers {said(free)}", instead="every hour needs exactly one row")


def _overlaps(masks: Sequence[Mask]) -> Iterator[Problem]:
    """Times two rows speak of."""
    for second in range(len(masks)):
        for first in range(second):
            both = masks[first] & masks[second]
            if both.any():
                what = f"rows {first + 1} and {second + 1} both cover {said(both)}"
                yield Problem(what, instead="every hour needs exactly one row")
