"""Drawing in SVG: a canvas with a plot area, axes with sensible ticks, paths from arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.text import Say, Text, text


@dataclass
class Canvas:
    """A picture of ``width`` × ``height`` units with a plot area inside.

    ``x`` and ``y`` are the data ranges of the plot area; colours and strokes come from classes of
    the style sheet.
    """

    width: float
    height: float
    left: float = 52
    right: float = 10
    top: float = 24
    bottom: float = 26
    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)
    parts: list[str] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        """Whether it is drawn for a telephone."""
        return self.width < 600

    def px(self, x: Floats | float) -> Floats:
        """Horizontal place of data values."""
        low, high = self.x
        span = (high - low) or 1.0
        room = self.width - self.left - self.right
        return np.asarray(self.left + (np.asarray(x, float) - low) / span * room)

    def py(self, y: Floats | float) -> Floats:
        """Vertical place of data values."""
        low, high = self.y
        span = (high - low) or 1.0
        room = self.height - self.top - self.bottom
        return np.asarray(self.height - self.bottom - (np.asarray(y, float) - low) / span * room)

    def add(self, part: str) -> None:
        """Append markup."""
        self.parts.append(part)

    def words(
        self, x: float, y: float, said: Say, cls: str = "tick", anchor: str = "start"
    ) -> None:
        """Text; both languages are drawn where they differ, and the page shows one."""
        both = text(said)
        place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
        if both.en == both.zh:
            self.add(f'<text class="{cls}" {place}>{escape(both.en)}</text>')
            return
        self.add(f'<text class="{cls} en" {place}>{escape(both.en)}</text>')
        self.add(f'<text class="{cls} zh" {place}>{escape(both.zh)}</text>')

    def bar(
        self, corner: tuple[float, float], size: tuple[float, float], cls: str, tip: str = ""
    ) -> None:
        """A rectangle in picture units; negative sizes extend to the left or upwards."""
        (x, y), (w, h) = corner, size
        x, w = (x + w, -w) if w < 0 else (x, w)
        y, h = (y + h, -h) if h < 0 else (y, h)
        title = f"<title>{escape(tip)}</title>" if tip else ""
        shape = f'x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"'
        self.add(f'<rect class="{cls}" {shape}>{title}</rect>')

    def stroke(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        """A straight line in picture units."""
        self.add(f'<line class="{cls}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def curve(self, x: Floats, y: Floats, cls: str) -> None:
        """A line through data points."""
        self.add(f'<path class="{cls}" d="M{_points(self.px(x), self.py(y))}"/>')

    def band(self, x: Floats, low: Floats, high: Floats, cls: str) -> None:
        """The area between two lines of data points."""
        there = _points(self.px(x), self.py(high))
        back = _points(self.px(x[::-1]), self.py(low[::-1]))
        self.add(f'<path class="{cls}" d="M{there}L{back}Z"/>')

    def grid(self, unit: Say, *, label: Callable[[float], Say] | None = None) -> None:
        """Horizontal lines with their values, and the unit above them."""
        for tick in ticks(*self.y, 6):
            y = float(self.py(tick))
            self.stroke(self.left, y, self.width - self.right, y, "zero" if tick == 0 else "grid")
            self.words(
                self.left - 6, y + 4, label(tick) if label else number(tick, 4), anchor="end"
            )
        self.words(4, 12, unit, "unit")

    def below(self, x: float, said: Say, anchor: str = "middle") -> None:
        """A label under the horizontal axis at a data value."""
        self.words(float(self.px(x)), self.height - self.bottom + 17, said, anchor=anchor)

    def svg(self, name: Text, extra: str = "") -> str:
        """The finished picture; ``name`` is what a screen reader says."""
        return (
            f'<svg viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'aria-label="{escape(name.both)}" {extra}>{"".join(self.parts)}</svg>'
        )


def _points(x: Floats, y: Floats) -> str:
    return "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` round numbers from ``low`` to ``high``."""
    span = high - low
    if not span > 0:
        return [low]
    rough = span / max(count, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]


def reach(*values: Floats | Sequence[float] | float, zero: bool = True) -> tuple[float, float]:
    """A range that holds all values with some air, from 0 where ``zero``."""
    flat = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in values] or [np.zeros(1)])
    flat = flat[np.isfinite(flat)]
    if zero or not flat.size:
        flat = np.append(flat, 0.0)
    low, high = float(flat.min()), float(flat.max())
    air = 0.06 * ((high - low) or abs(high) or 1.0)
    return (low - air if low < 0 or not zero else low), (high + air if high > 0 else high)
