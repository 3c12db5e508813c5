"""The write budget: few writes, yet no set-point that lapses unasked.

Some devices keep what they are told in memory that wears out, and all are slower while they are
told things. So a set-point is written when it has changed by enough, not too soon after the last
change, and otherwise only to prolong its validity. While a change waits, the old value is renewed.
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
    """It has changed, but too soon after the last change."""


@dataclass(frozen=True)
class Limits:
    """``interval``: least seconds between two changes; ``change``: least change worth a write.

    The change is a share of the point's range (its absolute value where the range is open).
    """

    interval: float = 0.0
    change: float = 0.001


@dataclass(frozen=True)
class _Written:
    """What a device has: since when this value (``changed``), and when it was written last."""

    value: float
    changed: datetime
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
        if self._moves(point, wish, last):
            interval = timedelta(seconds=self._limits(wish.point).interval)
            late = not last.changed <= now < last.changed + interval
            return Verdict.WRITE if late or urgent else Verdict.DEFER
        return Verdict.WRITE if self._lapses(last, now) else Verdict.HOLD

    def renewal(self, wish: Setpoint, now: datetime) -> Setpoint | None:
        """What is to be written while a wish is deferred: the old value, where it soon lapses."""
        last = self._last.get(wish.point)
        if last is None or not self._lapses(last, now):
            return None
        return Setpoint(wish.point, last.value, wish.until)

    def wrote(self, point: Point, setpoint: Setpoint, now: datetime) -> None:
        """Remember what the device has accepted."""
        last = self._last.get(setpoint.point)
        same = last is not None and not self._moves(point, setpoint, last)
        changed = last.changed if last is not None and same else now
        self._last[setpoint.point] = _Written(setpoint.value, changed, now, setpoint.until)

    def forget(self, point: str | None = None) -> None:
        """What one point or the whole device has is no longer known: the next wish is written."""
        if point is None:
            self._last.clear()
        else:
            self._last.pop(point, None)

    def _limits(self, point: str) -> Limits:
        return self.of.get(point, self.usual)

    def _moves(self, point: Point, wish: Setpoint, last: _Written) -> bool:
        """Whether a wish differs from what stands by enough to be a change."""
        span = point.most - point.least
        scale = span if 0.0 < span < float("inf") else max(abs(last.value), 1.0)
        change = abs(wish.value - last.value)
        exact = change > 0.0 and wish.value in (0.0, point.least, point.most)  # stop is stop
        return exact or change > self._limits(wish.point).change * scale

    def _lapses(self, last: _Written, now: datetime) -> bool:
        """Whether more than half of the validity is over by the next chance to write."""
        return now + timedelta(seconds=self.every) > last.at + (last.until - last.at) / 2
