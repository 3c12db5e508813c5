"""Two soft limits on one quantity, from above and from below, put together as one soft range.

A river may rise and fall only so fast, and pays where it must: d − s ≤ a and −d − t ≤ b, each an
equation with a slack. Never are both broken, so −b ≤ d − s + t ≤ a says as much with a row and a
column less: d − s + t + w = a, 0 ≤ w ≤ a + b.
"""

from __future__ import annotations

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
        self.above, self.below, soft, slack = _pairs(program, table)
        self.beyond = table.indices[soft[self.below]]
        self.gives = table.data[soft[self.below]]
        self.slack_above, self.slack_below = table.indices[slack[[self.above, self.below]]]
        self.unit_above, self.unit_below = table.data[slack[[self.above, self.below]]]
        self.row_stays = np.ones(table.shape[0], bool)
        self.column_stays = np.ones(table.shape[1], bool)
        self.row_stays[self.below] = self.column_stays[self.slack_below] = False
        self.program = self._joined(table, soft[self.below])

    def _joined(self, table: csr_array, moved: Ints) -> MatrixProgram:
        p, stays, count = self.original, self.column_stays, int(self.row_stays.sum())
        row, value = _row_of_entries(table), table.data.copy()
        row[moved], value[moved] = self.above, -self.gives
        whole = coo_array((value, (row, table.indices)), shape=table.shape).tocsr()
        upper = p.upper.copy()
        upper[self.slack_above] = self._width() / self.unit_above
        return MatrixProgram(
            cost=p.cost[stays],
            lower=p.lower[stays],
            upper=upper[stays],
            matrix=csc_array(whole[self.row_stays][:, stays]),
            row_lower=p.row_lower[self.row_stays],
            row_upper=p.row_upper[self.row_stays],
            integer=p.integer[stays],
            offset=p.offset,
            layout=Layout(1, count, {}, {}, count),
        )

    def _width(self) -> Floats:
        return self.original.row_upper[self.above] + self.original.row_upper[self.below]

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        whole, dual = np.zeros(len(self.column_stays)), np.zeros(len(self.row_stays))
        whole[self.column_stays], dual[self.row_stays] = x, row_dual
        within = self.unit_above * whole[self.slack_above]
        low = -self.gives * whole[self.beyond]
        # By how much the limit below is broken, that far from the one above lies the quantity.
        whole[self.slack_above] = (within + low) / self.unit_above
        whole[self.slack_below] = 0.0
        activity = (self.original.matrix @ whole)[self.below]
        whole[self.slack_below] = (self.original.row_upper[self.below] - activity) / self.unit_below
        pressed = dual[self.above]
        dual[self.above], dual[self.below] = np.minimum(pressed, 0.0), -np.maximum(pressed, 0.0)
        return whole, dual


def _pairs(program: MatrixProgram, table: csr_array) -> tuple[Ints, Ints, Ints, Ints]:
    """Rows above and below; by row the place of its entry that breaks it, and that of its slack."""
    rows, columns = table.shape
    row, column, value = _row_of_entries(table), table.indices, table.data
    alone = (np.bincount(column, minlength=columns) == 1)[column]
    begins = alone & (program.lower[column] == 0.0) & np.isposinf(program.upper[column])
    priced = program.cost[column]
    soft = _only(row, begins & (value < 0.0) & (priced > 0.0), rows)
    slack = _only(row, begins & (value > 0.0) & (priced == 0.0), rows)
    limit = (program.row_lower == program.row_upper) & (program.row_upper >= 0.0)
    limit &= (soft >= 0) & (slack >= 0) & (np.bincount(row[alone], minlength=rows) == 2)
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
    return one[good], other[good], soft, slack


def _only(row: Ints, which: Bools, rows: int) -> Ints:
    """The place of each row's only entry of those; −1 where it has none or more."""
    place = np.full(rows, -1)
    place[row[which]] = np.flatnonzero(which)
    place[np.bincount(row[which], minlength=rows) != 1] = -1
    return place


def _row_of_entries(table: csr_array) -> Ints:
    return np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
