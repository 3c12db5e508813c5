"""Against NREL SAM's single-owner model: the golden cases, and many others run side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.capital.cases import Case
from zeroplant.capital import Appraisal, DebtTerms, appraise, npv

pytestmark = pytest.mark.oracle

GOLDEN_DEBT = DebtTerms(share=0.6, rate=0.05, tenor=15, dscr_basis="before tax")

B = Case()
C = replace(B, debt=GOLDEN_DEBT)
D = replace(C, tax=0.25)


def test_golden_b_without_tax_and_debt() -> None:
    """Proves capex, revenue, O&M, discounting. O&M on 50 MW instead of SAM's 100 gives 64.5 M$."""
    got = appraise(B.project(), B.terms()).measures
    assert got.npv == pytest.approx(51_135_138.3526, abs=1e-3)
    assert got.lcoe == pytest.approx(29.06329, abs=5e-6)
    assert got.equity_irr == pytest.approx(0.13124266, rel=1e-6)
    assert got.project_irr == got.equity_irr
    assert got.dscr_min is None


def test_golden_c_with_debt() -> None:
    """Proves the level payment; NPV, IRR, LCOE are the owner's: without the loan they are B's."""
    got = appraise(C.project(), C.terms()).measures
    assert got.npv == pytest.approx(62_624_741.43875, abs=1e-3)
    assert got.lcoe == pytest.approx(26.60591, abs=5e-6)
    assert got.equity_irr == pytest.approx(0.20491817, rel=1e-6)
    assert got.dscr_min == pytest.approx(2.379464, abs=5e-7)
    assert got.wacc == pytest.approx(0.11196727, rel=1e-6)
    assert got.debt == pytest.approx(65.52e6)
    assert got.project_npv == pytest.approx(51_135_138.3526, abs=1e-3)


def test_golden_d_with_tax() -> None:
    """Proves the half year of depreciation in year 1 (a full one gives 7 136 653 in year 1)."""
    result = appraise(D.project(), D.terms())
    got = result.measures
    assert got.npv == pytest.approx(40_233_700.784287, abs=1e-3)
    assert got.lcoe == pytest.approx(31.39488, abs=5e-6)
    assert got.equity_irr == pytest.approx(0.16283955, rel=1e-6)
    first_years = result.statement["equity_cash"][1:5]
    assert np.round(first_years).tolist() == [6_454_153, 7_098_699, 7_058_847, 7_017_002]


def random_case(seed: int) -> Case:
    """A single-owner case with every input drawn that both programs have."""
    rng = np.random.default_rng(seed)
    years = int(rng.integers(15, 36))
    tenor = int(rng.integers(4, years + 1))
    sculpted = seed % 3 == 0
    debt = DebtTerms(
        share=None if sculpted else rng.uniform(0.1, 0.9),
        target_dscr=rng.uniform(1.1, 2.5) if sculpted else None,
        cap=rng.uniform(0.5, 0.8) if seed % 2 else 1.0,
        rate=rng.uniform(0.01, 0.09),
        tenor=tenor,
        repayment="sculpted" if sculpted else ("level", "equal principal")[seed % 3 - 1],
        dscr_basis="before tax",
        reserve_months=float(rng.integers(0, 13)),
    )
    if debt.share is not None:
        debt = debt.model_copy(update={"cap": 1.0})
    inflation = rng.uniform(0.0, 0.04)
    return Case(
        price=rng.uniform(25.0, 90.0),
        price_growth=rng.uniform(-0.01, 0.03),
        capex=rng.uniform(60e6, 200e6),
        om_per_kw=rng.uniform(5.0, 40.0),
        om_growth=inflation + rng.uniform(0.0, 0.01),
        degradation=rng.uniform(0.0, 0.01),
        salvage=rng.uniform(0.0, 0.2),
        years=years,
        real_rate=rng.uniform(0.03, 0.1),
        inflation=inflation,
        tax=rng.uniform(0.0, 0.35),
        construction_years=float(rng.choice([0.0, 1.0, 2.0])),
        debt=debt,
    )


def compare(ours: Appraisal, sam: Any) -> None:
    """Cash of every year to the cent in a hundred million, measures to 1e-9."""
    flows = np.array(sam.cf_project_return_aftertax)
    cash = ours.statement["equity_cash"]
    largest = np.abs(flows).max()
    np.testing.assert_allclose(cash, flows, rtol=0, atol=1e-9 * largest)
    got = ours.measures
    assert got.npv == pytest.approx(sam.project_return_aftertax_npv, rel=1e-9, abs=1e-8 * largest)
    assert got.lcoe == pytest.approx(sam.lcoe_nom * 10, rel=1e-9)
    assert got.lcoe_real == pytest.approx(sam.lcoe_real * 10, rel=1e-9)
    assert got.debt == pytest.approx(sam.size_of_debt, rel=1e-9)
    assert got.equity == pytest.approx(sam.size_of_equity, rel=1e-9, abs=1e-9 * largest)
    assert got.dscr_min == pytest.approx(sam.min_dscr, rel=1e-9)
    # SAM stops its search for the IRR once the remaining value is a millionth of the largest flow
    if got.equity_irr is not None and np.isfinite(sam.project_return_aftertax_irr):
        left = npv(flows, np.array(sam.project_return_aftertax_irr / 100)) / largest
        assert abs(left) <= 1e-6
        assert abs(npv(cash, np.array(got.equity_irr))) <= 1e-12 * largest
        assert got.equity_irr == pytest.approx(sam.project_return_aftertax_irr / 100, rel=1e-4)
        assert got.wacc == pytest.approx(sam.wacc / 100, rel=1e-4)


@pytest.mark.parametrize("seed", range(36))
def test_random_cases_beside_sam(seed: int) -> None:
    """Proves the whole chain against another program: prices and costs that grow, ageing, scrap,
    inflation, tax, level, equal and sculpted repayment with and without a cap, a reserve account,
    and interest during construction (which SAM takes as an input)."""
    case = random_case(seed)
    ours = appraise(case.project(), case.terms())
    during = float(ours.statement["construction_interest"][0])
    compare(ours, case.sam(construction_interest=during))
