"""A climate: the small table from which any number of weather years is generated."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.weather.latent import Memory
from zeroplant.weather.sun import clear_month_means

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(gt=-1, lt=1)]
Monthly = Annotated[tuple[float, ...], Field(min_length=12, max_length=12)]
PositiveMonthly = Annotated[tuple[Positive, ...], Field(min_length=12, max_length=12)]
Hourly = Annotated[tuple[Positive, ...], Field(min_length=24, max_length=24)]


class Table(BaseModel):
    """A frozen table that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Persistence(Table):
    """How long weather lasts: two hidden series, of days (fronts) and of hours (clouds, gusts).

    ``slow_share`` is the part of the variance in the slow one; each has a memory [h] and a
    shorter smoothing time [h] (0: none).
    """

    slow_share: Share
    slow_hours: Positive
    slow_smooth: Annotated[float, Field(ge=0)] = 0.0
    fast_hours: Positive
    fast_smooth: Annotated[float, Field(ge=0)] = 0.0

    @property
    def slow(self) -> Memory:
        """Time constants of the slow series, h."""
        return self.slow_hours, self.slow_smooth

    @property
    def fast(self) -> Memory:
        """Time constants of the fast series, h."""
        return self.fast_hours, self.fast_smooth


class Irradiance(Table):
    """Global horizontal irradiance.

    ``mean``: kWh/m2/day of each month. ``spread``: standard deviation of the hourly clear-sky
    index (irradiance over that of a cloudless sky) within each month; the index follows a Beta
    distribution on 0…``ceiling``.
    """

    mean: PositiveMonthly
    spread: PositiveMonthly
    ceiling: Annotated[float, Field(gt=0.9, le=1.3)] = 1.1
    persistence: Persistence


class Wind(Table):
    """Wind speed at ``height`` [m]: Weibull of each month with a daily course.

    ``mean`` [m/s] and ``shape`` (Weibull k) of each month; ``diurnal``: factor of each hour of
    mean solar time, scaled to mean 1.
    """

    height: Positive
    mean: PositiveMonthly
    shape: PositiveMonthly
    diurnal: Hourly
    persistence: Persistence


class Temperature(Table):
    """Air temperature at 2 m [°C].

    ``mean`` and ``range`` (mean daily maximum less mean daily minimum) of each month, and
    ``spread``, the standard deviation of what is left when the daily course is taken out.
    """

    mean: Monthly
    range: PositiveMonthly
    spread: PositiveMonthly
    persistence: Persistence


class Correlations(Table):
    """Correlation of the slow hidden series, i.e. of fronts rather than of single hours."""

    irradiance_wind: Correlation = 0.0
    irradiance_temperature: Correlation = 0.0
    wind_temperature: Correlation = 0.0

    @property
    def matrix(self) -> Floats:
        """3 × 3 correlation of irradiance, wind and temperature."""
        iw, it, wt = self.irradiance_wind, self.irradiance_temperature, self.wind_temperature
        return np.array([[1.0, iw, it], [iw, 1.0, wt], [it, wt, 1.0]])


class Climate(Table):
    """The climate of a place, enough to generate years of weather that nobody measured.

    ``latitude`` and ``longitude`` in degrees, ``altitude`` in m, ``zone`` a time zone name;
    ``source`` says where the figures come from and how far they can be trusted.
    """

    name: str
    title: str = ""
    title_zh: str = ""
    latitude: Annotated[float, Field(ge=-66, le=66)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    altitude: Annotated[float, Field(ge=-430, le=6000)] = 0.0
    zone: str = "UTC"
    source: str
    irradiance: Irradiance
    wind: Wind
    temperature: Temperature
    correlation: Correlations = Correlations()

    @property
    def clear_index(self) -> Floats:
        """Mean clear-sky index of the twelve months: table mean over cloudless mean."""
        clear = np.array(clear_month_means(self.latitude, self.longitude))
        return np.asarray(np.array(self.irradiance.mean) / clear, dtype=float)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        """The sky gives no more than a cloudless one, and no distribution is impossibly wide."""
        index = self.clear_index / self.irradiance.ceiling
        if (index >= 1).any():
            month = int(index.argmax()) + 1
            clear = clear_month_means(self.latitude, self.longitude)[month - 1]
            text = f"month {month} has more sun than a cloudless sky ({clear:.2f} kWh/m2/day)"
            raise ValueError(text)
        limit = self.irradiance.ceiling * np.sqrt(index * (1 - index))
        wide = np.array(self.irradiance.spread) >= limit
        if wide.any():
            month = int(wide.argmax())
            text = f"irradiance spread of month {month + 1} must be below {limit[month]:.3f}"
            raise ValueError(text)
        return self


def climate_of(table: dict[str, Any], *, file: str = "") -> Climate:
    """A climate from a plain table (as read from YAML); ``InputError`` names every problem."""
    try:
        return Climate.model_validate(table)
    except ValidationError as error:
        raise InputError(
            Problem(item["msg"], ".".join(map(str, item["loc"])), file=file)
            for item in error.errors()
        ) from error


def climates() -> list[str]:
    """Names of the climates that ship with the package."""
    folder = resources.files("zeroplant.weather") / "climates"
    return sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml"))


@lru_cache(maxsize=32)
def climate(name: str) -> Climate:
    """A shipped climate by name; ``InputError`` lists the names there are."""
    import yaml

    if name not in climates():
        instead = suggestion(name, climates())
        raise InputError(Problem(f"there is no climate '{name}'", instead=instead))
    path = resources.files("zeroplant.weather") / "climates" / f"{name}.yaml"
    return climate_of(yaml.safe_load(path.read_text(encoding="utf-8")), file=path.name)
