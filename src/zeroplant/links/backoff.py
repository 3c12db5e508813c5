"""When to try again a device that does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STEP = 2.0
"""Seconds that each failure adds to the wait, as OpenEMS spares defective Modbus devices."""
LONGEST = 300.0
"""Seconds; a device that comes back is found within five minutes."""


@dataclass
class Backoff:
    """Waits of 2 s × n after the n-th failure in a row, 5 minutes at most."""

    failures: int = 0
    until: datetime | None = None

    def failed(self, now: datetime) -> None:
        """One failure more."""
        self.failures += 1
        self.until = now + timedelta(seconds=min(STEP * self.failures, LONGEST))

    def succeeded(self) -> None:
        """The device answers: begin anew."""
        self.failures, self.until = 0, None

    def waiting(self, now: datetime) -> bool:
        """Whether it is too early to try; a clock that was set back does not prolong the wait."""
        if self.until is None:
            return False
        return timedelta(0) < self.until - now <= timedelta(seconds=LONGEST)
