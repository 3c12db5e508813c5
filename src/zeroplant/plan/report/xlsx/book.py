"""Sheets of cells that are written in one go at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from zeroplant.plan.report.text import Say, text
from zeroplant.plan.report.xlsx.formula import Formula, Operand, Span, as_formula, total

FIRST_YEAR = 3
"""Column of year 0 on sheets of yearly lines: name, unit and total stand before it."""


@dataclass
class Sheet:
    """One sheet: cells by place, each with content and the name of its format."""

    name: str
    cells: dict[tuple[int, int], tuple[Any, str]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    next: int = 0

    def put(self, row: int, column: int, content: Say | Operand, style: str = "text") -> Formula:
        """Write a text, a number or a formula; returns what refers to the cell."""
        if isinstance(content, (str, tuple)):
            self.cells[row, column] = (text(content).both, style)
            return Formula(text(content).both, self._address(row, column))
        self.cells[row, column] = (content, style)
        value = content.value if isinstance(content, Formula) else float(content)
        return Formula(value, self._address(row, column))

    def line(self, *contents: Say | Operand, style: str = "text") -> None:
        """The next row, from the first column on."""
        for column, content in enumerate(contents):
            self.put(self.next, column, content, style)
        self.next += 1

    def span(self, cells: list[Formula], first: tuple[int, int], last: tuple[int, int]) -> Span:
        """A range of this sheet."""
        a, b = self._address(*first), self._address(*last)
        return Span(cells, lambda sheet: f"{a(sheet)}:{b('').rpartition('!')[2]}")

    def _address(self, row: int, column: int) -> Callable[[str], str]:
        own = f"${letters(column)}${row + 1}"
        return lambda sheet: own if sheet == self.name else f"'{self.name}'!{own}"


class Row:
    """A yearly line on a sheet: a cell for each year 0…N."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        self.sheet = sheet
        self.number = number
        self.cells: list[Formula] = []

    def __getitem__(self, year: int) -> Formula:
        return self.cells[year]

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Formula]:
        return iter(self.cells)

    def span(self, first: int = 0, last: int | None = None) -> Span:
        """The years ``first`` to ``last``, both included."""
        last = len(self.cells) - 1 if last is None else last
        places = [(self.number, FIRST_YEAR + year) for year in (first, last)]
        return self.sheet.span(self.cells[first : last + 1], *places)


@dataclass
class Yearly:
    """A sheet of yearly lines; ``years`` is the last year."""

    sheet: Sheet
    years: int

    def head(self, title: Say) -> None:
        """Title and the years."""
        self.sheet.put(self.sheet.next, 0, title, "title")
        self.sheet.next += 1
        names = (("Line", "项目"), ("Unit", "单位"), ("Sum", "合计"))
        for column, name in enumerate(names):
            self.sheet.put(self.sheet.next, column, " ".join(name), "head")
        for year in range(self.years + 1):
            self.sheet.put(self.sheet.next, FIRST_YEAR + year, year, "year")
        self.sheet.next += 1
        self.sheet.widths.update({0: 46, 1: 9, 2: 16})
        self.sheet.widths.update({FIRST_YEAR + year: 14 for year in range(self.years + 1)})

    def section(self, title: Say) -> None:
        """A heading among the lines."""
        self.sheet.put(self.sheet.next, 0, title, "section")
        self.sheet.next += 1

    def row(
        self,
        name: Say,
        formula: Callable[[int, Row], Operand],
        *,
        unit: str = "",
        style: str = "money",
        summed: bool = False,
    ) -> Row:
        """A line whose cell of a year may look at earlier cells of the same line."""
        row = Row(self.sheet, self.sheet.next)
        strong = "strong" if style == "subtotal" else "text"
        self.sheet.put(row.number, 0, name, strong)
        self.sheet.put(row.number, 1, unit, "unit")
        for year in range(self.years + 1):
            content = as_formula(formula(year, row))
            row.cells.append(self.sheet.put(row.number, FIRST_YEAR + year, content, style))
        if summed:
            self.sheet.put(row.number, 2, total(row.span()), style)
        self.sheet.next += 1
        return row


def letters(column: int) -> str:
    """Name of a column: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
