"""Rooms show what they can hold, and plans count on no more; the weather says what is usual."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.operate.small_plant import START
from zeroplant.axis import Axis, Floats
from zeroplant.operate.points import Points, points_of
from zeroplant.operate.quarter import QUARTER
from zeroplant.operate.swings import REOPENS, Swings, hold
from zeroplant.operate.usual import move_usual, usual_of
from zeroplant.waist import Network

BASE = 4.0


def rooms(base: float | Floats = BASE) -> Network:
    """Rooms that take 4 MW by themselves, 10 at most, and hold 2 MWh on either side of rest."""
    net = Network(Axis(START, 8, 0.25))
    node = net.node("town")
    flow = net.flow("homes.air conditioning 1", take=node, floor=1.0, cap=10.0, role="load")
    net.store(
        "homes.rooms 1", fill={flow: 2.0}, inflow=-2.0 * np.broadcast_to(base, 8), keep=0.9,
        floor=-2.0, cap=2.0, start=0.0,
    )  # fmt: skip
    reduced = net.flow("homes.reduced", cap=10.0)
    net.budget("less than usual", flow + reduced, at_least=np.broadcast_to(base, 8), over="period")
    net.budget("at least two", flow + reduced, at_least=2.0, over="period")
    car = net.flow("homes.car charging 1", take=node, cap=3.0, role="load")
    net.store("homes.cars 1", fill={car: 1.0}, inflow=-1.0, cap=3.0, start=1.0)
    return net


class Group:
    """A group of rooms that is told a power, and what it shows."""

    def __init__(self) -> None:
        self.network = rooms()
        self.points: Points = points_of(self.network)
        self.swings = Swings(self.network)
        self.now = START

    def quarter(self, told: float, takes: float, level: float) -> dict[str, Any]:
        """A quarter-hour of it; what a plan may count on when it is over."""
        values = np.zeros(len(self.points))
        setpoints = np.full(len(self.points), np.nan)
        flow = self.points.index["homes.air conditioning 1"]
        values[flow], setpoints[flow] = takes, told
        values[self.points.index["homes.rooms 1"]] = level
        for _ in range(15):
            image: Any = SimpleNamespace(at=self.now, points=self.points)
            decision: Any = SimpleNamespace(
                setpoints=setpoints, known=SimpleNamespace(value=values)
            )
            self.swings.add(image, decision)
            found = self.swings.at(image, decision)
            self.now += QUARTER / 15
        return found


def test_rooms_that_take_less_than_they_are_told_are_full() -> None:
    """And are tried a little further each time, until they can all that was expected again."""
    group = Group()
    assert group.quarter(told=6.0, takes=5.8, level=0.5) == {}, "a meter is off by as much"
    assert group.quarter(told=6.0, takes=5.0, level=0.8) == {"homes.rooms 1": (-2.0, 0.8)}
    step = REOPENS * 2.0
    for number in range(1, 8):
        found = group.quarter(told=5.0, takes=5.0, level=0.8)
        assert found == {"homes.rooms 1": (-2.0, pytest.approx(0.8 + number * step))}
    assert group.quarter(told=5.0, takes=5.0, level=0.8) == {}
    assert group.quarter(told=2.0, takes=3.0, level=-0.3) == {"homes.rooms 1": (-0.3, 2.0)}


def test_what_was_shown_is_known_on_the_next_days() -> None:
    group = Group()
    group.quarter(told=6.0, takes=5.0, level=0.8)
    following = Swings(group.network)
    following.take_over(group.swings)
    group.swings = following
    found = group.quarter(told=5.0, takes=5.0, level=0.8)
    assert found == {"homes.rooms 1": (-2.0, pytest.approx(0.8 + REOPENS * 2.0))}


def test_a_plan_swings_no_further_than_was_shown_and_a_little_more_with_each_step() -> None:
    network = rooms()
    hold(network, {"homes.rooms 1": (-2.0, 0.8)}, {"homes.rooms 1": 1.0})
    store = network.store_named("homes.rooms 1")
    steps = np.arange(8) * REOPENS * 2.0
    assert store.cap.constant == pytest.approx(np.minimum(1.0 + steps, 2.0)), "it stands at 1.0"
    assert store.floor.constant == pytest.approx(-2.0)
    assert network.store_named("homes.cars 1").cap.constant == pytest.approx(3.0)


def test_rules_about_what_is_usual_go_by_the_weather_that_is_forecast() -> None:
    network = rooms()
    before = usual_of(network)
    assert {flow.name: float(power[0]) for flow, power in before.items()} == {
        "homes.air conditioning 1": BASE
    }, "cars are no rooms"
    milder = np.linspace(1.0, 2.0, 8)
    network.store_named("homes.rooms 1").inflow = -2.0 * milder
    move_usual(network, before)
    flow = network.flow_named("homes.air conditioning 1")
    assert flow.floor.constant == pytest.approx(milder / BASE)
    assert flow.cap.constant == pytest.approx(milder + 6.0)
    usual, two = network.budgets
    assert usual.at_least == pytest.approx(milder)
    assert two.at_least == pytest.approx(2.0), "that is another rule"
