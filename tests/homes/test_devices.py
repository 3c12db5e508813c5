"""Homes as devices of the fleet solver, against the linear plan of the same homes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.homes.few import axis, homes, weather
from zeroplant.homes.battery_store import battery_classes
from zeroplant.homes.devices import (
    batteries_as_fleet,
    cars_as_fleet,
    megawatts,
    rooms_as_fleet,
)
from zeroplant.homes.exact import battery_cost, room_cost
from zeroplant.homes.room_store import promise_of
from zeroplant.solve.fleet.schedule import schedule

PRICE = np.tile(np.repeat([300.0, 250, 620, 310, 590, 330], 4), 2)


def test_batteries_cost_what_the_linear_plan_says() -> None:
    """*Proves:* in kW the batteries' optima add up to the cost in MW that HiGHS finds. *A wrong
    answer would be:* a cost off by a thousand, or by the wear.
    """
    own = homes(30).batteries
    linear = battery_cost(
        own, battery_classes(own, 2), PRICE, 1.0, one_way=0.93, usable=0.75, wear=40.0
    )
    fleet = batteries_as_fleet(own, PRICE, hours=1.0, one_way=0.93, usable=0.75, wear=40.0)
    answer = schedule(fleet)
    assert answer.cost.sum() == pytest.approx(linear.exact, rel=1e-6)
    assert np.abs(megawatts(answer.total)).max() <= own.power.sum() + 1e-9


@pytest.mark.parametrize(("mean", "season"), [(33.0, 1), (5.0, -1)])
def test_rooms_cost_what_the_linear_plan_says(mean: float, season: int) -> None:
    """*Proves:* the same for rooms that are cooled and rooms that are heated. *A wrong answer
    would be:* a sign or a band the wrong way round.
    """
    rooms = homes(25, 3).rooms
    climate = weather(axis(2), mean, season, seed=4)
    linear = room_cost(rooms, climate, promise_of(rooms, climate), np.arange(25), PRICE)
    answer = schedule(rooms_as_fleet(rooms, climate, PRICE))
    assert answer.has_schedule.all()
    assert answer.cost.sum() == pytest.approx(linear.exact, rel=1e-6)
    assert answer.cost.sum() <= linear.shared + 1e-6


def test_cars_are_full_when_they_leave() -> None:
    """*Proves:* from noon to noon each car takes its energy of the day, in the cheapest of the
    hours it is at home, and none while it is away. *A wrong answer would be:* charging on the
    road, or a car that leaves with less.
    """
    cars = homes(40, 5).cars
    time = axis(2, "2025-07-01T12:00:00")
    answer = schedule(cars_as_fleet(cars, time, PRICE), outputs=("power",))
    assert answer.has_schedule.all()
    power = np.asarray(answer.power)
    hour = time.hour_of_day
    away = (hour >= cars.leaves[:, None]) & (hour + 1 <= cars.returns[:, None])
    assert not power[away].any()
    assert power.sum(axis=1) == pytest.approx(2 * 1000 * cars.energy, rel=1e-9)
    late = schedule(cars_as_fleet(cars, time, PRICE[::-1]), outputs=("power",))
    assert answer.cost.sum() < np.sum(np.asarray(late.power) @ PRICE) / 1000
