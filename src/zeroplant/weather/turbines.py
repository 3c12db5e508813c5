"""Power curves: three generic turbines built from their specific power, or the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem

TurbineName = Literal["low_wind", "medium_wind", "high_wind"]
Points = Sequence[tuple[float, float]]

STANDARD_DENSITY = 1.225
POWER_COEFFICIENT = 0.44
"""Part of the wind's power that becomes electricity below rated speed: modern rotors reach an
aerodynamic 0.47…0.49, drive train and converter take 6…8 % of it."""
CUT_IN = 3.0
TURBULENCE = 0.10
"""Turbulence intensity that rounds the knee of a curve measured over 10 minutes."""
STEP = 0.25


@dataclass(frozen=True)
class PowerCurve:
    """Power per unit of rating over wind speed at hub height [m/s], at 1.225 kg/m3.

    Points in rising order of speed, straight lines between, nothing outside.
    """

    speed: tuple[float, ...]
    power: tuple[float, ...]


@dataclass(frozen=True)
class Generic:
    """A generic turbine: ``specific_power`` [W per m2 of rotor] and ``cut_out`` speed [m/s]."""

    specific_power: float
    cut_out: float


GENERIC: dict[TurbineName, Generic] = {
    "low_wind": Generic(210.0, 20.0),
    "medium_wind": Generic(300.0, 25.0),
    "high_wind": Generic(400.0, 25.0),
}
"""Specific powers of machines on the market: 210 W/m2 is 5 MW on a 174 m rotor, as built at
low-wind sites of China; 300 W/m2 is 5.5 MW on 153 m; 400 W/m2 is 4.2 MW on 116 m."""


def power_curve(turbine: TurbineName | Points) -> PowerCurve:
    """Curve of a generic turbine by name, or of (speed, power) points.

    Points may be in any unit of power: they are scaled to 1 at their highest. Raises
    ``InputError`` for an unknown name or points that are not a curve.
    """
    if isinstance(turbine, str):
        if turbine not in GENERIC:
            text = f"there is no generic turbine '{turbine}'"
            raise InputError(Problem(text, instead=", ".join(GENERIC)))
        return _generic(turbine)
    table = np.asarray(turbine, dtype=float)
    if table.ndim != 2 or table.shape[1] != 2 or len(table) < 2:
        text = "a power curve needs two or more points"
        raise InputError(Problem(text, instead="write [[speed, power], …]"))
    speed, power = table.T
    if not np.isfinite(table).all() or (np.diff(speed) <= 0).any() or speed[0] < 0:
        what = "the speeds of a power curve do not rise from 0 or above"
        raise InputError(Problem(what, instead="order its points by speed"))
    if power.min() < 0 or power.max() <= 0:
        what = "a power curve has powers below 0, or none above it"
        raise InputError(Problem(what, instead="write powers from 0 up"))
    return PowerCurve(tuple(speed), tuple(power / power.max()))


@lru_cache(maxsize=8)
def _generic(name: TurbineName) -> PowerCurve:
    """Ideal curve 0.5·rho·cp·v³ per rotor area up to rating, its knee rounded by turbulence.

    The rounding averages the ideal curve over a normal distribution of speeds (Nørgaard and
    Holttinen, Nordic Wind Power Conference 2004); cut-in and cut-out stay sharp.
    """
    turbine = GENERIC[name]
    speed = np.arange(CUT_IN, turbine.cut_out + STEP / 2, STEP)
    gust = np.linspace(-4, 4, 161)
    share = np.exp(-(gust**2) / 2)
    felt = speed[:, None] * (1 + TURBULENCE * gust)
    per_area = 0.5 * STANDARD_DENSITY * POWER_COEFFICIENT * felt**3
    power = np.minimum(per_area / turbine.specific_power, 1.0) @ (share / share.sum())
    return PowerCurve((CUT_IN - 0.01, *speed), (0.0, *power))


def air_density(temp_air: Floats, pressure: Floats, hub_height: float) -> Floats:
    """Density [kg/m3] at hub height from ground weather, by windpowerlib's barometric rule."""
    from windpowerlib.density import barometric
    from windpowerlib.temperature import linear_gradient

    kelvin = linear_gradient(temp_air + 273.15, 2.0, hub_height)
    return np.asarray(barometric(pressure, 0.0, hub_height, kelvin), dtype=float)
