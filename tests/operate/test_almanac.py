"""Calendar and sun by grid step are those of an axis, in whatever order they are asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.operate.almanac import Almanac
from zeroplant.weather.sun import sun

STEP = timedelta(minutes=15)
PLACE = (39.9, 111.7)
START = datetime(2024, 12, 20, tzinfo=UTC)


def test_it_agrees_with_the_axis() -> None:
    """Over the turn of a year, asked for from both ends towards the middle."""
    axis = Axis(start=START, periods=96 * 60, hours=0.25, zone="Asia/Shanghai")
    index = int(START.timestamp()) // 900 + np.arange(axis.periods)
    almanac = Almanac(STEP, "Asia/Shanghai", PLACE)
    almanac.at(index[-1:])
    almanac.at(index[:1])
    found = almanac.at(index)
    assert np.array_equal(found.hour, axis.hour_of_day)
    assert np.array_equal(found.weekday, axis.weekday)
    assert np.array_equal(found.month, axis.month_of_year - 1)
    above = sun(axis, *PLACE)
    assert found.clear == pytest.approx(above.clear / 1000, abs=1e-6)
    assert found.elevation == pytest.approx(90 - above.place.zenith, abs=1e-3)
    assert found.day[:4].tolist() == [354.0] * 4


def test_without_a_place_there_is_no_sun() -> None:
    found = Almanac(STEP, "UTC", None).at(np.arange(4))
    assert np.isnan(found.elevation).all()
    assert (found.clear == 0).all()
