"""From weather to wind power: windpowerlib does the physics."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.weather.site import Site
from zeroplant.weather.turbines import (
    STANDARD_DENSITY,
    Points,
    PowerCurve,
    TurbineName,
    air_density,
    power_curve,
)


def wind_availability(
    site: Site,
    *,
    hub_height: float,
    turbine: TurbineName | Points = "medium_wind",
    shear: float = 0.18,
    wake: float = 0.07,
    outage: float = 0.03,
    electrical: float = 0.025,
    density_correction: bool = True,
) -> Floats:
    """Power per unit of rating of each stage, 0…1.

    ``hub_height`` in m; ``turbine`` a generic name or (speed, power) points; ``shear`` the
    exponent of v_hub = v (h_hub / h)^shear, 0.14 (open land) … 0.25 (rough). Losses are shares:
    ``wake`` 0.05…0.10, ``outage`` 0.03 (97 % availability), ``electrical`` 0.02…0.03.

    With ``density_correction`` the curve is read at v (rho / 1.225)^(1/3), the normalisation of
    IEC 61400-12-1; cut-out is at the real speed. Raises ``InputError`` for what cannot be.
    """
    shares = {"wake": wake, "outage": outage, "electrical": electrical}
    problems = [
        Problem(f"{name} losses of {share:g}", site.name, "a share from 0 to below 1")
        for name, share in shares.items()
        if not 0 <= share < 1
    ]
    if hub_height <= 0:
        problems.append(Problem(f"a hub at {hub_height:g} m", site.name, "a height above 0"))
    if problems:
        raise InputError(problems)
    weather = site.weather
    speed = hub_speed(weather.wind_speed, weather.wind_height, hub_height, shear)
    density = None
    if density_correction:
        density = air_density(weather.temp_air, weather.pressure, hub_height)
    kept = (1 - wake) * (1 - outage) * (1 - electrical)
    return kept * turbine_power(speed, power_curve(turbine), density)


def hub_speed(speed: Floats, height: float, hub_height: float, shear: float) -> Floats:
    """Wind speed at hub height by the power law (Hellmann)."""
    from windpowerlib.wind_speed import hellman

    return np.asarray(hellman(speed, height, hub_height, hellman_exponent=shear), dtype=float)


def turbine_power(speed: Floats, curve: PowerCurve, density: Floats | None = None) -> Floats:
    """Power per unit of rating of one turbine from wind [m/s] and air density [kg/m3] at its hub.

    windpowerlib's own density correction walks through the periods one by one; the standard's
    normalisation of the speed says the same below rated power and takes no loop.
    """
    from windpowerlib.power_output import power_curve as read

    felt = speed
    if density is not None:
        felt = np.minimum(speed * np.cbrt(density / STANDARD_DENSITY), curve.speed[-1])
        felt = np.where(speed > curve.speed[-1], np.inf, felt)
    return np.asarray(read(felt, curve.speed, curve.power), dtype=float)
