"""The quarter-hour: what schedules, promises and settlements are counted in."""

from __future__ import annotations

from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)


def quarter_of(moment: datetime) -> datetime:
    """The start of the quarter-hour a moment falls in."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % QUARTER
