"""The time on the plant's clock: its "now", the age of what is known, and how moments are said.

A plant in simulated time has another clock than the wall; its image tells how fast it goes. No
browser's clock or zone has a say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

OLD = 15.0
"""Seconds after which nobody should act on what an image says."""


def age(image: Mapping[str, Any] | None, now: datetime) -> float:
    """Seconds by the wall's clock since an image was written; infinite while there is none."""
    wrote = _moment(image, "wrote") or _moment(image, "at")
    return (now - wrote).total_seconds() if wrote else math.inf


def is_old(seconds: float) -> bool:
    """Whether something of this age is too old to act on, or of a future: then a clock was set."""
    return abs(seconds) > OLD


def plant_now(image: Mapping[str, Any] | None, now: datetime) -> datetime:
    """The moment on the plant's clock, gone on from its image; the wall's while there is none.

    A simulated plant that writes no more has stopped, and its clock with it.
    """
    at, wrote = _moment(image, "at"), _moment(image, "wrote")
    if image is None or at is None or wrote is None:
        return now
    speed, gone = speed_of(image), now - wrote
    return at if speed != 1.0 and is_old(gone.total_seconds()) else at + gone * speed


def speed_of(image: Mapping[str, Any] | None) -> float:
    """How fast the plant's clock goes: 1 but for one in simulated time."""
    speed = (image or {}).get("speed", 1)
    return float(speed) if isinstance(speed, int | float) else 1.0


def local(moment: datetime | str, zone: str, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment as the clock on the plant's wall shows it; text is ISO 8601 with its offset."""
    return _at(moment, zone).strftime(form)


def between(
    start: datetime | str, until: datetime | str | None, zone: str, now: datetime
) -> tuple[str, str]:
    """The ends of a span for people: of today the time alone, else with year and offset from UTC.

    No end, which some orders have, is told by three dots.
    """
    ends = [start] if until is None else [start, until]
    days, today = [local(each, zone, "%Y-%m-%d") for each in ends], local(now, zone, "%Y-%m-%d")
    said = [local(each, zone, "%H:%M") for each in ends]
    if set(days) != {today}:
        said[0] = f"{days[0]} {said[0]}"
        if days[-1] != days[0]:
            said[-1] = f"{days[-1]} {said[-1]}"
        said[-1] += f" UTC{_at(ends[-1], zone).isoformat()[-6:]}"
    return said[0], said[1] if until is not None else "…"


def _at(moment: datetime | str, zone: str) -> datetime:
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.astimezone(ZoneInfo(zone))


def _moment(image: Mapping[str, Any] | None, name: str) -> datetime | None:
    """A moment of an image; None where it has none that can be read."""
    return read_moment((image or {}).get(name))


def read_moment(said: object) -> datetime | None:
    """A moment as a file of the plant says it; None for what is none, or has no offset."""
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else None
