"""Free columns taken out of a programme, each with the equation that says what it is.

A net flow such as "filled less emptied" has no bounds and stands in two rows: put what one of them
says of it into the other, and a row and a column are gone. An interior-point method would have to
invent bounds for it.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, eye_array

from zeroplant.axis import Floats, Ints
from zeroplant.waist.matrix import Layout, MatrixProgram

CLEAR = 1e-3
"""How large an entry is beside the largest of its row, at least, to be divided by."""


class Eliminated:
    """A linear programme without its free columns of two entries; what stays keeps its order."""

    def __init__(self, program: MatrixProgram) -> None:
        self.original = program
        by_row = csr_array(program.matrix)
        free, at, other = _pairs(program)
        column = csc_array(program.matrix)[:, free]
        self.entry = _picked(column, at)
        self.ratio = _picked(column, other) / self.entry
        """Of the entry in the other row and the one in the equation."""
        self.free, self.at, self.other = free, at, other
        rows, columns = program.matrix.shape
        self.row_stays, self.column_stays = np.ones(rows, bool), np.ones(columns, bool)
        self.row_stays[at], self.column_stays[free] = False, False
        self.program = self._reduced(by_row)

    def _reduced(self, by_row: csr_array) -> MatrixProgram:
        p, rows = self.original, len(self.original.row_lower)
        less = coo_array((self.ratio, (self.other, self.at)), shape=(rows, rows))
        matrix = csr_array((eye_array(rows, format="csr") - less.tocsr()) @ by_row)
        moved, price = np.zeros(rows), np.zeros(rows)
        moved[self.other] = self.ratio * p.row_lower[self.at]
        price[self.at] = p.cost[self.free] / self.entry
        stays, count = self.column_stays, int(self.row_stays.sum())
        left = csc_array(matrix[self.row_stays][:, stays])
        left.eliminate_zeros()
        return MatrixProgram(
            cost=(p.cost - p.matrix.T @ price)[stays],
            lower=p.lower[stays],
            upper=p.upper[stays],
            matrix=left,
            row_lower=(p.row_lower - moved)[self.row_stays],
            row_upper=(p.row_upper - moved)[self.row_stays],
            integer=p.integer[stays],
            offset=p.offset + float(price[self.at] @ p.row_lower[self.at]),
            layout=Layout(1, count, {}, {}, count),
        )

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        p = self.original
        whole, dual = np.zeros(len(p.cost)), np.zeros(len(p.row_lower))
        whole[self.column_stays], dual[self.row_stays] = x, row_dual
        known = (p.matrix @ whole)[self.at]
        whole[self.free] = (p.row_lower[self.at] - known) / self.entry
        dual[self.at] = p.cost[self.free] / self.entry - self.ratio * dual[self.other]
        return whole, dual


def _pairs(program: MatrixProgram) -> tuple[Ints, Ints, Ints]:
    """Free columns of two entries, the equation that each is taken from, and its other row.

    No row is met twice, so that all can go at once.
    """
    matrix = csc_array(program.matrix)
    free = np.isneginf(program.lower) & np.isposinf(program.upper)
    found = np.flatnonzero(free & (np.diff(matrix.indptr) == 2))
    places = matrix.indptr[found][:, np.newaxis] + np.arange(2)
    rows, values = matrix.indices[places], np.abs(matrix.data[places])
    largest = np.zeros(len(program.row_lower))
    np.maximum.at(largest, matrix.indices, np.abs(matrix.data))
    clear = values / largest[rows]
    clear[(program.row_lower != program.row_upper)[rows]] = 0.0
    best, each = clear.argmax(axis=1), np.arange(len(found))
    met = np.bincount(rows.ravel(), minlength=len(largest))
    good = (clear[each, best] >= CLEAR) & (met[rows] == 1).all(axis=1)
    return found[good], rows[each, best][good], rows[each, 1 - best][good]


def _picked(column: csc_array, rows: Ints) -> Floats:
    """The entry of each column in the row given for it."""
    owner = np.repeat(np.arange(column.shape[1]), np.diff(column.indptr))
    return np.asarray(column.data[column.indices == rows[owner]])
