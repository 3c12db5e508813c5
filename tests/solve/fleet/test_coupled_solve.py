"""Devices with two coupled levels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.solve.fleet.against_lp import together
from tests.solve.fleet.pairs import rooms, shared
from zeroplant.solve.fleet.coupled import Coupled
from zeroplant.solve.fleet.coupled_proof import lower_bound, simulate
from zeroplant.solve.fleet.coupled_solve import schedule_coupled
from zeroplant.solve.fleet.stage import BADDATA, BOUND, INFEASIBLE, SOLVED


def two_tanks(price: list[float], need: float) -> Coupled:
    """Heat goes into the first tank, and a fifth of the first flows to the second each step.

    The second must hold ``need`` at the end.
    """
    steps = len(price)
    low = np.zeros((1, steps, 2))
    low[0, -1, 1] = need
    return Coupled(
        keep=np.array([[[0.8, 0.0], [0.2, 1.0]]]), start=np.zeros((1, 2)), worth=np.zeros((1, 2)),
        effect=np.tile([1.0, 0.0], (1, steps, 1, 1)), price=np.array(price)[None, :, None],
        most=np.ones((1, steps, 1)), share=np.zeros((1, steps, 1)), right=np.zeros((1, steps)),
        inflow=np.zeros((1, steps, 2)), low=low, high=np.full((1, steps, 2), 10.0),
    )  # fmt: skip


def test_heat_is_sent_ahead_while_it_is_cheap() -> None:
    """*Proves:* a unit in the first of three steps has 0.2 + 0.16 in the second tank at the end,
    one in the second step 0.2, one in the third nothing. 0.36 is needed; at 1 and 0.5 a unit the
    first costs 1/0.36 per unit delivered and the second 0.5/0.2 = 2.5, cheaper: the second is
    used in full (0.2 for 0.5), the first for the other 0.16 (0.4444).
    *A wrong answer would be:* 1, all of it in the first step.
    """
    found = schedule_coupled(two_tanks([1.0, 0.5, 9.0], 0.36))
    assert found.status[0] == SOLVED
    assert found.cost[0] == pytest.approx(0.5 + 0.16 / 0.36, abs=1e-6)
    np.testing.assert_allclose(found.activity[0, :, 0], [0.16 / 0.36, 1.0, 0.0], atol=1e-5)


def test_what_cannot_be_is_proved() -> None:
    """*Proves:* 0.6 in the second tank is out of reach (0.56 is the most), and the multipliers
    prove it: their bound is above what full power throughout would cost.
    """
    found = schedule_coupled(two_tanks([1.0, 0.5, 9.0], 0.6))
    assert found.status[0] == INFEASIBLE
    assert found.bound[0] > 10.5


def test_any_multipliers_give_a_bound() -> None:
    """*Proves:* for random multipliers the bound never exceeds the cost of a schedule."""
    devices = shared(3, 5, steps=24)
    found = schedule_coupled(devices)
    assert (found.status <= BOUND).all()
    draw = np.random.default_rng(1)
    for i in range(3):
        for _ in range(50):
            y, p = draw.normal(0, 0.3, (24, 2)), draw.normal(0, 0.3, 24)
            assert lower_bound(devices, i, y, p, np.empty((2, 2))) <= found.cost[i] + 1e-9
        cost, missed = simulate(devices, i, found.activity[i], np.empty((24, 2)))
        assert (cost, missed) == (found.cost[i], found.violation[i])


@pytest.mark.parametrize("make", [rooms, shared])
def test_it_agrees_with_highs(make: Callable[[int, int], Coupled]) -> None:
    """*Proves:* for rooms with walls and batteries beside tanks over 96 steps: the verdict of the
    linear programme, its cost to 3e-6 and the stated gap no smaller than the true one.
    """
    devices = make(25, 3)
    found = schedule_coupled(devices)
    wanted = np.array([together(devices, i) for i in range(25)])
    possible = wanted < np.inf
    np.testing.assert_array_equal(found.status <= BOUND, possible)
    np.testing.assert_array_equal(found.status == INFEASIBLE, ~possible)
    cost, bound = found.cost[possible], found.bound[possible]
    size = 1.0 + np.abs(wanted[possible])
    assert np.max(np.abs(cost - wanted[possible]) / size) < 3e-6
    assert np.max((cost - bound) / size) < 1e-4
    assert np.median((cost - bound) / size) < 1e-6
    assert np.max((bound - wanted[possible]) / size) < 1e-7
    assert np.max(found.violation[possible]) < 1e-6


def test_garbage_is_flagged() -> None:
    """*Proves:* not a number, crossing bounds and negative limits are BADDATA and hurt no other."""
    sound = two_tanks([1.0, 0.5, 9.0], 0.36)
    many = Coupled(*(np.repeat(each, 4, axis=0) for each in sound))
    many.price[1, 0, 0] = np.nan
    many.low[2, 0, 0] = 11.0
    many.most[3, 1, 0] = -1.0
    found = schedule_coupled(many)
    assert found.status.tolist() == [SOLVED, BADDATA, BADDATA, BADDATA]
