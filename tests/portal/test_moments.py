"""Moments on the plant's clock, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zeroplant.portal.moments import between

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
"""16:00 on the plant's clock."""


def test_a_span_of_today_needs_no_date() -> None:
    hour = timedelta(hours=1)
    assert between(NOW, NOW + 2 * hour, ZONE, NOW) == ("16:00", "18:00")
    assert between(NOW.isoformat(), None, ZONE, NOW) == ("16:00", "…")


def test_another_day_is_told_with_year_and_offset() -> None:
    """By the plant's day: 17:00 UTC is tomorrow there."""
    tomorrow = NOW.replace(hour=17)
    told = between(tomorrow, tomorrow + timedelta(hours=2), ZONE, NOW)
    assert told == ("2026-07-02 01:00", "03:00 UTC+08:00")
    over_night = between(NOW, tomorrow, ZONE, NOW)
    assert over_night == ("2026-07-01 16:00", "2026-07-02 01:00 UTC+08:00")
    assert between(tomorrow, None, ZONE, NOW) == ("2026-07-02 01:00 UTC+08:00", "…")
