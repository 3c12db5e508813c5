"""A band matrix on LAPACK: factor once by rows with pivoting, solve for many right-hand sides."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dgbtrf, dgbtrs

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Declined


class Band:
    """LU factors of a square matrix whose entries stand within ``width`` of its diagonal."""

    def __init__(self, length: int, width: int) -> None:
        self.length, self.width = length, width
        self.height = 3 * width + 1

    def place(self, row: Ints, column: Ints) -> Ints:
        """Where an entry stands in LAPACK's storage, counted column after column."""
        return np.asarray(2 * self.width + row - column + column * self.height)

    def factor(self, places: Ints, values: Floats) -> None:
        """Factor the matrix with these entries; those that meet in one place are added up."""
        entries = np.bincount(places, values, minlength=self.length * self.height)
        storage = entries.reshape((self.height, self.length), order="F")
        self._lu, self._pivots, info = dgbtrf(storage, self.width, self.width, overwrite_ab=1)
        if info:
            message = "the Newton system is singular"
            raise Declined(message)

    def solve(self, right: Floats) -> Floats:
        """Solve for one or several right-hand sides (columns)."""
        solution, _ = dgbtrs(self._lu, self.width, self.width, right, self._pivots)
        return np.asarray(solution)
