"""Work shared by threads, so that the result does not depend on how many there are.

Work is cut by what it is about, never by the number of threads, and each piece leaves its results
in a place of its own: sums over these come out the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar
from weakref import finalize

R = TypeVar("R")
S = TypeVar("S")
Job = tuple[Callable[[int], None], Iterator[int]]


class Team:
    """A few threads that run compiled code side by side; one of them is who asks.

    A step of the method asks some nine times, so what passes between threads is the least that
    does: a piece of work there, an error or nothing back. A pool's futures take twice as long.
    """

    def __init__(self, threads: int = 1) -> None:
        self._helpers = threads - 1
        self._todo: SimpleQueue[Job | None] = SimpleQueue()
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        for _ in range(self._helpers):
            Thread(target=_help, args=(self._todo, self._done), daemon=True).start()
        finalize(self, _dismiss, self._todo, self._helpers)

    def each(self, work: Callable[[int], None], count: int) -> None:
        """Do ``work(0)``, ``work(1)`` and so on, each once."""
        todo, helpers = iter(range(count)), min(self._helpers, count - 1)
        for _ in range(helpers):
            self._todo.put((work, todo))
        try:
            _some(work, todo)
        finally:
            failed = [each for each in (self._done.get() for _ in range(helpers)) if each]
        for each in failed:
            raise each


def _help(todo: SimpleQueue[Job | None], done: SimpleQueue[BaseException | None]) -> None:
    """What a thread of a team does, until the team is gone."""
    while (job := todo.get()) is not None:
        done.put(_error_of(*job))
        del job  # while it waits, a thread must not hold what holds its team


def _error_of(work: Callable[[int], None], todo: Iterator[int]) -> BaseException | None:
    try:
        _some(work, todo)
    except BaseException as failed:
        return failed
    return None


def _dismiss(todo: SimpleQueue[Job | None], helpers: int) -> None:
    for _ in range(helpers):
        todo.put(None)


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
