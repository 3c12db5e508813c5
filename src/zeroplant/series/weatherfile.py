"""Weather files: EPW, TMY3 and PVGIS typical years, and plain tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.errors import InputError, Problem
from zeroplant.series.filed import FileSeries
from zeroplant.series.fit import slot_of_year
from zeroplant.series.table import read_table

if TYPE_CHECKING:
    from pandas import DataFrame

Source = Literal["epw", "tmy3", "pvgis", "table"]

BOUNDS = {
    # column: (lowest, highest) that weather on Earth can be; codes for "missing" lie outside
    "ghi": (-20.0, 2000.0),
    "dni": (-20.0, 2000.0),
    "dhi": (-20.0, 2000.0),
    "temp_air": (-90.0, 70.0),
    "wind_speed": (0.0, 120.0),
    "pressure": (30_000.0, 120_000.0),
}
"""EPW writes 9999 for missing irradiance, 99.9 °C, 999 m/s and 999999 Pa (EnergyPlus Auxiliary
Programs, Weather Converter); TMY3 writes -9900 and -9990."""


def read_weather(
    path: str | Path, axis: Axis, source: Source = "epw", *, zone: str | None = None
) -> dict[str, Floats]:
    """Weather on an axis: ghi, dni, dhi [W/m2], temp_air [°C], wind_speed [m/s], pressure [Pa].

    Typical years are stitched from months of many years, so they are matched by month, day and
    hour on the file's own fixed clock; 29 February is a copy of the 28th. Values hold through
    their hour; longer periods have the mean. Irradiance of EPW and TMY3 is that of the hour their
    stamp ends; a temperature or wind speed is that at the stamp, so up to an hour late, and of
    PVGIS every value is an instant of its hour. A ``table`` is a CSV or Parquet file of the plan's
    own days with columns of these names and units (``pressure`` may be absent); ``zone`` is the
    clock of its stamps. Arrays have shape (stages,). Raises InputError.
    """
    if source == "table":
        return _from_table(Path(path), axis, zone)
    if not Path(path).is_file():
        instead = "paths start at the plant file's folder"
        raise InputError(Problem(f"{path}: no such file", instead=instead))
    try:
        data, offset = _READERS[source](str(path))
        columns = {name: data[name].to_numpy(dtype=float) for name in BOUNDS}
    except Exception:  # a file of another kind breaks the readers in many ways
        what = f"{path}: cannot be read as {source.upper()}"
        raise InputError(Problem(what, instead="check 'source' and the file")) from None
    moments = data.index.tz_localize(None).to_numpy().astype("M8[s]").astype(np.int64)
    slots = slot_of_year(moments)[0] // 3600
    problems = _problems(columns, slots, str(path))
    if problems:
        raise InputError(problems)
    return {
        name: axis.tile(_fitted(values, slots, axis, offset)) for name, values in columns.items()
    }


def _epw(path: str) -> tuple[DataFrame, int]:
    """EPW: pvlib numbers hours 1 to 24 from 0, so its stamps are the starts of the hours."""
    from pvlib.iotools import read_epw

    data, meta = read_epw(path)
    return data.rename(columns={"atmospheric_pressure": "pressure"}), round(meta["TZ"] * 3600)


def _tmy3(path: str) -> tuple[DataFrame, int]:
    """TMY3: pvlib keeps the stamps, which are the ends of the hours; pressure is in mbar."""
    from pandas import Timedelta
    from pvlib.iotools import read_tmy3

    data, meta = read_tmy3(path, map_variables=True)
    data.index = data.index - Timedelta(hours=1)
    return data.assign(pressure=data["pressure"] * 100.0), round(meta["TZ"] * 3600)


def _pvgis(path: str) -> tuple[DataFrame, int]:
    """PVGIS: stamps are in UTC and name the hour their values lie in."""
    from pvlib.iotools import read_pvgis_tmy

    data, _ = read_pvgis_tmy(path, map_variables=True)
    return data, 0


_READERS: dict[str, Callable[[str], tuple[Any, int]]] = {
    "epw": _epw,
    "tmy3": _tmy3,
    "pvgis": _pvgis,
}


def _fitted(values: Floats, slots: Ints, axis: Axis, offset: int) -> Floats:
    """Values of an hourly year of 8,760 on the axis: held within the hour, averaged over more."""
    year = np.empty(8760)
    year[slots] = values
    wide, start = round(axis.hours * 3600), axis.times.astype(np.int64) + offset
    within_one_hour = 3600 % wide == 0 and start[0] % wide == 0
    parts = 1 if within_one_hour else max(1, round(axis.hours * 4))
    moments = start[:, None] + np.arange(parts) * wide // parts
    found = year[slot_of_year(moments)[0] // 3600]
    first: Floats = found[:, 0]
    return np.where((found == first[:, None]).all(axis=1), first, found.mean(axis=1))


def _problems(columns: dict[str, Floats], slots: Ints, path: str) -> list[Problem]:
    """Hours that are not there once each, and values that cannot be."""
    problems = []
    counts = np.bincount(slots, minlength=8760)
    if (counts != 1).any():
        missing, double = int((counts == 0).sum()), int((counts > 1).sum())
        what = f"{path}: of the year's 8,760 hours {missing} are missing and {double} double"
        problems.append(Problem(what))
    for name, values in columns.items():
        low, high = BOUNDS[name]
        wrong = ~((values >= low) & (values <= high))
        if wrong.any():
            what = f"{path}: {int(wrong.sum())} values of {name} are missing or impossible"
            first = int(np.argmax(wrong)) + 1
            problems.append(Problem(f"{what}; the first is {values[first - 1]:g} in row {first}"))
    return problems


def _from_table(path: Path, axis: Axis, zone: str | None) -> dict[str, Floats]:
    """Columns of a table of the plan's own days."""
    there = read_table(path).columns
    names = [name for name in BOUNDS if name in there or name != "pressure"]
    found: dict[str, Floats] = {}
    problems: list[Problem] = []
    for name in names:
        low, high = BOUNDS[name]
        series = FileSeries(
            path.name, name, zone=zone, mean=True, folder=path.parent, lowest=low, highest=high
        )
        problems += series.problems(axis)
        if not problems:
            found[name] = series.on(axis)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found
