"""The Chinese regime, worked by hand: each test's reasoning stands in its docstring."""

from __future__ import annotations

import numpy as np
import pytest

from tests.capital.cases import Flat
from zeroplant.capital import CapitalItem, DebtTerms, Project, Terms, YearLine, appraise
from zeroplant.capital.tax import tax_rates

TERMS = Terms(construction_years=0.0)


def test_input_vat_is_used_up_in_year_four() -> None:
    """1 130 of equipment holds 130 of VAT (13 of 113), 339 of revenue 39 a year.

    130 = 3 × 39 + 13: nothing is paid in years 1–3, 39 - 13 = 26 in year 4, 39 from year 5; 12 % of
    that is the surcharge. Without the credit 39 would be paid from year 1, and a credit that the
    state pays out would show 91 in year 1.
    """
    plant = Flat(cost=1130.0, income=339.0)
    got = appraise(plant.project(), TERMS).statement
    np.testing.assert_allclose(got["capex"][0], 1000.0)
    np.testing.assert_allclose(got["capex_vat"][0], 130.0)
    np.testing.assert_allclose(got["revenue"][1:], 300.0)
    np.testing.assert_allclose(got["vat_paid"][:7], [0, 0, 0, 0, 26, 39, 39], atol=1e-12)
    np.testing.assert_allclose(got["vat_credit"][:6], [130, 91, 52, 13, 0, 0], atol=1e-12)
    np.testing.assert_allclose(got["surcharge"][:6], [0, 0, 0, 0, 3.12, 4.68], atol=1e-12)
    county = appraise(plant.project(), TERMS.model_copy(update={"place": "county"})).statement
    np.testing.assert_allclose(county["surcharge"][5], 3.9)


def test_construction_and_fees_hold_less_vat() -> None:
    """1 000 with VAT: 565 equipment (65 of VAT), 327 construction (27), 108 without; 92 in all."""
    item = {"equipment": 0.565, "construction": 0.327}
    got = appraise(Flat(cost=1000.0, item=item).project(), TERMS).statement
    np.testing.assert_allclose(got["capex_vat"][0], 92.0)
    np.testing.assert_allclose(got["capex"][0], 908.0)
    without = TERMS.model_copy(update={"prices_include_vat": False})
    got = appraise(Flat(cost=1000.0, item=item).project(), without).statement
    np.testing.assert_allclose(got["capex"][0], 1000.0)
    np.testing.assert_allclose(got["capex_vat"][0], 565 * 0.13 + 327 * 0.09)


def test_vat_on_purchases_is_credited() -> None:
    """Power bought for 56.5 a year (6.5 VAT) and sold for 113 (13 VAT): 6.5 are due each year."""
    lines = (
        YearLine("grid", "sold", "revenue", 1, "MWh", 113, -113),
        YearLine("grid", "bought", "purchase", 1, "MWh", 56.5, 56.5),
    )
    got = appraise(Project((), lines), TERMS).statement
    np.testing.assert_allclose(got["purchase"][1:], 50.0)
    np.testing.assert_allclose(got["vat_paid"][1:], 6.5)
    np.testing.assert_allclose(got["ebitda"][1:], 100 - 50 - 0.12 * 6.5)


def test_three_years_free_three_years_half() -> None:
    """25 %: free in years 1–3, 12.5 % in 4–6, 25 % from 7; without the holiday 25 % at once."""
    got = appraise(Flat(cost=1130.0, income=339.0).project(), TERMS).statement
    np.testing.assert_allclose(
        got["tax"][1:9] / got["taxable"][1:9], [0, 0, 0, 0.125, 0.125, 0.125, 0.25, 0.25]
    )
    none = tax_rates(TERMS.model_copy(update={"holiday_share": 0.0}))
    np.testing.assert_allclose(none[1:], 0.25)
    part = tax_rates(TERMS.model_copy(update={"holiday_share": 0.8}))
    np.testing.assert_allclose(part[[1, 4, 7]], [0.05, 0.8 * 0.125 + 0.05, 0.25])


def test_western_rate_ends_in_2030() -> None:
    """First year 2025: 15 % from year 1 to 6 (2030), so the half years 4–6 bear 7.5 %; then 25 %.

    First year 2027: 2030 is year 4 (7.5 %); years 5 and 6 are half of 25 %. A high-tech company
    halves the standard rate (12.5 %) and keeps its 15 % afterwards.
    """
    early = tax_rates(Terms(income_tax="western", first_year=2025))
    np.testing.assert_allclose(early[:9], [0, 0, 0, 0, 0.075, 0.075, 0.075, 0.25, 0.25])
    late = tax_rates(Terms(income_tax="western", first_year=2027))
    np.testing.assert_allclose(late[3:8], [0, 0.075, 0.125, 0.125, 0.25])
    high = tax_rates(Terms(income_tax="high-tech", first_year=2027))
    np.testing.assert_allclose(high[3:8], [0, 0.125, 0.125, 0.125, 0.15])


def test_depreciation_leaves_five_percent_until_the_end() -> None:
    """1 000 net over 20 years: 47.5 a year, nothing in years 21–24, the last 50 in year 25."""
    got = appraise(Flat(cost=1130.0).project(), TERMS).statement["depreciation"]
    np.testing.assert_allclose(got[1:21], 47.5)
    np.testing.assert_allclose(got[21:25], 0.0, atol=1e-12)
    np.testing.assert_allclose(got[25], 50.0)


def test_battery_replaced_in_year_thirteen() -> None:
    """1 130 with VAT, half the price 13 years later, falling 3 % a year: 565 × 0.97¹³ gross.

    Ten years of tax life: 95 a year in years 1–10; the last 50 of the first unit go in year 13,
    when its scrap brings 4 % of 1 000. The second unit is deducted in years 14–23 and ends with the
    project in year 25. Its VAT is a new credit: none is paid while it lasts.
    """
    item = {
        "life": 13.0,
        "asset_class": "battery",
        "replacement": 0.5,
        "decline": 0.03,
        "salvage": 0.04,
    }
    got = appraise(Flat(cost=1130.0, income=339.0, item=item).project(), TERMS).statement
    second = 500 * 0.97**13
    bought = np.zeros(26)
    bought[13] = second
    np.testing.assert_allclose(got["replacement"], bought)
    np.testing.assert_allclose(got["replacement_vat"], 0.13 * bought)
    np.testing.assert_allclose(got["salvage"][[13, 25]], [40.0, 0.04 * second])
    np.testing.assert_allclose(got["depreciation"][1:11], 95.0)
    np.testing.assert_allclose(got["depreciation"][[11, 12, 13]], [0, 0, 50], atol=1e-12)
    np.testing.assert_allclose(got["depreciation"][14:24], 0.095 * second)
    np.testing.assert_allclose(got["depreciation"][[24, 25]], [0, 0.05 * second], atol=1e-12)
    credit = 0.13 * second  # 43.75: more than the 39 of one year
    np.testing.assert_allclose(got["vat_paid"][12:16], [39, 0, 78 - credit, 39], atol=1e-12)


def test_a_unit_that_is_not_replaced_stops_producing() -> None:
    """Life 10, no replacement: its lines end after year 10, when its scrap is sold and its books
    are closed; another's lines go on."""
    project = Project(
        (
            CapitalItem("sun", 113, life=10, replacement=0.0, salvage=0.1),
            CapitalItem("wind", 339, life=25),
        ),
        (
            YearLine("sun", "power", "revenue", 1, "MWh", 113, -113, with_generation=True),
            YearLine("wind", "power", "revenue", 1, "MWh", 226, -226, with_generation=True),
        ),
    )
    got = appraise(project, TERMS).statement
    np.testing.assert_allclose(got["revenue"][1:11], 300.0)
    np.testing.assert_allclose(got["revenue"][11:], 200.0)
    np.testing.assert_allclose(got["salvage"][[10, 25]], [10.0, 0.0])
    np.testing.assert_allclose(got["depreciation"][[9, 10, 11]], [19, 19 + 52.5, 14.25])


def test_ageing_starts_anew_with_a_new_unit() -> None:
    """2 % a year, life 10: 0.98⁹ in year 10, 1 in year 11; a park line takes the mean by cost."""
    project = Project(
        (
            CapitalItem("sun", 100, life=10, degradation=0.02),
            CapitalItem("wind", 300, life=25),
        ),
        (
            YearLine("sun", "power", "revenue", 1, "MWh", 113, -113, with_generation=True),
            YearLine("park", "power", "running", 1, "MWh", 40, 40, with_generation=True),
        ),
    )
    got = appraise(project, TERMS).statement
    np.testing.assert_allclose(got["revenue"][[1, 10, 11]], [100, 100 * 0.98**9, 100])
    np.testing.assert_allclose(got["running"][[1, 10]], [40, 40 * (0.25 * 0.98**9 + 0.75)])


def test_level_loan_with_interest_during_construction_and_reserve() -> None:
    """Cost 1 000, no tax; 60 % debt at 10 % over 2 years, drawn over 2 years, 6 months held.

    Interest during construction is 10 % × 2 / 2 = 10 % of the debt D; a level payment is
    D × 0.1 / (1 - 1.1⁻²) = 0.5761905 D, half of it is held: D = 0.6 (1 000 + 0.1 D + 0.2880952 D),
    so D = 600 / (1 - 0.6 × 0.3880952) = 782.1229. The reserve returns with the last payment.
    """
    debt = DebtTerms(share=0.6, rate=0.1, tenor=2, reserve_months=6)
    terms = Terms(regime="none", years=3, construction_years=2.0, debt=debt)
    result = appraise(Flat(cost=1000.0, income=800.0).project(), terms)
    got = result.statement
    drawn = 782.1229050279329
    payment = drawn * 0.1 / (1 - 1.1**-2)
    assert got["debt_drawn"][0] == pytest.approx(drawn)
    assert got["construction_interest"][0] == pytest.approx(drawn * 0.1)
    np.testing.assert_allclose((got["interest"] + got["principal"])[1:], [payment, payment, 0])
    np.testing.assert_allclose(got["reserve_balance"], [payment / 2, payment / 2, 0, 0])
    np.testing.assert_allclose(got["reserve_change"], [payment / 2, 0, -payment / 2, 0], atol=1e-9)
    raised = 1000 + 0.1 * drawn + payment / 2
    assert result.measures.equity == pytest.approx(raised - drawn)
    assert result.measures.debt == pytest.approx(0.6 * raised)
    np.testing.assert_allclose(
        got["equity_cash"][1:], [800 - payment, 800 - payment / 2, 800], rtol=1e-12
    )


def test_sculpted_debt_keeps_the_cover_constant_after_tax() -> None:
    """Cash jumps with the end of the VAT credit and of the tax holiday; the cover stays at 1.3.

    A loan sculpted on cash before tax would show a lower cover in the taxed years.
    """
    debt = DebtTerms(target_dscr=1.3, rate=0.035, tenor=15, repayment="sculpted", cap=0.9)
    terms = Terms(debt=debt)
    result = appraise(Flat(cost=1130.0, income=150.0, opex=20.0).project(), terms)
    np.testing.assert_allclose(result.statement["dscr"][1:16], 1.3, rtol=1e-10)
    assert result.statement["debt_balance"][15] == pytest.approx(0.0, abs=1e-9)
    assert result.measures.dscr_min == pytest.approx(1.3)
    assert result.measures.llcr == pytest.approx(1.3)
    assert np.ptp(result.statement["principal"][1:16]) > 1.0
    assert result.statement["tax"][10] > 0.0


def test_the_cap_raises_the_cover() -> None:
    """At most 80 % of cost, VAT and interest during construction: 20 % is the owners' own money."""
    debt = DebtTerms(target_dscr=1.05, rate=0.03, tenor=18, repayment="sculpted")
    result = appraise(Flat(cost=1130.0, income=250.0).project(), Terms(debt=debt))
    got = result.statement
    invested = got["capex"][0] + got["capex_vat"][0] + got["construction_interest"][0]
    assert result.measures.debt == pytest.approx(0.8 * invested)
    cover = got["dscr"][1:19]
    np.testing.assert_allclose(cover, cover[0], rtol=1e-10)
    assert cover[0] > 1.2


@pytest.mark.parametrize("repayment", ["level", "equal principal"])
def test_target_cover_is_the_lowest(repayment: str) -> None:
    """A level or falling service is sized so that the worst year just meets the target."""
    debt = DebtTerms(target_dscr=1.4, rate=0.04, tenor=12, repayment=repayment, cap=1.0)
    got = appraise(Flat(cost=1130.0, income=150.0).project(), Terms(debt=debt)).measures
    assert got.dscr_min == pytest.approx(1.4, rel=1e-10)
    assert got.dscr_average is not None
    assert got.dscr_average > 1.4


def test_real_and_nominal_discounting_agree() -> None:
    """5 % real with 2 % inflation is 7.1 % nominal: same value; the real LCOE is the lower one."""
    project = Flat().project()
    real = Terms(discount_rate=0.05, discount_is="real", inflation=0.02)
    nominal = Terms(discount_rate=1.05 * 1.02 - 1, inflation=0.02)
    one, two = appraise(project, real).measures, appraise(project, nominal).measures
    assert one.npv == pytest.approx(two.npv)
    assert one.lcoe_real == pytest.approx(two.lcoe_real)
    assert one.lcoe is not None
    assert one.lcoe_real is not None
    assert one.lcoe_real < one.lcoe


def test_escalation_of_the_terms_and_of_a_line() -> None:
    """Fixed costs grow 3 % a year by the terms; a line that says 0 stays; year 1 is as given."""
    lines = (
        YearLine("a", "x", "fixed", 1, "a", 100, 100),
        YearLine("a", "y", "fixed", 1, "a", 50, 50, escalation=0.0),
    )
    terms = Terms.model_validate({"escalation": {"fixed": 0.03}})
    got = appraise(Project((), lines), terms).statement["fixed"]
    np.testing.assert_allclose(got[[0, 1, 3]], [0, 150, 50 + 100 * 1.03**2])
