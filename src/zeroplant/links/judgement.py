"""How far a reading is to be believed, and what speaks against a set-point."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite, nan

from zeroplant.links.link import Point, Quality, Reading, Setpoint

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Event time of what was never known."""

TOLERANCE = 0.05
"""Share of a point's range by which a reading may lie outside it: meters are not exact, and an
inverter may give a little more than its rating for a moment."""


def judged(
    point: Point, reading: Reading | None, now: datetime, oldest: float, doubt: Quality
) -> Reading:
    """A reading with the quality it has now.

    ``oldest`` is the age in seconds beyond which it is uncertain; ``doubt`` is what holds of the
    whole device. A reading from the future is as uncertain as an old one.
    """
    if reading is None:
        return Reading(nan, NEVER, Quality.LOST)
    quality = max(reading.quality, doubt)
    if not isfinite(reading.value):
        return Reading(nan, reading.event, max(quality, Quality.BAD))
    age = abs((now - reading.event).total_seconds())
    if quality is Quality.GOOD and (age > oldest or not sane(point, reading.value)):
        quality = Quality.UNCERTAIN
    return Reading(reading.value, reading.event, quality)


def sane(point: Point, value: float) -> bool:
    """Whether a value is one that the point can have."""
    span = point.most - point.least
    margin = TOLERANCE * (span if isfinite(span) else abs(point.least))
    return point.least - margin <= value <= point.most + margin


def objection(point: Point | None, wish: Setpoint, now: datetime) -> str:
    """Why a set-point is refused before it is tried, in words; empty if nothing speaks against it.

    The guard has clipped it already; this is the last check before the wire.
    """
    if point is None:
        return "no such point"
    if not point.writable:
        return "it cannot be written"
    if not isfinite(wish.value):
        return "not a number"
    slack = 1e-9 * max(1.0, abs(wish.value))
    if not point.least - slack <= wish.value <= point.most + slack:
        return f"{wish.value:g} {point.unit} is outside {point.least:g} to {point.most:g}"
    if wish.until <= now:
        return "it has lapsed already"
    return ""
