"""Facts of a table of entries, gathered in one pass over it each.

Tables have tens of millions of entries. An expression of array operations would write as many
numbers down at every step, and fresh memory costs more than what is reckoned in it. Tables are
given as the arrays of a ``csr_array``: ``start`` of each row, ``item`` (the columns), ``data``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged.form import Bools, Index

Numbers = NDArray[Any]

FAR = np.iinfo(np.int64).max
"""Where the first stage of what has none is."""


@njit(cache=True, nogil=True)
def rows_of(start: Index, item: Index) -> Index:
    """The row of each entry, in as many bytes as its column."""
    row = np.empty_like(item)
    for one in range(len(start) - 1):
        row[start[one] : start[one + 1]] = one
    return row


@njit(cache=True, nogil=True)
def span(start: Index, item: Index, stage: Ints, which: Bools) -> tuple[Ints, Ints]:
    """First and last stage of the columns of rows that are meant; (FAR, −1) if none has one."""
    first, last = np.full(len(start) - 1, FAR), np.full(len(start) - 1, -1)
    for row in range(len(start) - 1):
        if which[row]:
            for at in range(start[row], start[row + 1]):
                here = stage[item[at]]
                if here >= 0:
                    first[row] = min(first[row], here)
                    last[row] = max(last[row], here)
    return first, last


@njit(cache=True, nogil=True)
def widen(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, low: Numbers, high: Numbers, first: Numbers, last: Numbers
) -> None:
    """Let ``first`` and ``last`` of every column reach from the lows to the highs of its rows."""
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            column = item[at]
            first[column] = min(first[column], low[row])
            last[column] = max(last[column], high[row])


@njit(cache=True, nogil=True)
def farthest(start: Index, item: Index, row_stage: Ints, stage: Ints, periods: int) -> int:
    """How many stages back in its chain a row looks, at most."""
    far = 0
    for row in range(len(start) - 1):
        here = row_stage[row]
        if here < 0:
            continue
        for at in range(start[row], start[row + 1]):
            there = stage[item[at]]
            if 0 <= there != here:
                far = max(far, (here - there) % periods)
    return far


@njit(cache=True, nogil=True)
def meetings(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, data: Floats, rows: Ints, columns: Ints, result: Floats
) -> None:
    """The largest entry of each kind of rows at each kind of columns; a kind of −1 is not meant."""
    for row in range(len(start) - 1):
        if rows[row] >= 0:
            of_row = result[rows[row]]
            for at in range(start[row], start[row + 1]):
                column = columns[item[at]]
                if column >= 0:
                    of_row[column] = max(of_row[column], abs(data[at]))


@njit(cache=True, nogil=True)
def weighed(
    start: Index, item: Index, data: Floats, factor: Floats, which: Bools
) -> tuple[Floats, Floats]:
    """Largest and sum of the entries times factors of their columns, in rows that are meant."""
    largest, total = np.zeros(len(start) - 1), np.zeros(len(start) - 1)
    for row in range(len(start) - 1):
        if which[row]:
            for at in range(start[row], start[row + 1]):
                size = abs(data[at] * factor[item[at]])
                largest[row] = max(largest[row], size)
                total[row] += size
    return largest, total


@njit(cache=True, nogil=True)
def summed(start: Index, item: Index, data: Floats, factor: Floats, columns: int) -> Floats:
    """The sum of each column's entries times factors of their rows."""
    total = np.zeros(columns)
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            total[item[at]] += abs(data[at] * factor[row])
    return total


@njit(cache=True, nogil=True)
def largest(start: Index, item: Index, data: Floats, factor: Floats, columns: int) -> Floats:
    """The largest of each column's entries times factors of their rows."""
    result = np.zeros(columns)
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            result[item[at]] = max(result[item[at]], abs(data[at] * factor[row]))
    return result


@njit(cache=True, nogil=True)
def alone(start: Index, item: Index, stage: Ints) -> tuple[Ints, Ints]:
    """Columns without a stage that have one entry, rising, and the row of each."""
    count, row_of = np.zeros(len(stage), dtype=np.int64), np.zeros(len(stage), dtype=np.int64)
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            if stage[item[at]] < 0:
                count[item[at]] += 1
                row_of[item[at]] = row
    column = np.flatnonzero(count == 1)
    return column, row_of[column]


@njit(cache=True, nogil=True)
def times(start: Index, item: Index, data: Floats, row: Floats, column: Floats) -> Floats:
    """The entries times factors of their rows and columns."""
    result = np.empty_like(data)
    for one in range(len(start) - 1):
        for at in range(start[one], start[one + 1]):
            result[at] = data[at] * row[one] * column[item[at]]
    return result


def counted(values: Ints) -> tuple[Ints, int]:
    """Values ≥ 0 renamed 0, 1, … in their order, and how many different ones there are."""
    seen = np.zeros(int(values.max(initial=-1)) + 1, dtype=bool)
    seen[values] = True
    return (np.cumsum(seen) - 1)[values], int(seen.sum())
