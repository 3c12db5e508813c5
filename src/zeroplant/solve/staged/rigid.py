"""What bounds that meet leave no choice of, and whether it can be.

A column whose bounds meet is a number; so is what a row adds up of such columns alone. A row may
then miss its right-hand side, and a cap may lie below its floor once sizes are given. Where that is
more than the check of answers forgives, the row, or the two bounds, prove that there is no answer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.check import FEASIBILITY
from zeroplant.solve.staged.certificate import forgiven, is_infeasible
from zeroplant.solve.staged.form import Bools, Declined
from zeroplant.waist.matrix import MatrixProgram

# What is off by less does not count, in any unit.
ROUNDING = 1e-9


class Contradiction(Declined):
    """No answer exists: ``row_dual`` proves it; ``x`` are columns, NaN where there is choice."""

    def __init__(self, x: Floats, row_dual: Floats) -> None:
        super().__init__("what is given contradicts itself")
        self.x, self.row_dual = x, row_dual


def refuse_crossed(
    matrix: MatrixProgram, given: Callable[[], Floats], least: Floats, short: Floats
) -> None:
    """Refuse stage columns whose cap is ``short`` of their floor, which is ``least``.

    Raises Contradiction, or Declined where that is less than the check forgives, if it is more
    than rounding of the numbers that meet there.
    """
    crossed = short > ROUNDING + 2.0 * FEASIBILITY * np.abs(least)
    if not crossed.any():
        return
    block, stage = divmod(int(np.argmax(np.where(crossed, short, 0.0))), matrix.layout.stages)
    row_dual = np.zeros_like(matrix.row_lower)
    for cap, push in ((False, 1.0), (True, -1.0)):
        where = matrix.layout.bound(block, cap=cap)
        if where is not None:
            row_dual[where.start + stage] = push
    _refuse(matrix, given(), row_dual)
    message = "a variable's bounds contradict each other"
    raise Declined(message)


def says_nothing(
    matrix: MatrixProgram, given: Callable[[], Floats], place: Ints, empty: Bools, missed: Floats
) -> Bools:
    """Which of the rows at ``place`` drop out: the ``empty`` ones of which nothing is ``missed``.

    That counts beside what they add up. ``given`` are the columns, NaN where there is choice.
    Raises Contradiction if one cannot hold.
    """
    off = np.flatnonzero(empty & (np.abs(missed) > ROUNDING))
    if not len(off):
        return empty
    x = given()
    added = matrix.magnitude @ np.abs(np.nan_to_num(x))
    off = off[np.abs(missed[off]) > FEASIBILITY * added[place[off]]]
    if len(off):
        worst = off[np.argmax(np.abs(missed[off]))]
        row_dual = np.zeros_like(matrix.row_lower)
        row_dual[place[worst]] = np.sign(missed[worst])
        _refuse(matrix, x, row_dual)
    holds = empty.copy()
    holds[off] = False
    return holds


def _refuse(matrix: MatrixProgram, x: Floats, row_dual: Floats) -> None:
    """Raise Contradiction if ``row_dual`` proves one."""
    allowed = forgiven(matrix, np.nan_to_num(x), np.ones_like(row_dual))
    if is_infeasible(matrix, row_dual, np.ones_like(matrix.cost), allowed):
        raise Contradiction(x, row_dual)
