"""What the few stores do is done by the homes: shared out, run again, added up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homes.few import axis, homes, path, weather
from zeroplant.axis import Floats
from zeroplant.homes.aggregate import Grouping, aggregate, without
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.deliver import (
    BatteryRules,
    StorePlan,
    deliver_batteries,
    deliver_cars,
    deliver_rooms,
    state_of,
)
from zeroplant.homes.room_store import Climate, Promise, promise_of

ONE_WAY, KEEP = 0.93, 0.9995


def power_of(promise: Promise, climate: Climate, state: Floats) -> Floats:
    """Power of a group that takes a path: base + A·(s' − k·s)."""
    before = np.roll(state, 1)
    before[climate.starts[:-1]] = 0.0
    return np.asarray(promise.base + promise.pull * (state - promise.keep * before))


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000), count=st.integers(1, 60), cooled=st.booleans(),
    opt_out=st.sampled_from([0.0, 0.1, 0.4]), edges=st.sampled_from([0.0, 0.5, 1.0]),
)  # fmt: skip
def test_rooms_do_what_their_group_does(
    seed: int, count: int, cooled: bool, opt_out: float, edges: float
) -> None:
    """*Proves:* any power within the promise of a group, also along its limits, is taken by its
    rooms to 1e-9 MW, each within its rating, and within its band by its own equation. *A wrong
    answer would be:* a sum that is off by those who opted out, or a room too warm.
    """
    rooms = homes(count, seed).rooms
    climate = weather(axis(2), 33.0 if cooled else 4.0, 1 if cooled else -1, seed=seed)
    promise = without(promise_of(rooms, climate), opt_out)
    state = path(promise, climate, np.random.default_rng(seed), edges)
    power = power_of(promise, climate, state)
    assert state_of(promise, climate, power) == pytest.approx(
        np.where(promise.pull > 0, state, 0.0), abs=1e-7
    )
    shares = list(deliver_rooms(rooms, climate, promise, power, opt_out=opt_out))
    assert sum(share.power.sum(axis=0) for share in shares) == pytest.approx(power, abs=1e-9)
    assert max(share.beyond for share in shares) <= 1e-6


def busy(classes: BatteryClasses, steps: int, seed: int) -> StorePlan:
    """Random schedules of battery classes, never both ways in one class, ending where they may."""
    rng = np.random.default_rng(seed)
    charge, give = np.zeros((2, len(classes.hours), steps))
    level = rng.random(len(classes.hours)) * classes.energy
    start = level.copy()
    for t in range(steps):
        fills = rng.random(len(level)) < 0.5
        level = level * KEEP
        room = np.minimum((classes.energy - level) / ONE_WAY, classes.power)
        stock = np.minimum(level * ONE_WAY, classes.power)
        amount = np.minimum(1.0, 1.5 * rng.random(len(level)))
        charge[:, t] = np.where(fills, amount * room, 0.0)
        give[:, t] = np.where(fills, 0.0, amount * stock)
        level = level + ONE_WAY * charge[:, t] - give[:, t] / ONE_WAY
    return StorePlan((), charge, give, start, ())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60), kinds=st.integers(1, 5))
def test_batteries_do_what_their_classes_do(seed: int, count: int, kinds: int) -> None:
    """*Proves:* random schedules of the classes, some charging while others discharge, are those
    of the homes to 1e-12 MW, each within power and energy at every moment of an hour that
    discharges first. *A wrong answer would be:* a home that needs both at once, or overflows.
    """
    few = aggregate(homes(count, seed), axis(2), None, Grouping(batteries=kinds, usable=0.75))
    plan = busy(few.classes, 48, seed)
    rules = BatteryRules(ONE_WAY, 0.75, KEEP)
    shares = list(deliver_batteries(few.batteries, few.classes, plan, rules, 1.0))
    wanted = (plan.charge - plan.discharge).sum(axis=0)
    assert sum(share.power.sum(axis=0) for share in shares) == pytest.approx(wanted, abs=1e-12)
    assert max(share.beyond for share in shares) <= 1e-12


def test_a_class_that_does_too_much_is_told() -> None:
    """*Proves:* a plan beyond the class's power shows as power beyond a home's own. *A wrong
    answer would be:* 0, a check that cannot fail.
    """
    few = aggregate(homes(20), axis(1), None, Grouping(batteries=2))
    plan = busy(few.classes, 24, 1)
    more = StorePlan((), plan.charge * 1.5, plan.discharge * 1.5, plan.level, ())
    rules = BatteryRules(ONE_WAY)
    told = [s.beyond for s in deliver_batteries(few.batteries, few.classes, more, rules, 1.0)]
    assert max(told) > 1e-4


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 60), groups=st.integers(1, 3))
def test_cars_do_what_their_group_does(seed: int, count: int, groups: int) -> None:
    """*Proves:* any charging of a group within its cap that adds up to its day is done by its
    cars at home, none faster than it can, none fuller than full. *A wrong answer would be:* a
    car charged while it is away.
    """
    population, time = homes(count, seed), axis(3)
    few = aggregate(population, time, None, Grouping(cars=groups))
    rng = np.random.default_rng(seed)
    for group in few.cars:
        night = np.cumsum(group.leaving > 0)
        power = group.cap * rng.random(time.periods)
        taken = np.bincount(night, weights=power)[night]
        power = power * np.minimum(1.0, group.energy / np.maximum(taken, 1e-12))
        share = deliver_cars(population.cars, group, time, power)
        assert share.power.sum(axis=0) == pytest.approx(power, abs=1e-12)
        assert share.beyond <= 1e-9
