"""Devices in equal parts, one thread for each: kernels without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Below so many devices a second thread costs more than it saves.
WORTH_A_THREAD = 20_000


def in_parts(count: int, threads: int, work: Callable[[int, int, int], T]) -> list[T]:
    """Call ``work(part, first, last)`` for equal parts of ``count``; answers in their order.

    How many parts there are depends on ``count`` and ``threads`` alone, never on the machine's
    load, so sums over parts have the same bits in every run.
    """
    parts = max(1, min(threads, count // WORTH_A_THREAD))
    ends = [count * part // parts for part in range(parts + 1)]
    if parts == 1:
        return [work(0, 0, count)]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, range(parts), ends[:-1], ends[1:]))
