"""Sizes spread over the stages: another matrix, the same optimum, a point that leads back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.staged.plants import SEEDS, plant
from tests.solve.test_calm import sunny
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.spread import Spread, spread
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.restore import Restorer
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram

# HiGHS tolerates 1e-7 beyond a bound, in whatever unit; the forms differ in theirs.
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def by_simplex(network: Network) -> tuple[MatrixProgram, Spread, Answer, Restorer]:
    """A network's programme, its spread form, that form's answer, and the way back."""
    stages = compile_network(network)
    matrix = assemble(stages)
    form, origin = standardise(stages, matrix)
    form, scales = scaled(form)
    chained = spread(form)
    found = HighsModel(chained.program, **EXACT).solve()
    return matrix, chained, found, Restorer(matrix, origin, scales)


@settings(max_examples=60)
@given(SEEDS)
def test_the_optimum_is_the_same(seed: int) -> None:
    """*Proves:* spread and back, a random plant has the objective, and duals that prove it, of the
    plain programme. *A wrong answer would be:* a price counted once for every copy.
    """
    network = plant(seed, plain=True)
    plain = HighsModel(assemble(compile_network(network)), **EXACT).solve()
    try:
        matrix, chained, found, back = by_simplex(network)
    except Declined:
        return
    assert (found.status == "optimal") == (plain.status == "optimal")
    if plain.status == "optimal":
        usual = float(np.abs(matrix.cost * plain.x).sum())
        objective = found.objective * back.scales.objective
        assert objective == pytest.approx(plain.objective, rel=1e-8, abs=1e-8 * usual)
        answer = back.answer(chained.point(found.x, found.row_dual), found.iterations)
        assert check(matrix, answer).failures() == []


def test_no_column_stands_in_more_than_its_stage() -> None:
    """*Proves:* a battery that caps 3 × 48 variables becomes 48 copies of at most 3 + 2 entries.

    *A wrong answer would be:* one column with 144 entries left, which makes normal equations dense.
    """
    matrix, chained, found, _ = by_simplex(sunny(48)[0])
    entries = np.diff(chained.program.matrix.indptr)
    assert np.diff(matrix.matrix.indptr)[-1] == 3 * 48
    assert len(chained.first) == 1
    assert len(entries) - chained.first[0] == 48
    assert entries.max() == 3 + 2
    copies = found.x[chained.first[0] :]
    assert copies == pytest.approx(np.full(48, copies[0]))


def test_a_size_that_stands_nowhere_is_kept() -> None:
    """*Proves:* a size that nothing needs has one copy, and is not built."""
    network = sunny(24)[0]
    idle = network.size("idle", upper=5.0, unit="MW")
    network.line("idle", "annuity", idle, 10.0, unit="MW", kind="investment")
    matrix, chained, found, back = by_simplex(network)
    assert len(chained.first) == 2
    answer = back.answer(chained.point(found.x, found.row_dual), 0)
    assert answer.x[-1] == pytest.approx(0.0, abs=1e-9)
    assert check(matrix, answer).failures() == []
