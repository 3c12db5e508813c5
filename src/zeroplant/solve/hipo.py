"""HiPO, the interior-point method of HiGHS, for long linear plants.

Where a year of hours has storages and sizes to choose, HiGHS's simplex method walks for minutes
along corners that cost nearly the same: 162 s for the county base, of which HiPO takes 21 s. It
ends in the middle of the optimal answers without looking for a corner; that search (crossover)
would take longer than the answer itself.
"""

from __future__ import annotations

import highspy

from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import MatrixProgram


def solve_hipo(program: MatrixProgram, deadline: float | None) -> Answer | None:
    """An optimal answer of a linear programme that survives the independent check, or None.

    None as well where this installation of HiGHS came without HiPO (``highspy[extras]``).
    """
    model = HighsModel(program, run_crossover="off")
    if model.highs.setOptionValue("solver", "hipo") != highspy.HighsStatus.kOk:
        return None
    answer = model.solve(deadline=deadline)
    if answer.status != "optimal" or check(program, answer).failures():
        return None
    answer.solver = "highs (hipo)"
    return answer
