"""Promises as rules in the window, and futures that are decided for before they are known."""

from __future__ import annotations

from datetime import timedelta
from statistics import NormalDist

import numpy as np
import pytest

from tests.operate.by_hand import forecast, house, standing
from zeroplant.operate.commitments import Commitment, Promise, net_export, promise
from zeroplant.operate.futures import Futures, quantiles_at
from zeroplant.operate.rule import by_rule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.situation import Situation, situated
from zeroplant.operate.soften import broken_name, soften
from zeroplant.operate.sound import faults
from zeroplant.solve import solve
from zeroplant.waist import affine

PLAIN = Settings(futures=1, margin=0.0)


@pytest.mark.parametrize(
    ("kind", "hours"), [("reserve up", 1.0), ("reserve up", 4.0), ("reserve down", 4.0)]
)
def test_reserve_needs_power_and_the_energy_behind_it(kind: Promise, hours: float) -> None:
    """A battery of 20 MWh that was made ready holds 20 MWh / h either way, and no more.

    From full charge to full discharge its 10 MW are 20 MW, so that an hour of it needs all its
    energy, too. What is wanted beyond is named as missed.
    """
    net = house()
    begin = net.axis.start
    last = begin + 15 * net.axis.step
    wanted = Commitment("reserve", kind, last, last + net.axis.step, 30.0, 5e3, hours=hours)
    plan = Scheduler(standing(net), PLAIN).plan(begin, {"level": 20.0}, {}, [wanted])
    missed = plan.shortfall["missed: reserve"] / net.axis.hours
    assert 30.0 - missed == pytest.approx(20.0 / hours, abs=1e-5)


def test_a_tolerance_costs_nothing() -> None:
    """Within the band nothing is missed, and the plan uses the band."""
    net = house(load=5.0)
    promised = Commitment("band", "schedule", net.axis.start, net.axis.start + timedelta(hours=4),
                          -7.0, 1e4, tolerance=1.0)  # fmt: skip
    promise(net, [promised])
    answer = solve(net)
    assert answer.value(net_export(net)) == pytest.approx(np.full(16, -6.0), abs=1.01)
    assert np.all(answer.value(net_export(net)) <= -6.0 + 1e-6)


def test_futures_have_the_probabilities_of_the_forecast() -> None:
    """Many draws at one step are spread as the quantiles say, and errors last."""
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    values = np.array([1.0, 3.0, 4.0, 6.0, 9.0])[:, None] * np.ones((1, 40))
    net = house()
    many = Futures(400, 40, 20.0)
    drawn = many.of(forecast(net, "sun", np.arange(7.0)), 0, 16)
    assert drawn.shape == (400, 16)
    assert np.median(drawn) == pytest.approx(3.0, abs=0.2)
    assert np.quantile(drawn, 0.25) == pytest.approx(2.0, abs=0.25)
    assert np.corrcoef(drawn[:, 0], drawn[:, 4])[0, 1] == pytest.approx(np.exp(-4 / 20), abs=0.08)
    score = np.full((1, 40), NormalDist().inv_cdf(0.25))
    assert quantiles_at(levels, values, score) == pytest.approx(np.full((1, 40), 3.0))


def test_futures_go_on_from_plan_to_plan() -> None:
    """A quarter-hour later each future is where it was: dice are cast once."""
    net = house()
    drawn = Futures(4, 16, 8.0)
    known = forecast(net, "sun", np.arange(7.0))
    assert drawn.of(known, 0, 16)[:, 1:] == pytest.approx(drawn.of(known, 1, 15))


def test_what_is_set_now_is_the_same_in_all_futures() -> None:
    """The battery's first step is one number, for batteries in one direction at a time as well."""
    for whole in (False, True):
        net = house(sun=5.0)
        if whole:
            on = net.flow("charging", cap=1.0, integer=True)
            net.flow_named("charge").cap = 10.0 * on
        known = {"sun": forecast(net, "sun", np.array([0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 10.0]) * 3)}
        futures = Futures(4, 16, 8.0)
        situation = Situation(0, 16, {"level": 10.0}, known, {}, futures)
        part = situated(standing(net, level=10.0), situation)
        answer = solve(part)
        for name in ("charge", "discharge"):
            first = answer.value(part.flow_named(name)).reshape(4, 16)[:, 0]
            assert first == pytest.approx(np.full(4, first[0]), abs=1e-6)
        sun = part.flow_named("sun").cap.constant
        assert np.ptp(np.asarray(sun).reshape(4, 16)[:, 3]) > 3.0


def test_a_limit_that_cannot_be_kept_gives_way_and_is_named() -> None:
    """From 5 MWh above its cap, with 10 MW to go down by, a store is led back."""
    net = house()
    store = net.store_named("level")
    store.start = affine(25.0)
    soften(net)
    answer = solve(net)
    over = answer.value(net.flow_named(broken_name("level (most)")))
    assert over[:3] == pytest.approx([2.5, 0.0, 0.0], abs=1e-6)


def test_a_limit_that_binds_in_some_steps_alone_gives_way_there() -> None:
    """Infinite from the second step on: that is no limit there, and not a number that is none."""
    net = house()
    store = net.store_named("level")
    store.start, store.cap = affine(25.0), affine(np.where(np.arange(16) == 0, 20.0, np.inf))
    soften(net)
    answer = solve(net)
    over = answer.value(net.flow_named(broken_name("level (most)")))
    assert over == pytest.approx(np.where(np.arange(16) == 0, 2.5, 0.0), abs=1e-6)


def test_the_rule_covers_the_load_from_the_battery() -> None:
    """Without a solver: surplus in, deficit out, within power and level; the grid does the rest."""
    sun = np.where(np.arange(16) < 8, 12.0, 0.0)
    net = house(load=5.0, sun=sun, power=4.0)
    plan = by_rule(net, net.axis.start, {"level": 10.0}, "test")
    assert plan.status == "rule"
    assert plan.power["charge"] == pytest.approx(np.where(sun > 0, 4.0, 0.0))
    assert plan.power["discharge"] == pytest.approx(np.where(sun > 0, 0.0, 4.0))
    assert plan.target == pytest.approx(np.where(sun > 0, 3.0, -1.0))
    assert plan.level["level"].max() == pytest.approx(18.0)
    assert faults(plan, standing(net), net.axis.start, {"level": 10.0}) == []
