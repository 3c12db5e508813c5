"""Limits of groups within groups: held strictly, or named; and what can be promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.joint.central_qp import optimum
from tests.solve.fleet.joint.test_coordinate import small, supply
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.joint import (
    Groups,
    Shared,
    coordinate,
    headroom,
    with_headroom,
    within_band,
)  # fmt: skip
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet


def nested(fleet: Fleet, inner: int, tight: float, steep: float = 0.01) -> Shared:
    """Inner groups in two feeders in one; limits cut into what the devices would do alone."""
    devices, steps = len(fleet), fleet.steps
    parent = np.array([-1, 0, 0] + [1 + g % 2 for g in range(inner)])
    member = 3 + np.arange(devices) % inner
    base = np.zeros((len(parent), steps))
    base[0] = supply(fleet).groups.base[0]
    free = np.full_like(base, np.inf)
    groups = Groups(parent, member, free, -free, base)
    alone = schedule(fleet, outputs=("power",)).power
    assert alone is not None
    found = groups.totals(alone)
    most, least = free.copy(), -free
    fleet_only = found - base
    most[:] = base + tight * fleet_only.max(axis=1)[:, None]
    least[1:] = fleet_only[1:].min(axis=1)[:, None] - 1.0
    return Shared(0.1, steep / devices, replace(groups, most=most, least=least))


@pytest.mark.parametrize("seed", range(3))
def test_nested_limits_cost_what_the_central_programme_says(seed: int) -> None:
    """Four groups in two in one, all limited, ten devices: the central programme's cost."""
    fleet = small(10, seed)
    shared = nested(fleet, 4, 0.95, steep=0.0)
    best = optimum(fleet, shared)
    found = coordinate(fleet, shared, gap=1e-5)
    assert np.isfinite(best)
    assert found.excess == 0.0
    assert found.bound <= best + 1e-7 * abs(best)
    assert best - 1e-7 * abs(best) <= found.cost <= best + 1e-3 * abs(best)


def test_many_groups_hold_strictly() -> None:
    """Two thousand devices behind forty limits in two in one: every step of every one holds.

    The totals are summed up anew from the devices. Prices on limits are there, and the gap is
    proven with the true limits.
    """
    fleet = mixed_fleet(2_000, 5, steps=24, hours=1.0)
    shared = nested(fleet, 40, 0.8)
    found = coordinate(fleet, shared, gap=1e-2)
    total = shared.groups.totals(found.power)
    assert found.unmet == ()
    assert (total <= shared.groups.most).all()
    assert (total >= shared.groups.least).all()
    assert (found.limit_price != 0).any(axis=1).sum() > 5
    assert 0.0 <= found.gap <= 1e-2


def test_a_limit_that_cannot_be_met_is_named() -> None:
    """Less than the devices' own minimum: the group, the step, the least that could be, proven.

    A device that must charge cannot be talked out of it.
    """
    fleet = small(10, 2)
    shared = nested(fleet, 4, 1.0, steep=0.0)
    most = shared.groups.most.copy()
    lowest = schedule(fleet, adder=np.eye(12)[7] * 1e4, outputs=("power",)).power
    assert lowest is not None
    floor = shared.groups.totals(lowest)[3, 7]
    most[3, 7] = floor - 2.0
    shared = replace(shared, groups=replace(shared.groups, most=most))
    assert optimum(fleet, shared) == np.inf
    found = coordinate(fleet, shared, passes=10)
    assert found.excess > 0.0
    named = [u for u in found.unmet if u.group == 3 and u.upper]
    assert [(u.step, u.upper, u.proven) for u in named] == [(7, True, True)]
    assert named[0].reachable == pytest.approx(floor, abs=1e-6)


def test_a_band_and_headroom_are_kept() -> None:
    """Limits from promises: the total stays in its band, and leaves what was promised in power.

    What is left is counted again from the devices' limits, and what could be held for two hours is
    no more than that.
    """
    fleet = mixed_fleet(1_000, 7, steps=24, hours=1.0)
    shared = supply(fleet)
    groups = shared.groups
    baseline = coordinate(fleet, shared).total[0]
    moved = baseline + 60.0 * np.sin(np.arange(24) * np.pi / 2)
    kept = coordinate(fleet, replace(shared, groups=within_band(groups, moved, 20.0, 20.0)))
    assert kept.excess == 0.0
    assert (np.abs(kept.total[0] - moved) <= 20.0).all()

    less = np.zeros(24)
    less[17:21] = 2_000.0
    promised = with_headroom(groups, fleet, less=less)
    found = coordinate(fleet, replace(shared, groups=promised))
    net, most = fleet.net.table[fleet.net.row], fleet.out_most.table[fleet.out_most.row]
    lowest = (net.astype(float) - most).sum(axis=0) + groups.base[0]
    assert found.excess == 0.0
    assert (found.total[0] - lowest >= less)[17:21].all()
    held = [headroom(fleet, found.change, found.power, steps=k, groups=groups) for k in (1, 2, 4)]
    assert (held[0].less <= found.total[0] - lowest + 1e-2).all()
    assert (held[1].less <= held[0].less + 1e-3).all()
    assert (held[2].more <= held[1].more + 1e-3).all()
    assert (held[2].less > 0).any()
