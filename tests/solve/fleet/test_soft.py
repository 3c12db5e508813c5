"""Levels that may leave their band at a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.against_highs import Dense
from tests.solve.fleet.against_lp import softly
from tests.solve.fleet.samples import nasty
from tests.solve.fleet.test_exclusive import store
from zeroplant.solve.fleet.soft import schedule_soft
from zeroplant.solve.fleet.stage import BADDATA, BOUND, SOLVED
from zeroplant.solve.fleet.tables import Fleet, Rows


def banded(
    fleet: Fleet, low: float, high: float, below: float, above: float
) -> tuple[float, list[float]]:
    """Cost and levels of one device with a flat band."""
    ends = (Rows.shared(np.full(fleet.steps, end), 1) for end in (low, high))
    codes, numbers, series = schedule_soft(fleet, *ends, np.array([below]), np.array([above]))
    assert codes[0, 0] == SOLVED
    assert abs(numbers[1, 0]) < 1e-9
    return float(numbers[0, 0]), series[2, 0].tolist()


def test_comfort_is_kept_while_it_is_cheap_and_given_up_when_dear() -> None:
    """*Proves:* a store at 0 that should hold 1, for three steps at a price of 1 a unit: missing it
    throughout costs 3, so at an energy price of 2 it is filled at once; at a price of 5 it is not,
    and 3 is paid; at 5 with a missing unit at 10 it is.
    *A wrong answer would be:* an infeasible device, or half of it.
    """
    cheap, dear = (store([price] * 3, out_most=0.0) for price in (2.0, 5.0))
    assert banded(cheap, 1.0, 9.0, 1.0, 1.0) == (pytest.approx(2.0), [1.0, 1.0, 1.0])
    assert banded(dear, 1.0, 9.0, 1.0, 1.0) == (pytest.approx(3.0), [0.0, 0.0, 0.0])
    assert banded(dear, 1.0, 9.0, 10.0, 1.0) == (pytest.approx(5.0), [1.0, 1.0, 1.0])


def test_over_the_band_likewise() -> None:
    """*Proves:* a store at 3 that should hold at most 1, with 1 out in a step, at no price for
    energy and 2 for a unit over: 2 over nothing can be done about after one step is 1, then 0.
    """
    found = banded(store([0.0] * 3, start=3.0), 0.0, 1.0, 1.0, 2.0)
    assert found == (pytest.approx(2.0), [2.0, 1.0, 1.0])


@pytest.mark.parametrize(("steps", "devices"), [(1, 40), (2, 40), (5, 50), (24, 40), (96, 6)])
def test_it_agrees_with_highs(steps: int, devices: int) -> None:
    """*Proves:* bands of any width, none among them, over hard bounds that are near, wider or not
    there, at prices from nothing to dear: the verdict of the linear programme, its cost to 1e-7,
    and bounds that hold. Where no step is pooled, the gap is closed.
    """
    fleet, draw = nasty(devices, 71 + steps, steps), np.random.default_rng(steps)
    wide = draw.choice([0.0, 1.0, np.inf], (devices, 1))
    fleet = replace(
        fleet, low=Rows.each(fleet.low.table[fleet.low.row] - wide),
        high=Rows.each(fleet.high.table[fleet.high.row] + wide),
    )  # fmt: skip
    fleet = fleet[(Dense(fleet).q0 <= Dense(fleet).q1).all(axis=1)]
    shape = (len(fleet), steps)
    low = draw.integers(-1, 7, shape).astype(float)
    high = low + draw.integers(0, 4, shape)
    below, above = draw.choice([0.0, 0.1, 0.3, 0.5, 2.0, 10.0], (2, len(fleet)))
    codes, numbers, _ = schedule_soft(fleet, Rows.each(low), Rows.each(high), below, above)
    orderly = (Dense(fleet).low <= Dense(fleet).high).all(axis=1)
    wanted = np.full(len(fleet), np.inf)
    for i in np.flatnonzero(orderly):
        wanted[i] = softly(fleet, i, low[i], high[i], below[i], above[i])
    solved = codes[0] <= BOUND
    np.testing.assert_array_equal(solved, wanted < np.inf)
    cost, gap, missed = numbers[:, solved]
    np.testing.assert_allclose(cost - gap, wanted[solved], rtol=1e-7, atol=1e-7)
    assert np.max(missed, initial=0.0) < 1e-9
    assert (codes[0] == SOLVED).any()


def test_garbage_is_flagged() -> None:
    """*Proves:* bands that cross, and prices that are negative or no number, are BADDATA."""
    fleet = store([1.0, 2.0])[np.zeros(3, dtype=int)]
    low, high = Rows.each([[5.0, 1.0], [0.0, 0.0], [0.0, 0.0]]), Rows.shared([2.0, 2.0], 3)
    below, above = np.array([1.0, -1.0, 1.0]), np.array([1.0, 1.0, np.nan])
    codes, numbers, _ = schedule_soft(fleet, low, high, below, above)
    assert codes[0].tolist() == [BADDATA] * 3
    assert np.isnan(numbers[0]).all()
