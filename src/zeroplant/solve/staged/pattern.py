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
from zeroplant.solve.staged.form import Form
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.places import Outer, Places, flat
from zeroplant.solve.staged.segments import Inside


@dataclass
class Table:
    """Entries of each owner: ``item[start[o]:start[o + 1]]``; and where values come from."""

    start: Ints
    item: Ints
    source: Ints
    place: Ints
    groups: int

    def blank(self) -> Floats:
        """Room for the entries of all segments (groups, entries, lanes), zero where blank."""
        return blank(self.groups, len(self.item), LANES)

    def fill(self, values: Floats, data: Floats) -> None:
        """Put the entries' values in place."""
        values.reshape(-1)[self.place] = data[self.source]


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

    def local(segment: Ints, within: Ints, where: Ints, number: Ints) -> Ints:
        """Local unknown: inside, or the slot of an outer one."""
        result, out = number.copy(), np.flatnonzero(within < 0)
        result[out] = unknowns + outer.slot[segment[out], where[out]]
        return result

    def variable(segment: Ints, which: Ints) -> Ints:
        """Local variable: one of the segment's own, or a ghost."""
        result, far = places.variable[which], np.flatnonzero(segment != inside.variable[which])
        result[far] = places.inside + outer.slot[segment[far], outer.of_variable[which[far]]]
        return result

    row, column = _coordinates(form.A)
    segment = np.where(inside.row[row] >= 0, inside.row[row], inside.variable[column])
    items = local(segment, inside.row[row], outer.of_rule[row], places.row[row])
    every = np.arange(len(row))
    A = _table(variable(segment, column), items, places.variables, segment, every, groups)

    row, column = _coordinates(form.U)
    segment, entry = inside.variable[row], np.arange(len(row))
    which, where = _ghosts(form, inside, outer)
    counts = np.diff(form.U.indptr)[which]
    again = np.repeat(form.U.indptr[which], counts) + _steps(counts)
    segment, entry = np.append(segment, np.repeat(where, counts)), np.append(entry, again)
    row, column = row[entry], column[entry]
    items = local(segment, inside.size[column], outer.of_size[column], places.size[column])
    U = _table(variable(segment, row), items, places.variables, segment, entry, groups)

    row, column = _coordinates(form.B)
    entry = np.flatnonzero(inside.row[row] >= 0)
    corner = np.flatnonzero(inside.row[row] < 0)
    row, column = row[entry], column[entry]
    segment = inside.row[row]
    items = local(segment, inside.size[column], outer.of_size[column], places.size[column])
    B = _table(places.row[row], items, unknowns, segment, entry, groups)
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


def _coordinates(table: object) -> tuple[Ints, Ints]:
    found = table.tocoo()  # type: ignore[attr-defined]
    row, column = (np.asarray(each, dtype=np.int64) for each in found.coords)
    return row, column


def _steps(counts: Ints) -> Ints:
    """0, 1, …, n − 1 for each count n."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _table(  # noqa: PLR0917
    owner: Ints, item: Ints, owners: int, segment: Ints, source: Ints, groups: int
) -> Table:
    start, items, number = union(owner, item, owners)
    return Table(start, items, source, flat(segment, number, len(items)), groups)


@njit(cache=True, nogil=True)
def union(owner: Ints, item: Ints, owners: int) -> tuple[Ints, Ints, Ints]:
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
