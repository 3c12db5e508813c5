"""Sizes as chains of copies, so that no column of a programme knows the whole of time.

A size caps thousands of variables, so its column makes the normal equations of an interior-point
method dense: every stage meets every other. Here each piece of time has a size of its own, tied to
that of the piece before: p_k − p_(k−1) = 0, with the price shared. The same optimum, but no column
knows more than one piece and its neighbours, and the equations stay a band. How to cut columns in
pieces so: R. J. Vanderbei, "Splitting dense columns in sparse linear systems", Linear Algebra Appl.
152 (1991) 107.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, coo_array, csc_array, csr_array, hstack, vstack

from zeroplant.axis import Floats, Ints
from zeroplant.solve.caps import Caps
from zeroplant.solve.staged.form import Bools, Form
from zeroplant.solve.staged.point import Point
from zeroplant.waist.matrix import Layout, MatrixProgram

WIDE = 50
"""Entries up to which a column stays as it is."""


@dataclass
class Ordered:
    """A form as one programme: columns z, then p; rows of A and of caps, by their stage.

    ``growing`` are the variables whose caps grow with sizes, ``order`` says of each row which of
    "A, then caps" it is. Rules over many stages stand first.
    """

    program: MatrixProgram
    caps: Caps
    growing: Bools
    order: Ints

    def point(self, x: Floats, row_dual: Floats) -> Point:
        """The form's point where the programme's columns and rows have these values and duals."""
        n, dual = len(self.growing), np.empty_like(row_dual)
        dual[self.order] = row_dual
        standing = len(row_dual) - len(self.caps.lead)
        push = np.maximum(-dual[standing:], 0.0)
        pressed = self.program.matrix[:, :n].T @ row_dual - self.program.cost[:n]
        pressed -= self.caps.left.T @ dual[standing:]
        pressed[self.growing] = self.caps.forces(x, pressed, push)[self.growing]
        force = np.append(np.zeros(n), np.maximum(pressed, 0.0))
        return Point(x[:n], x[n:], dual[:standing], np.zeros_like(force), force)


def ordered(form: Form, caps: Caps) -> Ordered:
    """The form, its caps in these rows, as one programme whose rows stand in the order of time."""
    n, growing = len(form.cost), np.diff(form.U.indptr) > 0
    order = np.argsort(np.append(form.row_stage, form.stage[caps.lead]), kind="stable")
    capped = hstack([caps.left, -form.U[caps.lead]])
    program = MatrixProgram(
        cost=np.append(form.cost, form.price),
        lower=np.where(np.append(form.free, form.free_size), -np.inf, 0.0),
        upper=np.append(np.where(growing, np.inf, form.upper), form.most),
        matrix=csc_array(csr_array(vstack([hstack([form.A, form.B]), capped]))[order]),
        row_lower=np.append(form.b, np.full(len(caps.lead), -np.inf))[order],
        row_upper=np.append(form.b, form.upper[caps.lead])[order],
        integer=np.zeros(n + len(form.price), dtype=bool),
        offset=form.offset,
        layout=Layout(1, len(order), {}, {}, len(order)),
    )
    return Ordered(program, caps, growing, order)


@dataclass
class Spread:
    """A programme with its wide columns spread: the narrow ones, then copies; rows, then ties.

    ``size`` says whose copy each of the copies is, as a number among the ``wide``.
    """

    program: MatrixProgram
    wide: Bools
    size: Ints

    def back(self, x: Floats, row_dual: Floats) -> tuple[Floats, Floats]:
        """Values and duals of the programme as it was; a size is the mean of its copies."""
        found, narrow = np.empty(len(self.wide)), len(x) - len(self.size)
        copies = x[narrow:]
        found[~self.wide] = x[:narrow]
        found[self.wide] = np.bincount(self.size, copies) / np.bincount(self.size)
        ties = len(self.size) - int(self.wide.sum())
        return found, row_dual[: len(row_dual) - ties]


def spread(program: MatrixProgram, pieces: int) -> Spread:
    """The programme with what its wide columns cap cut into ``pieces`` of its rows' order."""
    rows, n = program.matrix.shape
    wide = np.diff(program.matrix.indptr) > WIDE
    copies, size = _copies(program.matrix[:, wide], np.arange(rows) * pieces // max(rows, 1))
    ties, narrow = _ties(size), program.matrix[:, ~wide]
    nothing = np.zeros(ties.shape[0])

    def columns(values: Floats) -> Floats:
        return np.append(values[~wide], values[wide][size])

    shared = program.cost.copy()
    shared[wide] /= np.bincount(size, minlength=int(wide.sum()))
    blocks = [[narrow, copies], [csc_array((len(nothing), n - int(wide.sum()))), ties]]
    result = MatrixProgram(
        cost=columns(shared),
        lower=columns(program.lower),
        upper=columns(program.upper),
        matrix=csc_array(block_array(blocks, format="csc")),
        row_lower=np.append(program.row_lower, nothing),
        row_upper=np.append(program.row_upper, nothing),
        integer=np.zeros(n - int(wide.sum()) + len(size), dtype=bool),
        offset=program.offset,
        layout=Layout(1, rows + len(nothing), {}, {}, rows + len(nothing)),
    )
    return Spread(result, wide, size)


def _copies(sizes: csc_array, piece: Ints) -> tuple[csc_array, Ints]:
    """The entries of sizes in the columns of their copies, and whose copy each column is."""
    table, count = sizes.tocoo(), int(piece.max(initial=0)) + 1
    row, size = table.coords
    found, place = np.unique(size.astype(np.int64) * count + piece[row], return_inverse=True)
    at = (row, place)
    return coo_array((table.data, at), shape=(sizes.shape[0], len(found))).tocsc(), found // count


def _ties(size: Ints) -> csc_array:
    """Rows that make each copy equal to the one of the same size before it."""
    tied = np.flatnonzero(size[1:] == size[:-1]) + 1
    row, ones = np.arange(len(tied)), np.ones(len(tied))
    at = (np.append(row, row), np.append(tied, tied - 1))
    return coo_array((np.append(ones, -ones), at), shape=(len(tied), len(size))).tocsc()
