"""Signs of life, both ways, by ordinary points of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isnan, nan

from zeroplant.links.judgement import NEVER
from zeroplant.links.link import Reading, Setpoint


@dataclass(frozen=True)
class Heartbeat:
    """Which points, and how often.

    ``ours`` is written with a counter every ``every`` seconds; a device that misses it falls back.
    ``theirs`` must change within ``timeout`` seconds, or what the link reads is of a dead device.
    """

    ours: str = ""
    theirs: str = ""
    every: float = 5.0
    timeout: float = 30.0


class Pulse:
    """The heartbeats of one link as they go on."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self.heartbeat = heartbeat
        self._count, self._beat_at = 0, NEVER
        self._heard, self._heard_at = nan, NEVER

    def begin(self, now: datetime) -> None:
        """A connection is new: the other side has time to show that it lives."""
        self._heard, self._heard_at = nan, now

    def due(self, now: datetime) -> list[Setpoint]:
        """Our next beat, if it is time for it."""
        since = (now - self._beat_at).total_seconds()
        if not self.heartbeat.ours or 0.0 <= since < 0.75 * self.heartbeat.every:
            return []
        self._count, self._beat_at = (self._count + 1) % 32768, now
        until = now + timedelta(seconds=self.heartbeat.timeout)
        return [Setpoint(self.heartbeat.ours, float(self._count), until)]

    def listen(self, image: Mapping[str, Reading], now: datetime) -> None:
        """Whether their counter has moved."""
        theirs = image.get(self.heartbeat.theirs)
        if theirs is not None and not isnan(theirs.value) and theirs.value != self._heard:
            self._heard, self._heard_at = theirs.value, now

    def dead(self, now: datetime) -> bool:
        """Whether the other side has been silent for too long, though it answers."""
        silent = abs((now - self._heard_at).total_seconds())
        return bool(self.heartbeat.theirs) and silent > self.heartbeat.timeout
