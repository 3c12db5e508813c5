"""Parts of sparse matrices, taken in one pass and without zeros stored, which pass for entries."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array, csr_array

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged.form import Bools, Index


def picked(
    table: csr_array,
    rows: Bools | None = None,
    columns: Bools | None = None,
    factor: Floats | None = None,
) -> csr_array:
    """Some rows and columns of a table (None: all), times factors of its columns."""
    height, width = table.shape
    rows = np.ones(height, dtype=bool) if rows is None else rows
    columns = np.ones(width, dtype=bool) if columns is None else columns
    factor = np.ones(width) if factor is None else factor
    table.sort_indices()
    number = _numbers(columns)
    arrays = _picked(table.indptr, table.indices, table.data, rows, number, factor)
    return _table(arrays, int(rows.sum()), int(columns.sum()))


def turned(
    table: csc_array, rows: Bools, slacks: Ints, columns: Bools, factor: Floats
) -> csr_array:
    """Some rows of a table, with a slack of −1 in those of ``slacks``; of that some columns.

    ``slacks`` are counted in the rows taken; their columns stand last. Columns and slacks are
    multiplied by their factors.
    """
    number, height = _numbers(columns), int(rows.sum())
    arrays = _turned(
        table.indptr, table.indices, table.data, _numbers(rows), slacks, number, factor, height
    )
    return _table(arrays, height, int(columns.sum()))


def by_row(factor: Floats | Bools, table: csr_array) -> csr_array:
    """A table times factors of its rows."""
    data = table.data * np.repeat(factor, np.diff(table.indptr))
    return csr_array((data, table.indices, table.indptr), shape=table.shape)


def _numbers(which: Bools) -> Ints:
    """The how-manieth each one is of those that are meant; −1 for the others."""
    return np.where(which, np.cumsum(which) - 1, -1)


def _table(arrays: tuple[Index, Index, Floats], height: int, width: int) -> csr_array:
    start, item, data = arrays
    return csr_array((data, item, start), shape=(height, width))


@njit(cache=True, nogil=True)
def _picked(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, data: Floats, rows: Bools, number: Ints, factor: Floats
) -> tuple[Index, Index, Floats]:
    height, count = 0, 0
    for row in range(len(rows)):
        if rows[row]:
            height += 1
            for at in range(start[row], start[row + 1]):
                count += number[item[at]] >= 0 and data[at] * factor[item[at]] != 0.0
    starts, items, values = (
        np.zeros(height + 1, start.dtype),
        np.empty(count, item.dtype),
        np.empty(count),
    )
    to, height = 0, 0
    for row in range(len(rows)):
        if rows[row]:
            for at in range(start[row], start[row + 1]):
                value = data[at] * factor[item[at]]
                if number[item[at]] >= 0 and value != 0.0:
                    items[to], values[to] = number[item[at]], value
                    to += 1
            height += 1
            starts[height] = to
    return starts, items, values


@njit(cache=True, nogil=True)
def _turned(  # noqa: PLR0912, PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, data: Floats, rows: Ints, slacks: Ints, number: Ints, factor: Floats,
    height: int,
) -> tuple[Index, Index, Floats]:  # fmt: skip
    width = len(start) - 1
    starts = np.zeros(height + 2, start.dtype)
    for column in range(width):
        if number[column] >= 0:
            for at in range(start[column], start[column + 1]):
                if rows[item[at]] >= 0 and data[at] != 0.0:
                    starts[rows[item[at]] + 2] += 1
    for one in range(len(slacks)):
        if number[width + one] >= 0:
            starts[slacks[one] + 2] += 1
    for row in range(height):
        starts[row + 2] += starts[row + 1]
    items, values = np.empty(starts[height + 1], item.dtype), np.empty(starts[height + 1])
    for column in range(width):
        if number[column] >= 0:
            for at in range(start[column], start[column + 1]):
                row = rows[item[at]]
                if row >= 0 and data[at] != 0.0:
                    to = starts[row + 1]
                    starts[row + 1] += 1
                    items[to], values[to] = number[column], data[at] * factor[column]
    for one in range(len(slacks)):
        if number[width + one] >= 0:
            to = starts[slacks[one] + 1]
            starts[slacks[one] + 1] += 1
            items[to], values[to] = number[width + one], -factor[width + one]
    return starts[:-1], items, values
