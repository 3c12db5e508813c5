"""What was known when: measurements in versions, and weather forecasts by issue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.operate.past import Issues, Observations, Past
from zeroplant.weather.prediction import WeatherForecast

NOW = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 50), st.floats(-1e3, 1e3)),
        min_size=1,
        max_size=40,
    ),
    st.integers(0, 50),
)
def test_the_version_known_last_counts(rows: list[tuple[int, int, float]], known: int) -> None:
    """Compared with a plain search; of versions known at once the one told later counts."""
    kept = Observations()
    for index, when, value in rows:
        kept.add(np.array([index]), np.array([when]), np.array([value]))
    wanted = [
        max(
            ((when, order, value) for order, (i, when, value) in enumerate(rows)
             if i == step and when <= known),
            default=(0, 0, np.nan),
        )[2]
        for step in range(6)
    ]  # fmt: skip
    assert np.array_equal(kept.seen(0, 6, known), wanted, equal_nan=True)


def test_the_newest_forecast_counts_and_an_older_one_fills_its_gaps() -> None:
    kept = Issues()
    kept.add(0, 0, np.array([1.0, 2.0, 3.0, 4.0]))
    kept.add(10, 1, np.array([20.0, np.nan]))
    index = np.arange(5)
    assert np.array_equal(
        kept.at(index, np.full(5, 9)), [1, 2, 3, 4, np.nan], equal_nan=True
    )  # fmt: skip
    assert np.array_equal(
        kept.at(index, np.full(5, 10)), [1, 20, 3, 4, np.nan], equal_nan=True
    )  # fmt: skip
    assert np.isnan(kept.at(index, np.full(5, -1))).all()
    assert np.isnan(Issues().at(index, np.zeros(5, dtype=np.int64))).all()


def test_hourly_forecasts_are_laid_on_quarter_hours() -> None:
    past = Past(STEP, [])
    past.tell_weather(WeatherForecast(NOW, NOW, timedelta(hours=1), {"ghi": np.array([0.0, 4.0])}))
    first = past.issues["ghi"]
    index = int(NOW.timestamp()) // 900 + np.arange(8)
    found = first.at(index, np.full(8, 2**62))
    assert found.tolist() == [0, 1, 2, 3, 4, 4, 4, 4]


def test_what_cannot_be_is_refused() -> None:
    past = Past(STEP, ["load"])
    with pytest.raises(InputError, match="no 'lod'"):
        past.tell("lod", NOW, 1.0, NOW)
    with pytest.raises(InputError, match="before it could be measured"):
        past.tell("load", NOW, 1.0, NOW - STEP)
    past.tell_weather(WeatherForecast(NOW, NOW, STEP, {"ghi": np.zeros(2)}))
    with pytest.raises(InputError, match="issued later"):
        past.tell_weather(WeatherForecast(NOW - STEP, NOW, STEP, {"ghi": np.zeros(2)}))


def test_lost_values_say_nothing() -> None:
    past = Past(STEP, ["load"])
    past.tell("load", NOW, 5.0, NOW + STEP)
    past.tell("load", NOW, np.nan, NOW + 2 * STEP)
    first = int(NOW.timestamp()) // 900
    assert past.observed["load"].seen(first, 1, 2**62).tolist() == [5.0]
