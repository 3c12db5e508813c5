"""The day-ahead schedule: tomorrow's quarter-hours, handed over and then kept as a promise."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from zeroplant.axis import Floats, zone_named
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.entries import plain
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.schedule import Schedule


@dataclass(frozen=True)
class Told:
    """What a market or a dispatch centre is told of a day of the plant's clock.

    ``power`` is MW of net export by step, ``price`` what a MWh at the connection is worth then.
    """

    made: datetime
    day: date
    start: datetime
    step: timedelta
    power: Floats
    price: Floats

    def commitment(self, price: float, tolerance: float = 0.0) -> Commitment:
        """The promise it becomes when it is accepted; ``price`` is what a missed MWh costs."""
        until = self.start + len(self.power) * self.step
        name = f"schedule of {self.day:%Y-%m-%d}"
        return Commitment(name, "schedule", self.start, until, self.power, price, 1.0, tolerance)

    def plain(self) -> dict[str, Any]:
        """As the plant's folder says it."""
        return {
            "made": self.made.isoformat(),
            "date": self.day.isoformat(),
            "step": self.step.total_seconds(),
            "power": [plain(v) for v in self.power.tolist()],
            "price": [plain(v) for v in self.price.tolist()],
        }


def tomorrow(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Start and end (UTC) of the next day on the plant's clock; 23 or 25 hours where it changes."""
    here = zone_named(zone)
    return day_of(now.astimezone(here).date() + timedelta(days=1), here)


def day_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end (UTC) of a day on a clock."""
    midnights = (datetime.combine(day + timedelta(days=k), time(), zone) for k in (0, 1))
    start, end = (midnight.astimezone(UTC) for midnight in midnights)
    return start, end


def steps_to(end: datetime, now: datetime, step: timedelta) -> int:
    """Steps that a plan made at ``now`` needs to reach a moment: `Settings.horizon` for a plan."""
    return math.ceil((end - now) / step) + 1


def of_tomorrow(schedule: Schedule, now: datetime, zone: str, node: str = "") -> Told:
    """Tomorrow's points of a plan; the price is that of ``node``.

    Raises ValueError if the plan does not cover the day.
    """
    start, end = tomorrow(now, zone)
    first = (start - schedule.start) // schedule.step
    count = (end - start) // schedule.step
    if first < 0 or first + count > schedule.steps:
        message = f"the plan ends at {schedule.end}, before the day that ends at {end}"
        raise ValueError(message)
    day = start.astimezone(zone_named(zone)).date()
    here = slice(first, first + count)
    price = schedule.price.get(node, np.full(schedule.steps, np.nan))[here]
    return Told(now, day, start, schedule.step, schedule.target[here].copy(), price.copy())


def read_told(folder: PlantFolder, zone: ZoneInfo) -> Iterator[tuple[date, Told]]:
    """What was told of each day; files that cannot be read are passed over."""
    for path in sorted(folder.days_ahead.glob("????-??-??.json")):
        try:
            said = json.loads(path.read_bytes())
            day = date.fromisoformat(said["date"])
            power, price = (
                np.array([math.nan if v is None else float(v) for v in said[name]])
                for name in ("power", "price")
            )
            made, step = datetime.fromisoformat(said["made"]), timedelta(seconds=said["step"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if np.isfinite(power).all() and len(power):
            yield day, Told(made, day, day_of(day, zone)[0], step, power, price)
