"""The sheet of operation: ledger lines over the years, VAT, and the rate of income tax."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zeroplant.capital.project import COSTS
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import FIRST_YEAR, Row, Yearly
from zeroplant.plan.report.xlsx.formula import (
    Formula,
    Operand,
    Span,
    as_formula,
    most,
    product,
    when,
)
from zeroplant.plan.report.xlsx.inputs import Inputs, LineCells
from zeroplant.plan.report.xlsx.schedule import Schedule
from zeroplant.plan.report.xlsx.statement import NAMES

Lines = dict[str, list[Row]]


@dataclass(frozen=True)
class Vat:
    """VAT of each year: on sales, on costs, paid to the state; and the credit carried on."""

    collected: Row
    on_costs: Row
    paid: Row
    credit: Row


def carried_lines(work: Yearly, inputs: Inputs, schedule: Schedule) -> Lines:
    """Every ledger line in every year, by kind."""
    found: Lines = {}
    for kind, lines in inputs.lines.items():
        if lines:
            work.section(NAMES[kind])
        found[kind] = [
            work.row(
                f"{line.line.who}: {inputs.called.phrase(line.line.what, line.line.who).both}",
                _carried(inputs, schedule, line),
            )
            for line in lines
        ]
    return found


def _carried(inputs: Inputs, schedule: Schedule, cells: LineCells) -> Callable[[int, Row], Operand]:
    """A ledger line in a year: grown by its escalation, shrunk by ageing, without VAT."""
    line = cells.line
    output = schedule.output(line.who) if line.with_generation else None
    factor = inputs["price_factor" if line.kind == "revenue" else "opex_factor"]

    def amount(year: int, _: Row) -> Operand:
        if year < max(1, line.first):
            return 0
        value = cells.quantity * cells.price * factor * (1 + cells.growth) ** (year - 1)
        if output is not None:
            value = value * inputs["volume_factor"] * output[year]
        inclusive = inputs["prices_include_vat"].equals(1)
        return value / when(inclusive, 1 + cells.vat, 1)

    return amount


def vat_lines(work: Yearly, inputs: Inputs, schedule: Schedule, lines: Lines) -> Vat:
    """What was paid to suppliers is kept back from what is owed until it is used up."""
    work.section(Text("VAT", "增值税"))

    def vat_of(kinds: tuple[str, ...], t: int) -> Formula:
        value: Formula | None = None
        for kind in kinds:
            if lines[kind] and t:
                part = product(_column(lines[kind], t), inputs.vat_spans[kind])
                value = part if value is None else value + part
        return as_formula(0.0) if value is None else value

    collected = work.row(NAMES["vat_collected"], lambda t, _: vat_of(("revenue",), t))
    on_costs = work.row(NAMES["vat_on_costs"], lambda t, _: vat_of(COSTS, t))
    bought = work.row(
        Text("VAT on what is bought", "购置进项税额"),
        lambda t, _: schedule.summed([rows.vat for rows in schedule.items], t),
    )

    def owed(t: int, me: Row) -> Operand:
        due = collected[t] - on_costs[t] - bought[t]
        return me[t - 1] + due if t else due

    balance = work.row(Text("VAT owed less credited, so far", "累计应抵税额"), owed)
    to_date = work.row(
        Text("VAT paid, so far", "累计已缴"),
        lambda t, me: most(me[t - 1], balance[t]) if t else most(0, balance[t]),
    )
    paid = work.row(
        NAMES["vat_paid"], lambda t, _: to_date[t] - to_date[t - 1] if t else to_date[t]
    )
    credit = work.row(NAMES["vat_credit"], lambda t, _: to_date[t] - balance[t])
    return Vat(collected, on_costs, paid, credit)


def tax_rates(work: Yearly, i: Inputs) -> Row:
    """Income tax rate of each year, with the holiday and the end of reduced rates."""
    work.section(Text("Income tax", "所得税"))
    own = work.row(
        Text("Rate without holiday", "无优惠税率"),
        lambda t, _: when(
            i["first_year"] + (t - 1) > i["reduced_until"], i["standard_tax_rate"], i["tax_rate"]
        ),
        style="share",
    )

    def rate(t: int, _: Row) -> Operand:
        if t == 0:
            return 0
        full = when(i["halved_standard"].equals(1), most(own[t], i["standard_tax_rate"]), own[t])
        halved = when(i["exempt_years"] + i["half_years"] >= t, full / 2, own[t])
        favoured = when(i["exempt_years"] >= t, 0, halved)
        return i["holiday_share"] * favoured + (1 - i["holiday_share"]) * own[t]

    return work.row(Text("Rate", "适用税率"), rate, style="share")


def _column(rows: list[Row], year: int) -> Span:
    """One year of lines that stand below each other, as a range."""
    sheet, column = rows[0].sheet, FIRST_YEAR + year
    cells = [row[year] for row in rows]
    return sheet.span(cells, (rows[0].number, column), (rows[-1].number, column))
