"""All that depends on a form's pattern alone: made once, used for any numbers in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged.elimination import DELTA, Work
from zeroplant.solve.staged.form import Declined, Form
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.pattern import ghosts, pattern
from zeroplant.solve.staged.places import flat, number, outer_unknowns
from zeroplant.solve.staged.segments import cut, inside
from zeroplant.solve.staged.symbolic import Plan, symbolic

# Outer unknowns at most: their system is dense.
MOST_OUTER = 1500
# Centrality correctors at most for one factorisation.
MOST_CORRECTORS = 8
# Multiplications that passes over bounds take as long as, for each variable; and how many of the
# couplings with slots, whose numbers stand together, take as long as one elsewhere.
PASSES, TOGETHER = 30, 3


class Structure:
    """Where everything of a form stands in arrays of groups × numbers × lanes.

    ``variable``, ``row`` and ``size`` are places in arrays over variables and over unknowns, −1
    for outer rules and sizes; ``size_inside`` is a place among unknowns without slots. ``ghost``
    and ``ghost_of`` are places of ghosts and of what they are ghosts of. Outer unknowns stand in
    the order of `Outer`; ``slot_outer`` tells which one each slot holds (one more than there are,
    where it is blank).
    """

    def __init__(self, form: Form) -> None:
        self._pattern_of = _pattern_of(form)
        self.cut = cut(form)
        where = inside(form, self.cut)
        self.outer = outer_unknowns(form, where, self.cut.count)
        if len(self.outer) > MOST_OUTER:
            message = f"{len(self.outer)} rules, sizes and levels tie all stages together"
            raise Declined(message)
        places = number(form, self.cut, where, self.outer)
        self.groups = self.cut.groups
        self.pattern = pattern(form, where, self.outer, places, self.groups)
        found = symbolic(self.pattern, self.outer, places)
        self.plan, n = found.plan, found.plan.inside
        self.unknowns, self.variables = n + self.plan.slots, places.variables
        self.variable = flat(where.variable, places.variable, self.variables)
        self.ghost, self.ghost_of = ghosts(where, self.outer, places)
        self.row = self._unknown(where.row, found.place[places.row])
        self.size = self._unknown(where.size, found.place[places.size])
        self.size_inside = np.where(
            where.size >= 0, flat(where.size, found.place[places.size], n), -1
        )
        slot = self.outer.slot
        segment, which = np.nonzero(slot >= 0)
        slot_outer = np.full((self.groups, self.plan.slots, LANES), len(self.outer))
        local = found.place[n + slot[segment, which]] - n
        slot_outer[segment // LANES, local, segment % LANES] = which
        self.slot_outer = slot_outer
        self.correctors = _correctors(self.plan)

    def fits(self, form: Form) -> bool:
        """Whether a form has entries in the same places, and the same kinds of bounds."""
        pairs = zip(self._pattern_of, _pattern_of(form), strict=True)
        return all(one is other or np.array_equal(one, other) for one, other in pairs)

    def _unknown(self, segment: Ints, local: Ints) -> Ints:
        return np.where(segment >= 0, flat(segment, local, self.unknowns), -1)

    def diagonals(self) -> Floats:
        """What stands on the diagonal besides weights: δ for rows and blanks, 0 for variables."""
        plan = self.plan
        result = blank(self.groups, plan.inside, LANES)
        carried = np.unique(plan.unknown[(plan.unknown >= 0) & (plan.unknown < plan.inside)])
        result += DELTA
        result[:, carried] = 0.0
        return result

    def work(self) -> Work:
        """Working arrays for one thread."""
        plan = self.plan
        lengths = (plan.inside, plan.ring_size * plan.slots, 4 * plan.slots, 4 * plan.slots)
        return Work(*(blank(length, LANES) for length in lengths))


def _correctors(plan: Plan) -> int:
    """How many correctors are worth a factorisation: as many as take as long as that.

    Each is one solution and its passes; both counted in multiplications.
    """
    known, below = plan.active, np.diff(plan.l_start)
    coupled = int((known * (below + (known + 1) / 2)).sum())
    factor = len(plan.update) + len(plan.target) + coupled // TOGETHER
    solution = 4 * len(plan.l_row) + 2 * (len(plan.v_slot) + len(plan.a_item) + len(plan.u_item))
    ratio = factor / max(solution + PASSES * len(plan.unknown), 1)
    return min(max(round(ratio), 1), MOST_CORRECTORS)


def _pattern_of(form: Form) -> list[Any]:
    tables = [part for each in (form.A, form.B, form.U) for part in (each.indptr, each.indices)]
    return [*tables, form.free, form.row_stage, form.stage, form.kind, form.row_kind]
