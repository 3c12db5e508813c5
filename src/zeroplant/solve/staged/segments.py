"""Time cut into segments that look alike, and what stays inside one of them.

The rows of a segment meet those of its neighbours only through variables that stand on both
sides of a cut: levels of stores, water on its way. With these set apart, segments are
independent, so they can be worked off side by side: eight in the lanes of the processor, groups
of eight by its cores. What is set apart, and sizes and rules of the whole year, are the *outer*
unknowns; there are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged import entries
from zeroplant.solve.staged.form import Bools, Form, Index
from zeroplant.solve.staged.lanes import LANES

# Stages of a segment: so many that there are 16 of them, within these bounds. Shorter ones would
# be mostly cuts, longer ones would not stay near the processor.
SEGMENTS, SHORTEST, LONGEST = 16, 32, 1096
# A rule or size stands inside a segment if it speaks of this share of it at most.
BRIEF = 0.25


@dataclass
class Cut:
    """Segments of ``length`` stages, ``per_chain`` in each chain; the last may be shorter."""

    periods: int
    length: int
    per_chain: int
    count: int

    @property
    def groups(self) -> int:
        """Segments are worked off in groups, one in each lane."""
        return -(-self.count // LANES)

    def segment(self, stage: Ints) -> Ints:
        """The segment a stage stands in; −1 for what stands in no stage."""
        within = stage % self.periods // self.length
        return np.where(stage < 0, -1, stage // self.periods * self.per_chain + within)

    def offset(self, stage: Ints) -> Ints:
        """How many stages after the beginning of its segment a stage is."""
        return stage % self.periods % self.length


@dataclass
class Inside:
    """The segment of every row, variable and size; −1 for rows and sizes that are outer.

    ``carried`` variables are unknowns of the reduced system, all others are eliminated. ``apart``
    says which of the carried ones are outer. ``row_last`` and ``size_last`` are the last stages of
    which rows and sizes speak.
    """

    row: Ints
    variable: Ints
    size: Ints
    carried: Bools
    apart: Bools
    row_last: Ints
    size_last: Ints


def cut(form: Form) -> Cut:
    """Segments of equal length that end where the rules by the day (or the like) end."""
    stages = 1 + max(int(form.row_stage.max(initial=0)), int(form.stage.max(initial=0)))
    periods = min(form.periods, stages)
    chains = -(-stages // periods)
    far = entries.farthest(form.A.indptr, form.A.indices, form.row_stage, form.stage, periods)
    wanted = min(max(-(-stages // SEGMENTS), SHORTEST, 4 * min(far, periods)), LONGEST)
    day = _rhythm(form)
    length = min(-(-wanted // day) * day, periods)
    per_chain = -(-periods // length)
    even = -(-periods // per_chain)
    length = min(-(-even // day) * day, periods)
    return Cut(periods, length, -(-periods // length), chains * -(-periods // length))


def _rhythm(form: Form) -> int:
    """The usual number of stages from one brief rule to the next; 1 if there are few."""
    first, last = entries.span(form.A.indptr, form.A.indices, form.stage, form.row_stage < 0)
    rules = np.flatnonzero((form.row_stage < 0) & (last >= first))
    begins = np.unique(first[rules])
    if len(begins) < 3:
        return 1
    steps, counts = np.unique(np.diff(begins), return_counts=True)
    usual = int(steps[np.argmax(counts)])
    return usual if usual <= SHORTEST * 2 else 1


def inside(form: Form, cut: Cut) -> Inside:
    """What stands in which segment, and what is outer."""
    first, last = entries.span(form.A.indptr, form.A.indices, form.stage, form.row_stage < 0)
    ruled = (form.row_stage < 0) & (last >= first)
    row_last = np.where(form.row_stage < 0, last, form.row_stage)
    row = cut.segment(form.row_stage)
    row[ruled] = np.where(_brief(cut, first[ruled], last[ruled]), cut.segment(first[ruled]), -1)

    variable = cut.segment(form.stage)
    carried, apart = _tied(form.A.indptr, form.A.indices, form.row_stage, form.stage,
                           form.free, row, variable)  # fmt: skip
    size, size_last = _sizes(form, cut, row, row_last, apart)
    return Inside(row, variable, size, carried, apart, row_last, size_last)


def _sizes(form: Form, cut: Cut, row: Ints, row_last: Ints, apart: Bools) -> tuple[Ints, Ints]:
    """Segments of the sizes that only a short while of one segment knows; −1 for the others."""
    count = len(form.price)
    first, last = np.full(count, entries.FAR), np.full(count, -1)
    low = np.where(row < 0, -1, row_last)
    entries.widen(form.B.indptr, form.B.indices, low, row_last, first, last)
    low = np.where(apart, -1, form.stage)
    entries.widen(form.U.indptr, form.U.indices, low, form.stage, first, last)
    known = (first >= 0) & (first < entries.FAR)
    first = np.where(known, first, 0)
    brief = known & _brief(cut, first, last)
    return np.where(brief, cut.segment(first), -1), last


def ties(form: Form) -> Bools:
    """Which variables stand in the rows of several stages."""
    count, stage = len(form.cost), form.row_stage
    first, last = np.full(count, entries.FAR), np.full(count, -1)
    low = np.where(stage < 0, entries.FAR, stage)
    entries.widen(form.A.indptr, form.A.indices, low, stage, first, last)
    return np.asarray(last > first)


def _brief(cut: Cut, first: Ints, last: Ints) -> Bools:
    same = cut.segment(first) == cut.segment(last)
    return np.asarray(same & (last - first + 1 <= BRIEF * cut.length))


@njit(cache=True, nogil=True)
def _tied(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, row_stage: Ints, stage: Ints, free: Bools, row: Ints, variable: Ints
) -> tuple[Bools, Bools]:
    """Which variables are carried, and which are apart; slacks of rules get their segment."""
    carried, apart = np.zeros(len(stage), dtype=np.bool_), np.zeros(len(stage), dtype=np.bool_)
    for one in range(len(row)):
        for at in range(start[one], start[one + 1]):
            column = item[at]
            if row_stage[one] >= 0 and (row_stage[one] != stage[column] or free[column]):
                carried[column] = True
            if stage[column] < 0:  # of a rule, in whose segment it stands
                variable[column] = row[one]
    for one in range(len(variable)):
        variable[one] = max(variable[one], 0)
    for one in range(len(row)):
        if row[one] >= 0:
            for at in range(start[one], start[one + 1]):
                if row[one] != variable[item[at]]:
                    apart[item[at]] = True
    return carried, apart
