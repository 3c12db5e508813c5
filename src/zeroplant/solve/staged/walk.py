"""The order of elimination inside a segment: walk through time; within a stage, least first.

Stages look alike, so the order within one is worked out once, by minimum degree on three stages
in the middle (the third is taken, where the first two are already gone): next is always the
unknown with the fewest neighbours, whose neighbours then all become neighbours of each other.
Rows go before the variables that tie stages together: eliminated first, such a variable would
add its D⁻¹, up to 1e9, to rows, and then subtract it again. A row in which nothing else stands
has nothing to divide by, so it waits until one of its variables is gone.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array, csc_matrix
from scipy.sparse.linalg import splu

from zeroplant.axis import Ints
from zeroplant.solve.staged.form import Bools


def walk(  # noqa: PLR0917
    one: Ints, other: Ints, offset: Ints, code: Ints, is_row: Bools, solid: Bools
) -> Ints:
    """Unknowns in the order of elimination.

    ``one`` and ``other`` are the ends of all ties. Unknowns are known by the stage they stand in
    (``offset``) and by their ``code``, which is the same in every stage; ``solid`` rows have a
    diagonal of their own.
    """
    middle = max(0, int(offset.max(initial=0)) // 2 - 1)
    rank = np.full(int(code.max(initial=0)) + 1, len(code))
    near = (offset >= middle) & (offset < middle + 6)
    neighbours: dict[int, set[int]] = {int(each): set() for each in np.flatnonzero(near)}
    for i, j in zip(one.tolist(), other.tolist(), strict=True):
        if i != j and i in neighbours and j in neighbours:
            neighbours[i].add(j)
            neighbours[j].add(i)
    ready = {int(each) for each in np.flatnonzero(near & is_row & solid)}
    rows = {int(each) for each in np.flatnonzero(near & is_row)}
    for stage in range(middle, middle + 3):
        left = set(np.flatnonzero(offset == stage).tolist())
        turn = 0
        while left:
            eligible = (left & ready) or (left - rows) or left
            least = min(eligible, key=lambda each: (len(neighbours[each]), code[each]))
            rank[code[least]], turn = turn, turn + 1
            left.discard(least)
            around = neighbours.pop(least)
            for each in around:
                neighbours[each] |= around
                neighbours[each] -= {each, least}
            if least not in rows:
                ready |= around & rows
    return np.lexsort((code, rank[code], offset)).astype(np.int64)


def minimum_degree(length: int, first: Ints, second: Ints) -> Ints:
    """The order of minimum degree that SuperLU works out, on a matrix of the same pattern.

    The matrix is dominated by its diagonal, so that nothing is exchanged.
    """
    pattern = csc_array((np.full(len(first), 1e-9), (first, second)), shape=(length, length))
    dominant = csc_matrix(pattern + pattern.T)
    dominant.setdiag(1.0)
    found = splu(
        dominant,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    order: Ints = np.argsort(found.perm_c).astype(np.int64)
    return order
