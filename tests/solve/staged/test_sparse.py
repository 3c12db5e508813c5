"""Sparse factors against dense ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, random_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.sparse import Sparse


def quasi_definite(seed: int, rows: int, carried: int) -> Floats:
    """Positive for some rows, negative for the others, tied by a few entries."""
    draw = np.random.default_rng(seed)
    tie = random_array((rows, rows), density=2.0 / rows, rng=draw).toarray()
    across = random_array((rows, carried), density=0.2, rng=draw).toarray()
    weight = 10.0 ** draw.uniform(-3, 3, carried)
    return np.block([[tie @ tie.T + 1e-3 * np.eye(rows), across], [across.T, -np.diag(weight)]])


def entries(matrix: Floats) -> tuple[Ints, Ints, Floats]:
    """Places and values; the diagonal in two halves, which must be added up."""
    found = coo_array(matrix)
    first, second = (np.asarray(each, dtype=np.int64) for each in found.coords)
    diagonal = np.arange(len(matrix))
    value = np.where(first == second, 0.5 * found.data, found.data)
    both = np.concatenate
    return both([first, diagonal]), both([second, diagonal]), both([value, 0.5 * np.diag(matrix)])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 20))
def test_it_solves_what_lapack_solves(seed: int, rows: int, carried: int) -> None:
    """*Proves:* for one right-hand side and for several, and again with new values in the same
    places, the answer is that of dense elimination with pivoting.
    """
    matrix = quasi_definite(seed, rows, carried)
    first, second, value = entries(matrix)
    factors = Sparse(len(matrix), first, second)
    right = np.random.default_rng(seed).normal(size=(len(matrix), 3))
    for times in (1.0, 7.0):
        factors.factor(times * value)
        wanted = np.linalg.solve(times * matrix, right)
        np.testing.assert_allclose(factors.solve(right), wanted, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(factors.solve(right[:, 0]), wanted[:, 0], rtol=1e-6, atol=1e-8)


def test_a_chain_fills_nothing() -> None:
    """*Proves:* the order is one of few fills: a chain of 1,000 has 999 entries below its
    diagonal, a ring one more for each of nearly all of them at most.
    """
    place = np.arange(1000)
    ends = np.concatenate([place[:-1], place[1:], place])
    other = np.concatenate([place[1:], place[:-1], place])
    assert Sparse(1000, ends, other)._columns[-1] == 999


def test_a_row_of_nothing_is_refused() -> None:
    """*Proves:* a singular system is said to be one. *A wrong answer would be:* a division by 0."""
    factors = Sparse(2, np.array([0, 1]), np.array([0, 1]))
    with pytest.raises(Declined, match="singular"):
        factors.factor(np.array([1.0, 0.0]))


def test_a_pivot_lost_to_rounding_keeps_its_sign() -> None:
    """*Proves:* two rows that say the same to 17 digits are solved, as one of them, instead of
    with a pivot of rounding errors. *A wrong answer would be:* 1e16.
    """
    one = np.array([0, 0, 1, 1])
    other = np.array([0, 1, 0, 1])
    factors = Sparse(2, one, other)
    factors.factor(np.array([1.0, 1.0, 1.0, 1.0]))
    x = factors.solve(np.array([2.0, 2.0]))
    assert x.sum() == pytest.approx(2.0, rel=1e-6)
