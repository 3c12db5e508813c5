"""Two soft limits on one quantity, from above and from below, put together as one soft range.

A river may rise and fall only so fast, and pays where it must: d − s ≤ a and −d − t ≤ b. Never are
both broken, so −b ≤ d − s + t ≤ a says as much with a row less.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Bools
from zeroplant.waist.matrix import Layout, MatrixProgram


class Ranges:
    """A linear programme whose pairs of soft limits are ranges; what stays keeps its order.

    ``above`` are the rows that stay and become ranges, ``below`` those put into them.
    """

    def __init__(self, program: MatrixProgram) -> None:
        self.original = program
        table = csr_array(program.matrix)
        self.above, self.below, soft = _pairs(program, table)
        self.row_stays: Bools = np.ones(table.shape[0], bool)
        self.row_stays[self.below] = False
        self.program = self._joined(table, soft[self.below])

    def _joined(self, table: csr_array, moved: Ints) -> MatrixProgram:
        p, stays, count = self.original, self.row_stays, int(self.row_stays.sum())
        row, value = _row_of_entries(table), table.data.copy()
        row[moved], value[moved] = self.above, -table.data[moved]
        row_lower = p.row_lower.copy()
        row_lower[self.above] = -p.row_upper[self.below]
        whole = coo_array((value, (row, table.indices)), shape=table.shape).tocsr()
        return replace(
            p,
            matrix=csc_array(whole[stays]),
            row_lower=row_lower[stays],
            row_upper=p.row_upper[stays],
            layout=Layout(1, count, {}, {}, count),
        )

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        dual = np.zeros(len(self.row_stays))
        dual[self.row_stays] = row_dual
        pressed = dual[self.above]
        dual[self.above], dual[self.below] = np.minimum(pressed, 0.0), -np.maximum(pressed, 0.0)
        return x, dual


def _pairs(program: MatrixProgram, table: csr_array) -> tuple[Ints, Ints, Ints]:
    """Rows above and below, and by row the place of its entry that breaks it."""
    rows, columns = table.shape
    row, column, value = _row_of_entries(table), table.indices, table.data
    alone = (np.bincount(column, minlength=columns) == 1)[column]
    breaks = alone & (program.lower[column] == 0.0) & np.isposinf(program.upper[column])
    breaks &= (value < 0.0) & (program.cost[column] > 0.0)
    soft = np.full(rows, -1)
    soft[row[breaks]] = np.flatnonzero(breaks)
    limit = np.isneginf(program.row_lower) & (program.row_upper >= 0.0)
    limit &= np.isfinite(program.row_upper) & (soft >= 0)
    limit &= np.bincount(row[alone], minlength=rows) == 1
    shared = csr_array((value * ~alone, column, table.indptr), shape=table.shape)
    # Opposite rows are opposite along any direction; a random one tells others apart.
    along = shared @ np.random.default_rng(0).standard_normal(columns)
    found = np.flatnonzero(limit & (along != 0.0))
    found = found[np.argsort(np.abs(along[found]), kind="stable")]
    one, other = found[:-1], found[1:]
    near = np.abs(along[one] + along[other]) <= 1e-12 * np.abs(along[one])
    one, other = one[near], other[near]
    once = np.bincount(np.append(one, other), minlength=rows) == 1
    opposite = abs(shared[one] + shared[other]).sum(axis=1) == 0.0
    good = opposite & once[one] & once[other]
    return one[good], other[good], soft


def _row_of_entries(table: csr_array) -> Ints:
    return np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
