"""Sizes spread over time: another matrix, the same optimum, a point that leads back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.staged.plants import SEEDS, plant
from tests.solve.test_calm import sunny
from zeroplant.solve import spread as module
from zeroplant.solve.answer import Answer
from zeroplant.solve.caps import each
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.presolved import Presolved
from zeroplant.solve.spread import Spread, ordered, spread
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


def by_simplex(
    network: Network, *, presolve: bool = False
) -> tuple[MatrixProgram, Spread, Answer, Answer | None]:
    """A network's programme, its spread form, that form's answer, and the programme's."""
    stages = compile_network(network)
    matrix = assemble(stages)
    form, origin = standardise(stages, matrix)
    form, scales = scaled(form)
    whole = ordered(form, each(form))
    left = Presolved(whole.program) if presolve else None
    chained = spread(whole.program if left is None else left.program, 5)
    found = HighsModel(chained.program, **EXACT).solve()
    if found.status != "optimal" or not (left is None or left.fine):
        return matrix, chained, found, None
    point = chained.back(found.x, found.row_dual)
    if left is not None:
        point = left.back(*point)
    answer = Restorer(matrix, origin, scales).answer(whole.point(*point), found.iterations)
    return matrix, chained, found, answer


@pytest.mark.parametrize("presolve", [False, True])
@settings(max_examples=40)
@given(SEEDS)
def test_the_optimum_is_the_same(presolve: bool, seed: int) -> None:
    """*Proves:* spread and back, with and without presolve before it, a random plant has the
    objective, and duals that prove it, of the plain programme. *A wrong answer would be:* a price
    counted once for every copy.
    """
    network = plant(seed, plain=True)
    plain = HighsModel(assemble(compile_network(network)), **EXACT).solve()
    narrow, module.WIDE = module.WIDE, 3
    try:
        matrix, _, _, answer = by_simplex(network, presolve=presolve)
    except Declined:
        return
    finally:
        module.WIDE = narrow
    if answer is None:
        # Presolve with tolerances of 1e-10 may find a contradiction in rounding; the caller then
        # asks another solver, as it does where there is no answer.
        assert presolve or plain.status != "optimal"
        return
    assert plain.status == "optimal"
    usual = float(np.abs(matrix.cost * plain.x).sum())
    assert answer.objective == pytest.approx(plain.objective, rel=1e-7, abs=1e-7 * usual)
    assert check(matrix, answer).failures() == []


def test_no_column_knows_the_whole_of_time() -> None:
    """*Proves:* a battery that caps 3 × 48 variables becomes five copies, each of a fifth of those
    caps and two ties at most, and all alike. *A wrong answer would be:* one column with 144 entries
    left, which makes normal equations dense.
    """
    matrix, chained, found, _ = by_simplex(sunny(48)[0])
    entries = np.diff(chained.program.matrix.indptr)
    assert np.diff(matrix.matrix.indptr)[-1] == 3 * 48
    assert chained.wide.sum() == 1
    assert len(chained.size) == 5
    assert entries.max() <= 144 / 5 + 3 + 2
    assert found.x[-5:] == pytest.approx(np.full(5, found.x[-1]))


def test_narrow_columns_stay() -> None:
    """*Proves:* where no size caps more than a few variables, the programme is not changed."""
    matrix = assemble(compile_network(sunny(8)[0]))
    chained = spread(matrix, 5)
    assert not chained.wide.any()
    assert (chained.program.matrix != matrix.matrix).nnz == 0


def test_a_size_that_stands_nowhere_is_kept() -> None:
    """*Proves:* a size that nothing needs is not built."""
    network = sunny(24)[0]
    idle = network.size("idle", upper=5.0, unit="MW")
    network.line("idle", "annuity", idle, 10.0, unit="MW", kind="investment")
    matrix, _, _, answer = by_simplex(network, presolve=True)
    assert answer is not None
    assert answer.x[-1] == pytest.approx(0.0, abs=1e-9)
    assert check(matrix, answer).failures() == []
