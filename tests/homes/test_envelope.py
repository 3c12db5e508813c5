"""Firm power of homes: by hand, against the binomial, and against what a group promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tests.homes.few import axis, homes, weather
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.envelope import (
    HOURS,
    Kind,
    Reliability,
    answering,
    batteries_kind,
    by_hour,
    firm,
    rooms_kind,
    sustained_both,
)
from zeroplant.homes.room_store import promise_of

SURE = Reliability(answers=1.0, fails=0.0)


def test_batteries_by_hand() -> None:
    """*Proves:* 2 MW and 4 MWh, half full, at 0.9 each way, give 2 MW for up to 0.9 h and 1.8, 0.9,
    0.45 MW for 1, 2, 4 h; and take 2, 2, 2, 1.11, 0.56 MW. *A wrong answer would be:* losses the
    wrong way round.
    """
    time = axis(1)
    classes = BatteryClasses(np.array([2.0]), np.array([[2.0]]))
    kind = batteries_kind(classes, np.full((1, 24), 2.0), 1, 0.9, time)
    found = firm([kind], SURE, np.ones(24, dtype=bool), [0.95])
    assert found[0, :, 0] == pytest.approx([2.0, 2.0, 1.8, 0.9, 0.45])
    assert found[1, :, 0] == pytest.approx([2.0, 2.0, 2.0, 2 / 1.8, 2 / 3.6])


@pytest.mark.parametrize("count", [50, 5000])
def test_independent_homes_are_binomial(count: int) -> None:
    """*Proves:* without common causes the share that answers has the quantiles of the binomial.
    *A wrong answer would be:* opt-out counted twice, or draws shared by all homes.
    """
    flat = np.ones((len(HOURS), 1))
    kind = Kind(count, 0.1, flat, flat)
    chances = Reliability(answers=0.95, fails=0.0, draws=20_000)
    found = firm([kind], chances, np.ones(1, dtype=bool), [0.9, 0.95, 0.99])
    wanted = binom.ppf([0.1, 0.05, 0.01], count, 0.95 * 0.9) / count
    assert found[0, 0] == pytest.approx(wanted, abs=1.5 / count + 0.002)


def test_a_common_cause_is_not_averaged_away() -> None:
    """*Proves:* with one concentrator that fails in 2 % of all cases, a million homes are worth
    nothing at 99 %, and all of them at 95 %. *A wrong answer would be:* 98 % at both.
    """
    flat = np.ones((len(HOURS), 1))
    chances = Reliability(answers=1.0, fails=0.02, concentrators=1, draws=20_000)
    found = firm([Kind(1_000_000, 0.0, flat, flat)], chances, np.ones(1, dtype=bool), [0.95, 0.99])
    assert found[0, 0, 0] == 1.0
    assert found[0, 0, 1] == 0.0
    both = answering([Kind(100, 0.0, flat, flat), Kind(70, 0.0, flat, flat)], chances)
    assert np.array_equal(both[0] > 0, both[1] > 0)


@given(seed=st.integers(0, 500), mean=st.sampled_from([28.0, 33.0]))
def test_a_call_is_within_the_promise(seed: int, mean: float) -> None:
    """*Proves:* a constant cut or rise of the size that was told, from rest in any stage, stays
    within all limits of the group to its end. *A wrong answer would be:* firm power that no room
    has.
    """
    rooms = homes(20, seed).rooms
    climate = weather(axis(1), mean, 1, seed=seed)
    promise = promise_of(rooms, climate)
    for hours in (1.0, 2.0, 4.0):
        for way, most in zip((-1, 1), sustained_both(promise, hours, climate.axis), strict=True):
            state = np.zeros(24)
            for step in range(round(hours)):
                then = np.minimum(np.arange(24) + step, 23)
                move = np.divide(way * most, promise.pull[then], out=np.zeros(24),
                                 where=promise.pull[then] > 0)  # fmt: skip
                state = promise.keep[then] * state + move
                assert (move >= promise.lowest[then] - 1e-9).all()
                assert (move <= promise.highest[then] + 1e-9).all()
                on = most > 0
                assert (state[on] >= -promise.down[then][on] - 1e-9).all()
                assert (state[on] <= promise.up[then][on] + 1e-9).all()


def test_surer_and_longer_is_less() -> None:
    """*Proves:* firm power falls with the probability and with the length, in every hour of the
    day. *A wrong answer would be:* quantiles taken from the wrong end.
    """
    time = axis(4)
    rooms = homes(200).rooms
    promise = promise_of(rooms, weather(time, 32.0, 1))
    kind = rooms_kind([promise], 200, 0.1, time)
    everyone = np.ones(time.stages, dtype=bool)
    found = by_hour([kind], Reliability(), time, everyone, [0.9, 0.95, 0.99])
    assert found.shape == (24, 2, 5, 3)
    assert (np.diff(found, axis=3) <= 1e-12).all()
    assert (np.diff(found, axis=2) <= 1e-12).all()
    assert found[16, 0, 2, 1] > 0
    none = replace(kind, count=0)
    assert not firm([none], Reliability(), everyone, [0.9]).any()
