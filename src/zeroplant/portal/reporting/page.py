"""The report of a span of days as one page, in both languages, nothing fetched from anywhere.

It has the style sheet, the script and the drawing of the plan's report.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zeroplant.files import write_atomic
from zeroplant.plan.report.charts.course import Line, curves
from zeroplant.plan.report.charts.page import Chart
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.html import environment
from zeroplant.plan.report.text import Text, same
from zeroplant.portal.figures import figure
from zeroplant.portal.reporting.facts import Course, Operation
from zeroplant.portal.reporting.tables import gained, known_share, severity
from zeroplant.portal.reporting.words import WORDS

MOST_CHARTS = 60


def write_page(found: Operation, path: Path) -> None:
    """Write the report as one self-contained page."""
    templates = environment("zeroplant.portal.reporting")
    write_atomic(path, templates.get_template("operation.html.j2").render(
        w=WORDS,
        found=found,
        tiles=_tiles(found),
        charts=[_chart(found, course) for course in found.courses[:MOST_CHARTS]],
        energy=[(WORDS[key], _said(value, "MWh"))
                for key, value in found.account["energy"].items()],
        money=[(name, _said(gained(values), found.currency), known_share(values))
               for name, values in found.lines],
        severity=severity,
    ))  # fmt: skip


def _tiles(found: Operation) -> list[tuple[Text, Text, Text]]:
    """What one looks for first: its name, value and a remark."""
    total, carbon = found.account["money"]["total"], found.account["carbon"]["kg"]
    return [
        (WORDS["earned"], _said(None if total is None else -total, found.currency),
         WORDS["earned_remark"]),
        (WORDS["emitted"], _said(None if carbon is None else carbon / 1e3, "tCO2"),
         WORDS["emitted_remark"]),
        (WORDS["deviation"], _said(found.deviation, "MW"), WORDS["deviation_remark"]),
        (WORDS["alarm_count"], same(str(len(found.alarms))), WORDS["alarm_remark"]),
    ]  # fmt: skip


def _said(value: float | None, unit: str) -> Text:
    if unit.isupper() and unit.isalpha() and value is not None and len(unit) == 3:
        return same(f"{number(value)} {unit}")  # money is not told in a finer unit
    return figure(value, unit)


def _chart(found: Operation, course: Course) -> Chart:
    """A quantity as planned and as measured."""
    local = np.array([each.replace(tzinfo=None) for each in found.times], "M8[m]")
    lines: list[Line] = [
        ("k-n2", WORDS["planned"], course.planned), ("k-load", WORDS["actual"], course.actual)
    ]  # fmt: skip
    return curves(course.name, local, lines, course.unit, at=1.0 if course.level else 0.5)
