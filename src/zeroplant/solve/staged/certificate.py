"""Why a programme has no answer: two programmes beside it that always have one, and proofs.

Infeasible: let every row be broken at a price. If the least that must be broken is not nothing,
the duals of that optimum combine rows and bounds to 0 ≥ something positive (J. Farkas, J. reine
angew. Math. 124 (1902) 1). Unbounded: among all directions that leave every row and bound alone,
no longer than a box, seek the one that earns most. Both proofs are arithmetic on the programme
as it was given; what found them need not be trusted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from zeroplant.axis import Floats
from zeroplant.solve.check import FEASIBILITY
from zeroplant.solve.staged.form import Bools, Form
from zeroplant.waist.matrix import MatrixProgram

TOLERANCE = 1e-8
# Quantities beyond this many usual ones do not count as an answer.
FAR = 1e6


def broken(form: Form) -> Form:
    """The form in which each row may be broken, up or down, at a price of 1; nothing else costs."""
    rows, last = len(form.b), int(form.kind.max(initial=0)) + 1
    ones, more = eye_array(rows, format="csr"), np.zeros(2 * rows, dtype=bool)
    kinds = last + np.concatenate([form.row_kind, form.row_kind + form.row_kind.max(initial=0) + 1])
    return replace(
        form,
        cost=np.append(np.zeros_like(form.cost), np.ones(2 * rows)),
        price=np.zeros_like(form.price),
        A=csr_array(hstack([form.A, ones, -ones], format="csr")),
        U=_with_rows(form.U, 2 * rows),
        upper=np.append(form.upper, np.full(2 * rows, np.inf)),
        free=np.append(form.free, more),
        kind=np.append(form.kind, kinds),
        stage=np.concatenate([form.stage, form.row_stage, form.row_stage]),
        offset=0.0,
        coin=1e-3,
    )


class Rays:
    """All directions that lead on for ever, from −1 or 0 to 1: a form, and the way back."""

    def __init__(self, form: Form) -> None:
        self.sizes = form.free_size | ~np.isfinite(form.most)
        U = csr_array(form.U.tocsc()[:, self.sizes])
        self.variables = ~np.isfinite(form.upper) | (np.diff(U.indptr) > 0)
        self.whole = form
        A = csr_array(form.A.tocsc()[:, self.variables])
        B, U = csr_array(form.B.tocsc()[:, self.sizes]), U[self.variables]
        rows = (np.diff(A.indptr) > 0) | (np.diff(B.indptr) > 0)
        # What is free to both sides is measured from −1.
        free, free_size = form.free[self.variables], form.free_size[self.sizes]
        self.back, self.back_size = 1.0 * free, 1.0 * free_size
        endless = ~np.isfinite(form.upper[self.variables])
        cost, price = form.cost[self.variables], form.price[self.sizes]
        self.form = replace(
            form, cost=cost, price=price, A=A[rows], B=B[rows], U=U,
            b=(A @ self.back + B @ self.back_size)[rows],
            upper=np.where(endless, 1.0 + self.back, self.back - U @ self.back_size),
            most=np.asarray(1.0 + self.back_size, dtype=np.float64),
            free=np.zeros_like(free), free_size=np.zeros_like(free_size),
            kind=form.kind[self.variables], row_kind=form.row_kind[rows],
            row_stage=form.row_stage[rows], stage=form.stage[self.variables],
            grain=form.grain[rows], coin=1e-3,
            offset=-float(cost @ self.back + price @ self.back_size),
        )  # fmt: skip

    def original(self, z: Floats, p: Floats) -> tuple[Floats, Floats]:
        """The direction in the variables and sizes of the whole form."""
        all_z, all_p = np.zeros_like(self.whole.cost), np.zeros_like(self.whole.price)
        all_z[self.variables], all_p[self.sizes] = z - self.back, p - self.back_size
        return all_z, all_p


def is_infeasible(program: MatrixProgram, row_dual: Floats, unit: Floats, allowed: Floats) -> bool:
    """Whether ``row_dual`` proves that no answer exists below FAR ``unit`` of any column.

    Each feasible x would satisfy 0 = w'A x − (A'w)'x ≥ Σ w·(a bound of its row) +
    Σ reduced·(a bound of its column): a contradiction if the right side is positive. It must be
    more than what the rows are ``allowed`` to miss (see `forgiven`) adds up to: else an answer
    might pass the check.
    """
    pressed = np.where(row_dual > 0, program.row_lower, program.row_upper)
    w = np.where(np.isfinite(pressed), row_dual, 0.0)
    reduced = -(program.transpose @ w)
    bound = np.where(reduced > 0, program.lower, program.upper)
    far = np.where(reduced > 0, -FAR, FAR) * unit
    bound = np.where(np.isfinite(bound), bound, far)
    rows = w * np.where(w != 0, pressed, 0.0)
    columns = reduced * bound
    weight = np.abs(rows).sum() + np.abs(columns).sum()
    least = TOLERANCE * weight + float((np.abs(w) * allowed).sum())
    return bool(rows.sum() + columns.sum() > least)


def forgiven(program: MatrixProgram, x: Floats, usual: Floats) -> Floats:
    """What the check forgives each row of an answer of about the size of ``x``.

    That is a millionth of what the row adds up and of one more. Where a row's ``usual`` quantity
    is less than one, it counts instead: nobody means an answer that is nothing but forgiven.
    """
    return np.asarray(FEASIBILITY * (np.minimum(usual, 1.0) + program.magnitude @ np.abs(x)))


def is_unbounded(program: MatrixProgram, ray: Floats, unit: Floats) -> bool:
    """Whether the programme earns along ``ray`` without limit: rows and bounds stay as they are.

    What a row moves counts beside what its columns move by a ``unit`` each, and beside the
    share of the earnings in the dearest price.
    """
    ray = clipped(program, ray)
    earned = -float(program.cost @ ray)
    dear = float(np.abs(program.cost * unit).max(initial=0.0))
    if not earned > TOLERANCE * float(np.abs(program.cost * ray).sum()) or dear == 0.0:
        return False
    moved = program.matrix @ ray
    wrong = np.where(np.isfinite(program.row_lower), np.maximum(-moved, 0.0), 0.0)
    wrong += np.where(np.isfinite(program.row_upper), np.maximum(moved, 0.0), 0.0)
    usual = program.magnitude @ np.maximum(unit, np.abs(ray))
    return bool((wrong <= TOLERANCE * min(1.0, earned / dear) * usual).all())


def clipped(program: MatrixProgram, ray: Floats) -> Floats:
    """A direction without what would run into a column's bound."""
    low = np.where(np.isfinite(program.lower), 0.0, -np.inf)
    high = np.where(np.isfinite(program.upper), 0.0, np.inf)
    return np.clip(ray, low, high)


def contradicts_itself(program: MatrixProgram) -> bool:
    """Whether some bound is above its counterpart, by more than the check forgives."""
    return _crossed(program.lower, program.upper) or _crossed(program.row_lower, program.row_upper)


def _crossed(low: Floats, high: Floats) -> bool:
    both: Bools = np.isfinite(low) & np.isfinite(high)
    low, high = low[both], high[both]
    return bool((low - high > FEASIBILITY * (1.0 + np.abs(low) + np.abs(high))).any())


def _with_rows(table: csr_array, more: int) -> csr_array:
    """The table with empty rows at its end."""
    start = np.append(table.indptr, np.full(more, table.indptr[-1]))
    shape = (table.shape[0] + more, table.shape[1])
    return csr_array((table.data, table.indices, start), shape=shape)
