"""The scheduler: the same optimum as the whole, futures, promises, and the ladder of answers."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.operate.county import at, county, fan, forecasts, half_full
from zeroplant.errors import InputError, SolveError
from zeroplant.operate import scheduler as module
from zeroplant.operate.commitments import Commitment, missed_name, response
from zeroplant.operate.outside import series
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.sound import faults
from zeroplant.solve import solve
from zeroplant.waist.window import Given, window

STANDING = county()
PLAIN = Settings(futures=1, margin=0.0)


def planned(step: int = 0, spread: float = 0.0, **words: object) -> Schedule:
    """One plan of a fresh scheduler."""
    levels = half_full(STANDING)
    settings = PLAIN if not spread else Settings()
    scheduler = Scheduler(STANDING, settings)
    return scheduler.plan(at(STANDING, step), levels, forecasts(STANDING, step, spread), **words)  # type: ignore[arg-type]


def test_rolled_on_with_perfect_foresight_it_costs_what_the_whole_costs() -> None:
    """Step after step re-planned, the day costs what one plan of it costs (end worth and all)."""
    net, levels = STANDING.network, half_full(STANDING)
    axis = net.axis
    worth = {name: float(values[-1]) for name, values in STANDING.worth.items()}
    given = Given(levels=levels, worth=worth)
    best = solve(window(net, 0, axis.periods, given)).objective
    scheduler = Scheduler(STANDING, Settings(futures=1, horizon=axis.periods, margin=0.0))
    cost, level = 0.0, dict(levels)
    steps = 24
    for step in range(steps):
        plan = scheduler.plan(at(STANDING, step), level, forecasts(STANDING, step))
        assert plan.status == "optimal"
        assert faults(plan, STANDING, at(STANDING, step), level) == []
        level = {name: float(values[0]) for name, values in plan.level.items()}
        cost += _money_of_step(plan, step)
    rest = window(net, steps, axis.periods - steps, Given(levels=level, worth=worth))
    assert cost + solve(rest).objective == pytest.approx(best, rel=1e-6)


def _money_of_step(plan: Schedule, step: int) -> float:
    """What the first step of a plan comes to, line by line from the declarations."""
    net = STANDING.network
    total = 0.0
    for line in net.lines:
        price = net.axis.full(line.price)[step] * line.sign
        for term in line.quantity.terms:
            coefficient = net.axis.full(term.coefficient)[step]
            power = plan.power[term.variable.name][0]  # type: ignore[attr-defined]
            total += float(price * coefficient * power * net.axis.hours)
    return total


def test_futures_share_the_first_step_and_hold_more_in_store() -> None:
    """With bad futures in mind the plan keeps a reserve against them, and is sound on the mean."""
    plan = planned(20, 0.6)
    assert plan.status == "optimal"
    assert plan.note == ""
    assert faults(plan, STANDING, at(STANDING, 20), half_full(STANDING)) == []
    assert plan.cost > planned(20).cost


def test_a_forecast_of_less_sun_plans_less_sun() -> None:
    """The plan goes by the forecast, not by the standing plant's own draw of the weather."""
    known = forecasts(STANDING, 40)
    half = fan(STANDING, "sun.output", 0.5 * series(STANDING.network, "sun.output")[40:], 40, 0.0)
    known["sun.output"] = half
    plan = Scheduler(STANDING, PLAIN).plan(at(STANDING, 40), half_full(STANDING), known)
    assert np.all(plan.power["sun.output"] <= half.values[3][: plan.steps] + 1e-6)


def test_a_promised_schedule_is_followed_and_what_is_missed_is_named() -> None:
    """Within reach a schedule is kept to the watt; beyond it the shortfall has a name."""
    free, begin = planned(30), at(STANDING, 30)
    wanted = free.target[:8] - 5.0
    until = begin + timedelta(hours=2)
    kept = planned(
        30, commitments=[Commitment("dispatch", "schedule", begin, until, wanted, 3000.0)]
    )
    assert kept.target[:8] == pytest.approx(wanted, abs=1e-6)
    assert kept.shortfall == {}
    far = Commitment("dispatch", "at least", begin, until, 1000.0, 3000.0)
    short = planned(30, commitments=[far])
    assert short.status == "optimal"
    (name,) = short.shortfall
    assert name == missed_name(far, " (short)")
    assert short.shortfall[name] == pytest.approx(
        float((1000.0 - short.target[:8]).sum()) * 0.25, rel=1e-6
    )


def test_an_event_reduces_import_against_its_baseline() -> None:
    """A response event is net export above minus the baseline by what was asked for."""
    begin = at(STANDING, 4)
    free = planned(4)
    baseline = -free.target[:4]
    event = response(
        "event", begin, begin + timedelta(hours=1), baseline=baseline, reduction=3.0, price=9000.0
    )
    plan = planned(4, commitments=[event])
    assert np.all(plan.target[:4] >= free.target[:4] + 3.0 - 1e-6)


def test_reserve_is_held_in_power_and_in_energy() -> None:
    """Ten MW up for two hours: the battery can raise by it, and has the energy for it."""
    begin = at(STANDING, 60)
    until = begin + timedelta(hours=3)
    levels = {"battery.level": 40.0}
    known = forecasts(STANDING, 60)
    ready = Commitment("reserve", "reserve up", begin, until, 30.0, 5000.0, hours=2.0)
    plan = Scheduler(STANDING, PLAIN).plan(begin, levels, known, [ready])
    assert plan.shortfall == {}
    store = STANDING.network.store_named("battery.level")
    drain = float(np.mean(next(iter(store.drain.values()))))
    by_sun_and_wind = sum(
        series(STANDING.network, f"{name}.output")[60:72] - plan.power[f"{name}.output"][:12]
        for name in ("sun", "wind")
    )
    by_battery = np.minimum(
        plan.level["battery.level"][:12] / (drain * 2.0),
        STANDING.sizes["battery.power"]
        - plan.power["battery.discharge"][:12]
        + plan.power["battery.charge"][:12],
    )
    assert np.all(by_battery + by_sun_and_wind >= 30.0 - 1e-6)


def test_a_price_on_change_steadies_the_target() -> None:
    """With a price on moving the target, the plan moves less when forecasts move."""

    def moved(stability: float) -> float:
        scheduler = Scheduler(STANDING, Settings(futures=1, stability=stability))
        first = scheduler.plan(at(STANDING, 36), half_full(STANDING), forecasts(STANDING, 36))
        known = forecasts(STANDING, 37)
        for key in ("sun.output", "wind.output"):
            known[key] = fan(STANDING, key, 0.8 * series(STANDING.network, key)[37:133], 37, 0.0)
        level = {name: float(values[0]) for name, values in first.level.items()}
        second = scheduler.plan(at(STANDING, 37), level, known)
        return float(np.abs(second.target[:7] - first.target[1:8]).sum())

    assert moved(500.0) < moved(0.0)


def test_the_ladder_goes_down_to_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer: the last schedule moved on, and the rule where there is none."""
    scheduler = Scheduler(STANDING, PLAIN)
    good = scheduler.plan(at(STANDING, 0), half_full(STANDING), forecasts(STANDING, 0))

    def nothing(*_: object, **__: object) -> None:
        message = "the solver is out"
        raise SolveError(message)

    monkeypatch.setattr(module.Model, "solve", nothing)
    kept = scheduler.plan(at(STANDING, 3), half_full(STANDING), forecasts(STANDING, 3))
    assert kept.status == "kept"
    assert "the solver is out" in kept.note
    assert kept.target == pytest.approx(good.target[3:])
    scheduler.last = None
    rule = scheduler.plan(at(STANDING, 3), half_full(STANDING), forecasts(STANDING, 3))
    assert rule.status == "rule"


def test_a_deadline_that_has_passed_keeps_the_last_schedule() -> None:
    """No time is no reason to have no schedule."""
    scheduler = Scheduler(STANDING, PLAIN)
    scheduler.plan(at(STANDING, 0), half_full(STANDING), forecasts(STANDING, 0))
    late = scheduler.plan(
        at(STANDING, 1), half_full(STANDING), forecasts(STANDING, 1), deadline=0.0
    )
    assert late.status == "kept"
    assert "deadline" in late.note


def test_futures_that_take_their_time_leave_enough_for_what_is_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A programme without an answer by its deadline: the next, which is smaller, still has one."""
    clock, tried, solve = [0.0], [], module.Model.solve
    monkeypatch.setattr(module.time, "perf_counter", lambda: clock[0])

    def slow(model: module.Model, *, deadline: float, gap: float) -> module.Solution:
        chains = len(model.network.axis.chains)
        tried.append((chains, deadline))
        if chains > 1:
            clock[0] += deadline
            message = "nothing was found by the deadline"
            raise SolveError(message)
        return solve(model, deadline=60.0, gap=gap)

    monkeypatch.setattr(module.Model, "solve", slow)
    scheduler = Scheduler(STANDING, Settings(futures=2))
    plan = scheduler.plan(
        at(STANDING, 0), half_full(STANDING), forecasts(STANDING, 0, 0.5), deadline=4.0
    )
    assert plan.status == "optimal"
    assert "nothing was found" in plan.note
    assert tried == [(2, 2.0), (1, 1.0)]


@pytest.mark.parametrize("level", [-30.0, 1e4, float("nan")])
def test_no_measured_level_leaves_the_plant_without_a_plan(level: float) -> None:
    """A level beyond its bounds is led back, an unknown one is what was planned."""
    plan = Scheduler(STANDING, PLAIN).plan(
        at(STANDING, 0), {"battery.level": level}, forecasts(STANDING, 0)
    )
    assert plan.status == "optimal"
    assert bool(plan.shortfall) == np.isfinite(level)


def test_forecasts_that_are_no_numbers_end_in_the_rule() -> None:
    """Garbage from outside does not stop the plant."""
    known = forecasts(STANDING, 0)
    bad = np.full_like(known["sun.output"].values, np.nan)
    known["sun.output"] = fan(STANDING, "sun.output", bad[0], 0, 0.0)
    plan = Scheduler(STANDING, PLAIN).plan(at(STANDING, 0), half_full(STANDING), known)
    assert plan.status == "rule"
    assert np.isfinite(plan.target).all()


def test_a_moment_outside_is_the_caller_s_mistake() -> None:
    """The standing plant has its days."""
    with pytest.raises(InputError, match="not within"):
        planned(-1)


def test_json_and_back() -> None:
    """A schedule survives a file."""
    plan = planned(0)
    back = Schedule.from_json(plan.to_json())
    assert back.target == pytest.approx(plan.target, abs=1e-8)
    assert back.reasons == plan.reasons
    assert back.plain() == plan.plain()
    with pytest.raises(ValueError, match="no schedule"):
        Schedule.from_json("[1, 2]")


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_reasons_say_what_holds_in_the_plan(spread: float) -> None:
    """Full is full, a rest is nothing, all the sun is all of it: in every step that is told of."""
    plan = planned(40, spread)
    cap = float(np.max(STANDING.network.store_named("battery.level").cap.constant))
    assert plan.reasons
    for reason in plan.reasons:
        part = slice(reason.first, reason.last + 1)
        assert reason.price > 0
        assert reason.en
        assert reason.zh
        if "is full" in reason.en:
            assert plan.level[reason.what][part] == pytest.approx(cap, rel=1e-4)
        if "rests" in reason.en:
            assert plan.power[reason.what][part] == pytest.approx(0.0, abs=1e-4)
        if "gives all" in reason.en:
            assert plan.power[reason.what][part].max() > 1e-3
    assert any("gives all" in reason.en for reason in plan.reasons)


def test_an_unsound_schedule_is_found_out() -> None:
    """A power beyond its limit, a level that does not follow, and a balance that does not close."""
    plan = planned(0)
    now, levels = at(STANDING, 0), half_full(STANDING)
    for name, what in (("battery.charge", "limits"), ("factories.load", "balance")):
        wrong = {**plan.power, name: plan.power[name] + 500.0}
        text = "; ".join(faults(Schedule(**{**vars(plan), "power": wrong}), STANDING, now, levels))
        assert what in text
    wrong = {"battery.level": plan.level["battery.level"] + 5.0}
    text = "; ".join(faults(Schedule(**{**vars(plan), "level": wrong}), STANDING, now, levels))
    assert "battery.level is off by 5" in text
    later = "; ".join(faults(plan, STANDING, plan.end, levels))
    assert "not for" in later
