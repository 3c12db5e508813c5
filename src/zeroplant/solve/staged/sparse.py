"""A sparse symmetric matrix: L D L' factors, laid out once and filled for every new weight.

Where time is tied too widely for a band (water that arrives hours later, networks of many nodes),
most of a band would be zeros. The matrix of a Newton step is quasi-definite: positive where a row
stands, negative where a carried variable stands, and such a matrix has factors in any order
without pivoting (R. J. Vanderbei, SIAM J. Optim. 5 (1995) 100). The order is that of minimum
degree, which SuperLU works out; the elimination tree and the up-looking factorisation follow
T. A. Davis, Direct Methods for Sparse Linear Systems (SIAM 2006), chapter 4.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.sparse import csc_array, csc_matrix
from scipy.sparse.linalg import splu

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Declined

# A pivot that has lost its sign to rounding gets it back, this small beside what stood there; the
# refinement of each solution makes up for it.
LEAST = 1e-13
# Entries of the factors above which other solvers are quicker, or memory ends.
MOST_ENTRIES = 60_000_000


class Sparse:
    """Factors of a symmetric matrix with entries at (``first``, ``second``), both triangles."""

    def __init__(self, length: int, first: Ints, second: Ints) -> None:
        self.length = length
        self._order = minimum_degree(length, first, second)
        place = np.empty(length, dtype=np.int64)
        place[self._order] = np.arange(length)
        row, column = place[first], place[second]
        self._kept = np.flatnonzero(row <= column)
        key = column[self._kept] * length + row[self._kept]
        entries, self._slot = np.unique(key, return_inverse=True)
        self._rows = entries % length
        self._starts = np.searchsorted(entries, np.arange(length + 1) * length)
        self._tree, counts = _tree(self._starts, self._rows)
        self._columns = np.concatenate([[0], np.cumsum(counts)])
        if self._columns[-1] > MOST_ENTRIES:
            message = f"the factors would have {self._columns[-1]:,} entries"
            raise Declined(message)
        self._index = np.empty(self._columns[-1], dtype=np.int32)
        self._factor = np.empty(self._columns[-1])
        self._diagonal = np.empty(length)

    def factor(self, values: Floats) -> None:
        """Factor the matrix with these values; entries that meet in one place are added up."""
        count = len(self._rows)
        data: Floats = np.bincount(self._slot, values[self._kept], count).astype(float, copy=False)
        sound = _factor(
            self._starts, self._rows, data, self._tree, self._columns,
            self._index, self._factor, self._diagonal,
        )  # fmt: skip
        if not sound:
            message = "the Newton system is singular"
            raise Declined(message)

    def solve(self, right: Floats) -> Floats:
        """Solve for one or several right-hand sides (columns)."""
        x = np.ascontiguousarray(right[self._order].reshape(self.length, -1))
        _solve(self._columns, self._index, self._factor, self._diagonal, x)
        solution = np.empty_like(x)
        solution[self._order] = x
        return solution.reshape(right.shape)


def minimum_degree(length: int, first: Ints, second: Ints) -> Ints:
    """An order of elimination that fills few zeros, for entries in both triangles."""
    if not length:
        return np.zeros(0, dtype=np.int64)
    pattern = csc_array((np.ones(len(first)), (first, second)), shape=(length, length))
    pattern.data[:] = -1.0 / (1.0 + len(first))
    dominant = csc_matrix(pattern)
    dominant.setdiag(1.0)
    found = splu(
        dominant,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    order: Ints = np.argsort(found.perm_c).astype(np.int64)
    return order


@njit(cache=True, nogil=True)
def _tree(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Elimination tree of an upper triangle by columns, and the entries of each column of L."""
    length = len(starts) - 1
    tree = np.full(length, -1, dtype=np.int64)
    counts = np.zeros(length, dtype=np.int64)
    mark = np.full(length, -1, dtype=np.int64)
    for column in range(length):
        mark[column] = column
        for place in range(starts[column], starts[column + 1]):
            row = rows[place]
            while mark[row] != column:
                if tree[row] < 0:
                    tree[row] = column
                counts[row] += 1
                mark[row] = column
                row = tree[row]
    return tree, counts


@njit(cache=True, nogil=True)
def _factor(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    starts: Ints, rows: Ints, data: Floats, tree: Ints, columns: Ints,
    index: Ints, factor: Floats, diagonal: Floats,
) -> bool:  # fmt: skip
    """Row after row of L: solve with the rows above it, along paths of the elimination tree."""
    length = len(starts) - 1
    dense = np.zeros(length)
    mark = np.full(length, -1, dtype=np.int64)
    reach = np.empty(length, dtype=np.int64)
    path = np.empty(length, dtype=np.int64)
    filled = columns[:-1].copy()
    for row in range(length):
        top, mark[row], pivot, first = length, row, 0.0, 0.0
        for place in range(starts[row], starts[row + 1]):
            at = rows[place]
            if at == row:
                pivot = first = data[place]
                continue
            dense[at] = data[place]
            steps = 0
            while mark[at] != row:
                path[steps] = at
                mark[at] = row
                steps += 1
                at = tree[at]
            while steps > 0:
                steps -= 1
                top -= 1
                reach[top] = path[steps]
        for turn in range(top, length):
            at = reach[turn]
            value = dense[at]
            dense[at] = 0.0
            for place in range(columns[at], filled[at]):
                dense[index[place]] -= factor[place] * value
            entry = value * diagonal[at]
            pivot -= entry * value
            index[filled[at]] = row
            factor[filled[at]] = entry
            filled[at] += 1
        if not np.isfinite(pivot) or first == 0.0:
            return False
        if pivot * first <= LEAST * first * first:
            pivot = LEAST * first
        diagonal[row] = 1.0 / pivot
    return True


@njit(cache=True, nogil=True)
def _solve(columns: Ints, index: Ints, factor: Floats, diagonal: Floats, x: Floats) -> None:
    """Forward, diagonal, backward; in place for all columns of ``x``."""
    length, many = x.shape
    for column in range(length):
        for place in range(columns[column], columns[column + 1]):
            for side in range(many):
                x[index[place], side] -= factor[place] * x[column, side]
    for row in range(length):
        for side in range(many):
            x[row, side] *= diagonal[row]
    for column in range(length - 1, -1, -1):
        for place in range(columns[column], columns[column + 1]):
            for side in range(many):
                x[column, side] -= factor[place] * x[index[place], side]
