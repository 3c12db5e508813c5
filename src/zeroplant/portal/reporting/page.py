"""The report of a span of days as one page, in both languages, nothing fetched from anywhere.

It has the style sheet, the script and the drawing of the plan's report.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np

import zeroplant
from zeroplant.files import write_atomic
from zeroplant.plan.report.charts.page import Chart, Hover, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach
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
    from jinja2 import ChoiceLoader, PackageLoader

    templates = environment()
    own = PackageLoader("zeroplant.portal.reporting", "templates")
    loaders = [own] if templates.loader is None else [own, templates.loader]
    templates.loader = ChoiceLoader(loaders)
    folder = resources.files("zeroplant.plan.report") / "templates"
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
        unknown=[Text(each["en"], each["zh"]) for each in found.account["unknown"]],
        version=zeroplant.__version__,
        style=(folder / "style.css").read_text(encoding="utf-8"),
        script=(folder / "script.js").read_text(encoding="utf-8"),
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
    """A quantity as planned and as measured, with midnights."""
    local = np.array([each.replace(tzinfo=None) for each in found.times], "M8[m]")
    x = np.arange(len(local), dtype=float) + (1.0 if course.level else 0.5)
    lines = [("k-n2", WORDS["planned"], course.planned), ("k-load", WORDS["actual"], course.actual)]

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 240 if width > 600 else 210)
        canvas.x = (0.0, max(1.0, float(len(local))))
        canvas.y = reach(*(values for _, _, values in lines))
        canvas.grid(course.unit)
        days = local.astype("M8[D]")
        starts = np.flatnonzero(np.append(True, days[1:] != days[:-1]))
        for start, end in zip(starts, np.append(starts[1:], len(local)), strict=True):
            place = float(canvas.px(float(start)))
            canvas.stroke(place, canvas.top, place, canvas.height - canvas.bottom, "grid")
            if (end - start) * 2 * len(starts) > len(local):
                canvas.below((start + end) / 2, str(days[start])[5:])
        for colour, _, values in lines:
            known = np.isfinite(values)
            if known.any():
                canvas.curve(x[known], values[known], f"stroke {colour}")
        return canvas

    labels = [str(stamp).replace("T", " ") for stamp in local]
    marks = [Mark(colour, name, "line") for colour, name, _ in lines]
    told = [(name, values) for _, name, values in lines]
    return chart(course.name, draw, marks, Hover(labels, told, course.unit))
