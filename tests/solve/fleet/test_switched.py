"""Devices that stay on or off for a while once switched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.against_mip import choosy
from tests.solve.fleet.test_exclusive import check, least_powers, store
from zeroplant.solve.fleet.exact import Choice, schedule_exact
from zeroplant.solve.fleet.stage import INFEASIBLE
from zeroplant.solve.fleet.tables import Fleet


def timed(fleet: Fleet, up: int, down: int, since: int) -> Choice:
    """Fixed speed of 1 with least times."""
    ones = np.ones(len(fleet), dtype=np.int64)
    return replace(least_powers(fleet, 1.0), up=up * ones, down=down * ones, since=since * ones)


def test_once_on_it_stays_on() -> None:
    """*Proves:* one unit is needed by the end, prices are 5, 1, 4, 9, 9. Free to switch, it would
    run in the second step for 1; for at least two steps, in the second and third for 5.
    *A wrong answer would be:* 1.
    """
    fleet = store([5.0, 1.0, 4.0, 9.0, 9.0], low=[0, 0, 0, 0, 1.0], out_most=0.0)
    assert schedule_exact(fleet, timed(fleet, 1, 1, -1)).cost[0] == pytest.approx(1.0)
    found = schedule_exact(fleet, timed(fleet, 2, 1, -1))
    assert found.cost[0] == pytest.approx(5.0)
    assert found.on[0].tolist() == [0, 1, 1, 0, 0]


def test_what_happened_before_the_start_counts() -> None:
    """*Proves:* off for one step, with three to rest at least, it may start in the third step
    only; on for one step of three, it has to run for two more.
    """
    fleet = store([1.0, 2.0, 3.0, 4.0], low=[0, 0, 0, 1.0], out_most=0.0)
    assert schedule_exact(fleet, timed(fleet, 1, 3, -1)).on[0].tolist() == [0, 0, 1, 0]
    assert schedule_exact(fleet, timed(fleet, 3, 1, 1)).on[0].tolist() == [1, 1, 0, 0]


def test_a_lock_out_can_make_it_infeasible() -> None:
    """*Proves:* with a unit needed after two steps and three more to rest, there is no schedule."""
    fleet = store([1.0, 1.0], low=[0.0, 1.0], out_most=0.0)
    assert schedule_exact(fleet, timed(fleet, 1, 4, -1)).status[0] == INFEASIBLE


@pytest.mark.parametrize(("steps", "devices"), [(1, 15), (2, 20), (5, 40), (12, 40), (24, 30)])
def test_it_agrees_with_highs(steps: int, devices: int) -> None:
    """*Proves:* up to four steps on and off, any history, fixed or variable speed: the verdict and
    cost of the mixed-integer programme.
    """
    fleet, choice = choosy(devices, 51 + steps, steps, times=True)
    found, _ = check(fleet, choice)
    on = found.on[found.has_schedule]
    assert np.isin(on, (0.0, 1.0)).all()
