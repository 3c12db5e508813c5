"""Series of many devices: equal ones are stored once, and joined without being unrolled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.solve.fleet.tables import CONSTANTS, SERIES, Fleet, Rows


def combined(formula: Callable[..., Floats], *parts: Rows) -> Rows:
    """``formula`` of the series of each device, worked out once for each combination of rows.

    It is given tables (combinations, T) and answers one.
    """
    key = np.zeros(len(parts[0].row), dtype=np.int64)
    for part in parts:
        key = key * len(part.table) + part.row
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    table = formula(*(part.table[part.row[first]].astype(np.float64) for part in parts))
    return Rows(table, row.astype(np.int32))


def of_pattern(formula: Callable[..., Floats], *constants: ArrayLike) -> Rows:
    """``formula`` of constants of each device, worked out once for each combination of them.

    It is given columns (combinations, 1) and answers (combinations, T).
    """
    given = np.column_stack(np.broadcast_arrays(*constants)).astype(np.float64)
    found, row = np.unique(given, axis=0, return_inverse=True)
    return Rows(formula(*(column[:, None] for column in found.T)), row.ravel().astype(np.int32))


def joined(parts: Sequence[Fleet]) -> Fleet:
    """The devices of several fleets of equal steps, one fleet after the other."""
    found: dict[str, object] = {}
    for name in SERIES:
        rows: list[Rows] = [getattr(part, name) for part in parts]
        firsts = np.cumsum([0, *(len(each.table) for each in rows)])
        table = np.concatenate([each.table for each in rows])
        row = np.concatenate([e.row + first for e, first in zip(rows, firsts, strict=False)])
        found[name] = Rows(table, row.astype(np.int32))
    for name in CONSTANTS:
        found[name] = np.concatenate([getattr(part, name) for part in parts])
    assert {field.name for field in fields(Fleet)} == {*found, "hours"}
    return Fleet(**found, hours=parts[0].hours)  # type: ignore[arg-type]
