"""The lines of the cash flow as they stand on their sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from zeroplant.capital.statement import LINES
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import Row, Yearly
from zeroplant.plan.report.xlsx.formula import Formula, Operand
from zeroplant.plan.report.xlsx.inputs import Inputs

NAMES = {key: Text(english, chinese) for key, english, chinese, _ in LINES}


@dataclass
class Statement:
    """Lines of the cash flow by the statement's keys, on their sheets."""

    yearly: Yearly
    inputs: Inputs
    rows: dict[str, Row] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Row:
        return self.rows[key]

    def add(
        self,
        key: str,
        formula: Callable[[int, Row], Operand],
        style: str = "money",
        *,
        summed: bool = True,
    ) -> Row:
        """A line under its name in the statement."""
        unit = {"energy": "MWh", "dscr": "1"}.get(key, self.inputs.project.currency)
        row = self.yearly.row(NAMES[key], formula, unit=unit, style=style, summed=summed)
        self.rows[key] = row
        return row


def running(row: Row) -> Callable[[int, Row], Operand]:
    """The sum of a line so far."""
    return lambda t, me: row[t] if t == 0 else me[t - 1] + row[t]


def sum_of(rows: Sequence[Row], year: int) -> Operand:
    """One year of several lines added up."""
    value: Formula | None = None
    for row in rows:
        value = row[year] if value is None else value + row[year]
    return 0 if value is None else value
