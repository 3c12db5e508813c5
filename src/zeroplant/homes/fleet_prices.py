"""The price file of a fleet: time, prices and any other series that devices name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem


@dataclass(frozen=True, eq=False)
class Prices:
    """Series by name, (T,) each, of steps of ``hours``; ``time`` is the beginning of each."""

    time: NDArray[np.datetime64]
    hours: float
    series: dict[str, Floats]

    @property
    def hour(self) -> Floats:
        """Hour of the day at which each step begins (T,)."""
        since = (self.time - self.time.astype("M8[D]")) / np.timedelta64(1, "h")
        return np.asarray(since, dtype=float)


def read_table(path: Path) -> pl.DataFrame:
    """A .parquet or .csv file. InputError if it is neither, or cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in {".parquet", ".csv"}:
        what = f"'{suffix}' files are not read here"
        raise InputError(Problem(what, file=str(path), instead="write .parquet or .csv"))
    if not path.is_file():
        raise InputError(Problem("there is no such file", file=str(path)))
    try:
        if suffix == ".csv":
            return pl.read_csv(path, try_parse_dates=True, infer_schema_length=None)
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0]
        what = f"it cannot be read as {suffix[1:]} ({first})"
        raise InputError(Problem(what, file=str(path))) from None


def read_prices(path: Path) -> Prices:
    """Columns ``time`` and ``buy``, perhaps ``sell`` (else ``buy``), and profiles of any name.

    Raises InputError with every problem: columns that are missing, steps of unequal length,
    numbers that are none.
    """
    table, file = read_table(path), str(path)
    problems = [
        Problem(f"there is no column '{name}'", file=file, instead=instead)
        for name, instead in (
            ("time", "write the beginning of each step, as 2026-07-01 00:15"),
            ("buy", "write the price of each step in money per kWh"),
        )
        if name not in table.columns
    ]
    if problems:
        raise InputError(problems)
    stamps = table["time"]
    if not isinstance(stamps.dtype, pl.Datetime) or stamps.null_count():
        instead = "write every time as 2026-07-01 00:15"
        what = f"not every time can be read (found {stamps.dtype})"
        raise InputError(Problem(what, where="time", file=file, instead=instead))
    if stamps.dtype.time_zone:
        stamps = stamps.dt.replace_time_zone(None)
    time = stamps.to_numpy().astype("M8[s]")
    steps = np.diff(time) / np.timedelta64(1, "h")
    if len(time) < 2:
        raise InputError(Problem("there are fewer than two steps", file=file))
    odd = np.flatnonzero((steps <= 0) | (steps != steps[0]))
    if len(odd):
        what = f"row {odd[0] + 2} follows after {steps[odd[0]]:g} h, the others after {steps[0]:g}"
        problems.append(
            Problem(what, where="time", file=file, instead="write steps of equal length")
        )
    series = {}
    for name in table.columns:
        if name == "time":
            continue
        values = table[name].cast(pl.Float64, strict=False).to_numpy()
        bad = np.flatnonzero(~np.isfinite(values))
        if len(bad):
            what = f"row {bad[0] + 1} is not a number ('{table[name][int(bad[0])]}')"
            more = f"; so are {len(bad) - 1:,} more" if len(bad) > 1 else ""
            problems.append(Problem(what + more, where=name, file=file))
        series[name] = values
    if problems:
        raise InputError(problems)
    series.setdefault("sell", series["buy"])
    return Prices(time, float(steps[0]), series)
