"""NPV, IRR, LCOE, DSCR and the rest, as formulas on the cash flow."""

from __future__ import annotations

from zeroplant.plan.report.text import Text
from zeroplant.plan.report.words import MEASURES
from zeroplant.plan.report.xlsx.book import Row, Sheet
from zeroplant.plan.report.xlsx.formula import (
    Formula,
    Operand,
    Span,
    all_of,
    any_of,
    as_formula,
    count,
    lowest,
    mean,
    rate_of_return,
    total,
    when,
    worth,
)
from zeroplant.plan.report.xlsx.statement import Statement

STYLES = {
    "npv": "subtotal",
    "project_npv": "subtotal",
    "debt": "subtotal",
    "equity": "subtotal",
    "project_irr": "percent",
    "equity_irr": "percent",
    "wacc": "percent",
}


def lay_out(sheet: Sheet, book: Statement) -> dict[str, Formula]:
    """Write every measure under the cash flow; returns the cells by the names of `Measures`."""
    yearly, i = book.yearly, book.inputs
    yearly.section(Text("Measures", "评价指标"))
    real = when(
        i["discount_is_real"].equals(1),
        i["discount_rate"],
        (1 + i["discount_rate"]) / (1 + i["inflation"]) - 1,
    )
    real = _put(sheet, Text("Real discount rate", "实际折现率"), real, "percent")
    rate = (1 + real) * (1 + i["inflation"]) - 1
    rate = _put(sheet, Text("Nominal discount rate", "名义折现率"), rate, "percent")
    found = _values(book, rate, real) | _cover(book, rate)
    found |= _paybacks(book, rate)
    cells = {key: _put(sheet, MEASURES[key], found[key], STYLES.get(key, "ratio")) for key in found}
    share = cells["debt"] / (cells["debt"] + cells["equity"])
    cost = i["loan_rate"] * i["interest_factor"] * (1 - i["tax_rate"])
    wacc = (1 - share) * cells["equity_irr"] + share * cost
    irr = Span([cells["equity_irr"]], cells["equity_irr"].write)
    guarded = when(count(irr) > 0, wacc, "")
    cells["wacc"] = _put(sheet, MEASURES["wacc"], guarded, "percent")
    return cells


def _put(sheet: Sheet, name: Text, formula: Operand | Formula, style: str) -> Formula:
    sheet.put(sheet.next, 0, name, "strong")
    cell = sheet.put(sheet.next, 2, formula, style)
    sheet.next += 1
    return cell


def _present(rate: Formula, row: Row) -> Formula:
    return worth(rate, row[0], row.span(1))


def _values(book: Statement, rate: Formula, real: Formula) -> dict[str, Formula]:
    equity, project = book["equity_cash"], book["project_cash"]
    revenue, energy = _present(rate, book["revenue"]), _present(rate, book["energy"])
    energy_real = _present(real, book["energy"])
    npv, project_npv = _present(rate, equity), _present(rate, project)
    made = total(book["energy"].span()) > 0

    def per_mwh(value: Formula, mwh: Formula) -> Formula:
        return when(made, (revenue - value) / mwh, "")

    return {
        "npv": npv,
        "project_npv": project_npv,
        "project_irr": rate_of_return(project.span(), rate),
        "equity_irr": rate_of_return(equity.span(), rate),
        "lcoe": per_mwh(npv, energy),
        "lcoe_real": per_mwh(npv, energy_real),
        "project_lcoe": per_mwh(project_npv, energy),
    }


def _cover(book: Statement, rate: Formula) -> dict[str, Formula]:
    i, cover = book.inputs, book["dscr"].span()
    some = count(cover) > 0
    loan_rate = i["loan_rate"] * i["interest_factor"]
    term = book.yearly.row(
        Text("Cash for debt service in the loan's life", "贷款期内可偿债资金"),
        lambda t, _: when(count(book["dscr"].span(t, t)) > 0, book["cfads"][t], 0),
    )
    debt, equity = total(book["debt_drawn"].span()), -book["equity_cash"][0]
    return {
        "dscr_min": when(some, lowest(cover), ""),
        "dscr_average": when(some, mean(cover), ""),
        "llcr": when(debt > 0, _present(loan_rate, term) / debt, ""),
        "debt": debt,
        "equity": equity,
    }


def _paybacks(book: Statement, rate: Formula) -> dict[str, Formula]:
    discounted = book.yearly.row(
        Text("Cash of the project, discounted", "项目现金流折现"),
        lambda t, _: book["project_cash"][t] * (1 + rate) ** -t,
    )
    return {
        "payback_years": _payback(book, book["project_cash"]),
        "discounted_payback_years": _payback(book, discounted),
    }


def _payback(book: Statement, cash: Row) -> Formula:
    """The year in which the running sum first reaches 0, interpolated; empty if it never does."""
    row = book.yearly.row
    sums = row(Text("Sum so far", "累计"), lambda t, me: cash[t] if t == 0 else me[t - 1] + cash[t])
    back = row(
        Text("Paid back (1)", "已回收（1）"),
        lambda t, me: (
            when(sums[0] >= 0, 1, 0)
            if t == 0
            else when(any_of(me[t - 1].equals(1), sums[t] >= 0), 1, 0)
        ),
        style="count",
    )

    def when_back(t: int, _: Row) -> Operand:
        if t == 0:
            return 0
        first = all_of(back[t].equals(1), back[t - 1].equals(0))
        return when(first, (t - 1) - sums[t - 1] / when(cash[t].equals(0), 1, cash[t]), 0)

    years = row(Text("Years until then", "回收年数"), when_back, style="ratio")
    last = book.yearly.years
    return when(back[last].equals(1), total(years.span()) + as_formula(0), "")
