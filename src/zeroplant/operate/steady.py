"""A clock that does not jump: the plant's own time.

Validities and ages must not depend on somebody setting the machine's clock. This one is read from
the machine's monotonic counter and drawn slowly towards the machine's clock, at most one second in
a hundred. Where both are apart by more than ``jump`` seconds the machine's clock was set: that is
told (``apart``), and taken over only if it still says so after ``patience`` seconds; until then
the plant goes on by its own time. Time here is always UTC: a change of zone or of summer time
moves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from zeroplant.links.clock import Clock

SLEW = 0.01


class SteadyClock:
    """A clock over another one."""

    def __init__(
        self,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        jump: float = 2.0,
        patience: float = 300.0,
    ) -> None:
        self.clock, self._monotonic = clock, monotonic
        self._jump, self._patience = jump, patience
        self._at, self._count = clock.now(), monotonic()
        self._since: float | None = None
        self.apart = 0.0
        """Seconds by which the machine's clock is ahead of this one."""
        self.moved = 0
        """How often the machine's clock was taken over after a jump."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        count = self._monotonic()
        passed = count - self._count
        at = self._at + timedelta(seconds=passed)
        self.apart = (self.clock.now() - at).total_seconds()
        if abs(self.apart) <= self._jump:
            most = SLEW * passed
            at += timedelta(seconds=min(max(self.apart, -most), most))
            self._since = None
        elif self._since is None:
            self._since = count
        elif count - self._since >= self._patience:
            at, self._since, self.moved = self.clock.now(), None, self.moved + 1
            self.apart = 0.0
        self._at, self._count = at, count
        return at

    @property
    def jumped(self) -> bool:
        """Whether the machine's clock stands elsewhere since a jump."""
        return self._since is not None

    def count(self) -> float:
        """Seconds that have passed, whatever the machine's clock says."""
        return self._monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self.clock.sleep(seconds)
