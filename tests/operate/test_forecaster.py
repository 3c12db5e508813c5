"""Forecasts: nothing from the future, nothing impossible, and what happens when inputs are gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.skies import OUTSIDE, PLACE, QUARTER, RATING, START, STEP, World, moment
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.forecaster import Forecaster, PerfectForecaster, PersistenceForecaster
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.weather.prediction import WeatherForecast

DAYS = 40
LEARNT = START + timedelta(days=30)
ZONE = "Asia/Shanghai"


@cache
def world() -> World:
    return World(DAYS)


def forecaster(past: Past, like: Forecaster | None = None) -> Forecaster:
    """A forecaster; what another one has learnt can be given to it."""
    made = Forecaster(OUTSIDE, past, zone=ZONE, place=PLACE)
    if like is not None:
        made.models = like.models
    return made


@cache
def learnt() -> Forecaster:
    made = forecaster(world().past())
    made.learn(LEARNT)
    return made


def same(one: dict[str, Forecast], other: dict[str, Forecast]) -> bool:
    """Whether two forecasts agree bit by bit."""
    return one.keys() == other.keys() and all(
        np.array_equal(one[key].values, other[key].values)
        and (one[key].method, one[key].missing) == (other[key].method, other[key].missing)
        for key in one
    )


def altered(upto: datetime, seed: int) -> Past:
    """What is known up to a moment, and another future after it: values, versions, forecasts."""
    past, draw = world().past(upto), np.random.default_rng(seed)
    times, after = world().times, moment(upto) + np.timedelta64(1, "us")
    later = times + QUARTER > moment(upto)
    count = int(later.sum())
    for key in world().truth:
        past.tell(key, times[later], draw.uniform(0, 90, count), times[later] + QUARTER)
        some = draw.choice(np.flatnonzero(~later), 50, replace=False)  # corrected afterwards
        past.tell(key, times[some], draw.uniform(0, 90, 50), after)
        past.tell(key, times[:1] - np.timedelta64(40, "D"), 7.0, after)
    issued = upto + timedelta(microseconds=1)
    wrong = {name: draw.uniform(0, 50, 192) for name in ("wind_speed", "ghi", "never heard of")}
    past.tell_weather(WeatherForecast(issued, upto, STEP, wrong))
    return past


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 96 * 8), st.integers(0, 10_000))
def test_nothing_known_later_moves_a_forecast(quarters: int, seed: int) -> None:
    """Proves: only what was known at the moment is in a forecast, to the last bit."""
    now = LEARNT + quarters * STEP
    told = learnt().at(now, now, 96)
    assert same(told, forecaster(altered(now, seed), learnt()).at(now, now, 96))
    assert same(told, forecaster(world().past(now), learnt()).at(now, now, 96))


def test_nothing_known_later_is_learnt() -> None:
    """Proves: learning as well reads only what was known, and the same seed learns the same."""
    made = forecaster(altered(LEARNT, 7))
    made.learn(LEARNT)
    assert same(made.at(LEARNT, LEARNT, 96), learnt().at(LEARNT, LEARNT, 96))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 96 * 8), st.integers(0, 96))
def test_forecasts_are_possible(quarters: int, later: int) -> None:
    """Quantiles never cross, stay within what can be, and the sun does not shine at night."""
    now = LEARNT + quarters * STEP
    start = now + later * STEP
    for key, told in learnt().at(now, start, 96).items():
        assert told.method == "trees"
        assert told.values.shape == (7, 96)
        assert (np.diff(told.values, axis=0) >= 0).all()
        assert (told.values >= 0).all()
        mean = told.mean()
        assert (mean >= told.values[0] - 1e-9).all()
        assert (mean <= told.values[-1] + 1e-9).all()
        if key.endswith("output"):
            assert (told.values <= 1.1 * RATING[key]).all()
    local = (np.arange(96) / 4 + start.hour + start.minute / 60 + 8) % 24
    night = (local < 4) | (local > 21)
    assert (learnt().one("sun.output", now, start, 96).values[:, night] == 0).all()


def test_it_beats_persistence() -> None:
    """Over eight days, at every quarter of the day ahead, for every quantity."""
    past = world().past()
    simple = PersistenceForecaster(OUTSIDE, past, zone="Asia/Shanghai")
    errors: dict[str, list[tuple[float, float]]] = {key: [] for key in RATING}
    for hours in range(0, 24 * 8, 3):
        now = LEARNT + timedelta(hours=hours)
        ours, theirs = learnt().at(now, now, 96), simple.at(now, now, 96)
        first = (now - START) // STEP
        for key, values in world().truth.items():
            came = values[first : first + 96]
            one = np.abs(ours[key].at(0.5) - came).mean()
            errors[key].append((one, np.abs(theirs[key].mean() - came).mean()))
    for key, pairs in errors.items():
        own, other = np.mean(pairs, axis=0)
        assert own < 0.75 * other, key


def test_without_weather_forecast_it_goes_on_and_says_so() -> None:
    upto = LEARNT + timedelta(hours=1)
    past = world().past(LEARNT - timedelta(days=4))
    times, known = world().times, world().times + QUARTER
    for key, values in world().truth.items():
        rows = (known > moment(LEARNT - timedelta(days=4))) & (known <= moment(upto))
        past.tell(key, times[rows], values[rows], known[rows])
    told = forecaster(past, learnt()).at(upto, upto, 96)
    assert told["wind.output"].method == "trees"
    assert any("wind_speed missing for 96 of 96" in each for each in told["wind.output"].missing)
    first = (upto - START) // STEP
    came = world().truth["works.load"][first : first + 96]
    assert np.abs(told["works.load"].at(0.5) - came).mean() < 3.0


def test_a_gap_in_the_meter_is_told_with_its_age() -> None:
    now = LEARNT + timedelta(hours=6)
    told = forecaster(world().past(LEARNT), learnt()).at(now, now, 96)
    assert "last measured 6.0 h ago" in told["works.load"].missing
    assert told["works.load"].method == "trees"


def test_the_ladder_down_to_nothing() -> None:
    """Model without measurement, measurement without model, neither."""
    empty = Past(STEP, world().truth)
    usual = forecaster(empty, learnt()).at(LEARNT, LEARNT, 96)["works.load"]
    assert usual.method == "course"
    assert 10 < usual.mean().mean() < 26
    fresh = forecaster(world().past()).at(LEARNT, LEARNT, 96)["works.load"]
    assert fresh.method == "persistence"
    assert "nothing has been learnt yet" in fresh.missing
    blank = forecaster(empty).at(LEARNT, LEARNT, 96)["works.load"]
    assert blank.method == "nothing"
    assert (blank.values == 0).all()


def test_few_days_teach_less() -> None:
    """Two hours: the course of the day at most; four days: a blend; three weeks: trees."""
    for days, method in ((2 / 24, "course"), (4, "blend"), (21, "trees")):
        upto = START + timedelta(days=days)
        made = forecaster(world().past(upto))
        made.learn(upto)
        assert made.one("works.load", upto, upto, 8).method == method


def test_the_band_after_three_days_is_wide_enough() -> None:
    """What a few days teach is not known by heart: of 40 loads nine in ten stay within, nearly.

    A course of the day and noise that lasts; steps of one day go together, so 0.78 is the least.
    """
    count, inside = 3 * 96, []
    events = moment(START) + np.arange(count) * QUARTER
    hour = np.arange(count + 16) / 4 % 24
    for seed in range(40):
        draw = np.random.default_rng(seed)
        noise = draw.standard_normal(count + 16)
        for step in range(1, len(noise)):
            noise[step] = 0.95 * noise[step - 1] + np.sqrt(1 - 0.95**2) * noise[step]
        load = 50.0 + 15.0 * np.sin((hour - 9) / 12 * np.pi) + 5.0 * noise
        past, now = Past(STEP, ["works.load"]), START + timedelta(days=3)
        past.tell("works.load", events, load[:count], events + QUARTER)
        listed = [Outside("works.load", "load", "MW", 80.0, known=False)]
        made = Forecaster(listed, past, zone="UTC")
        made.learn(now)
        said = made.one("works.load", now, now, 16)
        assert said.method == "blend"
        inside += [(said.values[0] <= load[count:]) & (load[count:] <= said.values[-1])]
    assert 0.78 < np.mean(inside) < 0.97


def test_what_the_calendar_fixes_is_not_forecast() -> None:
    assert "grid: energy bought" not in learnt().at(LEARNT, LEARNT, 4)


def test_yesterday_is_that_of_the_plant_s_clock() -> None:
    """On the night on which the clocks are set, works still begin at eight."""
    zone, begin = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 24, tzinfo=UTC)
    count = 8 * 96
    hours = [(begin + n * STEP).astimezone(zone).hour for n in range(count)]
    works = np.where([8 <= hour < 18 for hour in hours], 40.0, 4.0)
    past, now = Past(STEP, ["works.load"]), datetime(2026, 3, 28, 20, tzinfo=UTC)
    events = moment(begin) + np.arange(count) * QUARTER
    told = events + QUARTER <= moment(now)
    past.tell("works.load", events[told], works[told], events[told] + QUARTER)
    listed = [each for each in OUTSIDE if each.key == "works.load"]
    first = (now - begin) // STEP
    for made in (
        PersistenceForecaster(listed, past, zone="Europe/Berlin"),
        Forecaster(listed, past, zone="Europe/Berlin"),
    ):
        said = made.at(now, now, 48)["works.load"]
        assert said.mean().tolist() == works[first : first + 48].tolist()


def test_foresight_is_the_truth() -> None:
    told = PerfectForecaster(world().truth, START, STEP).at(LEARNT, LEARNT, 96)
    first = (LEARNT - START) // STEP
    for key, values in world().truth.items():
        assert told[key].mean() == pytest.approx(values[first : first + 96])
    end = START + timedelta(days=DAYS)
    beyond = PerfectForecaster(world().truth, START, STEP).at(end, end, 96)
    assert beyond["wind.output"].mean() == pytest.approx(world().truth["wind.output"][-96:])


def test_the_mean_is_that_of_the_quantile_function() -> None:
    """By hand: of levels 0.25 and 0.75 at 1 and 3 the mean is 2, their middle 2."""
    told = Forecast(
        "x", START, START, STEP, np.array([0.25, 0.75]), np.array([[1.0], [3.0]])
    )  # fmt: skip
    assert told.mean() == pytest.approx([2.0])
    assert told.at(0.5) == pytest.approx([2.0])
