"""The day-ahead schedule: tomorrow's quarter-hours, handed over and then kept as a promise."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta

from zeroplant.axis import zone_named
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.schedule import Schedule


def tomorrow(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Start and end (UTC) of the next day on the plant's clock; 23 or 25 hours where it changes."""
    here = zone_named(zone)
    day = now.astimezone(here).date() + timedelta(days=1)
    midnights = (datetime.combine(day + timedelta(days=k), time(), here) for k in (0, 1))
    start, end = (midnight.astimezone(UTC) for midnight in midnights)
    return start, end


def steps_to(end: datetime, now: datetime, step: timedelta) -> int:
    """Steps that a plan made at ``now`` needs to reach a moment: `Settings.horizon` for a plan."""
    return math.ceil((end - now) / step) + 1


def handed_over(
    schedule: Schedule, now: datetime, zone: str, *, price: float, tolerance: float = 0.0
) -> Commitment:
    """Tomorrow's points of a plan as the promise they become: 96 of them, in MW of net export.

    ``price`` is what a missed MWh costs. Raises ValueError if the plan does not cover the day.
    """
    start, end = tomorrow(now, zone)
    first = (start - schedule.start) // schedule.step
    count = (end - start) // schedule.step
    if first < 0 or first + count > schedule.steps:
        message = f"the plan ends at {schedule.end}, before the day that ends at {end}"
        raise ValueError(message)
    points = schedule.target[first : first + count].copy()
    name = f"schedule of {start.astimezone(zone_named(zone)):%Y-%m-%d}"
    return Commitment(name, "schedule", start, end, points, price, tolerance=tolerance)
