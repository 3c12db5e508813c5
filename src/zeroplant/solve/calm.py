"""Of all equally good ways to run a plant, one that moves nothing for nothing.

An interior-point method ends in the middle of the optimal answers. Where curtailing is free, that
middle burns spare energy in batteries and sends it round in lines: no cost, but nobody would run
a plant so. With the sizes held, a simplex method finds a corner of the same optimum, and a
price far below anything that matters on every flow makes it the corner with the least flow.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import MatrixProgram

# The price on motion, as a share of the mean price of what has a price; and how much of the
# objective a calmer answer may cost.
MOTION = 1e-6
LOSS = 1e-8
# It is a courtesy: given up after 5 s and a tenth of what the answer itself took.
PATIENCE = (5.0, 0.1)


def calm(
    program: MatrixProgram, answer: Answer, *, flows: int, sizes: int, deadline: float | None
) -> Answer:
    """The answer with its sizes, and the least flow that is as good; else the answer itself.

    The first ``flows`` columns are flows, the last ``sizes`` columns sizes. Prices (duals) stay
    those of the answer: at an optimum any of them fit any operation.
    """
    if not flows or (deadline is not None and deadline <= 0):
        return answer
    chosen = slice(len(answer.x) - sizes, len(answer.x))
    lower, upper, cost = program.lower.copy(), program.upper.copy(), program.cost.copy()
    lower[chosen] = upper[chosen] = answer.x[chosen]
    priced = np.abs(cost[:flows])[cost[:flows] != 0]
    cost[:flows] += MOTION * (priced.mean() if len(priced) else 1.0)
    held = replace(program, cost=cost, lower=lower, upper=upper)
    patience = PATIENCE[0] + PATIENCE[1] * answer.seconds
    found = HighsModel(held).solve(deadline=min(patience, deadline or patience))
    if found.status != "optimal":
        return answer
    objective = program.offset + float(program.cost @ found.x)
    size = 1.0 + float(np.abs(program.cost * found.x).sum())
    calmer = replace(answer, x=found.x, objective=objective, seconds=answer.seconds + found.seconds)
    worse = objective - answer.objective > LOSS * size
    return answer if worse or check(program, calmer).failures() else calmer
