"""Soft limits from above and below as one soft range: the same optimum, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from tests.solve.test_calm import sunny
from zeroplant.solve import solve
from zeroplant.solve.caps import each
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.hipo import solve_hipo
from zeroplant.solve.ranges import Ranges
from zeroplant.solve.slackless import Slackless
from zeroplant.solve.spread import ordered
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.linear import affine
from zeroplant.waist.matrix import Layout, MatrixProgram

EXACT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
HOURS = 12


def river(seed: int, *, unit: float = 1.0, skew: float = 1.0) -> MatrixProgram:
    """Released water by the hour: its sum given, its price changing, rise and fall soft.

    Rows: rises, falls, the sum. Columns: release, then what is beyond of rises and of falls. Falls
    count in a ``unit`` of their own; with ``skew`` a fall is not the opposite of a rise.
    """
    random = np.random.default_rng(seed)
    change = (np.eye(HOURS, k=1) - np.eye(HOURS))[:-1]
    eye, none = np.eye(HOURS - 1), np.zeros((HOURS - 1, HOURS - 1))
    rises = np.hstack([change, -random.uniform(0.5, 2.0) * eye, none])
    falls = np.hstack(
        [-unit * np.where(change > 0, skew, 1.0) * change, none, -random.uniform(0.5, 2.0) * eye]
    )
    total = np.append(np.ones(HOURS), np.zeros(2 * (HOURS - 1)))
    limits = random.uniform(0.0, 1.0, 2 * (HOURS - 1)) * random.integers(0, 2, 2 * (HOURS - 1))
    fine = [np.full(HOURS - 1, random.uniform(0.1, 9.0)) for _ in range(2)]
    right = np.append(limits, 20.0)
    price = random.uniform(-9, 9, HOURS)
    return MatrixProgram(
        cost=np.concatenate([price, *fine]),
        lower=np.zeros(len(total)),
        upper=np.append(np.full(HOURS, 5.0), np.full(2 * (HOURS - 1), np.inf)),
        matrix=csc_array(np.vstack([rises, falls, total])),
        row_lower=np.append(np.full(2 * (HOURS - 1), -np.inf), 20.0),
        row_upper=right,
        integer=np.zeros(len(total), dtype=bool),
        offset=3.0,
        layout=Layout(1, len(right), {}, {}, len(right)),
    )


def has_the_same_optimum(less: Ranges | Slackless, whole: MatrixProgram) -> None:
    """What is left has the optimum of the whole, and led back it passes the check of the whole."""
    found = HighsModel(less.program, **EXACT).solve()
    plain = HighsModel(whole, **EXACT).solve()
    assert found.status == plain.status == "optimal"
    assert found.objective == pytest.approx(plain.objective, rel=1e-9, abs=1e-9)
    found.x, found.row_dual = less.back(found.x, found.row_dual)
    assert check(whole, found).failures() == []


@settings(max_examples=60)
@given(st.integers(0, 2_999))
def test_the_optimum_is_the_same_and_so_is_its_proof(seed: int) -> None:
    """*Proves:* with ranges for pairs the optimum is the same, and the values and duals led back
    pass the check of the programme as it was. *A wrong answer would be:* the price of a fall given
    to the rise, which leaves a duality gap.
    """
    whole = river(seed)
    less = Ranges(whole)
    assert less.program.matrix.shape == (HOURS, HOURS + 2 * (HOURS - 1))
    has_the_same_optimum(less, whole)


@pytest.mark.parametrize("unit", [0.25, 8.0])
def test_opposites_in_other_units_are_joined(unit: float) -> None:
    """*Proves:* falls that count in another unit are joined with rises, prices in their own unit.
    *A wrong answer would be:* the limit, or the price, of a fall in the unit of a rise.
    """
    whole = river(4, unit=unit)
    less = Ranges(whole)
    assert len(less.above) == HOURS - 1
    has_the_same_optimum(less, whole)


def turned_round(whole: MatrixProgram, rows: slice) -> MatrixProgram:
    """The same programme with some rows said from the other side: b ≤ a z in place of −a z ≤ −b."""
    sign = np.ones(len(whole.row_lower))
    sign[rows] = -1.0
    lower, upper = sign * whole.row_lower, sign * whole.row_upper
    return replace(
        whole,
        matrix=csc_array(whole.matrix.multiply(sign[:, None])),
        row_lower=np.minimum(lower, upper),
        row_upper=np.maximum(lower, upper),
    )


@pytest.mark.parametrize("side", [slice(HOURS - 1), slice(HOURS - 1, 2 * HOURS - 2)])
def test_a_least_is_a_most_from_the_other_side(side: slice) -> None:
    """*Proves:* a limit said as a least is joined like one said as a most, with the right duals."""
    whole = turned_round(river(5), side)
    less = Ranges(whole)
    assert len(less.above) == HOURS - 1
    has_the_same_optimum(less, whole)


def test_limits_that_cross_stay_two() -> None:
    """*Proves:* a least above the most, as in a drought, breaks one of them by need and so stays
    two rows. *A wrong answer would be:* a range from more to less, which has no answer.
    """
    whole = river(6)
    whole.row_upper[0], whole.row_upper[HOURS - 1] = -2.0, 1.0
    less = Ranges(whole)
    assert len(less.above) == HOURS - 2
    has_the_same_optimum(less, whole)


def test_a_limit_that_nothing_can_break_stays() -> None:
    """*Proves:* a limit beyond all that can happen is left for presolve to drop. Water that a row
    of its own says there is none of counts for nothing, and stands in no pair's way.
    """
    whole = river(7)
    whole.row_upper[: HOURS - 1] = 5.0
    assert len(Ranges(whole).above) == 0
    whole = river(7)
    more = np.zeros((len(whole.row_lower) + 1, 1))
    more[0] = more[-1] = 1.0
    table = np.vstack([whole.matrix.toarray(), np.zeros(len(whole.cost))])
    whole = replace(
        whole,
        matrix=csc_array(np.hstack([table, more])),
        cost=np.append(whole.cost, 0.0),
        lower=np.append(whole.lower, 0.0),
        upper=np.append(whole.upper, np.inf),
        row_lower=np.append(whole.row_lower, 0.0),
        row_upper=np.append(whole.row_upper, 0.0),
        integer=np.append(whole.integer, False),
    )
    less = Ranges(whole)
    assert len(less.above) == HOURS - 1
    has_the_same_optimum(less, whole)


def test_what_is_not_opposite_stays() -> None:
    """*Proves:* a limit on other than the opposite keeps its row."""
    whole = river(1, skew=1.0 + 1e-9)
    assert Ranges(whole).program.matrix.shape == whole.matrix.shape


def test_a_fine_that_pays_keeps_its_row() -> None:
    """*Proves:* where breaking a limit costs nothing, both may be broken: nothing is joined."""
    whole = river(1)
    whole.cost[HOURS : 2 * HOURS - 1] = 0.0
    assert Ranges(whole).program.matrix.shape == whole.matrix.shape


def nothing() -> MatrixProgram:
    """A programme without rows and columns."""
    none = np.zeros(0)
    return MatrixProgram(
        none, none, none, csc_array((0, 0)), none, none, none.astype(bool), 1.0,
        Layout(1, 0, {}, {}, 0),
    )  # fmt: skip


def test_nothing_is_joined_of_nothing() -> None:
    """*Proves:* a programme without rows passes."""
    less = Ranges(nothing())
    assert [len(values) for values in less.back(np.zeros(0), np.zeros(0))] == [0, 0]


def steady(hours: int) -> Network:
    """A sunny plant whose cable shall carry neither much more nor much less than an hour before."""
    network, (forth, *_) = sunny(hours)
    change = affine(forth) - affine(forth).shift(1)
    network.budget("rise", change, at_most=2.0, over="period", breach=3.0, unit="MW")
    network.budget("fall", -change, at_most=1.0, over="period", breach=5.0, unit="MW")
    return network


def test_a_plant_with_ranges_has_the_optimum_of_the_staged_solver() -> None:
    """*Proves:* a plant's soft rises and falls are found as pairs, and its answer on HiPO is that
    of a solver that knows of no ranges. *A wrong answer would be:* the way back taken out of order.
    """
    network = steady(1200)
    stages = compile_network(network)
    matrix = assemble(stages)
    form, _ = scaled(standardise(stages, matrix)[0])
    limits = Slackless(ordered(form, each(form)).program)
    assert len(Ranges(limits.program).above) == 1199
    found = solve_hipo(stages, matrix, None)
    assert found is not None
    staged = solve(network, solver="staged")
    assert found.objective == pytest.approx(staged.objective, rel=1e-6)
    assert check(matrix, found).failures() == []
