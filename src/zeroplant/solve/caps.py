"""Caps that grow with sizes, in as few rows as say the same.

To a solver of matrices each z ≤ U p is a row. Of two kinds there are fewer:

- A cap that another row implies needs none. Where two imports together stay within a connection,
  each of them does.
- Two that go opposite ways through one size take turns. A battery charges or discharges, so
  x ≤ a p and y ≤ b p become x / a + y / b ≤ p. That is *narrower*: it holds for two that share
  the time of a period, not for both in full at once. Where both at once gain nothing the optimum
  is the same, and its prices prove that without the narrower row: what this row presses, the
  one in use bears, and the idle one what it needs to. The check of the answer judges that proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.form import Bools, Form

SAME = 1.0 + 1e-12
"""How much more than a cap another row may leave, for rounding."""
CLEAR = 1e-6
"""What counts as a cost, as a share of the dearest; a price on motion (`calm`) is far below."""


@dataclass
class Caps:
    """Rows for the caps of a form's variables: ``left z ≤ U[lead] p + upper[lead]``.

    ``lead`` is the variable whose cap a row is; ``partner`` another one that takes turns with it,
    and ``ratio`` how much of the cap one unit of it takes, or −1 and 0.
    """

    lead: Ints
    partner: Ints
    ratio: Floats
    variables: int

    @property
    def left(self) -> csr_array:
        """Coefficients of the variables, a row for each cap."""
        row, two = np.arange(len(self.lead)), self.partner >= 0
        where = np.append(row, row[two]), np.append(self.lead, self.partner[two])
        value = np.append(np.ones(len(row)), self.ratio[two])
        return coo_array((value, where), shape=(len(row), self.variables)).tocsr()

    def forces(self, z: Floats, pressed: Floats, push: Floats) -> Floats:
        """What the cap of each variable presses, where its row presses ``push``.

        ``pressed`` is what all else leaves of each variable's price. Of two that take turns the
        one used less bears what it needs, the other the rest.
        """
        force = np.zeros(self.variables)
        force[self.lead] = push
        two = self.partner >= 0
        one, other, ratio, push = self.lead[two], self.partner[two], self.ratio[two], push[two]
        second = z[one] < ratio * z[other]
        idle, busy = np.where(second, one, other), np.where(second, other, one)
        takes = np.where(second, 1.0, ratio), np.where(second, ratio, 1.0)
        force[idle] = np.clip(pressed[idle], 0.0, takes[0] * push)
        force[busy] = (push - force[idle] / takes[0]) * takes[1]
        return force


def each(form: Form) -> Caps:
    """A row for every cap that no other row implies."""
    growing = np.flatnonzero((np.diff(form.U.indptr) > 0) & ~_implied(form))
    return Caps(growing, np.full(len(growing), -1), np.zeros(len(growing)), len(form.cost))


def taking_turns(form: Form, caps: Caps) -> Caps:
    """The same with one row for two caps that go opposite ways through one size."""
    single = (np.diff(form.U.indptr) == 1) & (form.upper == 0.0) & ~form.free & (form.stage >= 0)
    at = caps.lead[single[caps.lead]]
    place = form.U.indptr[at]
    size, most = form.U.indices[place].astype(np.int64), form.U.data[place]
    key = form.stage[at].astype(np.int64) * form.U.shape[1] + size
    order = np.argsort(key, kind="stable")
    at, most = at[order], most[order]
    first = np.flatnonzero(_in_twos(key[order]) & (most[:-1] > 0.0) & (most[1:] > 0.0))
    first = first[_take_turns(form, at[first], at[first + 1])]
    partner, ratio = np.full(caps.variables, -1), np.zeros(caps.variables)
    partner[at[first]] = at[first + 1]
    ratio[at[first]] = most[first] / most[first + 1]
    lead = caps.lead[~np.isin(caps.lead, at[first + 1])]
    return Caps(lead, partner[lead], ratio[lead], caps.variables)


def _in_twos(key: Ints) -> Bools:
    """Of keys in order, whether one and the next are alike, and no other."""
    same = np.concatenate([[False], key[1:] == key[:-1], [False]])
    alone: Bools = same[1:-1] & ~same[:-2] & ~same[2:]
    return alone


def _take_turns(form: Form, one: Ints, other: Ints) -> Bools:
    """Whether two have opposite signs wherever they meet, and using both at once costs something.

    What it costs is money where the two meet first, or more of a rule's limit for one of them.
    """
    table = form.A.tocsc()
    product = csc_array(table[:, one].multiply(table[:, other]))
    pair = np.repeat(np.arange(len(one)), np.diff(product.indptr))
    meets = np.bincount(pair, minlength=len(one))
    along = np.bincount(pair[product.data > 0.0], minlength=len(one))
    turns: Bools = (meets > 0) & (along == 0)
    first = product.indices[product.indptr[:-1][turns]]
    one, other, worn = one[turns], other[turns], _worn(form)
    spent = sum(form.cost[v] / np.abs(np.asarray(form.A[first, v]).ravel()) for v in (one, other))
    dear = CLEAR * np.abs(form.cost).max(initial=0.0)
    turns[turns] = (spent > dear) | worn[one] | worn[other]
    return turns


def _worn(form: Form) -> Bools:
    """Variables of which a rule over many stages allows only so much."""
    rules = form.A[form.row_stage < 0].tocoo()
    row, column = rules.coords
    slack = form.stage[column] < 0
    sign = np.zeros(rules.shape[0])
    sign[row[slack]] = np.sign(rules.data[slack])
    found = np.zeros(len(form.cost), dtype=bool)
    found[column[(sign[row] * rules.data > 0.0) & ~slack]] = True
    return found


def _implied(form: Form) -> Bools:
    """Variables that a row Σ a z = b + β p, all a above 0, keeps within their caps."""
    alone = np.flatnonzero(np.diff(form.B.indptr) == 1)
    size, gives = form.B.indices[form.B.indptr[alone]], -form.B.data[form.B.indptr[alone]]
    table = form.A[alone].tocoo()
    row, column = table.coords
    bad = (table.data <= 0.0) | form.free[column]
    sound = (np.bincount(row[bad], minlength=len(alone)) == 0) & (gives > 0.0)
    sound &= ~form.free_size[size]
    row, column, value = (part[sound[row]] for part in (row, column, table.data))
    single = np.diff(form.U.indptr)[column] == 1
    row, column, value = row[single], column[single], value[single]
    place = form.U.indptr[column]
    within = form.U.indices[place] == size[row]
    within &= gives[row] <= SAME * form.U.data[place] * value
    within &= form.b[alone][row] <= form.upper[column] * value
    found = np.zeros(len(form.cost), dtype=bool)
    found[column[within]] = True
    return found
