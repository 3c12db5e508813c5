"""A spot price of electricity with a solar valley, an evening peak, spikes and negative spells."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.weather.latent import streams

PRICE = 201
MORNING, EVENING, VALLEY = (7.5, 1.6), (19.0, 2.0), (12.7, 2.6)
"""Hour and width [h] of the day's three features, plant's clock."""
TIGHT = 1.65
"""Score above which an evening is scarce: about one day in twenty."""


def spot_price(
    axis: Axis,
    seed: int,
    *,
    mean: float = 320.0,
    valley: float = 0.75,
    evening: float = 0.55,
    noise: float = 0.25,
    floor: float = -80.0,
    cap: float = 1500.0,
) -> Floats:
    """Spot price [CNY/MWh] with about this mean, between ``floor`` and ``cap``.

    ``valley`` and ``evening`` are depth and height over the mean; the valley is deeper on sunny
    days (a hidden series, strongest in spring), so sunny spells go below zero; tight days lift the
    whole day and now and then let an evening spike to the cap. Defaults are levels seen in
    Chinese spot markets of 2025: means of 240…450, floors of −50…−100 and caps of 1,050…1,500
    CNY/MWh (Shandong, western Inner Mongolia, Guangdong). The sun in it is its own: it does not
    know the weather of the plant.
    """
    hour = axis.hour_of_day + axis.hours / 2
    season = 2 * np.pi * (axis.month_of_year - 0.5) / 12
    sunny, tight, hourly = (
        row.ravel() for row in streams([(30.0, 4.0), (48.0, 4.0), (4.0, 0.5)], axis, (seed, PRICE))
    )
    spring = 1 + 0.35 * np.cos(season - 2 * np.pi * 3.8 / 12)
    depth = valley * spring * np.exp(0.45 * sunny - 0.10)
    peak = evening * (1 + 0.25 * np.abs(np.cos(season)))
    level = 1 + 0.20 * tight + noise * hourly / 2
    relative = level - depth * _bump(hour, VALLEY)
    relative += peak * _bump(hour, EVENING) + 0.5 * peak * _bump(hour, MORNING)
    relative += 2.2 * np.maximum(tight - TIGHT, 0) * _bump(hour, EVENING) / 0.5
    bias = (evening * 1.16 * (_share(EVENING) + 0.5 * _share(MORNING))) - valley * _share(VALLEY)
    price: Floats = np.clip(mean * (relative - bias), floor, cap)
    return price


def _bump(hour: Floats, feature: tuple[float, float]) -> Floats:
    """Bell over the hours of the day around a feature, 1 at its middle."""
    middle, width = feature
    return np.exp(-(((hour - middle) / width) ** 2) / 2)


def _share(feature: tuple[float, float]) -> float:
    """Mean of a bell over the day."""
    return float(feature[1] * np.sqrt(2 * np.pi) / 24)
