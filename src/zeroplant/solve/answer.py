"""What a solver returns: arrays, a status, and how good it claims to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zeroplant.axis import Floats

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "no answer"]


@dataclass
class Answer:
    """Primal and dual values for a `MatrixProgram`.

    ``row_dual[i]`` is the change of the objective per unit of right-hand side of row i. For
    mixed-integer programmes the duals are those with the whole numbers held fixed. ``bound``
    is how low a solver that searches says the objective could be; an interior point has no such
    figure and gives the objective, whose gap the check works out from the duals.
    """

    status: Status
    solver: str
    seconds: float
    x: Floats
    row_dual: Floats
    objective: float
    bound: float
    iterations: int = 0
