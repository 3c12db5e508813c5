"""What a year costs in each outcome: the worst first, each as wide as it is likely."""

from __future__ import annotations

import numpy as np

from zeroplant.plan.report.charts.amounts import MILLION, amounts
from zeroplant.plan.report.charts.page import Chart, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach
from zeroplant.plan.report.figures import money, percent
from zeroplant.plan.report.text import Text
from zeroplant.plan.risk import Outcomes

EXPECTED = Text("expected", "期望值")
TAIL = Text("the tail", "尾部")
REST = Text("other outcomes", "其他情景")
CVAR = Text("mean of the tail (CVaR)", "尾部均值（CVaR）")
WIDE_ENOUGH = {True: 0.3, False: 0.15}
"""Probability from which the name of an outcome fits above it, on a telephone and on a desk."""


def chain_name(name: str) -> Text:
    """A scenario as its owner called it, a weather year in both languages."""
    return Text(name, name.replace("weather year ", "气象年 "))


def _short(words: str, canvas: Canvas) -> str:
    most = 12 if canvas.narrow else 22
    return words if len(words) <= most else words[: most - 1] + "…"


def outcome_chart(caption: Text, found: Outcomes, currency: str, across: Text) -> Chart:
    """A step for each outcome, the tail in red; the expected cost and the CVaR as lines."""
    ordered = sorted(found.each, key=lambda outcome: -outcome.cost)
    cost = np.array([outcome.cost for outcome in ordered]) * MILLION
    ends = np.cumsum([outcome.probability for outcome in ordered]) * 100
    scale = amounts(cost, currency)

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 280 if width > 600 else 260, left=64, right=28, top=30, bottom=46)
        canvas.x, canvas.y = (0.0, 100.0), reach(cost, found.cvar * MILLION)
        canvas.grid(scale.unit, label=scale.label)
        for tick in range(0, 101, 10 if width > 600 else 25):
            canvas.below(float(tick), f"{tick} %")
        zero = float(canvas.py(float(np.clip(0.0, *canvas.y))))
        for place, outcome in enumerate(ordered):
            left = float(canvas.px(ends[place] - 100 * outcome.probability))
            inside = 100 * outcome.probability * outcome.in_tail
            middle = left + float(canvas.px(inside)) - canvas.left
            right, top = float(canvas.px(ends[place])), float(canvas.py(cost[place]))
            tip = f"{chain_name(outcome.name).both}: {money(outcome.cost, currency).both}"
            tip += f", {percent(outcome.probability)}"
            canvas.bar((left, zero), (middle - left, top - zero), "fill k-bad", tip)
            canvas.bar((middle, zero), (right - middle, top - zero), "fill k-import", tip)
            if outcome.probability >= WIDE_ENOUGH[canvas.narrow]:
                name = Text(*(_short(words, canvas) for words in chain_name(outcome.name)))
                canvas.words((left + right) / 2, min(top, zero) - 5, name, "label", "middle")
        for value, colour in ((found.expected, "k-load"), (found.cvar, "k-line")):
            y = float(canvas.py(value * MILLION))
            canvas.stroke(canvas.left, y, canvas.width - canvas.right, y, f"stroke {colour}")
        canvas.words(canvas.width - canvas.right, canvas.height - 8, across, "unit", "end")
        return canvas

    marks = [
        Mark("k-bad", TAIL),
        Mark("k-import", REST),
        Mark("k-load", EXPECTED, "line"),
        Mark("k-line", CVAR, "line"),
    ]
    return chart(caption, draw, marks)
