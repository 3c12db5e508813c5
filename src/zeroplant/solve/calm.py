"""Of all equally good ways to run a plant, one that moves nothing for nothing.

An interior-point method ends in the middle of the optimal answers. Where curtailing is free, that
middle burns spare energy in batteries and sends it round in lines: no cost, but nobody would run
a plant so. A price on every flow, far below anything that matters, makes the answer with the least
flow the only optimal one, and the middle of it is itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zeroplant.solve.answer import Answer
from zeroplant.waist.matrix import MatrixProgram

MOTION = 2e-9
"""The price on motion, as a share of the mean price of what has a price."""


def with_motion_priced(program: MatrixProgram, flows: int) -> MatrixProgram:
    """The programme with a price on each of its first ``flows`` columns, which are flows."""
    cost = program.cost.copy()
    priced = np.abs(cost[:flows])[cost[:flows] != 0]
    cost[:flows] += MOTION * (priced.mean() if len(priced) else 1.0)
    return program.priced(cost)


def at_true_prices(program: MatrixProgram, answer: Answer) -> Answer:
    """The answer with what it costs in the programme itself.

    It is dearer than the optimum by at most the motion it saves, at the price on motion. Prices
    (duals) stay as they are: theirs differ by as little.
    """
    objective = program.offset + float(program.cost @ answer.x)
    return replace(answer, objective=objective, bound=objective)
