"""The independent check: answers that lie are refused, each for the lie it tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.waist.micro import park, small
from tests.waist.plants import plants
from zeroplant.errors import SolveError
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check, dual_objective, require
from zeroplant.solve.highs import HighsModel
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram


def answered(*, whole: bool = False) -> tuple[MatrixProgram, Answer]:
    """Two plants serve 8 MW for two hours; the right answer."""
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=8.0)
    net.flow("cheap", give=bus, cap=5.0, cost=10.0)
    net.flow("dear", give=bus, cost=30.0, integer=whole)
    program = assemble(compile_network(net))
    return program, HighsModel(program).solve()


def with_x(program: MatrixProgram, answer: Answer, change: dict[int, float]) -> Answer:
    """The answer with some values moved, and an objective that goes with them."""
    x = answer.x.copy()
    for place, value in change.items():
        x[place] += value
    return replace(answer, x=x, objective=program.offset + float(program.cost @ x))


def test_the_right_answer_passes() -> None:
    """Nothing is wrong with what HiGHS returns. A wrong answer would be: a check never passed."""
    program, answer = answered()
    assert check(program, answer).failures() == []


# Columns: load 0-1, cheap 2-3, dear 4-5.
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({4: -1e-3}, "a balance or rule is off by"),
        ({2: 1.0, 4: -1.0}, "a bound is exceeded by"),
        ({2: -1.0, 4: 1.0}, "the duality gap is"),
    ],
)
def test_tampered_values_are_refused(change: dict[int, float], words: str) -> None:
    """Energy from nowhere, more than the cap, and a dear answer called optimal are refused."""
    program, answer = answered()
    with pytest.raises(SolveError, match=words):
        require(program, with_x(program, answer, change))


def test_a_tampered_objective_is_refused() -> None:
    """An objective that is not cost times values is refused."""
    program, answer = answered()
    with pytest.raises(SolveError, match="the stated objective is off by"):
        require(program, replace(answer, objective=answer.objective * (1 + 1e-6)))


def test_tampered_duals_are_refused() -> None:
    """Prices that do not prove the optimum are refused; so are prices that prove too much."""
    program, answer = answered()
    for factor in (0.5, 1.1, -1.0):
        with pytest.raises(SolveError, match="the duality gap is"):
            require(program, replace(answer, row_dual=answer.row_dual * factor))


def test_a_fraction_is_refused() -> None:
    """A whole flow of 2.5 is refused."""
    program, answer = answered(whole=True)
    assert require(program, answer).whole == 0.0
    with pytest.raises(SolveError, match="a whole number is off by"):
        require(program, with_x(program, answer, {2: 0.5, 4: -0.5}))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(plants(whole=False))
def test_duals_prove_the_objective(net: Network) -> None:
    """On random plants the dual objective, computed here from prices alone, is the primal one."""
    program = assemble(compile_network(net))
    answer = HighsModel(program).solve()
    scale = 1.0 + float(np.abs(program.cost * answer.x).sum())
    assert (
        abs(dual_objective(program, answer, program.matrix @ answer.x) - answer.objective)
        <= 1e-6 * scale
    )
