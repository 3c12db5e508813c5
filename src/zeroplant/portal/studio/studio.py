"""Plans on demand: one at a time, in a process of its own, with a short queue."""

from __future__ import annotations

import asyncio
import multiprocessing
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
        self._waiting = 0

    @property
    def knobs(self) -> list[Knob]:
        """What may be moved, as the plant file stands now."""
        return knobs_of(load_yaml(self.path).data)

    async def plan(self, moved: dict[str, float | None]) -> Outcome:
        """The best plan with these knobs at these numbers.

        Raises InputError for what cannot be moved so, BusyError where too many wait.
        """
        changes = written(self.knobs, moved)
        if self._waiting >= QUEUE:
            raise BusyError
        self._waiting += 1
        try:
            return Outcome(changes, await self._found(changes))
        finally:
            self._waiting -= 1

    async def _found(self, changes: dict[str, str]) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        for _ in range(2):  # a planner that was killed is started again, once
            pool = self._pool = self._pool or _pool()
            try:
                return await loop.run_in_executor(pool, worker.planned, self.path, changes)
            except BrokenProcessPool:
                self._pool = None
        return {"problems": ["the planner ended without an answer; try again"]}

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=worker.begin)
