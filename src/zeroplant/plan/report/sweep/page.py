"""The page of a sweep: both languages, charts inside, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from zeroplant.files import write_atomic
from zeroplant.plan.report.charts.page import Chart
from zeroplant.plan.report.html import environment
from zeroplant.plan.report.sweep.charts import curve_chart, front_chart
from zeroplant.plan.report.sweep.scale import last, name_of, shown, title
from zeroplant.plan.report.sweep.tables import columns
from zeroplant.plan.report.sweep.words import WORDS
from zeroplant.plan.report.text import Text, sentences
from zeroplant.plan.report.words import WORDS as REPORT_WORDS
from zeroplant.plan.sweep import Measure, Point, Sweep, measure_named

NAME = "sweep.html"
CURVES = ("cost", "emissions", "npv")
"""Figures that are drawn over the only parameter, beside those of the frontier."""
MOST_SIZES = 3


def write_page(
    sweep: Sweep, x: Measure, y: Measure, front: Sequence[Point], folder: str | Path
) -> Path:
    """Write ``folder/sweep.html``. Raises InputError if it cannot."""
    path = Path(folder) / NAME
    write_atomic(path, page(sweep, x, y, front))
    return path


def page(sweep: Sweep, x: Measure, y: Measure, front: Sequence[Point]) -> str:
    """The page's source."""
    curves = list(_curves(sweep, x, y))
    sections = ["in_short", "frontier", *(["curves"] if curves else []), "points"]
    sections += ["breaches"] if any(point.broken or point.slight for point in sweep.done) else []
    sections += ["failures"] if sweep.failed else []
    return environment().get_template("sweep.html.j2").render(
        sweep=sweep,
        sections=sections,
        w=WORDS,
        frame=REPORT_WORDS,
        verdict=verdict(sweep, x, y, front),
        chart=front_chart(sweep, x, y, front),
        curves=curves,
        columns=columns(sweep),
        title=lambda measure: title(measure, sweep),
        shown=lambda measure, point: shown(measure, point, sweep),
        name_of=lambda point: name_of(point, sweep.parameters),
        on_front={point.number for point in front},
        last=last,
        ruled=any(point.rules for point in sweep.done),
        reasons=_reasons(sweep),
    )  # fmt: skip


def verdict(sweep: Sweep, x: Measure, y: Measure, front: Sequence[Point]) -> Text:
    """How many points there are, and the best of them."""
    count = str(len(sweep.done)), str(len(sweep.points))
    parts = [WORDS["counted"].format(*count)]
    kept = [point for point in sweep.done if point.keeps_all]
    for name, words in (("cost", "cheapest"), ("emissions", "cleanest")):
        measure = measure_named(name, sweep)
        rated = [(value, p) for p in kept if (value := measure.of(p, sweep)) is not None]
        if rated:
            _, best = min(rated, key=lambda each: (each[0], each[1].number))
            figure = shown(measure, best, sweep)
            which = str(best.number + 1), name_of(best, sweep.parameters) or "–"
            parts.append(WORDS[words].format(*which, figure))
    if front:
        parts.append(WORDS["on_frontier"].format(str(len(front)), title(x, sweep), title(y, sweep)))
    elif sweep.done and not kept:
        parts.append(WORDS["none_keeps"])
    return sentences(parts)


def _curves(sweep: Sweep, x: Measure, y: Measure) -> Iterator[tuple[Chart, Text]]:
    """Curves of the measures of interest over each parameter that has several values."""
    varied = [parameter for parameter in sweep.parameters if len(parameter.values) > 1]
    names = [measure.name for measure in (y, x) if measure.kind != "parameter"]
    if len(varied) == 1:
        names += CURVES
    measures = [measure_named(name, sweep) for name in dict.fromkeys(names)]
    if len(varied) == 1:
        measures += [each for each in columns(sweep) if each.kind == "size"][:MOST_SIZES]
    for parameter in varied:
        for measure in measures:
            found = curve_chart(sweep, parameter, measure)
            if found is not None:
                yield found


def _reasons(sweep: Sweep) -> dict[str, list[Point]]:
    """Why points failed, each reason once."""
    found: dict[str, list[Point]] = {}
    for point in sweep.failed:
        found.setdefault(point.reason, []).append(point)
    return found
