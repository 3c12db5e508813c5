"""The newest reading of each point, where messages come as they like: twice, late, or undated."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isnan

from zeroplant.links.link import Quality, Reading

PATIENCE = timedelta(seconds=120)
"""A device whose messages are all older than the last one for so long has set back its clock."""


class Latest:
    """Readings by event time: what is not newer is dropped and counted."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}
        self.dropped = 0
        self._taken: dict[str, datetime] = {}

    def take(self, name: str, value: float, event: datetime | None, arrived: datetime) -> bool:
        """Keep a reading if it is newer than the one before; whether it was.

        One without an event time holds as of its arrival.
        """
        last = self.readings.get(name)
        quality = Quality.BAD if isnan(value) else Quality.GOOD
        at = arrived if event is None else event
        if last is not None and at <= last.event:
            if abs(arrived - self._taken[name]) <= PATIENCE:
                self.dropped += 1
                return False
            quality = max(quality, Quality.UNCERTAIN)
        self.readings[name] = Reading(value, at, quality)
        self._taken[name] = arrived
        return True
