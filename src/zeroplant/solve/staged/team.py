"""Work shared by threads, so that the result does not depend on how many there are.

Work is cut by what it is about, never by the number of threads, and results are gathered in
order: sums come out the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.lanes import LANES, Shorts

# Rows of eight in one piece of a long vector: half a megabyte.
PIECE = 8192


class Team:
    """A few threads that run compiled code side by side; one of them is who asks."""

    def __init__(self, threads: int = 1) -> None:
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def each(self, work: Callable[[int], Any], count: int) -> list[Any]:
        """Results of ``work(0)``, ``work(1)`` and so on."""
        if self._pool is None or count < 2:
            return [work(one) for one in range(count)]
        return list(self._pool.map(work, range(count)))

    def long(self, kernel: Callable[..., None], *given: Floats | Shorts | float) -> None:
        """Run a pass over vectors, all as long as the first; it fills some of them."""
        tables = _tables(given)
        self.each(lambda i: kernel(*tables, *_ends(tables[0], i)), _pieces(tables[0]))

    def gather(
        self, kernel: Callable[..., None], *given: Floats | Shorts | float, width: int
    ) -> Floats:
        """Run a pass that leaves ``width`` results in each lane of each piece."""
        tables = _tables(given)
        found = np.empty((_pieces(tables[0]), width, LANES))
        self.each(lambda i: kernel(*tables, found[i], *_ends(tables[0], i)), len(found))
        return found

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()


def _tables(given: tuple[Floats | Shorts | float, ...]) -> list[Any]:
    return [each.reshape(-1, LANES) if isinstance(each, np.ndarray) else each for each in given]


def _pieces(table: Floats) -> int:
    return -(-len(table) // PIECE)


def _ends(table: Floats, piece: int) -> tuple[int, int]:
    return piece * PIECE, min((piece + 1) * PIECE, len(table))
