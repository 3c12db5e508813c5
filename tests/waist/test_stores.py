"""Stores: levels carried from period to period, solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.waist.micro import park, small
from zeroplant.solve import solve
from zeroplant.waist import Network, Store


def battery(net: Network, **words: object) -> Store:
    """A battery of 10 MWh without losses between a cheap first hour and what follows."""
    bus = net.nodes[0]
    charge = net.flow("charge", take=bus, cap=100.0)
    discharge = net.flow("discharge", give=bus, cap=100.0)
    words = {"cap": 10.0} | words
    return net.store("level", fill={charge: 1.0}, drain={discharge: 1.0}, **words)  # type: ignore[arg-type]


def test_start_and_end() -> None:
    """Starting with 6 MWh and ending with 2, 4 MWh serve the load for nothing.

    Proves: `start` before the first period, `end` at the last. A wrong answer would be: 0 (the
    end forgotten), or 100 (the start at the end of the first period, so that it serves nothing).
    """
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=np.array([4.0, 1.0]))
    net.flow("grid", give=bus, cost=10.0)
    level = battery(net, start=6.0, end=2.0)
    solution = solve(net)
    assert solution.objective == pytest.approx(10.0)
    assert solution.value(level)[-1] == pytest.approx(2.0)


def test_cyclic_store_ends_where_it_began() -> None:
    """Bought in the cheap second hour, used in the first: only a cyclic store can.

    Proves: the wrap from the end to the start. A wrong answer would be: 10·5 = 50, no shifting.
    """
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=np.array([5.0, 0.0]))
    net.flow("grid", give=bus, cost=np.array([10.0, 1.0]))
    level = battery(net)
    solution = solve(net)
    assert solution.objective == pytest.approx(5.0)
    assert solution.value(level) == pytest.approx([0, 5])


def test_losses_of_charge_discharge_and_standing() -> None:
    """8 MWh bought · 0.9 stored · 0.5 kept over the hour · 0.8 given back = 2.88 MWh.

    Proves: fill, keep and drain, each where it belongs. A wrong answer would be: 5.76 (nothing
    lost while standing), 1.44 (the first hour's loss charged to energy that came in during it).
    """
    net = small(2)
    bus = park(net)
    charge = net.flow("charge", take=bus, cap=np.array([8.0, 0.0]))
    discharge = net.flow("discharge", give=bus, cap=np.array([0.0, 99.0]))
    net.store("level", fill={charge: 0.9}, drain={discharge: 1 / 0.8}, keep=0.5, start=0.0)
    sold = net.flow("sold", take=bus)
    net.flow("grid", give=bus)
    net.line("m", "sold", sold, np.array([0.0, 1.0]), kind="revenue")
    net.line("m", "dear", net.flows[-1], np.array([0.0, 9.0]))
    assert solve(net).objective == pytest.approx(-2.88)


def test_inflow_and_hours() -> None:
    """Two-hour periods with an inflow of 3: the level rises by 6 in each, spill takes the rest.

    Proves: hours multiply inflow and flows. A wrong answer would be: levels of 3 and 6.
    """
    net = small(2, hours=2.0)
    spill = net.flow("spill", cost=np.array([1.1, 1.0]))
    level = net.store("lake", drain={spill: 1.0}, inflow=3.0, start=0.0, cap=8.0)
    solution = solve(net)
    assert solution.value(level) == pytest.approx([6, 8])
    assert solution.value(spill) == pytest.approx([0, 2])
    assert solution.objective == pytest.approx(4.0)


def test_keep_over_time_and_start_in_every_chain() -> None:
    """Each chain starts anew at 8 and keeps half, then a quarter.

    Proves: the start enters every chain, times what is kept over the first period. A wrong
    answer would be: a second chain that goes on where the first has ended (8 → 4, 1, 0.5).
    """
    net = small(2, chains=2)
    level = net.store("level", start=8.0, keep=np.array([0.5, 0.25]))
    assert solve(net).value(level) == pytest.approx([4, 1, 4, 1])


def test_start_is_a_size() -> None:
    """A store that may be filled beforehand at 3 per MWh buys exactly what is needed.

    Proves: a starting level that is chosen. A wrong answer would be: 0 (a free start).
    """
    net = small(2)
    bus = park(net)
    first = net.size("first level", unit="MWh")
    net.line("me", "filling", first, 3.0)
    net.flow("load", take=bus, fixed=2.0)
    discharge = net.flow("discharge", give=bus)
    net.store("level", drain={discharge: 1.0}, start=0.5 * first)
    solution = solve(net)
    assert solution.number(first) == pytest.approx(8.0)
    assert solution.objective == pytest.approx(24.0)


def test_one_period_and_a_cyclic_store() -> None:
    """With one period the level looks back at itself: what is kept is 0.9 of it, and inflow fills.

    Proves: the wrap onto the same column adds up. A wrong answer would be: 1 (a fresh start).
    """
    net = small(1)
    level = net.store("level", inflow=1.0, keep=0.9)
    assert solve(net).value(level) == pytest.approx([10.0])


def test_capacity_of_a_size() -> None:
    """4 MWh must be carried over: at 2 h per MW that takes 2 MW.

    Proves: the cap of a level that is hours times a size. A wrong answer would be: 4 or 8.
    """
    net = small(2)
    bus = park(net)
    power = net.size("power")
    net.line("me", "annuity", power, 1.0)
    net.flow("load", take=bus, fixed=np.array([0.0, 4.0]))
    net.flow("sun", give=bus, cap=np.array([9.0, 0.0]))
    battery(net, cap=2.0 * power)
    assert solve(net).number(power) == pytest.approx(2.0)
