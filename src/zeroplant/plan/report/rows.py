"""Rows of the larger tables: measures, the yearly statement, assumptions."""

from __future__ import annotations

from dataclasses import dataclass, fields

from zeroplant.assets import Finding
from zeroplant.plan.report.facts import Facts
from zeroplant.plan.report.facts.assumptions import Assumption, assumptions, kind_title
from zeroplant.plan.report.figures import (
    money,
    number,
    percent,
    price,
    quantity,
    table_money,
)
from zeroplant.plan.report.text import Text, same
from zeroplant.plan.report.words import MEASURES

# Columns of the statement on the page: name, lines added, lines taken off.
COLUMNS: tuple[tuple[Text, tuple[str, ...], tuple[str, ...]], ...] = (
    (Text("Revenue", "收入"), ("revenue",), ()),
    (
        Text("Operating costs", "经营成本"),
        ("fixed", "running", "purchase", "charge", "emission", "surcharge"),
        (),
    ),
    (Text("EBITDA", "息税折旧摊销前利润"), ("ebitda",), ()),
    (Text("VAT, net paid", "增值税净支出"), ("vat_on_costs", "vat_paid"), ("vat_collected",)),
    (
        Text("Investment", "投资"),
        ("capex", "capex_vat", "replacement", "replacement_vat", "construction_interest"),
        ("salvage",),
    ),
    (Text("Income tax", "所得税"), ("tax",), ()),
    (Text("Loan", "借款"), ("debt_drawn",), ()),
    (Text("Debt service", "还本付息"), ("interest", "principal"), ()),
    (Text("Equity cash", "资本金现金流"), ("equity_cash",), ()),
    (Text("Cumulative", "累计"), ("equity_cumulative",), ()),
    (Text("DSCR", "偿债备付率"), ("dscr",), ()),
)


SITE = Text("Site", "厂址")


@dataclass(frozen=True)
class Table:
    """Column names and rows; the first cell of a row is its name."""

    columns: list[Text]
    rows: list[list[Text]]


def statement_rows(facts: Facts) -> Table | None:
    """Year by year, the lines a lender reads first."""
    finance = facts.subject.finance
    if finance is None:
        return None
    statement = finance.appraisal.statement
    rows = []
    for year in statement.years:
        row = [same(str(year))]
        for _, plus, minus in COLUMNS:
            value = sum(float(statement[key][year]) for key in plus)
            value -= sum(float(statement[key][year]) for key in minus)
            row.append(same(number(value, decimals=2)) if plus == ("dscr",) else table_money(value))
        rows.append(row)
    return Table([name for name, _, _ in COLUMNS], rows)


def measure_rows(facts: Facts) -> list[tuple[Text, Text]]:
    """Every measure that exists, with its name."""
    finance = facts.subject.finance
    if finance is None:
        return []
    rows = []
    for field in fields(finance.appraisal.measures):
        value = getattr(finance.appraisal.measures, field.name)
        if value is not None:
            name = MEASURES.get(field.name, same(field.name))
            rows.append((name, _measure(field.name, value, facts.currency)))
    return rows


def _measure(name: str, value: float, currency: str) -> Text:
    if "irr" in name or name == "wacc":
        return same(percent(value, 2))
    if "lcoe" in name:
        return price(value, "MWh", currency)
    if "payback" in name:
        return Text(f"{number(value)} years", f"{number(value)} 年")
    if "dscr" in name or name == "llcr":
        return same(number(value, decimals=2))
    return money(value, currency)


def assumption_tables(facts: Facts) -> list[tuple[str, Text, list[Assumption]]]:
    """For each site and asset its name, its kind, and its parameters."""
    axis, code = facts.power.axis, facts.currency
    plant = facts.subject.plant
    found = [
        (name, kind_title(asset), assumptions(asset, axis, code))
        for name, asset in plant.assets.items()
    ]
    sites = [(name, SITE, assumptions(site, axis, code)) for name, site in plant.sites.items()]
    return sites + found


def finding(found: Finding, currency: str) -> Text:
    """What an asset found, with its unit; shares in percent."""
    if found.unit == "1":
        return same(percent(found.value))
    if found.unit == "money":
        return money(found.value, currency)
    if found.unit.startswith("money/"):
        return price(found.value, found.unit.removeprefix("money/"), currency)
    return quantity(found.value, found.unit)


def finance_terms(facts: Facts) -> list[Assumption]:
    """The terms of finance, as parameters."""
    finance = facts.subject.finance
    if finance is None:
        return []
    return assumptions(finance.terms, facts.power.axis, facts.currency)
