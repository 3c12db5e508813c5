"""HiPO, the interior-point method of HiGHS, for long linear plants.

Where a year of hours has storages and sizes to choose, HiGHS's simplex method walks for minutes
along corners that cost nearly the same: 162 s for the county base, of which HiPO takes a tenth. It
ends in the middle of the optimal answers without looking for a corner; that search (crossover)
would take longer than the answer itself.
"""

from __future__ import annotations

import highspy

from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import MatrixProgram

OPTIONS: dict[str, int | str] = {
    "run_crossover": "off",
    # Sizes stand in thousands of rows, which makes the normal equations dense; to try them beside
    # the augmented system, as HiGHS does if it may choose, takes a third of the whole time.
    "hipo_system": "augmented",
    # HiGHS sees all quantities 2^10 times as large: its tolerances are absolute. Without it, rows
    # of a home fleet's year are off by 9e-5 where our check allows 1e-6.
    "user_bound_scale": 10,
}


def solve_hipo(program: MatrixProgram, deadline: float | None) -> Answer | None:
    """An optimal answer of a linear programme that survives the independent check, or None.

    None as well where this installation of HiGHS came without HiPO (``highspy[extras]``).
    """
    model = HighsModel(program, **OPTIONS)
    if model.highs.setOptionValue("solver", "hipo") != highspy.HighsStatus.kOk:
        return None
    answer = model.solve(deadline=deadline)
    if answer.status != "optimal" or check(program, answer).failures():
        return None
    answer.solver = "highs (hipo)"
    return answer
