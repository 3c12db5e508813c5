"""Where the sun stands, and what a cloudless sky would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats

Moments = NDArray[np.datetime64]

SUBSTEP = 0.5
"""Longest step [h] over which a cloudless sky is taken as constant."""
AIR_PRESSURE = 1013.25
AIR_TEMPERATURE = 12.0
REFRACTION_AT_HORIZON = 0.5667


@dataclass(frozen=True)
class Place:
    """Place of the sun in degrees: true and refracted zenith, azimuth clockwise from north."""

    zenith: Floats
    apparent_zenith: Floats
    azimuth: Floats


@dataclass(frozen=True)
class Sun:
    """Sun of one chain, one value per period.

    ``place`` is that at the middle of the period; ``extraterrestrial`` the normal irradiance
    [W/m2] above the air; ``clear`` the mean global horizontal irradiance [W/m2] of a cloudless
    sky over the period, 0 at night; ``day`` the day of the year.
    """

    place: Place
    extraterrestrial: Floats
    clear: Floats
    day: NDArray[np.int64]


@lru_cache(maxsize=16)
def sun(axis: Axis, latitude: float, longitude: float) -> Sun:
    """Sun over one chain of the axis; the same object again for the same question.

    Cloudless irradiance by Haurwitz (J. Meteorology 2, 1945) through pvlib: it needs nothing
    but the zenith, and its level is taken up by the climate's own monthly means.
    """
    from pvlib.irradiance import get_extra_radiation

    parts = max(1, int(np.ceil(axis.hours / SUBSTEP - 1e-9)))
    inside = (np.arange(parts) + 0.5) / parts * axis.hours * 3600
    moments = (axis.times[:, None] + np.round(inside).astype("m8[s]")).ravel()
    clear = _clear(sun_place(moments, latitude, longitude))
    middle = axis.times + np.timedelta64(round(axis.hours * 1800), "s")
    day = np.floor(_day_of_year(middle)).astype(np.int64)
    return Sun(
        place=sun_place(middle, latitude, longitude),
        extraterrestrial=np.asarray(get_extra_radiation(day), dtype=float),
        clear=clear.reshape(axis.periods, parts).mean(axis=1),
        day=day,
    )


@lru_cache(maxsize=64)
def clear_month_means(latitude: float, longitude: float) -> tuple[float, ...]:
    """Mean cloudless daily irradiation [kWh/m2/day] of the twelve months (of 2023)."""
    days = np.arange(np.datetime64("2023-01-01"), np.datetime64("2024-01-01"))
    moments = (days.astype("M8[s]")[:, None] + np.arange(900, 86400, 1800).astype("m8[s]")).ravel()
    daily = _clear(sun_place(moments, latitude, longitude)).reshape(len(days), -1)
    month = days.astype("M8[M]").astype(np.int64) % 12
    return tuple(float(daily[month == number].mean() * 0.024) for number in range(12))


def sun_place(moments: Moments, latitude: float, longitude: float) -> Place:
    """Place of the sun at UTC moments, within about 0.01 degrees.

    Declination and right ascension come from the solar position algorithm (Reda and Andreas,
    Solar Energy 76, 2004) once a day and run straight in between; zenith and azimuth follow
    by spherical trigonometry, refraction as in that algorithm; all through pvlib.
    """
    from pvlib import solarposition as geometry
    from pvlib.spa import atmospheric_refraction_correction

    noon_angle, tilt = _daily_sky(moments)
    seconds = (moments - moments.astype("M8[D]")).astype("m8[s]").astype(float)
    angle = np.radians((noon_angle + seconds / 240 + longitude + 180) % 360 - 180)
    latitude = float(np.radians(latitude))
    zenith = geometry.solar_zenith_analytical(latitude, angle, tilt)
    azimuth = np.degrees(geometry.solar_azimuth_analytical(latitude, angle, tilt, zenith))
    lifted = atmospheric_refraction_correction(
        AIR_PRESSURE, AIR_TEMPERATURE, 90 - np.degrees(zenith), REFRACTION_AT_HORIZON
    )
    return Place(np.degrees(zenith), np.degrees(zenith) - lifted, azimuth)


def _daily_sky(moments: Moments) -> tuple[Floats, Floats]:
    """Hour angle at Greenwich less the time of day [degrees], and declination [radians]."""
    from pvlib.spa import calculate_deltat, solar_position

    days = np.arange(moments.min().astype("M8[D]"), moments.max().astype("M8[D]") + 2)
    at = days.astype("M8[s]").astype(float)
    year = float(days[0].astype("M8[Y]").astype(int) + 1970)
    late = calculate_deltat(year, 6)
    sidereal, ascension, declination = solar_position(at, 0, 0, 0, 0, 0, late, 0, sst=True)
    greenwich = (sidereal - ascension) % 360
    now = moments.astype("M8[s]").astype(float)
    return np.interp(now, at, greenwich), np.interp(now, at, np.radians(declination))


def _day_of_year(moments: Moments) -> Floats:
    """Day of the year with its fraction, 1.0 at the start of 1 January."""
    since = moments.astype("M8[s]") - moments.astype("M8[Y]").astype("M8[s]")
    return np.asarray(1 + since.astype(float) / 86400, dtype=float)


def _clear(place: Place) -> Floats:
    """Cloudless global irradiance [W/m2] at each place of the sun, 0 below the horizon."""
    from pandas import Series
    from pvlib.clearsky import haurwitz

    table = haurwitz(Series(place.apparent_zenith))
    return np.asarray(table["ghi"].to_numpy(dtype=float), dtype=float)
