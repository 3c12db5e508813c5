"""The pattern all segments share: which local variable stands in which local unknowns.

Three tables hold the coefficients, each with one list of entries and eight values to an entry in
every group: A (rows of each variable), U (sizes that bound each variable) and B (sizes in rows).
Local unknowns here are those of ``places.py``: inside first, then slots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged import entries
from zeroplant.solve.staged.form import Form, Index
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.places import Outer, Places, flat
from zeroplant.solve.staged.segments import Inside


@dataclass
class Table:
    """Entries of each owner: ``item[start[o]:start[o + 1]]``; and where values come from."""

    start: Ints
    item: Ints
    source: Index
    place: Ints
    groups: int

    def blank(self) -> Floats:
        """Room for the entries of all segments (groups, entries, lanes), zero where blank."""
        return blank(self.groups, len(self.item), LANES)

    def fill(self, values: Floats, data: Floats) -> None:
        """Put the entries' values in place."""
        _put(values.reshape(-1), self.place, data, self.source)


@dataclass
class Pattern:
    """The tables of all segments, and the entries of outer sizes in outer rules."""

    A: Table
    U: Table
    B: Table
    corner: Ints


def pattern(form: Form, inside: Inside, outer: Outer, places: Places, groups: int) -> Pattern:
    """The common pattern of all segments."""
    unknowns = len(places.offset)
    # All numbers of entries in as many bytes as the matrix has: kernels are compiled once.
    rules = inside.row, places.row, outer.of_rule, outer.slot, unknowns
    sizes = inside.size, places.size, outer.of_size, outer.slot, unknowns
    variables = inside.variable, places.variable, outer.of_variable, outer.slot, places.inside

    row, column = entries.rows_of(form.A.indptr, form.A.indices), form.A.indices
    segment = _segments(row, column, inside.row, inside.variable)
    owner, item = _local(segment, column, *variables), _local(segment, row, *rules)
    every = np.arange(len(row), dtype=row.dtype)
    A = _table(owner, item, places.variables, segment, every, groups)

    row = entries.rows_of(form.U.indptr, form.U.indices)
    which, where = _ghosts(form, inside, outer)
    counts = np.diff(form.U.indptr)[which]
    again = np.repeat(form.U.indptr[which], counts) + _steps(counts)
    segment = np.append(inside.variable[row], np.repeat(where, counts)).astype(row.dtype)
    entry = np.append(np.arange(len(row)), again).astype(row.dtype)
    row, column = row[entry], form.U.indices[entry]
    owner, item = _local(segment, row, *variables), _local(segment, column, *sizes)
    U = _table(owner, item, places.variables, segment, entry, groups)

    row = entries.rows_of(form.B.indptr, form.B.indices)
    is_inside = inside.row[row] >= 0
    corner, entry = np.flatnonzero(~is_inside), np.flatnonzero(is_inside).astype(row.dtype)
    row, column = row[entry], form.B.indices[entry]
    segment = inside.row[row].astype(row.dtype)
    item = _local(segment, column, *sizes)
    B = _table(places.row[row].astype(row.dtype), item, unknowns, segment, entry, groups)
    return Pattern(A, U, B, corner)


def _ghosts(form: Form, inside: Inside, outer: Outer) -> tuple[Ints, Ints]:
    """Outer variables and the other segments that know them."""
    segment, which = np.nonzero(outer.slot[:, : len(outer.variables)] >= 0)
    variable = outer.variables[which]
    far = inside.variable[variable] != segment
    return variable[far], segment[far]


def ghosts(inside: Inside, outer: Outer, places: Places) -> tuple[Ints, Ints]:
    """Where values of ghosts belong in an array over all variables, and where they come from."""
    segment, which = np.nonzero(outer.slot[:, : len(outer.variables)] >= 0)
    variable = outer.variables[which]
    far = inside.variable[variable] != segment
    segment, which, variable = segment[far], which[far], variable[far]
    own = flat(inside.variable[variable], places.variable[variable], places.variables)
    return flat(segment, places.inside + outer.slot[segment, which], places.variables), own


def _steps(counts: Ints) -> Ints:
    """0, 1, …, n − 1 for each count n."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _table(  # noqa: PLR0917
    owner: Index, item: Index, owners: int, segment: Index, source: Index, groups: int
) -> Table:
    start, items, place = union(owner, item, owners)
    _lay(place, segment, len(items))
    return Table(start, items, source, place, groups)


@njit(cache=True, nogil=True)
def union(owner: Index, item: Index, owners: int) -> tuple[Ints, Ints, Ints]:
    """All different items of each owner, and the number of each (owner, item) among them."""
    first = np.full(owners, -1, dtype=np.int64)
    following = np.empty(len(owner), dtype=np.int64)
    kept = np.empty(len(owner), dtype=np.int64)
    which = np.empty(len(owner), dtype=np.int64)
    start = np.zeros(owners + 1, dtype=np.int64)
    count = 0
    for entry in range(len(owner)):
        at = first[owner[entry]]
        last = -1
        while at >= 0 and kept[at] != item[entry]:
            last = at
            at = following[at]
        if at < 0:
            at = count
            count += 1
            kept[at], following[at] = item[entry], -1
            start[owner[entry] + 1] += 1
            if last < 0:
                first[owner[entry]] = at
            else:
                following[last] = at
        which[entry] = at
    for one in range(owners):
        start[one + 1] += start[one]
    number = np.empty(count, dtype=np.int64)
    items = np.empty(count, dtype=np.int64)
    for one in range(owners):
        at = first[one]
        place = start[one]
        while at >= 0:
            number[at], items[place] = place, kept[at]
            place += 1
            at = following[at]
    for entry in range(len(owner)):
        which[entry] = number[which[entry]]
    return start, items, which


@njit(cache=True, nogil=True)
def _lay(number: Ints, segment: Index, width: int) -> None:
    """Turn numbers within segments into places in an array of groups × width × lanes."""
    for entry in range(len(number)):
        group, lane = divmod(segment[entry], LANES)
        number[entry] = (group * width + number[entry]) * LANES + lane


@njit(cache=True, nogil=True)
def _segments(row: Index, column: Index, of_row: Ints, of_variable: Ints) -> Index:
    """The segment of each entry: that of its row, and of its variable where the row is outer."""
    segment = np.empty_like(row)
    for entry in range(len(row)):
        here = of_row[row[entry]]
        segment[entry] = here if here >= 0 else of_variable[column[entry]]
    return segment


@njit(cache=True, nogil=True)
def _local(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    segment: Index, which: Index, within: Ints, number: Ints, outer: Ints, slot: Ints, first: int
) -> Index:
    """The local number of each one in a segment: its own there, or, after these, its slot."""
    result = np.empty_like(which)
    for entry in range(len(which)):
        here, one = segment[entry], which[entry]
        if within[one] == here:
            result[entry] = number[one]
        else:
            result[entry] = first + slot[here, outer[one]]
    return result


@njit(cache=True, nogil=True)
def _put(values: Floats, place: Ints, data: Floats, source: Index) -> None:
    """Put values of a table's entries in their places."""
    for entry in range(len(place)):
        values[place[entry]] = data[source[entry]]
