"""Program → `MatrixProgram`: the stage arrays put side by side, without sorting anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from zeroplant.axis import Floats, Ints
from zeroplant.waist.matrix import Layout, MatrixProgram, refuse_nan
from zeroplant.waist.program import Coupling, Program

Ints32 = NDArray[np.int32]
# Entries of one block of columns: rows and values by stage, under the row block they belong to.
Block = dict[tuple[int, int], tuple[Ints32, Floats]]
# Entries of each column, and the rows and values of all of them, column after column.
Table = tuple[Ints, Ints32, Floats]

# Smaller coefficients are left out, as HiGHS would do by itself (its small_matrix_value).
NEGLIGIBLE = 1e-9


def assemble(program: Program) -> MatrixProgram:
    """The program as one sparse matrix with bounds."""
    matrix = _Assembler(program).matrix_program()
    refuse_nan(program, matrix)
    return matrix


class _Assembler:
    """Builds the matrix column by column: the entries of one block of columns stand side by side.

    Every entry of a stage column has one value per stage, so a block with k entries is a table of
    stages × k, and its columns are the rows of that table: nothing needs to be sorted.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stage = np.arange(program.stages, dtype=np.int32)
        self.period = self.stage % program.periods
        self.blocks: list[Block] = [{} for _ in program.columns]
        self.sizes: list[tuple[Ints32, Ints | int, Floats]] = []
        self.row_lower: list[Floats] = []
        self.row_upper: list[Floats] = []
        self.height = 0

    def matrix_program(self) -> MatrixProgram:
        program, stages = self.program, self.program.stages
        for row in program.rows:
            for entry in row.entries:
                self._put(entry.column, entry.value, entry.lag)
            for coupling in row.sizes:
                self._put_size(coupling.size, coupling.value)
            self._finish(row.lower, row.upper)
        floors = self._bounds("floor")
        caps = self._bounds("cap")
        budgets = self._budgets()
        columns, sizes = program.columns, program.sizes
        return MatrixProgram(
            cost=_stack([c.cost for c in columns], sizes.cost),
            lower=_stack([_free(c.lower, c.floor, -np.inf) for c in columns], sizes.lower),
            upper=_stack([_free(c.upper, c.cap, np.inf) for c in columns], sizes.upper),
            matrix=self._matrix(),
            row_lower=np.concatenate(self.row_lower),
            row_upper=np.concatenate(self.row_upper),
            # as booleans, for a network of sizes alone has no columns here
            integer=np.append(
                np.repeat(np.array([c.integer for c in columns], dtype=bool), stages),
                sizes.integer,
            ),
            offset=program.offset,
            layout=Layout(stages, len(program.rows), floors, caps, budgets),
        )

    def _bounds(self, side: str) -> dict[int, int]:
        """Rows for bounds that grow with a size: column − value·size against the rest."""
        first = {}
        free = np.broadcast_to(np.inf, (self.program.stages,))
        ones = np.ones(self.program.stages)
        for place, column in enumerate(self.program.columns):
            coupling: Coupling | None = getattr(column, side)
            if coupling is None:
                continue
            first[place] = self.height
            self._put(place, ones)
            self._put_size(coupling.size, -coupling.value)
            if side == "cap":
                self._finish(-free, column.upper)
            else:
                self._finish(column.lower, free)
        return first

    def _budgets(self) -> int:
        first, budgets = self.height, self.program.budgets
        for entry in budgets.entries:
            rows = (first + entry.row).astype(np.int32)
            self._add(entry.column, (int(rows[0]), 0), rows, entry.value)
        rows = (first + budgets.size_rows).astype(np.int32)
        self.sizes.append((rows, budgets.size_columns, budgets.size_values))
        self._finish(budgets.lower, budgets.upper)
        return first

    def _put(self, place: int, values: Floats, lag: int = 0) -> None:
        """An entry of a stage column in the row block at hand, ``lag`` periods back."""
        rows, lag = self.stage, lag % self.program.periods
        if lag:
            # The row that looks back at a stage stands later in the chain, or at its beginning.
            rows = self.stage - self.period + (self.period + lag) % self.program.periods
            values = values[rows]
        self._add(place, (self.height, lag), self.height + rows, values)

    def _add(self, place: int, key: tuple[int, int], rows: Ints32, values: Floats) -> None:
        """Entries that meet in the same places are added up: solvers refuse them twice."""
        block = self.blocks[place]
        if key in block:
            values = block[key][1] + values
        block[key] = (rows, values)

    def _put_size(self, size: Ints | int, values: Floats) -> None:
        self.sizes.append((self.height + self.stage, size, values))

    def _finish(self, lower: Floats, upper: Floats) -> None:
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.height += len(lower)

    def _matrix(self) -> csc_array:
        tables = [_table(block, self.program.stages) for block in self.blocks]
        tables.append(self._size_table())
        width = len(self.blocks) * self.program.stages + len(self.program.sizes.cost)
        start = np.zeros(width + 1, dtype=np.int32)
        np.cumsum(np.concatenate([counts for counts, _, _ in tables]), out=start[1:])
        index = np.concatenate([rows for _, rows, _ in tables])
        values = np.concatenate([values for _, _, values in tables])
        return csc_array((values, index, start), shape=(self.height, width))

    def _size_table(self) -> Table:
        """Entries of the sizes, in the order of their elements, doubles added up."""
        elements = [np.broadcast_to(np.asarray(size), rows.shape) for rows, size, _ in self.sizes]
        size = np.concatenate(elements)
        rows = np.concatenate([rows for rows, _, _ in self.sizes])
        values = np.concatenate([values for _, _, values in self.sizes])
        shape = (self.height, len(self.program.sizes.cost))
        part = csc_array((values, (rows, size)), shape=shape)
        part.data[np.abs(part.data) <= NEGLIGIBLE] = 0.0
        part.eliminate_zeros()
        return np.diff(part.indptr), part.indices.astype(np.int32), part.data


def _table(block: Block, stages: int) -> Table:
    """Entries of one block of columns, column by column."""
    if not block:
        return np.zeros(stages, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0)
    rows = np.stack([rows for rows, _ in block.values()], axis=1)
    values = np.stack([values for _, values in block.values()], axis=1)
    keep = ~(np.abs(values) <= NEGLIGIBLE)
    if keep.all():
        return np.full(stages, len(block)), rows.ravel(), values.ravel()
    return keep.sum(axis=1), rows[keep], values[keep]


def _stack(parts: list[Floats], last: Floats) -> Floats:
    return np.concatenate([*parts, last])


def _free(bound: Floats, coupling: Coupling | None, infinity: float) -> Floats:
    """A bound that is held by a row leaves the column free on that side."""
    return bound if coupling is None else np.broadcast_to(infinity, bound.shape)
