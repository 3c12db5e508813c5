"""The time column of a table: which one it is, and what moments it names."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Ints
from zeroplant.errors import InputError, Problem
from zeroplant.series.zones import CURE, agree, fixed_offset, offsets, show

if TYPE_CHECKING:
    from polars import DataFrame, Series

_FORM = (
    r"^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0*)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$"
)
_EXAMPLE = "2025-01-01 00:00"


@dataclass(frozen=True)
class Stamps:
    """Starts of periods: ``seconds`` since 1970 in UTC, and as ``written`` in the file.

    ``offset`` is the difference of the file's clock from UTC at the first stamp, in seconds.
    """

    seconds: Ints
    written: NDArray[np.datetime64]
    offset: int

    def __getitem__(self, chosen: Ints | NDArray[np.bool_]) -> Stamps:
        """Some of the stamps."""
        return Stamps(self.seconds[chosen], self.written[chosen], self.offset)

    def shown(self, index: int, *, later: int = 0) -> str:
        """A stamp as written (``later``: so many seconds after it)."""
        return show(self.written[index] + np.timedelta64(later, "s"))


def time_column(table: DataFrame, name: str | None) -> str:
    """Name of the time column: the one given, ``time``, or the only one that holds times."""
    if name is not None and name not in table.columns:
        near = get_close_matches(name, table.columns, n=1)
        instead = f"did you mean '{near[0]}'?" if near else ""
        raise InputError(Problem(f"no time column '{name}'", instead=instead))
    if name is not None or "time" in table.columns:
        return name or "time"
    found = [each for each in table.columns if _holds_times(table[each])]
    if len(found) != 1:
        what = "there are several time columns" if found else "no time column"
        names = ", ".join(found or table.columns[:12])
        raise InputError(Problem(what, instead=f"name one with 'time': {names}"))
    return found[0]


def _holds_times(series: Series) -> bool:
    """Whether a column is one of times by its type or, for text, its first entry."""
    import polars

    if series.dtype == polars.String:
        return bool(series.drop_nulls().head(1).str.contains(_FORM).any())
    return series.dtype in (polars.Datetime, polars.Date)


def read_stamps(series: Series, zone: str | None) -> Stamps:
    """Moments of a time column; ``zone`` for stamps that carry none.

    Raises InputError for stamps that cannot be read, a zone that is unknown, missing or given
    twice, and hours that a daylight saving change skips or doubles.
    """
    import polars

    offset: Ints | None = None
    if series.dtype == polars.String:
        local, offset = _parsed(series)
    elif isinstance(series.dtype, polars.Datetime) and series.dtype.time_zone:
        local = series.dt.replace_time_zone(None).to_numpy().astype("M8[s]")
        utc = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy()
        offset = (local - utc.astype("M8[s]")).astype(np.int64)
    elif series.dtype in (polars.Datetime, polars.Date):
        local = series.to_numpy().astype("M8[s]")
    else:
        what = f"the time column '{series.name}' holds no times"
        raise InputError(Problem(what, instead=f"write them as {_EXAMPLE}"))
    empty = np.isnat(local)
    if not local.size:
        raise InputError(Problem("the file has no rows", instead="give one for each period"))
    if empty.any():
        rows = "1 row" if empty.sum() == 1 else f"{int(empty.sum())} rows"
        what = f"{rows} without a time, the first is row {int(np.argmax(empty)) + 1}"
        raise InputError(Problem(what, instead="write the start of a period in every row"))
    if offset is None:
        offset = offsets(local, zone)
    elif zone is not None and not agree(local, offset, zone):
        what = f"the stamps carry offsets that are not those of {zone}"
        raise InputError(Problem(what, instead="leave out 'zone', or correct it"))
    return Stamps(local.astype(np.int64) - offset, local, int(offset[0]))


def _parsed(series: Series) -> tuple[NDArray[np.datetime64], Ints | None]:
    """Local stamps of a text column, with their offsets if they carry them."""
    import polars

    parts = series.str.extract_groups(_FORM).struct.unnest()
    parts.columns = ["y", "m", "d", "h", "n", "s", "z"]
    pad = [polars.col(c).fill_null("0").str.zfill(2) for c in "mdhns"]
    line = polars.format("{}-{}-{} {}:{}:{}", polars.col("y"), *pad)
    moments = parts.select(line.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)).to_series()
    bad = moments.is_null() & series.is_not_null()
    if bad.any():
        first = series.filter(bad)[0]
        raise InputError(Problem(f"'{first}' is not a time", instead=f"write it as {_EXAMPLE}"))
    local, zones = moments.to_numpy().astype("M8[s]"), parts["z"]
    if zones.null_count() == zones.len():
        return local, None
    if zones.null_count() > series.null_count():
        raise InputError(Problem("some stamps carry an offset and some do not", instead=CURE))
    known = {text: fixed_offset(text) for text in zones.drop_nulls().unique()}
    return local, np.array([known.get(text, 0) for text in zones], dtype=np.int64)
