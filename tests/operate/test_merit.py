"""Sharing by merit: cheapest first, exact sums, one direction; few and many alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from zeroplant.axis import Floats
from zeroplant.operate.merit import FEW, share

Columns = tuple[Floats, Floats, Floats, Floats, Floats]


def devices(seed: int, count: int) -> Columns:
    """Ranges, rests and bids."""
    rng = np.random.default_rng(seed)
    rest = rng.uniform(-5, 5, count)
    lower = rest - rng.uniform(0, 10, count) * (rng.random(count) < 0.8)
    upper = rest + rng.uniform(0, 10, count) * (rng.random(count) < 0.8)
    up = rng.permutation(np.linspace(0, 100, count))
    return lower, rest, upper, up, up + rng.uniform(0, 20, count)


def best(target: float, columns: Columns) -> float:
    """The least that the moves can cost, by HiGHS."""
    lower, rest, upper, up, down = columns
    need = target - rest.sum()
    room, price = (upper - rest, -up) if need > 0 else (rest - lower, down)
    moved = min(abs(need), room.sum())
    answer = linprog(
        price, A_eq=np.ones((1, len(rest))), b_eq=[moved], bounds=np.c_[0 * room, room]
    )
    return float(answer.fun)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, FEW), st.floats(-200, 200))
def test_the_sum_is_met_at_the_least_cost(seed: int, count: int, target: float) -> None:
    lower, rest, upper, up, down = devices(seed, count)
    power, missed = share(target, lower, rest, upper, up, down)
    assert power.sum() + missed == pytest.approx(target)
    assert np.all((power >= lower - 1e-9) & (power <= upper + 1e-9))
    if missed:
        reached = upper if target > rest.sum() else lower
        np.testing.assert_allclose(power, reached, atol=1e-9)
    moves = power - rest
    assert (moves >= -1e-9).all() or (moves <= 1e-9).all()  # never one against another
    cost = float(down @ np.maximum(-moves, 0) - up @ np.maximum(moves, 0))
    assert cost == pytest.approx(best(target, (lower, rest, upper, up, down)), abs=1e-6)


@pytest.mark.parametrize("target", [-900.0, -50.0, 0.0, 60.0, 900.0])
def test_many_are_shared_as_few_are(target: float) -> None:
    lower, rest, upper, up, down = devices(7, 40)
    few, _ = share(target / 2, lower, rest, upper, up, down)
    twice = [np.tile(each, 2) for each in (lower, rest, upper, up, down)]
    many, missed = share(target, *twice)
    assert many.sum() + missed == pytest.approx(target, abs=1e-6)
    np.testing.assert_allclose(many[:40], few, atol=0.05)  # bids in one bin count as equal
    np.testing.assert_allclose(many[40:], many[:40], atol=1e-6)


def test_equal_bids_move_in_proportion_to_their_room() -> None:
    same = np.zeros(3)
    power, _ = share(6.0, same, same, np.array([2.0, 4.0, 6.0]), same, same)
    np.testing.assert_allclose(power, [1.0, 2.0, 3.0])


def test_bids_that_are_no_numbers_are_never_called_and_never_hang() -> None:
    same, bids = np.zeros(2), np.array([np.nan, 1.0])
    power, missed = share(9.0, same, same, np.array([5.0, 5.0]), bids, bids)
    assert power.tolist() == [0.0, 5.0]
    assert missed == 4.0
