"""The standard form with each size as a chain of copies, one for every stage it stands in.

A size caps thousands of variables, so its column makes the normal equations of an interior-point
method dense: every stage meets every other. Here each stage has a size of its own, tied to that of
the stage before: p_t − p_(t−1) = 0, with the price shared. The same optimum, but no column knows
more than two stages, and the equations stay a band. How to cut columns in pieces so: R. J.
Vanderbei, "Splitting dense columns in sparse linear systems", Linear Algebra Appl. 152 (1991) 107.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, coo_array, csc_array, csr_array, eye_array, vstack

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Bools, Form
from zeroplant.solve.staged.point import Point
from zeroplant.waist.matrix import Layout, MatrixProgram


@dataclass
class Spread:
    """A form's programme: columns z, then the copies; rows of A, growing caps, then the ties.

    ``growing`` are the variables whose caps grow with sizes, ``first`` the columns that hold the
    first copy of each size.
    """

    program: MatrixProgram
    growing: Bools
    first: Ints

    def point(self, x: Floats, row_dual: Floats) -> Point:
        """The form's point where the programme's columns and rows have these values and duals."""
        p, n = self.program, len(self.growing)
        standing = p.layout.budgets
        pressed = p.matrix[:, :n].T @ row_dual - p.cost[:n]
        pressed[self.growing] = -row_dual[standing : standing + int(self.growing.sum())]
        force = np.append(np.zeros(n), np.maximum(pressed, 0.0))
        return Point(x[:n], x[self.first], row_dual[:standing], np.zeros_like(force), force)


def spread(form: Form) -> Spread:
    """The form with its sizes spread over the stages."""
    n, rows = len(form.cost), len(form.b)
    growing = np.diff(form.U.indptr) > 0
    sizes = csr_array(vstack([form.B, -form.U[growing]]))
    stage = np.maximum(np.append(form.row_stage, form.stage[growing]), 0)
    copies, size = _copies(sizes, stage)
    first = np.append(True, size[1:] != size[:-1])[: len(size)]
    ties = _ties(first)
    stages = csr_array(vstack([form.A, eye_array(n, format="csr")[growing]]))
    matrix = block_array([[stages, copies], [csr_array((ties.shape[0], n)), ties]], format="csc")
    nothing, none = np.zeros(ties.shape[0]), np.full(int(growing.sum()), -np.inf)
    program = MatrixProgram(
        cost=np.append(form.cost, form.price[size] / np.bincount(size)[size]),
        lower=np.where(np.append(form.free, form.free_size[size]), -np.inf, 0.0),
        upper=np.append(np.where(growing, np.inf, form.upper), form.most[size]),
        matrix=csc_array(matrix),
        row_lower=np.concatenate([form.b, none, nothing]),
        row_upper=np.concatenate([form.b, form.upper[growing], nothing]),
        integer=np.zeros(n + len(size), dtype=bool),
        offset=form.offset,
        layout=Layout(1, rows, {}, {}, rows),
    )
    return Spread(program, growing, n + np.flatnonzero(first))


def _copies(sizes: csr_array, stage: Ints) -> tuple[csr_array, Ints]:
    """The entries of sizes in the columns of their copies, and whose copy each column is.

    A size that stands nowhere has one copy; what belongs to no stage stands in the first.
    """
    table, count = sizes.tocoo(), int(stage.max(initial=0)) + 1
    row, size = table.coords
    nowhere = np.setdiff1d(np.arange(sizes.shape[1]), size)
    key = size.astype(np.int64) * count + stage[row]
    found, place = np.unique(np.append(key, nowhere * count), return_inverse=True)
    at = (row, place[: len(row)])
    return coo_array((table.data, at), shape=(sizes.shape[0], len(found))).tocsr(), found // count


def _ties(first: Bools) -> csr_array:
    """Rows that make each copy equal to the one before it."""
    tied = np.flatnonzero(~first)
    row = np.arange(len(tied))
    ones = np.ones(len(tied))
    at = (np.append(row, row), np.append(tied, tied - 1))
    return coo_array((np.append(ones, -ones), at), shape=(len(tied), len(first))).tocsr()
