"""From the ledger to the project: every yuan arrives, once, as what it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.assets.plants import NODES, Drawn, plants
from tests.plan.small import battery, grid, load, planned, plant, wind
from zeroplant.capital import DebtTerms, Project, Terms
from zeroplant.plan import PlanResult, plan
from zeroplant.plan.finance import own_share, project_of
from zeroplant.plant.schema import Time
from zeroplant.units import SizeRange

TERMS = Terms(years=20, debt=DebtTerms(share=0.6, tenor=10))


def whole(**words: Any) -> PlanResult:
    """A plant with every kind of line, over two days."""
    free = np.tile([0.9, 0.1], 24)
    assets = {
        "works": load(price=600.0),
        "wind": wind(SizeRange(0, 60), free, capex=4e6, upkeep=5e4, running=10.0, fade=0.004),
        "grid": grid(500.0, 20.0, export_price=200.0, demand_charge=3e4),
        "store": battery(capex=6e5, upkeep=1e4, calendar_fade=0.018, wear=20.0,
                         capacity_payment="cn-hebei-capacity-price"),
    }  # fmt: skip
    return planned(assets, 48, finance=TERMS, **words)


def reconciled(project: Project, result: PlanResult) -> None:
    """Lines and purchases of the project against the ledger, kind by kind, to the cent."""
    years = result.network.axis.years
    for kind in ("revenue", "fixed", "running", "purchase", "charge", "emission"):
        ours = sum(line.amount for line in project.lines if line.kind == kind)
        ledger = sum(e.amount for e in result.solution.ledger if e.kind == kind) / years
        assert ours == pytest.approx(ledger, abs=0.005)
    for purchase in result.network.investments:
        bought = result.solution.number(purchase.line.quantity)
        item = [i.capex for i in project.items if i.who == purchase.line.who]
        assert any(capex == pytest.approx(purchase.overnight * bought, abs=0.005) for capex in item)


def test_the_lines_of_a_year_add_up_to_the_ledger() -> None:
    """*Proves:* over a plan of two days every kind of line of the project is the ledger's, times
    182.5, to the cent; investments are purchases at overnight cost. *A wrong answer would be:*
    annuities among the costs of a year, or two days' money as a year's.
    """
    result = whole()
    assert result.finance is not None
    reconciled(result.finance.project, result)


def test_quantity_times_price_is_amount() -> None:
    """*Proves:* each line explains itself: MW at a yearly price, MWh and MW·months at theirs.
    *A wrong answer would be:* 3 650 MW of paid battery, the horizon divided into a capacity.
    """
    result = whole()
    assert result.finance is not None
    for line in result.finance.project.lines:
        sign = -1 if line.kind == "revenue" else 1
        assert line.amount == pytest.approx(sign * line.quantity * line.price, rel=1e-9)
    (payment,) = [x for x in result.finance.project.lines if x.what == "capacity payment"]
    assert payment.quantity == pytest.approx(10.0)
    assert payment.price == pytest.approx(165_000)


def test_penalties_are_in_no_purse() -> None:
    """*Proves:* unserved load and broken rules are priced in the plan and paid by nobody. *A wrong
    answer would be:* 20 000 a MWh in the cash flow.
    """
    assets = {"works": load(np.array([5.0, 9.0])), "grid": grid(400.0, 6.0, capex=1e5)}
    result = planned(assets, 2, finance=TERMS)
    assert result.finance is not None
    assert any(e.kind == "penalty" and e.amount > 0 for e in result.solution.ledger)
    reconciled(result.finance.project, result)


def test_revenue_of_a_load_ages_only_with_what_the_plant_makes() -> None:
    """*Proves:* of a load served half by wind and half by the grid, half of the sales shrink with
    the wind; exports shrink whole, purchases not. *A wrong answer would be:* a load that fades.
    """
    free = np.tile([1.0, 0.0], 12)
    assets = {
        "works": load(price=600.0),
        "wind": wind(10.0, free, capex=4e6, fade=0.01),
        "grid": grid(),
    }
    result = planned(assets, finance=TERMS)
    assert own_share(result.solution) == pytest.approx(0.5)
    sold = {
        x.what: x for x in project_of(result.plant, result.solution).lines if x.kind == "revenue"
    }
    own, rest = sold["energy sold: own power"], sold["energy sold: grid power"]
    assert (own.with_generation, rest.with_generation) == (True, False)
    assert own.amount == pytest.approx(rest.amount)


def test_the_project_knows_what_wears_out_and_how() -> None:
    """*Proves:* the wind fades 0.4 % a year and is written down as generation; the battery is
    replaced after 12 years and does not fade again, as the plan saw it at its mean age.
    *A wrong answer would be:* fade counted twice for the battery.
    """
    result = whole()
    assert result.finance is not None
    items = {item.who: item for item in result.finance.project.items}
    assert (items["wind"].degradation, items["wind"].asset_class) == (0.004, "generation")
    assert (items["store"].life, items["store"].degradation) == (12.0, 0.0)
    assert items["store"].asset_class == "battery"
    lines = {line.key: line.values for line in result.finance.appraisal.statement}
    assert np.flatnonzero(lines["replacement"]).tolist() == [12]


def test_energy_is_what_reaches_load_and_grid_in_a_year() -> None:
    """*Proves:* the levelised cost, which counts 4 MW of bought power, is spread over the 10 MW
    of load that it serves. *A wrong answer would be:* 6 MW of own wind, which makes a plant that
    buys all its power infinitely dear; or two days of energy.
    """
    result = planned(
        {"works": load(), "wind": wind(12.0, 0.5, capex=4e6), "grid": grid()}, finance=TERMS
    )
    assert result.finance is not None
    assert result.finance.project.energy == pytest.approx(10 * 8760)


@pytest.mark.parametrize("charge", ["demand_charge", "capacity_charge"])
def test_a_waived_charge_comes_back_after_the_exemption(charge: str) -> None:
    """*Proves:* of a plan for 2029 the charge that is waived up to 2030 is paid from the third year
    on, as much of it as the same plant without exemption pays in its first. *A wrong answer would
    be:* free for the project's whole life, or paid in 2030.
    """
    time = Time(start="2029-01-01", periods=48)
    peaks = np.where(np.arange(48) == 30, 8.0, 5.0)
    full, exempt = (
        planned(
            {"works": load(peaks, price=900.0), "wind": wind(1.0, capex=4e6),
             "grid": grid(400.0, 8.0, **{charge: 3e4}, **words)},
            time=time, finance=TERMS,
        ).finance
        for words in ({}, {"exemption": "cn-charging-exemption"})
    )  # fmt: skip
    assert full is not None
    assert exempt is not None
    paid = {line.key: line.values for line in full.appraisal.statement}["charge"]
    left = {line.key: line.values for line in exempt.appraisal.statement}["charge"]
    assert paid[1] > 0
    assert left[:3].tolist() == [0.0, 0.0, 0.0]
    assert left[3:] == pytest.approx(paid[3:])
    (line,) = [x for x in exempt.project.lines if x.first > 1]
    assert (line.first, line.what) == (3, f"{charge.replace('_', ' ')} after its exemption")


def test_without_terms_or_purchases_there_is_no_cash_flow() -> None:
    """*Proves:* a plant without finance terms, or with nothing to buy, has no appraisal."""
    assert planned({"works": load(), "grid": grid()}).finance is None
    assert planned({"works": load(), "grid": grid()}, finance=TERMS).finance is None


def test_several_weather_years_are_one_year_of_money() -> None:
    """*Proves:* two equally likely weather years give the money of one year: the same sums as one.
    *A wrong answer would be:* twice the revenue of one year.
    """
    assets = {"works": load(price=600.0), "wind": wind(10.0, 0.5, capex=4e6), "grid": grid()}
    one, two = (
        plan(plant(assets, time=Time(periods=48, weather_years=count), finance=TERMS))
        for count in (1, 2)
    )
    assert one.finance is not None
    assert two.finance is not None
    for first, second in zip(one.finance.project.lines, two.finance.project.lines, strict=True):
        assert first.amount == pytest.approx(second.amount)
    assert one.finance.appraisal.measures.project_npv == pytest.approx(
        two.finance.appraisal.measures.project_npv
    )


@settings(max_examples=25)
@given(drawn=plants())
def test_every_plant_reconciles(drawn: Drawn) -> None:
    """*Proves:* whatever the plant, the sum of its project's lines is the sum of its ledger
    without annuities and penalties, per year. *A wrong answer would be:* a line lost or doubled.
    """
    from tests.assets.small import answer

    solution = answer(drawn.assets, drawn.time, nodes=NODES, carbon_price=drawn.carbon_price)
    project = project_of(plant({"works": load()}), solution)
    kept = [e.amount for e in solution.ledger if e.kind not in ("investment", "penalty")]
    total, size = sum(kept) / drawn.time.years, sum(map(abs, kept)) / drawn.time.years
    assert abs(sum(line.amount for line in project.lines) - total) <= 1e-9 * (1 + size)
