"""One bus or gateway with several devices behind it: one question at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from zeroplant.links.clock import Clock


class Line:
    """Takes turns: whoever has the line has it until the answer.

    ``gap`` is the least time in seconds between an answer and the next question: devices need a
    pause, and a serial bus behind a gateway knows no two at once.
    """

    def __init__(self, clock: Clock, gap: float = 0.0) -> None:
        self.clock, self.gap = clock, gap
        self._lock = asyncio.Lock()
        self._last: datetime | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The line, for one question and its answer."""
        async with self._lock:
            if self._last is not None:
                since = (self.clock.now() - self._last).total_seconds()
                if 0.0 <= since < self.gap:
                    await self.clock.sleep(self.gap - since)
            try:
                yield
            finally:
                self._last = self.clock.now()


class Lines:
    """The lines of a plant, by the place that they are reached at."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lines: dict[tuple[str, int], Line] = {}

    def at(self, host: str, port: int, gap: float) -> Line:
        """The line there; its pause is the longest that any device on it asks for."""
        line = self._lines.setdefault((host, port), Line(self.clock, gap))
        line.gap = max(line.gap, gap)
        return line
