"""A rule as a gauge: how far its value reaches, where the limit stands, how much room is left."""

from __future__ import annotations

from zeroplant.plan.report.charts.page import Chart
from zeroplant.plan.report.charts.svg import Canvas
from zeroplant.plan.report.facts.rules import RuleRow
from zeroplant.plan.report.figures import number, ratio
from zeroplant.plan.report.text import Text

_COLOURS = {"met": "k-good", "broken": "k-bad", "reported low": "k-warn"}


def gauge(row: RuleRow) -> Chart | None:
    """Value as a bar, limit as a line; None where there is no value."""
    result = row.result
    if result.value is None:
        return None
    top = max(result.value, result.limit, 1e-9) * 1.15
    if result.unit == "1" and max(result.value, result.limit) <= 1.0:
        top = 1.0
    canvas = Canvas(300, 40, left=4, right=4, top=12, bottom=12, x=(0.0, top))
    canvas.bar((4, 12), (292, 14), "track")
    width = float(canvas.px(max(0.0, min(result.value, top)))) - 4
    colour = _COLOURS.get(row.state, "k-line")
    canvas.bar((4, 12), (width, 14), f"fill {colour}", f"{number(result.value)}")
    limit = float(canvas.px(result.limit))
    canvas.stroke(limit, 7, limit, 31, "limit")
    anchor = "start" if limit < 40 else "end" if limit > 260 else "middle"
    value, most = ratio(result.value, result.unit), ratio(result.limit, result.unit)
    canvas.words(limit, 40, most, anchor=anchor)
    name = Text(
        f"{row.title.en}: {value.en}, limit {most.en}",
        f"{row.title.zh}：{value.zh}，限值 {most.zh}",
    )
    return Chart(f'<div class="gauge">{canvas.svg(name)}</div>')
