"""The sheet of the cash flow: from revenue to the owners' cash, each yearly line a formula."""

from __future__ import annotations

from zeroplant.capital.project import COSTS
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import Row, Sheet, Yearly
from zeroplant.plan.report.xlsx.formula import Formula, Operand, as_formula, most, when
from zeroplant.plan.report.xlsx.inputs import Inputs
from zeroplant.plan.report.xlsx.loan import Books, LoanRows, loan_rounds, taxed
from zeroplant.plan.report.xlsx.operation import (
    Lines,
    Vat,
    carried_lines,
    tax_rates,
    vat_lines,
)
from zeroplant.plan.report.xlsx.schedule import Schedule
from zeroplant.plan.report.xlsx.statement import Statement, running, sum_of


def lay_out(sheets: dict[str, Sheet], inputs: Inputs, schedule: Schedule) -> Statement:
    """Write operation, investment, loan, tax and the owners' cash."""
    years = inputs.terms.years
    work = Yearly(sheets["operation"], years)
    work.head(Text("Ledger lines over the years, without VAT", "台账逐年金额（不含税）"))
    lines = carried_lines(work, inputs, schedule)
    vat = vat_lines(work, inputs, schedule, lines)
    loan_sheet = Yearly(sheets["loan"], years)
    loan_sheet.head(Text("Loan and tax in rounds", "借款与所得税迭代"))
    book = Statement(Yearly(sheets["cash"], years), inputs)
    book.yearly.head(Text("Cash flow", "现金流量表"))
    _earn(book, lines, schedule, vat)
    _invest(book, schedule)
    rates = tax_rates(work, inputs)
    books = _books(work, book, schedule, rates)
    cost = book["capex"][0] + book["capex_vat"][0]
    loan = loan_rounds(loan_sheet, inputs, books, cost)
    _finance(book, loan_sheet, books, loan)
    return book


def _earn(book: Statement, lines: Lines, schedule: Schedule, vat: Vat) -> None:
    """From revenue to EBITDA, and the cash of VAT."""
    inputs = book.inputs
    curve = schedule.output(None)
    energy = inputs["energy_year_1"] * inputs["volume_factor"]
    book.add("energy", lambda t, _: energy * curve[t] if t else 0, "count")
    for kind in ("revenue", *COSTS):
        book.add(kind, lambda t, _, kind=kind: sum_of(lines[kind], t))  # type: ignore[misc]
    book.add("surcharge", lambda t, _: inputs["surcharge_rate"] * vat.paid[t])
    book.add(
        "ebitda",
        lambda t, _: book["revenue"][t] - sum_of([book[k] for k in (*COSTS, "surcharge")], t),
        "subtotal",
    )
    book.add("vat_collected", lambda t, _: vat.collected[t])
    book.add("vat_on_costs", lambda t, _: vat.on_costs[t])
    book.add("vat_paid", lambda t, _: vat.paid[t])
    book.add("vat_credit", lambda t, _: vat.credit[t], summed=False)


def _invest(book: Statement, schedule: Schedule) -> None:
    bought = [rows.bought for rows in schedule.items]
    taxed_ = [rows.vat for rows in schedule.items]
    book.add("replacement", lambda t, _: schedule.summed(bought, t) if t else 0)
    book.add("replacement_vat", lambda t, _: schedule.summed(taxed_, t) if t else 0)
    book.add(
        "cash_before_tax",
        lambda t, _: (
            book["ebitda"][t]
            + book["vat_collected"][t]
            - book["vat_on_costs"][t]
            - book["vat_paid"][t]
            - book["replacement"][t]
            - book["replacement_vat"][t]
        ),
        "subtotal",
    )
    book.add("capex", lambda t, _: 0 if t else schedule.summed(bought, 0))
    book.add("capex_vat", lambda t, _: 0 if t else schedule.summed(taxed_, 0))


def _books(work: Yearly, book: Statement, schedule: Schedule, rates: Row) -> Books:
    items = schedule.items
    depreciation = work.row(
        Text("Depreciation of what is bought", "资产折旧"),
        lambda t, _: schedule.summed([rows.depreciation for rows in items], t),
    )
    cost = schedule.summed([rows.bought for rows in items], 0)

    def share(t: int, _: Row) -> Operand:
        value: Formula | None = None
        for rows in items:
            part = rows.bought[0] * rows.first_share[t]
            value = part if value is None else value + part
        return 0 if value is None else when(cost > 0, value / most(cost, 1e-99), 0)

    interest = work.row(
        Text("Share of construction interest written down", "建设期利息折旧率"),
        share,
        style="share",
    )
    salvage = work.row(
        Text("Scrap value", "回收残值"),
        lambda t, _: schedule.summed([rows.salvage for rows in items], t),
    )
    return Books(book["ebitda"], salvage, book["cash_before_tax"], depreciation, interest, rates)


def _finance(book: Statement, loan_sheet: Yearly, books: Books, loan: LoanRows) -> None:
    """Income tax, the loan, and what is left to the owners and to the project without debt."""
    i, add, cash = book.inputs, book.add, book["cash_before_tax"]
    loan_sheet.section(Text("With the loan", "计入借款"))
    depreciation, profit, taxable, tax = taxed(loan_sheet, i, books, loan.interest, loan.during)
    loan_sheet.section(Text("Without debt", "无借款"))
    *_, alone = taxed(loan_sheet, i, books, None, None)
    add("construction_interest", lambda t, _: 0 if t else loan.during)
    add("salvage", lambda t, _: books.salvage[t])
    add("depreciation", lambda t, _: depreciation[t])
    add("interest", lambda t, _: loan.interest[t])
    add("profit", lambda t, _: profit[t])
    add("taxable", lambda t, _: taxable[t])
    add("tax", lambda t, _: tax[t])
    add("cfads", lambda t, _: when(i["cover_before_tax"].equals(1), cash[t], cash[t] - tax[t]))
    _debt(book, loan)
    _owners(book)
    add("tax_without_debt", lambda t, _: alone[t])

    def gained(t: int, _: Row) -> Operand:
        return cash[t] - _spent(book, t) + book["salvage"][t] - alone[t]

    add("project_cash", gained, "subtotal")
    add("project_cumulative", running(book["project_cash"]), summed=False)


def _debt(book: Statement, loan: LoanRows) -> None:
    """The loan's own lines, the cover and the reserve."""
    add, last, months = book.add, book.yearly.years, book.inputs["reserve_months"]
    add("debt_drawn", lambda t, _: 0 if t else loan.amount)
    add("principal", lambda t, _: loan.principal[t])
    add("debt_balance", lambda t, _: loan.balance[t], summed=False)

    def cover(t: int, _: Row) -> Operand:
        rounding = 1e-12 * _spent(book, 0)  # what is left of a loan that is paid back
        return when(loan.service[t] <= rounding, "", book["cfads"][t] / loan.service[t])

    add("dscr", cover, "ratio", summed=False)

    def held(t: int) -> Formula:
        return months / 12 * loan.service[t + 1] if t < last else as_formula(0.0)

    add("reserve_change", lambda t, _: held(t) - held(t - 1) if t else held(t))
    add("reserve_balance", lambda t, _: held(t), summed=False)


def _owners(book: Statement) -> None:
    """Cash of the owners after tax and debt."""
    gains = ("cash_before_tax", "salvage", "debt_drawn")
    drains = ("tax", "interest", "principal", "construction_interest", "reserve_change")

    def left(t: int, _: Row) -> Operand:
        value = as_formula(sum_of([book[key] for key in gains], t)) - _spent(book, t)
        for key in drains:
            value = value - book[key][t]
        return value

    book.add("equity_cash", left, "subtotal")
    book.add("equity_cumulative", running(book["equity_cash"]), summed=False)


def _spent(book: Statement, year: int) -> Formula:
    return book["capex"][year] + book["capex_vat"][year]
