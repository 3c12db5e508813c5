"""The ledger as a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from zeroplant.plan.report.charts.amounts import MILLION, Amounts, amounts
from zeroplant.plan.report.charts.money import label_class
from zeroplant.plan.report.charts.page import Chart, chart
from zeroplant.plan.report.charts.svg import Canvas, reach, ticks
from zeroplant.plan.report.text import Text


class Bar(NamedTuple):
    """One step: its name, the sums before and after it in millions, its colour."""

    name: Text
    begin: float
    end: float
    colour: str


def waterfall(
    caption: Text, steps: Sequence[tuple[Text, float]], total: Text, currency: str
) -> Chart:
    """From nothing up by what is received and down by what is paid, to what is left."""
    moves = np.array([amount for _, amount in steps]) * MILLION
    after = np.cumsum(moves)
    scale = amounts(after, currency)

    def draw(width: float) -> Canvas:
        left = 250.0 if width > 600 else 150.0
        row = 26.0
        height = 40 + row * (len(steps) + 1)
        canvas = Canvas(width, height, left=left, right=56, top=4, bottom=32)
        canvas.x = reach(after, after - moves)
        for tick in ticks(*canvas.x, 6 if width > 600 else 4):
            x = float(canvas.px(tick))
            canvas.stroke(x, canvas.top, x, canvas.height - canvas.bottom, "grid")
            canvas.below(tick, scale.label(tick))
        for place, ((name, amount), end) in enumerate(zip(steps, after.tolist(), strict=True)):
            begin = end - amount * MILLION
            colour = "k-good" if amount >= 0 else "k-bad"
            _step(canvas, place * row, Bar(name, begin, end, colour), scale)
        last = float(after[-1]) if after.size else 0.0
        _step(canvas, len(steps) * row, Bar(total, 0.0, last, "k-line"), scale)
        canvas.words(width - 4, height - 4, scale.unit, "unit", "end")
        return canvas

    return chart(caption, draw)


def _step(canvas: Canvas, y: float, bar: Bar, scale: Amounts) -> None:
    """A bar from one sum to the next, with its name and its length."""
    top = canvas.top + y + 4
    most = 23 if canvas.narrow else 36
    short = Text(_cut(bar.name.en, most), _cut(bar.name.zh, most))
    canvas.words(canvas.left - 8, top + 14, short, label_class(canvas), "end")
    x1, x2 = float(canvas.px(bar.begin)), float(canvas.px(bar.end))
    shown = scale.label(bar.end - bar.begin, 3)
    tip = f"{bar.name.both}: {shown.en} {scale.unit.en}"
    canvas.bar((x1, top), (x2 - x1, 18), f"fill {bar.colour}", tip)
    canvas.words(max(x1, x2) + 4, top + 14, shown)


def _cut(words: str, most: int) -> str:
    """Words that fit: Chinese characters are twice as wide as Latin letters."""
    width = 0
    for place, letter in enumerate(words):
        width += 2 if ord(letter) > 0x2E80 else 1
        if width > most:
            return words[: max(1, place - 1)] + "…"
    return words
