"""Threads for what HiGHS does in several, beside what it does in one.

HiGHS keeps one set of threads for each thread that calls it. The first model that runs there
decides how many they are, and a model that asks for another number is refused. So what wants more
is called from a thread of its own, and every other model finds its own set as it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from zeroplant.processors import processors

Found = TypeVar("Found")

MOST = 2
"""More were not measured."""


def allowed() -> int:
    """How many threads HiGHS may take: two, where it may use two cores and nobody forbids it.

    ``OMP_NUM_THREADS`` forbids it, as to any other library; a sweep sets it to one, its processes
    being as many as there are cores.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(MOST, processors(), int(told) if told.isdecimal() and int(told) else MOST)


def apart(work: Callable[[], Found]) -> Found:
    """What ``work`` returns or raises, called from a thread whose HiGHS threads are its own."""
    with ThreadPoolExecutor(1, "highs") as own:
        return own.submit(work).result()
