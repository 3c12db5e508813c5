"""Devices that must choose: no charging while discharging, least powers, off or on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.against_highs import Dense, violation
from tests.solve.fleet.against_mip import choosy, least_cost
from tests.solve.fleet.samples import nasty
from zeroplant.axis import Floats
from zeroplant.solve.fleet.exact import EXACT, HULL, NETTED, Choice, Exact, schedule_exact
from zeroplant.solve.fleet.stage import BADDATA, INFEASIBLE, SOLVED
from zeroplant.solve.fleet.tables import Fleet, Rows

NONE = {"keep": 1.0, "give": 1.0, "wear_in": 0.0, "wear_out": 0.0, "start": 0.0}
OPEN = {"final_value": 0.0, "connection": np.inf}


def store(price: list[float], **given: float | list[float]) -> Fleet:
    """One store of 10 units, 1 in and 1 out at most, behind a meter without load."""
    steps = len(price)
    series = {
        "buy": price, "sell": price, "net": 0.0, "curtailable": 0.0, "in_most": 1.0,
        "out_most": 1.0, "gain": 1.0, "low": 0.0, "high": 10.0, "inflow": 0.0,
    }  # fmt: skip
    rows = {
        name: Rows.each(np.ones((1, steps)) * np.asarray(given.pop(name, value)))
        for name, value in series.items()
    }
    return Fleet(**rows, **{k: np.array([v]) for k, v in (NONE | OPEN | given).items()})


def least_powers(fleet: Fleet, least: float) -> Choice:
    """The same least charging power in every step."""
    rows = Rows.shared(np.full(fleet.steps, least), len(fleet))
    return replace(Choice.free(fleet), in_least=rows)


def check(fleet: Fleet, choice: Choice) -> tuple[Exact, Floats]:
    """Compare with HiGHS: verdict, cost, violation, certificate."""
    found = schedule_exact(fleet, choice, threads=1)
    wanted = np.array([least_cost(fleet, choice, i) for i in range(len(fleet))])
    possible = wanted < np.inf
    assert not (found.status == BADDATA).any()
    assert not (possible & ~found.has_schedule).any()
    # HiGHS calls a device infeasible now and then whose schedule keeps every bound to rounding.
    assert np.sum(found.has_schedule & ~possible) <= 1
    both = possible & found.has_schedule
    np.testing.assert_allclose(found.cost[both], wanted[both], rtol=1e-6, atol=1e-6)
    assert np.max(np.abs(found.gap[both]), initial=0.0) < 1e-7
    assert np.max(violation(Dense(fleet), found)[found.has_schedule], initial=0.0) < 1e-9
    return found, wanted


def test_burning_energy_in_the_round_trip_does_not_count() -> None:
    """*Proves:* with half lost on the way in, paid 1 a unit for one step, and a full store, the
    best is to wait: nothing can be drawn. A linear programme would charge 1 and discharge 0.5 at
    once and earn 0.5; in truth one can only charge or discharge.
    *A wrong answer would be:* −0.5.
    """
    fleet = store([-1.0], gain=0.5, start=10.0)
    found = schedule_exact(fleet)
    assert found.path[0] == EXACT
    assert (found.cost[0], found.change[0, 0]) == (0.0, 0.0)
    assert least_cost(fleet, Choice.free(fleet), 0, exclusive=False) == pytest.approx(-0.5)


def test_a_small_gap_is_stated_and_left() -> None:
    """*Proves:* with a tolerance of 100 % the netted schedule is taken, its gap the hull's."""
    fleet = store([-1.0], gain=0.5, start=10.0)
    found = schedule_exact(fleet, tolerance=1.0)
    assert found.path[0] == NETTED
    assert found.gap[0] == found.hull_gap[0] > 0.0
    assert schedule_exact(store([1.0, 2.0], start=1.0)).path[0] == HULL


def test_a_charger_takes_its_least_power_or_none() -> None:
    """*Proves:* to gain 1.5 by the end at prices 1, 2 and 3 with powers of 0 or 0.8 to 1, the best
    is 0.8 at 1 and 0.8 at 2: cost 2.4; a power of 0.5 is not to be had.
    *A wrong answer would be:* 1 + 2·0.5 = 2.
    """
    fleet = store([1.0, 2.0, 3.0], low=[0.0, 0.0, 1.5], out_most=0.0)
    found = schedule_exact(fleet, least_powers(fleet, 0.8))
    assert found.cost[0] == pytest.approx(1.0 * 0.8 + 2.0 * 0.8)
    np.testing.assert_allclose(found.change[0], [0.8, 0.8, 0.0])


def test_off_or_on_reaches_single_levels() -> None:
    """*Proves:* a heater of 1 or 0 cannot end between 1.2 and 1.8, and can between 1.2 and 2.2."""
    fleet = store([1.0, 2.0, 3.0], low=[0, 0, 1.2], high=[10, 10, 1.8], out_most=0.0)
    assert schedule_exact(fleet, least_powers(fleet, 1.0)).status[0] == INFEASIBLE
    wider = replace(fleet, high=Rows.each([[10.0, 10.0, 2.2]]))
    assert schedule_exact(wider, least_powers(wider, 1.0)).cost[0] == pytest.approx(3.0)


@pytest.mark.parametrize(("steps", "devices"), [(1, 20), (2, 30), (5, 40), (12, 30), (24, 20)])
def test_it_agrees_with_highs_on_nasty_devices(steps: int, devices: int) -> None:
    """*Proves:* negative prices, a sale dearer than a purchase, limits and curtailment: the same
    verdict and cost as the mixed-integer programme, and schedules that keep every bound.
    """
    fleet = nasty(devices, 11 + steps, steps)
    found, _ = check(fleet, Choice.free(fleet))
    if steps > 2:
        assert (found.path == EXACT).any()


@pytest.mark.parametrize(("steps", "devices"), [(1, 20), (2, 30), (5, 40), (12, 30), (24, 20)])
def test_it_agrees_with_highs_on_least_powers(steps: int, devices: int) -> None:
    """*Proves:* the same with least powers of a quarter, half or all of the most, both ways."""
    fleet, choice = choosy(devices, 31 + steps, steps)
    check(fleet, choice)


def test_garbage_is_flagged_and_the_others_are_solved() -> None:
    """*Proves:* a least power that is not a number, negative or infinite is no schedule, no crash,
    and no trouble for the device beside it.
    """
    fleet = store([1.0, 2.0], low=[0.0, 1.0])[np.zeros(4, dtype=int)]
    least = np.array([[0.5, 0.5], [np.nan, 0.5], [-1.0, 0.5], [np.inf, 0.5]])
    choice = replace(Choice.free(fleet), in_least=Rows.each(least))
    found = schedule_exact(fleet, choice)
    assert found.status.tolist() == [SOLVED, BADDATA, BADDATA, BADDATA]
    assert found.cost[0] == pytest.approx(1.0)
    assert np.isnan(found.cost[1:]).all()


def test_many_single_levels_leave_a_stated_gap_at_worst() -> None:
    """*Proves:* a leaky room heated at fixed speed for 96 steps reaches ever new levels; whatever
    is given up, the schedule keeps its band and its bound lies within the gap below it.
    """
    steps = 96
    draw = np.random.default_rng(2)
    price = 0.3 + 0.15 * np.sin(np.arange(steps) * 2 * np.pi / steps) + draw.normal(0, 0.03, steps)
    fleet = store(
        price.tolist(), gain=0.45, keep=0.99, inflow=-0.05, low=4.0, high=6.0, start=5.0,
        out_most=0.0,
    )  # fmt: skip
    found = schedule_exact(fleet, least_powers(fleet, 1.0))
    assert found.has_schedule[0]
    assert 0.0 <= found.gap[0] + 1e-12 < 1e-2 * abs(found.cost[0])
    assert found.level[0].min() > 4.0 - 1e-9
    assert found.level[0].max() < 6.0 + 1e-9
    assert set(np.round(found.change[0] / 0.45, 9)) <= {0.0, 1.0}


def test_what_cannot_charge_may_still_rest() -> None:
    """*Proves:* a device that discharges at 3 or not at all, pinned to level 0, rests all day.

    *A wrong answer would be:* no schedule, because the pieces up to rest add up to −4e-16.
    """
    fleet, choice = choosy(200, 1, 24)
    device = [57]
    own = Choice(*(each[device] for each in vars(choice).values()))
    found = schedule_exact(fleet[device], own)
    assert found.has_schedule.all()
    np.testing.assert_allclose(found.level, 0.0, atol=1e-12)
    np.testing.assert_allclose(found.cost, least_cost(fleet, choice, device[0]), rtol=1e-9)
