"""Parts of tables, and facts of their entries, beside what scipy and numpy make of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array, eye_array, hstack, random_array

from zeroplant.solve.staged import entries
from zeroplant.solve.staged.tables import picked, turned

ROWS, COLUMNS = 40, 30


@pytest.fixture(params=range(4))
def draw(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng(request.param)


def table(draw: np.random.Generator) -> csr_array:
    """Some entries of either sign, a few of them zeros that are stored."""
    found = csr_array(random_array((ROWS, COLUMNS), density=0.2, rng=draw))
    found.data -= 0.5
    found.data[::7] = 0.0
    return found


def same(one: csr_array, other: csr_array) -> None:
    """Both have the same entries, none of them zero and all in order."""
    assert one.shape == other.shape
    other = csr_array(other)
    other.eliminate_zeros()
    other.sort_indices()
    for mine, theirs in zip(
        (one.indptr, one.indices, one.data),
        (other.indptr, other.indices, other.data),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, theirs)


def test_picked_takes_rows_and_columns_without_zeros(draw: np.random.Generator) -> None:
    whole, rows, columns = table(draw), draw.random(ROWS) < 0.5, draw.random(COLUMNS) < 0.5
    factor = draw.choice([-1.0, 1.0], COLUMNS)
    same(picked(whole), whole)
    same(picked(whole, rows), whole[rows])
    wanted = csr_array(whole.toarray()[rows][:, columns] * factor[columns])
    same(picked(whole, rows, columns, factor), wanted)


def test_turned_adds_slacks_behind_the_columns(draw: np.random.Generator) -> None:
    whole, rows = csc_array(table(draw)), draw.random(ROWS) < 0.7
    height = int(rows.sum())
    slacks = np.flatnonzero(draw.random(height) < 0.4)
    columns = draw.random(COLUMNS + len(slacks)) < 0.6
    factor = draw.choice([-1.0, 1.0], len(columns))
    slack = -eye_array(height, format="csc")[:, slacks]
    wanted = hstack([csr_array(whole)[rows], slack]).toarray() * factor
    same(turned(whole, rows, slacks, columns, factor), csr_array(wanted[:, columns]))


def test_facts_of_entries(draw: np.random.Generator) -> None:
    whole = table(draw)
    A, dense, there = (whole.indptr, whole.indices, whole.data), whole.toarray(), whole.data * 0 + 1
    there = csr_array((there, whole.indices, whole.indptr), shape=whole.shape).toarray() > 0
    row, column, some = draw.random(ROWS), draw.random(COLUMNS), draw.random(ROWS) < 0.5
    largest, total = entries.weighed(*A, column, some)
    weighed = np.abs(dense * column) * some[:, None]
    np.testing.assert_allclose(largest, weighed.max(axis=1), rtol=1e-15)
    np.testing.assert_allclose(total, weighed.sum(axis=1), rtol=1e-14)
    by_row = np.abs(dense * row[:, None])
    np.testing.assert_allclose(entries.summed(*A, row, COLUMNS), by_row.sum(axis=0), rtol=1e-14)
    np.testing.assert_allclose(entries.largest(*A, row, COLUMNS), by_row.max(axis=0), rtol=1e-15)
    scaled = csr_array((entries.times(*A, row, column), *A[1::-1]), shape=whole.shape).toarray()
    np.testing.assert_allclose(scaled, dense * row[:, None] * column, rtol=1e-15)
    np.testing.assert_array_equal(entries.rows_of(*A[:2]), np.nonzero(there)[0])
    kinds, kind = np.arange(ROWS) % 3 - 1, np.arange(COLUMNS) % 4 - 1
    meet = np.zeros((2, 3))
    entries.meetings(*A, kinds, kind, meet)
    for one, other in np.ndindex(2, 3):
        assert meet[one, other] == np.abs(dense[kinds == one][:, kind == other]).max()


def test_stages_of_entries(draw: np.random.Generator) -> None:
    whole = table(draw)
    start, item = whole.indptr, whole.indices
    stage, row_stage = draw.integers(-1, 12, COLUMNS), draw.integers(-1, 12, ROWS)
    first, last = entries.span(start, item, stage, row_stage < 0)
    for row in range(ROWS):
        known = stage[item[start[row] : start[row + 1]]]
        known = known[known >= 0] if row_stage[row] < 0 else known[:0]
        assert first[row] == min(known, default=entries.FAR)
        assert last[row] == max(known, default=-1)
    rows = entries.rows_of(start, item)
    both = (row_stage[rows] >= 0) & (stage[item] >= 0)
    back = (row_stage[rows] - stage[item]) % 12
    assert entries.farthest(start, item, row_stage, stage, 12) == back[both].max()
    low, high = np.full(COLUMNS, entries.FAR), np.full(COLUMNS, -1)
    entries.widen(start, item, row_stage, row_stage, low, high)
    single = []
    for column in range(COLUMNS):
        known = row_stage[rows[item == column]]
        assert low[column] == min(known, default=entries.FAR)
        assert high[column] == max(known, default=-1)
        if len(known) == 1 and stage[column] < 0:
            single.append((column, int(rows[item == column][0])))
    assert [*zip(*map(np.ndarray.tolist, entries.alone(start, item, stage)), strict=True)] == single


def test_counted_numbers_values_in_their_order() -> None:
    number, count = entries.counted(np.array([7, 2, 9, 2]))
    assert (number.tolist(), count) == ([1, 0, 2, 0], 3)
    assert entries.counted(np.zeros(0, dtype=np.int64))[1] == 0
