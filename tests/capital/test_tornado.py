"""Sensitivities and thousands of variants at once."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.capital.cases import Flat
from zeroplant.capital import (
    CapitalItem,
    DebtTerms,
    Project,
    Terms,
    Variants,
    YearLine,
    appraise,
    evaluate,
    tornado,
)
from zeroplant.errors import InputError

PLAIN = Terms(regime="none", years=10, discount_rate=0.0)


def test_bars_worked_by_hand() -> None:
    """1 000 paid, 10 years of 200 less 50, undiscounted: NPV 500. Ten percent of each of the three
    sums of money is ± 200, ± 100 and ∓ 50; a swing may be lopsided."""
    project = Flat(opex=50.0).project()
    bars = tornado(project, PLAIN, {"opex": 0.1, "price": 0.1, "capex": (-0.2, 0.1)})
    assert [bar.name for bar in bars] == ["price", "capex", "opex"]
    np.testing.assert_allclose([bars[0].low, bars[0].high], [300, 700])
    np.testing.assert_allclose([bars[1].low, bars[1].high], [700, 400])
    np.testing.assert_allclose([bars[2].low, bars[2].high], [550, 450])


def test_volume_moves_only_what_follows_generation() -> None:
    """Half the revenue is a capacity payment: 10 % more output is 5 % more revenue, less running
    cost; the energy below the LCOE moves with it."""
    lines = (
        YearLine("p", "energy", "revenue", 1, "MWh", 100, -100, with_generation=True),
        YearLine("p", "capacity", "revenue", 1, "MW", 100, -100),
        YearLine("p", "wear", "running", 1, "MWh", 10, 10, with_generation=True),
    )
    project = Project((CapitalItem("p", 1000.0),), lines, energy=1.0)
    bars = tornado(project, PLAIN, {"volume": 0.1})
    np.testing.assert_allclose([bars[0].low, bars[0].high], [900 - 90, 900 + 90])
    low, high = tornado(project, PLAIN, {"volume": 0.1}, measure="lcoe")[0][1:]
    np.testing.assert_allclose([low, high], [(1000 + 90) / 9, (1000 + 110) / 11])


def test_interest_moves_the_loan_only() -> None:
    """Without a loan the bar has no width; with one, dearer money is worth less to the owner."""
    project = Flat().project()
    assert tornado(project, PLAIN, {"interest": 0.5})[0].low == pytest.approx(1000.0)
    terms = PLAIN.model_copy(update={"debt": DebtTerms(share=0.5, rate=0.04, tenor=10)})
    bar = tornado(project, terms, {"interest": 0.5})[0]
    assert bar.low > bar.high


def test_unknown_factors_are_named() -> None:
    """With those there are."""
    with pytest.raises(InputError, match="no factor 'weather'"):
        tornado(Flat().project(), PLAIN, {"weather": 0.1})


def test_variants_are_the_cases_one_by_one() -> None:
    """Proves that the leading axis mixes nothing up, with every loop (tax, loan, IRR) in play."""
    debt = DebtTerms(target_dscr=1.3, rate=0.05, tenor=12, repayment="sculpted")
    terms = Terms(debt=debt)
    rng = np.random.default_rng(1)
    draws = {
        name: rng.uniform(0.7, 1.3, 40) for name in ("price", "volume", "capex", "opex", "interest")
    }
    project = Flat(cost=1200.0, income=180.0, opex=30.0).project()
    together = evaluate(project, terms, Variants.of(draws))
    for k in range(40):
        alone = evaluate(project, terms, Variants.of({n: d[k] for n, d in draws.items()})).case(0)
        for name, value in vars(together.case(k)).items():
            expected = getattr(alone, name)
            same = value is None if expected is None else value == pytest.approx(expected, rel=1e-9)
            assert same, (k, name, value, expected)


def test_base_variant_is_the_appraisal() -> None:
    """All factors 1 give the same figures as ``appraise``."""
    project = Flat().project()
    assert evaluate(project, Terms(), Variants.of()).case(0) == appraise(project, Terms()).measures


def test_five_thousand_draws_take_less_than_a_second() -> None:
    """Monte Carlo of a taxed project with sculpted debt after tax, counted in processor time."""
    rng = np.random.default_rng(0)
    draws = Variants.of(
        {
            "price": rng.normal(1, 0.1, 5000),
            "volume": rng.normal(1, 0.08, 5000),
            "capex": rng.normal(1, 0.1, 5000),
            "opex": rng.normal(1, 0.1, 5000),
            "interest": rng.normal(1, 0.1, 5000),
        }
    )
    terms = Terms(debt=DebtTerms(target_dscr=1.3, tenor=15, repayment="sculpted"))
    project = Flat(cost=1200.0, income=180.0, opex=30.0).project()
    begin = time.thread_time()
    figures = evaluate(project, terms, draws)
    assert time.thread_time() - begin < 1.0
    assert figures.npv.shape == (5000,)
    assert np.isfinite(figures.project_irr).all()
