"""Payback by hand, and the statement as a reader meets it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.capital.cases import Flat
from zeroplant.capital import DebtTerms, Terms, Variants, appraise, cash_flow, statement
from zeroplant.capital.measures import payback
from zeroplant.capital.statement import LINES

PLAIN = Terms(regime="none", years=10, discount_rate=0.1)


def test_payback_within_a_year() -> None:
    """1 000 out, 300 a year: 100 are missing after 3 years, a third of year 4. Discounted at 10 %
    the yearly 272.73, 247.93, 225.39, 204.90, 186.28 leave 49.05 open after 4: 4.26 years.

    It is the project's: the loan changes nothing in it. Counting whole years gives 4 and 5.
    """
    project = Flat(income=300.0).project()
    got = appraise(project, PLAIN).measures
    assert got.payback_years == pytest.approx(3 + 1 / 3)
    open_after_4 = 1000 - 300 * sum(1.1**-t for t in range(1, 5))
    assert got.discounted_payback_years == pytest.approx(4 + open_after_4 / (300 * 1.1**-5))
    debt = DebtTerms(share=0.5, rate=0.05, tenor=8)
    lent = appraise(project, PLAIN.model_copy(update={"debt": debt, "construction_years": 0}))
    assert lent.measures.payback_years == pytest.approx(3 + 1 / 3)


def test_payback_at_the_edges() -> None:
    """Never, at once, and at the very end of a year."""
    cash = np.array([[-100.0, 10.0, 10.0], [5.0, 1.0, 1.0], [-20.0, 10.0, 10.0]])
    np.testing.assert_allclose(payback(cash), [np.nan, 0.0, 2.0])


def test_lcoe_is_the_price_that_earns_the_discount_rate() -> None:
    """Selling at the project's LCOE, untaxed, leaves a project NPV of 0; the owner's LCOE does so
    for the owner with his loan."""
    debt = DebtTerms(share=0.5, rate=0.04, tenor=8)
    terms = PLAIN.model_copy(update={"debt": debt})
    for name, value in (("project_lcoe", "project_npv"), ("lcoe", "npv")):
        price = getattr(appraise(Flat(opex=40.0).project(), terms).measures, name)
        sold = appraise(Flat(opex=40.0, income=100 * price).project(), terms).measures
        assert getattr(sold, value) == pytest.approx(0.0, abs=1e-9)


def test_measures_that_do_not_exist_are_none() -> None:
    """No loan: no cover. No energy: no cost per MWh. Never nan, which JSON does not know."""
    got = appraise(Flat().project(), PLAIN).measures
    assert (got.dscr_min, got.dscr_average, got.llcr) == (None, None, None)
    assert got.wacc == got.equity_irr
    assert not any(isinstance(v, float) and np.isnan(v) for v in vars(got).values())


def test_the_statement_names_every_line_in_both_languages() -> None:
    """All lines in order, years 0…N, an unknown name is a KeyError."""
    got = appraise(Flat().project(), PLAIN).statement
    assert [line.key for line in got] == [key for key, *_ in LINES]
    assert list(got.years) == list(range(11))
    assert all(line.english and line.chinese and line.values.shape == (11,) for line in got)
    with pytest.raises(KeyError, match="profits"):
        got["profits"]


def test_statement_of_one_variant_of_many() -> None:
    """The second variant's statement is not the first's."""
    flow = cash_flow(Flat().project(), PLAIN, Variants.of({"price": [1.0, 2.0]}))
    np.testing.assert_allclose(statement(flow, 1)["revenue"], 2 * statement(flow, 0)["revenue"])
