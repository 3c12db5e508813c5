"""Devices under a shared cost: beside one quadratic programme, proven, physical, reproducible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.solve.fleet.joint.central_qp import optimum
from tests.solve.fleet.samples import nasty
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.errors import SolveError
from zeroplant.solve.fleet.joint import (
    Coordination,
    Groups,
    Shared,
    coordinate,
    uncoordinated,
)  # fmt: skip
from zeroplant.solve.fleet.joint.central import central
from zeroplant.solve.fleet.joint.coordinate import is_proven
from zeroplant.solve.fleet.tables import Fleet, Rows

Array = np.ndarray[Any, Any]


def supply(fleet: Fleet, steep: float = 0.3, most: float = np.inf) -> Shared:
    """A supply curve on which the fleet is a large part."""
    devices, clock = len(fleet), np.arange(fleet.steps) * fleet.hours
    base = devices * (2.0 + np.sin((clock - 14.0) * np.pi / 12.0))
    return Shared(0.1, steep / devices, Groups.one(devices, base, most * devices))


def small(devices: int, seed: int, steps: int = 12) -> Fleet:
    """Devices of the invented fleet, in float64."""
    return mixed_fleet(devices, seed, steps=steps, hours=2.0).stored_as(np.float64)


def simulated(fleet: Fleet, found: Coordination) -> tuple[float, float]:
    """Cost of the devices from their changes and powers alone, and most violation of any bound."""
    solved = found.status <= 1
    dense = {n: getattr(fleet, n).table[getattr(fleet, n).row].astype(float) for n in (
        "buy", "sell", "net", "curtailable", "in_most", "out_most", "gain", "low", "high",
        "inflow")}  # fmt: skip
    u, n = found.change.astype(float), found.power.astype(float)
    charge = np.maximum(u, 0) / (fleet.hours * dense["gain"])
    discharge = np.maximum(-u, 0) * fleet.give[:, None] / fleet.hours
    spared = n - dense["net"] - charge + discharge
    level, worst = fleet.start.copy(), 0.0
    for t in range(fleet.steps):
        level = fleet.keep * level + u[:, t] + dense["inflow"][:, t]
        beyond = np.maximum(dense["low"][:, t] - level, level - dense["high"][:, t])
        worst = max(worst, beyond[solved].max(initial=0.0))
    for over in (charge - dense["in_most"], discharge - dense["out_most"], -spared,
                 spared - dense["curtailable"], np.abs(n) - fleet.connection[:, None]):  # fmt: skip
        worst = max(worst, over[solved].max(initial=0.0))
    paid = np.maximum(n, 0) * dense["buy"] - np.maximum(-n, 0) * dense["sell"]
    paid += fleet.wear_in[:, None] * charge + fleet.wear_out[:, None] * discharge
    own = fleet.hours * paid.sum(axis=1) - fleet.final_value * level
    return float(own[solved].sum()), worst


@pytest.mark.parametrize("seed", range(6))
def test_bounds_stand_on_both_sides_of_the_quadratic_programme(seed: int) -> None:
    """bound ≤ optimum ≤ cost, both close, with and without a limit that binds.

    A wrong answer would be a bound above the optimum, a cost below it, or either far away.
    """
    fleet = small(6 + seed, seed)
    peak = coordinate(fleet, supply(fleet)).total[0].max() / len(fleet)
    for most in (np.inf, 0.99 * peak):
        shared = supply(fleet, most=most)
        best = optimum(fleet, shared)
        found = coordinate(fleet, shared, gap=1e-6)
        if best == np.inf:
            assert found.unmet[0].proven
            continue
        assert found.excess == 0.0
        assert found.bound <= best + 1e-7 * abs(best)
        assert found.cost >= best - 1e-7 * abs(best)
        assert found.gap <= 1e-5
        own, violation = simulated(fleet, found)
        assert violation <= 1e-9
        assert found.cost == pytest.approx(own + shared.cost(found.total[0], fleet.hours))


@pytest.mark.parametrize("seed", range(3))
def test_sweeps_and_central_programme_agree(seed: int) -> None:
    """For sixty devices the sweeps' bound and cost enclose the linear programme's answer."""
    fleet = small(60, seed, steps=24)
    shared = supply(fleet)
    found = coordinate(fleet, shared, gap=1e-3)
    assert found.method == "sweeps"
    answer = central(fleet, shared, found.status <= 1)
    assert answer is not None
    cost = answer.own + shared.cost(shared.groups.totals(answer.power)[0], fleet.hours)
    assert found.bound <= cost * (1 + 1e-9)
    assert found.cost >= answer.bound
    assert cost == pytest.approx(answer.bound, rel=1e-6)


def test_nasty_devices_stay_physical() -> None:
    """Negative prices, ties, no power, pinned levels, infeasible ones: still a valid bound.

    Mixing schedules of a battery that charges and one that discharges must not make energy.
    """
    for seed in range(4):
        fleet = nasty(250, seed, 24)
        found = coordinate(fleet, supply(fleet, 0.02), passes=8)
        own, violation = simulated(fleet, found)
        assert violation <= 1e-9
        shared = supply(fleet, 0.02)
        assert found.cost == pytest.approx(own + shared.cost(found.total[0], fleet.hours))
        assert found.bound <= found.cost
        assert found.cost - found.bound <= 0.05 * abs(found.cost)
        assert np.allclose(found.power[found.status > 1], 0.0)


def test_a_target_is_followed() -> None:
    """Tracking: the fleet's total comes closer to a target than it would by itself."""
    fleet = small(300, 1, steps=24)
    groups = Groups.one(len(fleet), np.zeros(24))
    target = np.full(24, 150.0)
    shared = Shared.tracking(target, 0.002, groups)
    found = coordinate(fleet, shared)
    alone = coordinate(fleet, Shared(0.0, 0.0, groups), passes=2)
    assert found.gap_of_saving(uncoordinated(fleet, shared)) <= 1e-2
    assert np.square(found.total[0] - target).sum() < 0.5 * np.square(alone.total[0] - target).sum()


def test_same_bits_for_same_threads_and_close_for_others() -> None:
    """Twice with three threads: the same bits. With one: another schedule, as good.

    Without fixed meetings of threads, answers would depend on who was faster.
    """
    fleet = mixed_fleet(5_000, 3, steps=24, hours=1.0)
    shared = supply(fleet)
    three = [coordinate(fleet, shared, threads=3) for _ in range(2)]
    one = coordinate(fleet, shared, threads=1)
    assert three[0].power.tobytes() == three[1].power.tobytes()
    assert three[0].change.tobytes() == three[1].change.tobytes()
    assert three[0].bound == three[1].bound
    for found in (three[0], one):
        assert found.gap <= 1e-4
        assert found.bound <= min(three[0].cost, one.cost)
        assert simulated(fleet, found)[1] <= 1e-5  # stored in float32


def test_wrong_shapes_are_named() -> None:
    """Groups of another fleet."""
    fleet = small(4, 0)
    with pytest.raises(ValueError, match="groups are of 3 devices and 12 steps"):
        coordinate(fleet, Shared(0.1, 0.1, Groups.one(3, np.zeros(12))))


@pytest.mark.parametrize("name", ["net", "buy"])
@pytest.mark.parametrize("devices", [60, 4100])
def test_garbage_of_one_device_stays_with_it(name: str, devices: int) -> None:
    """*Proves:* a device whose load or price is no number takes no part, and the others cost and
    prove what they do without it. *A wrong answer would be:* a limit whose price is no number, and
    a bound above the cost.
    """
    fleet = small(devices, 5, steps=4)
    table = getattr(fleet, name).table[getattr(fleet, name).row].copy()
    table[7] = np.nan
    bad = replace(fleet, **{name: Rows.each(table)})
    found = coordinate(bad, supply(fleet, most=4.0), gap=1e-3)
    assert np.flatnonzero(found.status > 1).tolist() == [7]
    assert found.excess == 0.0
    assert 0.0 <= found.gap <= 1e-2
    assert np.isfinite(uncoordinated(bad, supply(fleet)))


def test_nothing_to_coordinate_is_refused() -> None:
    """*Proves:* no devices or no passes are told in words."""
    fleet = small(3, 1)
    with pytest.raises(ValueError, match="at least one device"):
        coordinate(fleet, supply(fleet), passes=0)


def test_a_gap_is_proven_only_within_limits_and_by_a_true_bound() -> None:
    """*Proves:* beyond a limit there is no gap, of the cost or of a saving; a bound above the cost
    is not proof; no number is told. *A wrong answer would be:* a gap below zero, taken as closed.
    """
    fleet = small(4, 0)
    found = coordinate(fleet, supply(fleet))
    over = replace(found, excess=1.0, cost=found.bound - 1.0)
    assert np.isnan(over.gap)
    assert np.isnan(over.gap_of_saving(found.cost + 1.0))
    assert not is_proven(over.gap, 1.0)
    assert not is_proven(replace(found, bound=found.cost + 1e-3).gap, 1.0)
    assert is_proven(replace(found, bound=found.cost).gap, 0.0)
    with pytest.raises(SolveError, match="not a number"):
        _ = replace(found, cost=np.nan).gap


def test_a_single_group_has_a_single_base() -> None:
    """*Proves:* rows of several groups are told in words."""
    with pytest.raises(ValueError, match=r"base of a single group .* not \(2, 12\)"):
        Groups.one(3, np.zeros((2, 12)))
