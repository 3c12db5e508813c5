"""Charts of a sweep: points against two measures with their frontier, and curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from zeroplant.plan.report.charts.page import Chart, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach, ticks
from zeroplant.plan.report.sweep.scale import Scale, last, name_of, scale, shown, title
from zeroplant.plan.report.sweep.words import WORDS
from zeroplant.plan.report.text import Text, same
from zeroplant.plan.sweep import Measure, Parameter, Point, Sweep

MOST_SERIES = 5
MOST_NUMBERED = 24
"""Points of a frontier whose numbers can still be read."""


@dataclass(frozen=True)
class Dot:
    """A point of a chart in drawn units, and what it tells."""

    x: float
    y: float
    point: Point
    tip: str


def front_chart(sweep: Sweep, x: Measure, y: Measure, front: Sequence[Point]) -> Chart | None:
    """Every point by two measures; those on the frontier are numbered and joined."""
    dots, across, up = _dots(sweep, x, y)
    if not dots:
        return None
    numbers = {point.number for point in front}
    joined = [dot for point in front for dot in dots if dot.point is point]

    def draw(width: float) -> Canvas:
        canvas = _canvas(width, dots, across, up, title(x, sweep))
        if len(joined) > 1:
            line = np.array([(dot.x, dot.y) for dot in joined])
            canvas.curve(line[:, 0], line[:, 1], "stroke k-good")
        for dot in dots:
            on_front = dot.point.number in numbers
            _circle(canvas, dot, "k-good" if on_front else "k-low", on_front=on_front)
            if on_front and len(numbers) <= MOST_NUMBERED:
                right = float(canvas.px(dot.x)) > canvas.width - canvas.right - 30
                _number(canvas, dot, to_the_left=right)
        return canvas

    marks = [Mark("k-good", WORDS["on_front"])] if numbers else []
    marks += [Mark("k-low", WORDS["kept"])] if any(d.point.keeps_all for d in dots) else []
    if any(not dot.point.keeps_all for dot in dots):
        marks.append(Mark("hollow", WORDS["breaks"]))
    return chart(WORDS["front_caption"].format(title(y, sweep), title(x, sweep)), draw, marks)


def curve_chart(sweep: Sweep, parameter: Parameter, y: Measure) -> tuple[Chart, Text] | None:
    """A measure over the values of one parameter, a line for each combination of the others.

    With the chart comes a note where not all of them are drawn, else an empty one.
    """
    x = Measure(parameter.key, parameter.key, parameter.key, parameter.unit, kind="parameter")
    dots, across, up = _dots(sweep, x, y)
    others = [each for each in sweep.parameters if each.key != parameter.key]
    series: dict[str, list[Dot]] = {}
    for dot in dots:
        series.setdefault(name_of(dot.point, others), []).append(dot)
    series = {name: line for name, line in series.items() if len(line) > 1}
    if not series:
        return None
    picked = np.unique(np.linspace(0, len(series) - 1, min(MOST_SERIES, len(series))).round())
    names = [list(series)[int(place)] for place in picked]
    drawn = [dot for name in names for dot in series[name]]

    def draw(width: float) -> Canvas:
        canvas = _canvas(width, drawn, across, up, same(last(parameter.key)))
        for place, name in enumerate(names):
            line = sorted(series[name], key=lambda dot: dot.x)
            xs, ys = np.array([dot.x for dot in line]), np.array([dot.y for dot in line])
            canvas.curve(xs, ys, f"stroke k-n{place}")
            for dot in line:
                _circle(canvas, dot, f"k-n{place}", on_front=False)
        return canvas

    marks = [Mark(f"k-n{place}", same(name), "line") for place, name in enumerate(names) if name]
    caption = WORDS["curve_caption"].format(title(y, sweep), last(parameter.key))
    note = same("")
    if len(names) < len(series):
        note = WORDS["some_series"].format(str(len(names)), str(len(series)))
    return chart(caption, draw, marks), note


def _dots(sweep: Sweep, x: Measure, y: Measure) -> tuple[list[Dot], Scale, Scale]:
    """Points that have both figures, in drawn units, and the scales of both axes."""
    found = [
        (a, b, point)
        for point in sweep.done
        if (a := x.of(point, sweep)) is not None and (b := y.of(point, sweep)) is not None
    ]
    across = scale(x, [a for a, _, _ in found], sweep)
    up = scale(y, [b for _, b, _ in found], sweep)
    dots = [
        Dot(a * across.factor, b * up.factor, point, _tip(sweep, point, (x, y)))
        for a, b, point in found
    ]
    return dots, across, up


def _tip(sweep: Sweep, point: Point, measures: Sequence[Measure]) -> str:
    said = [f"{title(m, sweep).both}: {shown(m, point, sweep).both}" for m in measures]
    return "\n".join([f"{point.number + 1}: {name_of(point, sweep.parameters)}", *said])


def _canvas(width: float, dots: Sequence[Dot], across: Scale, up: Scale, name: Text) -> Canvas:
    """Axes around the dots; what is a choice among words has a tick for each."""
    canvas = Canvas(width, 340 if width > 600 else 300, left=64, right=24, bottom=48)
    canvas.x = reach([dot.x for dot in dots], zero=False)
    canvas.y = reach([dot.y for dot in dots], zero=False)
    canvas.grid(up.unit, label=up.label)
    places = ticks(*canvas.x, 8 if width > 600 else 3)
    if across.names:
        shares = 1 if width > 600 else 1 + len(across.names) // 4
        low, high = canvas.x
        places = [float(n) for n in range(0, len(across.names), shares) if low <= n <= high]
    for tick in places:
        mark = float(canvas.px(tick))
        canvas.stroke(mark, canvas.top, mark, canvas.height - canvas.bottom, "grid")
        canvas.below(tick, across.label(tick))
    both = Text(*(f"{words} [{unit}]" if unit else words
                  for words, unit in zip(name, across.unit, strict=True)))  # fmt: skip
    canvas.words(canvas.width - canvas.right, canvas.height - 8, both, "unit", "end")
    return canvas


def _circle(canvas: Canvas, dot: Dot, colour: str, *, on_front: bool) -> None:
    """A dot with its tip; hollow where the plan breaks something."""
    x, y = float(canvas.px(dot.x)), float(canvas.py(dot.y))
    filled = "fill" if dot.point.keeps_all else "stroke paper"
    radius = 6 if on_front else 4.5
    canvas.add(
        f'<circle class="{filled} {colour}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
        f"<title>{escape(dot.tip)}</title></circle>"
    )


def _number(canvas: Canvas, dot: Dot, *, to_the_left: bool) -> None:
    x, y = float(canvas.px(dot.x)), float(canvas.py(dot.y))
    anchor, move = ("end", -9) if to_the_left else ("start", 9)
    canvas.words(x + move, y - 6, str(dot.point.number + 1), "label", anchor)
