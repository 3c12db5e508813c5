"""Two soft limits on one quantity, from above and from below, put together as one soft range.

A river's release d has a most and a least, and pays where neither drought nor flood lets it keep
them: d − s ≤ a and −d − t ≤ −b, b ≤ a. Never are both broken, so b ≤ d − s + t ≤ a says as much
with a row less. A limit that nothing can break is left alone, for presolve to take out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.entries import rows_of
from zeroplant.solve.staged.form import Bools
from zeroplant.solve.staged.tables import by_row
from zeroplant.waist.matrix import Layout, MatrixProgram


class Ranges:
    """A linear programme whose pairs of soft limits are ranges; what stays keeps its order.

    Rows with nothing but a least are turned round: ``sign`` is −1 for them. ``above`` are the rows
    that stay and become ranges, ``below`` those put into them, ``times`` what a unit of these is in
    units of those.
    """

    def __init__(self, program: MatrixProgram) -> None:
        least_only = np.isfinite(program.row_lower) & np.isposinf(program.row_upper)
        self.sign = np.where(least_only, -1.0, 1.0)
        table = by_row(self.sign, csr_array(program.matrix))
        row_lower = np.where(least_only, -np.inf, program.row_lower)
        row_upper = np.where(least_only, -program.row_lower, program.row_upper)
        limits = _Limits(program, table, row_lower, row_upper)
        self.above, self.below = limits.pairs()
        self.times = limits.largest[self.above] / limits.largest[self.below]
        row_lower[self.above] = -self.times * row_upper[self.below]
        stays: Bools = np.ones(len(self.sign), bool)
        stays[self.below] = False
        self.row_stays, count = stays, int(stays.sum())
        self.program = replace(
            program,
            matrix=csc_array(self._joined(limits)[stays]),
            row_lower=row_lower[stays],
            row_upper=row_upper[stays],
            layout=Layout(1, count, {}, {}, count),
        )

    def _joined(self, limits: _Limits) -> csr_array:
        """All rows turned, with what breaks those below moved into those above."""
        row, value, moved = limits.row.copy(), limits.value.copy(), limits.soft[self.below]
        row[moved], value[moved] = self.above, -self.times * value[moved]
        return coo_array((value, (row, limits.column)), shape=limits.shared.shape).tocsr()

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        dual = np.zeros(len(self.row_stays))
        dual[self.row_stays] = row_dual
        pressed = dual[self.above]
        dual[self.above] = np.minimum(pressed, 0.0)
        dual[self.below] = -self.times * np.maximum(pressed, 0.0)
        return x, self.sign * dual


class _Limits:
    """The soft limits of a turned table: rows a z − s ≤ b with a priced s ≥ 0 of their own.

    ``row``, ``column`` and ``value`` are all entries in the order of rows; ``soft`` is by row the
    place of the entry of s, −1 where a row is no such limit or nothing can break it. ``shared`` are
    the rows without the columns of one row only and those that are known to be nothing, each over
    its ``largest`` entry.
    """

    def __init__(
        self, program: MatrixProgram, table: csr_array, row_lower: Floats, row_upper: Floats
    ) -> None:
        rows, columns = table.shape
        self.row = row = rows_of(table.indptr, table.indices)
        self.column, self.value = column, value = table.indices, table.data
        alone = (np.bincount(column, minlength=columns) == 1)[column]
        breaks = alone & (program.lower[column] == 0.0) & np.isposinf(program.upper[column])
        breaks &= (value < 0.0) & (program.cost[column] > 0.0)
        limit = np.isneginf(row_lower) & np.isfinite(row_upper)
        limit &= np.bincount(row[alone], minlength=rows) == 1
        # Columns that a row of their own gives a value.
        lower, upper = program.lower.copy(), program.upper.copy()
        given = ((np.diff(table.indptr) == 1) & (row_lower == row_upper))[row]
        lower[column[given]] = upper[column[given]] = row_upper[row[given]] / value[given]
        most = np.where(breaks, 0.0, np.maximum(value * lower[column], value * upper[column]))
        limit &= np.bincount(row, most, minlength=rows) > row_upper
        self.soft = np.full(rows, -1)
        breaks &= limit[row]
        self.soft[row[breaks]] = np.flatnonzero(breaks)
        counted = value * (~alone & ((lower != 0.0) | (upper != 0.0))[column])
        self.largest = np.zeros(rows)
        np.maximum.at(self.largest, row, np.abs(counted))
        self.largest[self.largest == 0.0] = 1.0
        self.shared = csr_array((counted / self.largest[row], column, table.indptr), table.shape)
        self.upper = row_upper / self.largest

    def pairs(self) -> tuple[Ints, Ints]:
        """Rows of limits above and below that are opposite and never broken together."""
        rows, columns = self.shared.shape
        # Opposite rows are opposite along any direction; a random one tells others apart.
        along = self.shared @ np.random.default_rng(0).standard_normal(columns)
        found = np.flatnonzero((self.soft >= 0) & (along != 0.0))
        found = found[np.argsort(np.abs(along[found]), kind="stable")]
        one, other = found[:-1], found[1:]
        near = np.abs(along[one] + along[other]) <= 1e-12 * np.abs(along[one])
        one, other = one[near], other[near]
        once = np.bincount(np.append(one, other), minlength=rows) == 1
        good = abs(self.shared[one] + self.shared[other]).sum(axis=1) == 0.0
        good &= once[one] & once[other] & (self.upper[one] + self.upper[other] >= 0.0)
        return one[good], other[good]
