"""Charging sessions: bands, lanes that every vehicle can follow, least laxity, and queues."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.assets.small import axis
from tests.shared import shared_data
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError
from zeroplant.transport.groups import Lanes, group
from zeroplant.transport.laxity import least_laxity
from zeroplant.transport.sessions import Sessions, admit, bands, plugged_in
from zeroplant.transport.waiting import draw_arrivals, waits


def drawn(random: np.random.Generator, count: int, hours: float, lend: bool = False) -> Sessions:
    """Random sessions in ``hours``, some of which want more than fits into their stay."""
    begin = random.uniform(-2, hours, count)
    power = random.uniform(0.005, 0.2, count)
    return Sessions.of(
        begin,
        begin + random.uniform(0.1, 14, count),
        random.uniform(0, 0.4, count),
        power,
        lend=random.uniform(0.01, 0.2, count) * (random.random(count) < 0.6) if lend else 0.0,
        back=power * random.uniform(0.3, 1.0, count) if lend else 0.0,
    )


def anyhow(lanes: Lanes, random: np.random.Generator) -> Floats:
    """A random schedule within what the lanes promise, by a linear programme for each lane."""
    net = np.zeros_like(lanes.power)
    periods = lanes.power.shape[1]
    below = np.tril(np.ones((periods, periods))) * lanes.hours
    for lane in range(len(net)):
        came = np.cumsum(lanes.arrives[lane])
        least = came - lanes.room[lane]
        answer = linprog(
            random.normal(size=2 * periods),
            A_ub=np.block([[below, -below], [-below, below]]),
            b_ub=np.concatenate((came, -least)) + 1e-9,
            bounds=np.stack((np.zeros(2 * periods), [*lanes.power[lane], *lanes.back[lane]]), 1),
        )
        assert answer.status == 0
        net[lane] = answer.x[:periods] - answer.x[periods:]
    return net


def test_bands_of_one_session() -> None:
    """*Proves:* 0.2 MWh at 0.1 MW between 0:30 and 4:00: at the earliest 0.05, 0.15, 0.2, at the
    latest nothing until 2 h, then 0.1 and 0.2; half the power in the broken hour. *A wrong answer
    would be:* bands by whole hours.
    """
    found = bands(Sessions.of(np.array([0.5]), np.array([4.0]), 0.2, 0.1), axis(5))
    assert np.allclose(found.upper, [0.05, 0.15, 0.2, 0.2, 0.2])
    assert np.allclose(found.lower, [0, 0, 0.1, 0.2, 0.2])
    assert np.allclose(found.power, [0.05, 0.1, 0.1, 0.1, 0])
    assert np.allclose(found.at_once, [0.05, 0.1, 0.05, 0, 0])


def test_bands_of_a_lender() -> None:
    """*Proves:* who lends 0.1 MWh at 0.05 MW and wants 0.2 at 0.1 MW within 5 h goes down to
    −0.1 in two hours and comes up the 0.3 MWh in three; with 3.5 h to stay it turns round after
    one, at −0.05. *A wrong answer would be:* going deeper
    than can be brought back, or not at all.
    """
    s = Sessions.of(np.array([0.0]), np.array([5.0]), 0.2, 0.1, lend=0.1, back=0.05)
    assert np.allclose(bands(s, axis(5)).lower, [-0.05, -0.1, 0, 0.1, 0.2])
    late = Sessions.of(np.array([0.0]), np.array([3.5]), 0.2, 0.1, lend=0.1, back=0.05)
    assert np.allclose(bands(late, axis(4)).lower, [-0.05, 0.05, 0.15, 0.2])


def test_what_does_not_fit_is_not_in_the_bands() -> None:
    """*Proves:* 5 MWh at 0.1 MW in two hours are 0.2 MWh. *A wrong answer would be:* 5."""
    found = bands(Sessions.of(np.array([0.0]), np.array([2.0]), 5.0, 0.1), axis(3))
    assert np.allclose(found.upper[-1], 0.2)
    assert np.allclose(found.lower, found.upper)


def test_the_sum_of_bands_forgets_whose_energy_it_was() -> None:
    """*Proves:* the outer aggregate is no promise: a long stay charged early and a short one not
    at all is inside the bands, and least laxity first leaves 1 MWh of it out. *A wrong answer
    would be:* a claim that bands are exact.
    """
    s = Sessions.of(np.array([0.0, 8.0]), np.array([10.0, 9.0]), 1.0, 1.0)
    schedule = np.zeros(10)
    schedule[[0, 9]] = 1.0
    found = bands(s, axis(10))
    so_far = np.cumsum(schedule)
    assert np.all(so_far <= found.upper + 1e-12)
    assert np.all(so_far >= found.lower - 1e-12)
    assert np.isclose(least_laxity(s, schedule, axis(10)).sum(), 1.0)


def test_bands_are_exact_where_nobody_overtakes_and_an_hour_suffices() -> None:
    """*Proves:* the case in which the bands promise truly: each charges within a period, who
    comes later does not leave earlier. Random schedules inside the bands leave nothing out.
    *A wrong answer would be:* anything missing.
    """
    random = np.random.default_rng(3)
    begin = np.sort(random.integers(0, 30, 40)).astype(float)
    s = Sessions.of(begin, begin + 6.0, random.uniform(0, 1, 40), 1.0)
    found, eye = bands(s, axis(36)), np.tril(np.ones((36, 36)))
    for _ in range(20):
        answer = linprog(random.normal(size=36), A_ub=np.block([[eye], [-eye]]),
                         b_ub=np.concatenate((found.upper, -found.lower)) + 1e-9)  # fmt: skip
        assert np.isclose(least_laxity(s, answer.x, axis(36)).sum(), s.energy.sum(), atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 0.5]), st.sampled_from([1, 3, 6]),
       st.booleans())  # fmt: skip
def test_every_session_can_follow_every_schedule_of_the_lanes(
    seed: int, hours: float, lanes: int, lend: bool
) -> None:
    """*Proves:* the inner aggregate holds what it promises: under any schedule the lanes allow,
    each session ends with what it wants, never charges faster than it can, never gives back
    faster or deeper than it lends, and only within its stay. *A wrong answer would be:* a lane
    whose power or energy is more than its sessions can do together.
    """
    random = np.random.default_rng(seed)
    time = axis(round(40 / hours), hours)
    found = group(drawn(random, 30, 40.0, lend), time, lanes)
    s, net = found.sessions, anyhow(found, random)
    assert np.allclose(found.delivered(net), s.energy, atol=1e-6)
    for i in np.flatnonzero(found.lane >= 0):
        path = found.path(i, net)
        assert path.max() <= s.power[i] + 1e-6
        assert path.min() >= -s.back[i] - 1e-6
        assert (np.cumsum(path) * hours).min() >= -s.lend[i] - 1e-6
        assert found.first[i] * hours >= s.arrival[i] - 1e-6
        assert (found.first[i] + found.length[i]) * hours <= s.departure[i] + 1e-6
    total = found.fixed.sum() * hours + found.arrives.sum()
    assert np.isclose(total, s.energy.sum())


def test_nobody_lends_who_does_not_want_to() -> None:
    """*Proves:* without lenders the lanes give nothing back. *A wrong answer would be:* V2G for
    all.
    """
    found = group(drawn(np.random.default_rng(0), 50, 40.0), axis(40), 4)
    assert not found.back.any()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"departure": np.array([0.0])}, "departure not after"),
        ({"energy": -1.0}, "negative energy"),
        ({"power": 0.0}, "no charging power"),
        ({"energy": np.nan}, "no number"),
    ],
)
def test_sessions_that_cannot_be(words: dict[str, Floats | float], message: str) -> None:
    """*Proves:* faults are named with the row in which they stand."""
    usual = {"arrival": np.array([1.0]), "departure": np.array([2.0]), "energy": 1.0, "power": 1.0}
    with pytest.raises(InputError, match=message):
        Sessions.of(**{**usual, **words})


def test_waiting_agrees_with_erlang() -> None:
    """*Proves:* Poisson arrivals with exponential stays wait as long as Erlang's C formula says
    (8 busy plugs of 10 on average: 41 % wait, 12.3 minutes on average of stays of an hour); 3 % of
    sampling. *A wrong answer would be:* Erlang B (nobody waits), or one queue per plug.
    """
    servers, load = 10, 8.0
    head = load**servers / factorial(servers) * servers / (servers - load)
    waiting = head / (sum(load**k / factorial(k) for k in range(servers)) + head)
    begin = draw_arrivals(np.full(60_000, load), 1.0, seed=2)
    stay = np.random.default_rng(4).exponential(1.0, len(begin))
    found = waits(begin, stay, servers)
    assert np.isclose(np.mean(found > 0), waiting, rtol=0.03)
    assert np.isclose(found.mean(), waiting / (servers - load), rtol=0.05)
    with pytest.raises(ValueError, match="without a plug"):
        waits(begin, stay, 0)


def real(hours: float) -> tuple[Sessions, Axis]:
    """All 27 407 real sessions, at 7.2 kW or the mean power of those that were faster."""
    import polars as pl

    table = pl.read_parquet(shared_data("ev_sessions_acn") / "acn_sessions.parquet")
    time = axis(round(22_000 / hours), hours, start="2019-05-01")
    begin, end = (
        table[name].dt.epoch("s").to_numpy() / 3600 - time.start.timestamp() / 3600
        for name in ("arrival_utc", "departure_utc")
    )
    energy = table["delivered_kwh"].to_numpy().astype(float) / 1e3
    return Sessions.of(begin, end, energy, np.maximum(0.0072, energy / (end - begin))), time


@pytest.mark.parametrize("hours", [1.0, 0.25])
def test_bands_contain_every_real_session(hours: float) -> None:
    """*Proves:* of 27 407 real sessions at two garages (ACN-Data), the bands end at exactly what
    was delivered, 342.7 MWh, and what happens if each charges on arrival, evenly, or as late as
    it can lies within them in every period; 84 cars were plugged in at once. *A wrong answer
    would be:* a session whose energy is lost at a border of periods.
    """
    s, time = real(hours)
    found = bands(s, time)
    assert len(s) == 27_407
    assert np.isclose(found.upper[-1], s.energy.sum())
    assert np.isclose(found.lower[-1], s.energy.sum())
    even = Sessions.of(s.arrival, s.departure, s.energy, s.energy / s.stay)
    late = s.departure - s.energy / s.power
    last = Sessions.of(late, np.maximum(s.departure, late + 1e-6), s.energy, s.power)
    for way in (even, last):
        so_far = bands(way, time).upper
        assert np.all(so_far <= found.upper + 1e-9)
        assert np.all(so_far >= found.lower - 1e-9)
        assert np.all(np.diff(so_far, prepend=0.0) <= found.power * hours + 1e-9)
    assert np.isclose(plugged_in(s, time).max(), {1.0: 83.2, 0.25: 84.7}[hours], rtol=1e-2)


def test_every_real_session_gets_its_energy() -> None:
    """*Proves:* under a schedule that charges each lane as late as it can, all 27 407 sessions get
    what they got in truth, none at more than its power; with six lanes the plan may move 41 % of
    the energy. Charging on arrival, least laxity first hands out everything too. *A wrong answer
    would be:* a kWh missing, or lanes that nobody fits.
    """
    s, time = real(1.0)
    found = group(s, time, 6)
    net = np.zeros_like(found.power)
    mine = found.lane >= 0
    windows = {*zip(found.lane[mine], found.first[mine], found.length[mine], strict=True)}
    for lane, first, length in windows:  # filled from the end
        most = found.power[lane, first : first + length][::-1]
        later = np.cumsum(most) - most
        late = np.clip(found.arrives[lane, first] - later, 0.0, most)
        net[lane, first : first + length] = late[::-1]
    assert np.allclose(found.delivered(net), s.energy, atol=1e-9)
    assert np.isclose(found.flexible, 0.41, atol=0.01)
    on_arrival = bands(s, time).at_once
    assert np.allclose(least_laxity(s, on_arrival, time), s.energy, atol=1e-9)


def test_between_the_aggregates_is_the_truth() -> None:
    """*Proves:* two weeks of real sessions under prices of day and night with noise: the outer
    aggregate costs no more than all sessions planned one by one, and the inner no less; charging
    on arrival costs most. Six lanes reach 69 % of what the exact plan saves; the outer plan claims
    117 %, and 22 % of its energy would never reach a car. *A wrong answer would be:* another
    order.
    """
    every, _ = real(1.0)
    time = axis(14 * 24, start="2019-05-06")
    begin = (time.start.timestamp() - axis(1, start="2019-05-01").start.timestamp()) / 3600
    shifted = Sessions.of(every.arrival - begin, every.departure - begin, every.energy, every.power)
    s = shifted.within(time.periods)
    noise = np.random.default_rng(0).uniform(-80, 80, time.periods)
    price = np.array([300.0] * 7 + [700] * 4 + [300] * 6 + [800] * 5 + [300] * 2)
    price = np.tile(np.roll(price, 15), 14) + noise  # Californian days on a Chinese clock
    outer, inner, exact = _outer(s, time, price), _inner(s, time, price), _exact(s, time, price)
    at_once = float(bands(s, time).at_once @ price)
    assert outer[0] <= exact <= inner <= at_once
    found = (at_once - inner) / (at_once - exact), (at_once - outer[0]) / (at_once - exact)
    missing = 1 - least_laxity(s, outer[1], time).sum() / s.energy.sum()
    assert np.allclose(found, [0.694, 1.166], atol=0.02)
    assert np.isclose(missing, 0.22, atol=0.03)


@pytest.mark.parametrize(
    ("stays", "hours", "share"),
    [
        ([(1.0, 11.0, 0.3, 0.12)], (17, 22), 0.87),
        ([(0.7, 1.0, 0.04, 0.12), (0.3, 10.0, 0.06, 0.06)], (7, 22), 0.64),
        ([(0.5, 4.0, 0.02, 0.007), (0.5, 8.0, 0.03, 0.007)], (7, 11), 0.39),
    ],
    ids=["trucks at night", "short and long stays", "offices"],
)
def test_how_much_of_the_saving_eight_groups_reach(
    stays: list[tuple[float, ...]], hours: tuple[int, int], share: float
) -> None:
    """*Proves:* the shares of the exact saving that the page on charging sessions states. *A wrong
    answer would be:* windows chosen where nobody has room.
    """
    time = axis(8 * 24)
    hour = np.arange(time.periods) % 24
    rate = np.where((hour >= hours[0]) & (hour < hours[1]), 6.0, 0.5)
    rows = []
    for part, stay, energy, power in stays:
        count, begin = part * rate, np.arange(time.periods) + 0.5
        none = np.zeros(time.periods)
        rows.append([begin, begin + stay, energy * count, power * count, none, none, count])
    s = Sessions(*np.concatenate(rows, axis=1)).within(time.periods).deliver_what_fits()
    day = [300.0] * 8 + [700] * 3 + [150] * 3 + [700] * 3 + [900] * 5 + [700] * 2
    noise = np.random.default_rng(0).uniform(-60, 60, time.periods)
    price = np.tile(day, 8) + noise
    at_once, exact = float(bands(s, time).at_once @ price), _exact(s, time, price)
    found = (at_once - _inner(s, time, price, 8)) / (at_once - exact)
    assert np.isclose(found, share, atol=0.02)


def _outer(s: Sessions, time: Axis, price: Floats) -> tuple[float, Floats]:
    found, eye = bands(s, time), np.tril(np.ones((time.periods, time.periods)))
    answer = linprog(price, A_ub=np.block([[eye], [-eye]]),
                     b_ub=np.concatenate((found.upper, -found.lower)) + 1e-9,
                     bounds=np.stack((np.zeros(time.periods), found.power + 1e-9), 1))  # fmt: skip
    return float(answer.fun), np.maximum(answer.x, 0.0)


def _inner(s: Sessions, time: Axis, price: Floats, count: int = 6) -> float:
    lanes, eye = group(s, time, count), np.tril(np.ones((time.periods, time.periods)))
    cost = float(lanes.fixed @ price)
    for lane in range(count):
        came = np.cumsum(lanes.arrives[lane])
        limits = np.concatenate((came, lanes.room[lane] - came)) + 1e-9
        most = np.stack((np.zeros(time.periods), lanes.power[lane]), 1)
        cost += linprog(price, A_ub=np.block([[eye], [-eye]]), b_ub=limits, bounds=most).fun
    return cost


def _exact(s: Sessions, time: Axis, price: Floats) -> float:
    """Each session by itself: its energy in the cheapest periods of its stay, in order of price."""
    edge = np.arange(time.periods)
    open_ = np.minimum(edge + 1, s.departure[:, None]) - np.maximum(edge, s.arrival[:, None])
    order = np.argsort(price)
    most = (np.maximum(open_, 0) * s.power[:, None])[:, order]
    before = np.cumsum(most, axis=1) - most
    return float((np.clip(s.energy[:, None] - before, 0, most) @ price[order]).sum())


@given(st.integers(0, 10_000), st.floats(0.5, 30.0))
@settings(max_examples=40, deadline=None)
def test_nobody_stands_without_a_plug(seed: int, plugs: float) -> None:
    """*Proves:* of any sessions no more than the plugs are let in at any time, each with all its
    figures in the same part; where there are plugs enough nobody is turned away, and at the busiest
    period they are all taken if its vehicles have no busier one. *A wrong answer would be:* more
    vehicles than plugs, or a session cut though there was room.
    """
    every = drawn(np.random.default_rng(seed), 40, 48).within(48)
    let_in = admit(every, axis(48), plugs)
    before, after = plugged_in(every, axis(48)), plugged_in(let_in, axis(48))
    assert after.max() <= max(plugs, 0) + 1e-9
    assert np.allclose(let_in.energy, every.energy * let_in.count)
    assert np.allclose(let_in.power, every.power * let_in.count)
    top = int(np.argmax(before))
    assert np.isclose(after[top], min(plugs, before[top]))
