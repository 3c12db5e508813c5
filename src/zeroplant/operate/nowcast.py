"""Forecasts corrected by what is measured now, until a new one is made.

A forecast is made from the means of quarter-hours that are over. What a meter says now knows more
of the running one: the first step takes its place, and what the forecast is off fades with time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from zeroplant.operate.forecast import Forecast

LASTING = timedelta(hours=1)
"""Time in which what a forecast is off falls to 1/e."""


def corrected(
    forecasts: Mapping[str, Forecast], measured: Mapping[str, float]
) -> dict[str, Forecast]:
    """Forecasts moved to what is ``measured``, by key; the others, and nan, as they are.

    No value leaves what the forecast holds possible at any step, but for what is measured.
    """
    found = dict(forecasts)
    for key, now in measured.items():
        forecast = forecasts.get(key)
        if forecast is None or not np.isfinite(now):
            continue
        values, mean = forecast.values, forecast.mean()
        fades = np.exp(-np.arange(len(mean)) * (forecast.step / LASTING))
        moved = values + (now - mean[0]) * fades
        moved[:, 0] = now  # what moves within the step is for control, which hedges nothing
        least, most = min(values.min(), now), max(values.max(), now)
        within = min(forecast.within[0], now), max(forecast.within[1], now)
        found[key] = replace(forecast, values=np.clip(moved, least, most), within=within)
    return found
