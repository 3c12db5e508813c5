"""The battery: losses, limits, wear, fade, and what it is paid for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, entry, grid, load, near, of, paid, shadow, stand
from zeroplant.assets.battery import Battery
from zeroplant.assets.parts.capacity_payment import CapacityPayment
from zeroplant.assets.wind import Wind
from zeroplant.errors import InputError
from zeroplant.units import SizeRange

DAY = np.array([100.0, 300.0])


def battery(**words: Any) -> Battery:
    """1 MW for 1 h, 0.9 each way, the whole range of charge, unless told otherwise."""
    usual = {
        "kind": "battery", "at": "park", "power": 1.0, "round_trip": 0.81, "soc_min": 0.0,
        "soc_max": 1.0, "self_discharge": 0.0,
    }  # fmt: skip
    if "energy" not in words:
        usual["hours"] = 1.0
    return Battery(**{**usual, **words})


def test_arbitrage_pays_its_losses() -> None:
    """*Proves:* the battery takes 1 MWh at 100 (0.9 of it is kept) and gives 0.81 MWh at 300:
    143 saved. *A wrong answer would be:* 200 (no losses), or 0.656 given (losses counted twice).
    """
    plan = answer({"works": load(5.0), "grid": grid(DAY), "store": battery()}, axis(2))
    assert near(of(plan, "store.charge"), [1, 0])
    assert near(of(plan, "store.level"), [0.9, 0])
    assert near(of(plan, "store.discharge"), [0, 0.81])
    assert near(plan.objective, 5 * 400 - (0.81 * 300 - 100))


def test_it_stays_idle_where_the_spread_is_less_than_the_losses() -> None:
    """*Proves:* 100 → 120 does not pay at 81 %. *A wrong answer would be:* a trade that loses."""
    plan = answer(
        {"works": load(5.0), "grid": grid(np.array([100.0, 120.0])), "store": battery()}, axis(2)
    )
    assert near(of(plan, "store.charge"), 0.0)


def test_power_and_energy_are_bought_apart() -> None:
    """*Proves:* 6 MWh of night load after one hour of sun need 6/0.81 MW and 6/0.9 MWh of
    battery, each bought at its own price for 4/8760 of a year. *A wrong answer would be:* one
    price for both, or a whole year's annuity for four hours.
    """
    store = battery(
        power=SizeRange(0, 10),
        energy=SizeRange(0, 100),
        capex=100.0,
        capex_power=200.0,
        upkeep=10.0,
    )
    sun = Wind(kind="wind", at="park", power=8.0, availability=np.array([1.0, 0, 0, 0]))
    plan = answer({"works": load(np.array([0.0, 2, 2, 2])), "sun": sun, "store": store}, axis(4))
    years, rate = 4 / 8760, 0.06 / (1 - 1.06**-12)
    assert near(paid(plan, "store", "annuity of battery energy"), 100 * 6 / 0.9 * rate * years)
    assert near(paid(plan, "store", "annuity of battery power"), 200 * 6 / 0.81 * rate * years)
    assert near(paid(plan, "store", "upkeep of battery power"), 10 * 6 / 0.81 * years)


def test_state_of_charge_window() -> None:
    """*Proves:* of 2 MWh on the plate between 10 % and 90 %, 1.6 MWh move: 1.44 out of 1.78 in.
    *A wrong answer would be:* 2 MWh.
    """
    store = battery(power=9.0, energy=2.0, soc_min=0.1, soc_max=0.9)
    plan = answer({"works": load(5.0), "grid": grid(DAY), "store": store}, axis(2))
    assert near(of(plan, "store.discharge"), [0, 1.6 * 0.9])
    assert near(of(plan, "store.charge"), [1.6 / 0.9, 0])


def test_calendar_fade_shows_the_battery_at_half_its_life() -> None:
    """*Proves:* 1.8 % a year over 12 years leaves 0.892 of the plate on average. *A wrong answer
    would be:* 0.784 (at its end) or 1 (as new).
    """
    store = battery(power=20.0, energy=10.0, calendar_fade=0.018, life=12.0)
    plan = answer({"works": load(50.0), "grid": grid(DAY), "store": store}, axis(2))
    assert near(of(plan, "store.discharge"), [0, 8.92 * 0.9])


def test_self_discharge_over_a_month() -> None:
    """*Proves:* a charge that waits 730 h has lost 10 %, and not below the least state of charge.
    *A wrong answer would be:* 10 % an hour.
    """
    prices = np.full(731, 500.0)
    prices[0] = 1.0
    series = np.where(np.arange(731) == 730, 5.0, 0.0)
    store = battery(round_trip=1.0, self_discharge=0.1)
    plan = answer({"works": load(series), "grid": grid(prices), "store": store}, axis(731))
    assert near(of(plan, "store.discharge")[-1], 0.9, rel=1e-5)


def test_an_empty_battery_without_power_is_no_contradiction() -> None:
    """*Proves:* a standing battery in a dark plant has an answer: self-discharge stops at the
    least state of charge. *A wrong answer would be:* no answer, for want of the energy to hold 5 %.
    """
    store = battery(energy=10.0, soc_min=0.05, self_discharge=0.03)
    plan = answer({"works": load(1.0), "store": store}, axis(48))
    assert near(of(plan, "works.unserved"), 1.0)


def test_a_given_state_of_charge_is_given_back() -> None:
    """*Proves:* a battery that begins at 50 % ends there: in a day whose last hours are the dear
    ones it moves only what it bought. *A wrong answer would be:* 0.5 MWh sold from stock.
    """
    store = battery(soc_start=0.5, round_trip=1.0)
    plan = answer(
        {"works": load(5.0), "grid": grid(np.array([300.0, 300.0, 300.0])), "store": store}, axis(3)
    )
    assert near(plan.objective, 4500)
    used = answer(
        {"works": load(5.0), "grid": grid(np.array([300.0, 100.0])), "store": store}, axis(2)
    )
    assert near(of(used, "store.level"), [0, 0.5])


def test_rest_is_always_allowed_to_a_given_state_of_charge() -> None:
    """*Proves:* self-discharge on a night without power is forgiven at the end. *A wrong answer
    would be:* no answer.
    """
    store = battery(soc_start=0.9, self_discharge=0.03)
    assert (
        answer({"works": load(1.0), "store": store}, axis(24, weights=(0.5, 0.5))).status
        == "optimal"
    )


def test_cycle_life_limits_use_and_has_a_price() -> None:
    """*Proves:* 730 cycles in 4 years allow one in two days; two days with equal spreads use half
    of the cycles they could, and one more MWh from the cells is worth 0.9 × 300 − 100/0.9 =
    158.89. *A wrong answer would be:* two cycles, or a limit on energy delivered (0.81 a cycle).
    """
    prices = np.tile(np.repeat(DAY, 12), 2)
    store = battery(cycle_life=730.0, life=4.0)
    plan = answer({"works": load(5.0), "grid": grid(prices), "store": store}, axis(48))
    drawn = of(plan, "store.discharge").sum() / 0.9
    assert near(drawn, 730 / 4 * 48 / 8760)
    assert near(shadow(plan, "store.cycles"), [-(0.9 * 300 - 100 / 0.9)])


def test_wear_is_paid_by_the_mwh_discharged() -> None:
    """*Proves:* 60 per MWh on 0.81 MWh, a yearly cost in the ledger; at 180 the trade stops.
    *A wrong answer would be:* wear on what is charged (60), or outside the money.
    """
    assets = {"works": load(5.0), "grid": grid(DAY), "store": battery(wear=60.0)}
    line = entry(answer(assets, axis(2)), "store", "running store.discharge")
    assert line.kind == "running"
    assert near(line.amount, 0.81 * 60)
    assets["store"] = battery(wear=180.0)
    assert near(of(answer(assets, axis(2)), "store.discharge"), 0.0)


def test_one_direction_burns_no_energy_under_negative_prices() -> None:
    """*Proves:* paid 100 to take energy, a battery that does one thing at a time fills once (1
    MWh for 0.81 MWh saved later). *A wrong answer would be:* charging and discharging in the same
    hour to be paid for its losses, as the linear plan does.
    """
    prices = np.array([-100.0, -100.0, 50.0])
    both = answer({"works": load(5.0), "grid": grid(prices), "store": battery()}, axis(3))
    assert np.minimum(of(both, "store.charge"), of(both, "store.discharge")).max() > 0.5
    one = answer(
        {"works": load(5.0), "grid": grid(prices), "store": battery(one_direction=True)}, axis(3)
    )
    assert near(np.minimum(of(one, "store.charge"), of(one, "store.discharge")), 0.0)
    assert one.objective > both.objective


@pytest.mark.parametrize(("peak", "yuan_per_kw"), [(4.0, 82.5), (6.0, 55.0), (10.0, 33.0)])
def test_capacity_payment_of_a_two_hour_battery(peak: float, yuan_per_kw: float) -> None:
    """*Proves:* at a coal capacity price of 165 yuan/kW a 2 h battery earns 82.5, 55 or 33 yuan
    per kW and year under net-load peaks of 4, 6 or 10 h (document 114). *A wrong answer would be:*
    165 whatever its duration.
    """
    payment = CapacityPayment(pack="cn-capacity-price-114", peak_hours=peak)
    time = axis(365, 24.0)
    plan = answer({"store": battery(power=7.0, hours=2.0, capacity_payment=payment)}, time)
    assert near(paid(plan, "store", "capacity payment"), -yuan_per_kw * 1000 * 7)


def test_capacity_payment_buys_hours() -> None:
    """*Proves:* in planning, the payment is part of the decision: with 10 MW given and a peak of 4
    h, energy is bought up to 40 MWh when a MWh costs less than the 41 250 it earns, and not
    beyond. *A wrong answer would be:* energy without end, or none.
    """
    payment = {"pack": "cn-hebei-capacity-price"}
    store = battery(power=10.0, energy=SizeRange(0, 500), capex=3e5, capacity_payment=payment)
    plan = answer({"store": store}, axis(365, 24.0))
    assert near(plan.number(plan.network.capacities["store.energy"][0]), 40.0)


def test_capacity_payment_by_duration_where_a_province_has_both() -> None:
    """*Proves:* Gansu's parameters of 2026 pay 330 × 0.8953 × 3/6 × 0.9826 = 145.15 yuan/kW to a
    3 h battery. *A wrong answer would be:* 137.9, its flat factor for all storage.
    """
    store = battery(hours=3.0, capacity_payment="cn-gansu-capacity-price-2026")
    plan = answer({"store": store}, axis(365, 24.0, start="2026-01-01"))
    assert paid(plan, "store", "capacity payment") == pytest.approx(-145_154, rel=1e-5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"energy": 1.0, "hours": 1.0}, "either 'energy' or 'hours'"),
        ({"soc_min": 0.9, "soc_max": 0.9}, "is not below"),
        ({"soc_start": 0.05, "soc_min": 0.1}, "is not from"),
        ({"calendar_fade": 0.2, "life": 12.0}, "nothing is left"),
        ({"capacity_payment": "cn-capacity-price-114"}, "peak_hours"),
        ({"capacity_payment": "cn-atlantis"}, "cn-atlantis"),
        ({"capacity_payment": "cn-direct-connection-650"}, "peak_hours"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        battery(**words)


def test_one_direction_needs_a_largest_size() -> None:
    """*Proves:* a whole-number rule needs a bound; without one the plant is refused with a cure."""
    with pytest.raises(InputError, match="largest size"):
        stand({"store": battery(power=SizeRange(), one_direction=True)}, axis(2))
