"""Rows that are alike are kept once, and each is found again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.solve.staged.lanes import LANES
from zeroplant.solve.staged.pattern import Table
from zeroplant.solve.staged.shared import Shared


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), groups=st.integers(1, 3), entries=st.integers(1, 40))
def test_alike_rows_are_kept_once_and_found_again(seed: int, groups: int, entries: int) -> None:
    """*Proves:* every entry of every group reads its own eight values, also after others were
    taken, and no two rows are alike. *A wrong answer would be:* two rows taken for one because
    their numbers mix to the same place, a row of the values before.
    """
    draw = np.random.default_rng(seed)
    width = groups * entries * LANES
    place = np.flatnonzero(draw.random(width) < 0.9)
    every = np.arange(entries)
    shared = Shared(Table(every, every, np.arange(len(place)), place, groups))
    for _ in range(2):
        values = np.zeros(width)
        values[place] = draw.choice([0.0, 1.0, -1.0, 0.94], len(place), p=[0.1, 0.7, 0.1, 0.1])
        shared.take(values[place])
        rows = values.reshape(-1, LANES)
        assert np.array_equal(shared.rows[shared.at.reshape(-1)], rows)
        assert shared.at.max() + 1 == len(np.unique(rows, axis=0))
