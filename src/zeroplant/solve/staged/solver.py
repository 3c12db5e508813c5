"""The solver's front door."""

from __future__ import annotations

import time

import numpy as np

from zeroplant.solve.answer import Answer
from zeroplant.solve.staged.method import Method
from zeroplant.solve.staged.restore import Restorer
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program


def solve_staged(
    program: Program, matrix: MatrixProgram, *, deadline: float | None = None
) -> Answer:
    """Solve a linear programme whose columns and rows are tied along time.

    ``matrix`` is the same programme as `assemble` lays it out; the answer is in its columns and
    rows. Raises Declined, saying why, for what the method does not take (whole numbers, rows
    that look far back, very many sizes and rules) and when it does not converge within
    ``deadline`` seconds; this includes programmes without an answer.
    """
    begin = time.perf_counter()
    form, origin = standardise(program, matrix)
    form, scales = scaled(form)
    method = Method(form)
    left = None if deadline is None else deadline - (time.perf_counter() - begin)
    # Numbers that run away are seen at the next point, which is then no better than the last.
    with np.errstate(all="ignore"):
        found = method.run(left)
    answer = Restorer(matrix, origin, scales).answer(found.point, found.iterations)
    answer.seconds = time.perf_counter() - begin
    return answer
