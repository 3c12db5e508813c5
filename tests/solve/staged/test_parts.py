"""The parts of the method one by one, each against dense linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.solve.staged.steps import directions_at, newton_step
from tests.solve.staged.variants import programs
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import segments
from zeroplant.solve.staged.elimination import DELTA, RHO
from zeroplant.solve.staged.filled import Filled
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.point import LEAST, MOST
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.solve.staged.structure import Structure
from zeroplant.solve.staged.team import Team
from zeroplant.waist.assembly import assemble
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


@pytest.mark.parametrize("shortest", [3, 32], ids=["many segments", "one"])
@RANDOM
@given(program=programs(awkward=False), seed=SEEDS)
def test_newton_step_solves_the_whole_system(program: Program, seed: int, shortest: int) -> None:
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
        patch.setattr(segments, "SHORTEST", shortest)
        filled = Filled(form, Structure(form))
    dz, dp, dy = newton_step(filled, Team(), [tl, tu, d], right)
    off = whole @ np.concatenate([dz, dp, dy]) - np.concatenate(right)
    size = np.abs(whole) @ np.abs(np.concatenate([dz, dp, dy])) + 1.0
    # Steps of variables are kept in single precision (eps 1.2e-7), relative to what they change:
    # this is all that a direction promises. Residuals of the next point are in double.
    assert np.abs(off).max() < 3e-7 * size.max()


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


@RANDOM
@given(program=programs(awkward=False), seed=SEEDS, raised=st.sampled_from([0.1, np.inf]))
def test_corrections_change_products_as_asked(program: Program, seed: int, raised: float) -> None:
    """*Proves:* to the first order, a correction changes near · force of every bound to the target
    less what the prediction changes it by to the second, which raises it by no more than is
    allowed; the next one starts from both together.
    *A wrong answer would be:* a bound mixed up with another, a correction added twice.
    """
    form = scaled(standardise(program, assemble(program))[0])[0]
    filled = Filled(form, Structure(form))
    draw, has = np.random.default_rng(seed), filled.has > 0
    directions, off = directions_at(filled, Team(), draw.uniform(0.5, 2.0, (2, len(has))) * has)
    at, by, more = directions.point, directions.by, directions.more
    ahead, sums = directions.predict(off)
    product = at.near * at.force
    products = [product * by.force, product * by.near, product * by.near * by.force]
    for found, each in zip(sums, products, strict=True):
        assert found == pytest.approx(float(each[has].sum()), abs=1e-6 * np.abs(each[has]).sum())
    assert (1.0 + ahead.primal * by.near)[has].min() > -1e-6
    assert (1.0 + ahead.dual * by.force)[has].min() > -1e-6
    wanted = 0.3 - (product * np.maximum(by.near * by.force, -raised))[has]
    reach = directions.second(0.3, 0.0, raised)
    changed = (product * (more.near + more.force))[has]
    np.testing.assert_allclose(changed, wanted, rtol=1e-5, atol=1e-5)
    whole = by.force + reach.weights[1] * more.force
    directions.centre(0.3, reach)
    np.testing.assert_allclose(by.force[has], whole[has], rtol=1e-6, atol=1e-6)


@RANDOM
@given(program=programs(awkward=False), seed=SEEDS)
def test_a_point_is_begun_again_near_the_mean(program: Program, seed: int) -> None:
    """*Proves:* products of variables come within LEAST and MOST times their mean, nothing
    gets a force where it has no bound, and distances stay. *A wrong answer would be:* a force below
    mixed up with one above, a product that is nothing.
    """
    filled = Filled(form_of(program), Structure(form_of(program)))
    draw, has = np.random.default_rng(seed), filled.has > 0
    directions, off = directions_at(filled, Team(), draw.uniform(0.5, 2.0, (2, len(has))) * has)
    bounds, at = directions.bounds, directions.point
    off.z = draw.normal(size=len(off.z))
    mean, near = float((at.near * at.force).sum()) / bounds.count, at.near.copy()
    with np.errstate(all="ignore"):
        bounds.recentre(at, off)
    of_variables = has[: 2 * len(off.z)]
    product = (at.near * at.force)[: 2 * len(off.z)][of_variables] / mean
    assert product.min(initial=LEAST) >= LEAST - 1e-9
    assert product.max(initial=LEAST) <= MOST + 1e-9
    assert not at.force[~has].any()
    assert np.array_equal(at.near, near)
