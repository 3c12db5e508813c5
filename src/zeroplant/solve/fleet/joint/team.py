"""Threads that meet every few devices: fast, and the same bits in every run.

Each thread walks through its own devices. Groups whose devices all belong to one thread are
written by it alone; what threads add to the others is kept apart until they meet, and is then
added up in a fixed order. So nothing depends on who was faster.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.joint.sweep import Field, Held, bound, sweep
from zeroplant.solve.fleet.joint.tree import Groups
from zeroplant.solve.fleet.tables import Arrays
from zeroplant.solve.fleet.workspace import workspace

T = TypeVar("T")

MEETINGS = 300
"""Times that threads meet in a pass over all devices; each then knows what the others did."""
LEAST_PORTION = 4
"""Devices between two meetings at least."""


@dataclass(frozen=True, eq=False)
class Team:
    """The devices of each thread, in the order of their groups, and the groups they share."""

    orders: list[Ints]
    slot: Ints
    common: Ints

    @classmethod
    def of(cls, groups: Groups, order: Ints, threads: int) -> Team:
        """Equal parts of ``order`` (device numbers)."""
        threads = max(1, min(threads, len(order) // LEAST_PORTION))
        orders = [np.ascontiguousarray(part) for part in np.array_split(order, threads)]
        seen = np.zeros(len(groups), dtype=np.int64)
        for part in orders:
            seen += groups.count(part) > 0
        common = np.flatnonzero(seen > 1) if threads > 1 else np.zeros(0, dtype=np.int64)
        slot = np.full(len(groups), -1, dtype=np.int64)
        slot[common] = np.arange(len(common))
        return cls(orders, slot, common)

    def pass_over(self, arrays: Arrays, held: Held, field: Field) -> float:
        """Visit every device once; what they promised to gain."""
        steps, threads = len(field.price), len(self.orders)
        own = np.zeros((threads, len(self.common), steps))
        portion = max(LEAST_PORTION, -(-len(self.orders[0]) // MEETINGS))
        if threads == 1:
            portion = len(self.orders[0])
        meetings = -(-max(len(part) for part in self.orders) // max(portion, 1))

        def meet() -> None:
            for mine in own:
                field.total[self.common] += mine
            own[:] = 0.0

        barrier = threading.Barrier(threads, meet)

        def walk(me: int) -> float:
            work, promised = workspace(steps), 0.0
            change, power = np.empty_like(held.change[0]), np.empty_like(held.power[0])
            mine = field._replace(own=own[me], slot=self.slot, crowd=float(threads))
            try:
                for turn in range(meetings):
                    devices = self.orders[me][turn * portion : (turn + 1) * portion]
                    promised += sweep(arrays, devices, held, mine, work, change, power)
                    barrier.wait()
            except threading.BrokenBarrierError:
                return promised
            except BaseException:
                barrier.abort()
                raise
            return promised

        return sum(self._all(walk))

    def bounds(
        self, arrays: Arrays, held: Held, member: Ints, price: Floats
    ) -> tuple[float, float, Floats]:
        """Own cost of all schedules, a lower bound at a price (G, T), and the answers to it."""
        answers = np.zeros((len(self.orders), *price.shape))

        def walk(me: int) -> tuple[float, float]:
            work = workspace(price.shape[1])
            found: tuple[float, float] = bound(
                arrays, self.orders[me], member, price, held, work, answers[me]
            )
            return found

        sums = self._all(walk)
        return sum(s[0] for s in sums), sum(s[1] for s in sums), answers.sum(axis=0)

    def _all(self, walk: Callable[[int], T]) -> list[T]:
        if len(self.orders) == 1:
            return [walk(0)]
        with ThreadPoolExecutor(len(self.orders)) as pool:
            return list(pool.map(walk, range(len(self.orders))))
