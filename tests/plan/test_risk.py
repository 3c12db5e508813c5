"""Risk: the CVaR of scenarios against hand calculation, enumeration, a second LP and PyPSA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.plan.small import grid, load, plant, wind
from zeroplant.axis import HOURS_PER_YEAR, Floats
from zeroplant.errors import InputError
from zeroplant.plan import PlanResult, plan
from zeroplant.plan.risk import tail_of
from zeroplant.plan.summary import summary
from zeroplant.plant import Plant, merged
from zeroplant.plant.risk import Risk
from zeroplant.plant.scenarios import Scenario
from zeroplant.plant.schema import Time
from zeroplant.units import SizeRange
from zeroplant.waist.money import annuity

PERIODS = 24
PRICES = (100.0, 400.0, 900.0)
CHANCES = (0.5, 0.3, 0.2)
CAPEX = 14e6
YEARS = PERIODS / HOURS_PER_YEAR
YEARLY = annuity(0.06, 25.0) * CAPEX
"""What a MW of wind costs a year: 3,001 for the day that is planned."""
CALM = np.concatenate([np.full(12, 0.5), np.zeros(12)])
"""Wind in half of the hours: a MW of it saves 6 MWh of 24."""


def assets(price: float) -> dict[str, Any]:
    """10 MW of load, wind to choose, and a grid at a price."""
    return {
        "works": load(10.0),
        "wind": wind(SizeRange(0, 100), CALM, capex=CAPEX, upkeep=0.0, life=25.0),
        "grid": grid(price),
    }


def tomorrows(risk: Risk | None = None, chances: tuple[float, ...] = CHANCES) -> Plant:
    """The plant with three prices that may come."""
    named = {f"price {p:g}": plant(assets(p), PERIODS) for p in PRICES[: len(chances)]}
    scenarios = {name: Scenario(probability=p) for name, p in zip(named, chances, strict=True)}
    base = plant(assets(PRICES[0]), PERIODS, scenarios=scenarios, risk=risk)
    return merged(base, named)


def cost(megawatt: float, price: float) -> float:
    """Cost of the day at a price with so much wind, by hand: 10 MW are used at most."""
    bought = 12 * 10 + 12 * (10 - min(10.0, 0.5 * megawatt))
    return YEARS * YEARLY * megawatt + price * bought


def brute(risk: Risk, chances: tuple[float, ...] = CHANCES) -> float:
    """The least of the objective over a fine grid of sizes that holds the kink at 20 MW."""

    def objective(megawatt: float) -> float:
        costs = np.array([cost(megawatt, p) for p in PRICES[: len(chances)]])
        order, left, tail = np.argsort(-costs), risk.tail, 0.0
        for place in order:
            share = min(left, chances[place])
            tail, left = tail + share * costs[place], left - share
        expected = float(np.dot(chances, costs))
        return (1 - risk.aversion) * expected + risk.aversion * tail / risk.tail

    return min(objective(mw) for mw in np.linspace(0, 40, 401))


@pytest.mark.parametrize("aversion", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("tail", [0.05, 0.3, 1.0])
def test_the_objective_is_that_of_enumeration(aversion: float, tail: float) -> None:
    """*Proves:* (1 − λ) E + λ CVaR over three prices, also with a tail that cuts an outcome.
    *A wrong answer would be:* the CVaR of the whole of the outcomes it touches.
    """
    risk = Risk(aversion=aversion, tail=tail)
    result = plan(tomorrows(risk))
    assert result.solution.objective == pytest.approx(brute(risk), rel=1e-9)


def test_aversion_changes_what_is_built() -> None:
    """*Proves:* a MW of wind costs 3,001 and saves 6 MWh, worth 2,100 at the mean price and 5,400
    at the worst, so it is built for the tail and not for the mean. *A wrong answer would be:* the
    same sizes.
    """
    assert 6 * np.dot(CHANCES, PRICES) < YEARS * YEARLY < 6 * PRICES[-1]
    neutral = plan(tomorrows()).sizes["wind.power"][0]
    averse = plan(tomorrows(Risk(aversion=1.0, tail=0.05))).sizes["wind.power"][0]
    assert (neutral, averse) == (pytest.approx(0.0, abs=1e-6), pytest.approx(20.0))


def test_without_aversion_it_is_the_expected_cost() -> None:
    """*Proves:* aversion 0 is no section at all; the CVaR is still told."""
    plain, zero = plan(tomorrows()), plan(tomorrows(Risk(aversion=0.0, tail=0.2)))
    assert zero.solution.objective == pytest.approx(plain.solution.objective, rel=1e-12)
    assert zero.outcomes is not None
    assert zero.outcomes.expected * YEARS == pytest.approx(plain.solution.objective)
    assert zero.outcomes.cvar == pytest.approx(zero.outcomes.worst.cost)


def test_full_aversion_is_the_least_of_the_worst() -> None:
    """*Proves:* aversion 1 with a tail below every probability is min–max, written down a second
    time as an LP of its own. *A wrong answer would be:* the mean.
    """
    result = plan(tomorrows(Risk(aversion=1.0, tail=0.01)))
    bound = linprog(  # min t with t ≥ cost at each price; the wind, and what of it is used
        [0.0, 0.0, 1.0],
        A_ub=[[YEARS * YEARLY, -12 * p, -1.0] for p in PRICES] + [[-0.5, 1.0, 0.0]],
        b_ub=[-240 * p for p in PRICES] + [0.0],
        bounds=[(0, 100), (0, 10), (None, None)],
    )
    assert result.solution.objective == pytest.approx(bound.fun, rel=1e-9)


@pytest.mark.parametrize("solver", ["highs", "staged"])
def test_costs_below_nothing(solver: Any) -> None:
    """*Proves:* the value at risk may be negative, so its size has no floor in either solver: the
    load pays 1,000 a MWh. *A wrong answer would be:* a value at risk of 0, hence a dearer plan.
    """
    named = {f"{p:g}": plant(assets(p) | {"works": load(10.0, price=1000.0)}) for p in PRICES}
    scenarios = {name: Scenario() for name in named}
    risk = Risk(aversion=0.5, tail=0.5)
    base = plant(next(iter(named.values())).assets, scenarios=scenarios, risk=risk)
    result = plan(merged(base, named), solver=solver)
    found = result.outcomes
    assert found is not None
    assert found.cvar < 0
    mean = (found.expected + found.cvar) / 2
    assert result.solution.objective / YEARS == pytest.approx(mean, rel=1e-6)


def test_the_ledger_is_the_objective_and_nobody_pays_for_risk() -> None:
    """*Proves:* the ledger's one line of risk is λ (CVaR − E); the other lines are the expected
    cost. *A wrong answer would be:* risk in the cash flow.
    """
    result = plan(tomorrows(Risk(aversion=0.4, tail=0.3)))
    data = summary(result)
    risk = [entry for entry in data["ledger"] if entry["kind"] == "risk"]
    found = result.outcomes
    assert found is not None
    assert len(risk) == 1
    assert risk[0]["amount"] / YEARS == pytest.approx(0.4 * (found.cvar - found.expected), rel=1e-6)
    rest = sum(e["amount"] for e in data["ledger"]) - risk[0]["amount"]
    assert rest / YEARS == pytest.approx(found.expected)
    costs = [each["cost"] for each in data["scenarios"]]
    wind_power = result.sizes["wind.power"][0]
    assert costs == pytest.approx([cost(wind_power, p) / YEARS for p in PRICES])
    assert [each["probability"] for each in data["scenarios"]] == pytest.approx(CHANCES)
    assert data["risk"]["var"] == pytest.approx(costs[1])


def test_one_outcome_has_no_risk() -> None:
    """*Proves:* a plan of one future says nothing of scenarios."""
    data = summary(plan(plant(assets(400.0))))
    assert (data["scenarios"], data["risk"]) == ([], {})


def test_weather_years_are_outcomes_too() -> None:
    """*Proves:* risk over generated weather years without scenarios; the ledger still adds up."""
    years = Time(start="2025-01-01", periods=24, weather_years=3)
    from zeroplant.plant.site import SitePlace

    parts = {**assets(500.0), "wind": wind(SizeRange(0, 60), None, capex=4e6)}
    words: Mapping[str, Any] = {"sites": {"hill": SitePlace(climate="qingshuihe")}, "time": years}
    result = plan(plant(parts, **words, risk=Risk(aversion=1.0, tail=0.01)))
    found = result.outcomes
    assert found is not None
    assert [each.name for each in found.each] == [f"weather year {k}" for k in (1, 2, 3)]
    assert result.solution.objective / YEARS == pytest.approx(found.worst.cost, rel=1e-6)


def test_a_plant_without_its_series_is_refused() -> None:
    """*Proves:* scenarios that were never read are not planned as if they were all the same."""
    with pytest.raises(InputError, match="lacks the series of its scenarios"):
        plan(plant(assets(400.0), scenarios={"a": Scenario(), "b": Scenario()}))


@pytest.mark.parametrize(
    ("tail", "var", "cvar", "shares"),
    [
        (0.1, 30.0, 30.0, [0, 0.5, 0, 0]),
        (0.2, 20.0, 30.0, [0, 1, 0, 0]),
        (0.35, 20.0, (0.2 * 30 + 0.15 * 20) / 0.35, [0, 1, 0.5, 0]),
        (1.0, 5.0, 0.2 * 30 + 0.3 * 20 + 0.4 * 10 + 0.1 * 5, [1, 1, 1, 1]),
    ],
)
def test_tail_by_hand(tail: float, var: float, cvar: float, shares: list[float]) -> None:
    """*Proves:* costs 10, 30, 20, 5 with 40, 20, 30, 10 %: the tail takes the dearest first and
    cuts the last it reaches; the VaR is exceeded with the tail's probability at most.
    """
    cost_: Floats = np.array([10.0, 30.0, 20.0, 5.0])
    found = tail_of(cost_, np.array([0.4, 0.2, 0.3, 0.1]), tail)
    assert found[:2] == pytest.approx((var, cvar))
    assert found[2] == pytest.approx(shares)


@pytest.mark.oracle
@pytest.mark.parametrize(("omega", "tail"), [(0.3, 0.25), (0.8, 0.4), (1.0, 0.05)])
def test_pypsa_agrees(omega: float, tail: float) -> None:
    """*Proves:* PyPSA 1.4 with its scenarios and its risk preference finds the same objective. It
    leaves the investment out of its CVaR, which moves no plan: it is the same in all outcomes.
    """
    pypsa = pytest.importorskip("pypsa")
    from zeroplant.export.quiet import quiet

    names = [f"p{k}" for k in range(len(PRICES))]
    with quiet():
        n = pypsa.Network(snapshots=range(PERIODS))
        n.add("Bus", "park")
        n.add("Load", "works", bus="park", p_set=10.0)
        n.add("Generator", "wind", bus="park", p_nom_extendable=True, p_nom_max=100.0,
              capital_cost=YEARLY * YEARS, p_max_pu=CALM)  # fmt: skip
        n.add("Generator", "grid", bus="park", p_nom=100.0, marginal_cost=PRICES[0])
        n.set_scenarios(dict(zip(names, CHANCES, strict=True)))
        for name, price in zip(names, PRICES, strict=True):
            n.generators.loc[(name, "grid"), "marginal_cost"] = price
        n.set_risk_preference(alpha=1 - tail, omega=omega)
        n.optimize(solver_name="highs", log_to_console=False)
    result: PlanResult = plan(tomorrows(Risk(aversion=omega, tail=tail)))
    assert result.solution.objective == pytest.approx(n.objective + n.objective_constant, rel=1e-6)
    size = float(n.generators.p_nom_opt.loc[(names[0], "wind")])
    assert result.sizes["wind.power"][0] == pytest.approx(size, abs=1e-5)
