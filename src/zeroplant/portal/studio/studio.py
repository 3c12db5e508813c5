"""Plans on demand: one at a time, in a process of its own, with a short queue."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zeroplant.files import load_yaml
from zeroplant.plant.load import file_at
from zeroplant.portal.studio import worker
from zeroplant.portal.studio.knobs import Knob, knobs_of, written

QUEUE = 8
"""Plans that may wait; a page that finds more of them says so at once."""
GRACE = 5.0
"""Seconds for which a plan that nobody waits for is still let go on: to start its process anew
takes as long."""


class BusyError(Exception):
    """Too many plans wait already."""


@dataclass(frozen=True)
class Outcome:
    """A plan of the plant with its knobs moved: ``found`` as `worker.planned` gives it."""

    changes: dict[str, str]
    found: dict[str, Any] = field(repr=False)


class Studio:
    """Plans of one plant file."""

    def __init__(self, plant: Path) -> None:
        self.path = file_at(plant)
        self._pool: ProcessPoolExecutor | None = None
        self._waiting, self._turn = 0, asyncio.Lock()

    @property
    def knobs(self) -> list[Knob]:
        """What may be moved, as the plant file stands now."""
        return knobs_of(load_yaml(self.path).data)

    @property
    def busy(self) -> bool:
        """Whether so many wait that another would be refused."""
        return self._waiting >= QUEUE

    async def plan(self, moved: dict[str, float | None]) -> Outcome:
        """The best plan with these knobs at these numbers.

        Raises InputError for what cannot be moved so, BusyError where too many wait. Whoever
        cancels it while it waits takes it out of the queue; one that is being solved is waited
        for `GRACE` seconds and then ended, and its process is started anew for the next.
        """
        changes = written(self.knobs, moved)
        return Outcome(changes, await self.work(worker.planned, self.path, changes))

    async def work(self, function: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        """What a function makes in the studio's process; as for `plan`."""
        if self.busy:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turn:
                return await self._done(function, *given)
        finally:
            self._waiting -= 1

    async def _done(self, function: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        for _ in range(2):  # a planner that was killed is started again, once
            pool = self._pool = self._pool or _pool()
            future = loop.run_in_executor(pool, function, *given)
            try:
                return await asyncio.shield(future)
            except BrokenProcessPool:
                self._pool = None
            except asyncio.CancelledError:  # nobody waits any more
                await asyncio.wait([future], timeout=GRACE)
                if not future.done():
                    self._end()
                    await asyncio.wait([future])
                future.cancelled() or future.exception()
                raise
        return {"problems": ["the planner ended without an answer; try again"]}

    def _end(self) -> None:
        """End the process, whatever it does."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool = None

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=worker.begin)
