"""Generated weather forecasts: the weather of a site as a numerical forecast might have told it.

They are made from the weather that will be, with errors put in, and serve simulated plants only.
The error of a forecast grows with the time ahead, lasts for hours, and is shared in part by
forecasts that were issued one after the other. What is too quick for a weather model (gusts, single
clouds) is smoothed away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Axis, Chain, Floats
from zeroplant.weather.latent import Memory, streams
from zeroplant.weather.site import Site
from zeroplant.weather.sun import sun

VARIABLES = ("wind_speed", "ghi", "temp_air")
MEMORY: Memory = (8.0, 1.0)
"""Time constants [h] of a forecast's error along the times it is for."""
SHARED = 0.5
"""Part of the error's variance that all forecasts of one moment share, whenever issued."""
SMOOTH = 3.0
"""Hours over which the weather is averaged, as a coarse weather model would."""
AT_ONCE = 6.0
"""Hours ahead that a forecast starts with: its first state of the air is an estimate as well."""
SPREAD = (1.9, 0.22, 1.6)
"""Standard deviation of the errors a day ahead: wind [m/s], clearness [1] and temperature [K].

Chosen so that day-ahead power forecasts err as dispatch centres see it: 12 to 18 % of capacity
(root mean square) for wind, 8 to 12 % for sun. See tests/weather/test_prediction.py.
"""
DAYLIGHT = 20.0
"""Cloudless irradiance [W/m2] below which a sky is neither clear nor cloudy."""
CLEAREST = 1.1


@dataclass(frozen=True)
class WeatherForecast:
    """A weather forecast: for each variable one value per step from ``start`` on.

    ``issued`` is when it became known. Variables are named as in `zeroplant.weather.site`
    (``wind_speed`` in m/s, ``ghi`` in W/m2, ``temp_air`` in °C) or as anything else that a
    power forecast may learn from. A value that is not given is nan.
    """

    issued: datetime
    start: datetime
    step: timedelta
    values: Mapping[str, Floats]


def predicted(
    site: Site, *, seed: int, every: float = 12.0, ahead: float = 72.0, label: str = ""
) -> list[WeatherForecast]:
    """Generated forecasts of a site's weather, issued every so many hours, each so far ahead [h].

    The first is issued at the start of the site's axis, whose first chain is the weather that
    will be; forecasts end where it ends. The same site and seed give the same forecasts. ``label``
    is added to the names of the variables, to tell the forecasts of several sites apart.
    """
    axis = site.axis
    wide, reach = round(every / axis.hours), round(ahead / axis.hours)
    firsts = range(0, axis.periods, wide)
    own = _errors(axis, reach, len(firsts), (seed, 1))
    common = _errors(axis, axis.periods, 1, (seed, 2))[:, 0]
    grown = np.sqrt((np.arange(reach) * axis.hours + AT_ONCE) / (24 + AT_ONCE))
    truth, clear = _smooth(site)
    names = [f"{each}{label}" for each in VARIABLES]
    made = []
    for number, first in enumerate(firsts):
        span = slice(first, min(first + reach, axis.periods))
        length = span.stop - span.start
        error = np.sqrt(SHARED) * common[:, span] + np.sqrt(1 - SHARED) * own[:, number, :length]
        told = truth[:, span] + np.array(SPREAD)[:, None] * grown[:length] * error
        start = axis.start + first * axis.step
        values = dict(zip(names, _possible(told, clear[span]), strict=True))
        made.append(WeatherForecast(start, start, axis.step, values))
    return made


def _errors(axis: Axis, periods: int, chains: int, key: tuple[int, int]) -> Floats:
    """Unit errors (variables, chains, periods)."""
    names = tuple(Chain(str(number)) for number in range(chains))
    whole = Axis(start=axis.start, periods=periods, hours=axis.hours, chains=names)
    return streams([MEMORY] * len(VARIABLES), whole, key)


def _smooth(site: Site) -> tuple[Floats, Floats]:
    """Wind, clearness and temperature without what is too quick, and cloudless irradiance."""
    periods = site.axis.periods
    clear = sun(site.axis, site.latitude, site.longitude).clear
    weather = site.weather
    ghi = weather.ghi[:periods]
    lit = clear > DAYLIGHT
    clearness = np.where(lit, ghi / np.maximum(clear, DAYLIGHT), np.nan)
    half = round(SMOOTH / site.axis.hours / 2)
    columns = (weather.wind_speed[:periods], clearness, weather.temp_air[:periods])
    return np.stack([_mean_around(each, half) for each in columns]), clear


def _mean_around(values: Floats, half: int) -> Floats:
    """Mean of the values there are within so many steps on either side; 0 where there are none."""
    good = np.isfinite(values)
    kernel = np.ones(2 * half + 1)
    sums = np.convolve(np.where(good, values, 0.0), kernel, "same")
    return np.asarray(sums / np.maximum(np.convolve(good, kernel, "same"), 1))


def _possible(told: Floats, clear: Floats) -> Floats:
    """Wind, irradiance and temperature within what can be."""
    wind = np.maximum(told[0], 0.0)
    ghi = np.clip(told[1], 0.02, CLEAREST) * clear
    return np.stack([wind, ghi, told[2]])
