"""A fleet file: one row for each device, read strictly, with a line for every problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.homes.fleet_columns import COLUMNS, KINDS, NAMES, SERIES, Column, Series
from zeroplant.homes.fleet_kinds import as_fleet
from zeroplant.homes.fleet_prices import Prices, read_table
from zeroplant.homes.fleet_series import joined
from zeroplant.solve.fleet.tables import Fleet, Rows

SHOWN = 20
"""Problems told one by one; the others are counted."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Devices:
    """Devices as the solver takes them, with their names, kinds and feeders (N,)."""

    name: NDArray[np.str_]
    kind: NDArray[np.str_]
    feeder: NDArray[np.str_]
    fleet: Fleet


def read_devices(path: Path, prices: Prices, *, part: tuple[int, int] = (0, 1)) -> Devices:
    """Devices of a .parquet or .csv file; ``part`` (k, n) takes every n-th from the k-th on.

    Raises InputError with a line for each problem, at most SHOWN and a count of the others.
    """
    reading = _Reading(read_table(path), str(path), prices, part)
    found = reading.devices()
    if reading.problems:
        raise InputError(reading.told())
    assert found is not None
    return found


@dataclass(eq=False)
class _Reading:
    """One file while it is read; problems are gathered, each with its row in the file."""

    table: pl.DataFrame
    file: str
    prices: Prices
    part: tuple[int, int]
    problems: list[Problem] = field(default_factory=list)
    beyond: int = 0

    def devices(self) -> Devices | None:
        """The devices, or nothing where the columns themselves are wrong."""
        known = [*NAMES, *(each.name for each in (*COLUMNS, *SERIES))]
        for name in self.table.columns:
            if name not in known:
                self._add("there is no such column", name, suggestion(name, known))
        if "kind" not in self.table.columns:
            self._add("the column is missing", "kind", f"write one of: {', '.join(KINDS)}")
        if not len(self.table):
            self._add("there are no devices", "", "write a row for each")
        if self.problems:
            return None
        first, every = self.part
        self.table = self.table[first::every]
        kind = self._words("kind", "")
        self._tell(~np.isin(kind, KINDS), "kind", kind, f"write one of: {', '.join(KINDS)}")
        own = {each.name: self._numbers(each, kind) for each in COLUMNS}
        series = {each.name: self._series(each, kind) for each in SERIES}
        self._contradictions(own)
        if self.problems:
            return None
        fleets, places = [], []
        for each in KINDS:
            which = np.flatnonzero(kind == each)
            if len(which):
                numbers = {name: values[which] for name, values in own.items()}
                own_series = {name: values[which] for name, values in series.items()}
                fleets.append(as_fleet(each, numbers, own_series, self.prices))
                places.append(which)
        if not fleets:
            return None
        fleet = joined(fleets)[np.argsort(np.concatenate(places), kind="stable")]
        rows = (first + every * np.arange(len(kind)) + 1).astype(str)
        given = self._words("device", "")
        names = np.where(given == "", rows, given)
        return Devices(names, kind, self._words("feeder", ""), fleet)

    def told(self) -> list[Problem]:
        """The problems, and a line with the number of those not told."""
        if self.beyond:
            what = f"{self.beyond:,} more problems are not shown"
            return [*self.problems, Problem(what, file=self.file)]
        return self.problems

    def _add(self, what: str, where: str, instead: str = "") -> None:
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(what, where=where, instead=instead, file=self.file))
        else:
            self.beyond += 1

    def _tell(self, wrong: Mask, column: str, values: NDArray[np.generic], instead: str) -> None:
        """A problem for each row that is wrong."""
        places = np.flatnonzero(wrong)
        first, every = self.part
        for place in places[: SHOWN - len(self.problems)].tolist():
            value = values[place]
            empty = value == "" or (isinstance(value, np.floating) and np.isnan(value))
            shown = f"{value:g}" if isinstance(value, np.floating) else f"'{value}'"
            what = "nothing is given" if empty else f"{shown} is not allowed"
            self._add(what, f"row {first + every * place + 1}, {column}", instead)
            places = places[1:]
        self.beyond += len(places)

    def _words(self, name: str, default: str) -> NDArray[np.str_]:
        if name not in self.table.columns:
            return np.full(len(self.table), default)
        column = self.table[name].cast(pl.String).str.strip_chars().fill_null(default)
        return column.to_numpy().astype(str)

    def _numbers(self, column: Column, kind: NDArray[np.str_]) -> Floats:
        """Numbers of a column (N,), with defaults; ``nan`` for those that words describe."""
        concerned = np.isin(kind, column.kinds)
        stands_in = column.default if isinstance(column.default, float) else np.nan
        values = np.full(len(kind), np.nan)
        given: Mask = np.zeros(len(kind), dtype=bool)
        if column.name in self.table.columns:
            raw = self.table[column.name]
            if isinstance(raw.dtype, pl.List):
                self._add("lists are not allowed", column.name, "write one number for each device")
                return values
            values = raw.cast(pl.Float64, strict=False).to_numpy().astype(float)
            text = raw.cast(pl.String).fill_null("").to_numpy().astype(str)
            given = text != ""
            self._tell(given & np.isnan(values), column.name, text, "write a number")
        least, most = f"{column.least:,.9g}", f"{column.most:,.9g}"
        limit = f"above {least}, at most {most}" if column.above else f"from {least} to {most}"
        instead = f"write {_measure(column)}, {limit}"
        low = values <= column.least if column.above else values < column.least
        wrong = given & (low | (values > column.most))
        if column.default is None:
            wrong |= concerned & ~given
        self._tell(wrong, column.name, values, instead)
        return np.where(given, values, stands_in)

    def _series(self, column: Series, kind: NDArray[np.str_]) -> Rows:
        """Series of a column, with defaults."""
        concerned = np.isin(kind, column.kinds)
        raw = self.table[column.name] if column.name in self.table.columns else None
        if raw is not None and isinstance(raw.dtype, (pl.List, pl.Array)):
            return self._lists(column, raw)
        text = np.full(len(kind), "") if raw is None else self._words(column.name, "")
        text = np.where(text == "", str(column.default), text)
        names, row = np.unique(text, return_inverse=True)
        steps = len(self.prices.time)
        table = np.zeros((len(names), steps))
        unknown, low = np.zeros(len(names), dtype=bool), np.zeros(len(names), dtype=bool)
        for i, name in enumerate(names.tolist()):
            if name in self.prices.series:
                table[i] = self.prices.series[name]
            else:
                try:
                    table[i] = float(name)
                except ValueError:
                    unknown[i] = True
            low[i] = not (table[i] >= column.least).all() or not np.isfinite(table[i]).all()
        profiles = ", ".join(self.prices.series)
        instead = f"write a number in {column.unit} or a column of the price file: {profiles}"
        self._tell(unknown[row] & concerned, column.name, text, instead)
        instead = f"write {_measure(column)}, never below {column.least:,.9g}"
        self._tell(low[row] & concerned, column.name, text, instead)
        return Rows(table, row.astype(np.int32))

    def _lists(self, column: Series, raw: pl.Series) -> Rows:
        """A list of its own for each device."""
        steps, none = len(self.prices.time), np.zeros((1, len(self.prices.time)))
        raw = raw.arr.to_list() if isinstance(raw.dtype, pl.Array) else raw
        length = raw.list.len().fill_null(0).to_numpy()
        instead = f"write one number for each of the {steps} steps of the price file"
        self._tell(length != steps, column.name, np.char.add(length.astype(str), " numbers"),
                   instead)  # fmt: skip
        if (length != steps).any():
            return Rows(none, np.zeros(len(raw), dtype=np.int32))
        table = raw.explode().cast(pl.Float64, strict=False).to_numpy().reshape(-1, steps)
        bad = ~(np.isfinite(table) & (table >= column.least))
        worst = table[np.arange(len(table)), bad.argmax(axis=1)]
        instead = f"write {_measure(column)}, never below {column.least:,.9g}"
        self._tell(bad.any(axis=1), column.name, worst, instead)
        return Rows.each(table)

    def _contradictions(self, own: dict[str, Floats]) -> None:
        """Columns that do not fit each other."""
        size = own["energy_kwh"]
        for name in ("start_kwh", "end_kwh", "leave_kwh"):
            self._tell(own[name] > size, name, own[name], "write at most energy_kwh of the device")
        needed = np.where(np.isnan(own["leave_kwh"]), 0.8 * size, own["leave_kwh"])
        instead = "write at most leave_kwh of the device (80 % of energy_kwh if left out)"
        self._tell(own["trip_kwh"] > needed, "trip_kwh", own["trip_kwh"], instead)
        crossed = own["lowest_c"] > own["highest_c"]
        self._tell(crossed, "lowest_c", own["lowest_c"], "write at most highest_c of the device")


def _measure(column: Column | Series) -> str:
    """Unit and meaning of a column, as part of a sentence."""
    unit = "a number" if column.unit == "1" else column.unit
    return f"{unit} ({column.meaning})"


def feeders(devices: Devices) -> tuple[list[str], Ints]:
    """Names of the feeders, in the order of the alphabet, and that of each device (N,)."""
    names, which = np.unique(devices.feeder, return_inverse=True)
    return names.tolist(), which.astype(np.int64)
