"""A column of a file as a profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series.fit import on_any_year, on_calendar
from zeroplant.series.profile import Profile
from zeroplant.series.stamps import Stamps, read_stamps, time_column
from zeroplant.series.table import column, read_table
from zeroplant.units import convert

if TYPE_CHECKING:
    from polars import DataFrame


@dataclass(frozen=True)
class FileSeries(Profile):
    """A time series in a CSV or Parquet file; stamps are the starts of its periods.

    ``file`` is relative to ``folder``; ``column`` one name, or one per chain of the axis;
    ``unit`` the unit of the values, ``inside`` the one to turn them into; ``zone`` the clock of
    stamps that carry none; ``time`` the name of the time column. ``mean`` averages finer steps,
    ``any_year`` matches by month, day and hour instead of by date.
    """

    file: str
    column: str | tuple[str, ...] | None = None
    unit: str = "1"
    inside: str = "1"
    zone: str | None = None
    time: str | None = None
    mean: bool = False
    any_year: bool = False
    currency: str = "CNY"
    folder: Path = Path()

    def plain(self) -> dict[str, object]:
        """The mapping of a plant file."""
        said = {
            "file": self.file,
            "column": self.column,
            "unit": self.unit,
            "zone": self.zone,
            "time": self.time,
            "resample": "mean" if self.mean else None,
            "year": "any" if self.any_year else None,
        }
        return {key: value for key, value in said.items() if value is not None}

    def values(self, axis: Axis) -> Floats:
        """Values on the axis. Raises InputError with every problem of the file."""
        try:
            table = read_table(self.folder / self.file)
            time = time_column(table, self.time)
            stamps = read_stamps(table[time], self.zone)
            return self._chains(table, time, stamps, axis)
        except InputError as error:
            named = [replace(each, what=f"{self.file}: {each.what}") for each in error.problems]
            raise InputError(dict.fromkeys(named)) from None

    def _chains(self, table: DataFrame, time: str, stamps: Stamps, axis: Axis) -> Floats:
        """The column on one chain's periods, or one column per chain on all stages."""
        fit = on_any_year if self.any_year else on_calendar
        names = self.column if isinstance(self.column, tuple) else (self.column,)
        if len(names) not in (1, len(axis.chains)):
            what = f"{len(names)} columns for {len(axis.chains)} chains"
            raise InputError(Problem(what, instead="name one column, or one for each chain"))
        problems: list[Problem] = []
        chains: list[Floats] = []
        for name in names:
            try:
                fitted = fit(stamps, column(table, name, time), axis, mean=self.mean)
            except InputError as error:
                several = f"{name}: " if len(names) > 1 else ""
                problems += [replace(each, what=several + each.what) for each in error.problems]
            else:
                chains.append(convert(fitted, self.unit, self.inside, currency=self.currency))
        if problems:
            raise InputError(problems)
        return np.concatenate(chains)
