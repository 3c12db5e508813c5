"""Reference forecasts and their blend, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from zeroplant.operate import blend, power_curve
from zeroplant.operate.almanac import Almanac
from zeroplant.operate.references import (
    Climatology,
    Seen,
    clear_sky_persistence,
    day_before,
    persistence,
    recent_course,
    week_before,
)

DAY = Almanac(timedelta(hours=6), "UTC", None)  # four steps


def seen(values: list[float], first: int = 100) -> Seen:
    return Seen(first, np.array(values, dtype=float))


def at(*steps: int) -> np.ndarray:
    return np.array(steps)


def test_the_last_day_and_week_that_were_measured() -> None:
    """Proves: a target two days ahead looks two days back, never at what is not measured yet."""
    past = seen(list(range(32)))
    last = at(131, 131, 131, 131)
    target = at(132, 135, 136, 160)
    assert persistence(past, last).tolist() == [31] * 4
    assert day_before(past, last, target, DAY).tolist() == [28, 31, 28, 28]
    assert week_before(past, last, target, DAY).tolist() == [4, 7, 8, 4]


def test_a_hole_yesterday_is_filled_by_the_day_before() -> None:
    past = seen([1, 1, 1, 1, 2, np.nan, 2, 2, 3, np.nan, 3, 3])
    assert day_before(past, at(111), at(113), DAY).tolist() == [1]
    assert recent_course(past, at(111), at(112), DAY).tolist() == [2]
    assert np.isnan(day_before(seen([np.nan] * 9), at(108), at(110), DAY)).all()


BERLIN = Almanac(timedelta(minutes=15), "Europe/Berlin", None)


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25)])
def test_days_are_those_of_the_plant_s_clock(change: datetime) -> None:
    """Works that begin at eight do so on both sides of a change of the clock; at the latest known.

    Nothing after the last measured step is read, also where the clock was an hour behind.
    """
    middle = int(change.replace(tzinfo=UTC).timestamp()) // 900
    index = middle + np.arange(-12 * 96, 12 * 96)
    moments = BERLIN.at(index)
    works = np.where((moments.hour >= 8) & (moments.hour < 18), 40.0, 4.0)
    past = Seen(int(index[0]), works)
    target = index[9 * 96 :]
    for ahead in (1, 4, 95, 96, 97, 130):
        last = target - ahead
        for reference in (day_before, week_before, recent_course):
            assert reference(past, last, target, BERLIN).tolist() == works[9 * 96 :].tolist()
        place = Seen(0, np.arange(past.first + works.size, dtype=float))  # each step is itself
        for reference in (day_before, week_before):
            assert (reference(place, last, target, BERLIN) <= last).all()


def test_means_count_only_what_is_there() -> None:
    past = seen([1, np.nan, 3, 5])
    assert past.mean(at(103, 101, 99), 3).tolist()[:2] == [4, 1]
    assert np.isnan(past.mean(at(99), 3)).all()


def test_the_sky_stays_as_clear_as_it_was() -> None:
    past = seen([0.3, 0.3])
    clear_last, clear_target = np.array([0.6, 0.0]), np.array([0.8, 0.8])
    found = clear_sky_persistence(past, clear_last, clear_target, at(100, 100), np.array([9, 9.0]))
    assert found == pytest.approx([0.4, 9.0])


def test_climatology_takes_the_nearest_month_it_knows() -> None:
    hours = np.arange(24.0)
    usual = Climatology.learn(np.tile(hours, 2), np.repeat([0, 6], 24), np.r_[hours, 2 * hours])
    at_three = usual.at(np.full(4, 3.0), np.array([0, 1, 11, 5]))
    assert at_three.tolist() == [3, 3, 3, 6]


def test_a_power_curve_is_found() -> None:
    draw = np.random.default_rng(0)
    speed, noise = draw.uniform(0, 20, 5000), draw.uniform(0, 1, 5000)
    power = np.clip((speed / 12) ** 3, 0, 1)
    found = power_curve.best({"noise": noise, "speed": speed}, power, np.zeros(5000))
    assert found is not None
    assert found.variable == "speed"
    assert np.abs(found({"speed": speed}, np.zeros(5000)) - power).mean() < 0.02
    assert np.isnan(found({"speed": np.array([np.nan])}, np.zeros(1))).all()


def test_a_factor_for_each_hour_is_found() -> None:
    """Proves: sun on a tilted plane is its forecast times a factor of the hour."""
    draw = np.random.default_rng(0)
    hour = draw.uniform(0, 24, 5000)
    ghi = draw.uniform(0, 800, 5000)
    found = power_curve.best({"ghi": ghi}, ghi * (1 + np.floor(hour) / 24), hour)
    assert found is not None
    assert found.hourly
    assert found.value == pytest.approx(1 + np.arange(24) / 24)
    assert power_curve.best({"ghi": ghi[:10]}, ghi[:10], hour[:10]) is None


def test_weights_move_from_the_last_value_to_the_forecast() -> None:
    """Proves: least deviations find a decay of e^(-steps / 8) that was put in."""
    draw = np.random.default_rng(0)
    rows = 20_000
    ahead = draw.integers(1, 65, rows).astype(float)
    simple = np.column_stack([draw.uniform(0, 1, (rows, 7)), np.ones(rows)])
    share = np.exp(-ahead / 8)
    outcome = share * simple[:, blend.LAST] + (1 - share) * simple[:, blend.CURVE]
    found = blend.learn(simple, ahead, outcome)
    assert np.abs(found(simple, ahead) - outcome).mean() < 0.02
    blind = simple.copy()
    blind[:, [blend.CURVE, blend.CURVE_NOW, blend.LATELY]] = np.nan
    near = ahead < 2
    assert np.abs(found(blind, ahead) - outcome)[near].mean() < 0.1


def test_holes_of_one_reference_are_filled_by_the_next() -> None:
    simple = np.full((1, 8), np.nan)
    simple[0, blend.COURSE] = 3.0
    full, weather = blend.filled(simple)
    assert full[0, [blend.LAST, blend.DAY, blend.WEEK, blend.COURSE]].tolist() == [3.0] * 4
    assert not weather.any()
    assert np.isfinite(full).all()
