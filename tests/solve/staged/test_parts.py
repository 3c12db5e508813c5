"""The parts of the method one by one, each against dense linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.solve.staged.variants import island, programs
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import order as order_module
from zeroplant.solve.staged.band import Band
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.newton import DELTA, RHO, Newton
from zeroplant.solve.staged.order import order
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.program import Program

RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32 - 1)


def form_of(program: Program) -> Form:
    """The scaled standard form, or a skip if the bounds contradict each other."""
    try:
        form, _ = standardise(program, assemble(program))
    except Declined:
        pytest.skip("impossible")
    return scaled(form)[0]


@given(seed=SEEDS, length=st.integers(1, 12), width=st.integers(0, 4))
def test_band_equals_dense(seed: int, length: int, width: int) -> None:
    """Factors of a band matrix solve like numpy's dense solver, entries in one place added up."""
    random = np.random.default_rng(seed)
    row, column = (part.ravel() for part in np.indices((length, length)))
    near = np.abs(row - column) <= width
    row, column = np.tile(row[near], 2), np.tile(column[near], 2)
    values = random.normal(size=len(row))
    dense = np.zeros((length, length))
    np.add.at(dense, (row, column), values)
    right = random.normal(size=(length, 3))
    band = Band(length, row, column)
    band.factor(values)
    expected = np.linalg.solve(dense, right)
    np.testing.assert_allclose(band.solve(right), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("widest", [40, -1], ids=["band", "sparse"])
@RANDOM
@given(program=programs(awkward=False), seed=SEEDS)
def test_newton_step_solves_the_whole_system(program: Program, seed: int, widest: int) -> None:
    """Elimination, band or sparse factors, and border together equal the system written out as
    one dense matrix.

    A wrong answer would be: a sign, a lost entry of a size's bound, a wrap that is cut off.
    """
    form = scaled(standardise(program, assemble(program))[0])[0]
    random = np.random.default_rng(seed)
    n, k, m = len(form.cost), len(form.price), len(form.b)
    tl, tu, d = 10 ** random.uniform(-2, 2, n), 10 ** random.uniform(-2, 2, n), np.ones(k)
    A, B, U = form.A.toarray(), form.B.toarray(), form.U.toarray()
    whole = np.block([
        [np.diag(tl + tu + RHO), -tu[:, None] * U, -A.T],
        [-U.T * tu, U.T @ (tu[:, None] * U) + np.diag(d + RHO), -B.T],
        [A, B, DELTA * np.eye(m)],
    ])  # fmt: skip
    right = [random.normal(size=size) for size in (n, k, m)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_module, "WIDEST", widest)
        newton = Newton(form)
    newton.factor(tl, tu, d)
    dz, dp, dy = newton.solve(right[2], right[0], right[1])
    off = whole @ np.concatenate([dz, dp, dy]) - np.concatenate(right)
    size = np.abs(whole) @ np.abs(np.concatenate([dz, dp, dy])) + 1.0
    assert np.max(np.abs(off) / size) < 1e-9


@RANDOM
@given(program=programs(awkward=False))
def test_the_band_holds_everything(program: Program) -> None:
    """Places are a permutation; entries of carried variables and of pairs stay in the width."""
    form = form_of(program)
    found = order(form)
    places = np.concatenate([found.row[found.rows], found.column[found.carried]])
    assert sorted(places) == list(range(found.length))
    table = form.A[found.rows].tocsc()
    for j in range(table.shape[1]):
        at = found.row[found.rows][table.indices[table.indptr[j] : table.indptr[j + 1]]]
        if found.column[j] >= 0:
            at = np.append(at, found.column[j])
            assert np.abs(at - found.column[j]).max() <= found.width
        elif len(at):
            assert np.ptp(at) <= found.width


def test_a_ring_stays_narrow() -> None:
    """A cyclic store over 400 periods: folded, the band is as narrow as over 40."""
    wide = [order(form_of(compile_network(island(n)))).width for n in (40, 400)]
    assert wide[0] == wide[1] < 12


@RANDOM
@given(program=programs(awkward=False))
def test_standard_form_costs_the_same(program: Program) -> None:
    """HiGHS's optimum, written in the standard form, is feasible there and costs the same.

    A wrong answer would be: a shifted bound, a flipped sign, a dropped constant.
    """
    matrix = assemble(program)
    x = HighsModel(matrix).solve().x
    form, origin = standardise(program, matrix)
    n = len(x) - len(program.sizes.cost)
    activity = matrix.matrix[np.flatnonzero(origin.rows)] @ x
    lower, upper = (side[origin.rows] for side in (matrix.row_lower, matrix.row_upper))
    ranged = (np.isfinite(lower) | np.isfinite(upper)) & (lower < upper)
    columns = np.append(x[:n], activity[ranged])
    stage, sizes = origin.stage, origin.sizes
    z = ((columns - stage.base - stage.S @ x[n:]) * stage.sign)[origin.kept]
    p = ((x[n:] - sizes.base) * sizes.sign)[origin.kept_sizes]
    assert np.abs(form.A @ z + form.B @ p - form.b).max(initial=0.0) < 1e-5
    assert (form.upper + form.U @ p - z).min(initial=0.0) > -1e-5
    assert z[~form.free].min(initial=0.0) > -1e-5
    cost = form.offset + form.cost @ z + form.price @ p
    assert cost == pytest.approx(matrix.offset + matrix.cost @ x, rel=1e-6, abs=1e-3)
