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


@dataclass
class Order:
    """``row[i]`` and ``column[j]`` are places in the band; −1 for what is not in it.

    ``rows`` and ``carried`` are the rows and variables in the band, ``border`` the other rows.
    """

    row: Ints
    column: Ints
    rows: Ints
    border: Ints
    carried: Ints
    length: int
    width: int


def order(form: Form) -> Order:
    """Places of stage rows and carried variables in a band that is as narrow as time allows."""
    in_band = (form.row_stage >= 0) & (np.diff(form.A.indptr) > 0)
    rows, border = np.flatnonzero(in_band), np.flatnonzero(~in_band)
    first, last = _stages_of_variables(form)
    stays = (last > first) | (form.free & (last >= 0))
    carried = np.flatnonzero(stays)
    graph = _neighbours(form.A[rows], stays)
    length = graph.shape[0]
    place = np.empty(length, dtype=np.int64)
    if length:
        place[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(length)
    one, other = graph.nonzero()
    width = int(np.abs(place[one] - place[other]).max(initial=0))
    row, column = np.full(len(form.b), -1), np.full(len(form.cost), -1)
    row[rows], column[carried] = place[: len(rows)], place[len(rows) :]
    return Order(row, column, rows, border, carried, length, width)


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
