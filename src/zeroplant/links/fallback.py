"""Set-points that lapse in devices that would keep them for ever: the fallback is written for them.

Where a device has a timer or an end for its set-points, none of this is needed. Ends are kept in
seconds of a counter that nobody sets (``count``): nothing lapses because the clock was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import inf

from zeroplant.links.link import Point, Setpoint

GRACE = 60.0
"""Seconds after the start until a point that nobody has set is put to its fallback: what stands in
the device is of an earlier run, and a controller that restarts is back well before."""

LONG = timedelta(days=1)
"""Validity that a fallback is written with; nothing follows it."""


class Fallbacks:
    """When each point with a fallback lapses."""

    def __init__(self, points: Mapping[str, Point]) -> None:
        self._values = {p.name: p.fallback for p in points.values() if p.fallback is not None}
        self._ends: dict[str, float] | None = None
        self._ours: set[str] = set()

    def begin(self, count: float) -> None:
        """The device is reached: at the first time, what stands in it is nobody's."""
        if self._ends is None:
            self._ends = dict.fromkeys(self._values, count + GRACE)

    def sent(self, setpoint: Setpoint, now: datetime, count: float) -> None:
        """A set-point goes out: it may stand, or what stood before. What ends first counts.

        An answer may be lost and a refusal may come after half of it was done.
        """
        if self._ends is not None and setpoint.point in self._values:
            end = count + (setpoint.until - now).total_seconds()
            self._ends[setpoint.point] = min(end, self._ends.get(setpoint.point, inf))
            self._ours.add(setpoint.point)

    def stands(self, setpoint: Setpoint, now: datetime, count: float) -> None:
        """The device has accepted a set-point that was sent, now."""
        if self._ends is not None and setpoint.point in self._values:
            self._ends[setpoint.point] = count + (setpoint.until - now).total_seconds()

    def due(self, now: datetime, count: float) -> list[Setpoint]:
        """The fallbacks to write now."""
        lapsed = [name for name, end in (self._ends or {}).items() if end <= count]
        return self._written(lapsed, now)

    def ours(self, now: datetime) -> list[Setpoint]:
        """The fallbacks to write at the end: of points that this run has set, or tried to."""
        return self._written(sorted(self._ours), now)

    def _written(self, names: Iterable[str], now: datetime) -> list[Setpoint]:
        return [Setpoint(name, self._values[name], now + LONG) for name in names]

    def done(self, point: str) -> None:
        """A point is at its fallback."""
        if self._ends is not None:
            self._ends.pop(point, None)
        self._ours.discard(point)
