"""Program → standard form, element by element, and the way back.

A variable is measured from one of its bounds, which may itself grow with a size; a variable
whose bounds meet drops out; a row with two different bounds gets a slack column; a row without
bounds, or without variables, drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array, eye_array, hstack, vstack

from zeroplant.axis import Floats
from zeroplant.solve.staged.form import Bools, Declined, Form
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

    Raises Declined if something must be whole or if bounds contradict each other.
    """
    if program.is_integer:
        message = "something must be whole"
        raise Declined(message)
    layout, stages = matrix.layout, program.stages
    n, rows = len(program.columns) * stages, _free_standing_rows(matrix)
    whole = matrix.matrix.tocsr()
    row_lower, row_upper = matrix.row_lower[rows], matrix.row_upper[rows]
    bounded = np.isfinite(row_lower) | np.isfinite(row_upper)
    ranged = bounded & (row_lower < row_upper)
    A, slack_columns = whole[rows][:, :n], np.flatnonzero(ranged)
    slack = -eye_array(len(ranged), format="csc")[:, slack_columns]
    A = hstack([A, slack], format="csr")

    stage = _measure_stage_columns(program, matrix, whole, row_lower[ranged], row_upper[ranged])
    none = csr_array((matrix.lower[n:].size, matrix.lower[n:].size))
    sizes = measure(matrix.lower[n:], matrix.upper[n:], none, none)
    kept_sizes = is_open(sizes)
    to_size = diags_array(sizes.sign).tocsc()[:, kept_sizes]
    stage.upper = stage.upper + stage.U @ sizes.base
    stage.U = _tidy(stage.U @ to_size)
    kept = is_open(stage)

    B = whole[rows][:, n:] + A @ stage.S
    b = np.where(ranged, 0.0, row_lower) - A @ stage.base - B @ sizes.base
    A = _tidy((A @ diags_array(stage.sign)).tocsc()[:, kept].tocsr())
    B = _tidy(B @ to_size)
    bounded &= ~_says_nothing(A, B, b)
    place = np.flatnonzero(rows)
    of_stage = place < layout.budgets
    row_kind = np.where(of_stage, place // stages, place)
    row_stage = np.where(of_stage, place % stages, -1)
    kind = np.append(np.arange(n) // stages, len(program.columns) + row_kind[ranged])
    stage_of = np.append(np.arange(n) % stages, row_stage[ranged])
    origin = Origin(stage, sizes, kept, kept_sizes, bounded, rows)
    cost, price, offset = prices(origin, matrix)
    form = Form(
        cost=cost,
        price=price,
        A=A[bounded],
        B=B[bounded],
        b=b[bounded],
        U=stage.U[kept],
        upper=stage.upper[kept],
        most=sizes.upper[kept_sizes],
        free=stage.free[kept],
        free_size=sizes.free[kept_sizes],
        kind=kind[kept],
        row_kind=row_kind[bounded],
        row_stage=row_stage[bounded],
        stage=stage_of[kept],
        periods=program.periods,
        grain=np.ones(int(bounded.sum())),
        offset=offset,
    )
    return form, origin


def prices(origin: Origin, matrix: MatrixProgram) -> tuple[Floats, Floats, float]:
    """What the form's variables and its sizes cost, and what is paid in any case."""
    stage, sizes = origin.stage, origin.sizes
    own, cost = np.split(matrix.cost, [len(matrix.cost) - len(sizes.base)])
    spent = np.zeros(len(stage.base))
    spent[: len(own)] = own
    price = (cost + stage.S.T @ spent) * sizes.sign
    offset = matrix.offset + float(spent @ (stage.base + stage.S @ sizes.base) + cost @ sizes.base)
    return (spent * stage.sign)[origin.kept], price[origin.kept_sizes], offset


def measure(low: Floats, high: Floats, grow_low: csr_array, grow_high: csr_array) -> Measured:
    """Measure variables from their lower bound, else downwards from their upper bound."""
    up, down = np.isfinite(low), ~np.isfinite(low) & np.isfinite(high)
    base = np.where(up, low, np.where(down, high, 0.0))
    both = up & np.isfinite(high)
    S = diags_array(up * 1.0) @ grow_low + diags_array(down * 1.0) @ grow_high
    span = np.where(both, np.where(both, high, 0.0) - base, np.inf)
    U = diags_array(both * 1.0) @ (grow_high - grow_low)
    return Measured(base, _tidy(S), np.where(down, -1.0, 1.0), span, _tidy(U), ~(up | down))


def is_open(variables: Measured) -> Bools:
    """Which variables have room between their bounds."""
    grows = np.diff(variables.U.indptr) > 0
    tiny = 1e-12 * (1.0 + np.abs(variables.base))
    if (~grows & (variables.upper < -tiny)).any():
        message = "a variable's bounds contradict each other"
        raise Declined(message)
    return grows | (variables.upper > tiny)


def _measure_stage_columns(
    program: Program, matrix: MatrixProgram, whole: csr_array, slack_low: Floats, slack_high: Floats
) -> Measured:
    """Stage columns, measured from bounds that may grow with a size, then the slack columns."""
    layout, n = matrix.layout, len(program.columns) * program.stages
    low, high = matrix.lower[:n].copy(), matrix.upper[:n].copy()
    for place in layout.floors:
        low[layout.column(place)] = matrix.row_lower[layout.bound(place, cap=False)]
    for place in layout.caps:
        high[layout.column(place)] = matrix.row_upper[layout.bound(place, cap=True)]
    low, high = np.concatenate([low, slack_low]), np.concatenate([high, slack_high])
    grow = [_growth(program, matrix, whole, len(slack_low), cap=cap) for cap in (False, True)]
    return measure(low, high, *grow)


def _growth(
    program: Program, matrix: MatrixProgram, whole: csr_array, slacks: int, *, cap: bool
) -> csr_array:
    """How the bounds of all stage columns and slacks grow with the sizes."""
    stages, sizes = program.stages, len(program.sizes.cost)
    n = len(program.columns) * stages
    parts = []
    for place in range(len(program.columns)):
        where = matrix.layout.bound(place, cap=cap)
        nothing = csr_array((stages, sizes))
        parts.append(nothing if where is None else -whole[where][:, n:])
    parts.append(csr_array((slacks, sizes)))
    return csr_array(vstack(parts))


def _free_standing_rows(matrix: MatrixProgram) -> Bools:
    """Rows of the matrix that are no bounds of a column."""
    layout, rows = matrix.layout, np.arange(len(matrix.row_lower))
    return np.asarray((rows < layout.stage_rows * layout.stages) | (rows >= layout.budgets))


def _says_nothing(A: csr_array, B: csr_array, b: Floats) -> Bools:
    """Rows whose variables have all dropped out, and which hold."""
    empty = (np.diff(A.indptr) == 0) & (np.diff(B.indptr) == 0)
    return np.asarray(empty & (np.abs(b) <= 1e-9))


def _tidy(entries: csr_array) -> csr_array:
    """The same matrix with no zeros stored, which would pass for entries."""
    result: csr_array[np.float64, tuple[int, int]] = csr_array(entries)
    result.eliminate_zeros()
    result.sort_indices()
    return result
