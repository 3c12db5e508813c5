"""One sparse matrix with bounds, for solvers that think in rows and columns.

Columns are laid out block by block: all stages of the first stage column, then of the second,
…, then the sizes. Rows likewise: stage rows, then one row for every bound that grows with a
size, then the budgets. ``Layout`` says where each block begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.waist.program import Program


@dataclass
class Layout:
    """Where blocks begin. There are ``stage_rows`` blocks of stage rows, then bounds, budgets."""

    stages: int
    stage_rows: int
    floors: dict[int, int]
    caps: dict[int, int]
    budgets: int

    def column(self, place: int) -> slice:
        """All stages of one stage column."""
        return slice(place * self.stages, (place + 1) * self.stages)

    # Stage rows are cut like stage columns.
    row = column

    def bound(self, place: int, *, cap: bool) -> slice | None:
        """The rows that hold a column's size-dependent cap or floor, if it has one."""
        first = (self.caps if cap else self.floors).get(place)
        return None if first is None else slice(first, first + self.stages)


@dataclass
class MatrixProgram:
    """minimise offset + cost'x  with  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper."""

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    integer: NDArray[np.bool_]
    offset: float
    layout: Layout

    @cached_property
    def magnitude(self) -> csc_array:
        """The matrix of absolute values; where its entries stand is shared with the matrix."""
        own = self.matrix
        return csc_array((np.abs(own.data), own.indices, own.indptr), shape=own.shape)

    @cached_property
    def transpose(self) -> csr_array:
        """The matrix with rows and columns exchanged."""
        return self.matrix.T

    def priced(self, cost: Floats) -> MatrixProgram:
        """The same programme at other costs; what is worked out of the matrix is shared."""
        other = replace(self, cost=cost)
        other.__dict__.update(magnitude=self.magnitude, transpose=self.transpose)
        return other


def refuse_nan(program: Program, matrix: MatrixProgram) -> None:
    """InputError naming the word whose price, bound or coefficient is not a number."""
    stages = program.stages
    names = [column.name for column in program.columns]

    def column_name(place: int) -> str:
        block = place // stages
        return (
            names[block] if block < len(names) else program.sizes.names[place - len(names) * stages]
        )

    for values in (matrix.cost, matrix.lower, matrix.upper):
        if np.isnan(values).any():
            name = column_name(int(np.isnan(values).argmax()))
            raise InputError(Problem(f"a price or bound of '{name}' is not a number"))
    if np.isnan(matrix.matrix.data).any():
        entry = int(np.isnan(matrix.matrix.data).argmax())
        name = column_name(int(np.searchsorted(matrix.matrix.indptr, entry, side="right")) - 1)
        raise InputError(Problem(f"a coefficient of '{name}' is not a number"))
    if np.isnan(matrix.row_lower).any() or np.isnan(matrix.row_upper).any():
        row = int((np.isnan(matrix.row_lower) | np.isnan(matrix.row_upper)).argmax())
        blocks = [row.name for row in program.rows]
        name = blocks[row // stages] if row // stages < len(blocks) else "a rule"
        raise InputError(Problem(f"a limit or inflow of '{name}' is not a number"))
