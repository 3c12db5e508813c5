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
from zeroplant.solve.staged.form import Bools, Form
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
    table = form.A.tocoo()
    at, column = (np.asarray(each) for each in table.coords)
    far = (inside.row[at] >= 0) & (inside.row[at] != inside.variable[column])
    ghost[inside.row[at[far]], lists[column[far]]] = True
    outer = inside.row[at] < 0
    knows[inside.variable[column[outer]], lists_rule[at[outer]]] = True
    caps, parts = form.U.tocoo(), form.B.tocoo()
    open_cap = lists_size[caps.coords[1]] >= 0
    knows[inside.variable[caps.coords[0][open_cap]], lists_size[caps.coords[1][open_cap]]] = True
    segment, which = np.nonzero(ghost)
    for one in range(0, len(segment), 1 << 16):
        part = slice(one, one + (1 << 16))
        rows = form.U[variables[which[part]]].tocoo()
        known = lists_size[rows.coords[1]] >= 0
        knows[segment[part][rows.coords[0][known]], lists_size[rows.coords[1][known]]] = True
    inner_row = (inside.row[parts.coords[0]] >= 0) & (lists_size[parts.coords[1]] >= 0)
    knows[inside.row[parts.coords[0][inner_row]], lists_size[parts.coords[1][inner_row]]] = True

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
    kind = np.unique(form.kind, return_inverse=True)[1] + 2
    kinds = int(kind.max(initial=1)) + 1
    offset = cut.offset(form.stage)
    # Slacks of rules stand with their rule; they are told apart by their rank.
    slack = form.stage < 0
    offset[slack] = 0
    code = np.where(slack, kinds + _rank(inside.variable, offset, slack), kind)
    variable, count = np.empty(len(form.cost), dtype=np.int64), 0
    variable[~inside.apart], count, _ = _numbers(offset[~inside.apart], code[~inside.apart])
    own = outer.slot[inside.variable[outer.variables], np.arange(len(outer.variables))]
    variable[outer.variables] = count + outer.ghosts + own - (outer.slots - outer.owns)
    # What is an unknown in one segment is one in all.
    stays_there = np.zeros(count + outer.ghosts + outer.owns, dtype=bool)
    stays_there[variable[inside.carried]] = True
    carried = stays_there[variable] & ~inside.apart

    row_kind = np.unique(form.row_kind, return_inverse=True)[1]
    row_kinds = int(row_kind.max(initial=-1)) + 1
    row_offset = cut.offset(np.maximum(inside.row_last, 0))
    rule = (form.row_stage < 0) & (inside.row >= 0)
    codes = np.where(rule, row_kinds + kinds + _rank(inside.row, row_offset, rule), row_kind)
    size_offset, brief = cut.offset(np.maximum(inside.size_last, 0)), inside.size >= 0
    last = int(codes.max(initial=0)) + kinds + 1
    size_codes = last + _rank(inside.size, size_offset, brief)
    stays, within = inside.row >= 0, carried
    offsets = np.concatenate([row_offset[stays], offset[within], size_offset[brief]])
    codes = np.concatenate([codes[stays], row_kinds + kind[within], size_codes[brief]])
    found, _, first = _numbers(offsets, codes)
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


def _numbers(offset: Ints, code: Ints) -> tuple[Ints, int, Ints]:
    """Numbers of equal (offset, code), ordered so; how many; and the first place of each."""
    codes = int(code.max(initial=0)) + 1
    key = offset * codes + code
    place = np.full(int(key.max(initial=-1)) + 1, -1)
    place[key[::-1]] = np.arange(len(key))[::-1]
    first = place[place >= 0]
    number = np.cumsum(place >= 0) - 1
    return number[key], len(first), first


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
