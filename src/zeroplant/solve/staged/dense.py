"""A dense system of the outer unknowns, solved without threads of its own.

The libraries that numpy and scipy give dense matrices to wake threads for them, which then wait
busily for more work: from a hundred outer unknowns on (twelve years) they took the processors from
the passes over the stages, and a step cost twice as much. What is done here stays where it is
asked for, and is the same to the last bit on any number of processors.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged.form import Declined

# Columns that are eliminated before what they leave is taken from the rest, at once.
PANEL = 4


class Dense:
    """A square matrix with its factors; rows and columns are scaled for these.

    Raises Declined if the matrix is singular or overflowed.
    """

    def __init__(self, matrix: Floats) -> None:
        if not np.isfinite(matrix).all():
            message = "the Newton system overflowed"
            raise Declined(message)
        largest = np.abs(matrix).max(axis=1, initial=0.0)
        self._scale = 1.0 / np.sqrt(np.maximum(largest, 1e-300))
        self._factors = matrix * self._scale * self._scale[:, None]
        self._pivots = np.arange(len(matrix))
        if not _factor(self._factors, self._pivots):
            message = "the border of the Newton system is singular"
            raise Declined(message)

    def solve(self, right: Floats) -> Floats:
        """Unknowns for a right-hand side."""
        found: Floats = self._scale * right
        _solve(self._factors, self._pivots, found)
        found *= self._scale
        return found


@njit(cache=True, nogil=True, error_model="numpy")
def product(matrix: Floats, vector: Floats) -> Floats:
    """The product of a matrix and a vector."""
    found = np.zeros(len(matrix))
    for i in range(len(matrix)):
        for j in range(len(vector)):
            found[i] += matrix[i, j] * vector[j]
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _factor(m: Floats, pivots: Ints) -> bool:
    """L U in place, rows exchanged for the largest pivot; False if there is none."""
    n = len(m)
    for first in range(0, n, PANEL):
        end = min(first + PANEL, n)
        for k in range(first, end):
            pivots[k] = k + np.abs(m[k:, k]).argmax()
            if pivots[k] != k:
                for j in range(n):
                    m[k, j], m[pivots[k], j] = m[pivots[k], j], m[k, j]
            if m[k, k] == 0.0:
                return False
            for i in range(k + 1, n):
                m[i, k] /= m[k, k]
                for j in range(k + 1, end):
                    m[i, j] -= m[i, k] * m[k, j]
        for k in range(first + 1, end):
            for above in range(first, k):
                for j in range(end, n):
                    m[k, j] -= m[k, above] * m[above, j]
        for i in range(end, n):
            a, b, c, d = m[i, first], m[i, first + 1], m[i, first + 2], m[i, first + 3]
            for j in range(end, n):
                left = a * m[first, j] + b * m[first + 1, j]
                m[i, j] -= left + c * m[first + 2, j] + d * m[first + 3, j]
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _solve(m: Floats, pivots: Ints, x: Floats) -> None:
    """Solve L U x = the right-hand side that stands in ``x``."""
    n = len(m)
    for k in range(n):
        x[k], x[pivots[k]] = x[pivots[k]], x[k]
    for k in range(n):
        for j in range(k):
            x[k] -= m[k, j] * x[j]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            x[k] -= m[k, j] * x[j]
        x[k] /= m[k, k]
