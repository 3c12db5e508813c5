"""The dense system of the outer unknowns, against numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.solve.staged.dense import Dense, product
from zeroplant.solve.staged.form import Declined

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 9, 30, 131])
def test_it_finds_what_numpy_finds(size: int) -> None:
    """*Proves:* matrices of any size, not positive and scaled over twenty decades, with zeros
    on their diagonal, are solved as numpy solves them. *A wrong answer would be:* a row that is
    exchanged in one panel and not in those before it.
    """
    matrix = RANDOM.standard_normal((size, size))
    matrix += matrix.T
    matrix[0, 0] *= size == 1
    unit = 10.0 ** RANDOM.uniform(-10, 10, size)
    right = RANDOM.standard_normal(size)
    found = Dense(matrix * unit * unit[:, None]).solve(right * unit) * unit
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-8, abs=1e-8)
    assert product(matrix, found) == pytest.approx(right, abs=1e-8)


def test_nothing_to_solve() -> None:
    """*Proves:* a form without outer unknowns has a dense system of none."""
    assert Dense(np.zeros((0, 0))).solve(np.zeros(0)).shape == (0,)


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (np.ones((3, 3)), "singular"),
        (np.zeros((1, 1)), "singular"),
        (np.array([[1.0, np.inf], [np.inf, 1.0]]), "overflowed"),
        (np.full((2, 2), np.nan), "overflowed"),
    ],
)
def test_what_has_no_answer_is_declined(matrix: np.ndarray, says: str) -> None:
    """*Proves:* no pivot and no number are told. *A wrong answer would be:* a step of NaN."""
    with pytest.raises(Declined, match=says):
        Dense(matrix)
