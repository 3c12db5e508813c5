"""Weather years from a climate: seeded, vectorised over hours and over years."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.weather.climate import Climate, Persistence
from zeroplant.weather.latent import streams
from zeroplant.weather.season import SCORES, course, mapped, mid_month, month_position
from zeroplant.weather.site import Site, Weather
from zeroplant.weather.sun import sun

HOURS_PER_DAY = 24
LONGEST_STEP = 3.0
CLEAR_DAY_SWING = 0.25
"""How much wider the daily temperature range is on a clear than on a usual day (a choice)."""
PEAK_HOUR = 14.5
"""Mean solar time at which the air is warmest."""
LOWEST_SUN = 87.0
"""Zenith beyond which everything is taken as diffuse."""


def generate(climate: Climate, axis: Axis, seed: int, *, place: int = 0) -> Weather:
    """Weather of every stage of the axis; every chain is a different year.

    The same climate, axis and seed give the same numbers, and chain k is the same whatever
    number of chains there are. ``place`` tells neighbouring sites of one region apart: they
    share fronts (the slow hidden series) and have clouds and gusts of their own.

    Irradiance is the clear-sky index times cloudless irradiance, so it is 0 whenever the sun
    is down; wind follows monthly Weibull distributions; temperature is a daily course that is
    wider on clear days plus a residual. See docs/explanation/weather-generator.md.

    Raises ``InputError`` for steps above 3 h and for correlations no weather can have.
    """
    check_step(axis)
    cloud, gust, warmth, slow_cloud = _scores(climate, axis, seed, place)
    middle = axis.times + np.timedelta64(round(axis.hours * 1800), "s")
    month = month_position(middle)
    solar_hour = _solar_hour(axis, climate.longitude)
    ghi, dni, dhi = _irradiance(climate, axis, month, cloud)
    pressure = _pressure(climate.altitude)
    return Weather(
        ghi=ghi.ravel(),
        dni=dni.ravel(),
        dhi=dhi.ravel(),
        temp_air=_temperature(climate, month, solar_hour, warmth, slow_cloud).ravel(),
        wind_speed=_wind(climate, month, solar_hour, gust).ravel(),
        pressure=np.full(axis.stages, pressure),
        wind_height=climate.wind.height,
    )


def check_step(axis: Axis) -> None:
    """Raise ``InputError`` if the periods are too long for the sun and the wind to be told."""
    if axis.hours > LONGEST_STEP:
        text = f"weather cannot be generated in steps of {axis.hours:g} h"
        raise InputError(Problem(text, instead="use steps of 15 min to 3 h"))


def generated_site(climate: Climate, axis: Axis, seed: int, *, place: int = 0) -> Site:
    """The climate's own place with generated weather."""
    return Site(
        name=climate.name,
        latitude=climate.latitude,
        longitude=climate.longitude,
        altitude=climate.altitude,
        zone=climate.zone,
        axis=axis,
        weather=generate(climate, axis, seed, place=place),
    )


def _scores(
    climate: Climate, axis: Axis, seed: int, place: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Normal scores (chains, periods) of irradiance, wind, temperature, and slow irradiance."""
    rows: tuple[Persistence, ...] = (
        climate.irradiance.persistence,
        climate.wind.persistence,
        climate.temperature.persistence,
    )
    slow = streams([row.slow for row in rows], axis, (seed,), climate.correlation.matrix)
    fast = streams([row.fast for row in rows], axis, (seed, place + 1))
    share = np.array([row.slow_share for row in rows])[:, None, None]
    both = np.sqrt(share) * slow + np.sqrt(1 - share) * fast
    return both[0], both[1], both[2], slow[0]


def _solar_hour(axis: Axis, longitude: float) -> Floats:
    """Mean solar time [h] at the middle of each period of one chain."""
    seconds = (axis.times - axis.times.astype("M8[D]")).astype(float)
    hour = (seconds / 3600 + axis.hours / 2 + longitude / 15) % HOURS_PER_DAY
    return np.asarray(hour, dtype=float)


def _irradiance(
    climate: Climate, axis: Axis, month: Floats, score: Floats
) -> tuple[Floats, Floats, Floats]:
    """Global, direct normal and diffuse irradiance (chains, periods); Erbs decomposition."""
    import pvlib

    above = sun(axis, climate.latitude, climate.longitude)
    ghi = mapped(_clear_index_table(climate), month, score) * above.clear
    parts = pvlib.irradiance.erbs(ghi, above.place.zenith, above.day, max_zenith=LOWEST_SUN)
    dni = np.nan_to_num(parts["dni"])
    return ghi, dni, ghi - dni * np.maximum(np.cos(np.radians(above.place.zenith)), 0)


@lru_cache(maxsize=32)
def _clear_index_table(climate: Climate) -> Floats:
    """Quantiles (12, SCORES) of the clear-sky index at the middle of each month: Beta."""
    from scipy.special import betaincinv, ndtr

    ceiling = climate.irradiance.ceiling
    mean = np.clip(mid_month(climate.clear_index) / ceiling, 0.02, 0.98)[:, None]
    spread = (np.array(climate.irradiance.spread) / ceiling)[:, None]
    size = np.maximum(mean * (1 - mean) / spread**2 - 1, 0.05)
    return np.asarray(ceiling * betaincinv(mean * size, (1 - mean) * size, ndtr(SCORES)))


@lru_cache(maxsize=32)
def _wind_table(climate: Climate) -> Floats:
    """Quantiles (12, SCORES) of wind speed at the middle of each month: Weibull."""
    from scipy.special import gamma, log_ndtr

    shape = np.array(climate.wind.shape)[:, None]
    scale = np.maximum(mid_month(np.array(climate.wind.mean)), 0.1)[:, None] / gamma(1 + 1 / shape)
    return np.asarray(scale * (-log_ndtr(-SCORES)) ** (1 / shape))


def _wind(climate: Climate, month: Floats, solar_hour: Floats, score: Floats) -> Floats:
    """Wind speed (chains, periods), m/s."""
    day = np.array(climate.wind.diurnal)
    day = np.append(day, day[:1]) / day.mean()
    # The 24 figures stand at the middle of their hours.
    factor = np.interp((solar_hour - 0.5) % HOURS_PER_DAY, np.arange(HOURS_PER_DAY + 1), day)
    speed: Floats = mapped(_wind_table(climate), month, score) * factor
    return speed


def _temperature(
    climate: Climate, month: Floats, solar_hour: Floats, score: Floats, clearness: Floats
) -> Floats:
    """Air temperature (chains, periods), °C."""
    table = climate.temperature
    mean = course(mid_month(np.array(table.mean)), month)
    half = course(mid_month(np.array(table.range)), month) / 2
    spread = course(mid_month(np.array(table.spread)), month)
    swing = half * np.cos(2 * np.pi * (solar_hour - PEAK_HOUR) / HOURS_PER_DAY)
    return mean + swing * (1 + CLEAR_DAY_SWING * np.tanh(clearness)) + spread * score


def _pressure(altitude: float) -> float:
    """Mean air pressure [Pa] at an altitude, standard atmosphere."""
    import pvlib

    return float(pvlib.atmosphere.alt2pres(altitude))
