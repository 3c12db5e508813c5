"""The Newton system: local variables eliminated, a band over time, a dense border of sizes.

A step (dz, dp, dy) solves

    A dz + B dp + δ dy = r_rows
    D dz − A'dy − tu U dp = r_z                     D  = tl + tu + ρ,  tl = zl/z,  tu = zu/w
    −B'dy − U'tu dz + (U'tu U + d) dp = r_p

With dz = ẑ + τ U dp, τ = tu/D, the sizes reach the variables only through B̂ = B + A τ U, and the
curvature left for them is U'(tu (tl + ρ)/D) U + d: sums of positive terms, so nothing cancels
when a variable sits on a bound that grows with a size. Variables of one stage are eliminated
(ẑ = D⁻¹(r + A'dy)); variables that tie stages together stay in the band, because with them
eliminated the recursion over time subtracts numbers as large as D⁻¹, up to 1e15.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dgetrf, dgetrs
from scipy.sparse import csc_array, diags_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.band import Band
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.order import order
from zeroplant.solve.staged.point import largest
from zeroplant.solve.staged.sparse import Sparse

RHO = 1e-9
DELTA = 1e-11
# Rules and sizes at most that may stand in the border, which is dense.
MOST_BORDER = 600


class Newton:
    """The system of one form; `factor` for new weights, then `solve` for any right-hand sides."""

    def __init__(self, form: Form) -> None:
        self.form, self.order = form, order(form)
        o = self.order
        if len(o.border) + len(o.outer) > MOST_BORDER:
            message = f"{len(o.border)} rules and {len(o.outer)} sizes tie all stages together"
            raise Declined(message)
        self.local = np.ones(len(form.cost))
        self.local[o.carried] = 0.0
        self.A, self.A_band, self.A_border = form.A, form.A[o.rows], form.A[o.border]
        self.At, self.Ut = form.A.T.tocsr(), form.U.T.tocsr()
        self.B, self.Bt, self.U = form.B, form.B.T.tocsr(), form.U.tocsc()[:, o.outer].tocsr()
        self.factors = self._lay_out()

    def _lay_out(self) -> Band | Sparse:
        """Where entries stand, of local variables in pairs and of carried ones, for the factors."""
        o = self.order
        table = (self.A_band @ diags_array(self.local)).tocsc()
        table.eliminate_zeros()
        self._pair_owner, first, second, self._pair_value = pairs(table)
        row, diagonal = o.row[o.rows], o.column[o.carried]
        carried = _tied(self.A_band.tocsc()[:, o.carried], row, diagonal)
        sizes = _tied(self.B.tocsr()[o.rows].tocsc()[:, o.inner], row, o.size[o.inner])
        self._fixed = np.concatenate([carried[2], sizes[2], np.full(len(row), DELTA)])
        ends = row, diagonal, o.size[o.inner]
        one = np.concatenate([row[first], carried[0], sizes[0], *ends])
        other = np.concatenate([row[second], carried[1], sizes[1], *ends])
        kind = Sparse if o.width is None else Band
        return kind(o.length, one, other)

    def factor(self, tl: Floats, tu: Floats, d: Floats) -> None:
        """Factor for new weights of the variables' bounds and of the sizes' (``d``)."""
        o, form = self.order, self.form
        self.D, self.d = tl + tu + RHO, d + RHO
        self.inverse = self.local / self.D
        self.tau = tu / self.D
        pair_values = self._pair_value * self.inverse[self._pair_owner]
        self.factors.factor(np.concatenate(
            [pair_values, self._fixed, -self.D[o.carried], -self.d[o.inner]]
        ))  # fmt: skip
        self.B_outer = self.B.tocsc()[:, o.outer].toarray()
        self.B_outer += (form.A @ (diags_array(self.tau) @ self.U)).toarray()
        kept = self.tau * (tl + RHO)
        self.K = (self.U.T @ (diags_array(kept) @ self.U)).toarray() + np.diag(self.d[o.outer])
        rules = len(o.border)
        border = diags_array(self.inverse) @ self.A_border.T
        self.V = np.zeros((o.length, rules + len(o.outer)), order="F")
        self.V[o.row[o.rows], :rules] = (self.A_band @ border).toarray()
        self.V[o.column[o.carried], :rules] = self.A_border.tocsc()[:, o.carried].toarray().T
        self.V[o.size[o.inner], :rules] = self.B.tocsr()[o.border][:, o.inner].toarray().T
        self.V[o.row[o.rows], rules:] = self.B_outer[o.rows]
        corner = np.block([
            [(self.A_border @ border).toarray() + DELTA * np.eye(rules), self.B_outer[o.border]],
            [self.B_outer[o.border].T, -self.K],
        ])  # fmt: skip
        self._factor_border(corner)

    def _factor_border(self, corner: Floats) -> None:
        if not len(corner):
            return
        self.W = self.factors.solve(self.V)
        S = corner - self.V.T @ self.W
        if not np.isfinite(S).all():
            message = "the Newton system overflowed"
            raise Declined(message)
        self._scale = 1.0 / np.sqrt(np.maximum(np.abs(S).max(axis=1), 1e-300))
        self._S, self._pivots, info = dgetrf(S * self._scale * self._scale[:, None])
        if info:
            message = "the border of the Newton system is singular"
            raise Declined(message)

    def solve(self, rows: Floats, z: Floats, p: Floats) -> tuple[Floats, Floats, Floats]:
        """(dz, dp, dy) for the three right-hand sides, refined until it no longer improves."""
        right = self._reduce(rows, z, p)
        x = self._solve_reduced(right)
        size = largest(right)
        off = right - self._multiply(x)
        for _ in range(3):
            if largest(off) <= 1e-10 * size:
                break
            better = x + self._solve_reduced(off)
            left = right - self._multiply(better)
            if not largest(left) < 0.9 * largest(off):
                break
            x, off = better, left
        return self._expand(x, z)

    # The reduced unknowns stand in one vector: those of the matrix that is factored (dy, ẑ and dp
    # in their places), then the duals of the rules in the border, then the sizes there.

    def _reduce(self, rows: Floats, z: Floats, p: Floats) -> Floats:
        o = self.order
        left = rows - self.A @ (self.inverse * z)
        right = np.empty(self.V.shape[0] + self.V.shape[1])
        right[o.row[o.rows]] = left[o.rows]
        right[o.column[o.carried]] = -z[o.carried]
        pull = -p - self.Ut @ (self.tau * z)
        right[o.size[o.inner]] = pull[o.inner]
        right[o.length : o.length + len(o.border)] = left[o.border]
        right[o.length + len(o.border) :] = pull[o.outer]
        return right

    def _solve_reduced(self, right: Floats) -> Floats:
        length = self.order.length
        x = np.empty_like(right)
        x[:length] = self.factors.solve(right[:length])
        if len(right) > length:
            short = right[length:] - self.V.T @ x[:length]
            inner, _ = dgetrs(self._S, self._pivots, self._scale * short)
            x[length:] = self._scale * inner
            x[:length] -= self.W @ x[length:]
        return x

    def _split(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Duals of all rows, carried variables, sizes."""
        o = self.order
        dy = np.empty(len(self.form.b))
        dy[o.rows] = x[o.row[o.rows]]
        dy[o.border] = x[o.length : o.length + len(o.border)]
        dp = np.empty(len(self.form.price))
        dp[o.inner], dp[o.outer] = x[o.size[o.inner]], x[o.length + len(o.border) :]
        return dy, x[o.column[o.carried]], dp

    def _multiply(self, x: Floats) -> Floats:
        o = self.order
        dy, carried, dp = self._split(x)
        pull = self.At @ dy
        z = self.inverse * pull
        z[o.carried] = carried
        rows = self.A @ z + DELTA * dy + self.B @ dp
        outer = dp[o.outer]
        rows += self.A @ (self.tau * (self.U @ outer))
        pushed = self.Bt @ dy
        result = np.empty_like(x)
        result[o.row[o.rows]] = rows[o.rows]
        result[o.column[o.carried]] = pull[o.carried] - self.D[o.carried] * carried
        result[o.size[o.inner]] = pushed[o.inner] - self.d[o.inner] * dp[o.inner]
        result[o.length : o.length + len(o.border)] = rows[o.border]
        result[o.length + len(o.border) :] = self.B_outer.T @ dy - self.K @ outer
        return result

    def _expand(self, x: Floats, right_z: Floats) -> tuple[Floats, Floats, Floats]:
        dy, carried, dp = self._split(x)
        dz = self.inverse * (right_z + self.At @ dy)
        dz[self.order.carried] = carried
        return dz + self.tau * (self.form.U @ dp), dp, dy


def _tied(table: csc_array, row: Ints, column: Ints) -> tuple[Ints, Ints, Floats]:
    """Entries of a block above the diagonal, and again below it: places and values."""
    found = table.tocoo()
    one, other = row[found.coords[0]], column[found.coords[1]]
    both = np.concatenate
    return both([one, other]), both([other, one]), both([found.data, found.data])


def pairs(table: csc_array) -> tuple[Ints, Ints, Ints, Floats]:
    """Of each column, all ordered pairs of its entries: column, both rows, product."""
    counts = np.diff(table.indptr)
    found = []
    for count in np.unique(counts[counts > 0]):
        owner = np.flatnonzero(counts == count)
        at = table.indptr[owner][:, None] + np.arange(count)
        rows, values = table.indices[at], table.data[at]
        shape = (len(owner), count, count)
        found.append((
            np.broadcast_to(owner[:, None, None], shape).ravel(),
            np.broadcast_to(rows[:, :, None], shape).ravel(),
            np.broadcast_to(rows[:, None, :], shape).ravel(),
            (values[:, :, None] * values[:, None, :]).ravel(),
        ))  # fmt: skip
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing, np.zeros(0)
    owners, firsts, seconds, products = zip(*found, strict=True)
    together = np.concatenate
    return together(owners), together(firsts), together(seconds), together(products)
