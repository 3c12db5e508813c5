"""A band matrix on LAPACK: factor once by rows with pivoting, solve for many right-hand sides."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dgbtrf, dgbtrs

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Declined


class Band:
    """LU factors of a square matrix with entries at (``row``, ``column``), near its diagonal."""

    def __init__(self, length: int, row: Ints, column: Ints) -> None:
        self.length, self.width = length, int(np.abs(row - column).max(initial=0))
        self.height = 3 * self.width + 1
        # Where entries stand in LAPACK's storage, counted column after column.
        self._places = 2 * self.width + row - column + column * self.height

    def factor(self, values: Floats) -> None:
        """Factor the matrix with these values; entries that meet in one place are added up."""
        entries = np.bincount(self._places, values, minlength=self.length * self.height)
        storage = entries.reshape((self.height, self.length), order="F")
        self._lu, self._pivots, info = dgbtrf(storage, self.width, self.width, overwrite_ab=1)
        if info:
            message = "the Newton system is singular"
            raise Declined(message)

    def solve(self, right: Floats) -> Floats:
        """Solve for one or several right-hand sides (columns)."""
        solution, _ = dgbtrs(self._lu, self.width, self.width, right, self._pivots)
        return np.asarray(solution)
