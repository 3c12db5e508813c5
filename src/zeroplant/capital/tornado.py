"""Sensitivity: what one figure at a time does to a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from zeroplant.capital.cashflow import cash_flow
from zeroplant.capital.measures import MeasureArrays, measures
from zeroplant.capital.project import Project
from zeroplant.capital.terms import Terms
from zeroplant.capital.variants import Variants

LABELS = {
    "price": ("Price", "价格"),
    "volume": ("Volume", "电量"),
    "capex": ("Investment", "投资"),
    "opex": ("Operating costs", "经营成本"),
    "interest": ("Interest rate", "利率"),
}
"""Name of each factor in English and Chinese."""

SWINGS: Mapping[str, float | tuple[float, float]] = dict.fromkeys(LABELS, 0.1)
"""Every factor down and up by 10 %."""


class Bar(NamedTuple):
    """The measure with one figure at its low and at its high end (not sorted by outcome)."""

    name: str
    low: float
    high: float


def evaluate(project: Project, terms: Terms, variants: Variants) -> MeasureArrays:
    """Measures of many variants in one vectorised run: Monte Carlo, sweeps, break-even."""
    return measures(cash_flow(project, terms, variants), terms, variants)


def tornado(
    project: Project,
    terms: Terms,
    swings: Mapping[str, float | tuple[float, float]] = SWINGS,
    measure: str = "npv",
) -> list[Bar]:
    """One bar per swing, the widest first.

    A swing is a relative change: 0.1 stands for (-0.1, 0.1). ``measure`` is any field of
    ``Measures``; nan where it does not exist. InputError for an unknown factor.
    """
    names = list(swings)
    ends = [_ends(swings[name]) for name in names]
    factors = {name: np.ones(2 * len(names)) for name in names}
    for position, (name, pair) in enumerate(zip(names, ends, strict=True)):
        factors[name][2 * position : 2 * position + 2] += pair
    if not names:
        return []
    values = getattr(evaluate(project, terms, Variants.of(factors)), measure)
    bars = [Bar(n, float(values[2 * k]), float(values[2 * k + 1])) for k, n in enumerate(names)]
    return sorted(bars, key=_width, reverse=True)


def _ends(swing: float | Sequence[float]) -> tuple[float, float]:
    """Low and high end of a swing."""
    if isinstance(swing, Sequence):
        return swing[0], swing[1]
    return -swing, swing


def _width(bar: Bar) -> float:
    """Length of a bar; bars without a value go last."""
    width = abs(bar.high - bar.low)
    return width if np.isfinite(width) else -1.0
