"""Free columns taken out with an equation each: the same optimum, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from zeroplant.solve.check import check
from zeroplant.solve.eliminated import Eliminated
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import Layout, MatrixProgram

EXACT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


def tanks(seed: int, hours: int = 12, *, one_way: bool = False) -> MatrixProgram:
    """A tank by the hour, filled or emptied by one net flow: rows of balance, then of levels.

    Columns by the hour: bought, net flow into the tank, level. The net flow costs something, and
    the balance it stands in may be an inequality.
    """
    random = np.random.default_rng(seed)
    price, load = random.uniform(1, 9, hours), random.uniform(0, 5, hours)
    eye, none = np.eye(hours), np.zeros((hours, hours))
    shift = np.eye(hours, k=-1)
    unit = random.uniform(0.1, 10.0)
    balance = np.hstack([eye, -random.uniform(0.5, 2.0) * eye, none])
    level = np.hstack([none, -unit * eye, eye - random.uniform(0.9, 1.0) * shift])
    free = np.full(hours, np.inf)
    surplus = free if random.integers(2) else load
    return MatrixProgram(
        cost=np.concatenate([price, np.full(hours, 0.01), np.zeros(hours)]),
        lower=np.concatenate([np.zeros(hours), 0 * load if one_way else -free, np.zeros(hours)]),
        upper=np.concatenate([np.full(hours, 6.0), free, np.full(hours, 4.0 * unit)]),
        matrix=csc_array(np.vstack([balance, level])),
        row_lower=np.concatenate([load, np.zeros(hours)]),
        row_upper=np.concatenate([surplus, np.zeros(hours)]),
        integer=np.zeros(3 * hours, dtype=bool),
        offset=3.0,
        layout=Layout(1, 2 * hours, {}, {}, 2 * hours),
    )


@settings(max_examples=40)
@given(st.integers(0, 2_999))
def test_the_optimum_is_the_same_and_so_is_its_proof(seed: int) -> None:
    """*Proves:* without the net flows and as many rows the optimum is the same, and the values and
    duals led back pass the check of the programme as it was. *A wrong answer would be:* the price
    of the net flow forgotten, which leaves a duality gap.
    """
    whole = tanks(seed)
    less = Eliminated(whole)
    assert less.program.matrix.shape == (12, 24)
    found = HighsModel(less.program, **EXACT).solve()
    plain = HighsModel(whole, **EXACT).solve()
    assert found.status == plain.status
    assert found.objective == pytest.approx(plain.objective, rel=1e-9)
    found.x, found.row_dual = less.back(found.x, found.row_dual)
    assert check(whole, found).failures() == []


def test_what_has_a_bound_stays() -> None:
    """*Proves:* a tank that is only filled keeps its flow: a bound would be lost with it."""
    whole = tanks(1, one_way=True)
    assert Eliminated(whole).program.matrix.shape == whole.matrix.shape


def test_no_row_is_used_twice() -> None:
    """*Proves:* of two net flows in the same rows none is taken: each would change the other's
    equation.
    """
    matrix = csc_array([[1.0, 1.0, 1.0], [0.0, 2.0, 3.0]])
    free, none = np.full(2, np.inf), np.zeros(3, dtype=bool)
    program = MatrixProgram(
        np.ones(3), np.append(0.0, -free), np.append(5.0, free), matrix, np.ones(2), np.ones(2),
        none, 0.0, Layout(1, 2, {}, {}, 2),
    )  # fmt: skip
    assert Eliminated(program).program.matrix.shape == (2, 3)


def test_nothing_is_left_of_nothing() -> None:
    """*Proves:* a programme that presolve has emptied passes."""
    none = np.zeros(0)
    program = MatrixProgram(
        none, none, none, csc_array((0, 0)), none, none, none.astype(bool), 1.0,
        Layout(1, 0, {}, {}, 0),
    )  # fmt: skip
    less = Eliminated(program)
    assert less.program.offset == 1.0
    assert [len(values) for values in less.back(none, none)] == [0, 0]
