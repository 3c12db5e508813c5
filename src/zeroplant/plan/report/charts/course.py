"""Quantities over the steps of some days, as curves with midnights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.plan.report.charts.page import Chart, Hover, Mark, chart
from zeroplant.plan.report.charts.svg import Canvas, reach
from zeroplant.plan.report.text import Text

Line = tuple[str, Text, Floats]
"""Class of the colour, name, one value per step; nan where there is none."""


def curves(
    caption: Text,
    local: NDArray[np.datetime64],
    lines: Sequence[Line],
    unit: str,
    *,
    at: float = 0.5,
) -> Chart:
    """Curves over steps that begin at ``local``, the plant's clock; values hold ``at`` of a step.

    Means hold in the middle of a step, levels at its beginning, 0, or its end, 1.
    """
    x = np.arange(len(local), dtype=float) + at

    def draw(width: float) -> Canvas:
        canvas = Canvas(width, 240 if width > 600 else 210)
        canvas.x = (0.0, max(1.0, float(len(local))))
        canvas.y = reach(*(values for _, _, values in lines))
        canvas.grid(unit)
        _days(canvas, local)
        for colour, _, values in lines:
            known = np.isfinite(values)
            if known.any():
                canvas.curve(x[known], values[known], f"stroke {colour}")
        return canvas

    labels = [str(stamp).replace("T", " ") for stamp in local.astype("M8[m]")]
    marks = [Mark(colour, name, "line") for colour, name, _ in lines]
    return chart(caption, draw, marks, Hover(labels, [(n, v) for _, n, v in lines], unit))


def _days(canvas: Canvas, local: NDArray[np.datetime64]) -> None:
    """A stroke where each day begins, and the date of those that have room for it."""
    days = local.astype("M8[D]")
    starts = np.flatnonzero(np.append(True, days[1:] != days[:-1]))
    for start, end in zip(starts, np.append(starts[1:], len(local)), strict=True):
        place = float(canvas.px(float(start)))
        canvas.stroke(place, canvas.top, place, canvas.height - canvas.bottom, "grid")
        if (end - start) * 2 * len(starts) > len(local):
            canvas.below((start + end) / 2, str(days[start])[5:])
