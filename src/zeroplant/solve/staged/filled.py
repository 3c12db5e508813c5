"""A form's numbers in the places of its structure, and vectors laid out likewise.

Long vectors stand as all groups need them, blanks included: over variables (group × variable ×
lane), over rows (group × unknown × lane, zero where no row stands, then the outer rules), over
bounds (those below variables, above, below sizes, above; sizes filled up to whole lanes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.defect import Given
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.shared import Shared
from zeroplant.solve.staged.structure import Structure


@dataclass
class Ends:
    """Lengths: of vectors over variables, over sizes, sizes in whole lanes, rows of groups."""

    variables: int
    sizes: int
    padded: int
    unknowns: int
    rules: int

    @property
    def bounds(self) -> int:
        """Length of a vector over all bounds."""
        return 2 * (self.variables + self.padded)

    @property
    def parts(self) -> list[slice]:
        """Where the four kinds of bounds stand: below and above variables, then sizes."""
        n, k = 2 * self.variables, self.padded
        ends = [(0, n // 2), (n // 2, n), (n, n + self.sizes), (n + k, n + k + self.sizes)]
        return [slice(*pair) for pair in ends]


class Filled:
    """Coefficients, prices, bounds and right-hand sides of a form in a structure."""

    def __init__(self, form: Form, structure: Structure) -> None:
        self.structure = structure
        s, o = structure, structure.outer
        self.a, self.u = Shared(s.pattern.A), Shared(s.pattern.U)
        self.b = s.pattern.B.blank()
        self._tables: tuple[csr_array | None, ...] = (None, None, None)
        sizes = len(form.price)
        self.ends = Ends(
            s.groups * s.variables * LANES, sizes, -(-sizes // LANES) * LANES,
            s.groups * s.unknowns * LANES, len(o.rules),
        )  # fmt: skip
        self.inner = np.flatnonzero(s.size >= 0)
        self.inner_place, self.outers = s.size[self.inner], len(o)
        self._which = s.slot_outer.reshape(-1)
        self.rule, self.size = o.of_rule[o.rules], o.of_size[o.sizes]
        self.is_row = self.over_rows(np.ones(len(form.b)))
        self.cost, self.upper = blank(self.ends.variables), blank(self.ends.variables)
        self.right, self.grain = blank(len(self.is_row)), blank(len(self.is_row)) + 1.0
        self.most, self.has = np.zeros(sizes), blank(self.ends.bounds)
        self.corner = np.zeros((len(o), len(o)))
        self.take(form)

    def take(self, form: Form) -> None:
        """Put the numbers of a form of this structure in place, into the arrays that are there.

        ``asked`` and ``dearest`` are then the largest right-hand side and price of a variable.
        Raises Declined if nothing has bounds.
        """
        self.form, s = form, self.structure
        tables = form.A, form.U, form.B
        if any(one is not other for one, other in zip(tables, self._tables, strict=True)):
            self.a.take(form.A.data)
            self.u.take(form.U.data)
            s.pattern.B.fill(self.b, form.B.data)
            self._tables = tables
        bounded = np.isfinite(form.upper)
        self.cost[s.variable] = form.cost
        self.upper[s.variable] = np.where(bounded, form.upper, 0.0)
        self.most[:] = np.where(np.isfinite(form.most), form.most, 0.0)
        self.right[self._rows] = form.b
        low, high, low_size, high_size = (self.has[part] for part in self.ends.parts)
        low[s.variable], high[s.variable] = ~form.free, bounded
        low_size[:], high_size[:] = ~form.free_size, np.isfinite(form.most)
        self.count = int(self.has.sum())
        if not self.count:
            message = "nothing has bounds"
            raise Declined(message)
        self.grain[self._rows] = np.minimum(form.grain, 1.0)
        self.asked, self.dearest = (float(np.abs(v).max(initial=0.0)) for v in (form.b, form.cost))
        self._fill_corner()

    def _fill_corner(self) -> None:
        """Entries of outer sizes in outer rules, between outer unknowns."""
        o, entries = self.structure.outer, self.structure.pattern.corner
        table = self.form.B.tocoo()
        rule = o.of_rule[table.coords[0][entries]]
        size = o.of_size[table.coords[1][entries]]
        self.corner[rule, size] = self.corner[size, rule] = table.data[entries]

    @cached_property
    def _rows(self) -> Ints:
        """The place of each of the form's rows."""
        rules = self.structure.outer.rules
        place = self.structure.row.copy()
        place[rules] = self.ends.unknowns + np.arange(len(rules))
        return place

    def over_rows(self, values: Floats) -> Floats:
        """Values of the form's rows laid out."""
        result = blank(self.ends.unknowns + self.ends.rules)
        result[self._rows] = values
        return result

    def original(self, z: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Values of the form's own variables and rows, in its order."""
        return z[self.structure.variable], y[self._rows]

    def by_group(self, values: Floats) -> Floats:
        """A vector over variables, or over rows without the rules, group by group."""
        length = self.ends.variables if len(values) == self.ends.variables else self.ends.unknowns
        return values[:length].reshape(self.structure.groups, -1, LANES)

    def given(self) -> list[Given]:
        """What each group is given."""
        parts = self.cost, self.upper, self.right, self.grain, self.is_row
        laid = [self.by_group(part) for part in parts]
        return [Given(*(part[g] for part in laid)) for g in range(self.structure.groups)]

    def put_sizes(self, p: Floats, rules: Floats, x: Floats) -> None:
        """Sizes, and duals of outer rules, where unknowns of all groups stand, slots included."""
        s = self.structure
        x.reshape(-1)[self.inner_place] = p[self.inner]
        outer = np.zeros(self.outers + 1)
        outer[self.size], outer[self.rule] = p[s.outer.sizes], rules
        x[:, s.plan.inside :] = outer[s.slot_outer]

    def add_up(self, slots: Floats) -> Floats:
        """Sum over all segments of values of the slots, for each outer unknown."""
        found = np.bincount(self._which, slots.reshape(-1), self.outers + 1)
        return found[: self.outers].astype(float, copy=False)
