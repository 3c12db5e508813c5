"""A programme cut into parts that share no row and no column, each solved by itself.

A station with a meter of its own, beside a plant: their optima do not know of each other. Solved
together, an interior-point method takes for both the steps that the harder one allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components

from zeroplant.axis import Ints
from zeroplant.waist.matrix import Layout, MatrixProgram

LEAST = 0.02
"""Share of all columns that a part has at least; what is smaller goes with the largest."""


@dataclass(frozen=True)
class Part:
    """Some ``rows`` and ``columns`` of a programme, in their order, as a programme."""

    program: MatrixProgram
    rows: Ints
    columns: Ints


def parts(program: MatrixProgram) -> list[Part]:
    """The parts of a linear programme; itself alone if all of it hangs together."""
    count, columns = program.matrix.shape
    part = _hangs_together(program) if count and columns else np.zeros(count + columns, np.int32)
    found = np.unique(part)
    if len(found) <= 1:
        return [Part(program, np.arange(count), np.arange(columns))]
    of_rows, of_columns = part[:count], part[count:]
    pairs = [(np.flatnonzero(of_rows == k), np.flatnonzero(of_columns == k)) for k in found]
    return [Part(_cut(program, *pair), *pair) for pair in pairs]


def _hangs_together(program: MatrixProgram) -> Ints:
    """The number of the part that each row, then each column, belongs to."""
    row, column = program.matrix.nonzero()
    rows, columns = program.matrix.shape
    pairs = coo_array((np.ones(len(row)), (row, rows + column)), shape=(rows + columns,) * 2)
    _, part = connected_components(pairs.tocsr(), directed=False)
    share = np.bincount(part[rows:], minlength=int(part.max()) + 1) / columns
    part[share[part] < LEAST] = share.argmax()
    return np.asarray(part)


def _cut(program: MatrixProgram, rows: Ints, columns: Ints) -> MatrixProgram:
    return MatrixProgram(
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        matrix=csc_array(program.matrix[:, columns].tocsr()[rows]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        integer=program.integer[columns],
        offset=0.0,
        layout=Layout(1, len(rows), {}, {}, len(rows)),
    )
