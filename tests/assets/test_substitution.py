"""Substitution: what electrifying a use of fuel costs, saves and avoids."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.chains import answer, found, wind
from tests.assets.small import YEAR, axis, entry, grid, near, of, paid
from zeroplant.assets.substitution import Substitution
from zeroplant.assets.supply import Supply
from zeroplant.errors import Problem
from zeroplant.rules import account_of
from zeroplant.units import SizeRange
from zeroplant.units.fuels import FUELS

TCE = 29.3076 / 3.6


def switch(**words: Any) -> Substitution:
    """Boilers of 80 % that give 8 MW of heat out of coal, or electrode boilers of 100 %."""
    usual = {
        "kind": "substitution", "at": "park", "fuel": "coal", "useful": 8.0,
        "fuel_price": "814.1 CNY/t", "old_efficiency": 0.8, "new_efficiency": 1.0,
    }  # fmt: skip
    if "burnt" in words:
        usual.pop("useful")
    if "fuel_at" in words:
        usual.pop("fuel_price")
    return Substitution(**{**usual, **words})


def test_golden_a_kilowatt_hour_of_truck_electricity() -> None:
    """*Proves:* a diesel engine of 32.75 % against a drive of 88 %: 1 kWh of electricity stands
    for 0.27 L of diesel and 0.70 kg of CO2 (domain page 2h), and Q_sub = ΔFuel·LHV·η_old/η_new.
    *A wrong answer would be:* 0.10 L, for the heating value alone.
    """
    trucks = switch(fuel="diesel", burnt="0.27 L/h", fuel_price="7.5 CNY/L",
                    old_efficiency=0.3275, new_efficiency=0.88, share=1.0)  # fmt: skip
    plan = answer({"grid": grid(400.0), "trucks": trucks}, axis(1))
    assert float(of(plan, "trucks.electric use")[0]) * 1000 == pytest.approx(1.0, rel=0.01)
    said = found({"trucks": trucks}, plan, "trucks")
    assert said["carbon_before"] / YEAR * 1000 == pytest.approx(0.70, rel=0.01)
    litre = FUELS["diesel"].heating_value * 0.84 / 1000
    substituted = 0.27 * litre * 0.3275 / 0.88
    assert near(of(plan, "trucks.electric use"), substituted)
    assert said["cost_before"] / YEAR == pytest.approx(0.27 * 7.5)


def test_figures_of_the_fuels() -> None:
    """*Proves:* diesel 3.10 t/t, coal 2.66 t/tce, gas 2.16 kg/m³ (domain page 2f), whatever the
    fuel is measured by. *A wrong answer would be:* a factor by the wrong heating value.
    """
    for fuel, amount, tonnes in (
        ("diesel", "1 t/h", 3.10),
        ("coal", "1 t/h", 2.66),
        ("coal", "1 tce/h", 2.66),
        ("gas", "1000 m3/h", 2.16),
        ("diesel", "1000 L/h", 3.10 * 0.84),
    ):
        price = {"diesel": "8000 CNY/t", "coal": "900 CNY/tce", "gas": "3 CNY/m3"}[fuel]
        use = switch(fuel=fuel, burnt=amount, fuel_price=price)
        emitted = use.wanted(axis(1))[0] / use.old_efficiency * use.emission
        assert emitted == pytest.approx(tonnes, rel=1e-9), (fuel, amount)


def test_a_factor_of_nothing_is_a_factor() -> None:
    """*Proves:* a fuel whose emission factor is 0 (from waste, say) emits nothing. *A wrong answer
    would be:* the usual 2.66 tCO2/tce of coal.
    """
    use = switch(emission_factor="0 tCO2/MWh", share=0.0)
    assert use.emission == 0.0
    said = found({"use": use}, answer({"grid": grid(), "use": use}, axis(1)), "use")
    assert said["carbon_before"] == 0.0


def test_raw_coal_has_its_own_heating_value() -> None:
    """*Proves:* a tonne of 23 MJ/kg is 6.39 MWh, and its price by the tonne goes by that.
    *A wrong answer would be:* 8.14 MWh.
    """
    use = switch(heating_value="23 MJ/kg", burnt="1 t/h", fuel_price="700 CNY/t", share=0.0)
    plan = answer({"grid": grid(), "use": use}, axis(1))
    assert near(of(plan, "use.fuel"), 23 / 3.6)
    assert near(paid(plan, "use", "fuel burnt"), 700.0)


def test_all_or_nothing_by_the_price() -> None:
    """*Proves:* heat out of coal costs 100/0.8 = 125 per MWh. Power at 120 takes its place wholly,
    at 130 not at all; a carbon price of 30 on 0.408 t per MWh of heat turns that. *A wrong answer
    would be:* the switch at 100.
    """
    for price, carbon, share in ((120.0, 0.0, 1.0), (130.0, 0.0, 0.0), (130.0, 30.0, 1.0)):
        plan = answer({"grid": grid(price), "use": switch()}, axis(3), carbon_price=carbon)
        chosen = plan.number(plan.network.capacities["use.share"][0])
        assert near(chosen, share), (price, carbon)
        assert near(of(plan, "use.electric use"), 8.0 * share)
        assert near(of(plan, "use.fuel"), 10.0 * (1 - share))


def test_devices_are_bought_by_the_peak_and_replaced_for_good() -> None:
    """*Proves:* the same share holds in the dear hour as in the cheap one, and new devices are
    bought for it at the peak of 8 MW. *A wrong answer would be:* power in the cheap hour and coal
    in the dear one.
    """
    use = switch(useful=np.array([8.0, 4.0]), share=SizeRange(0, 0.5), capex=1e5, life=15.0)
    plan = answer({"grid": grid(np.array([10.0, 200.0])), "use": use}, axis(2))
    assert near(of(plan, "use.electric use"), [4, 2])
    annuity = 0.06 / (1 - 1.06**-15) * 1e5 * 0.5 * 8 * 2 / 8760
    assert near(paid(plan, "use", "annuity of new devices"), annuity)


def test_findings_before_and_after() -> None:
    """*Proves:* half of 8 MW of heat is switched, the power half wind, half grid (0.6 t/MWh) at
    150: cost 1000 → 500 + 4 × 150, carbon 3.267 → 1.634 + 4 × 0.3, and abatement at 100 / 0.434
    = 230 per tCO2; 4 of 9 MWh are electric. *A wrong answer would be:* abatement per tonne of fuel
    (61), or the grid's factor on all of it.
    """
    use = switch(share=0.5)
    assets = {
        "wind": wind(2.0, 1.0),
        "grid": grid(150.0, emission_factor=0.6),
        "use": use,
    }
    plan = answer(assets, axis(1))
    said = found(assets, plan, "use")
    before, after = 10 * 2.66 / TCE, 5 * 2.66 / TCE + 4 * 0.3
    assert said["cost_before"] / YEAR == pytest.approx(1000)
    assert said["cost_after"] / YEAR == pytest.approx(500 + 600)
    assert said["carbon_before"] / YEAR == pytest.approx(before)
    assert said["carbon_after"] / YEAR == pytest.approx(after)
    assert said["abatement_cost"] == pytest.approx(100 / (before - after))
    assert said["electrification"] == pytest.approx(4 / 9)
    assert said["tce_saved"] / YEAR == pytest.approx(5 / TCE - 4 * 0.1229)


def test_fuel_may_come_from_a_supply() -> None:
    """*Proves:* with a node of coal, fuel and emissions are counted where they are bought, once;
    what is not there is missing at a price. *A wrong answer would be:* emissions twice.
    """
    coal = Supply(kind="supply", at="coal", price=100.0, most=9.0)
    plan = answer({"mine": coal, "grid": grid(), "use": switch(fuel_at="coal", share=0.0)}, axis(1))
    assert near(of(plan, "mine.bought"), 9.0)
    assert near(of(plan, "use.fuel missing"), 1.0)
    emitted = [e.quantity for e in plan.ledger if e.kind == "emission" and e.quantity]
    assert near(emitted, [9 * 2.66 / TCE])
    assert near(found({"use": switch(fuel_at="coal")}, plan, "use")["fuel_before"], 10 / TCE * YEAR)


def test_rules_know_its_fuel() -> None:
    """*Proves:* fuel bought here counts as energy other than electricity, in tce, and its
    emissions as direct. *A wrong answer would be:* a park whose boilers nobody sees.
    """
    plan = answer({"grid": grid(), "use": switch(share=0.0)}, axis(1))
    account = account_of(plan.network)
    assert plan.total(account["other_energy"]) == pytest.approx(10 / TCE)
    assert plan.total(account["direct_emissions"]) == pytest.approx(10 * 2.66 / TCE)
    assert entry(plan, "use", "fuel burnt").kind == "purchase"


def test_a_dark_plant_leaves_it_unserved() -> None:
    """*Proves:* a share that is given cannot make the plan impossible."""
    plan = answer({"wind": wind(1.0, 0.0), "use": switch(share=1.0)}, axis(1))
    assert near(of(plan, "use.unserved"), 8.0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"useful": None}, "either 'useful' or 'burnt'"),
        ({"useful": 1.0, "shape": 1.0}, "'shape' spreads 'burnt'"),
        ({"fuel_price": None}, "either 'fuel_price', or 'fuel_at'"),
        ({"share": 1.2}, "more than all"),
        (
            {"fuel_price": "3 CNY/m3"},
            "fuel_price: '3 CNY/m3' does not go with coal; write it by the t or by its energy",
        ),
        ({"burnt": "5 m3/h"}, "burnt: '5 m3/h' does not go with coal"),
        (
            {"fuel": "gas", "fuel_price": "3 CNY/m3", "burnt": "100 t/a"},
            "burnt: '100 t/a' does not go with gas; write it by the m3 or by its energy",
        ),
        (
            {"fuel": "gas", "fuel_price": "3 CNY/L"},
            "'3 CNY/L' goes by the litre, and gas is no liquid; write it by the m3 such as "
            "'3 CNY/m3'",
        ),
        (
            {"fuel": "gas", "fuel_price": "3 CNY/m3", "burnt": "300 升/h"},
            "burnt: '300 升/h' goes by the litre, .* such as '300 m3/h'",
        ),
        ({"heating_value": "5 MWh"}, "is no heating value; write one such as '23 MJ/kg'"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], says: str) -> None:
    """*Proves:* what cannot be is refused when it is written."""
    with pytest.raises(ValidationError, match=says):
        switch(**words)


def test_it_burns_what_its_node_carries() -> None:
    """*Proves:* coal boilers at a node of gas are named."""
    ((_, problem),) = Substitution.across({"use": switch(fuel_at="gas")}, {"gas": "gas"})
    assert problem == Problem("it burns coal, and the node 'gas' carries gas",
                              instead="name a node with carrier: coal")  # fmt: skip
