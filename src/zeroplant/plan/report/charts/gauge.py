"""A rule as a gauge: how far its value reaches, where the limit stands, how much room is left."""

from __future__ import annotations

from zeroplant.plan.report.charts.page import Chart
from zeroplant.plan.report.charts.svg import Canvas
from zeroplant.plan.report.facts.rules import RuleRow
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.text import Text

_COLOURS = {"met": "k-good", "broken": "k-bad", "reported low": "k-warn"}


def gauge(row: RuleRow) -> Chart | None:
    """Value as a bar, limit as a line; None where there is no value."""
    result = row.result
    if result.value is None:
        return None
    top = max(result.value, result.limit, 1e-9) * 1.15
    if max(result.value, result.limit) <= 1.0:
        top = 1.0
    canvas = Canvas(300, 40, left=4, right=4, top=12, bottom=12, x=(0.0, top))
    canvas.bar((4, 12), (292, 14), "track")
    width = float(canvas.px(max(0.0, min(result.value, top)))) - 4
    colour = _COLOURS.get(row.state, "k-line")
    canvas.bar((4, 12), (width, 14), f"fill {colour}", f"{number(result.value)}")
    limit = float(canvas.px(result.limit))
    canvas.stroke(limit, 7, limit, 31, "limit")
    anchor = "start" if limit < 40 else "end" if limit > 260 else "middle"
    canvas.words(limit, 40, share(result.limit), anchor=anchor)
    name = Text(
        f"{row.title.en}: {share(result.value)}, limit {share(result.limit)}",
        f"{row.title.zh}：{share(result.value)}，限值 {share(result.limit)}",
    )
    return Chart(f'<div class="gauge">{canvas.svg(name)}</div>')


def share(value: float | None) -> str:
    """A ratio: shares as percent, others (t/tce) as they are."""
    if value is None:
        return number(None)
    return f"{number(value * 100, decimals=1)} %" if abs(value) <= 1.5 else number(value)
