"""From weather to PV power: pvlib does the physics, this says in which order."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.weather.panels import (
    Colour,
    Cooling,
    Mounting,
    Tracking,
    colour_factor,
    cooling_of,
)
from zeroplant.weather.plane import PlaneIrradiance, Sky, plane_irradiance
from zeroplant.weather.site import Site

MODULE_HEIGHT = 2.0
"""Height [m] at which wind cools the modules."""
NEAR_GROUND_SHEAR = 0.2
"""Shear exponent down to the modules: open land with shrubs and buildings (0.14…0.25)."""
LOSSES = 0.11
"""Soiling, shading, mismatch, wiring, availability. Usual are 12…16 % with reflection in them;
reflection (about 3 %), heat and the inverter are computed apart."""
FAINTEST = 1e-6
"""DC power per rating below which an inverter sleeps."""


def solar_availability(
    site: Site,
    *,
    tilt: float,
    azimuth: float = 180.0,
    tracking: Tracking | None = None,
    mounting: Mounting = "open_rack",
    colour: Colour | float = "none",
    bifacial_gain: float = 0.0,
    temperature_coefficient: float = -0.0029,
    losses: float = LOSSES,
    dc_ac: float = 1.2,
    inverter_efficiency: float = 0.98,
    albedo: float = 0.2,
    sky: Sky = "haydavies",
    cooling: Cooling | None = None,
) -> Floats:
    """AC power per unit of DC rating (MW per MWp) of each stage, at most 1 / ``dc_ac``.

    ``tilt`` from the horizontal and ``azimuth`` clockwise from north (180 = south), degrees;
    with ``tracking="single_axis"`` both are those of the axis' ends: the axis lies flat
    (``tilt`` 0 is usual) along ``azimuth`` and modules turn ±60° with backtracking.
    ``colour``: a name or the share of power that stays. ``bifacial_gain``: what the rear side
    adds to the light, 0.03…0.10 in practice. ``temperature_coefficient`` per K: −0.0029 TOPCon,
    −0.0026 HJT, −0.0035 PERC. ``dc_ac``: DC rating over the inverter's AC rating, 1.1…1.4.
    ``cooling`` replaces the heat loss factors of the ``mounting``.

    Transposition by Hay and Davies or Perez, beam reflection by the ASHRAE formula, cells by
    Faiman, DC and inverter by PVWatts, all through pvlib; the sun stands at mid-period.
    Raises ``InputError`` for a tilt, share or name that cannot be.
    """
    _check(site.name, tilt, losses, dc_ac, inverter_efficiency)
    factor = colour_factor(colour)
    heat = cooling_of(mounting, cooling)
    light = plane_irradiance(
        site, tilt=tilt, azimuth=azimuth, tracking=tracking, albedo=albedo, sky=sky
    )
    return plane_power(
        PlaneIrradiance(light.total, light.effective * (1 + bifacial_gain)),
        site.weather.temp_air,
        module_wind(site),
        cooling=heat,
        rating=factor * (1 - losses),
        temperature_coefficient=temperature_coefficient,
        dc_ac=dc_ac,
        inverter_efficiency=inverter_efficiency,
    )


def plane_power(
    light: PlaneIrradiance,
    temp_air: Floats,
    wind: Floats,
    *,
    cooling: Cooling,
    rating: float = 1.0,
    temperature_coefficient: float = -0.0029,
    dc_ac: float = 1.2,
    inverter_efficiency: float = 0.98,
) -> Floats:
    """AC power per unit of DC rating from light on the panels, air [°C] and wind [m/s] there.

    ``rating`` is the share of the rated power that is really there (colour, losses).
    """
    from pvlib import inverter, pvsystem

    cell = cell_temperature(light.total, temp_air, wind, cooling)
    dc = rating * pvsystem.pvwatts_dc(light.effective, cell, 1.0, temperature_coefficient)
    ac = inverter.pvwatts(
        np.where(dc > FAINTEST, dc, 0.0),
        1 / (dc_ac * inverter_efficiency),
        eta_inv_nom=inverter_efficiency,
    )
    return np.asarray(np.maximum(np.nan_to_num(ac), 0.0), dtype=float)


def cell_temperature(light: Floats, temp_air: Floats, wind: Floats, cooling: Cooling) -> Floats:
    """Cell temperature [°C] from light on the panels [W/m2], by Faiman."""
    from pvlib.temperature import faiman

    return np.asarray(faiman(light, temp_air, wind, cooling.u0, cooling.u1), dtype=float)


def module_wind(site: Site) -> Floats:
    """Wind [m/s] at the height of the modules."""
    from windpowerlib.wind_speed import hellman

    weather = site.weather
    speed = hellman(
        weather.wind_speed, weather.wind_height, MODULE_HEIGHT, hellman_exponent=NEAR_GROUND_SHEAR
    )
    return np.asarray(speed, dtype=float)


def _check(where: str, tilt: float, losses: float, dc_ac: float, efficiency: float) -> None:
    """Name everything about the panels that cannot be."""
    problems = []
    if not 0 <= tilt <= 90:
        problems.append(Problem(f"panels tilted {tilt:g}°", where, "0 (flat) to 90 (upright)"))
    if not 0 <= losses < 1:
        problems.append(Problem(f"losses of {losses:g}", where, "a share from 0 to below 1"))
    if dc_ac <= 0:
        problems.append(Problem(f"a DC/AC ratio of {dc_ac:g}", where, "usual are 1.1 to 1.4"))
    if not 0 < efficiency <= 1:
        text = f"an inverter efficiency of {efficiency:g}"
        problems.append(Problem(text, where, "a share above 0, at most 1"))
    if problems:
        raise InputError(problems)
