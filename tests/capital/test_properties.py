"""What holds for every project: money is conserved, loans are repaid, returns are roots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.capital.cases import Flat
from tests.capital.projects import projects, terms_of_china
from zeroplant.capital import DebtTerms, Project, Terms, appraise, npv


@given(projects(), terms_of_china())
def test_every_yuan_has_a_source_and_a_use(project: Project, terms: Terms) -> None:
    """Cash in less cash out, line by line, is the owner's cash flow of every year; and VAT is
    conserved: what customers and the final credit bring is what suppliers and the state get."""
    got = appraise(project, terms).statement
    cash = sum(
        line.values if line.role == "in" else -line.values
        for line in got
        if line.role in ("in", "out")
    )
    scale = float(np.abs(got["revenue"]).max() + got["capex"][0])
    np.testing.assert_allclose(cash, got["equity_cash"], atol=1e-11 * scale)
    paid = got["vat_on_costs"] + got["capex_vat"] + got["replacement_vat"]
    state = got["vat_paid"].sum()
    left = got["vat_collected"].sum() + got["vat_credit"][-1] - paid.sum() - state
    assert abs(left) <= 1e-10 * scale * terms.years
    assert (got["vat_paid"] >= -1e-12 * scale).all()
    assert (got["vat_credit"] >= -1e-10 * scale).all()


@given(projects(), terms_of_china())
def test_loans_are_repaid_and_reserves_return(project: Project, terms: Terms) -> None:
    """Principal adds up to the debt, nothing is owed or held after the tenor, the cap holds."""
    result = appraise(project, terms)
    got, debt = result.statement, result.measures.debt
    assert terms.debt is not None
    assert debt is not None
    scale = float(got["capex"][0])
    assert got["principal"].sum() == pytest.approx(debt, abs=1e-9 * scale)
    np.testing.assert_allclose(got["debt_balance"][terms.debt.tenor :], 0.0, atol=1e-9 * scale)
    assert got["reserve_change"].sum() == pytest.approx(0.0, abs=1e-9 * scale)
    invested = got["capex"][0] + got["capex_vat"][0] + got["construction_interest"][0]
    assert debt <= 0.8 * invested * (1 + 1e-12)


@given(projects(), terms_of_china(sculpted=True))
def test_sculpted_cover_is_constant_and_at_least_the_target(project: Project, terms: Terms) -> None:
    """The same cover in every year with cash; the target unless the cap makes the loan smaller."""
    result = appraise(project, terms)
    assert terms.debt is not None
    assert terms.debt.target_dscr is not None
    cover = result.statement["dscr"]
    cover = cover[np.isfinite(cover)]
    if cover.size == 0:
        return
    np.testing.assert_allclose(cover, cover[0], rtol=1e-8)
    assert cover[0] >= terms.debt.target_dscr * (1 - 1e-8)


@given(projects(), terms_of_china())
def test_value_at_the_rate_of_return_is_nothing(project: Project, terms: Terms) -> None:
    """The definition of an IRR, for the owner's and for the project's cash."""
    result = appraise(project, terms)
    pairs = ("equity_cash", "equity_irr"), ("project_cash", "project_irr")
    for key, name in pairs:
        rate = getattr(result.measures, name)
        if rate is not None:
            flows = result.statement[key]
            discounted = np.abs(flows * (1 + rate) ** -np.arange(flows.size))
            assert abs(npv(flows, rate)) <= 1e-9 * discounted.max()


@given(projects(), terms_of_china(), st.floats(0.01, 1e6))
def test_money_in_another_unit(project: Project, terms: Terms, k: float) -> None:
    """All money times k: values and costs times k, rates and ratios as before."""
    scaled = replace(
        project,
        items=tuple(replace(item, capex=item.capex * k) for item in project.items),
        lines=tuple(replace(line, amount=line.amount * k) for line in project.lines),
    )
    one, many = appraise(project, terms).measures, appraise(scaled, terms).measures
    size = sum(item.capex for item in project.items)
    for name in ("npv", "project_npv", "debt", "equity"):
        assert getattr(many, name) / k == pytest.approx(getattr(one, name), abs=1e-7 * size)
    for name in ("dscr_min", "dscr_average", "project_irr"):
        a, b = getattr(one, name), getattr(many, name)
        assert b is None if a is None else b == pytest.approx(a, rel=1e-6, abs=1e-8)


@given(projects(), terms_of_china())
def test_everything_bought_is_deducted(project: Project, terms: Terms) -> None:
    """Depreciation over the project's life is what was bought, without VAT, with interest during
    construction: nothing is forgotten at retirement, nothing deducted twice."""
    got = appraise(project, terms).statement
    bought = got["capex"].sum() + got["replacement"].sum() + got["construction_interest"].sum()
    assert got["depreciation"].sum() == pytest.approx(bought, rel=1e-9)


@given(projects(), terms_of_china())
def test_without_debt_owner_and_project_are_one(project: Project, terms: Terms) -> None:
    """Proves that the unlevered column is the levered one with no loan."""
    alone = appraise(project, terms.model_copy(update={"debt": None})).statement
    levered = appraise(project, terms).statement
    scale = float(np.abs(alone["revenue"]).max() + alone["capex"][0])
    np.testing.assert_allclose(alone["equity_cash"], alone["project_cash"], atol=1e-12 * scale)
    np.testing.assert_allclose(levered["project_cash"], alone["project_cash"], atol=1e-12 * scale)


def test_what_is_unusual_is_said() -> None:
    """No rate of return, no loan, credit never used, debt that grows: each has a note in both
    languages. A plain good project has none."""
    poor = Flat(cost=1130.0, income=11.3, opex=10.0).project()
    by_cover = DebtTerms(target_dscr=1.3, repayment="sculpted")
    found = appraise(poor, Terms(debt=by_cover)).notes
    texts = " ".join(note.english for note in found)
    assert "VAT credit of" in texts
    losing = Flat(cost=1130.0, income=11.3, opex=50.0).project()
    result = appraise(losing, Terms(debt=by_cover))
    texts = " ".join(note.english for note in result.notes)
    assert "No loan" in texts
    assert "no internal rate of return" in texts
    assert result.measures.debt == 0.0
    assert result.measures.equity_irr is None
    item = {"life": 5.0, "replacement": 1.0}
    gap = Flat(cost=1000.0, income=400.0, item=item).project()
    sculpted = DebtTerms(share=0.7, tenor=12, rate=0.05, repayment="sculpted")
    got = appraise(gap, Terms(debt=sculpted))
    assert any("debt grows in year 5, 10" in note.english for note in got.notes)
    assert all(note.chinese for note in (*found, *result.notes, *got.notes))
    assert appraise(Flat().project(), Terms()).notes == ()
