"""Cars as a store: each is charged when it is at home, and full when it leaves."""

from __future__ import annotations

import numpy as np
import pytest

from tests.homes.few import axis, homes
from zeroplant.homes.car_store import car_groups, unsteered
from zeroplant.homes.population import Cars


def cars(returns: list[float], leaves: list[float], **figures: float) -> Cars:
    """Cars of 3.5 kW and 7 kWh a day that join."""
    count = len(returns)
    power, energy = figures.get("power", 3.5e-3), figures.get("energy", 7e-3)
    return Cars(
        power=np.full(count, power),
        energy=np.full(count, energy),
        leaves=np.array(leaves),
        returns=np.array(returns),
        joins=np.ones(count, dtype=bool),
    )


def test_a_group_is_at_home_when_all_of_it_is() -> None:
    """*Proves:* cars that return at 18 and 20 h and leave at 7 and 8 h may be charged from 20 to 7
    h at 7 kW together; 14 kWh leave in the hour of 7. *A wrong answer would be:* charging at
    19 h, when one is away, or 14 kWh leaving twice.
    """
    time = axis(3)
    (group,), rest = car_groups(cars([18.0, 20.0], [7.0, 8.0]), time, 1)
    hour = time.hour_of_day
    assert np.allclose(group.cap, np.where((hour >= 20) | (hour < 7), 7e-3, 0.0))
    assert np.allclose(group.leaving, np.where(hour == 7, 14e-3, 0.0))
    assert not rest.any()


def test_every_car_keeps_its_own_limits() -> None:
    """*Proves:* at the group's greatest power each car takes its share of its own energy, which is
    within its charger, while it is at home. *A wrong answer would be:* the sum of all chargers.
    """
    time, many = axis(2), homes(400).cars
    groups, _ = car_groups(many, time, 2)
    assert sum(len(group.members) for group in groups) == 400
    for group in groups:
        own = many.only(group.members)
        share = group.cap.max() / group.energy
        assert np.all(share * own.energy <= own.power * (1 + 1e-12))
        hours = time.hour_of_day[group.cap > 0]
        since = (hours[:, None] - own.returns) % 24
        assert np.all(since + 1 <= (own.leaves - own.returns) % 24 + 1e-9)


def test_a_short_first_night_asks_for_what_it_can_give() -> None:
    """*Proves:* on an axis of one evening and morning the night is cut in two, and the end of the
    chain is followed by its beginning: all hours count. With nothing but a morning of two hours
    only 2·3.5 of 14 kWh leave. *A wrong answer would be:* a plan that cannot be.
    """
    (group,), _ = car_groups(cars([20.0], [7.0], energy=14e-3), axis(1), 1)
    assert group.leaving.sum() == pytest.approx(14e-3)
    time = axis(1, "2025-07-01T05:00")
    early = type(time)(time.start, 12, 1.0, time.zone)
    (group,), _ = car_groups(cars([20.0], [7.0], energy=14e-3), early, 1)
    assert group.leaving.sum() == pytest.approx(7e-3)


def test_cars_that_cannot_be_steered_charge_on_return() -> None:
    """*Proves:* 7 kWh at 3.5 kW from 17:30 are half an hour's worth in the hour of 17, full power
    at 18, and the rest at 19, every day. *A wrong answer would be:* all in one hour, or half of
    it lost at midnight.
    """
    load = unsteered(cars([17.5], [7.0]), axis(2)).reshape(2, 24) * 1e3
    assert np.allclose(load[:, 17:20], [1.75, 3.5, 1.75])
    assert np.allclose(load.sum(axis=1), 7.0)
    late = unsteered(cars([23.5], [7.0]), axis(2)).reshape(2, 24) * 1e3
    assert np.allclose(late[:, [23, 0, 1]], [1.75, 3.5, 1.75])


def test_too_short_a_night_is_load() -> None:
    """*Proves:* cars that are together for one hour are not steered, but served. *A wrong answer
    would be:* cars that nobody charges.
    """
    groups, rest = car_groups(cars([18.0, 6.0], [7.0, 17.0]), axis(2), 1)
    assert not groups
    assert rest.sum() == pytest.approx(2 * 14e-3)


def test_long_periods_know_no_nights() -> None:
    """*Proves:* with days as periods the same energy is a load. *A wrong answer would be:* none."""
    groups, rest = car_groups(cars([18.0], [7.0]), axis(3, hours=24.0), 1)
    assert not groups
    assert np.allclose(rest * 24, 7e-3)
