"""Rooms as a few stores: what they promise, the rooms can do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.homes.few import axis, homes, path, plain_room, weather
from zeroplant.homes.aggregate import sustained, without
from zeroplant.homes.room import kept, performance, temperatures
from zeroplant.homes.room_store import (
    Climate,
    groups_of,
    promise_of,
    shared_out,
    thermostats_of,
)

TINY = 1e-9


def steady(outdoor: float, season: int, days: int = 2) -> Climate:
    """Weather that stays as it is, without sun."""
    time = axis(days)
    air, dark = np.full(time.stages, outdoor), np.zeros(time.stages)
    return Climate(time, air, dark, np.full(time.stages, season, dtype=np.int64))


def test_one_room_by_hand() -> None:
    """*Proves:* a room of 10 K/kW at 36 °C outdoors held at 26 °C needs 1 kW of cold, at COP 3 ·
    0.98 that is 0.340 kW; one hour without power warms it by (1 − e^−0.5)·10 K = 3.93 K, so a
    band of 2 K lets it cut 0.508 of that, 0.173 kW; cooling by 2 K in an hour takes as much more.
    *A wrong answer would be:* the whole 0.340 kW (no band), or 2·0.2/2.94 = 0.136 kW (no losses).
    """
    climate = steady(36.0, 1)
    promise = promise_of(plain_room(), climate)
    usual, span = 1.0 / (3 * 0.98), 2 / (10 * (1 - np.exp(-0.5)))
    noon = slice(12, 20)
    assert np.allclose(promise.base[noon] * 1e3, usual)
    assert np.allclose(promise.pull[noon] * 1e3, usual * span)
    assert np.allclose(promise.down[noon], 1.0)
    assert np.allclose(promise.lowest[noon], -1 / span)
    assert np.allclose(sustained(promise, 1.0, climate.axis)[noon] * 1e3, usual * span)


def test_two_hours_of_a_cut_by_hand() -> None:
    """*Proves:* a cut that lasts two hours warms the room by c·(1 + e^−0.5), so it may be only
    1/1.607 as deep. *A wrong answer would be:* a half (no losses), or the same depth.
    """
    climate = steady(36.0, 1)
    promise = promise_of(plain_room(), climate)
    one, two = (sustained(promise, hours, climate.axis)[14] for hours in (1.0, 2.0))
    assert two == pytest.approx(one / (1 + np.exp(-0.5)))


def test_heating_is_the_mirror_of_cooling() -> None:
    """*Proves:* held at 20 °C against 10 °C outdoors a room takes 1 kW of heat at COP 3·1.06, and
    to be 2 K warmer is what it stores. *A wrong answer would be:* colder counted as stored.
    """
    climate = steady(10.0, -1)
    room = plain_room()
    promise = promise_of(room, climate)
    assert np.allclose(promise.base[12:20] * 1e3, 1 / (3 * 1.06))
    state = np.where(np.arange(48) == 14, 0.5, 0.0)
    power, indoor = shared_out(room, climate, promise, state)
    assert indoor[0, 14] == pytest.approx(21.0)
    assert power[0, 14] > power[0, 13] > power[0, 15]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 60),
    mean=st.floats(20, 36),
    cooling=st.booleans(),
    edges=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_what_a_group_promises_its_rooms_can_do(
    seed: int, count: int, mean: float, cooling: bool, edges: float
) -> None:
    """*Proves:* whatever path a group takes within its promise (random, or from end to end of what
    is allowed), each room keeps its rating and its comfort band, and the rooms together take
    exactly the power the group was said to. *A wrong answer would be:* a room driven backwards,
    above its rating, or out of its band; or a sum that differs by the difference in losses.
    """
    rooms = homes(count, seed).rooms
    time = axis(3)
    climate = weather(time, mean if cooling else mean - 26, 1 if cooling else -1, seed)
    promise = promise_of(rooms, climate)
    state = path(promise, climate, np.random.default_rng(seed), edges)
    power, indoor = shared_out(rooms, climate, promise, state)
    assert power.min() >= -TINY
    assert np.all(power <= rooms.power[:, None] + TINY)
    alone = thermostats_of(rooms, climate).indoor
    goal = (rooms.summer if cooling else rooms.winter)[:, None]
    out = np.maximum(np.abs(alone - goal) - rooms.band[:, None], 0.0)  # by weather alone
    assert np.all(np.abs(indoor - goal) <= rooms.band[:, None] + out + 1e-6)
    before = np.append(0.0, state[:-1])
    before[climate.starts[:-1]] = 0.0
    said = promise.base + promise.pull * (state - promise.keep * before)
    assert np.allclose(power.sum(axis=0), said, atol=1e-9 * count)


def test_the_rooms_follow_physics() -> None:
    """*Proves:* given the powers of `shared_out`, the room equation by itself arrives at the
    temperatures it says. *A wrong answer would be:* temperatures that belong to other powers.
    """
    rooms = homes(40, 3).rooms
    climate = weather(axis(3), 34.0, 1, swing=3.0)  # never so cool that people would open a window
    promise = promise_of(rooms, climate)
    power, indoor = shared_out(
        rooms, climate, promise, path(promise, climate, np.random.default_rng(5), 0.7)
    )
    from zeroplant.homes.room_store import USE

    shape = np.array(USE)[climate.axis.hour_of_day.astype(int)] / np.mean(USE)
    gains = rooms.gains[:, None] * shape + rooms.aperture[:, None] * 1e-3 * climate.sun
    cold = performance(rooms.cop[:, None], climate.outdoor) * power
    real = temperatures(
        rooms.summer,
        climate.outdoor,
        gains - cold,
        resistance=rooms.resistance,
        capacity=rooms.capacity,
    )
    assert np.allclose(real, indoor, atol=1e-9)


@pytest.mark.parametrize(
    ("mean", "season"), [(36.0, 1), (27.0, 1), (22.0, 1), (5.0, -1), (-8.0, -1)]
)
def test_rest_is_always_promised(mean: float, season: int) -> None:
    """*Proves:* every thermostat by itself (s = 0, m = 0) is within the promise in any weather, and
    each day starts from it. *A wrong answer would be:* a plan without an answer in a cold snap.
    """
    climate = weather(axis(5), mean, season)
    promise = promise_of(homes(200).rooms, climate)
    for low, high in ((promise.lowest, promise.highest), (-promise.down, promise.up)):
        assert low.max() <= 0.0
        assert high.min() >= 0.0
    ends = climate.starts[1:] - 1
    assert not promise.down[ends].any()
    assert not promise.up[ends].any()


def test_groups_hold_every_room_once_and_are_alike() -> None:
    """*Proves:* groups share out all rooms, by time constant. *A wrong answer would be:* a room in
    two groups, or groups as mixed as the whole.
    """
    rooms = homes(300).rooms
    groups = groups_of(rooms, 3)
    assert np.array_equal(np.sort(np.concatenate(groups)), np.arange(300))
    keeps = [kept(rooms.resistance[g], rooms.capacity[g], 1.0) for g in groups]
    assert keeps[0].max() <= keeps[1].min() <= keeps[1].max() <= keeps[2].min()


def test_opt_out_takes_its_share_off() -> None:
    """*Proves:* with 10 % gone the same state is worth 10 % less power, and all still use energy.
    *A wrong answer would be:* 10 % less load.
    """
    promise = promise_of(homes(50).rooms, weather(axis(2), 34.0, 1))
    less = without(promise, 0.1)
    assert np.allclose(less.base, promise.base)
    assert np.allclose(less.base - less.floor, 0.9 * (promise.base - promise.floor))


def test_rooms_that_are_not_steered_only_use_energy() -> None:
    """*Proves:* the walk without promise uses what the thermostats use. *A wrong answer would be:*
    another temperature in homes that do not join.
    """
    rooms, climate = homes(30).rooms, weather(axis(3), 33.0, 1)
    only = promise_of(rooms, climate, flexible=False)
    assert np.allclose(only.base, thermostats_of(rooms, climate).power.sum(axis=0))
    assert not only.pull.any()
