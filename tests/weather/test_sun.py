"""Sun position against the full solar position algorithm of pvlib."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pvlib
import pytest

from tests.weather.axes import beijing_year
from zeroplant.weather.sun import sun, sun_place


@pytest.mark.parametrize(("latitude", "longitude"), [(39.9, 111.7), (29.56, 106.55), (-33.0, -70)])
def test_place_agrees_with_spa(latitude: float, longitude: float) -> None:
    """Proves: daily sky and straight lines between are within 0.01° of the algorithm itself.

    A wrong sign of longitude, a missing equation of time (4°) or local for UTC would show.
    """
    times = pd.date_range("2024-01-01", "2025-01-01", freq="37min", tz="UTC")
    spa = pvlib.solarposition.spa_python(times, latitude, longitude, delta_t=69.2)
    place = sun_place(times.tz_localize(None).to_numpy().astype("M8[s]"), latitude, longitude)
    up = spa["zenith"].to_numpy() < 90
    assert np.abs(place.zenith - spa["zenith"].to_numpy()).max() < 0.01
    assert np.abs(place.apparent_zenith - spa["apparent_zenith"].to_numpy())[up].max() < 0.02
    turn = (place.azimuth - spa["azimuth"].to_numpy() + 180) % 360 - 180
    assert np.abs(turn)[up & (spa["zenith"].to_numpy() > 10)].max() < 0.1


@pytest.mark.parametrize("hours", [0.25, 1.0, 3.0])
def test_cloudless_energy_does_not_depend_on_the_step(hours: float) -> None:
    """Proves: a year of cloudless sky has the same energy at 15 min, 1 h and 3 h (to 0.5 %).

    The sun taken at the start of the period, or once in 3 h, would be several percent off.
    """
    fine = sun(beijing_year(hours=0.25), 39.9, 111.7).clear.sum() * 0.25
    here = sun(beijing_year(hours=hours), 39.9, 111.7).clear.sum() * hours
    assert here == pytest.approx(fine, rel=0.005)
