"""Simulated time: it moves when it is told to, and only then."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from zeroplant.errors import InputError, Problem
from zeroplant.operate import quarter

FASTEST = 1000.0
"""Seconds of the plant in one second of ours that a run may be held to."""
QUARTER = quarter.QUARTER.total_seconds()
"""Seconds of the step of plans and accounts."""


def check_cycle(seconds: float) -> None:
    """Raise InputError for a cycle that a simulation cannot keep."""
    if not 1.0 <= seconds <= 60.0 or QUARTER % seconds:
        message = f"a cycle of {seconds:g} s"
        instead = "write one of 1 to 60 s that fits into a quarter-hour, such as 4"
        raise InputError(Problem(message, instead=instead))


class SimulatedClock:
    """A `links.clock.Clock` of a simulation; ``speed`` 0 runs as fast as the machine can.

    With a speed, `pace` waits until the machine's own clock has caught up: 1 is real time.
    """

    def __init__(self, start: datetime, speed: float = 0.0) -> None:
        if start.tzinfo is None:
            message = "the start of the simulation has no zone"
            raise InputError(Problem(message, instead="write it as 2025-01-01T00:00+08:00"))
        if not 0.0 <= speed <= FASTEST:
            message = f"a speed of {speed:g} times real time"
            raise InputError(Problem(message, instead=f"write 0 (no limit) to {FASTEST:g}"))
        self.start = start.astimezone(UTC)
        self.speed = speed
        self.seconds = 0.0
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.start + timedelta(seconds=self.seconds)

    def count(self) -> float:
        """Seconds since the start."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def pace(self) -> None:
        """Wait until the machine is where the simulation is."""
        if self.speed > 0.0:
            ahead = self.seconds / self.speed - (time.monotonic() - self._begun)
            if ahead > 0.0:
                time.sleep(ahead)

    async def sleep(self, seconds: float) -> None:
        """Wait, by this clock: others move it; a task that sleeps looks at it again and again."""
        until = self.seconds + seconds
        while self.seconds < until:
            await asyncio.sleep(0)
