"""The order in which time is walked: rows and carried variables become a narrow band.

Rows of one stage stand together, with the variables that tie the stage to another one (levels
of stores, mostly). All other variables live in one stage and are eliminated there. Where a
chain's end is tied to its beginning, the chain is folded in the middle, so that hours 0 and T−1,
1 and T−2, … stand side by side: the ring becomes a band of twice the width, and nothing wraps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from zeroplant.axis import Ints
from zeroplant.solve.staged.form import Bools, Declined, Form

# Wider bands cost more than they give; HiGHS takes over.
WIDEST = 120


@dataclass
class Order:
    """``row[i]`` and ``column[j]`` are places in the band; −1 for what is not in it.

    ``border`` are the rows over many stages, ``carried`` the variables that stay in the band.
    """

    row: Ints
    column: Ints
    rows: Ints
    border: Ints
    carried: Ints
    length: int
    width: int


def order(form: Form, periods: int) -> Order:
    """Places of stage rows and carried variables in a band that is as narrow as time allows."""
    in_band = (form.row_stage >= 0) & (np.diff(form.A.indptr) > 0)
    rows, border = np.flatnonzero(in_band), np.flatnonzero(~in_band)
    table = form.A[rows].tocsc()
    first, last = _stages_of_variables(form)
    tied = (last > first) | (form.free & (last >= 0))
    carried = np.flatnonzero(tied)
    wraps = bool((last - first)[tied].max(initial=0) > periods // 2)
    # A level belongs to the stage of the row it stands in without lag: the first of a pair,
    # unless the pair is the seam of the ring.
    home = np.where(last - first > periods // 2, last, first)[carried]
    stages = np.concatenate([form.row_stage[rows], home])
    after = 1 + form.row_kind.max(initial=0)
    kinds = np.concatenate([form.row_kind[rows], after + form.kind[carried]])
    chain, period = np.divmod(stages, periods)
    if wraps:
        late = period >= (periods + 1) // 2
        period = np.where(late, 2 * (periods - 1 - period) + 1, 2 * period)
        kinds = np.where(late, -kinds, kinds)
    place = np.empty(len(stages), dtype=np.int64)
    place[np.lexsort((kinds, period, chain))] = np.arange(len(stages))
    row = np.full(len(form.b), -1)
    row[rows] = place[: len(rows)]
    column = np.full(len(form.cost), -1)
    column[carried] = place[len(rows) :]
    width = _width(table, row[rows], column)
    if width > WIDEST:
        message = f"the stages are tied too widely (a band of {width})"
        raise Declined(message)
    return Order(row, column, rows, border, carried, len(stages), width)


def ties(form: Form) -> Bools:
    """Which variables stand in the rows of several stages."""
    first, last = _stages_of_variables(form)
    return np.asarray(last > first)


def _stages_of_variables(form: Form) -> tuple[Ints, Ints]:
    """First and last stage of each variable; (0, −1) if it stands in no row of a stage."""
    table = form.A.tocsc()
    owner = np.repeat(np.arange(table.shape[1]), np.diff(table.indptr))
    stage = form.row_stage[table.indices]
    known = stage >= 0
    return _extremes(owner[known], stage[known], table.shape[1])


def _extremes(owner: Ints, stage: Ints, count: int) -> tuple[Ints, Ints]:
    """First and last stage each variable stands in; (0, −1) if in none."""
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(first, owner, stage)
    np.maximum.at(last, owner, stage)
    return np.where(last < 0, 0, first), last


def _width(table: csc_array, row: Ints, column: Ints) -> int:
    """Greatest distance in the band between two places that an entry ties together."""
    places = row[table.indices]
    owner = np.repeat(np.arange(table.shape[1]), np.diff(table.indptr))
    least, most = _extremes(owner, places, table.shape[1])
    stays = column >= 0
    local = np.where(stays | (most < 0), 0, most - least)
    far = np.maximum(np.abs(most - column), np.abs(least - column))[stays]
    return int(max(local.max(initial=0), far.max(initial=0)))
