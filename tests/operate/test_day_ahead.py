"""Tomorrow's 96 points, on the plant's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.operate.county import at, county, forecasts, half_full
from zeroplant.operate.day_ahead import of_tomorrow, steps_to, tomorrow
from zeroplant.operate.scheduler import Scheduler, Settings

ZONE = "Asia/Shanghai"


def test_the_day_is_the_plant_s_own() -> None:
    """A day in China begins at 16:00 UTC; where clocks change a day has 23 or 25 hours."""
    start, end = tomorrow(datetime(2025, 7, 14, 10, tzinfo=UTC), ZONE)
    assert (start, end - start) == (datetime(2025, 7, 14, 16, tzinfo=UTC), timedelta(days=1))
    start, end = tomorrow(datetime(2025, 3, 29, 12, tzinfo=UTC), "Europe/Berlin")
    assert end - start == timedelta(hours=23)


def test_tomorrow_is_handed_over_and_kept() -> None:
    """The plan of 10 o'clock becomes 96 points; re-planned the next day it is followed."""
    standing = county(days=2)
    now = at(standing, 40)
    _, end = tomorrow(now, ZONE)
    ahead = steps_to(end, now, standing.network.axis.step)
    known = forecasts(standing, 40)
    plan = Scheduler(standing, Settings(futures=1, horizon=ahead)).plan(
        now, half_full(standing), known
    )
    promised = of_tomorrow(plan, now, ZONE).commitment(2000.0)
    assert len(promised.value) == 96  # type: ignore[arg-type]
    later = at(standing, 96)
    level = {"battery.level": float(plan.level["battery.level"][55])}
    again = Scheduler(standing, Settings(futures=1)).plan(
        later, level, forecasts(standing, 96), [promised]
    )
    assert again.shortfall == {}
    assert again.target == pytest.approx(promised.value, abs=1e-5)
    with pytest.raises(ValueError, match="before the day that ends"):
        of_tomorrow(again.moved_on(later, later + timedelta(hours=1), ""), later, ZONE)  # type: ignore[arg-type]
