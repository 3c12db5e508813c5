"""The time, as a part that can be exchanged: the system's, or a simulated one."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where everything that runs gets the time from."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        ...

    def count(self) -> float:
        """Seconds since some moment, that nobody sets: what lasts is measured by these."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, by this clock."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def count(self) -> float:
        """Seconds of the machine's monotonic counter."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
