"""Segments, slots and lanes: whatever is cut where and shared by whom, the solution is the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import spsolve

from tests.solve.staged.steps import newton_step
from tests.solve.staged.variants import island
from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.check import require
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import elimination, segments, solve_staged, structure
from zeroplant.solve.staged.elimination import DELTA, RHO, eliminate
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Form
from zeroplant.solve.staged.lanes import LANES, alike, load, store, where_above
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.solve.staged.structure import Structure
from zeroplant.solve.staged.team import Team
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

DAY = 8


def by_hand(seed: int, periods: int, chains: int, lag: int, *, ring: bool) -> Form:
    """Two rows a stage, a level that lasts, a flow that arrives later, rules by the day, sizes.

    Variables, kind by kind: two flows between the rows, a level, a late flow, a slack of each
    day's rule. One size bounds the first flow, another the level; each day has a size of its own
    in its rule, and one rule speaks of the whole time.
    """
    draw, stages = np.random.default_rng(seed), periods * chains
    days = -(-stages // DAY)
    t = np.arange(stages)
    first = t // periods * periods
    later = first + (t % periods + lag) % periods
    after = first + (t % periods + 1) % periods
    runs = np.ones(stages, dtype=bool) if ring else t % periods < periods - max(1, lag)
    day, rules = t // DAY, 2 * stages + np.arange(days)
    entries = [
        (t, t, 1.0), (stages + t, t, -0.9), (t, stages + t, -1.0), (stages + t, stages + t, 1.1),
        (stages + t, 2 * stages + t, 1.0), (stages + after[runs], 2 * stages + t[runs], -0.99),
        (t, 3 * stages + t, -1.0), (later[runs], 3 * stages + t[runs], 0.97),
        (rules[day], t, 1.0), (rules, 4 * stages + np.arange(days), 1.0),
        (np.full(stages, 2 * stages + days), stages + t, 1.0),
    ]  # fmt: skip
    row = np.concatenate([each[0] for each in entries])
    column = np.concatenate([each[1] for each in entries])
    value = np.concatenate([np.full(len(each[0]), each[2]) for each in entries])
    value *= draw.uniform(0.5, 1.5, len(value))
    m, n = 2 * stages + days + 1, 4 * stages + days
    sizes = 2 + days
    B = csr_array((-np.ones(days), (rules, 2 + np.arange(days))), shape=(m, sizes))
    bounded = np.concatenate([t, 2 * stages + t])
    which = np.repeat([0, 1], stages)
    U = csr_array((draw.uniform(0.5, 1.5, 2 * stages), (bounded, which)), shape=(n, sizes))
    return Form(
        cost=draw.normal(size=n), price=np.ones(sizes),
        A=csr_array(coo_array((value, (row, column)), shape=(m, n))), B=B, b=draw.normal(size=m),
        U=U, upper=np.full(n, np.inf), most=np.full(sizes, np.inf),
        free=np.zeros(n, dtype=bool), free_size=np.zeros(sizes, dtype=bool),
        kind=np.append(np.repeat(np.arange(4), stages), 4 + np.arange(days)),
        row_kind=np.append(np.repeat([0, 1], stages), 2 + np.arange(days + 1)),
        row_stage=np.append(np.tile(t, 2), np.full(days + 1, -1)),
        stage=np.append(np.tile(t, 4), np.full(days, -1)),
        periods=periods, offset=0.0, grain=np.ones(m),
    )  # fmt: skip


def solved(form: Form, weights: list[Floats], right: list[Floats], threads: int) -> Floats:
    """The Newton step of a form: variables, sizes, rows."""
    filled = Filled(form, Structure(form))
    return np.concatenate(newton_step(filled, Team(threads), weights, right))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), periods=st.integers(9, 90), chains=st.integers(1, 3),
    lag=st.integers(1, 4), ring=st.booleans(), shortest=st.sampled_from([4, 16, 32]),
)  # fmt: skip
def test_lanes_solve_what_superlu_solves(
    seed: int, periods: int, chains: int, lag: int, *, ring: bool, shortest: int
) -> None:
    """*Proves:* several chains, rings, delays, rules and sizes by the day, segments of unequal
    length: the step is that of the whole system solved at once. *A wrong answer would be:* a tie
    across a cut that is lost, a blank that is not blank, two things in one place.
    """
    form = by_hand(seed, periods, chains, lag, ring=ring)
    draw = np.random.default_rng(seed + 1)
    n, k, m = len(form.cost), len(form.price), len(form.b)
    tl, d = 10 ** draw.uniform(-1, 1, n), np.ones(k)
    tu = np.where(np.diff(form.U.indptr) > 0, 10 ** draw.uniform(-1, 1, n), 0.0)
    right = [draw.normal(size=size) for size in (n, k, m)]
    A, B, U = form.A.toarray(), form.B.toarray(), form.U.toarray()
    whole = np.block([
        [np.diag(tl + tu + RHO), -tu[:, None] * U, -A.T],
        [-U.T * tu, U.T @ (tu[:, None] * U) + np.diag(d + RHO), -B.T],
        [A, B, DELTA * np.eye(m)],
    ])  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "SHORTEST", shortest)
        found = solved(form, [tl, tu, d], right, 1)
    wanted = spsolve(csr_array(whole).tocsc(), np.concatenate(right))
    off = whole @ found - np.concatenate(right)
    assert np.abs(off).max() <= 1e-8 * (1.0 + np.abs(whole).max() * np.abs(wanted).max())
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6 * np.abs(wanted).max())


def test_any_number_of_threads_finds_the_same_to_the_last_bit() -> None:
    """*Proves:* sums are taken in one order. 700 periods are two groups of segments."""
    form = by_hand(3, 700, 1, 2, ring=True)
    draw = np.random.default_rng(4)
    n, k, m = len(form.cost), len(form.price), len(form.b)
    weights = [draw.uniform(0.1, 1.0, n), np.zeros(n), np.ones(k)]
    right = [draw.normal(size=size) for size in (n, k, m)]
    one, two, three = (solved(form, weights, right, threads) for threads in (1, 2, 3))
    assert np.array_equal(one, two)
    assert np.array_equal(one, three)


def test_rules_and_sizes_by_the_day_stand_inside() -> None:
    """*Proves:* cuts fall between days, so that only what speaks of all time is outer: two sizes
    and one rule, with the levels and late flows at the 16 cuts. *A wrong answer would be:* a rule
    for every day in the dense system.
    """
    outer = Structure(by_hand(0, 16 * 40, 1, 1, ring=True)).outer
    assert (len(outer.sizes), len(outer.rules), len(outer.variables)) == (2, 1, 32)


def test_places_are_never_shared() -> None:
    """*Proves:* every variable and every row inside has a place of its own."""
    form = by_hand(1, 77, 2, 3, ring=False)
    structure = Structure(form)
    inside = structure.row[structure.row >= 0]
    assert len(np.unique(structure.variable)) == len(form.cost)
    assert len(np.unique(inside)) == len(inside)
    assert structure.fits(form)
    assert not structure.fits(by_hand(1, 77, 2, 3, ring=True))


def test_a_ring_costs_no_more_than_its_length() -> None:
    """*Proves:* a cyclic store over 4,000 periods couples no more than one over 600, and no column
    of L has more entries. *A wrong answer would be:* a fill that grows with the year.
    """
    found = []
    for periods in (600, 4000):
        program = compile_network(island(periods))
        plan = Structure(scaled(standardise(program, assemble(program))[0])[0]).plan
        found.append((plan.slots, plan.ring_size, np.diff(plan.l_start).max()))
    assert found[0] == found[1]
    assert max(found[0]) < 12


def test_a_pivot_lost_to_rounding_gets_its_sign_back() -> None:
    """*Proves:* two equal rows are solved as one, instead of with a pivot of rounding errors."""
    form = by_hand(2, 9, 1, 1, ring=False)
    structure = Structure(form)
    entries = np.zeros((structure.plan.entries, LANES))
    entries[: structure.plan.inside] = -1.0
    entries[0] = 0.0
    njit()(eliminate)(structure.plan, entries, structure.work())
    assert (entries[0] == -1.0 / elimination.PUT).all()
    assert (entries[1 : structure.plan.inside] == -1.0).all()


@njit()
def _mixed(one: Floats, other: Floats, out: Floats) -> None:
    a, b = load(one, 1), load(other, 0)
    store(out, 0, where_above(a, b, a * b + alike(2.0), a / b - b))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_eight_numbers_are_computed_like_one(seed: int) -> None:
    """*Proves:* each lane of each operation is the number that numpy finds, to rounding."""
    draw = np.random.default_rng(seed)
    one, other, out = draw.normal(size=(2, 8)), draw.normal(size=(1, 8)), np.empty((1, 8))
    _mixed(one, other, out)
    a, b = one[1], other[0]
    np.testing.assert_allclose(
        out[0], np.where(a > b, a * b + 2.0, a / b - b), rtol=1e-13, atol=1e-14
    )


def test_rows_of_sizes_alone_stay_in_their_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed profile of one size that feeds one of another is a row of sizes in every stage.

    A wrong answer would be: each of them counted as a rule over all stages, so that a year is
    declined; or another cost than HiGHS finds.
    """
    monkeypatch.setattr(structure, "MOST_OUTER", 40)
    net = island(96)
    node, one, other = net.node("mill"), net.size("wheel"), net.size("stone")
    net.line("wheel", "annuity", one, 1.0, unit="MW", kind="investment")
    net.flow("turned", give=node, fixed=0.5 * one)
    ground = net.flow("ground", take=node, fixed=1.0 * other)
    net.budget("bread", ground, at_least=100.0)
    program = compile_network(net)
    matrix = assemble(program)
    found = solve_staged(program, matrix)
    require(matrix, found)
    assert found.objective == pytest.approx(HighsModel(matrix).solve().objective, rel=1e-7)
    assert found.x[-2] == pytest.approx(100.0 / 96 / 0.5, rel=1e-6)
