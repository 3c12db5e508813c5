"""HiPO, the interior-point method of HiGHS, for long linear plants.

Where a year of hours has storages and sizes to choose, HiGHS's simplex method walks for minutes
along corners that cost nearly the same: 162 s for the county base, of which HiPO takes a tenth. It
ends in the middle of the optimal answers without looking for a corner; that search (crossover)
would take longer than the answer itself.

It works on the scaled standard form of the staged solver. Caps that take turns share a row,
equations with a slack become limits, soft limits from above and below ranges, and HiGHS's presolve
takes out what it can. What is left is cut into parts that know nothing of each other, and in each
part sizes are spread over time. Where the answer does not show that caps take turns, each gets its
own row again.
"""

from __future__ import annotations

import time
from functools import partial

import highspy
import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.answer import Answer
from zeroplant.solve.caps import each, taking_turns
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.highs_threads import allowed, apart
from zeroplant.solve.kept_memory import kept_memory
from zeroplant.solve.parts import parts
from zeroplant.solve.presolved import SMALLEST, Presolved
from zeroplant.solve.ranges import Ranges
from zeroplant.solve.slackless import Slackless
from zeroplant.solve.spread import Ordered, ordered, spread
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.point import Point
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
    "small_matrix_value": SMALLEST,
    # Half of what the check allows. The digit beyond costs the zero-carbon park's year nine more of
    # 132 iterations that get nowhere. HiPO ends only where HiGHS's own measure, the second of
    # these, agrees.
    "ipm_optimality_tolerance": 5e-7,
    "optimality_tolerance": 5e-7,
    # HiPO looks for quantities of a usual size well above one. At 2^6 the zero-carbon park's year
    # comes to a halt at a gap of 1e-3; at 2^14 it is solved, and others take as long as at 2^6.
    "user_bound_scale": 14,
    # With money counted four times less, a plant keeps its rules early on: 41 steps instead of 58
    # for the county base, 84 instead of 92 for the zero-carbon park.
    "user_objective_scale": -2,
}
TOGETHER = 6
"""Stages that share a copy of each size. The county base's year takes 39 steps with six of them, 56
with four, 76 with eight and 73 with twelve; the hydro corridor's 41 with four to eight."""
LIGHT = 20
"""Rows in a stage up to which rows are eliminated in the order of least degree (amd), above that in
that of nested dissection (metis). Plants of 5 to 12 rows need a tenth to a sixth less work by least
degree, and up to a fifth less time; the swap corridor and the zero-carbon park, of 30 rows, five
times and two and a half times as much work. HiPO would work out both and take metis for each.
"""


def solve_hipo(program: Program, matrix: MatrixProgram, deadline: float | None) -> Answer | None:
    """An optimal answer of a linear programme that survives the independent check, or None.

    ``matrix`` is the programme as `assemble` lays it out, maybe with other prices. None as well
    where this installation of HiGHS came without HiPO (``highspy[extras]``).
    """
    begin = time.perf_counter()
    if deadline is not None and deadline <= 0.0:
        return None
    try:
        form, origin = standardise(program, matrix)
    except Declined:
        return None
    form, scales = scaled(form)
    restorer, single = Restorer(matrix, origin, scales), each(form)
    joint = taking_turns(form, single)
    until = None if deadline is None else begin + deadline
    for caps in (joint, single) if len(joint.lead) < len(single.lead) else (single,):
        found = _solved(ordered(form, caps), program.stages, until)
        if found is not None:
            answer = restorer.answer(*found)
            if not restorer.failures:
                answer.solver, answer.seconds = "highs (hipo)", time.perf_counter() - begin
                return answer
    return None


def _solved(whole: Ordered, stages: int, until: float | None) -> tuple[Point, int] | None:
    """The form's point and the iterations it took, or None: no answer until then."""
    if until is not None and time.perf_counter() >= until:
        return None
    limits = Slackless(whole.program)
    fewer = Ranges(limits.program)
    left = Presolved(fewer.program)
    if not left.fine:
        return None
    found = _part_by_part(left.program, stages, until)
    if found is None:
        return None
    x, row_dual, iterations = found
    x, row_dual = fewer.back(*left.back(x, row_dual))
    return whole.point(*limits.back(x, row_dual)), iterations


def _part_by_part(
    program: MatrixProgram, stages: int, until: float | None
) -> tuple[Floats, Floats, int] | None:
    """Values, duals and iterations of the parts of a programme, sizes spread over its ``stages``.

    None where one of them has no answer by ``until``, a moment of `time.perf_counter`.
    """
    x, row_dual = np.zeros(len(program.cost)), np.zeros(len(program.row_lower))
    iterations = 0
    for part in parts(program):
        chained = spread(part.program, -(-stages // TOGETHER))
        light = len(chained.program.row_lower) <= LIGHT * stages
        order = {"hipo_ordering": "amd" if light else "metis"}
        model = HighsModel(chained.program, threads=allowed(), **OPTIONS, **order)
        if model.highs.setOptionValue("solver", "hipo") != highspy.HighsStatus.kOk:
            return None
        rest = None if until is None else max(0.0, until - time.perf_counter())
        with kept_memory():
            found = apart(partial(model.solve, deadline=rest))
        # A gap a little above HiGHS's own measure is for the check to judge.
        if found.status not in ("optimal", "feasible"):
            return None
        x[part.columns], row_dual[part.rows] = chained.back(found.x, found.row_dual)
        iterations += found.iterations
    return x, row_dual, iterations
