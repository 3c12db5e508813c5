"""Power by duration and probability, against what can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.operate.by_hand import forecast, house, standing
from zeroplant.operate import capability
from zeroplant.operate.capability import ENOUGH, Envelope, capacities, envelope
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
    four = capacities(found, peak_hours=4.0)
    assert four.peak_support == pytest.approx(-2.5, abs=1e-5)
    assert four.regulation == pytest.approx(20.0, abs=1e-5)
    assert four.registered == pytest.approx(10.0, abs=1e-5)
    assert four.paid_reliable == pytest.approx(10.0 * min(1.0, 1.0 / 4.0), abs=1e-5)


def test_a_battery_of_two_hours_is_paid_for_half_of_a_four_hour_peak() -> None:
    """165 yuan/kW·a for two of 4, 6 and 10 hours: 82.5, 55 and 33 (document 114)."""
    plant = standing(house(load=0.0), level=20.0)
    plan = planned(plant, level=20.0)
    found = envelope(plant, plan.start, {"level": 20.0}, {}, plan, hours=(0.25, 1.0, 2.0, 4.0))
    paid = [
        165.0 * capacities(found, peak_hours=hours).paid_reliable / 10.0
        for hours in (4.0, 6.0, 10.0)
    ]
    assert paid == pytest.approx([82.5, 55.0, 33.0])


def test_what_is_likely_is_more_than_what_is_sure() -> None:
    """Sun between 2 and 8 MW and no battery: what is held with 90 % is near its 10 % quantile."""
    net = house(load=0.0, sun=5.0, power=0.0)
    plant = standing(net, level=0.0)
    known = {"sun": forecast(net, "sun", np.array([2.0, 2.6, 3.5, 5.0, 6.5, 7.4, 8.0]))}
    plan = Scheduler(plant, PLAIN).plan(net.axis.start, {"level": 0.0}, known)
    found = envelope(
        plant, plan.start, {"level": 0.0}, known, plan, hours=(0.25, 4.0),
        probabilities=(0.5, 0.9, 0.95, 0.99), futures=100,
    )  # fmt: skip
    half, nine, _, sure = found.deliver[0]
    assert half == pytest.approx(5.0, abs=1.0)
    assert nine == pytest.approx(2.6, abs=0.8)
    assert 0.0 <= sure < 2.0 < nine <= half  # one in a hundred is below the 5 % quantile
    assert np.all(np.diff(found.deliver, axis=1) <= 1e-9)
    assert np.all(found.deliver[1] <= found.deliver[0] + 1e-6)


def test_load_is_not_shed_to_deliver_more() -> None:
    """What is not served is no capability, though it would raise the export."""
    plant = standing(house(power=0.0), level=0.0)
    plan = planned(plant, level=0.0)
    found = envelope(plant, plan.start, {"level": 0.0}, {}, plan)
    assert found.up == pytest.approx(np.zeros_like(found.up), abs=1e-6)


@pytest.mark.parametrize("power", [0.0, -10.0, 2.5])
def test_what_a_plant_is_able_to_does_not_hang_on_what_it_plans(power: float) -> None:
    """10 MW for an hour, whether the battery is planned to rest, to charge or to discharge."""
    plant = standing(house(load=0.0), level=10.0)
    flows = {"charge": max(-power, 0.0), "discharge": max(power, 0.0)}
    plan = replace(
        planned(plant, level=10.0),
        target=np.full(16, power),
        power={name: np.full(16, value) for name, value in flows.items()},
    )
    found = envelope(plant, plan.start, {"level": 10.0}, {}, plan)
    four = capacities(found, peak_hours=4.0)
    assert (four.registered, four.paid_reliable) == pytest.approx((10.0, 2.5), abs=1e-4)
    assert four.regulation == pytest.approx(20.0, abs=1e-4)
    assert found.up[1, 0] == pytest.approx(10.0 - power, abs=1e-4)  # beyond the plan, all the same


def test_it_is_compared_with_what_is_planned_from_now_on() -> None:
    """Half an hour into a plan that charged till now; beyond its end it says nothing."""
    plant = standing(house(load=0.0), level=10.0)
    target = np.r_[np.full(2, -10.0), np.zeros(14)]
    plan = replace(planned(plant, level=10.0), target=target)
    now = plan.start + timedelta(minutes=30)
    found = envelope(plant, now, {"level": 10.0}, {}, plan, hours=(0.25, 1.0))
    assert found.up[:, 0] == pytest.approx([10.0, 10.0], abs=1e-5)
    short = replace(plan, target=target[:4], power={n: v[:4] for n, v in plan.power.items()})
    found = envelope(plant, now, {"level": 10.0}, {}, short, hours=(0.25, 1.0))
    assert found.up[:, 0] == pytest.approx([10.0, np.nan], abs=1e-5, nan_ok=True)
    assert found.deliver[:, 0] == pytest.approx([10.0, 10.0], abs=1e-5)


@pytest.mark.parametrize(("futures", "told"), [(40, 3), (12, 2), (2, 1), (1, 0)])
def test_few_futures_tell_no_high_probability(futures: int, told: int) -> None:
    """0.95 takes twenty futures, 0.9 ten, 0.5 two."""
    net = house(load=0.0, sun=5.0, power=0.0)
    plant = standing(net, level=0.0)
    known = {"sun": forecast(net, "sun", np.array([2.0, 2.6, 3.5, 5.0, 6.5, 7.4, 8.0]))}
    plan = Scheduler(plant, PLAIN).plan(net.axis.start, {"level": 0.0}, known)
    found = envelope(plant, plan.start, {"level": 0.0}, known, plan, hours=(0.25,), futures=futures)
    assert found.futures == futures
    assert np.isfinite(found.up[0]).tolist() == [n < told for n in range(3)]


def test_a_large_plant_is_asked_in_parts_and_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few columns a programme may have, enough futures are asked for what must be told."""
    net = house(load=0.0, sun=5.0, power=0.0)
    plant = standing(net, level=0.0)
    known = {"sun": forecast(net, "sun", np.array([2.0, 2.6, 3.5, 5.0, 6.5, 7.4, 8.0]))}
    plan = Scheduler(plant, PLAIN).plan(net.axis.start, {"level": 0.0}, known)

    def asked() -> Envelope:
        return envelope(
            plant, plan.start, {"level": 0.0}, known, plan, hours=(0.25, 1.0), futures=ENOUGH
        )

    whole = asked()
    monkeypatch.setattr(capability, "COLUMNS", 3 * 4 * (len(net.flows) + len(net.stores)))
    parts = asked()
    assert parts.futures == whole.futures == ENOUGH
    np.testing.assert_allclose(parts.up, whole.up, atol=1e-6)
    np.testing.assert_allclose(parts.down, whole.down, atol=1e-6)
    assert np.isfinite(parts.up).all()
