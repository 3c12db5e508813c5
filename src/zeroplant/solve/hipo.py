"""HiPO, the interior-point method of HiGHS, for long linear plants.

Where a year of hours has storages and sizes to choose, HiGHS's simplex method walks for minutes
along corners that cost nearly the same: 162 s for the county base, of which HiPO takes a tenth. It
ends in the middle of the optimal answers without looking for a corner; that search (crossover)
would take longer than the answer itself.

It works on the scaled standard form of the staged solver, of which HiGHS's presolve takes out what
it can, and whose sizes then are spread over time.
"""

from __future__ import annotations

import time

import highspy

from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.presolved import Presolved
from zeroplant.solve.spread import ordered, spread
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.restore import Restorer
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

OPTIONS: dict[str, int | float | str] = {
    "run_crossover": "off",
    # With spread sizes the normal equations are sparse, and smaller than the augmented system.
    "hipo_system": "normaleq",
    "presolve": "off",
    # As far as HiGHS itself asks of an answer. The last digit beyond costs a river's eight weeks
    # five iterations of 45 that get nowhere, rounding being what it is.
    "ipm_optimality_tolerance": 1e-7,
    # HiPO looks for quantities of a usual size near 2^6 rather than near one: that saves the
    # county base 7 iterations of 52.
    "user_bound_scale": 6,
}
TOGETHER = 6
"""Stages that share a copy of each size. Three cost the county base's year as much processor time,
one or twelve about half as much again."""


def solve_hipo(program: Program, matrix: MatrixProgram, deadline: float | None) -> Answer | None:
    """An optimal answer of a linear programme that survives the independent check, or None.

    ``matrix`` is the programme as `assemble` lays it out, maybe with other prices. None as well
    where this installation of HiGHS came without HiPO (``highspy[extras]``).
    """
    begin = time.perf_counter()
    try:
        form, origin = standardise(program, matrix)
    except Declined:
        return None
    form, scales = scaled(form)
    whole = ordered(form)
    left = Presolved(whole.program)
    if not left.fine:
        return None
    chained = spread(left.program, -(-program.stages // TOGETHER))
    model = HighsModel(chained.program, **OPTIONS)
    if model.highs.setOptionValue("solver", "hipo") != highspy.HighsStatus.kOk:
        return None
    rest = None if deadline is None else max(0.0, deadline - (time.perf_counter() - begin))
    found = model.solve(deadline=rest)
    if found.status != "optimal":
        return None
    point = whole.point(*left.back(*chained.back(found.x, found.row_dual)))
    answer = Restorer(matrix, origin, scales).answer(point, found.iterations)
    if check(matrix, answer).failures():
        return None
    answer.solver, answer.seconds = "highs (hipo)", time.perf_counter() - begin
    return answer
