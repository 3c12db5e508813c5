"""Functions with kinks, jumps and gaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.axis import Floats
from zeroplant.solve.fleet.pieces import best_sum, coarser, lower, moved, value_at

INF = np.inf


def function(*pieces: tuple[float, float, float, float]) -> Floats:
    """A table from (first, last, value, slope)."""
    return np.array(pieces, dtype=float)


def random_function(draw: np.random.Generator) -> Floats:
    """Some pieces in order, with gaps, jumps and points, on a grid so that they often touch."""
    ends = np.sort(draw.choice(13, 2 * draw.integers(1, 5), replace=False)).astype(float) / 2.0
    first, last = ends[::2], ends[1::2]
    last = np.where(draw.random(len(last)) < 0.3, first, last)
    values = draw.integers(-3, 4, len(first)) + 0.0
    return np.stack([first, last, values, draw.integers(-2, 3, len(first)) + 0.0], axis=1)


def values(table: Floats, at: Floats) -> Floats:
    """The function at many places."""
    return np.array([value_at(table, x) for x in at])


def test_the_cheaper_of_two_that_touch_counts() -> None:
    """*Proves:* a jump from 5 to 1 at 2 is worth 1 at 2, and so is a point at 2 one ulp away.
    *A wrong answer would be:* 5, the value of the piece that is found first.
    """
    assert value_at(function((0, 2, 5, 0), (2, 3, 1, 0)), 2.0) == 1.0
    ulp = np.nextafter(2.0, 3.0)
    assert value_at(function((0, 2, 5, 0), (ulp, ulp, 1, 0)), 2.0) == 1.0
    assert value_at(function((0, 2, 5, 0), (3, 4, 1, 0)), 2.5) == INF


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_lower_of_two_is_lower_everywhere(seed: int) -> None:
    """*Proves:* at every place, gaps and jumps among them, the result is the smaller value."""
    draw = np.random.default_rng(seed)
    one, two, out = random_function(draw), random_function(draw), np.empty((60, 4))
    found = out[: lower(one, two, out, 0)]
    at = np.concatenate([np.arange(0.0, 6.01, 0.25), draw.uniform(0.0, 6.0, 20)])
    wanted = np.minimum(values(one, at), values(two, at))
    np.testing.assert_allclose(values(found, at), wanted, rtol=0, atol=1e-9)


def test_best_sum_by_hand() -> None:
    """*Proves:* falling by 2 over [0, 1], then rising by 1 over [1, 3], and a move u in [0, 1] at
    3 a unit: from x = −1 the best is u = 1 to 0, cost 3; from 0, staying, cost 0, for the step to 1
    costs 3 and saves 2; from 3, staying, cost 0.
    *A wrong answer would be:* −2 + 3 = 1 from 0.
    """
    run, out = function((0, 1, 0, -2), (1, 3, -2, 1)), np.empty((20, 4))
    found = out[: best_sum(run, function((0, 1, 0, 3)), out, 0)]
    assert [value_at(found, x) for x in (-1.0, -0.5, 0.0, 1.0, 3.0)] == [3.0, 1.5, 0.0, -2.0, 0.0]
    assert value_at(found, -1.5) == INF


def test_a_moved_function_keeps_what_misses_a_bound_by_rounding() -> None:
    """*Proves:* a single level at 1 − 1e-12 stays when levels from 1 are asked for; 0.9 does not.
    *A wrong answer would be:* an empty function, and a feasible device called infeasible.
    """
    out = np.empty((4, 4))
    assert moved(function((1 - 1e-12, 1 - 1e-12, 7, 0)), 1.0, 0.0, 1.0, 2.0, out, 0) == 1
    assert out[0, 2] == 7.0
    assert moved(function((0.9, 0.9, 7, 0)), 1.0, 0.0, 1.0, 2.0, out, 0) == 0


def test_a_coarser_function_is_a_lower_bound_in_the_same_places() -> None:
    """*Proves:* 40 stairs of very different height become at most 10, nowhere higher, with the
    same gap.
    """
    draw = np.random.default_rng(4)
    first = np.arange(40.0) + (np.arange(40) >= 20)
    table = np.stack([first, first + 1, draw.random(40) ** 4, np.zeros(40)], axis=1)
    out = np.empty((40, 4))
    found = out[: coarser(table, 10, out)]
    at = np.linspace(0.0, 41.0, 400)
    assert len(found) <= 10
    assert np.all(values(found, at) <= values(table, at))
    assert value_at(found, 20.5) == INF
