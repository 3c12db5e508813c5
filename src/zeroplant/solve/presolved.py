"""What HiGHS's presolve leaves of a linear programme, and the way back from an answer of that.

HiGHS presolves whatever it solves; done apart, another form can stand between what presolve leaves
and the method that solves it.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array

from zeroplant.axis import Floats
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import Layout, MatrixProgram

SMALLEST = 1e-12
"""The least that HiGHS lets count as an entry. By its own choice (1e-9) it drops what is smaller
without a word: a year's rule sums up hours, and what each adds to it, scaled, may be that little.
"""
_FINE = {
    highspy.HighsPresolveStatus.kNotReduced,
    highspy.HighsPresolveStatus.kReduced,
    highspy.HighsPresolveStatus.kReducedToEmpty,
}


class Presolved:
    """A linear programme as presolve leaves it; rows and columns that stay keep their order."""

    def __init__(self, program: MatrixProgram) -> None:
        self.original = HighsModel(program, presolve="on", small_matrix_value=SMALLEST)
        self.original.highs.presolve()
        self.fine = self.original.highs.getModelPresolveStatus() in _FINE
        """Whether presolve found no contradiction."""
        self.program = _as_program(self.original.highs.getPresolvedLp())

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was where what is left has these."""
        left = self.program
        found = highspy.HighsSolution()
        found.col_value, found.row_value = x, left.matrix @ x
        found.col_dual, found.row_dual = left.cost - left.matrix.T @ row_dual, row_dual
        found.value_valid = found.dual_valid = True
        # A row that became a bound takes its column's price only where that is above the tolerance;
        # a price left behind would prove nothing.
        self.original.highs.setOptionValue("dual_feasibility_tolerance", 1e-10)
        self.original.highs.postsolve(found)
        whole = self.original.highs.getSolution()
        return np.array(whole.col_value), np.array(whole.row_dual)


def _as_program(lp: highspy.HighsLp) -> MatrixProgram:
    table = lp.a_matrix_
    rows, columns = lp.num_row_, lp.num_col_
    entries = (np.array(table.value_), np.array(table.index_), np.array(table.start_))
    return MatrixProgram(
        cost=np.array(lp.col_cost_),
        lower=np.array(lp.col_lower_),
        upper=np.array(lp.col_upper_),
        matrix=csc_array(entries, shape=(rows, columns)),
        row_lower=np.array(lp.row_lower_),
        row_upper=np.array(lp.row_upper_),
        integer=np.zeros(columns, dtype=bool),
        offset=lp.offset_,
        layout=Layout(1, rows, {}, {}, rows),
    )
