"""The report as a workbook whose cash flow is worked out by live formulae."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zeroplant.files import atomic_path
from zeroplant.plan.report.facts import Facts, gather
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.subject import FinanceLike, Subject
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx import cash, inputs, measures, schedule, sheets
from zeroplant.plan.report.xlsx.book import FIRST_YEAR, Sheet
from zeroplant.plan.report.xlsx.formula import Formula

NAMES = {
    "summary": "Summary 摘要",
    "sizes": "Sizes 容量",
    "ledger": "Ledger 台账",
    "inputs": "Inputs 输入",
    "cash": "Cash flow 现金流",
    "operation": "Operation 运营",
    "assets": "Assets 资产",
    "loan": "Loan 借款",
    "monthly": "Monthly 月度",
    "carriers": "Carriers 介质",
    "findings": "Findings 专项",
    "rules": "Rules 规则",
}
"""Names of the sheets, in their order."""

MONEY = "#,##0;[Red]-#,##0;0"
FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "title": {"bold": True, "font_size": 15},
    "section": {"bold": True, "font_color": "#0b6e4f", "top": 1},
    "head": {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"},
    "year": {"bold": True, "bottom": 2, "num_format": "0", "align": "right"},
    "strong": {"bold": True},
    "unit": {"font_color": "#5a6675"},
    "code": {"font_color": "#5a6675"},
    "wrap": {},
    "money": {"num_format": MONEY},
    "subtotal": {"num_format": MONEY, "bold": True, "top": 1},
    "count": {"num_format": "#,##0"},
    "ratio": {"num_format": "#,##0.00##"},
    "share": {"num_format": "0.0000"},
    "percent": {"num_format": "0.00%"},
    "input": {"num_format": "#,##0.####", "bg_color": "#fff4cc", "border": 1},
    "inputf": {"num_format": "0.####", "bg_color": "#fff4cc", "border": 1},
    "input0": {"num_format": "0", "bg_color": "#fff4cc", "border": 1},
    "input%": {"num_format": "0.00##%", "bg_color": "#fff4cc", "border": 1},
}


def write_xlsx(subject: Subject, path: str | Path) -> None:
    """Write the workbook of a plan. Raises InputError if the place cannot be written."""
    facts = gather(subject)
    built, names = build(facts)
    with atomic_path(path) as temporary:
        _save(temporary, built, names, facts)


def build(facts: Facts) -> tuple[dict[str, Sheet], dict[str, str]]:
    """All sheets by key, and the defined names with the cells they stand for."""
    built = {key: Sheet(name) for key, name in NAMES.items()}
    named: dict[str, str] = {}
    found: dict[str, Formula] = {}
    finance = facts.subject.finance
    if finance is None:
        for key in ("inputs", "cash", "operation", "assets", "loan"):
            del built[key]
    else:
        named, found = capital(built, finance, facts.names)
    sheets.summary(built["summary"], facts, found)
    sheets.sizes(built["sizes"], facts)
    sheets.ledger(built["ledger"], facts)
    sheets.monthly(built["monthly"], facts)
    sheets.rules(built["rules"], facts)
    for key, found_any, fill in (
        ("carriers", facts.balances, sheets.carriers),
        ("findings", facts.findings, sheets.findings),
    ):
        if found_any:
            fill(built[key], facts)
        else:
            del built[key]
    return built, named


def capital(
    built: dict[str, Sheet], finance: FinanceLike, called: Names
) -> tuple[dict[str, str], dict[str, Formula]]:
    """The sheets of the money; returns defined names and the cells of the measures."""
    given = inputs.lay_out(built["inputs"], finance.project, finance.terms, called)
    plan = schedule.lay_out(built["assets"], given)
    book = cash.lay_out(built, given, plan)
    return dict(given.places), measures.lay_out(built["cash"], book)


def _save(path: Path, built: dict[str, Sheet], names: dict[str, str], facts: Facts) -> None:
    import xlsxwriter

    from zeroplant.plan.report.xlsx.page import Page

    workbook = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    workbook.set_properties({"title": facts.name, "comments": Text("Plan report", "规划报告").both})
    formats = {name: workbook.add_format(form) for name, form in FORMATS.items()}
    for sheet in built.values():
        _write(workbook.add_worksheet(sheet.name, Page), sheet, formats)
    for name, place in names.items():
        workbook.define_name(name, f"={place}")
    workbook.close()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for (row, column), (content, style) in sheet.cells.items():
        form = formats[style]
        if isinstance(content, Formula):
            words = content.write(sheet.name)
            page.write_formula(row, column, f"={words}", form, content.value)
        elif isinstance(content, str):
            page.write_string(row, column, content, form)
        else:
            page.write_number(row, column, content, form)
    for column, width in sheet.widths.items():
        page.set_column(column, column, width)
    if sheet.name in (NAMES["cash"], NAMES["operation"], NAMES["assets"], NAMES["loan"]):
        page.freeze_panes(2, FIRST_YEAR)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
