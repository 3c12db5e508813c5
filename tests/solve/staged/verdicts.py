"""What two solvers say of one plant, each answer held against the same independent check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.solve.staged.plants import plant
from zeroplant.errors import SolveError
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Declined, solve_staged
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram

ANSWERS = ("optimal", "infeasible", "unbounded")
TIGHT = {f"{side}_feasibility_tolerance": 1e-9 for side in ("primal", "dual")}
ATTEMPTS: tuple[dict[str, float | str], ...] = (
    TIGHT,
    {},
    {"presolve": "on", "simplex_strategy": 1},
    {"solver": "ipx", "presolve": "on"},
)


@dataclass
class Verdict:
    """Optimal, infeasible or unbounded, or why there is no verdict; money that moves in it."""

    status: str
    objective: float = np.nan
    turnover: float = 0.0
    why: str = ""


@dataclass
class Pair:
    """Both verdicts on the plant of a seed."""

    seed: int
    highs: Verdict
    staged: Verdict

    @property
    def handed_over(self) -> bool:
        """Whether the staged solver gave the plant to another, and said so."""
        return self.staged.status == "handed over"

    @property
    def error(self) -> float:
        """Difference of the objectives, relative to the objective or a hundredth of all money that
        moves, whichever is more.
        """
        apart = abs(self.staged.objective - self.highs.objective)
        size = 1.0 + max(abs(self.highs.objective), 1e-2 * self.highs.turnover)
        return apart / size

    @property
    def wrong(self) -> str:
        """What the staged solver got wrong, or nothing."""
        if self.handed_over or (self.highs.status not in ANSWERS and self.staged.status in ANSWERS):
            return ""
        if self.staged.status != self.highs.status:
            return f"{self.staged.status}, for HiGHS {self.highs.status} {self.staged.why}"
        if self.staged.status == "optimal" and not self.error <= 1e-6:
            return f"objective off by {self.error:.1e}"
        return ""


def pair(seed: int) -> Pair:
    """HiGHS on the plant in plain units, the staged solver on it in the plant's own."""
    highs = by_highs(assembled(plant(seed, plain=True))[1])
    return Pair(seed, highs, by_staged(plant(seed)))


def assembled(network: Network) -> tuple[object, MatrixProgram]:
    """The programme and its matrix."""
    program = compile_network(network)
    return program, assemble(program)


def by_highs(matrix: MatrixProgram) -> Verdict:
    """The first verdict among several ways to run HiGHS; an optimum must pass the check."""
    tried = []
    for options in ATTEMPTS:
        answer = HighsModel(matrix, **options).solve(deadline=20.0)
        if answer.status == "optimal":
            wrong = check(matrix, answer).failures()
            if not wrong:
                turnover = float(np.abs(matrix.cost * answer.x).sum())
                return Verdict("optimal", answer.objective, turnover)
            tried += wrong
        elif answer.status in ANSWERS:
            return Verdict(answer.status)
        tried.append(answer.status)
    return Verdict("no verdict", why="; ".join(tried))


def by_staged(network: Network) -> Verdict:
    """The staged solver's verdict; what it declines or what fails the check is handed over."""
    program = compile_network(network)
    matrix = assemble(program)
    try:
        answer = solve_staged(program, matrix)
    except (Declined, SolveError) as declined:
        return Verdict("handed over", why=str(declined))
    except Exception as error:  # a crash is a wrong verdict, and the next plant follows
        return Verdict("crashed", why=f"{type(error).__name__}: {error}")
    if answer.status != "optimal":
        return Verdict(answer.status if answer.status in ANSWERS else "handed over")
    wrong = check(matrix, answer).failures()
    if wrong:
        return Verdict("handed over", why="; ".join(wrong))
    return Verdict("optimal", answer.objective)
