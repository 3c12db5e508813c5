"""What a weather forecast alone says of a quantity: a curve learnt from forecasts and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats

BINS = 25
LEAST = 200
"""Pairs of forecast and outcome needed for a curve."""


@dataclass(frozen=True)
class Curve:
    """Either a binned curve over one variable, or (``hourly``) a factor on it for each hour."""

    variable: str
    at: Floats
    value: Floats
    hourly: bool = False

    def __call__(self, weather: Mapping[str, Floats], hour: Floats) -> Floats:
        """What the forecast says; nan where it says nothing."""
        given = weather[self.variable]
        if self.hourly:
            return given * self.value[hour.astype(np.int64)]
        return np.where(np.isfinite(given), np.interp(given, self.at, self.value), np.nan)


def binned(variable: str, given: Floats, outcome: Floats) -> Curve:
    """Mean outcome in bins of equal count over a variable, straight in between."""
    order = np.argsort(given, kind="stable")
    parts = np.array_split(order, BINS)
    middle = np.array([given[part].mean() for part in parts])
    mean = np.array([outcome[part].mean() for part in parts])
    at, first = np.unique(middle, return_index=True)
    return Curve(variable, at, mean[first])


def hour_by_hour(variable: str, given: Floats, outcome: Floats, hour: Floats) -> Curve:
    """For each hour of the day the least-squares factor on a variable that is never negative."""
    slot = hour.astype(np.int64)
    above = np.bincount(slot, given * outcome, 24)
    below = np.bincount(slot, given * given, 24)
    return Curve(variable, np.arange(24.0), above / np.maximum(below, 1e-12), hourly=True)


def best(weather: Mapping[str, Floats], outcome: Floats, hour: Floats) -> Curve | None:
    """The curve with the least mean absolute error, or None if there are too few pairs."""
    found: list[tuple[float, Curve]] = []
    for name, given in weather.items():
        good = np.isfinite(given) & np.isfinite(outcome)
        if good.sum() < LEAST:
            continue
        x, y, at = given[good], outcome[good], hour[good]
        curves = [binned(name, x, y)]
        if x.min() >= 0:
            curves.append(hour_by_hour(name, x, y, at))
        found += [(float(np.abs(each({name: x}, at) - y).mean()), each) for each in curves]
    return min(found, key=lambda pair: pair[0])[1] if found else None
