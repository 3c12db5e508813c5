"""Tables of time series: CSV and Parquet, read once per change of the file."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from polars import DataFrame

EMPTY = ["", "NA", "N/A", "null", "NULL", "-"]
"""What an empty cell of a CSV file may look like."""


def read_table(
    path: str | Path, instead: str = "paths start at the plant file's folder"
) -> DataFrame:
    """A CSV (comma or semicolon, header in the first line, ``#`` comments) or Parquet file.

    Raises InputError when it is absent or not such a table; ``instead`` says what to write where
    it is absent and no file there is called alike.
    """
    path = Path(path)
    try:
        state = path.stat()
    except OSError:
        names = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        near = get_close_matches(path.name, names, n=1)
        instead = f"did you mean '{near[0]}'?" if near else instead
        raise InputError(Problem("no such file", instead=instead)) from None
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int) -> DataFrame:
    """The table; ``changed`` and ``size`` tell one state of the file from another."""
    import polars

    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        instead = "give a .csv or .parquet file"
        raise InputError(Problem(f"'{kind}' is not a kind of table", instead=instead))
    try:
        if kind == ".parquet":
            return polars.read_parquet(path)
        with path.open(encoding="utf-8") as file:
            head = next((line for line in file if not line.startswith("#")), "")
        separator = ";" if ";" in head and "," not in head else ","
        return polars.read_csv(
            path,
            separator=separator,
            comment_prefix="#",
            null_values=EMPTY,
            infer_schema_length=None,
        )
    except (polars.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines()[0][:100]
        raise InputError(Problem(f"cannot be read as a table ({reason})")) from None


def column(table: DataFrame, name: str | None, time: str) -> Floats:
    """A column of numbers, empty cells as NaN; without a name the only one beside the time."""
    others = [each for each in table.columns if each != time]
    listed = ", ".join(others[:12]) + (", …" if len(others) > 12 else "")
    if name is None and len(others) == 1:
        name = others[0]
    if name is None:
        what = f"the file has {len(others)} columns besides '{time}'"
        raise InputError(Problem(what, instead=f"name one with 'column': {listed}"))
    if name not in others:
        near = get_close_matches(name, others, n=1)
        instead = f"did you mean '{near[0]}'?" if near else f"there are: {listed}"
        raise InputError(Problem(f"no column '{name}'", instead=instead))
    import polars

    if not (table[name].dtype.is_numeric() or table[name].null_count() == table.height):
        texts = table[name].drop_nulls().cast(polars.String)
        first = texts.filter(texts.str.strip_chars().cast(polars.Float64, strict=False).is_null())
        shown = f"holds '{first[0][:40]}'" if len(first) else "holds text"
        what = f"the column '{name}' {shown}, which is not a number"
        raise InputError(Problem(what, instead="write plain numbers such as 1234.5"))
    floats: Floats = table[name].cast(polars.Float64).fill_null(np.nan).to_numpy()
    return floats
