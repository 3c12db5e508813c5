"""Generated weather forecasts err as real ones do, and only as they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generated_site
from zeroplant.weather.prediction import VARIABLES, predicted
from zeroplant.weather.site import Site
from zeroplant.weather.solar import solar_availability
from zeroplant.weather.sun import sun
from zeroplant.weather.wind import wind_availability

START = datetime(2025, 1, 1, tzinfo=UTC)


@cache
def site(name: str = "qingshuihe") -> Site:
    axis = Axis(start=START, periods=96 * 365, hours=0.25, zone="Asia/Shanghai")
    return generated_site(climate(name), axis, 3)


def told(variable: str, lead: tuple[int, int], name: str = "qingshuihe") -> tuple[np.ndarray, ...]:
    """Forecast values between two leads [h] over the year, and the stages they are for."""
    values, stages = [], []
    for number, each in enumerate(predicted(site(name), seed=5)):
        part = slice(lead[0] * 4, lead[1] * 4)
        if len(each.values[variable]) >= part.stop:
            values.append(each.values[variable][part])
            stages.append(np.arange(part.start, part.stop) + number * 48)
    return np.concatenate(values), np.concatenate(stages)


def nrmse(given: np.ndarray, power: np.ndarray) -> float:
    """Percent of capacity, by the best curve over what was forecast (means of 40 bins)."""
    parts = np.array_split(np.argsort(given), 40)
    mean = np.empty(given.size)
    for part in parts:
        mean[part] = power[part].mean()
    return float(100 * np.sqrt(((mean - power) ** 2).mean()))


@pytest.mark.parametrize("name", ["qingshuihe", "ningbo", "chongqing"])
def test_a_day_ahead_power_errs_as_dispatch_centres_see_it(name: str) -> None:
    """Wind 12 to 18 %, sun 8 to 12 % of capacity where it is sunny (the first of the three)."""
    wind = wind_availability(site(name), hub_height=110.0)
    given, stages = told("wind_speed", (12, 36), name)
    assert 12 < nrmse(given, wind[stages]) < 18
    sunny = solar_availability(site(name), tilt=30.0)
    given, stages = told("ghi", (12, 36), name)
    least = 8 if name == "qingshuihe" else 5
    assert least < nrmse(given, sunny[stages]) < 12.5


def test_errors_grow_with_the_time_ahead() -> None:
    for variable, truth in (
        ("wind_speed", site().weather.wind_speed),
        ("ghi", site().weather.ghi),
        ("temp_air", site().weather.temp_air),
    ):
        errors = []
        for lead in ((0, 6), (24, 30), (48, 54)):
            given, stages = told(variable, lead)
            errors.append(float(np.sqrt(((given - truth[stages]) ** 2).mean())))
        assert errors[0] < errors[1] < errors[2]


def test_errors_last_for_hours() -> None:
    given, stages = told("wind_speed", (0, 72))
    error = (given - site().weather.wind_speed[stages]).reshape(-1, 288)
    for hours, least, most in ((1, 0.7, 1.0), (24, -0.2, 0.4)):
        one, other = error[:, : -4 * hours].ravel(), error[:, 4 * hours :].ravel()
        assert least < np.corrcoef(one, other)[0, 1] < most


def test_forecasts_are_possible_and_the_same_again() -> None:
    made, again = predicted(site(), seed=5), predicted(site(), seed=5)
    other = predicted(site(), seed=6)
    clear = sun(site().axis, site().latitude, site().longitude).clear
    assert [each.issued for each in made[:3]] == [START + n * timedelta(hours=12) for n in range(3)]
    assert len(made) == 730
    for number, each in enumerate(made):
        span = slice(number * 48, number * 48 + len(each.values["ghi"]))
        assert (each.values["wind_speed"] >= 0).all()
        assert (each.values["ghi"] >= 0).all()
        assert (each.values["ghi"][clear[span] == 0] == 0).all()
        for name in VARIABLES:
            assert np.array_equal(each.values[name], again[number].values[name])
    assert not np.array_equal(made[0].values["ghi"], other[0].values["ghi"])
    assert next(iter(predicted(site(), seed=5, label=" hill")[0].values)) == "wind_speed hill"
