"""The grid: tariffs, charges by month and by capacity, exports, emissions."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, entry, grid, load, near, of, paid, stand
from zeroplant.assets.parts.nearby_consumption import NearbyConsumption
from zeroplant.assets.wind import Wind
from zeroplant.errors import InputError
from zeroplant.rules import account_of, measured_account
from zeroplant.solve import solve
from zeroplant.units import SizeRange

PEAKY = np.where((np.arange(24) >= 17) & (np.arange(24) < 21), 0.2, 0.1)


def wind(power: object, free: object, **words: object) -> Wind:
    """Wind with a given availability."""
    return Wind(**{"kind": "wind", "at": "park", "power": power, "availability": free, **words})


@pytest.mark.parametrize(
    ("start", "days", "energy"), [("2025-04-01", 30, 8400), ("2025-05-01", 31, 8680)]
)
def test_homer_peak_shaving_bill(start: str, days: int, energy: float) -> None:
    """*Proves:* the published bill of HOMER Grid's peak-shaving example: 100 kW flat, 200 kW for
    4 h daily, 0.10 $/kWh and 35 $/kW-month give 7 000 $ of demand charge in every month and
    8 400 $ (30 days) or 8 680 $ (31 days) of energy. *A wrong answer would be:* 3 500 (base load
    as the peak), or a 31-day month's charge scaled by hours of a mean month (7 134).
    """
    time = axis(24 * days, start=start)
    bill = answer(
        {"works": load(np.tile(PEAKY, days)), "grid": grid(100.0, 1.0, demand_charge=35e3)}, time
    )
    assert near(paid(bill, "grid", "demand charge"), 7000)
    assert near(paid(bill, "grid", "energy bought"), energy)


def test_every_month_pays_its_own_peak() -> None:
    """*Proves:* April's peak of 1 MW and May's of 3 MW are charged apart: 35 × (1 + 3).
    *A wrong answer would be:* 35 × 6, the year's peak charged in both months.
    """
    time = axis(24 * 61, start="2025-04-01")
    series = np.where(time.month_of_year == 4, 1.0, 0.5)
    series[-10] = 3.0
    bill = answer({"works": load(series), "grid": grid(demand_charge=35.0)}, time)
    assert near(paid(bill, "grid", "demand charge"), 35.0 * 4)
    assert near(entry(bill, "grid", "demand charge").quantity, 4.0)


def test_two_weeks_pay_their_part_of_the_month() -> None:
    """*Proves:* a plan of 14 days of January pays 14/31 of the charge, as it pays 14 days of
    everything else. *A wrong answer would be:* the whole month's 70, which yearly figures then
    multiply by 26.
    """
    bill = answer({"works": load(2.0), "grid": grid(demand_charge=35.0)}, axis(24 * 14))
    assert near(paid(bill, "grid", "demand charge"), 70.0 * 14 / 31)


def test_peaks_of_weather_years_count_with_their_weight() -> None:
    """*Proves:* two equally likely years with peaks of 2 and 4 MW pay the mean, 3 MW.
    *A wrong answer would be:* 6 (both in full) or 4 (the higher for both).
    """
    time = axis(24 * 31, weights=(0.5, 0.5))
    series = np.where(np.arange(time.stages) < time.periods, 2.0, 4.0)
    bill = answer({"works": load(series), "grid": grid(demand_charge=10.0)}, time)
    assert near(paid(bill, "grid", "demand charge"), 10.0 * 3)


def test_the_month_peak_stays_within_the_connection() -> None:
    """*Proves:* with a demand charge the connection still limits the import, given or chosen.
    *A wrong answer would be:* a chosen connection of nothing, and a free import of 8 MW.
    """
    series = np.array([2.0, 8.0, 5.0])
    given = answer({"works": load(series), "grid": grid(1.0, 6.0, demand_charge=1.0)}, axis(3))
    assert near(of(given, "grid.import"), [2, 6, 5])
    assert near(of(given, "works.unserved"), [0, 2, 0])
    words = {"demand_charge": 1.0, "capex": 5.0}
    chosen = answer({"works": load(series), "grid": grid(1.0, SizeRange(0, 50), **words)}, axis(3))
    assert near(chosen.number(chosen.network.capacities["grid.connection"][0]), 8.0)


def test_capacity_charge_counts_the_connection_not_the_peak() -> None:
    """*Proves:* a capacity charge is paid on the 10 MW connected for every month of the axis,
    whatever is drawn. *A wrong answer would be:* 28 × 4 for the peak, or twelve months for two
    weeks.
    """
    time = axis(24 * 14)
    bill = answer({"works": load(4.0), "grid": grid(1.0, 10.0, capacity_charge=28.0)}, time)
    assert near(paid(bill, "grid", "capacity charge"), 28.0 * 10 * 12 * time.years)


def test_nearby_consumption_pays_by_capacity() -> None:
    """*Proves:* 0.15 yuan/kWh at a load factor of 0.6 is 65.7 yuan per kW and month (document
    1192), twelve times a year for each connected MW. *A wrong answer would be:* 8 760 h of load
    instead, or the fee left out.
    """
    fee = NearbyConsumption(volumetric_price=150.0, load_factor=0.6)
    assert near(fee.fee(), 65_700)
    time = axis(8760 // 24, 24.0)
    bill = answer({"works": load(1.0), "grid": grid(300.0, 5.0, nearby_consumption=fee)}, time)
    assert near(paid(bill, "grid", "grid fee by capacity"), 65_700 * 12 * 5)


def test_time_of_use_and_levies_make_the_bill() -> None:
    """*Proves:* each hour's import is paid at its own price, plus the levies. *A wrong answer
    would be:* 3 × 2 MW at the mean price (1 800), which ignores when it was drawn.
    """
    prices, series = np.array([100.0, 300.0, 500.0]), np.array([4.0, 2.0, 0.0])
    bill = answer({"works": load(series), "grid": grid(prices, levies=10.0)}, axis(3))
    assert near(paid(bill, "grid", "energy bought"), 4 * 110 + 2 * 310)


def test_exports_earn_and_are_limited() -> None:
    """*Proves:* 7 MW of spare wind meet an export limit of 5 MW and earn 5 × 200; a connection to
    be chosen is limited alike. *A wrong answer would be:* 1 400, or an amount that is paid.
    """
    for connection in (10.0, SizeRange(0.0, 10.0)):
        assets = {
            "works": load(3.0),
            "wind": wind(10.0, 1.0),
            "grid": grid(400.0, connection, export_price=200.0, export_limit=5.0),
        }
        sold = answer(assets, axis(1))
        assert near(paid(sold, "grid", "energy exported"), -1000)
        assert entry(sold, "grid", "energy exported").kind == "revenue"


def test_a_grid_that_pays_for_circles_is_refused() -> None:
    """*Proves:* where exports earn more than imports cost, a linear plan would trade without end,
    so the plant is refused with the hour and a way out. *A wrong answer would be:* a plan that
    imports and exports 100 MW through one meter.
    """
    prices = np.array([300.0, 150.0])
    with pytest.raises(InputError, match=r"1 periods, first at 2025-01-01 01:00.*circles"):
        stand({"grid": grid(prices, export_price=200.0)}, axis(2))


def test_one_direction_at_a_time() -> None:
    """*Proves:* with `one_direction` the meter turns one way: in the hour of little wind the
    plant imports the missing 2 MW though exports would earn more, and exports 4 MW in the other.
    *A wrong answer would be:* 20 MW through the meter both ways, earning 200 × 20.
    """
    assets = {
        "works": load(3.0),
        "wind": wind(7.0, np.array([1 / 7, 1.0])),
        "grid": grid(300.0, 20.0, export_price=500.0, one_direction=True),
    }
    plan = answer(assets, axis(2))
    assert near(of(plan, "grid.import"), [2, 0])
    assert near(of(plan, "grid.export"), [0, 4])
    assert near(plan.objective, 2 * 300 - 4 * 500)


def test_emissions_are_energy_times_factor() -> None:
    """*Proves:* the emission line is each hour's import times its factor, and the carbon price is
    paid on it. *A wrong answer would be:* the mean factor times the energy (4.5 t).
    """
    words = {"emission_factor": np.array([0.5, 1.0])}
    plan = answer(
        {"works": load(np.array([4.0, 2.0])), "grid": grid(0.0, **words)},
        axis(2),
        carbon_price=60.0,
    )
    line = entry(plan, "grid", "emissions of imported power")
    assert near([line.quantity, line.amount], [4.0, 240.0])


def test_published_factor_of_a_region() -> None:
    """*Proves:* a region stands for its published factor (Chongqing 2022: 0.5227). *A wrong
    answer would be:* the national mean, 0.53.
    """
    plan = answer(
        {"works": load(1.0), "grid": grid(region="Chongqing", factor_year=2022)}, axis(10)
    )
    assert near(entry(plan, "grid", "emissions of imported power").quantity, 5.227)


def test_green_power_over_the_grid_is_bought_for_a_rule() -> None:
    """*Proves:* green power costs its premium, shares the connection, is nothing but grid power
    in the location-based account, and is what rules call green import. *A wrong answer would be:*
    16 MW through a connection of 8.
    """
    net = stand(
        {"works": load(10.0), "grid": grid(400.0, 8.0, green_premium=30.0, emission_factor=0.5)},
        axis(10),
    )
    account = account_of(net)
    net.budget("green", account["green_import"], at_least=50.0)
    plan = solve(net)
    numbers = measured_account(account, plan)
    assert near([numbers["green_import"], numbers["grid_import"]], [50, 80])
    assert near(paid(plan, "grid", "green power premium"), 50 * 30)
    assert near(entry(plan, "grid", "emissions of imported power").quantity, 40)


def test_two_part_tariffs_have_one_second_part() -> None:
    """*Proves:* a demand and a capacity charge together are an error, as are no factor or two."""
    with pytest.raises(ValidationError, match="not both"):
        grid(demand_charge=1.0, capacity_charge=1.0)
    with pytest.raises(ValidationError, match="'emission_factor' or 'region'"):
        grid(emission_factor=0.5, region="China")
    with pytest.raises(ValidationError, match="no emission factor of 'Atlantis'"):
        grid(region="Atlantis")
    with pytest.raises(ValidationError, match="for 1999"):
        grid(region="Chongqing", factor_year=1999)


@pytest.mark.parametrize(("year", "left"), [(2030, 0.0), (2031, 1.0)])
@pytest.mark.parametrize("charge", ["demand_charge", "capacity_charge"])
def test_charging_stations_pay_no_demand_charge_until_2030(
    year: int, left: float, charge: str
) -> None:
    """*Proves:* with the exemption of concentrated charging neither charge of a two-part tariff is
    paid in 2030, and all of it in the year after. *A wrong answer would be:* an exemption for ever.
    """
    time = axis(24, start=f"{year}-01-01")
    bills = [
        answer({"works": load(2.0), "grid": grid(1.0, 10.0, **{charge: 100.0, **words})}, time)
        for words in ({}, {"exemption": "cn-charging-exemption"})
    ]
    energy = 48.0
    full, exempt = (bill.objective - energy for bill in bills)
    assert full > 0
    assert near(exempt, left * full)


def test_a_rule_that_exempts_nothing_is_refused() -> None:
    """*Proves:* only packs of exemption can be named, and the message names one."""
    with pytest.raises(ValidationError, match="exempts nothing; write cn-charging-exemption"):
        grid(exemption="cn-direct-connection-650")
