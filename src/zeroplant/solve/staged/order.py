"""The order in which time is walked: rows and carried variables become a narrow band.

Rows of a stage stay, with the variables that tie it to other stages (levels of stores, mostly).
All other variables live in one stage and are eliminated there. What stays is laid out by the
algorithm of Cuthill and McKee (Proc. 24th ACM Conf., 1969, 157): walk from one end to ever
farther neighbours. Along a chain, that is time. Where a chain's end is tied to its beginning, it
walks both ways round, so that hours 0 and T−1, 1 and T−2, … stand side by side: the ring becomes
a band of twice the width, and nothing wraps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from zeroplant.axis import Ints
from zeroplant.solve.staged.form import Bools, Form

# Wider bands are mostly zeros (58: two seconds an iteration over a year).
WIDEST = 40
# Rules and sizes at most: the border is dense. Those of few entries can stand among the stages.
MOST_BORDER, FEW = 100, 3000


@dataclass
class Order:
    """What stands in the matrix that is factored, where, and what in its dense border.

    ``row[i]``, ``column[j]`` and ``size[k]`` are places in the matrix; −1 for what is not in it.
    ``rows``, ``carried`` and ``inner`` are the rows, variables and sizes that are, ``border`` and
    ``outer`` the other rows and sizes. ``width`` is that of the band, None where it is none.
    """

    row: Ints
    column: Ints
    size: Ints
    rows: Ints
    carried: Ints
    inner: Ints
    border: Ints
    outer: Ints
    length: int
    width: int | None


def order(form: Form) -> Order:
    """A band as narrow as time allows; a sparse matrix where it would be wide or rules are many."""
    in_band = (form.row_stage >= 0) & (np.diff(form.A.indptr) > 0)
    rows = np.flatnonzero(in_band)
    first, last = _stages_of_variables(form)
    stays = (last > first) | (form.free & (last >= 0))
    carried, sizes = np.flatnonzero(stays), np.arange(len(form.price))
    if len(form.b) - len(rows) + len(sizes) > MOST_BORDER:
        return _scattered(form, carried)
    place, width = _walk(_neighbours(form.A[rows], stays))
    if width > WIDEST:
        return _scattered(form, carried)
    border, none = np.flatnonzero(~in_band), np.zeros(0, dtype=np.int64)
    inside = rows, carried, none
    return _placed(form, inside, place, border=border, outer=sizes, width=width)


def _walk(graph: csr_array) -> tuple[Ints, int]:
    """Places in the order of Cuthill and McKee, and the width of the band they make."""
    length = graph.shape[0]
    place = np.empty(length, dtype=np.int64)
    if length:
        place[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(length)
    one, other = graph.nonzero()
    return place, int(np.abs(place[one] - place[other]).max(initial=0))


def _scattered(form: Form, carried: Ints) -> Order:
    """Rules of few entries and sizes that bound nothing stand in the matrix like all others.

    They are those by the day or month: their breaches, their peaks.
    """
    entries = np.diff(form.A.indptr)
    light = (entries > 0) & (entries <= FEW)
    bounds, uses = np.diff(form.U.tocsc().indptr), np.diff(form.B.tocsc().indptr)
    within = (bounds == 0) & (uses <= FEW)
    inside = np.flatnonzero(light), carried, np.flatnonzero(within)
    place = np.arange(sum(map(len, inside)))
    border, outer = np.flatnonzero(~light), np.flatnonzero(~within)
    return _placed(form, inside, place, border=border, outer=outer, width=None)


def _placed(
    form: Form,
    inside: tuple[Ints, Ints, Ints],
    place: Ints,
    *,
    border: Ints,
    outer: Ints,
    width: int | None,
) -> Order:
    """What stands inside gets its places in the matrix: rows, then variables, then sizes."""
    rows, carried, inner = inside
    row, column, size = (np.full(len(each), -1) for each in (form.b, form.cost, form.price))
    ends = np.cumsum([len(rows), len(carried)])
    row[rows], column[carried], size[inner] = np.split(place, ends)
    return Order(row, column, size, rows, carried, inner, border, outer, len(place), width)


def ties(form: Form) -> Bools:
    """Which variables stand in the rows of several stages."""
    first, last = _stages_of_variables(form)
    return np.asarray(last > first)


def _stages_of_variables(form: Form) -> tuple[Ints, Ints]:
    """First and last stage each variable stands in; (0, −1) if it stands in no row of a stage."""
    table = form.A.tocsc()
    count = table.shape[1]
    stage = form.row_stage[table.indices]
    known = stage >= 0
    owner = np.repeat(np.arange(count), np.diff(table.indptr))[known]
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(first, owner, stage[known])
    np.maximum.at(last, owner, stage[known])
    return np.where(last < 0, 0, first), last


def _neighbours(rows: csr_array, stays: Bools) -> csr_array:
    """The graph of the band: rows that share a local variable, rows and their carried ones."""
    table = abs(rows).tocsc()
    local, carried = table[:, np.flatnonzero(~stays)], table[:, np.flatnonzero(stays)]
    parts = [[local @ local.T, carried], [carried.T, None]]
    return csr_array(block_array(parts) if all(carried.shape) else local @ local.T)
