"""Steering without foresight: what is seen, what a level is worth, and the step that follows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homes.few import homes
from zeroplant.axis import Floats
from zeroplant.homes.ahead import best_change, past_days, power_of, value_of_level
from zeroplant.homes.devices import batteries_as_fleet
from zeroplant.solve.fleet.curve import cost_to_go
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet

ONE_WAY, LEVELS = 0.93, 41
HOURS = 24 * 6
HOUR = np.arange(HOURS)
BUY = np.where((HOUR % 24 >= 16) & (HOUR % 24 < 21), 540.0, 220.0)


@given(now=st.integers(0, 400), steps=st.integers(1, 60), days=st.integers(1, 12))
def test_only_the_past_is_seen_at_the_same_hour(now: int, steps: int, days: int) -> None:
    """*Proves:* every place lies in 0…now, and is a whole number of days before the step it stands
    for. *A wrong answer would be:* a forecast that knows tomorrow.
    """
    place = past_days(now, steps, days)
    assert place.min() >= 0
    assert place.max() <= now
    assert place.shape[1] == steps
    assert len(place) <= days
    if now >= 24:
        assert not np.any((now + np.arange(1, steps + 1) - place) % 24)


def batteries(net: Floats, buy: Floats, start: Floats | float = 0.0) -> Fleet:
    """Batteries behind meters; net load in MW."""
    own = homes(len(net), 1).batteries
    return batteries_as_fleet(
        own, buy, sell=0.2 * buy, hours=1.0, one_way=ONE_WAY, net=net, start=start
    )


def net_loads(count: int, seed: int = 0) -> Floats:
    """Homes with sun and evenings, every day a little different [MW]."""
    rng = np.random.default_rng(seed)
    sun = np.clip(np.sin((HOUR % 24 - 6) * np.pi / 12), 0, None)
    load = 1 + (HOUR % 24 >= 17)
    return np.asarray((load - 4 * sun) * rng.uniform(0.5, 1.5, (count, HOURS)) * 1e-3)


def levels_of(count: int) -> Floats:
    """Levels from empty to full [kWh]."""
    return np.asarray(homes(count, 1).batteries.energy[:, None] * 1e3 * np.linspace(0, 1, LEVELS))


def rolled(net: Floats, days: int, *, known: bool = False) -> Floats:
    """Power at the meters [kW]; ``known`` replaces the past by what will be."""
    count, ahead = len(net), 24
    level, power, levels = np.zeros(count), np.empty(net.shape), levels_of(count)
    for now in range(HOURS):
        if known:
            rest = min(HOURS - now - 1, HOURS)
            place = np.arange(now + 1, HOURS)[None] if rest else np.array([[now]])
        else:
            place = past_days(now, ahead, days)
        if known and not rest:
            value = np.zeros((count, LEVELS))
        else:
            seen = net[:, place].reshape(-1, place.shape[1])
            steps = np.arange(now + 1, now + 1 + place.shape[1]) % HOURS
            several = np.repeat(np.arange(count), len(place))
            future = batteries_of(several, seen, BUY[steps])
            value = value_of_level(future, len(place), levels)
        step = batteries(net[:, now : now + 1], BUY[now : now + 1], level / 1e3)
        change = best_change(step, levels, value)
        power[:, now] = power_of(step, change)
        level = level + change
        assert (level >= -1e-9).all()
        assert (level <= levels[:, -1] + 1e-9).all()
    return power


def batteries_of(which: np.ndarray, net: Floats, buy: Floats) -> Fleet:
    """The same batteries, several devices for each."""
    own = homes(int(which.max()) + 1, 1).batteries.only(which)
    return batteries_as_fleet(own, buy, sell=0.2 * buy, hours=1.0, one_way=ONE_WAY, net=net)


def bill(power: Floats) -> float:
    """Of all homes."""
    return float(np.sum((np.maximum(power, 0) - 0.2 * np.maximum(-power, 0)) @ BUY) / 1e3)


def test_with_the_true_future_it_is_optimal() -> None:
    """*Proves:* given what will be instead of the past, step after step costs what the exact
    programme of the whole span does, but for the spacing of the levels. *A wrong answer would
    be:* a value read at the wrong level, or a stage cost that is not the fleet's.
    """
    net = net_loads(4)
    best = float(schedule(batteries(net, BUY)).cost.sum())
    assert bill(rolled(net, 1, known=True)) == pytest.approx(best, rel=2e-4)


def test_the_past_alone_saves_most() -> None:
    """*Proves:* from past days the bill lies between the exact one and none, nearer to the exact;
    and what comes later changes nothing of what was done before. *A wrong answer would be:* a
    bill below the exact one, or a step that knew.
    """
    net = net_loads(4, 3)
    ours = rolled(net, 5)
    best, idle = float(schedule(batteries(net, BUY)).cost.sum()), bill(net * 1e3)
    assert best - 1e-9 <= bill(ours)
    assert (bill(ours) - best) / (idle - best) < 0.35
    other = net.copy()
    other[:, 60:] = net_loads(4, 9)[:, 60:]
    assert np.array_equal(rolled(other, 5)[:, :60], ours[:, :60])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_value_is_the_mean_of_the_curves(seed: int) -> None:
    """*Proves:* at every level the value is the mean of the exact curves. *A wrong answer would
    be:* the days of one home counted for another.
    """
    net = np.random.default_rng(seed).normal(0.0, 2e-3, (6, 24))
    which = np.repeat(np.arange(2), 3)
    days = batteries_of(which, net, BUY[:24])
    levels = levels_of(2)
    curves = cost_to_go(days)
    value = value_of_level(days, 3, levels)
    for home in range(2):
        each = [
            np.interp(levels[home], level[~np.isnan(level)], cost[~np.isnan(cost)])
            for level, cost in zip(
                curves.level[3 * home : 3 * home + 3], curves.cost[3 * home : 3 * home + 3],
                strict=True,
            )
        ]  # fmt: skip
        assert value[home] == pytest.approx(np.mean(each, axis=0), abs=1e-9)
