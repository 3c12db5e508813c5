"""Lanes: things on their way to the disk, in order, each lane in a thread of its own.

Whatever goes wrong in writing becomes words, and is tried again after a pause that grows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from zeroplant.errors import InputError

PAUSE = 1.0
"""Seconds until what failed is tried again; each further time they double."""
LONGEST = 10.0
"""Seconds between two attempts at most."""
GATHERED = 0.1
"""Seconds from one writing to the next: what comes meanwhile shares one wait for the disk."""

Item = TypeVar("Item")


class Lane(Generic[Item]):
    """One queue and the thread that writes what is in it.

    ``write`` takes out of the dictionary it is given what it has written; the rest is tried again,
    before what came after it. What waits weighs at most ``most`` (0: anything), each item its
    ``weight``: of more the oldest are dropped, counted in ``dropped``, and in ``lost`` by their
    weight. ``trouble`` says what failed last, and is empty once it no longer does.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[dict[Hashable, Item]], None],
        most: int = 0,
        weight: Callable[[Item], int] = lambda _: 1,
    ) -> None:
        self.trouble = ""
        self.lost = self.dropped = 0
        self._name, self._write, self._most, self._weight = name, write, most, weight
        self._items: dict[Hashable, Item] = {}
        self._count = self._heavy = 0
        self._ending = threading.Event()
        self._lock = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"recording {name}", daemon=True)
        self._thread.start()

    def add(self, items: Iterable[Item]) -> None:
        """Have items written; returns at once."""
        with self._lock:
            for item in items:
                self._count += 1
                self._items[self._count] = item
                self._heavy += self._weight(item)
            self._trim()
            self._lock.notify()

    def put(self, key: Hashable, item: Item) -> None:
        """Have an item written; of several with the same key, only the last. Returns at once."""
        with self._lock:
            self._items[key] = item
            self._lock.notify()

    @property
    def waiting(self) -> int:
        """How many items wait, without those that are being written."""
        return len(self._items)

    def end(self) -> None:
        """Have it end once everything is written, or cannot be."""
        with self._lock:
            self._ending.set()
            self._lock.notify()

    def join(self, patience: float) -> None:
        """Wait for the end, for so many seconds at most."""
        self._thread.join(patience)

    def _run(self) -> None:
        pause = 0.0
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._ending.is_set() or self._items)
                ending = self._ending.is_set()
                held, self._items, self._heavy = self._items, {}, 0
            try:
                if held:
                    self._write(held)
                self.trouble, pause = "", 0.0
            except Exception as error:
                self.trouble = self._said(error)
                pause = min(max(2 * pause, PAUSE), LONGEST)
                self._put_back(held)
            with self._lock:
                if ending and (self.trouble or not self._items):
                    return
            self._ending.wait(max(pause, GATHERED))  # nothing that comes meanwhile wakes it

    def _put_back(self, held: Mapping[Hashable, Item]) -> None:
        with self._lock:
            self._items = {**held, **self._items}
            self._heavy = sum(map(self._weight, self._items.values())) if self._most else 0
            self._trim()

    def _trim(self) -> None:
        while self._most and self._heavy > self._most and self._items:
            weight = self._weight(self._items.pop(next(iter(self._items))))
            self._heavy -= weight
            self.lost += weight
            self.dropped += 1

    def _said(self, error: Exception) -> str:
        text = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        return f"{self._name}: {' '.join(text.split())}"
