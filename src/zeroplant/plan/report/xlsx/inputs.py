"""The sheet of inputs: everything the cash flow is worked out from, each figure with a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zeroplant.capital import CapitalItem, Project, Terms, YearLine, regime
from zeroplant.capital.depreciation import depreciation_years
from zeroplant.capital.project import COSTS
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import Sheet
from zeroplant.plan.report.xlsx.formula import Formula, Span
from zeroplant.plan.report.xlsx.given import sections

KINDS = ("revenue", *COSTS)

ITEM_FIGURES: tuple[tuple[str, Text], ...] = (
    ("capex", Text("Investment", "投资")),
    ("life", Text("Life, years", "寿命（年）")),
    ("write_down", Text("Depreciated over, years", "折旧年限")),
    ("salvage", Text("Scrap share", "残值率（回收）")),
    ("equipment", Text("Equipment share", "设备占比")),
    ("construction", Text("Construction share", "建安占比")),
    ("replacement", Text("Replacement cost share", "更新成本比例")),
    ("decline", Text("Decline of cost a year", "成本年降幅")),
    ("degradation", Text("Loss of output a year", "出力年衰减")),
)


@dataclass(frozen=True)
class ItemCells:
    """Inputs of one thing bought."""

    item: CapitalItem
    figures: dict[str, Formula]

    def __getitem__(self, name: str) -> Formula:
        return self.figures[name]


@dataclass(frozen=True)
class LineCells:
    """Inputs of one ledger line; the yearly amount is quantity × price, positive as it reads."""

    line: YearLine
    quantity: Formula
    price: Formula
    growth: Formula
    vat: Formula


@dataclass
class Inputs:
    """All inputs, as references; ``places`` are the cells of the defined names."""

    sheet: Sheet
    project: Project
    terms: Terms
    called: Names
    named: dict[str, Formula]
    places: dict[str, str]
    items: list[ItemCells]
    lines: dict[str, list[LineCells]]
    vat_spans: dict[str, Span]

    def __getitem__(self, name: str) -> Formula:
        return self.named[name]


def lay_out(sheet: Sheet, project: Project, terms: Terms, called: Names) -> Inputs:
    """Write the inputs and say where they stand."""
    sheet.widths.update(
        {0: 52, 1: 34, 2: 18, 3: 14, 4: 18, 5: 16, 6: 16, 7: 16, 8: 16, 9: 16, 10: 16}
    )
    sheet.line(Text("Inputs", "输入"), style="title")
    hint = Text(
        "Change a figure in a shaded cell: every sheet of the cash flow follows.",
        "修改底色单元格中的数字，现金流各表随之重算。",
    )
    sheet.line(hint)
    sheet.next += 1
    named: dict[str, Formula] = {}
    places: dict[str, str] = {}
    for title, rows in sections(project, terms):
        sheet.line(title, style="section")
        for name, label, value, style in rows:
            sheet.put(sheet.next, 0, label)
            sheet.put(sheet.next, 1, name, "code")
            places[name] = sheet.put(sheet.next, 2, value, style).write("")
            named[name] = Formula(value, _say(name))
            sheet.next += 1
        sheet.next += 1
    items = _items(sheet, project, terms)
    lines, spans = _lines(sheet, project, terms, called)
    return Inputs(sheet, project, terms, called, named, places, items, lines, spans)


def _say(name: str) -> Callable[[str], str]:
    return lambda _: name


def _items(sheet: Sheet, project: Project, terms: Terms) -> list[ItemCells]:
    sheet.line(Text("What is bought", "投资项目"), style="section")
    heads = [Text("Asset", "资产"), Text("Class", "类别"), *(label for _, label in ITEM_FIGURES)]
    sheet.line(*heads, style="head")
    found = []
    for item in project.items:
        row = sheet.next
        sheet.put(row, 0, item.who)
        sheet.put(row, 1, item.asset_class, "code")
        cells = {}
        for column, (name, _) in enumerate(ITEM_FIGURES, start=2):
            value = (
                depreciation_years(terms, item.asset_class, item.depreciation_years)
                if name == "write_down"
                else float(getattr(item, name))
            )
            cells[name] = sheet.put(row, column, value, "input" if value > 1 else "inputf")
        found.append(ItemCells(item, cells))
        sheet.next += 1
    sheet.next += 1
    return found


def _lines(
    sheet: Sheet, project: Project, terms: Terms, called: Names
) -> tuple[dict[str, list[LineCells]], dict[str, Span]]:
    """Ledger lines of year 1, kind by kind so that each kind is one range."""
    sheet.line(Text("Ledger of the first year", "首年台账"), style="section")
    sheet.line(
        Text("Who: what", "主体：事项"),
        Text("Kind", "类别"),
        Text("Quantity", "数量"),
        Text("Unit", "单位"),
        Text("Price", "单价"),
        Text("Growth a year", "年增长率"),
        Text("VAT rate", "增值税率"),
        Text("Amount of year 1", "首年金额"),
        style="head",
    )
    rates = regime(terms.regime).vat
    found: dict[str, list[LineCells]] = {}
    spans: dict[str, Span] = {}
    for kind in KINDS:
        mine = [line for line in project.lines if line.kind == kind]
        first = sheet.next
        found[kind] = [_line(sheet, line, terms, rates[line.kind].value, called) for line in mine]
        if mine:
            cells = [line.vat for line in found[kind]]
            spans[kind] = sheet.span(cells, (first, 6), (sheet.next - 1, 6))
    return found, spans


def _line(sheet: Sheet, line: YearLine, terms: Terms, usual_vat: float, called: Names) -> LineCells:
    row = sheet.next
    sheet.next += 1
    sheet.put(row, 0, f"{line.who}: {called.phrase(line.what, line.who).both}")
    sheet.put(row, 1, line.kind, "code")
    amount = -line.amount if line.kind == "revenue" else line.amount
    quantity, price, unit = line.quantity, line.price, line.unit
    if abs(quantity * price - amount) > 1e-9 * max(abs(amount), 1e-9):
        quantity, price, unit = 1.0, amount, "a"
    growth = terms.escalation.of(line.kind) if line.escalation is None else line.escalation
    vat = usual_vat if line.vat is None else line.vat
    cells = LineCells(
        line,
        sheet.put(row, 2, quantity, "input"),
        sheet.put(row, 4, price, "input"),
        sheet.put(row, 5, growth, "input%"),
        sheet.put(row, 6, vat, "input%"),
    )
    sheet.put(row, 3, unit, "unit")
    sheet.put(row, 7, cells.quantity * cells.price, "money")
    return cells
