"""A chart on the page: drawn wide and narrow, with legend, caption and what the pointer tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.report.charts.svg import Canvas
from zeroplant.plan.report.text import Say, Text, text

WIDE, NARROW = 960.0, 380.0


@dataclass(frozen=True)
class Mark:
    """An entry of a legend: the class of its colour, its name, line or patch."""

    colour: str
    name: Text
    shape: str = "patch"


@dataclass(frozen=True)
class Hover:
    """What the pointer tells along the horizontal axis: a label and a value per mark and place.

    Chinese readers are told the values times ``factor``, in the unit's Chinese.
    """

    labels: Sequence[str]
    values: Sequence[tuple[Text, Floats]]
    unit: Say
    factor: float = 1.0

    def data(self) -> str:
        """For the page's script."""
        table = {
            "x": list(self.labels),
            "unit": list(text(self.unit)),
            "factor": self.factor,
            "series": [
                {"en": name.en, "zh": name.zh, "v": _rounded(values)}
                for name, values in self.values
            ],
        }
        return escape(json.dumps(table, ensure_ascii=False, separators=(",", ":")))


def _rounded(values: Floats) -> list[float | None]:
    """Four significant digits, which is what is shown."""
    return [float(f"{v:.4g}") if np.isfinite(v) else None for v in values.tolist()]


@dataclass(frozen=True)
class Chart:
    """Markup of a figure; ``__html__`` lets templates print it."""

    markup: str

    def __html__(self) -> str:
        return self.markup


def chart(
    caption: Text,
    draw: Callable[[float], Canvas],
    marks: Sequence[Mark] = (),
    hover: Hover | None = None,
) -> Chart:
    """Draw for a screen and for a telephone; the style sheet shows the one that fits."""
    pictures = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        canvas = draw(width)
        extra = ""
        if hover is not None:
            ends = f"{canvas.left:g},{canvas.width - canvas.right:g}"
            extra = (
                f'tabindex="0" data-plot="{ends},{canvas.top:g},{canvas.height - canvas.bottom:g}"'
            )
        pictures.append(f'<div class="{name}">{canvas.svg(caption, extra)}</div>')
    data = f' data-hover="{hover.data()}"' if hover else ""
    legend = "".join(
        f'<li><i class="{mark.shape} {mark.colour}"></i>{mark.name.__html__()}</li>'
        for mark in marks
    )
    legend = f'<ul class="legend">{legend}</ul>' if legend else ""
    return Chart(
        f"<figure{data}><figcaption>{caption.__html__()}</figcaption>{legend}"
        f"{''.join(pictures)}</figure>"
    )
