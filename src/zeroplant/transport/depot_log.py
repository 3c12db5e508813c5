"""A depot's log: where each truck was and what it drove, period by period, from a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import seconds_ahead
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series.stamps import Stamps, read_stamps, time_column
from zeroplant.series.table import column, read_table
from zeroplant.series.zones import zone_info
from zeroplant.transport.depot import Depot

if TYPE_CHECKING:
    from polars import Series

TRUCK, AT_BASE, DRIVE = "truck", "at_base", "drive_power_kw"
DAY = 86_400


@dataclass(frozen=True)
class DepotLog:
    """A depot as it was seen over whole days, the first of which is ``first``.

    Days begin at midnight of a clock that is ``offset`` seconds ahead of UTC all year round.
    """

    depot: Depot
    first: date
    offset: int

    @property
    def rest(self) -> NDArray[np.bool_]:
        """Which of the days are Saturdays and Sundays."""
        hours = self.depot.at_base.shape[1] * self.depot.hours
        return rest_days(self.first, round(hours / 24.0))


def rest_days(first: date, count: int) -> NDArray[np.bool_]:
    """Which of ``count`` days from ``first`` are Saturdays and Sundays."""
    return np.asarray((first.weekday() + np.arange(count)) % 7 >= 5)


def read_log(path: Path, zone: str | None = None) -> DepotLog:
    """The whole days of a CSV or Parquet file, one row for each truck and period.

    Its columns are ``truck``, a time, ``at_base`` (0 or 1) and ``drive_power_kw`` (mean power out
    of the pack on the road). ``zone`` is the clock of its days, and of stamps that carry none; the
    clock of the first stamp if left out. Raises InputError.
    """
    try:
        return _read(path, zone)
    except InputError as error:
        named = [Problem(each.what, where=str(path), instead=each.instead)
                 for each in error.problems]  # fmt: skip
        raise InputError(named) from None


def _read(path: Path, zone: str | None) -> DepotLog:
    table = read_table(path)
    if TRUCK not in table.columns:
        instead = suggestion(TRUCK, table.columns)
        raise InputError(Problem(f"there is no column '{TRUCK}'", instead=instead))
    import polars

    time = time_column(table.drop(TRUCK), None)
    table = table.with_columns(polars.selectors.boolean().cast(polars.Float64))
    stamps = _stamps(table[time], zone)
    trucks = table[TRUCK].rank("dense").to_numpy()
    order = np.lexsort((stamps.seconds, trucks))
    step = _step(trucks[order], stamps[order])
    shape = (int(trucks.max()), -1)
    here, use = (column(table, name, time)[order].reshape(shape) for name in (AT_BASE, DRIVE))
    _possible(here, use)
    begin = int(stamps.seconds.min()) + stamps.offset
    skip, day = -begin % DAY // step, DAY // step
    whole = slice(skip, skip + (here.shape[1] - skip) // day * day)
    if whole.stop <= whole.start:
        what = "no day is in it from midnight to midnight"
        raise InputError(Problem(what, instead="give a log of some whole days"))
    hours = step / 3600.0
    depot = Depot(here[:, whole] > 0.5, use[:, whole] / 1e3 * hours, hours)
    first = np.datetime64((begin + skip * step) // DAY, "D").astype(date)
    return DepotLog(depot, first, stamps.offset)


def _stamps(series: Series, zone: str | None) -> Stamps:
    """Moments of the time column, on the clock that ``zone`` has at the first of them."""
    try:
        stamps = read_stamps(series, None)
    except InputError:
        # What else may be wrong with the stamps shows on any clock.
        stamps = read_stamps(series, zone or "UTC")
        if zone is None:
            instead = "give one, such as --zone Asia/Shanghai"
            raise InputError(Problem("the stamps carry no zone", instead=instead)) from None
        return stamps
    if zone is None:
        return stamps
    first = np.array([stamps.seconds.min()]).astype("M8[s]")
    return replace(stamps, offset=int(seconds_ahead(first, zone_info(zone))[0]))


def _step(trucks: NDArray[np.int64], stamps: Stamps) -> int:
    """Seconds of a period, which all trucks share from the first row to the last."""
    counts = np.bincount(trucks)[1:]
    times = stamps.seconds.reshape(len(counts), -1) if np.ptp(counts) == 0 else None
    steps = None if times is None else np.unique(np.diff(times, axis=1))
    if times is None or steps is None or len(steps) != 1 or (times != times[0]).any():
        what = "the trucks do not share one even row of times"
        raise InputError(Problem(what, instead="write one row for each truck and period"))
    step = int(steps[0])
    if step <= 0 or DAY % step:
        what = f"a period of {step} s does not divide a day"
        raise InputError(Problem(what, instead="write periods of 15 min or 1 h"))
    return step


def _possible(here: NDArray[np.float64], use: NDArray[np.float64]) -> None:
    wrong = [
        (AT_BASE, ~np.isin(here, (0.0, 1.0)), "is neither 0 nor 1"),
        (DRIVE, ~((use >= 0) & np.isfinite(use)), "is negative or empty"),
    ]
    problems = [
        Problem(f"'{name}' {what} in {int(bad.sum())} rows", instead="correct the table")
        for name, bad, what in wrong
        if bad.any()
    ]
    if problems:
        raise InputError(problems)
