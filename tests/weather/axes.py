"""Time axes the weather tests share."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from zeroplant.axis import Axis, Chain

BEIJING = "Asia/Shanghai"


def beijing_year(years: int = 1, hours: float = 1.0, days: int = 365) -> Axis:
    """The year 2025 in Beijing time, as often as wanted."""
    start = datetime(2025, 1, 1, tzinfo=ZoneInfo(BEIJING))
    chains = tuple(Chain(f"year {number}") for number in range(years))
    return Axis(start, round(days * 24 / hours), hours, BEIJING, chains)
