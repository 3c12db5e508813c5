"""Every row, variable and size gets a place: which lane, and the how-manieth there.

What is alike in all segments gets the same local number in each of them, found by its kind and
by how far from the beginning of its segment it stands. Where a segment lacks what others have, a
blank stands in: a row without entries, a variable that nothing moves. So all lanes share one
pattern, whatever the plant does.

Local unknowns are numbered from 0: those inside the segment first, then ``slots``, one for each
outer unknown that the segment knows. Local variables likewise: those inside first, then
``ghosts``, the outer variables of neighbours, then the segment's own outer variables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged import entries
from zeroplant.solve.staged.form import Bools, Form, Index
from zeroplant.solve.staged.lanes import LANES
from zeroplant.solve.staged.segments import Cut, Inside


@dataclass
class Outer:
    """The outer unknowns, counted: variables apart, then sizes, then rules.

    ``slot[segment, unknown]`` is where a segment keeps it; −1 if it does not know it, as it
    does not know the last column, which stands for what is not outer.
    """

    variables: Ints
    sizes: Ints
    rules: Ints
    of_variable: Ints
    of_size: Ints
    of_rule: Ints
    slot: Ints
    ghosts: int
    owns: int
    slots: int

    def __len__(self) -> int:
        return len(self.variables) + len(self.sizes) + len(self.rules)


@dataclass
class Places:
    """Local numbers in each segment: of variables, of unknowns inside, and their kinds.

    ``segment`` is that of a variable, ``variables`` counts those inside and all, ghosts too.
    ``stays`` says which of the local variables are unknowns.
    """

    variable: Ints
    inside: int
    variables: int
    stays: Bools
    row: Ints
    carried: Ints
    size: Ints
    offset: Ints
    code: Ints
    is_row: Bools


def outer_unknowns(form: Form, inside: Inside, count: int) -> Outer:
    """All outer unknowns, and which segment knows which."""
    variables, sizes = np.flatnonzero(inside.apart), np.flatnonzero(inside.size < 0)
    rules = np.flatnonzero(inside.row < 0)
    lists = _count_from(0, variables, len(form.cost))
    lists_size = _count_from(len(variables), sizes, len(form.price))
    lists_rule = _count_from(len(variables) + len(sizes), rules, len(form.b))
    total = len(variables) + len(sizes) + len(rules)

    own, ghost, knows = (np.zeros((count, total), dtype=bool) for _ in range(3))
    own[inside.variable[variables], lists[variables]] = True
    A, B, U = ((table.indptr, table.indices) for table in (form.A, form.B, form.U))
    _far(*A, inside.row, inside.variable, lists, lists_rule, ghost, knows)
    _sizes_known(*U, inside.variable, lists_size, knows)
    _sizes_known(*B, inside.row, lists_size, knows)
    segment, which = np.nonzero(ghost)
    for one in range(0, len(segment), 1 << 16):
        part = slice(one, one + (1 << 16))
        rows = form.U[variables[which[part]]].tocoo()
        known = lists_size[rows.coords[1]] >= 0
        knows[segment[part][rows.coords[0][known]], lists_size[rows.coords[1][known]]] = True
    common = knows & (knows.sum(axis=0) * 2 > count)
    slot, slots = np.full((count, total + 1), -1), 0
    widths = []
    for known in (ghost, common, knows & ~common, own):
        rank = np.cumsum(known, axis=1) - 1
        slot[:, :total][known] = slots + rank[known]
        widths.append(int(known.sum(axis=1).max(initial=0)))
        slots += widths[-1]
    return Outer(
        variables, sizes, rules, lists, lists_size, lists_rule, slot, widths[0], widths[3], slots
    )


def number(form: Form, cut: Cut, inside: Inside, outer: Outer) -> Places:
    """Local numbers, alike in all segments for what is alike."""
    kind, kinds = entries.counted(form.kind)
    kind, kinds = kind + 2, kinds + 2
    offset = cut.offset(form.stage)
    # Slacks of rules stand with their rule; they are told apart by their rank.
    slack = form.stage < 0
    offset[slack] = 0
    code = np.where(slack, kinds + _rank(inside.variable, offset, slack), kind)
    variable, begins = _numbers(offset, code, ~inside.apart)
    count = len(begins)
    own = outer.slot[inside.variable[outer.variables], np.arange(len(outer.variables))]
    variable[outer.variables] = count + outer.ghosts + own - (outer.slots - outer.owns)
    # What is an unknown in one segment is one in all.
    stays_there = np.zeros(count + outer.ghosts + outer.owns, dtype=bool)
    stays_there[variable[inside.carried]] = True
    carried = stays_there[variable] & ~inside.apart

    row_kind, row_kinds = entries.counted(form.row_kind)
    row_offset = cut.offset(np.maximum(inside.row_last, 0))
    rule = (form.row_stage < 0) & (inside.row >= 0)
    codes = np.where(rule, row_kinds + kinds + _rank(inside.row, row_offset, rule), row_kind)
    size_offset, brief = cut.offset(np.maximum(inside.size_last, 0)), inside.size >= 0
    last = int(codes.max(initial=0)) + kinds + 1
    size_codes = last + _rank(inside.size, size_offset, brief)
    stays, within = inside.row >= 0, carried
    offsets = np.concatenate([row_offset[stays], offset[within], size_offset[brief]])
    codes = np.concatenate([codes[stays], row_kinds + kind[within], size_codes[brief]])
    found, first = _numbers(offsets, codes, np.ones(len(codes), dtype=bool))
    ends = np.cumsum([stays.sum(), within.sum()])
    row, column, size = (np.full(len(each), -1) for each in (form.b, form.cost, form.price))
    row[stays], column[within], size[brief] = np.split(found, ends)
    return Places(
        variable, count, len(stays_there), stays_there, row, column, size,
        offsets[first], codes[first], first < ends[0],
    )  # fmt: skip


def flat(segment: Ints, local: Ints, width: int) -> Ints:
    """Where a local number of a segment stands in an array of groups × width × lanes."""
    return (segment // LANES * width + local) * LANES + segment % LANES


@njit(cache=True, nogil=True)
def _numbers(offset: Ints, code: Ints, which: Bools) -> tuple[Ints, Ints]:
    """Numbers of equal (offset, code), ordered so, and the first place of each.

    Only those that are meant have a number; the others have −1.
    """
    codes, last = code.max() + 1 if len(code) else 1, -1
    for one in range(len(code)):
        if which[one]:
            last = max(last, offset[one] * codes + code[one])
    number_of = np.full(last + 1, -1)
    for one in range(len(code) - 1, -1, -1):
        if which[one]:
            number_of[offset[one] * codes + code[one]] = one
    first, count = number_of[number_of >= 0], 0
    for key in range(last + 1):
        if number_of[key] >= 0:
            number_of[key] = count
            count += 1
    number = np.full(len(code), -1)
    for one in range(len(code)):
        if which[one]:
            number[one] = number_of[offset[one] * codes + code[one]]
    return number, first


def _rank(segment: Ints, offset: Ints, which: Bools) -> Ints:
    """The how-manieth of its segment and offset each one is, of those that are meant."""
    found = np.flatnonzero(which)
    key = segment[found] * (int(offset.max(initial=0)) + 1) + offset[found]
    order = np.argsort(key, kind="stable")
    begin = np.searchsorted(key[order], key[order])
    rank = np.zeros(len(segment), dtype=np.int64)
    rank[found[order]] = np.arange(len(found)) - begin
    return rank


def _count_from(first: int, which: Ints, length: int) -> Ints:
    """Numbers from ``first`` on for some; −1 for the others."""
    result = np.full(length, -1)
    result[which] = first + np.arange(len(which))
    return result


@njit(cache=True, nogil=True)
def _far(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    start: Index, item: Index, segment: Ints, variable: Ints,
    lists: Ints, lists_rule: Ints, ghost: Bools, knows: Bools,
) -> None:  # fmt: skip
    """Mark the variables of other segments in each segment's rows, and outer rules it knows."""
    for row in range(len(segment)):
        here = segment[row]
        for at in range(start[row], start[row + 1]):
            there = variable[item[at]]
            if here < 0:
                knows[there, lists_rule[row]] = True
            elif here != there:
                ghost[here, lists[item[at]]] = True


@njit(cache=True, nogil=True)
def _sizes_known(start: Index, item: Index, segment: Ints, lists_size: Ints, knows: Bools) -> None:
    """Mark the outer sizes that stand at each segment's variables, or in its rows."""
    for row in range(len(segment)):
        if segment[row] >= 0:
            for at in range(start[row], start[row + 1]):
                if lists_size[item[at]] >= 0:
                    knows[segment[row], lists_size[item[at]]] = True
