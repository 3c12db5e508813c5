"""Light on a tilted, turned or tracking plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from zeroplant.axis import Floats
from zeroplant.weather.panels import Tracking
from zeroplant.weather.site import Site
from zeroplant.weather.sun import Sun, sun

Sky = Literal["haydavies", "perez"]
DIFFUSE_GLASS = 0.95
"""Share of diffuse light that passes the glass (about what pvlib's iam.marion_diffuse gives)."""
MAX_ROTATION = 60.0
GROUND_COVER = 0.35
"""Module width over row distance of trackers, for backtracking."""


@dataclass(frozen=True)
class PlaneIrradiance:
    """Light on the panels [W/m2], one value per stage.

    ``total`` warms the cells; ``effective`` makes current: what is left after reflection, with
    what the rear side adds.
    """

    total: Floats
    effective: Floats


def plane_irradiance(
    site: Site,
    *,
    tilt: float,
    azimuth: float = 180.0,
    tracking: Tracking | None = None,
    albedo: float = 0.2,
    sky: Sky = "haydavies",
) -> PlaneIrradiance:
    """Light on the panels of each stage; parameters as in `solar_availability`."""
    from pvlib import iam, irradiance

    above = sun(site.axis, site.latitude, site.longitude)
    full, weather = site.axis.tile, site.weather
    slope, facing = _orientation(above, tilt, azimuth, tracking)
    zenith, turn = above.place.apparent_zenith, above.place.azimuth
    incidence = full(irradiance.aoi(slope, facing, zenith, turn))
    parts: dict[str, Any] = irradiance.get_total_irradiance(
        full(np.broadcast_to(slope, zenith.shape)),
        full(np.broadcast_to(facing, zenith.shape)),
        full(zenith),
        full(turn),
        weather.dni,
        weather.ghi,
        weather.dhi,
        dni_extra=full(above.extraterrestrial),
        airmass=full(_airmass(zenith)) if sky == "perez" else None,
        albedo=albedo,
        model=sky,
    )
    beam = np.nan_to_num(parts["poa_direct"])
    diffuse = np.nan_to_num(parts["poa_diffuse"])
    return PlaneIrradiance(
        total=beam + diffuse,
        effective=beam * np.nan_to_num(iam.ashrae(incidence)) + DIFFUSE_GLASS * diffuse,
    )


def _orientation(
    above: Sun, tilt: float, azimuth: float, tracking: Tracking | None
) -> tuple[float | Floats, float | Floats]:
    """Tilt and azimuth of the panels: numbers when fixed, one per period when they track."""
    if tracking is None:
        return tilt, azimuth
    from pvlib.tracking import singleaxis

    turned = singleaxis(
        above.place.apparent_zenith,
        above.place.azimuth,
        tilt,
        azimuth,
        max_angle=MAX_ROTATION,
        backtrack=True,
        gcr=GROUND_COVER,
    )
    # At night the tracker has no position; it lies flat.
    return np.nan_to_num(turned["surface_tilt"]), np.nan_to_num(turned["surface_azimuth"])


def _airmass(apparent_zenith: Floats) -> Floats:
    """Relative air mass, as the Perez model wants it; none at night."""
    from pvlib.atmosphere import get_relative_airmass

    return np.asarray(get_relative_airmass(apparent_zenith), dtype=float)
