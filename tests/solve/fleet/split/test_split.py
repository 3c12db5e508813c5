"""A set-point over devices: the sum, the limits, the order of merit, turns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.fleet.split.pools import pool
from zeroplant.solve.fleet.split import (
    Offer,
    Reach,
    reach,
    reach_switching,
    split_by_merit,
    split_in_proportion,
)  # fmt: skip

FEW = settings(max_examples=60, deadline=None)
Array = np.ndarray[Any, Any]


def offered(devices: int, seed: int, dtype: type = np.float64, turns: bool = False) -> Offer:
    """Ranges of a random pool, with bids that often tie."""
    draw = np.random.default_rng(seed)
    within = reach(pool(devices, seed, dtype=dtype))
    up = (draw.integers(0, 12, devices) / 10.0).astype(dtype)
    down = up + (draw.integers(0, 3, devices) / 10.0).astype(dtype)
    called = draw.integers(0, 40, devices).astype(np.int32) if turns else None
    return Offer(within, np.zeros(devices, dtype), up, down, called)


def by_sorting(offer: Offer, target: float) -> float:
    """What the moves up to a set-point are worth, dearest first: a plain sort of all moves."""
    lower, upper = offer.within.lower, offer.within.upper
    rest = np.clip(offer.rest, lower, upper)
    moves = np.concatenate([rest - lower, upper - rest])
    bids = np.concatenate([offer.down, offer.up])
    order = np.argsort(-bids, kind="stable")
    left = np.clip(target - lower.sum() - np.cumsum(np.r_[0.0, moves[order][:-1]]), 0, None)
    return float(bids[order] @ np.minimum(moves[order], left))


def worth(offer: Offer, power: Array) -> float:
    """What the moves of an answer are worth."""
    rest = np.clip(offer.rest, offer.within.lower, offer.within.upper)
    down = np.minimum(power, rest) - offer.within.lower
    return float(offer.down @ down + offer.up @ (np.maximum(power, rest) - rest))


def held(within: Reach, power: Array) -> bool:
    """Whether every device is within its range."""
    return bool((power >= within.lower - 1e-12).all() and (power <= within.upper + 1e-12).all())


@FEW
@given(st.integers(0, 10_000), st.floats(-0.2, 1.2), st.booleans())
def test_sums_are_exact_and_nobody_is_asked_for_more_than_it_can(
    seed: int, share: float, turns: bool
) -> None:
    """In proportion and by merit; what cannot be reached is said.

    By merit, the moves are worth as much as if all had been sorted. A wrong answer would be a sum
    that is off, a device outside its range, a dear move left while a cheap one is made.
    """
    offer = offered(400, seed, turns=turns)
    within = offer.within
    target = within.least + share * (within.most - within.least)
    inside = min(max(target, within.least), within.most)
    power, missed = split_in_proportion(target, within)
    assert power.sum() == pytest.approx(inside, abs=1e-9)
    assert missed == pytest.approx(target - inside, abs=1e-9)
    assert held(within, power)
    split = split_by_merit(target, offer, now=40)
    assert split.power.sum() == pytest.approx(inside, abs=1e-9)
    assert split.missed == pytest.approx(target - inside, abs=1e-9)
    assert held(within, split.power)
    assert worth(offer, split.power) == pytest.approx(by_sorting(offer, inside), abs=1e-6)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("turns", [False, True])
def test_threads_change_nothing_but_rounding(dtype: type, turns: bool) -> None:
    """One thread and three, twice: the same bits for the same threads, the same sum for all."""
    offer = offered(80_000, 5, dtype, turns)
    target = offer.within.least + 0.37 * (offer.within.most - offer.within.least)
    answers = [split_by_merit(target, offer, now=40, threads=n) for n in (1, 3, 3)]
    for answer in answers:
        total = answer.power.sum(dtype=np.float64)
        assert total == pytest.approx(target, rel=1e-9 if dtype is np.float64 else 1e-6)
    assert answers[1].power.tobytes() == answers[2].power.tobytes()


@FEW
@given(st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_switching_devices_are_whole_and_the_others_make_up_for_it(seed: int, share: float) -> None:
    """Each is at one of its two states, locked ones stay; the sum is exact all the same."""
    offer = offered(300, seed)
    now = pool(300, seed + 1)
    draw = np.random.default_rng(seed)
    within = reach_switching(now, draw.integers(0, 10, 300).astype(np.int32), 10)
    bid = draw.random(300)
    rest = np.where(now.before > 0.5 * (now.least + now.most), within.upper, within.lower)
    switching = Offer(within, rest, bid, bid)
    least, most = offer.within.least + within.least, offer.within.most + within.most
    target = least + share * (most - least)
    split = split_by_merit(target, offer, switching, now=10)
    whole = (split.switching == within.lower) | (split.switching == within.upper)
    assert whole.all()
    assert held(offer.within, split.power)
    total = split.power.sum() + split.switching.sum()
    assert total + split.missed == pytest.approx(target, abs=1e-9)
    # Nothing is missed: the others always have room for less than one device.
    assert abs(split.missed) <= 1e-9
    # Switching devices get what their bids earn them: a better bid is not off while a worse is on,
    # but for devices too large for what was left, and one more that made up the sum.
    free = within.upper > within.lower
    on, off = free & (split.switching == within.upper), free & (split.switching == within.lower)
    if on.sum() > 1 and off.any():
        size = (within.upper - within.lower).max()
        better = (within.upper - within.lower)[off & (bid > np.sort(bid[on])[1] + 1e-3)]
        assert better.sum() <= 2 * size + 1e-9


def test_turns_go_round() -> None:
    """A thousand equal devices, a tenth of them needed each time: after ten rounds all were once.

    Without turns the same ones would be called every time.
    """
    devices = 1000
    ones, zeros = np.ones(devices), np.zeros(devices)
    within = Reach(zeros, ones, np.zeros(devices, np.int8), 0.0, float(devices))
    called = np.zeros(devices, dtype=np.int32)
    times = np.zeros(devices, dtype=int)
    for now in range(1, 31):
        split = split_by_merit(100.0, Offer(within, zeros, ones, ones, called), now=now)
        assert split.called is not None
        assert split.power.sum() == pytest.approx(100.0)
        times += split.power > 0
        called = split.called
        if now % 10 == 0:
            assert (times == now // 10).all()


def test_turns_spare_devices_that_shed() -> None:
    """Those on rest are shed in turns as well: each of four sheds once in four rounds."""
    within = Reach(-np.ones(4), np.zeros(4), np.zeros(4, np.int8), -4.0, 0.0)
    called, order = np.zeros(4, dtype=np.int32), []
    for now in range(1, 9):
        offer = Offer(within, np.zeros(4), np.full(4, 0.1), np.full(4, 0.3), called)
        split = split_by_merit(-1.0, offer, now=now)
        assert split.called is not None
        order.append(int(np.argmin(split.power)))
        called = split.called
    assert sorted(order[:4]) == sorted(order[4:]) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["rest", "up", "down"])
def test_an_offer_of_no_number_is_refused(name: str) -> None:
    """*Proves:* a bid that is no number is told with its device. *A wrong answer would be:* to
    treat it as the cheapest of all.
    """
    offer = offered(5, 0)
    values = getattr(offer, name).copy()
    values[3] = np.nan
    with pytest.raises(ValueError, match=f"{name} of an offer .* 3 has nan"):
        replace(offer, **{name: values})
