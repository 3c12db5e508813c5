"""Time: stages, weights, the plant's own clock and the spans that rules speak of."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.axis import Axis, Chain
from zeroplant.errors import InputError

START = datetime(2024, 12, 31, 16, tzinfo=UTC)  # New Year in Shanghai


def year(**changes: object) -> Axis:
    settings = {"start": START, "periods": 8760, "zone": "Asia/Shanghai", **changes}
    return Axis(**settings)  # type: ignore[arg-type]


def test_a_year_is_a_year() -> None:
    axis = year()
    assert axis.stages == 8760
    assert axis.years == 1.0
    assert axis.total(2.0) == 17520.0
    assert str(axis.local[0]) == "2025-01-01T00:00:00"
    assert str(axis.times[0]) == "2024-12-31T16:00:00"


def test_chains_weigh_what_they_stand_for() -> None:
    """Two typical days of quarter-hours, 200 and 165 times: a total that forgot the weights or
    the length of a period would be 48 or 4 times off."""
    axis = year(periods=96, hours=0.25, chains=(Chain("a", 200), Chain("b", 165)))
    assert axis.stages == 192
    assert axis.total(1.0) == pytest.approx(8760)
    values = np.concatenate([np.full(96, 3.0), np.full(96, 5.0)])
    assert axis.total(values) == pytest.approx(24 * (200 * 3 + 165 * 5))


def test_full_takes_a_number_a_chain_or_all_stages() -> None:
    axis = year(periods=3, chains=(Chain("a"), Chain("b")))
    np.testing.assert_array_equal(axis.full(2), [2.0] * 6)
    np.testing.assert_array_equal(axis.full(np.array([1.0, 2, 3])), [1, 2, 3, 1, 2, 3])
    np.testing.assert_array_equal(axis.full(np.arange(6.0)), np.arange(6))
    with pytest.raises(InputError, match="3 or 6 periods are wanted"):
        axis.full(np.zeros(4))


@given(
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Asia/Shanghai", "UTC"]),
    st.datetimes(datetime(1985, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([0.25, 1.0, 3.0]),
)
def test_the_clock_is_that_of_pandas(zone: str, start: datetime, hours: float) -> None:
    """Proves local time, hour, weekday and month over clock changes against pandas."""
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    axis = Axis(start, 400, hours, zone)
    index = pd.date_range(start, periods=400, freq=timedelta(hours=hours)).tz_convert(zone)
    assert (axis.local == index.tz_localize(None).to_numpy()).all()
    assert (axis.weekday == index.day_of_week).all()
    assert (axis.month_of_year == index.month).all()
    np.testing.assert_allclose(axis.hour_of_day, index.hour + index.minute / 60)


def test_groups_follow_the_plants_clock_within_each_chain() -> None:
    axis = year(periods=48, chains=(Chain("a"), Chain("b")))
    np.testing.assert_array_equal(axis.groups("day"), np.repeat([0, 1, 2, 3], 24))
    np.testing.assert_array_equal(axis.groups("chain"), np.repeat([0, 1], 48))
    np.testing.assert_array_equal(axis.groups("month"), np.repeat([0, 1], 48))
    assert axis.groups("horizon").max() == 0
    np.testing.assert_array_equal(axis.groups("period"), np.arange(96))
    months = year().groups("month")
    np.testing.assert_array_equal(
        np.bincount(months), 24 * np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    )


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    """Numbering hours by the wall clock would join eight quarter-hours into one."""
    start = datetime(2025, 10, 26, tzinfo=ZoneInfo("Europe/Berlin"))
    axis = Axis(start, 100, 0.25, "Europe/Berlin")
    np.testing.assert_array_equal(axis.groups("hour"), np.repeat(np.arange(25), 4))
    assert axis.groups("day").max() == 0  # a day of 25 hours
    half = Axis(datetime(2025, 1, 1, tzinfo=ZoneInfo("Asia/Kolkata")), 8, 0.25, "Asia/Kolkata")
    np.testing.assert_array_equal(half.groups("hour"), np.repeat([0, 1], 4))


def test_a_third_of_an_hour_is_1200_seconds() -> None:
    axis = Axis(START, 3, 1 / 3)
    np.testing.assert_array_equal(np.diff(axis.times).astype(int), [1200, 1200])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": datetime(2025, 1, 1)}, "has no zone"),
        ({"periods": 0}, "at least one period"),
        ({"hours": 0.0}, "at least one period"),
        ({"hours": math.nan}, "at least one period"),
        ({"hours": math.inf}, "at least one period"),
        ({"hours": 1e-9}, "at least one period"),
        ({"hours": 1.5 / 3600}, "not whole seconds"),
        ({"chains": ()}, "at least one period"),
        ({"chains": (Chain("a", -1.0),)}, "weight"),
        ({"chains": (Chain("a", math.nan),)}, "weight"),
        ({"chains": (Chain("a"), Chain("a"))}, "same name"),
        ({"zone": "Asia/Bejing"}, "unknown zone 'Asia/Bejing'"),
        ({"zone": "/etc/passwd"}, "unknown zone"),
        ({"zone": ""}, "unknown zone"),
    ],
)
def test_what_is_no_axis(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        year(**changes)
