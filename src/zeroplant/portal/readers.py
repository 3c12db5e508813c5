"""How many may read the plant's records at once: who is shown values must not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException

MOST = 12
"""Readers at once: few of the threads that all answers share, and more than there are cores."""


class Readers:
    """Places for those who read long stretches of history or many schedules."""

    def __init__(self, most: int = MOST) -> None:
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places, as long as the context lasts. Raises HTTPException with 503."""
        if not self._places.acquire(blocking=False):
            raise HTTPException(503, "too many read already", {"retry-after": "1"})
        try:
            yield
        finally:
            self._places.release()
