"""The plan on a terminal: sizes, energy, money, rules and carbon in one small picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zeroplant.plan.report.facts import Facts, gather
from zeroplant.plan.report.facts.rules import RuleRow
from zeroplant.plan.report.figures import (
    emissions,
    energy,
    exists,
    money,
    number,
    percent,
    price,
    quantity,
    ratio,
)
from zeroplant.plan.report.rows import finding
from zeroplant.plan.report.subject import Subject

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 94
MARKS = {
    "met": ("✓", "green"),
    "broken": ("✗", "bold red"),
    "unknown": ("?", "yellow"),
    "reported": ("·", "dim"),
    "reported low": ("·", "yellow"),
}


def print_summary(subject: Subject, console: Console) -> None:
    """Print a plan; at most 94 columns, and as clear without colours."""
    from rich.padding import Padding
    from rich.text import Text as Words

    facts = gather(subject)
    console.print()
    console.print(Words(facts.name, style="bold", overflow="ellipsis", no_wrap=True), width=WIDTH)
    console.print(Words(_subtitle(facts), style="dim"), width=WIDTH)
    tables = [_sizes(facts), _energy(facts), _money(facts), _carbon(facts)]
    if facts.rules:
        tables.insert(3, _rules(facts))
    if facts.findings:
        tables.append(_findings(facts))
    for table in tables:
        console.print(Padding(table, (1, 0, 0, 0)), width=WIDTH)
    for row in facts.rules:
        for cure in row.cures:
            console.print(Words(f"  {cure.words[0]}"), width=WIDTH)
    for cure in facts.cures:
        console.print(Words(f"  {cure.words[0]}"), width=WIDTH)
    console.print()


def _subtitle(facts: Facts) -> str:
    axis, answer = facts.power.axis, facts.subject.solution
    days = axis.local.astype("M8[D]")
    proof = "" if answer.status == "optimal" else f" (gap {percent(answer.gap, 2)})"
    # Why another solver did not take it is told in the report; here the name is enough.
    took = f"{answer.solver.partition(' (')[0]}, {number(answer.seconds)} s"
    return f"{days[0]} – {days[-1]} · {answer.status}{proof} · {took}"


def _table(title: str, *columns: str) -> Table:
    """A table whose first column is text, called ``title``, and whose others are figures."""
    from rich import box
    from rich.table import Table

    table = Table(
        header_style="dim",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        width=WIDTH,
    )
    for place, name in enumerate((f"[bold cyan not dim]{title}[/]", *columns)):
        ratio, justify = (7 - len(columns), "left") if place == 0 else (2, "right")
        table.add_column(name, ratio=ratio, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _sizes(facts: Facts) -> Table:
    table = _table("Sizes", "size", "range", "investment")
    for row in facts.sizes:
        bounds = "given"
        if row.chosen:
            high = number(row.upper) if exists(row.upper) else "∞"
            bounds = f"{number(row.lower)} … {high}" + (" ▲" if row.at_upper else "")
        cost = "" if row.cost is None else money(row.cost, facts.currency).en
        table.add_row(
            _plain(facts.names.part(row.name).en), quantity(row.value, row.unit).en, bounds, cost
        )
    return table


def _energy(facts: Facts) -> Table:
    table = _table("Energy of a year", "energy", "peak", "full load", "curtailed")
    for row in facts.flows:
        table.add_row(
            _plain(facts.names.part(row.name).en),
            energy(row.mwh),
            f"{number(row.peak)} MW",
            "" if row.hours is None else f"{number(row.hours, decimals=0)} h",
            "" if row.curtailed is None else percent(row.curtailed),
        )
    return table


def _money(facts: Facts) -> Table:
    table = _table("Money", "")
    books, code = facts.books, facts.currency
    table.add_row("Cost of a year, annuities included", money(books.cost, code).en)
    table.add_row("Revenue of a year", money(books.revenue, code).en)
    if books.penalty:
        table.add_row("Priced wishes not met (paid by nobody)", money(books.penalty, code).en)
    found = facts.outcomes
    if found is not None:
        low, high = (f(each.cost for each in found.each) for f in (min, max))
        spread = f"{money(low, code).en} … {money(high, code).en}"
        table.add_row(f"Cost of the {len(found.each)} outcomes", spread)
        table.add_row(f"CVaR, mean of the worst {percent(found.tail)}", money(found.cvar, code).en)
    finance = facts.subject.finance
    if finance is not None:
        figures = finance.appraisal.measures
        rate = percent(finance.terms.nominal_rate)
        table.add_row(
            f"NPV of the project, {finance.terms.years} years at {rate}",
            money(figures.project_npv, code).en,
        )
        irrs = f"{percent(figures.project_irr)} / {percent(figures.equity_irr)}"
        table.add_row("IRR, project / equity", irrs)
        table.add_row(
            "LCOE without debt, bought power included", price(figures.project_lcoe, "MWh", code).en
        )
        if figures.dscr_min is not None:
            table.add_row("DSCR, lowest", number(figures.dscr_min, decimals=2))
        if figures.payback_years is not None:
            table.add_row("Payback", f"{number(figures.payback_years)} years")
    return table


def _rules(facts: Facts) -> Table:
    table = _table("Rules", "value", "limit", "margin", "shadow price")
    for row in facts.rules:
        mark, style = MARKS[row.state]
        found = row.result
        sense = "≥" if found.sense == ">=" else "≤"
        table.add_row(
            f"[{style}]{mark}[/] {_plain(row.title.en)}",
            ratio(found.value, found.unit).en,
            f"{sense} {ratio(found.limit, found.unit).en}",
            ratio(found.margin, found.unit).en,
            _shadow(row, facts.currency),
        )
    return table


def _shadow(row: RuleRow, currency: str) -> str:
    if row.shadow is None:
        return ""
    return "slack" if row.shadow < 0.005 else price(row.shadow, row.result.counted, currency).en


def _carbon(facts: Facts) -> Table:
    account = facts.subject.carbon
    table = _table("Carbon", "")
    table.add_row("Emissions of a year", emissions(account.emissions))
    table.add_row("The same load on grid power alone", emissions(account.reference))
    table.add_row("Per MWh of load", f"{number(account.intensity)} tCO₂/MWh")
    table.add_row("Load matched by renewable energy, hour by hour", percent(account.matched))
    return table


def _findings(facts: Facts) -> Table:
    table = _table("What the assets show", "")
    for name, _, rows in facts.findings:
        for row in rows:
            table.add_row(_plain(f"{name}: {row.title[0]}"), finding(row, facts.currency).en)
    return table


def _plain(words: str) -> str:
    """Names from the plant file are no markup."""
    from rich.markup import escape

    return escape(words)
