"""Baselines of demand response, by hand and by property."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.operate.baseline import as_before, by_temperature, like_days

EVENT = slice(56, 64)  # 14:00 to 16:00 in quarter-hours
HOURS = 0.25


def days(levels: list[float]) -> np.ndarray:
    """Flat days of these levels, the last one that of the event."""
    return np.repeat(np.array(levels)[:, None], 96, axis=1)


def plain(load: np.ndarray) -> dict[str, np.ndarray]:
    nothing = np.zeros(len(load), dtype=bool)
    return {"rest": nothing, "disturbed": nothing}


def test_the_mean_of_the_latest_five_like_days() -> None:
    """Proves: five of ten; the older five (of 10 each) do not count."""
    load = days([10, 10, 10, 10, 10, 20, 21, 22, 23, 24, 22])
    found = like_days(load, EVENT, hours=HOURS, **plain(load))
    assert found.days == (5, 6, 7, 8, 9)
    assert found.values == pytest.approx(np.full(96, 22.0))


def test_days_out_of_proportion_are_left_out() -> None:
    """Proves: a day of 2 beside days near 20 (10 % of the mean) does not count, nor one of 60."""
    load = days([20, 20, 2, 20, 60, 20, 20, 20])
    found = like_days(load, EVENT, hours=HOURS, **plain(load))
    assert not {2, 4} & set(found.days)
    assert found.values == pytest.approx(np.full(96, 20.0))


def test_weekends_and_days_with_events_are_not_like_days() -> None:
    load = days([20, 20, 5, 5, 20, 12, 20, 20])
    rest = np.array([0, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    disturbed = np.array([0, 0, 0, 0, 0, 1, 0, 0], dtype=bool)
    found = like_days(load, EVENT, rest=rest, disturbed=disturbed, hours=HOURS)
    assert set(found.days) == {0, 1, 4, 6}


def test_a_weekend_is_compared_with_three_weekends() -> None:
    load = days([7, 8, 9, 10, 10])
    rest = np.ones(5, dtype=bool)
    found = like_days(load, EVENT, rest=rest, disturbed=~rest, hours=HOURS)
    assert found.days == (1, 2, 3)


def test_the_day_itself_moves_its_baseline_up_to_a_fifth() -> None:
    """Proves: 10 % more in the morning is 10 % more baseline; 50 % more is still 20 %."""
    for today, factor in ((22.0, 1.1), (30.0, 1.2), (10.0, 0.8), (np.nan, 1.0)):
        load = days([20, 20, 20, 20, 20, today])
        found = like_days(load, EVENT, hours=HOURS, **plain(load))
        assert found.factor == pytest.approx(factor)
        assert found.values == pytest.approx(np.full(96, 20 * factor))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 100.0))
def test_what_happens_in_the_event_does_not_move_its_baseline(seed: int, level: float) -> None:
    """Who is measured against a baseline must not be able to raise it during the event."""
    load = np.random.default_rng(seed).uniform(5, 15, (12, 96))
    temperature = np.random.default_rng(seed + 1).uniform(10, 35, (12, 96))
    other = load.copy()
    other[-1, EVENT.start :] = level
    for make in (
        lambda x: like_days(x, EVENT, hours=HOURS, **plain(x)),
        lambda x: by_temperature(x, temperature, EVENT, disturbed=np.zeros(12, dtype=bool)),
        lambda x: as_before(x[-1], EVENT, 4),
    ):
        assert np.array_equal(make(load).values, make(other).values)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 10.0))
def test_baselines_scale_with_the_load(seed: int, factor: float) -> None:
    load = np.random.default_rng(seed).uniform(5, 15, (12, 96))
    one = like_days(load, EVENT, hours=HOURS, **plain(load))
    other = like_days(factor * load, EVENT, hours=HOURS, **plain(load))
    assert other.days == one.days
    assert other.values == pytest.approx(factor * one.values)


def test_regression_finds_the_cooling_of_a_hot_day() -> None:
    """Proves: 2 MW per degree above 24 °C are found, on a day hotter than any before."""
    random = np.random.default_rng(3)
    level = 20 + 5 * np.sin(np.arange(96) / 96 * 2 * np.pi)
    temperature = 22 + random.uniform(-4, 8, (20, 1)) + np.zeros((20, 96))
    temperature[-1] = 33.0
    load = level + 2.0 * np.maximum(temperature - 24, 0)
    found = by_temperature(load, temperature, EVENT, disturbed=np.zeros(20, dtype=bool))
    assert found.values == pytest.approx(load[-1])


def test_a_battery_is_measured_by_what_it_did_just_before() -> None:
    power = np.arange(96.0)
    assert as_before(power, EVENT, 4).values == pytest.approx(np.full(96, 53.5))


def test_without_a_like_day_it_says_so() -> None:
    load = days([20, 20])
    with pytest.raises(InputError, match="no like day"):
        like_days(
            load, EVENT, rest=np.array([True, False]), disturbed=np.zeros(2, dtype=bool),
            hours=HOURS,
        )  # fmt: skip
