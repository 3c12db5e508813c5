"""The plan's terms as named figures for the sheet of inputs."""

from __future__ import annotations

from zeroplant.capital import Project, Terms, regime
from zeroplant.capital.depreciation import residual
from zeroplant.capital.tax import TaxRules, income_tax, statutory_rate
from zeroplant.capital.terms import gearing_cap
from zeroplant.plan.report.text import Text

NEVER = 9999.0
REPAYMENTS = ("level", "equal principal", "sculpted")

Rows = list[tuple[str, Text, float, str]]


def sections(project: Project, terms: Terms) -> list[tuple[Text, Rows]]:
    """Sections of the sheet; each row has a name, a label, a value and a style."""
    return [
        (Text("What if: factors", "情景系数"), _factors()),
        (Text("Terms", "财务条件"), _terms(project, terms)),
        (Text("VAT", "增值税"), _vat(terms)),
        (Text("Income tax and depreciation", "所得税与折旧"), _tax(terms)),
        (Text("Loan", "借款"), _loan(terms)),
    ]


def _factors() -> Rows:
    names = (
        ("price_factor", Text("Prices of what is sold", "售价")),
        ("volume_factor", Text("Yearly output", "电量")),
        ("capex_factor", Text("Investment", "投资")),
        ("opex_factor", Text("Yearly costs", "经营成本")),
        ("interest_factor", Text("Interest rate", "利率")),
    )
    return [(name, label, 1.0, "input") for name, label in names]


def _terms(project: Project, terms: Terms) -> Rows:
    return [
        ("first_year", Text("First year of operation", "运营首年"), terms.first_year, "input0"),
        (
            "construction_years",
            Text("Years of construction", "建设期（年）"),
            terms.construction_years,
            "input",
        ),
        ("discount_rate", Text("Discount rate", "折现率"), terms.discount_rate, "input%"),
        (
            "discount_is_real",
            Text("Discount rate is real (1) or nominal (0)", "折现率为实际（1）或名义（0）"),
            float(terms.discount_is == "real"),
            "input0",
        ),
        ("inflation", Text("Inflation", "通货膨胀率"), terms.inflation, "input%"),
        (
            "energy_year_1",
            Text("Energy of year 1, MWh", "首年电量（MWh）"),
            project.energy,
            "input",
        ),
        (
            "plant_degradation",
            Text("Loss of output a year of what is no item", "整体年衰减"),
            project.degradation or 0.0,
            "input%",
        ),
    ]


def _vat(terms: Terms) -> Rows:
    rules = regime(terms.regime)
    return [
        (
            "prices_include_vat",
            Text("Prices include VAT (1) or not (0)", "价格含税（1）或不含税（0）"),
            float(terms.prices_include_vat),
            "input0",
        ),
        (
            "vat_equipment",
            Text("VAT on equipment", "设备增值税率"),
            rules.vat["equipment"].value,
            "input%",
        ),
        (
            "vat_construction",
            Text("VAT on construction", "建安增值税率"),
            rules.vat["construction"].value,
            "input%",
        ),
        (
            "surcharge_rate",
            Text("Surcharge on VAT", "税金及附加费率"),
            rules.surcharge[terms.place].value,
            "input%",
        ),
    ]


def _tax(terms: Terms) -> Rows:
    return [*_rates(terms), *_holiday(terms), *_losses(terms), *_writing_down(terms)]


def _rates(terms: Terms) -> Rows:
    rules, entry = regime(terms.regime), income_tax(terms)
    ends = entry.until is not None and terms.income_tax_rate is None
    return [
        ("tax_rate", Text("Income tax rate", "所得税率"), statutory_rate(terms), "input%"),
        (
            "standard_tax_rate",
            Text("Standard rate", "法定税率"),
            rules.income_tax["standard"].rate.value,
            "input%",
        ),
        (
            "reduced_until",
            Text("Last year of the reduced rate", "优惠税率截止年"),
            entry.until.value if ends and entry.until else NEVER,
            "input0",
        ),
        (
            "halved_standard",
            Text(
                "Half years halve the standard rate (1) or its own (0)",
                "减半期按法定税率（1）或自身税率（0）",
            ),
            float(entry.halved == "standard"),
            "input0",
        ),
    ]


def _holiday(terms: Terms) -> Rows:
    rules = regime(terms.regime)
    return [
        (
            "exempt_years",
            Text("Years free of tax", "免税年数"),
            rules.holiday.exempt_years.value,
            "input0",
        ),
        (
            "half_years",
            Text("Years at half the rate", "减半年数"),
            rules.holiday.half_years.value,
            "input0",
        ),
        (
            "holiday_share",
            Text("Share of profit with the holiday", "享受优惠的利润占比"),
            terms.holiday_share,
            "input%",
        ),
    ]


def _losses(terms: Terms) -> Rows:
    entry, books = income_tax(terms), TaxRules.of(terms)
    return [
        (
            "loss_years",
            Text("Years a loss can be carried", "亏损结转年限"),
            entry.loss_years.value,
            "input0",
        ),
        (
            "losses_refunded",
            Text(
                "Losses lower other tax at once (1) or are carried (0)",
                "亏损即时抵税（1）或结转（0）",
            ),
            float(books.loss_years is None),
            "input0",
        ),
    ]


def _writing_down(terms: Terms) -> Rows:
    rules = regime(terms.regime)
    return [
        (
            "residual_share",
            Text("Residual value, not depreciated", "残值率（不折旧）"),
            residual(terms),
            "input%",
        ),
        (
            "half_year_convention",
            Text(
                "Half a year's depreciation first (1) or a whole (0)",
                "首年半年折旧（1）或全年（0）",
            ),
            float(rules.depreciation.convention == "half year"),
            "input0",
        ),
        (
            "write_off",
            Text(
                "Book value is deducted at retirement (1) or not (0)",
                "退役时账面余值一次扣除（1）或否（0）",
            ),
            float(rules.depreciation.write_off),
            "input0",
        ),
    ]


def _loan(terms: Terms) -> Rows:
    debt = terms.debt
    share = 0.0 if debt is None or debt.share is None else debt.share
    target = 0.0 if debt is None or debt.target_dscr is None else debt.target_dscr
    return [
        ("debt_share", Text("Share of the cost", "借款比例"), share, "input%"),
        (
            "target_dscr",
            Text("Or by cover: least DSCR (0 = by share)", "或按偿债备付率（0=按比例）"),
            target,
            "input",
        ),
        ("debt_cap", Text("At most this share", "借款上限比例"), gearing_cap(terms), "input%"),
        ("loan_rate", Text("Interest rate", "利率"), 0.0 if debt is None else debt.rate, "input%"),
        (
            "tenor",
            Text("Tenor, years", "期限（年）"),
            1.0 if debt is None else debt.tenor,
            "input0",
        ),
        (
            "repayment",
            Text(
                "Repayment: 1 level, 2 equal principal, 3 sculpted",
                "还款方式：1 等额本息，2 等额本金，3 按现金流",
            ),
            1.0 + (0 if debt is None else REPAYMENTS.index(debt.repayment)),
            "input0",
        ),
        (
            "cover_before_tax",
            Text("Cover on cash before (1) or after tax (0)", "偿债资金税前（1）或税后（0）"),
            float(debt is not None and debt.dscr_basis == "before tax"),
            "input0",
        ),
        (
            "reserve_months",
            Text("Debt service reserve, months", "偿债准备金（月）"),
            0.0 if debt is None else debt.reserve_months,
            "input",
        ),
    ]
