"""A place, and the weather it has on a time axis."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem


@dataclass(frozen=True)
class Weather:
    """Mean weather of each stage (period of a chain); every array has one entry per stage.

    ``ghi``, ``dni``, ``dhi``: global horizontal, direct normal and diffuse horizontal
    irradiance [W/m2]; ``temp_air`` [°C] at 2 m; ``wind_speed`` [m/s] at ``wind_height`` [m]
    above ground; ``pressure`` [Pa] at the ground.

    Raises ``InputError`` when the arrays differ in length or hold a value that is not finite.
    """

    ghi: Floats
    dni: Floats
    dhi: Floats
    temp_air: Floats
    wind_speed: Floats
    pressure: Floats
    wind_height: float = 10.0

    def __post_init__(self) -> None:
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "wind_height"}
        problems = [
            Problem(f"weather column '{name}' holds {len(values)} values, ghi {len(self.ghi)}")
            for name, values in columns.items()
            if values.shape != self.ghi.shape
        ]
        problems += [
            Problem(f"weather column '{name}' holds values that are not finite")
            for name, values in columns.items()
            if not np.isfinite(values).all()
        ]
        if problems:
            raise InputError(problems)


@dataclass(frozen=True)
class Site:
    """A named place with its weather on an axis.

    ``latitude`` and ``longitude`` in degrees (north and east positive), ``altitude`` in m,
    ``zone`` the time zone the place lives by. The sun is computed from ``axis``, which is in
    UTC, so ``zone`` never moves the sun.

    Raises ``InputError`` when the weather does not have one value per stage of the axis.
    """

    name: str
    latitude: float
    longitude: float
    altitude: float
    zone: str
    axis: Axis
    weather: Weather

    def __post_init__(self) -> None:
        problems = []
        if not -90 <= self.latitude <= 90 or not -180 <= self.longitude <= 180:
            place = f"latitude {self.latitude:g}, longitude {self.longitude:g}"
            cure = "latitude is -90…90, longitude -180…180 degrees"
            problems.append(Problem(f"{place} is not on the globe", self.name, cure))
        have = len(self.weather.ghi)
        if have != self.axis.stages:
            text = f"the weather has {have} values and the time axis {self.axis.stages}"
            problems.append(Problem(text, self.name))
        if problems:
            raise InputError(problems)
