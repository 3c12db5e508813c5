"""Generated weather against its own table: what was asked for comes out, for any step and seed."""

from __future__ import annotations

import numpy as np
import pytest

from tests.weather.axes import beijing_year
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError
from zeroplant.weather.climate import climate, climates
from zeroplant.weather.generator import generate
from zeroplant.weather.sun import sun

COLUMNS = ("ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure")


def by_year_and_month(values: Floats, axis: Axis) -> Floats:
    """Means of every month of every year, (years, 12)."""
    years = values.reshape(len(axis.chains), -1)
    month = axis.month_of_year[: axis.periods]
    return np.stack([years[:, month == number].mean(axis=1) for number in range(1, 13)], axis=1)


@pytest.mark.parametrize("name", climates())
def test_monthly_means_come_back(name: str) -> None:
    """Proves: 40 years average to the table, month by month and over the year.

    Each month within 4 standard errors of its 40-year mean, which are themselves small (below
    4.5 %, 0.25 K). Straight lines between monthly means without the mid-month correction would
    miss summer and winter by 1-2 K and irradiance by 3 %.
    """
    table, axis = climate(name), beijing_year(years=40)
    weather = generate(table, axis, 1)
    for values, wanted, scale, year in (
        (weather.ghi * 0.024, table.irradiance.mean, table.irradiance.mean, 0.02),
        (weather.wind_speed, table.wind.mean, table.wind.mean, 0.02),
        (weather.temp_air, table.temperature.mean, (5.5,) * 12, 0.03),
    ):
        months = by_year_and_month(values, axis)
        error = months.std(axis=0) / np.sqrt(40) / np.array(scale)
        off = (months.mean(axis=0) - np.array(wanted)) / np.array(scale)
        assert error.max() < 0.045
        assert (np.abs(off) < 4 * error + 0.005).all()
        assert abs(off.mean()) < year


def test_spread_comes_back() -> None:
    """Proves: the Weibull shape and the temperature spread and range of January are the table's."""
    table, axis = climate("qingshuihe"), beijing_year(years=40)
    weather = generate(table, axis, 1)
    january = (axis.month_of_year == 1).reshape(40, -1)
    speed = weather.wind_speed.reshape(40, -1)[january]
    # Weibull with k = 2 has a relative spread of 0.523; the daily course adds a little.
    assert speed.std() / speed.mean() == pytest.approx(0.523, abs=0.03)
    air = weather.temp_air[axis.month_of_year == 1].reshape(40, -1, 24)
    assert air.mean(axis=2).std() == pytest.approx(table.temperature.spread[0], rel=0.2)
    swing = air.mean(axis=(0, 1))
    assert swing.max() - swing.min() == pytest.approx(table.temperature.range[0], rel=0.1)


@pytest.mark.parametrize("hours", [0.25, 1.0, 3.0])
def test_light_obeys_the_sun(hours: float) -> None:
    """Proves: no light at night, none below zero, and global = diffuse + beam on the level."""
    table, axis = climate("ningbo"), beijing_year(years=2, hours=hours)
    weather = generate(table, axis, 5)
    above = sun(axis, table.latitude, table.longitude)
    night = np.tile(above.clear == 0, 2)
    for light in (weather.ghi, weather.dni, weather.dhi):
        assert (light[night] == 0).all()
        assert light.min() >= 0
    level = np.tile(np.maximum(np.cos(np.radians(above.place.zenith)), 0), 2)
    assert weather.ghi == pytest.approx(weather.dhi + weather.dni * level, abs=1e-9)
    assert (weather.dni < 1361 * 1.04).all()


def test_steps_tell_the_same_story() -> None:
    """Proves: hourly means of 15-min weather have the mean, spread and memory of hourly weather.

    A memory counted in steps would make 15-min weather four times as jumpy.
    """
    table = climate("qingshuihe")
    quarter = generate(table, beijing_year(years=10, hours=0.25), 1)
    hourly = generate(table, beijing_year(years=10), 1)
    for name in ("wind_speed", "temp_air", "ghi"):
        fine = getattr(quarter, name).reshape(10, -1, 4).mean(axis=2)
        coarse = getattr(hourly, name).reshape(10, -1)
        assert fine.mean() == pytest.approx(coarse.mean(), rel=0.05, abs=0.3)
        assert fine.std() == pytest.approx(coarse.std(), rel=0.05)
        ramps = [np.diff(x, axis=1).std() for x in (fine, coarse)]
        assert ramps[0] == pytest.approx(ramps[1], rel=0.20)


def test_same_seed_same_bits() -> None:
    """Proves: seed and chain number alone decide; another seed or chain is another year."""
    table = climate("chongqing")
    one, again, five = (generate(table, beijing_year(years=n), 11) for n in (1, 1, 5))
    for name in COLUMNS:
        assert np.array_equal(getattr(one, name), getattr(again, name))
        assert np.array_equal(getattr(one, name), getattr(five, name)[:8760])
    other = generate(table, beijing_year(), 12)
    assert not np.array_equal(one.wind_speed, other.wind_speed)
    assert not np.array_equal(five.wind_speed[:8760], five.wind_speed[8760:17520])


def test_neighbours_share_fronts() -> None:
    """Proves: two places of one seed correlate about as the slow share says; two seeds do not."""
    table, axis = climate("qingshuihe"), beijing_year(years=5)
    here, there, elsewhere = (
        generate(table, axis, seed, place=place).wind_speed
        for seed, place in ((1, 0), (1, 1), (2, 0))
    )
    assert 0.35 < np.corrcoef(here, there)[0, 1] < 0.7
    assert abs(np.corrcoef(here, elsewhere)[0, 1]) < 0.15


def test_too_long_steps_are_refused() -> None:
    """Proves: daily steps are an error of the user, not wrong weather."""
    with pytest.raises(InputError, match="15 min to 3 h"):
        generate(climate("ningbo"), beijing_year(hours=24), 1)
