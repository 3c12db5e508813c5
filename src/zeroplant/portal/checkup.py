"""How far the plant can be trusted: every point's age, quality and source, sorted and sifted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from zeroplant.portal.catalogue import PointOf
from zeroplant.portal.present import Present, Reading

PAGE = 100
"""Points on a leaf."""
UNHEARD = 4
"""Stands for a point that the controller says nothing of; worse than lost."""


@dataclass(frozen=True)
class Checked:
    """A point and what is known of it; ``quality`` as of readings, or `UNHEARD`."""

    point: PointOf
    reading: Reading
    quality: int

    @property
    def age(self) -> float:
        """Seconds since it held; infinite where it never did."""
        return math.inf if self.reading.age is None else self.reading.age


@dataclass(frozen=True)
class Sifted:
    """A leaf of points; ``counts`` are of all of them by quality, before anything is sifted."""

    rows: tuple[Checked, ...]
    found: int
    leaf: int
    leaves: int
    counts: Mapping[int, int]


ORDERS: Mapping[str, Callable[[Checked], tuple[object, ...]]] = {
    "worst": lambda row: (-row.quality, -row.age, row.point.name),
    "oldest": lambda row: (-row.age, row.point.name),
    "name": lambda row: (row.point.name,),
}
"""What the points may be sorted by."""


def sifted(
    points: Iterable[PointOf], now: Present, *, text: str, quality: str, order: str, leaf: int
) -> Sifted:
    """The points whose names hold a text and whose quality is wanted, on a leaf of so many.

    ``quality`` is a code, "weak" for all but good ones, or empty.
    """
    rows = [_checked(point, now) for point in points]
    counts = {code: sum(row.quality == code for row in rows) for code in range(UNHEARD + 1)}
    wanted = text.casefold()
    kept = [
        row
        for row in rows
        if wanted in row.point.name.casefold()
        and quality in ("", str(row.quality), "weak" if row.quality else "")
    ]
    kept.sort(key=ORDERS[order])
    leaves = max(1, -(-len(kept) // PAGE))
    leaf = min(leaf, leaves)
    return Sifted(tuple(kept[(leaf - 1) * PAGE : leaf * PAGE]), len(kept), leaf, leaves, counts)


def _checked(point: PointOf, now: Present) -> Checked:
    reading = now.points.get(point.name)
    if reading is None:
        return Checked(point, Reading(), UNHEARD)
    return Checked(point, reading, reading.quality)
