"""Program → standard form, element by element, and the way back.

A variable is measured from one of its bounds, which may itself grow with a size; a variable
whose bounds meet drops out; a row with two different bounds gets a slack column; a row without
bounds, or without variables, drops out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Bools, Declined, Form
from zeroplant.solve.staged.rigid import refuse_crossed, says_nothing
from zeroplant.solve.staged.tables import by_row, picked, turned
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program


@dataclass
class Measured:
    """Variables x = base + S p + sign·z with z ≥ 0 (or free) and z ≤ upper + U p."""

    base: Floats
    S: csr_array
    sign: Floats
    upper: Floats
    U: csr_array
    free: Bools


@dataclass
class Origin:
    """The way back: which elements, sizes and rows of the programme the form speaks of."""

    stage: Measured
    sizes: Measured
    kept: Bools
    kept_sizes: Bools
    kept_rows: Bools
    rows: Bools


def standardise(program: Program, matrix: MatrixProgram) -> tuple[Form, Origin]:
    """The standard form of a linear programme, and the way back.

    Raises Declined if something must be whole, Contradiction if what is given leaves no answer.
    """
    if program.is_integer:
        message = "something must be whole"
        raise Declined(message)
    n, rows = len(program.columns) * program.stages, _free_standing_rows(matrix)
    place = np.flatnonzero(rows)
    row_lower, row_upper = matrix.row_lower[place], matrix.row_upper[place]
    bounded = np.isfinite(row_lower) | np.isfinite(row_upper)
    ranged = np.flatnonzero(bounded & (row_lower < row_upper))
    of_stages, of_sizes = _split(matrix, n)

    stage = _measure_stage_columns(program, matrix, of_sizes, row_lower[ranged], row_upper[ranged])
    none = csr_array((matrix.lower[n:].size, matrix.lower[n:].size))
    sizes = measure(matrix.lower[n:], matrix.upper[n:], none, none)
    kept_sizes = is_open(sizes)
    stage.upper = stage.upper + stage.U @ sizes.base
    stage.U = picked(stage.U, None, kept_sizes, sizes.sign)
    kept = is_open(stage)
    given = partial(_given, stage, sizes, kept, kept_sizes, n)
    short = np.where(kept, 0.0, -stage.upper)[:n]
    if (short > 0.0).any():
        refuse_crossed(matrix, given, _least(stage, sizes)[:n], short)
    B = of_sizes + (of_stages @ stage.S[:n]).tocsr() if stage.S.nnz else of_sizes
    fixed = (of_stages @ stage.base[:n])[place]
    fixed[ranged] -= stage.base[n:]
    row_lower[ranged] = 0.0
    b = row_lower - fixed - (B @ sizes.base)[place]
    A = turned(of_stages, rows, ranged, kept, stage.sign)
    B = picked(B, rows, kept_sizes, sizes.sign)
    empty = bounded & (np.diff(A.indptr) == 0) & (np.diff(B.indptr) == 0)
    bounded &= ~says_nothing(matrix, given, place, empty, b)
    if not bounded.all():
        A, B, b = A[bounded], B[bounded], b[bounded]
    row_kind, row_stage, kind, stage_of = _sorts(program, matrix, place, ranged)
    origin = Origin(stage, sizes, kept, kept_sizes, bounded, rows)
    cost, price, offset = prices(origin, matrix)
    form = Form(
        cost=cost,
        price=price,
        A=A,
        B=B,
        b=b,
        U=picked(stage.U, kept),
        upper=stage.upper[kept],
        most=sizes.upper[kept_sizes],
        free=stage.free[kept],
        free_size=sizes.free[kept_sizes],
        kind=kind[kept],
        row_kind=row_kind[bounded],
        row_stage=row_stage[bounded],
        stage=stage_of[kept],
        periods=program.periods,
        grain=np.ones(len(b)),
        offset=offset,
    )
    return form, origin


def _sorts(
    program: Program, matrix: MatrixProgram, place: Ints, ranged: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Of the rows at ``place``, and of variables with the slacks of ranges: kinds and stages."""
    stages, blocks, columns = program.stages, matrix.layout.stage_rows, len(program.columns)
    rules = place[blocks * stages :]
    row_kind = np.append(np.repeat(np.arange(blocks), stages), rules)
    row_stage = np.append(np.tile(np.arange(stages), blocks), np.full(len(rules), -1))
    kind = np.append(np.repeat(np.arange(columns), stages), columns + row_kind[ranged])
    stage_of = np.append(np.tile(np.arange(stages), columns), row_stage[ranged])
    return row_kind, row_stage, kind, stage_of


def prices(origin: Origin, matrix: MatrixProgram) -> tuple[Floats, Floats, float]:
    """What the form's variables and its sizes cost, and what is paid in any case."""
    stage, sizes = origin.stage, origin.sizes
    own, cost = np.split(matrix.cost, [len(matrix.cost) - len(sizes.base)])
    spent = np.zeros(len(stage.base))
    spent[: len(own)] = own
    price = (cost + stage.S.T @ spent) * sizes.sign
    least = _least(stage, sizes)
    # Not by `@`: for that, BLAS wakes threads of its own.
    offset = matrix.offset + float((spent * least).sum() + (cost * sizes.base).sum())
    return (spent * stage.sign)[origin.kept], price[origin.kept_sizes], offset


def measure(low: Floats, high: Floats, grow_low: csr_array, grow_high: csr_array) -> Measured:
    """Measure variables from their lower bound, else downwards from their upper bound."""
    up, down = np.isfinite(low), ~np.isfinite(low) & np.isfinite(high)
    base = np.where(up, low, np.where(down, high, 0.0))
    both = up & np.isfinite(high)
    S = by_row(up, grow_low) + by_row(down, grow_high)
    span = np.where(both, np.where(both, high, 0.0) - base, np.inf)
    U = by_row(both, grow_high - grow_low)
    sign = np.where(down, -1.0, 1.0)
    return Measured(base, picked(S), sign, span, picked(U), ~(up | down))


def is_open(variables: Measured) -> Bools:
    """Which variables have room between their bounds."""
    grows = np.diff(variables.U.indptr) > 0
    tiny = 1e-12 * (1.0 + np.abs(variables.base))
    return grows | (variables.upper > tiny)


def _measure_stage_columns(
    program: Program,
    matrix: MatrixProgram,
    of_sizes: csr_array,
    slack_low: Floats,
    slack_high: Floats,
) -> Measured:
    """Stage columns, measured from bounds that may grow with a size, then the slack columns."""
    layout, n = matrix.layout, len(program.columns) * program.stages
    low, high = matrix.lower[:n].copy(), matrix.upper[:n].copy()
    for place in layout.floors:
        low[layout.column(place)] = matrix.row_lower[layout.bound(place, cap=False)]
    for place in layout.caps:
        high[layout.column(place)] = matrix.row_upper[layout.bound(place, cap=True)]
    low, high = np.concatenate([low, slack_low]), np.concatenate([high, slack_high])
    grow = [_growth(program, matrix, of_sizes, len(slack_low), cap=cap) for cap in (False, True)]
    return measure(low, high, *grow)


def _growth(
    program: Program, matrix: MatrixProgram, of_sizes: csr_array, slacks: int, *, cap: bool
) -> csr_array:
    """How the bounds of all stage columns and slacks grow with the sizes."""
    stages, sizes = program.stages, len(program.sizes.cost)
    parts = []
    for place in range(len(program.columns)):
        where = matrix.layout.bound(place, cap=cap)
        nothing = csr_array((stages, sizes))
        parts.append(nothing if where is None else -of_sizes[where])
    parts.append(csr_array((slacks, sizes)))
    return csr_array(vstack(parts))


def _free_standing_rows(matrix: MatrixProgram) -> Bools:
    """Rows of the matrix that are no bounds of a column."""
    layout, rows = matrix.layout, np.arange(len(matrix.row_lower))
    return np.asarray((rows < layout.stage_rows * layout.stages) | (rows >= layout.budgets))


def _given(stage: Measured, sizes: Measured, kept: Bools, kept_sizes: Bools, n: int) -> Floats:
    """The matrix's columns where their bounds meet, NaN where there is a choice."""
    chosen = np.where(kept_sizes, np.nan, sizes.base)
    moves = np.diff(picked(stage.S, None, kept_sizes).indptr) > 0
    return np.append(np.where(kept | moves, np.nan, _least(stage, sizes))[:n], chosen)


def _least(stage: Measured, sizes: Measured) -> Floats:
    """Stage columns and slacks where they are measured from, with the least of all sizes."""
    return np.asarray(stage.base + stage.S @ sizes.base)


def _split(matrix: MatrixProgram, n: int) -> tuple[csc_array, csr_array]:
    """The matrix of the first ``n`` columns, the stage columns, and that of the sizes by rows."""
    whole, end = matrix.matrix, matrix.matrix.indptr[n]
    arrays = whole.data[:end], whole.indices[:end], whole.indptr[: n + 1]
    return csc_array(arrays, shape=(whole.shape[0], n)), csr_array(whole[:, n:])
