"""Sites and their weather refuse what does not fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.weather.axes import beijing_year
from zeroplant.errors import InputError
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generated_site


def test_weather_must_fit_the_axis() -> None:
    """Proves: a day of weather on a year's axis is an error with both numbers."""
    site = generated_site(climate("ningbo"), beijing_year(days=1), 1)
    with pytest.raises(InputError, match="24 values and the time axis 8760"):
        replace(site, axis=beijing_year())
    with pytest.raises(InputError, match="not on the globe"):
        replace(site, latitude=120.0)


def test_weather_columns_must_be_whole() -> None:
    """Proves: a missing hour and a NaN are named with their column."""
    weather = generated_site(climate("ningbo"), beijing_year(days=1), 1).weather
    with pytest.raises(InputError, match="'temp_air' holds 23 values"):
        replace(weather, temp_air=weather.temp_air[1:])
    with pytest.raises(InputError, match="'wind_speed' holds values that are not finite"):
        replace(weather, wind_speed=np.full(24, np.nan))
