"""The write budget: few writes, yet no set-point that lapses unasked.

Some devices keep what they are told in memory that wears out, and all are slower while they are
told things. So a set-point is written when it has changed by enough, not too soon after the last
one, and otherwise only to prolong its validity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from zeroplant.links.link import Point, Setpoint


class Verdict(Enum):
    """What is to be done with a set-point."""

    WRITE = "write"
    HOLD = "hold"
    """The device already has it, or one so near that the difference does not matter."""
    DEFER = "defer"
    """It has changed, but the last write was too recent."""


@dataclass(frozen=True)
class Limits:
    """``interval``: least seconds between two changes; ``change``: least change worth a write.

    The change is a share of the point's range (its absolute value where the range is open).
    """

    interval: float = 0.0
    change: float = 0.001


@dataclass(frozen=True)
class _Written:
    value: float
    at: datetime
    until: datetime


@dataclass
class Budget:
    """What was last written to each point, and what is therefore due.

    ``of`` gives points limits of their own. ``every`` is the time in seconds to the next chance to
    write: a set-point is renewed while less than half of its validity has run out.
    """

    every: float
    usual: Limits = Limits()
    of: Mapping[str, Limits] = field(default_factory=dict)
    _last: dict[str, _Written] = field(default_factory=dict)

    def verdict(self, point: Point, wish: Setpoint, now: datetime, *, urgent: bool) -> Verdict:
        """Whether a set-point is to be written now."""
        last = self._last.get(wish.point)
        if last is None or last.at > now:  # never, or the clock was set back
            return Verdict.WRITE
        limits = self.of.get(wish.point, self.usual)
        span = point.most - point.least
        scale = span if 0.0 < span < float("inf") else max(abs(last.value), 1.0)
        change = abs(wish.value - last.value)
        exact = change > 0.0 and wish.value in (0.0, point.least, point.most)  # stop is stop
        if exact or change > limits.change * scale:
            late = now - last.at >= timedelta(seconds=limits.interval)
            return Verdict.WRITE if late or urgent else Verdict.DEFER
        half = last.at + (last.until - last.at) / 2
        renew = now + timedelta(seconds=self.every) > half
        return Verdict.WRITE if renew else Verdict.HOLD

    def wrote(self, setpoint: Setpoint, now: datetime) -> None:
        """Remember what the device has accepted."""
        self._last[setpoint.point] = _Written(setpoint.value, now, setpoint.until)

    def forget(self, point: str | None = None) -> None:
        """What one point or the whole device has is no longer known: the next wish is written."""
        if point is None:
            self._last.clear()
        else:
            self._last.pop(point, None)
