"""Work shared by threads, so that the result does not depend on how many there are.

Work is cut by what it is about, never by the number of threads, and each piece leaves its results
in a place of its own: sums over these come out the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")
S = TypeVar("S")


class Team:
    """A few threads that run compiled code side by side; one of them is who asks."""

    def __init__(self, threads: int = 1) -> None:
        self._helpers = threads - 1
        self._pool = ThreadPoolExecutor(self._helpers) if threads > 1 else None

    def each(self, work: Callable[[int], None], count: int) -> None:
        """Do ``work(0)``, ``work(1)`` and so on, each once."""
        todo = iter(range(count))
        if self._pool is None or count < 2:
            _some(work, todo)
            return
        helpers = [
            self._pool.submit(_some, work, todo) for _ in range(min(self._helpers, count - 1))
        ]
        _some(work, todo)
        for helper in helpers:
            helper.result()

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()


def beside(one: Callable[[], R], other: Callable[[], S], threads: int) -> tuple[R, S]:
    """Results of both; with several threads, ``other`` is worked out by one of its own."""
    if threads < 2:
        return one(), other()
    with ThreadPoolExecutor(1) as pool:
        aside = pool.submit(other)
        return one(), aside.result()


def _some(work: Callable[[int], None], todo: Iterator[int]) -> None:
    """Take one piece of work after the other, as long as there is some."""
    for one in todo:
        work(one)
