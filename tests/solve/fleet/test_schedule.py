"""Schedules that can be worked out by hand, verdicts, and what must not change an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from zeroplant.axis import Floats
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.schedule import Schedule, schedule
from zeroplant.solve.fleet.stage import BADDATA, BOUND, INFEASIBLE, SOLVED
from zeroplant.solve.fleet.tables import Fleet, Rows


def one(buy: list[float], sell: list[float] | None = None, **changes: Any) -> Fleet:
    """A store of 2 kWh and 1 kW with nothing behind its meter, or with changes."""
    steps = len(buy)
    series = {
        "net": 0.0, "curtailable": 0.0, "in_most": 1.0, "out_most": 1.0, "gain": 1.0, "low": 0.0,
        "high": 2.0, "inflow": 0.0,
    }  # fmt: skip
    constants = {
        "keep": 1.0, "give": 1.0, "wear_in": 0.0, "wear_out": 0.0, "start": 0.0,
        "final_value": 0.0, "connection": np.inf, "hours": 1.0,
    }  # fmt: skip
    series |= {k: v for k, v in changes.items() if k in series}
    constants |= {k: v for k, v in changes.items() if k in constants}
    rows = {k: Rows.shared(np.broadcast_to(v, steps).astype(float), 1) for k, v in series.items()}
    rows |= {"buy": Rows.shared(buy, 1), "sell": Rows.shared(sell or buy, 1)}
    hours = constants.pop("hours")
    return Fleet(**rows, **{k: np.array([v]) for k, v in constants.items()}, hours=hours)


def solve(fleet: Fleet, **how: Any) -> Schedule:
    """Solve with everything stored."""
    return schedule(fleet, outputs=("change", "power", "value", "level"), **how)


def row(values: Any) -> Floats:
    """The series of the only device."""
    return np.asarray(values)[0]


def test_buy_low_sell_high() -> None:
    """*Proves:* 1 kWh is bought at 0.2 with 0.9 each way, 0.81 of it comes back at 1.0: profit
    0.61. *A wrong answer would be:* 0.8, without the losses, or 0.71, with one of them.
    """
    found = solve(one([0.2, 1.0], gain=0.9, give=0.9))
    assert found.status[0] == SOLVED
    assert found.cost[0] == pytest.approx(-0.61)
    assert row(found.power) == pytest.approx([1.0, -0.81])
    assert row(found.level) == pytest.approx([0.9, 0.0])


def test_the_value_of_level_is_the_price_that_sets_it() -> None:
    """*Proves:* a unit more in the store would be sold at 0.3, the last price that is not served
    in full: 0.5 is limited by power, 0.2 is too low. *A wrong answer would be:* the highest price,
    or the one it was bought at.
    """
    found = solve(one([0.1, 0.3, 0.5, 0.2], in_most=1.0, out_most=1.5, start=1.0))
    assert found.cost[0] == pytest.approx(0.1 - 1.5 * 0.5 - 0.5 * 0.3)
    assert row(found.value)[:2] == pytest.approx([0.3, 0.3])


def test_steps_are_not_hours() -> None:
    """*Proves:* a quarter of an hour moves a quarter of the energy and of the money, and leak and
    inflow stay per step. *A wrong answer would be:* four times either.
    """
    found = solve(one([1.0], hours=0.25, low=0.6, keep=0.5, start=0.2, inflow=0.3))
    assert row(found.power) == pytest.approx([(0.6 - 0.1 - 0.3) / 0.25])
    assert found.cost[0] == pytest.approx(0.2)


def test_surplus_before_the_grid() -> None:
    """*Proves:* what the roof leaves over is charged at the price it would have sold for, the rest
    at the price of buying. *A wrong answer would be:* one price for both.
    """
    fleet = one([0.6, 0.6], [0.2, 0.2], net=[-0.7, 2.0], low=[1.0, 0.0])
    found = solve(fleet)
    assert row(found.power) == pytest.approx([0.3, 1.0])
    assert found.cost[0] == pytest.approx(0.3 * 0.6 + 1.0 * 0.6)


def test_curtailment_waits_for_a_negative_price() -> None:
    """*Proves:* generation is given up where selling it costs money and nothing takes it in; first
    the store and the load take what they can.
    """
    fleet = one([0.3, 0.3], [-0.1, 0.1], net=-3.0, curtailable=3.0, high=0.5)
    found = solve(fleet)
    assert row(found.power) == pytest.approx([0.0, -3.5])
    assert row(found.level) == pytest.approx([0.5, 0.0])
    assert found.cost[0] == pytest.approx(-0.35)


def test_a_connection_holds() -> None:
    """*Proves:* power at the meter keeps its limit both ways, by curtailing if it must."""
    found = solve(one([0.1, 0.9], net=[1.5, -1.5], connection=2.0))
    assert row(found.power) == pytest.approx([2.0, -2.0])
    assert found.violation[0] <= 1e-12
    assert row(solve(one([0.1], net=-3.0, curtailable=2.0, high=0.0, connection=2.0)).power) == -2.0
    assert solve(one([0.1], net=-3.5, connection=2.0)).status[0] == INFEASIBLE
    assert solve(one([0.1], net=-3.0, connection=2.0)).status[0] == SOLVED


@pytest.mark.parametrize(
    ("changes", "when", "side"),
    [
        ({"low": [0.0, 2.5, 0.0], "high": 3.0}, 1, 1),
        ({"out_most": 0.0, "start": 2.0, "high": [2.0, 2.0, 1.0]}, 2, -1),
        ({"low": [0.0, 1.0, 0.0], "high": [2.0, 0.5, 2.0]}, 1, 0),
        ({"net": [0.0, 0.0, 3.5], "connection": 2.0}, 2, 0),
        ({"start": 9.0}, 0, -1),
    ],
)
def test_the_impossible_is_told_when_and_how(changes: Any, when: int, side: int) -> None:
    """*Proves:* a level asked for too early, one that cannot fall, bounds that cross and a load
    above its connection are each told with their step and side.
    """
    found = solve(one([0.1, 0.2, 0.3], **changes))
    assert (found.status[0], found.when[0], found.side[0]) == (INFEASIBLE, when, side)
    assert np.isnan(found.cost[0])
    assert np.isnan(row(found.change)).all()
    assert found.total == pytest.approx(0.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -1.0, 1e300])
@pytest.mark.parametrize(
    "name",
    ["buy", "sell", "net", "curtailable", "in_most", "out_most", "gain", "low", "high", "inflow",
     "keep", "give", "wear_in", "wear_out", "start", "final_value", "connection"],
)  # fmt: skip
def test_garbage_is_flagged(name: str, value: float) -> None:
    """*Proves:* no number, however silly, crashes, and none that is no number gets a schedule; the
    neighbours of such a device are solved as if it were not there.
    """
    fleet = one([0.1, 0.4, 0.2], low=-1.0, gain=0.9)
    pair = fleet[[0, 0]]
    if name in {"keep", "give", "wear_in", "wear_out", "start", "final_value", "connection"}:
        pair = replace(pair, **{name: np.array([value, getattr(fleet, name)[0]])})
    else:
        rows = getattr(fleet, name)
        bad = np.array(rows.table[0])
        bad[1] = value
        table = np.stack([bad, rows.table[0]])
        pair = replace(pair, **{name: Rows(table, np.array([0, 1], dtype=np.int32))})
    found = solve(pair)
    assert found.status[1] == SOLVED
    assert found.cost[1] == solve(fleet).cost[0]
    unbounded = (name, value) in {("low", -np.inf), ("high", np.inf), ("connection", np.inf)}
    if np.isnan(value):
        assert found.status[0] == BADDATA
    elif not np.isfinite(value) and not unbounded:
        assert found.status[0] in {BADDATA, INFEASIBLE}
    if name in {"curtailable", "in_most", "out_most", "gain", "keep", "give"} and value == -1.0:
        assert found.status[0] == BADDATA
    if found.has_schedule[0]:
        assert np.isfinite(found.cost[0])


def test_an_infinite_gain_is_garbage() -> None:
    """*Proves:* a store without a surplus to charge from is flagged, too. *A wrong answer would
    be:* a level that rises at no cost.
    """
    found = solve(one([0.1, 0.4], gain=np.inf, net=1.0, low=[0.0, 1.0]))
    assert found.status[0] == BADDATA


def test_very_negative_prices_are_solved_to_a_proven_gap() -> None:
    """*Proves:* with 1.0 paid for each kWh drawn, half a kWh fills the store by 0.25 and earns
    0.5. Mixing the extremes (charge 0.5, discharge 2) to the same level would earn 0.8 and is the
    bound. *A wrong answer would be:* to earn the 0.8, as linear programmes do.
    """
    found = solve(one([-1.0], gain=0.5, give=0.5, high=0.25))
    assert found.status[0] == BOUND
    assert row(found.power) == pytest.approx([0.5])
    assert found.cost[0] == pytest.approx(-0.5)
    assert found.gap[0] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("preference", "level"),
    [("nearest", [1.0, 1.0]), ("high", [2.0, 2.0]), ("low", [0.0, 1.0]), ("middle", [1.0, 1.5])],
)
def test_ties_are_settled_as_asked(preference: Any, level: list[float]) -> None:
    """*Proves:* among schedules of equal cost the asked-for one is taken, and all cost the same."""
    fleet = one([0.3, 0.3], start=1.0, final_value=0.3, low=[0.0, 1.0])
    found = solve(fleet, preference=preference)
    assert found.cost[0] == pytest.approx(-0.3)
    assert row(found.level) == pytest.approx(level)


def test_an_extra_price_is_an_extra_price() -> None:
    """*Proves:* an extra price for everyone is the same as raising both prices of everyone."""
    fleet = mixed_fleet(200, 3)
    adder = np.random.default_rng(1).normal(0.0, 0.2, fleet.steps)
    raised = replace(
        fleet.stored_as(np.float64),
        buy=replace(fleet.buy, table=fleet.buy.table + adder),
        sell=replace(fleet.sell, table=fleet.sell.table + adder),
    )
    np.testing.assert_allclose(schedule(fleet, adder=adder).cost, schedule(raised).cost, atol=1e-9)


def test_threads_storage_and_company_change_nothing() -> None:
    """*Proves:* the same bits on one thread and three, alone and in company, and from float64
    tables that hold the same numbers.
    """
    fleet = mixed_fleet(5000, 4, steps=12)
    first = schedule(fleet, threads=1, outputs=("power",))
    for other in (fleet, fleet.stored_as(np.float64)):
        again = schedule(other, threads=3)
        for name in ("cost", "gap", "total", "status"):
            np.testing.assert_array_equal(getattr(again, name), getattr(first, name))
    some = np.array([4000, 17, 17])
    np.testing.assert_array_equal(schedule(fleet[some]).cost, first.cost[some])
    assert first.power is not None
    np.testing.assert_allclose(first.power.sum(axis=0), first.total, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"outputs": ("power", "levels")}, "outputs are a list of some of change, power"),
        ({"outputs": "power"}, "outputs are a list"),
        ({"preference": "highest"}, "preference 'highest' is none of nearest, high"),
        ({"adder": [0.0, np.nan]}, "step 1 has nan"),
    ],
)
def test_what_cannot_be_meant_is_told(how: Any, told: str) -> None:
    """*Proves:* a misspelt wish is one line of words. *A wrong answer would be:* a series that is
    silently missing, or a whole fleet flagged for an extra price that is no number.
    """
    with pytest.raises(ValueError, match=told):
        schedule(one([0.1, 0.2]), **how)


def test_paid_both_ways_behind_a_tight_connection_is_not_solved() -> None:
    """*Proves:* the one lawful case that is flagged, on either side of where its text says."""
    for connection, status in ((0.9, BADDATA), (1.1, SOLVED)):
        fleet = one([-0.1], [0.1], curtailable=2.0, connection=connection)
        assert solve(fleet).status[0] == status
