"""Measured series that a simulated plant follows instead of generated ones, with their forecasts.

A table (Parquet or CSV) of one row per quarter-hour: ``time`` is its start; a column such as
``wind.availability`` holds a field of an asset of the plant file, in that field's inside unit;
``forecast.<variable>`` what the weather forecast said of that quarter-hour, and ``issued`` when it
became known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.plant import Plant
from zeroplant.series.filed import FileSeries
from zeroplant.series.stamps import Stamps, read_stamps
from zeroplant.series.table import column, read_table
from zeroplant.store.moments import utc
from zeroplant.weather.prediction import WeatherForecast

if TYPE_CHECKING:
    from polars import DataFrame

FORECAST = "forecast."
TIMES = ("time", "issued")


@dataclass(frozen=True)
class Measured:
    """A file of measured series: which fields of the plant it holds, and its weather forecasts.

    ``zone`` is the clock of its stamps, or None if they carry an offset themselves.
    """

    path: Path
    fields: tuple[str, ...]
    forecasts: tuple[WeatherForecast, ...]
    zone: str | None

    def put(self, plant: Plant) -> Plant:
        """The plant with the measured series in place of its own.

        Raises InputError for an asset or a field that the plant does not have.
        """
        assets = dict(plant.assets)
        for place in self.fields:
            name, _, field = place.partition(".")
            asset = assets.get(name)
            if asset is None or field not in type(asset).model_fields:
                known = list(assets) if asset is None else list(type(asset).model_fields)
                what = f"the plant has no '{place}'"
                where = suggestion(name if asset is None else field, known)
                raise InputError(Problem(what, where=self.path.name, instead=where))
            series = FileSeries(
                self.path.name, place, zone=self.zone, time="time", folder=self.path.parent
            )
            assets[name] = asset.model_copy(update={field: series})
        return plant.model_copy(update={"assets": assets})


def read_measured(path: str | Path, zone: str) -> Measured:
    """Read a file of measured series; ``zone`` is the clock of stamps without offset.

    Raises InputError, with what to write instead, for anything wrong but gaps in the measured
    columns, which show when the series are laid on the days that are run.
    """
    path = Path(path).resolve()
    table = _table(path)
    if "time" not in table.columns:
        instead = "name the column with the starts of the quarter-hours 'time'"
        raise InputError(Problem("no column 'time'", where=path.name, instead=instead))
    clock = None if _carries_offset(table) else zone
    others = [name for name in table.columns if name not in TIMES]
    fields = tuple(name for name in others if not name.startswith(FORECAST))
    odd = [name for name in fields if "." not in name]
    if odd:
        instead = "write asset.field, such as wind.availability, or forecast.<variable>"
        raise InputError(Problem(f"what is '{odd[0]}'?", where=path.name, instead=instead))
    variables = [name for name in others if name.startswith(FORECAST)]
    forecasts: tuple[WeatherForecast, ...] = ()
    if variables:
        forecasts = tuple(_forecasts(table, variables, path.name, clock))
    return Measured(path, fields, forecasts, clock)


def _table(path: Path) -> DataFrame:
    """The file as a table; what is wrong with it is said with its name."""
    try:
        return read_table(path, instead="name a .csv or .parquet file of series")
    except InputError as error:
        raise InputError(each.at(file=str(path)) for each in error.problems) from None


def _carries_offset(table: DataFrame) -> bool:
    """Whether the stamps say by themselves how far they are from UTC."""
    import polars

    kind = table["time"].dtype
    if kind == polars.String:
        return bool(table["time"].str.contains(r"(Z|[+-]\d{2}:?\d{2})\s*$").any())
    return isinstance(kind, polars.Datetime) and kind.time_zone is not None


def _forecasts(
    table: DataFrame, variables: list[str], file: str, zone: str | None
) -> list[WeatherForecast]:
    """One forecast for each moment of issue, in order; gaps within one are nan."""
    if "issued" not in table.columns:
        instead = "add a column 'issued': when the forecast of a row became known"
        raise InputError(Problem("forecasts without 'issued'", where=file, instead=instead))
    held = table.drop_nulls(["issued"])
    times, issued = (read_stamps(held[name], zone).seconds for name in TIMES)
    late = issued > times
    if late.any():
        shown = Stamps(times, times.astype("M8[s]"), 0).shown(int(np.argmax(late)))
        what = f"the forecast for {shown} was issued after it"
        raise InputError(Problem(what, where=file, instead="correct 'issued', or leave it empty"))
    values = {name.removeprefix(FORECAST): column(held, name, "time") for name in variables}
    step = int(np.min(np.diff(np.unique(times)), initial=900))
    return [
        _one(
            int(when),
            times[issued == when],
            step,
            {k: v[issued == when] for k, v in values.items()},
        )
        for when in np.unique(issued)
    ]


def _one(
    issued: int, times: NDArray[np.int64], step: int, values: dict[str, Floats]
) -> WeatherForecast:
    first = int(times.min())
    place = (times - first) // step
    laid = {name: np.full(int(place.max()) + 1, np.nan) for name in values}
    for name, given in values.items():
        laid[name][place] = given
    moment = [utc(np.datetime64(each, "s")) for each in (issued, first)]
    return WeatherForecast(moment[0], moment[1], timedelta(seconds=step), laid)
