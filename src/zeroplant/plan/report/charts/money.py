"""Charts of money: cash flow over the years, tornado."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital import LABELS, Bar
from zeroplant.plan.report.charts.amounts import MILLION, amounts
from zeroplant.plan.report.charts.page import Chart, Hover, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach, ticks
from zeroplant.plan.report.figures import exists, money
from zeroplant.plan.report.text import Text, text

YEARLY = Text("Cash of the year", "当年净现金流")
CUMULATIVE = Text("Cumulative", "累计净现金流")
DOWN = Text("10 % lower", "下降 10%")
UP = Text("10 % higher", "上升 10%")


def cash_flow(caption: Text, yearly: Floats, currency: str) -> Chart:
    """A bar for each year and the running sum as a line."""
    values = yearly * MILLION
    total = np.cumsum(values)
    scale = amounts(total, currency)

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 300 if width > 600 else 240, bottom=30)
        canvas.x, canvas.y = (-0.5, values.size - 0.5), reach(values, total)
        canvas.grid(scale.unit, label=scale.label)
        bar = float(canvas.px(0.7) - canvas.px(0.0))
        zero = float(canvas.py(0.0))
        every = 1 if width > 600 and values.size <= 32 else 5
        for year, value in enumerate(values.tolist()):
            x = float(canvas.px(year - 0.35))
            side = "good" if value >= 0 else "bad"
            canvas.bar((x, zero), (bar, float(canvas.py(value)) - zero), f"fill k-{side}")
            if year % every == 0:
                canvas.below(year, str(year))
        canvas.curve(np.arange(values.size, dtype=float), total, "stroke k-line")
        return canvas

    marks = [Mark("k-good", YEARLY), Mark("k-line", CUMULATIVE, "line")]
    labels = [str(year) for year in range(values.size)]
    told = [(YEARLY, values), (CUMULATIVE, total)]
    return chart(caption, draw, marks, Hover(labels, told, scale.unit, scale.factor))


def tornado(caption: Text, bars: Sequence[Bar], base: float, currency: str) -> Chart:
    """How far a measure moves when one figure moves; the widest bar on top."""
    shown = [bar for bar in bars if exists(bar.low) and exists(bar.high)]
    ends = np.array([base, *(value for bar in shown for value in (bar.low, bar.high))]) * MILLION
    scale = amounts(ends, currency)

    def draw(width: float) -> Canvas:
        left = 120.0 if width > 600 else 96.0
        row = 34.0
        canvas = Canvas(width, 46 + row * len(shown), left=left, right=16, top=8, bottom=34)
        canvas.x = reach(ends, zero=False)
        for tick in ticks(*canvas.x, 6 if width > 600 else 4):
            x = float(canvas.px(tick))
            canvas.stroke(x, canvas.top, x, canvas.height - canvas.bottom, "grid")
            canvas.below(tick, scale.label(tick))
        middle = float(canvas.px(base * MILLION))
        for place, bar in enumerate(shown):
            y = canvas.top + row * place + 5
            name = text(Text(*LABELS.get(bar.name, (bar.name, bar.name))))
            canvas.words(left - 8, y + 16, name, label_class(canvas), "end")
            for value, colour, what in ((bar.low, "k-low", DOWN), (bar.high, "k-high", UP)):
                length = float(canvas.px(value * MILLION)) - middle
                tip = f"{name.both}, {what.both}: {money(value, currency).both}"
                canvas.bar((middle, y), (length, row - 10), f"fill {colour}", tip)
        canvas.stroke(middle, canvas.top, middle, canvas.height - canvas.bottom, "zero")
        canvas.words(width - 16, canvas.height - 4, scale.unit, "unit", "end")
        return canvas

    return chart(caption, draw, [Mark("k-low", DOWN), Mark("k-high", UP)])


def label_class(canvas: Canvas) -> str:
    """Names of bars are smaller on a telephone."""
    return "label small" if canvas.narrow else "label"
