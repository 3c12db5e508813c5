"""What the elimination will do, worked out once: where entries stand, and every step's targets.

The matrix of a segment is symmetric. Inside unknowns are eliminated in the order of the walk,
L D L' in place, column after column; slots stay. The entries of all parts stand in one array:

    diagonal | L, by columns | V, the coupling of inside unknowns with slots | S, slots with slots

Elimination tree and pattern follow T. A. Davis, Direct Methods for Sparse Linear Systems (SIAM
2006), chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array

from zeroplant.axis import Ints
from zeroplant.kernels import njit
from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.pattern import Pattern, union
from zeroplant.solve.staged.places import Outer, Places
from zeroplant.solve.staged.walk import minimum_degree, walk

# Steps of one elimination, above which it is worth looking for a better order, or hopeless.
MANY, TOO_MANY = 300, 5000


class Plan(NamedTuple):
    """Index arrays for compiled code; entries of L, V and targets are places in the one array.

    ``a_*`` and ``u_*`` are the tables of variables, ``b_*`` that of rows, in unknowns as they are
    eliminated; ``unknown`` is that of a variable, −1 for those eliminated beforehand. ``active``
    are the slots, counted from the first, that a pivot can know; ``ring`` is its place in the
    working array of couplings, ``ring_size`` long. Ghosts are variables of other segments.
    """

    inside: int
    slots: int
    a_start: Ints
    a_item: Ints
    u_start: Ints
    u_item: Ints
    unknown: Ints
    ghost_first: int
    ghost_end: int
    target: Ints
    b_row: Ints
    b_size: Ints
    b_target: Ints
    l_start: Ints
    l_row: Ints
    update: Ints
    v_start: Ints
    v_slot: Ints
    active: Ints
    ring: Ints
    ring_size: int
    v_first: int
    s_first: int
    entries: int


@dataclass
class Symbolic:
    """The plan, and the new number of each local unknown; −1, which is none, stays −1."""

    plan: Plan
    place: Ints


def symbolic(pattern: Pattern, outer: Outer, places: Places) -> Symbolic:
    """Order the unknowns of the segments, and list the steps of the elimination."""
    n, slots = len(places.offset), outer.slots
    unknown = _unknown_of_variables(outer, places, n)
    A, U, B = pattern.A, pattern.U, pattern.B
    one, other = _meetings(A.start, A.item, U.start, U.item, unknown)
    b_row = np.repeat(np.arange(n), np.diff(B.start))
    everything = np.concatenate([one, b_row]), np.concatenate([other, B.item])
    order = _order(everything, one, places, n)
    place = np.empty(n + slots, dtype=np.int64)
    place[order] = np.arange(n)
    place[n:] = n + np.arange(slots)
    first = _first_touch(place[everything[0]], place[everything[1]], n, slots)
    place[n + np.argsort(first, kind="stable")] = n + np.arange(slots)

    one, other, b_row, b_size = place[one], place[other], place[b_row], place[B.item]
    low = np.concatenate([np.minimum(one, other), np.minimum(b_row, b_size)])
    high = np.concatenate([np.maximum(one, other), np.maximum(b_row, b_size)])
    l_start, l_row = _fill(low, high, n)
    coupled = (low < n) & (high >= n)
    v_start, v_slot, _ = union(_small(low[coupled]), _small(high[coupled] - n), n)
    v_first = n + len(l_row)
    s_first = v_first + len(v_slot)
    entries = s_first + slots * (slots + 1) // 2
    target = _places(low, high, n, l_start, l_row, v_start, v_slot)
    ring, ring_size = _ring(l_start, l_row)
    active = np.searchsorted(np.sort(first), np.arange(n), side="right")
    found = np.append(place, -1)
    split = len(one)
    plan = Plan(
        n, slots, A.start, _small(place[A.item]), U.start, _small(place[U.item]), found[unknown],
        places.inside, places.inside + outer.ghosts, _small(target[:split]),
        b_row, b_size, target[split:],
        l_start, _small(l_row), _small(_updates(l_start, l_row, n)), v_start, _small(v_slot),
        active, ring, ring_size, v_first, s_first, entries,
    )  # fmt: skip
    return Symbolic(plan, found)


def _unknown_of_variables(outer: Outer, places: Places, n: int) -> Ints:
    """The local unknown of each local variable; −1 for those that are eliminated beforehand."""
    unknown = np.full(places.variables, -1)
    kept = places.carried >= 0
    unknown[places.variable[kept]] = places.carried[kept]
    ghosts, owns = np.arange(outer.ghosts), np.arange(outer.owns)
    unknown[places.inside + ghosts] = n + ghosts
    unknown[places.inside + outer.ghosts + owns] = n + outer.slots - outer.owns + owns
    return unknown


def _order(ties: tuple[Ints, Ints], one: Ints, places: Places, n: int) -> Ints:
    """The walk through time, or minimum degree where that has much less to do."""
    within = (ties[0] < n) & (ties[1] < n)
    low, high = ties[0][within], ties[1][within]
    solid = np.zeros(n, dtype=bool)
    solid[low[low == high]] = True
    order = walk(low, high, places.offset, places.code, places.is_row, solid)
    width = _work(order, low, high)
    if n and width > MANY:
        better = minimum_degree(n, low, high)
        if _work(better, low, high) < 0.7 * width:
            order, width = better, _work(better, low, high)
    if width > TOO_MANY:
        message = f"the factors would take {width:.0f} steps for each unknown"
        raise Declined(message)
    return order


def _work(order: Ints, one: Ints, other: Ints) -> float:
    """Steps of the elimination in an order, for each unknown."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    low, high = np.minimum(place[one], place[other]), np.maximum(place[one], place[other])
    counts = _tree(*_upper(low, high, len(order)))[1]
    return float((counts.astype(float) ** 2).mean()) / 2 if len(order) else 0.0


def _first_touch(one: Ints, other: Ints, n: int, slots: int) -> Ints:
    """The first pivot that each slot is coupled with."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    coupled = (low < n) & (high >= n)
    first = np.full(slots, n)
    np.minimum.at(first, high[coupled] - n, low[coupled])
    return first


def _upper(low: Ints, high: Ints, n: int) -> tuple[Ints, Ints]:
    """Rows of the entries above the diagonal in each column, each once."""
    table = csc_array((np.ones(len(low), dtype=bool), (low, high)), shape=(n, n))
    table.sum_duplicates()
    return table.indptr.astype(np.int64), table.indices.astype(np.int64)


def _fill(low: Ints, high: Ints, n: int) -> tuple[Ints, Ints]:
    """The pattern of L by columns."""
    within = high < n
    starts, rows = _upper(low[within], high[within], n)
    tree, counts = _tree(starts, rows)
    l_start = np.concatenate([[0], np.cumsum(counts)])
    return l_start, _columns(starts, rows, tree, l_start)


def _small(places: Ints) -> Ints:
    if len(places) and int(places.max()) >= 2**31:
        message = "the segments would have too many entries"
        raise Declined(message)
    return places.astype(np.int32)


@njit(cache=True, nogil=True)
def _meetings(
    a_start: Ints, a_item: Ints, u_start: Ints, u_item: Ints, unknown: Ints
) -> tuple[Ints, Ints]:
    """Pairs of unknowns that meet through each variable, in the order of `assemble`."""
    total = 0
    for v in range(len(unknown)):
        a, u = a_start[v + 1] - a_start[v], u_start[v + 1] - u_start[v]
        total += (a * (a + 1) // 2 if unknown[v] < 0 else a) + a * u + u * (u + 1) // 2
    one, other = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    at = 0
    for v in range(len(unknown)):
        for i in range(a_start[v], a_start[v + 1]):
            if unknown[v] >= 0:
                one[at], other[at] = a_item[i], unknown[v]
                at += 1
                continue
            for j in range(a_start[v], i + 1):
                one[at], other[at] = a_item[i], a_item[j]
                at += 1
        for k in range(u_start[v], u_start[v + 1]):
            for i in range(a_start[v], a_start[v + 1]):
                one[at], other[at] = a_item[i], u_item[k]
                at += 1
            for j in range(u_start[v], k + 1):
                one[at], other[at] = u_item[k], u_item[j]
                at += 1
    return one, other


@njit(cache=True, nogil=True)
def _tree(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Elimination tree of an upper triangle by columns, and the entries of each column of L."""
    length = len(starts) - 1
    tree = np.full(length, -1, dtype=np.int64)
    counts = np.zeros(length, dtype=np.int64)
    mark = np.full(length, -1, dtype=np.int64)
    for column in range(length):
        mark[column] = column
        for place in range(starts[column], starts[column + 1]):
            row = rows[place]
            while mark[row] != column:
                if tree[row] < 0:
                    tree[row] = column
                counts[row] += 1
                mark[row] = column
                row = tree[row]
    return tree, counts


@njit(cache=True, nogil=True)
def _columns(starts: Ints, rows: Ints, tree: Ints, l_start: Ints) -> Ints:
    """Rows of the columns of L, rising: row after row, along paths of the elimination tree."""
    length = len(starts) - 1
    mark = np.full(length, -1, dtype=np.int64)
    filled = l_start[:-1].copy()
    l_row = np.empty(l_start[-1], dtype=np.int64)
    for column in range(length):
        mark[column] = column
        for place in range(starts[column], starts[column + 1]):
            row = rows[place]
            while mark[row] != column:
                l_row[filled[row]] = column
                filled[row] += 1
                mark[row] = column
                row = tree[row]
    return l_row


@njit(cache=True, nogil=True)
def _places(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    low: Ints, high: Ints, n: int, l_start: Ints, l_row: Ints, v_start: Ints, v_slot: Ints
) -> Ints:
    """Where the entry of two unknowns stands in the one array."""
    place = np.empty(len(low), dtype=np.int64)
    v_first = n + len(l_row)
    s_first = v_first + len(v_slot)
    for each in range(len(low)):
        i, j = low[each], high[each]
        if i == j and i < n:
            place[each] = i
        elif j < n:
            at = l_start[i] + np.searchsorted(l_row[l_start[i] : l_start[i + 1]], j)
            place[each] = n + at
        elif i < n:
            at = v_start[i]
            while v_slot[at] != j - n:
                at += 1
            place[each] = v_first + at
        else:
            place[each] = s_first + (j - n) * (j - n + 1) // 2 + i - n
    return place


@njit(cache=True, nogil=True)
def _updates(l_start: Ints, l_row: Ints, n: int) -> Ints:
    """Of each column, what it changes: of the diagonals and columns of its rows, row by row."""
    total = 0
    for column in range(n):
        count = l_start[column + 1] - l_start[column]
        total += count * (count + 1) // 2
    update = np.empty(total, dtype=np.int64)
    where = np.empty(n, dtype=np.int64)
    at = 0
    for column in range(n):
        for i in range(l_start[column], l_start[column + 1]):
            row = l_row[i]
            update[at] = row
            at += 1
            for k in range(l_start[row], l_start[row + 1]):
                where[l_row[k]] = n + k
            for k in range(i + 1, l_start[column + 1]):
                update[at] = where[l_row[k]]
                at += 1
    return update


@njit(cache=True, nogil=True)
def _ring(l_start: Ints, l_row: Ints) -> tuple[Ints, int]:
    """Places in a working array from when an unknown is first touched until its elimination."""
    n = len(l_start) - 1
    ring = np.full(n, -1, dtype=np.int64)
    free = np.empty(n, dtype=np.int64)
    count, size = 0, 0
    for column in range(n):
        for at in range(l_start[column] - 1, l_start[column + 1]):
            row = column if at < l_start[column] else l_row[at]
            if ring[row] < 0:
                if count:
                    count -= 1
                    ring[row] = free[count]
                else:
                    ring[row] = size
                    size += 1
        free[count] = ring[column]
        count += 1
    return ring, size
