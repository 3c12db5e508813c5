"""Homes and plant together by column generation, against one linear plan of every device."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.homes.few import homes
from zeroplant.axis import Axis
from zeroplant.homes.columns import Known, Node, mixed, plan_together
from zeroplant.homes.devices import batteries_as_fleet
from zeroplant.solve import solve
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet
from zeroplant.waist import Network

STEPS, COUNT, ONE_WAY = 24, 12, 0.93
HOUR = np.arange(STEPS)
SUN = np.clip(np.sin((HOUR - 6) * np.pi / 12), 0, None)
BUY = np.where(HOUR < 7, 0.3, np.where(HOUR < 17, 0.5, 0.9))


def node() -> Node:
    """A connection that binds in the evening, a feed-in and sun that may be curtailed [kW]."""
    prices = np.stack([BUY, np.full(STEPS, -0.1), np.zeros(STEPS)])
    most = np.stack([np.full(STEPS, 45.0), np.full(STEPS, 20.0), 90.0 * SUN])
    return Node(np.array([1.0, -1.0, 1.0]), prices, most, np.where(HOUR > 17, 60.0, 20.0))


def fleet() -> Fleet:
    """Batteries that pay nothing by themselves but their wear."""
    own = homes(COUNT, 2).batteries
    return batteries_as_fleet(own, np.zeros(STEPS), hours=1.0, one_way=ONE_WAY, wear=30.0)


def central() -> float:
    """Least cost by one linear plan with every battery a store of its own."""
    own, beside = homes(COUNT, 2).batteries, node()
    net = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), STEPS, 1.0))
    town = net.node("town")
    buy = net.flow("buy", give=town, cap=beside.most[0])
    sell = net.flow("sell", take=town, cap=beside.most[1])
    net.flow("sun", give=town, cap=beside.most[2])
    net.flow("load", take=town, fixed=beside.load)
    net.line("town", "buy", buy, beside.price[0])
    net.line("town", "sell", sell, beside.price[1])
    for i in range(COUNT):
        charge = net.flow(f"{i} in", take=town, cap=float(own.power[i]) * 1e3)
        give = net.flow(f"{i} out", give=town, cap=float(own.power[i]) * 1e3)
        full = float(own.energy[i]) * 1e3
        net.store(f"{i}", fill={charge: ONE_WAY}, drain={give: 1 / ONE_WAY}, cap=full, start=0.0)
        net.line("homes", f"{i}", give, 0.03)
    return solve(net, solver="highs").objective


@pytest.mark.parametrize("groups", [1, 4, COUNT])
def test_columns_find_the_central_optimum(groups: int) -> None:
    """*Proves:* with one group, a few, or a group each, cost and bound close in on the optimum of
    HiGHS from above and below. *A wrong answer would be:* a bound above it, or a cost below.
    """
    wanted = central()
    found = plan_together(fleet(), np.arange(COUNT) % groups, node(), gap=1e-7, rounds=200)
    assert found.bound <= wanted + 1e-6
    assert found.cost >= wanted - 1e-6
    assert found.cost == pytest.approx(wanted, rel=2e-7)
    short = plan_together(fleet(), np.arange(COUNT) % groups, node(), gap=1e-7, rounds=4)
    assert short.bound <= wanted + 1e-6 <= short.cost + 2e-6


def test_every_device_can_do_its_share() -> None:
    """*Proves:* the mixed schedules of the devices keep their bounds and add up to what the node
    was planned with. *A wrong answer would be:* a mixture that only the group can do.
    """
    devices, group = fleet(), np.arange(COUNT) % 3
    free = schedule(devices, adder=BUY, outputs=("power", "level"))
    power, level = (np.asarray(x, dtype=float) for x in (free.power, free.level))
    sums = np.stack([power[group == g].sum(axis=0) for g in range(3)])
    costs = np.bincount(group, weights=free.cost - power @ BUY)
    found = plan_together(devices, group, node(), known=Known(sums, costs), rounds=30)
    ours, levels = mixed(devices, group, found, (power, level))
    beside = node()
    balance = beside.gives @ found.flows - beside.load
    assert ours.sum(axis=0) == pytest.approx(balance, abs=1e-6)
    own = homes(COUNT, 2).batteries
    assert (np.abs(ours) <= own.power[:, None] * 1e3 + 1e-9).all()
    assert (levels >= -1e-9).all()
    assert (levels <= own.energy[:, None] * 1e3 + 1e-9).all()


def test_a_known_plan_is_never_made_worse() -> None:
    """*Proves:* after one round from a known schedule the cost is at most that of the schedule.
    *A wrong answer would be:* a first column that is lost.
    """
    beside, group = node(), np.zeros(COUNT, dtype=np.int64)
    best = plan_together(fleet(), group, beside, gap=1e-7, rounds=200)
    known = Known(best.power, np.array([best.cost - float(np.sum(beside.price * best.flows))]))
    again = plan_together(fleet(), group, beside, known=known, first=best.price, rounds=1)
    assert again.cost <= best.cost + 1e-6


def test_a_device_without_a_schedule_is_named() -> None:
    """*Proves:* a battery that starts above its energy is told by its number."""
    bad = batteries_as_fleet(
        homes(3).batteries, np.zeros(STEPS), hours=1.0, one_way=ONE_WAY, start=[0.0, 9.0, 0.0]
    )
    with pytest.raises(ValueError, match="device 1 has no schedule"):
        plan_together(bad, np.zeros(3, dtype=np.int64), node())
