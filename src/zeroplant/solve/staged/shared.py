"""Rows of eight numbers, each kept once: most coefficients are alike in all hours and groups.

Passes over variables wait for memory, and a coefficient of its own takes as much of it as a
distance to a bound. One that all share stays near the processor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import callee, njit
from zeroplant.solve.staged.lanes import LANES, blank
from zeroplant.solve.staged.pattern import Table

Shorter = NDArray[np.int32]


class Shared:
    """The values of a table: those of entry ``e`` of group ``g`` stand in ``rows[at[g, e]]``."""

    def __init__(self, table: Table) -> None:
        self._table, shape = table, (table.groups, len(table.item))
        self.rows = blank(shape[0] * shape[1], LANES)
        self.at: Shorter = np.zeros(shape, dtype=np.int32)

    def take(self, data: Floats) -> None:
        """Put the entries' values in place."""
        values = self._table.blank()
        self._table.fill(values, data)
        flat = values.reshape(-1, LANES)
        places = np.full(2 ** int(2 * len(flat)).bit_length(), -1, dtype=np.int32)
        share(flat, flat.view(np.int64), places, self.at.reshape(-1), self.rows)


@njit(cache=True, nogil=True)
def share(values: Floats, bits: Ints, places: Shorter, at: Shorter, rows: Floats) -> None:
    """Keep rows of ``values`` that differ, in the order they are met; ``at`` is where each is.

    ``bits`` are those of the values; ``places`` a table of as many places as a power of two, −1.
    """
    count, mask = 0, len(places) - 1
    for i in range(len(values)):
        mixed = 0
        for lane in range(LANES):
            mixed = (mixed ^ bits[i, lane]) * 0x2545F4914F6CDD1D
            mixed ^= mixed >> 29
        place = mixed & mask
        while places[place] >= 0 and not _equal(rows, places[place], values, i):
            place = (place + 1) & mask
        if places[place] < 0:
            places[place] = count
            for lane in range(LANES):
                rows[count, lane] = values[i, lane]
            count += 1
        at[i] = places[place]


@callee()
def _equal(rows: Floats, row: int, values: Floats, i: int) -> bool:
    same = True
    for lane in range(LANES):
        same &= rows[row, lane] == values[i, lane]
    return same
