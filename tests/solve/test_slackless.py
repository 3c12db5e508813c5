"""Equations with a slack as limits: the same optimum, and the way back."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from tests.solve.test_ranges import has_the_same_optimum, nothing
from zeroplant.solve.slackless import Slackless
from zeroplant.waist.matrix import Layout, MatrixProgram


def shops(seed: int, count: int = 8) -> MatrixProgram:
    """What to make of ``count`` goods: equations with slacks of all sorts.

    Columns: the goods, then a slack for each row, with either sign, half of them bounded from above
    and some from other than 0. The last row has a second slack, the one before it a priced one.
    """
    random = np.random.default_rng(seed)
    rows = count + 2
    use = random.uniform(0.0, 2.0, (rows, count)) * random.integers(0, 2, (rows, count))
    unit = random.uniform(0.5, 2.0, rows) * random.choice([-1.0, 1.0], rows)
    lower = random.uniform(-1.0, 1.0, rows) * random.integers(0, 2, rows)
    upper = np.where(random.integers(0, 2, rows) == 0, lower + 3.0, np.inf)
    second = np.append(np.zeros(rows - 1), 1.0)
    right = use @ random.uniform(0.0, 3.0, count) + unit * (lower + 1.0)
    price = np.concatenate([random.uniform(-9.0, 9.0, count), np.zeros(rows - 2), [0.3, 0.0, 0.0]])
    return MatrixProgram(
        cost=price,
        lower=np.concatenate([np.zeros(count), lower, [0.0]]),
        upper=np.concatenate([np.full(count, 4.0), upper, [np.inf]]),
        matrix=csc_array(np.column_stack([use, np.diag(unit), second])),
        row_lower=right,
        row_upper=right.copy(),
        integer=np.zeros(len(price), dtype=bool),
        offset=3.0,
        layout=Layout(1, rows, {}, {}, rows),
    )


@settings(max_examples=100)
@given(st.integers(0, 2_999))
def test_the_optimum_is_the_same_and_so_is_its_proof(seed: int) -> None:
    """*Proves:* without slacks the optimum is the same, and the values and duals led back pass the
    check of the programme as it was. *A wrong answer would be:* a limit from below taken for one
    from above, where a slack counts negative.
    """
    whole = shops(seed)
    less = Slackless(whole)
    assert less.program.matrix.shape == (10, 11)
    has_the_same_optimum(less, whole)


def test_a_limit_keeps_what_stands_alone_in_it() -> None:
    """*Proves:* only of an equation is what stands alone a slack: a limit with such a column would
    become another limit.
    """
    whole = shops(1)
    whole.row_upper += 1.0
    assert Slackless(whole).program.matrix.shape == whole.matrix.shape


def test_nothing_is_left_of_nothing() -> None:
    """*Proves:* a programme without rows passes."""
    less = Slackless(nothing())
    assert less.program.offset == 1.0
    assert [len(values) for values in less.back(np.zeros(0), np.zeros(0))] == [0, 0]
