"""Charts of energy: dispatch over days, duration curves, balance by month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.report.charts.page import Chart, Hover, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach, ticks
from zeroplant.plan.report.facts.energy import Curve, Months
from zeroplant.plan.report.facts.kinds import BY_KEY, KINDS, Kind
from zeroplant.plan.report.facts.power import Power
from zeroplant.plan.report.facts.weeks import Week
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.text import Text

BELOW = ("charge", "export", "conversion", "caught_up", "losses")
"""Kinds of use drawn below the axis; the load is a line."""

LOAD = Text("Load", "负荷")
MONTHS = [
    Text(english, f"{number}月") for number, english in enumerate(calendar.month_abbr) if number
]


def _sides(keys: Sequence[str]) -> tuple[list[Kind], list[Kind]]:
    """What is stacked upwards and what downwards."""
    up = [kind for kind in KINDS if kind.side == "supply" and kind.key in keys]
    return up, [BY_KEY[key] for key in BELOW if key in keys]


def _marks(up: list[Kind], down: list[Kind]) -> list[Mark]:
    return [
        *(Mark(f"k-{kind.key}", kind.name) for kind in (*up, *down)),
        Mark("k-load", LOAD, "line"),
    ]


def dispatch(power: Power, week: Week, caption: Text) -> Chart:
    """Supply stacked above the axis, storage charge and export below, the load as a line."""
    cut = {key: values[week.stages] for key, values in power.series.items()}
    up, down = _sides([key for key, values in cut.items() if np.abs(values).max() > 0])
    load = power.load[week.stages]
    axis = power.axis
    local = axis.local[np.arange(week.stages.start, week.stages.stop) % axis.periods]
    x = np.arange(load.size, dtype=float) + 0.5
    top = np.sum([cut[k.key] for k in up] or [np.zeros(load.size)], axis=0)
    low = -np.sum([cut[k.key] for k in down] or [np.zeros(load.size)], axis=0)

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 300 if width > 600 else 260)
        canvas.x, canvas.y = (0.0, float(load.size)), reach(top, low, load)
        canvas.grid("MW")
        _days(canvas, local)
        for kinds, sign in ((up, 1.0), (down, -1.0)):
            base = np.zeros(load.size)
            for kind in kinds:
                values = base + sign * cut[kind.key]
                canvas.band(x, base, values, f"fill k-{kind.key}")
                base = values
        canvas.curve(x, load, "stroke k-load")
        return canvas

    labels = [str(stamp.astype("M8[m]")).replace("T", " ") for stamp in local]
    values = [(kind.name, cut[kind.key]) for kind in (*up, *down)]
    return chart(caption, draw, _marks(up, down), Hover(labels, [*values, (LOAD, load)], "MW"))


def _days(canvas: Canvas, local: np.ndarray) -> None:
    """A tick at each midnight, the date under the middle of the day."""
    days = local.astype("M8[D]")
    starts = np.flatnonzero(np.append(True, days[1:] != days[:-1]))
    ends = np.append(starts[1:], local.size)
    for start, end in zip(starts, ends, strict=True):
        x = float(canvas.px(float(start)))
        canvas.stroke(x, canvas.top, x, canvas.height - canvas.bottom, "grid")
        if (end - start) * 2 * len(starts) > local.size:
            canvas.below((start + end) / 2, str(days[start])[5:])


def _ceiling(curves: Sequence[Curve], top: float) -> float:
    """Where a curve is cut so that a few hours of scarcity do not flatten all the others."""
    usual = max(float(np.interp(0.06 * c.hours[-1], c.hours, c.values)) for c in curves)
    return 1.6 * usual if 0 < 4 * usual < top else top


def duration_curves(
    caption: Text, curves: Sequence[tuple[Mark, Curve]], unit: str, hours: Text
) -> Chart:
    """Values against the hours of the year in which they are exceeded."""
    last = max(float(curve.hours[-1]) for _, curve in curves)
    top = max(float(curve.values[0]) for _, curve in curves)
    ceiling = _ceiling([curve for _, curve in curves], top)

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 280 if width > 600 else 240, bottom=40)
        canvas.x = (0.0, last)
        canvas.y = reach(*(np.minimum(curve.values, ceiling) for _, curve in curves))
        canvas.grid(unit)
        for tick in ticks(0.0, last, 8 if width > 600 else 4):
            canvas.below(tick, f"{tick:,.0f}")
        for mark, curve in curves:
            canvas.curve(curve.hours, np.minimum(curve.values, ceiling), f"stroke {mark.colour}")
        if top > ceiling:
            peak = Text(f"▲ up to {number(top)} {unit}", f"▲ 最高 {number(top)} {unit}")
            canvas.words(canvas.left + 30, canvas.top + 6, peak)
        canvas.words(canvas.width - canvas.right, canvas.height - 6, hours, "unit", "end")
        return canvas

    grid = np.linspace(0.0, last, 161)
    labels = [f"{hour:,.0f} h" for hour in grid]
    told: list[tuple[Text, Floats]] = [
        (mark.name, np.interp(grid, curve.hours, curve.values)) for mark, curve in curves
    ]
    marks = [Mark(m.colour, m.name, "line") for m, _ in curves]
    return chart(caption, draw, marks, Hover(labels, told, unit))


def monthly(months: Months, caption: Text) -> Chart:
    """GWh or MWh of each month: supply upwards, storage and export downwards, load as a dot."""
    up, down = _sides([k for k, v in months.mwh.items() if v.max(initial=0.0) > 0])
    total = np.sum([months.mwh[k.key] for k in up] or [np.zeros(1)], axis=0)
    scale, unit = (1e-3, "GWh") if total.max(initial=0.0) >= 2e4 else (1.0, "MWh")
    value = {key: v * scale for key, v in months.mwh.items()}
    load = value.get("load", np.zeros(len(months.months)))
    bottom = -np.sum([value[k.key] for k in down] or [np.zeros(1)], axis=0)

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 300 if width > 600 else 240)
        count = len(months.months)
        canvas.x, canvas.y = (0.0, float(count)), reach(total * scale, bottom, load)
        canvas.grid(unit)
        bar = float(canvas.px(0.66) - canvas.px(0.0))
        for place, month in enumerate(months.months):
            x = float(canvas.px(place + 0.17))
            _stack(canvas, x, bar, [(k, value[k.key][place]) for k in up], unit)
            _stack(canvas, x, bar, [(k, -value[k.key][place]) for k in down], unit)
            y = float(canvas.py(load[place]))
            canvas.stroke(x - 3, y, x + bar + 3, y, "stroke k-load")
            name = MONTHS[month - 1]
            label = Text(name.en[:1], str(month)) if canvas.narrow else name
            canvas.below(place + 0.5, label)
        return canvas

    return chart(caption, draw, _marks(up, down))


def _stack(
    canvas: Canvas, x: float, bar: float, parts: list[tuple[Kind, float]], unit: str
) -> None:
    base = 0.0
    for kind, amount in parts:
        low, high = float(canvas.py(base)), float(canvas.py(base + amount))
        tip = f"{kind.name.both}: {abs(amount):,.1f} {unit}"
        canvas.bar((x, low), (bar, high - low), f"fill k-{kind.key}", tip)
        base += amount
