"""What HiGHS's presolve leaves, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.presolved import SMALLEST, Presolved
from zeroplant.waist.matrix import Layout, MatrixProgram


def year(unit: float) -> MatrixProgram:
    """A rule over 8,760 hours, what is missing bought at once; the rule counts in this unit."""
    hours, hourly = 8760, np.random.default_rng(1).uniform(0.5, 1.0, 8760)
    return MatrixProgram(
        cost=np.append(np.linspace(1.0, 9.0, hours), 8e3),
        lower=np.zeros(hours + 1),
        upper=np.append(np.ones(hours), np.inf),
        matrix=csc_array(unit * np.append(hourly, 1e3)[np.newaxis]),
        row_lower=np.array([unit * 4e3]),
        row_upper=np.array([np.inf]),
        integer=np.zeros(hours + 1, dtype=bool),
        offset=0.0,
        layout=Layout(1, 1, {}, {}, 1),
    )


def test_little_entries_count() -> None:
    """*Proves:* a rule to which each hour adds 5e-10 is the rule that it is in larger numbers.
    *A wrong answer would be:* all bought at once, the hours dropped as too little to count.
    """
    little = year(2.0**-30)
    left = Presolved(little)
    found = HighsModel(left.program, small_matrix_value=SMALLEST).solve()
    x, row_dual = left.back(found.x, found.row_dual)
    found = replace(found, x=x, row_dual=row_dual)
    plain = HighsModel(year(1.0)).solve()
    assert plain.x[-1] < 1.0
    assert found.objective == pytest.approx(plain.objective, rel=1e-6)
    assert check(little, found).failures() == []
