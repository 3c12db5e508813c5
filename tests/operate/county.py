"""The county base on a summer day, with forecasts as uncertain as one likes; made once."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.outside import outside, series
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import load_plant

EXAMPLES = Path(__file__).parents[2] / "examples"
LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])


@cache
def county(days: int = 1) -> Standing:
    """The example as it stands on 14 July."""
    return stand(load_plant(EXAMPLES / "county-base"), start=datetime(2025, 7, 14), days=days)


def at(standing: Standing, step: int) -> datetime:
    """The start of a step."""
    axis = standing.network.axis
    return axis.start + step * axis.step


def half_full(standing: Standing) -> dict[str, float]:
    """Levels with the battery at one half."""
    cap = standing.network.store_named("battery.level").cap.constant
    return {"battery.level": 0.5 * float(np.max(cap))}


def forecasts(standing: Standing, step: int, spread: float = 0.0) -> dict[str, Forecast]:
    """The plant's own series, with a spread that grows to that share a day ahead."""
    found = {}
    for key, each in outside(standing.network).items():
        if each.known:
            continue
        values = series(standing.network, key)[step : step + 96]
        found[key] = fan(standing, key, values, step, spread)
    return found


def fan(standing: Standing, key: str, values: Floats, step: int, spread: float) -> Forecast:
    """Quantiles around values."""
    now = at(standing, step)
    width = spread * np.sqrt(np.arange(1, len(values) + 1) / 96)
    quantiles = values * (1 + 2 * np.outer(LEVELS - 0.5, width))
    return Forecast(key, now, now, standing.network.axis.step, LEVELS, np.sort(quantiles, axis=0))
