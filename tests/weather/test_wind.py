"""Wind: formulas against windpowerlib, golden capacity factors, and four measured turbines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from windpowerlib.power_curves import smooth_power_curve
from windpowerlib.power_output import power_curve_density_correction

from tests.shared import shared_data
from tests.weather.axes import beijing_year
from zeroplant.errors import InputError
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generated_site
from zeroplant.weather.turbines import GENERIC, air_density, power_curve
from zeroplant.weather.wind import hub_speed, turbine_power, wind_availability

MM82 = [
    (3, 0), (4, 64), (5, 159), (6, 314), (7, 511), (8, 767), (9, 1096), (10, 1439), (11, 1700),
    (12, 1912), (13, 2000), (14, 2040), (15, 2050), (25, 2050),
]  # fmt: skip
"""Maker's curve of the Senvion (REpower) MM82 of 2,050 kW: speed in m/s, power in kW."""


def test_hub_speed() -> None:
    """Proves: v_hub = v (h_hub / h)^shear, here 5 (100/10)^0.2 = 7.92 m/s."""
    assert hub_speed(np.array([5.0]), 10, 100, 0.2)[0] == pytest.approx(7.924, abs=1e-3)
    assert hub_speed(np.array([5.0]), 100, 100, 0.2)[0] == 5


def test_air_density() -> None:
    """Proves: 15 °C at sea level weighs 1.225 kg/m3, -11 °C at 1,250 m 1.16, less with height."""
    sea = air_density(np.array([15.0]), np.array([101325.0]), 2.0)
    assert sea[0] == pytest.approx(1.225, rel=0.002)
    hill = air_density(np.array([-11.0]), np.array([87200.0]), 2.0)
    assert hill[0] == pytest.approx(87200 / 287.05 / 262.15, rel=0.003)
    assert air_density(np.array([15.0]), np.array([101325.0]), 120.0)[0] < sea[0]


def test_density_normalises_the_speed() -> None:
    """Proves: thin air is felt as v (rho/1.225)^(1/3), and cut-out stays at the real speed."""
    curve = power_curve(MM82)
    for speed, density in ((6.0, 1.0), (9.0, 1.1), (8.0, 1.3)):
        got = turbine_power(np.array([speed]), curve, np.array([density]))
        felt = turbine_power(np.array([speed * (density / 1.225) ** (1 / 3)]), curve)
        assert got == pytest.approx(felt)
    fast = turbine_power(np.array([24.9, 25.1]), curve, np.array([1.4, 1.0]))
    assert fast == pytest.approx([1.0, 0.0])


def test_density_against_windpowerlib() -> None:
    """Proves: up to 7 m/s the same as windpowerlib's corrected curve, above within 4 % of rating.

    Its correction (Svenningsen) bends the exponent from 1/3 to 2/3 towards rated speed.
    """
    curve = power_curve("medium_wind")
    speed = np.linspace(3.2, 18, 200)
    for density in (1.0, 1.1, 1.3):
        dense = np.full(speed.shape, density)
        theirs = power_curve_density_correction(
            speed, np.array(curve.speed), np.array(curve.power), dense
        )
        mine = turbine_power(speed, curve, dense)
        slow = (speed > 4) & (speed < 7)
        assert mine[slow] == pytest.approx(theirs[slow], abs=1e-3)
        assert np.abs(mine - theirs).max() < 0.06


@pytest.mark.parametrize("name", GENERIC)
def test_generic_curves(name: str) -> None:
    """Proves: a generic curve rises from cut-in to 1, is 0 outside, and is windpowerlib's rounding.

    The ideal curve 0.5 rho cp v³ / specific power is handed to windpowerlib's own smoothing.
    """
    turbine = GENERIC[name]  # type: ignore[index]
    curve = power_curve(name)  # type: ignore[arg-type]
    speed, power = np.array(curve.speed), np.array(curve.power)
    assert (np.diff(power) >= -1e-12).all()
    assert power[-1] == pytest.approx(1.0, abs=1e-6)
    assert speed[-1] == turbine.cut_out
    outside = turbine_power(np.array([0.0, 2.5, turbine.cut_out + 0.1]), curve)
    assert (outside == 0).all()
    grid = pd.Series(np.arange(0.25, 32, 0.25))
    ideal = (0.5 * 1.225 * 0.44 * grid**3 / turbine.specific_power).clip(upper=1.0)
    theirs = smooth_power_curve(
        grid, ideal, block_width=0.25, wind_speed_range=8.0,
        standard_deviation_method="turbulence_intensity", turbulence_intensity=0.10,
    )  # fmt: skip
    at = np.arange(4.0, 16.0, 0.5)
    rounded = np.interp(at, theirs["wind_speed"], theirs["value"])
    assert np.interp(at, speed, power) == pytest.approx(rounded, abs=0.005)


@pytest.mark.parametrize(
    ("name", "turbine", "low", "high"),
    [
        ("qingshuihe", "medium_wind", 0.26, 0.38),
        ("qingshuihe", "low_wind", 0.30, 0.42),
        ("chongqing", "medium_wind", 0.20, 0.27),
        ("ningbo", "medium_wind", 0.20, 0.27),
    ],
)
def test_usual_capacity_factors(name: str, turbine: str, low: float, high: float) -> None:
    """Proves: onshore sites reach what they reach: 0.23-0.38, dispersed low-wind ones 0.22-0.27."""
    site = generated_site(climate(name), beijing_year(years=10), 1)
    power = wind_availability(site, hub_height=100, turbine=turbine)  # type: ignore[arg-type]
    assert low < power.mean() < high
    assert power.min() >= 0
    assert power.max() <= 0.93 * 0.97 * 0.975 + 1e-9


def test_higher_hubs_and_losses() -> None:
    """Proves: a higher hub gives more, each loss takes its share, order does not matter."""
    site = generated_site(climate("ningbo"), beijing_year(), 1)
    base = wind_availability(site, hub_height=100)
    assert wind_availability(site, hub_height=140).sum() > 1.05 * base.sum()
    free = wind_availability(site, hub_height=100, wake=0, outage=0, electrical=0)
    assert base == pytest.approx(free * 0.93 * 0.97 * 0.975)


@pytest.mark.parametrize("turbine", ["R80711", "R80721", "R80736", "R80790"])
def test_chain_on_measured_turbines(turbine: str) -> None:
    """Proves: measured wind through the maker's curve gives the power of four MM82 in France.

    Nothing fitted: standard pressure at 411 m and measured temperature. Standing turbines (power
    below 1 % where 5 % is expected, about 1 % of the time) are out. Bounds: bias 7 % (a nacelle
    anemometer stands behind the rotor), RMSE 0.05 of rating, r 0.98. A curve read a whole m/s
    too high would be 35 % off.
    """
    folder = shared_data("wind_la_haute_borne")
    table = pd.read_parquet(folder / "scada_10min_2014_2015.parquet")
    table = table[table["turbine"] == turbine].dropna()
    speed, real, air = (table[c].to_numpy(dtype=float) for c in ("wind_ms", "power_kw", "temp_c"))
    real /= 2050
    density = air_density(air, np.full(len(air), 96500.0), 2.0)
    mine = turbine_power(speed, power_curve(MM82), density)
    runs = ~((real < 0.01) & (mine > 0.05)) & (speed > 0)
    assert runs.mean() > 0.94
    assert mine[runs].mean() / real[runs].mean() == pytest.approx(1, abs=0.07)
    assert np.sqrt(((mine - real)[runs] ** 2).mean()) < 0.05
    assert np.corrcoef(mine[runs], real[runs])[0, 1] > 0.98


@pytest.mark.parametrize(
    ("turbine", "says"),
    [
        ("strong_wind", "low_wind, medium_wind, high_wind"),
        ([(3, 0)], "two or more points"),
        ([(3, 0), (3, 1)], "do not rise"),
        ([(3, 0), (4, -1)], "powers from 0 up"),
    ],
)
def test_bad_curves_are_named(turbine: object, says: str) -> None:
    """Proves: what is no power curve is refused in words."""
    with pytest.raises(InputError, match=says):
        power_curve(turbine)  # type: ignore[arg-type]


def test_bad_losses_are_named_together() -> None:
    """Proves: every problem is named, not the first alone."""
    site = generated_site(climate("ningbo"), beijing_year(days=2), 1)
    with pytest.raises(InputError) as caught:
        wind_availability(site, hub_height=-1, wake=2)
    assert len(caught.value.problems) == 2
