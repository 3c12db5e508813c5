"""Power by duration and probability, against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.by_hand import forecast, house, standing
from zeroplant.operate.capability import capacities, envelope, longest
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.standing import Standing

PLAIN = Settings(futures=1, margin=0.0)


def planned(plant: Standing, **levels: float) -> Schedule:
    """A plan on what is expected."""
    return Scheduler(plant, PLAIN).plan(plant.network.axis.start, levels, {})


def test_a_battery_gives_its_power_until_it_is_empty() -> None:
    """10 MWh of 20 MWh and 10 MW, up and down alike: min(10 MW, 10 MWh / h)."""
    plant = standing(house(), level=10.0)
    plan = planned(plant, level=10.0)
    assert plan.target == pytest.approx(np.full(16, -5.0))
    found = envelope(plant, plan.start, {"level": 10.0}, {}, plan, hours=(0.25, 1.0, 2.0, 4.0))
    by_hand = np.array([10.0, 10.0, 5.0, 2.5])
    assert found.up[:, 0] == pytest.approx(by_hand, abs=1e-5)
    assert found.down[:, 0] == pytest.approx(by_hand, abs=1e-5)
    assert found.deliver[:, 0] == pytest.approx(by_hand - 5.0, abs=1e-5)


def test_the_four_capacities_are_different_numbers() -> None:
    """Peak support net of the load; the range both ways; an hour; and paid by its duration."""
    plant = standing(house(), level=10.0)
    plan = planned(plant, level=10.0)
    found = envelope(plant, plan.start, {"level": 10.0}, {}, plan, hours=(0.25, 1.0, 2.0, 4.0))
    four = capacities(found, peak_hours=4.0, lasts=1.0)
    assert four.peak_support == pytest.approx(-2.5, abs=1e-5)
    assert four.regulation == pytest.approx(20.0, abs=1e-5)
    assert four.registered == pytest.approx(10.0, abs=1e-5)
    assert four.paid_reliable == pytest.approx(10.0 * min(1.0, 1.0 / 4.0), abs=1e-5)
    assert longest(found, 0.95) == pytest.approx(1.0, abs=0.05)


def test_a_battery_of_two_hours_is_paid_for_half_of_a_four_hour_peak() -> None:
    """165 yuan/kW·a for two of 4, 6 and 10 hours: 82.5, 55 and 33 (document 114)."""
    plant = standing(house(load=0.0), level=20.0)
    plan = planned(plant, level=20.0)
    found = envelope(plant, plan.start, {"level": 20.0}, {}, plan, hours=(0.25, 1.0, 2.0, 4.0))
    paid = [
        165.0 * capacities(found, peak_hours=hours, lasts=2.0).paid_reliable / 10.0
        for hours in (4.0, 6.0, 10.0)
    ]
    assert paid == pytest.approx([82.5, 55.0, 33.0])


def test_what_is_likely_is_more_than_what_is_sure() -> None:
    """Sun between 2 and 8 MW and no battery: what is held with 90 % is near its 10 % quantile."""
    net = house(load=0.0, sun=5.0, power=0.0)
    plant = standing(net, level=0.0)
    known = {"sun": forecast(net, "sun", np.array([2.0, 2.6, 3.5, 5.0, 6.5, 7.4, 8.0]))}
    plan = Scheduler(plant, PLAIN).plan(net.axis.start, {"level": 0.0}, known)
    found = envelope(plant, plan.start, {"level": 0.0}, known, plan, hours=(0.25, 4.0))
    half, nine, _, sure = found.deliver[0]
    assert half == pytest.approx(5.0, abs=1.0)
    assert nine == pytest.approx(2.6, abs=0.8)
    assert 2.0 - 1e-6 <= sure <= nine <= half
    assert np.all(np.diff(found.deliver, axis=1) <= 1e-9)
    assert np.all(found.deliver[1] <= found.deliver[0] + 1e-6)


def test_load_is_not_shed_to_deliver_more() -> None:
    """What is not served is no capability, though it would raise the export."""
    plant = standing(house(power=0.0), level=0.0)
    plan = planned(plant, level=0.0)
    found = envelope(plant, plan.start, {"level": 0.0}, {}, plan)
    assert found.up == pytest.approx(np.zeros_like(found.up), abs=1e-6)
