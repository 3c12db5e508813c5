"""How many may read the plant's records at once: who is shown values must not wait for them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException

MOST = 12
"""Readers at once: few of the threads that all answers share, and more than there are cores."""


class Readers:
    """Places for those who read long stretches of history, many schedules or the journal.

    One person has ``of_one`` of the ``most`` places at most: a program that asks without end, with
    somebody's token, keeps nobody else from reading.
    """

    def __init__(self, most: int = MOST, of_one: int = MOST) -> None:
        self._most, self._of_one = most, of_one
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, person: int = 0) -> Iterator[None]:
        """One of the places, as long as the context lasts. Raises HTTPException with 503."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[person] >= self._of_one:
                raise HTTPException(503, "too many read already", {"retry-after": "1"})
            self._taken[person] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= Counter([person])


def searches() -> Readers:
    """Places for those who search the journal, one after another: each waits for those before."""
    return Readers(most=8, of_one=4)
