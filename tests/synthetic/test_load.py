"""Generated loads: level, shape, calendar, and memory like that of measured loads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.shared import shared_data
from tests.weather.axes import beijing_year
from zeroplant.axis import Floats
from zeroplant.synthetic.calendar import days_from_new_year, holiday
from zeroplant.synthetic.load import industrial_park, service_area, tunnel

KINDS = (industrial_park, service_area, tunnel)


def correlation(values: Floats, lag: int) -> float:
    """Correlation of (years, hours) with itself some hours later."""
    off = values - values.mean()
    return float((off[..., lag:] * off[..., :-lag]).mean() / off.var())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hours", [0.25, 1.0])
def test_level_seed_and_step(kind, hours: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Proves: the yearly mean is the one asked for (1.5 %), never negative, seeded by chain."""
    axis = beijing_year(years=3, hours=hours)
    load = kind(axis, 1, mean=50.0)
    assert load.shape == (axis.stages,)
    assert load.mean() == pytest.approx(50, rel=0.015)
    assert load.min() > 0
    assert np.array_equal(load, kind(axis, 1, mean=50.0))
    assert not np.array_equal(load, kind(axis, 2, mean=50.0))
    assert np.array_equal(load[: axis.periods], kind(beijing_year(hours=hours), 1, mean=50.0))


def test_park_works_in_shifts_and_rests_at_new_year() -> None:
    """Proves: a flat day (8:00-17:00 over night below 1.15), weekends 2-6 % lower, a festival dip.

    2025's new year is 29 January; the week after it lies 35-50 % below an ordinary March.
    """
    axis = beijing_year(years=4)
    load = industrial_park(axis, 3)
    hour, day = axis.hour_of_day, axis.weekday
    working = load[(hour >= 8) & (hour < 17)].mean() / load[hour < 6].mean()
    assert 1.05 < working < 1.15
    usual = axis.month_of_year > 3
    rest = load[usual & (day >= 5)].mean() / load[usual & (day < 5)].mean()
    assert 0.94 < rest < 0.98
    after = days_from_new_year(axis)
    week = load[(after >= 0) & (after < 7)].mean() / load[axis.month_of_year == 3].mean()
    assert 0.50 < week < 0.65


def test_festival_like_zhejiang() -> None:
    """Proves: the dip has the length of Zhejiang's in 2018 (daily loads, r above 0.9 over 31 days).

    A dip of a single week, or of the wrong week, would correlate below 0.7.
    """
    folder = shared_data("cn_province_2020")
    real = pd.read_parquet(folder / "load_2018_hourly.parquet")["Zhejiang__load_mw"].to_numpy()
    real = real.reshape(-1, 24).mean(axis=1)
    days = np.arange(365) - 46  # 16 February 2018
    axis = beijing_year()
    mine = industrial_park(axis, 3).reshape(-1, 24).mean(axis=1)
    here = np.arange(365) - 28  # 29 January 2025
    window = (-10, 21)
    first = real[(days >= window[0]) & (days < window[1])]
    second = mine[(here >= window[0]) & (here < window[1])]
    assert np.corrcoef(first, second)[0, 1] > 0.9


def test_park_memory_against_measured_works() -> None:
    """Proves: day-to-day and week-to-week memory are at least those of one steel works.

    A park of many factories repeats better than one works (lag 24 h 0.63, 168 h 0.70 there), and
    one working shift (``night`` 12) makes the day as deep as there: nights 60-95 % below the day.
    """
    table = pd.read_parquet(shared_data("load_steel_plant") / "steel_plant_2018_15min.parquet")
    real = table["usage_kwh"].to_numpy(dtype=float).reshape(-1, 4).mean(axis=1)
    axis = beijing_year(years=2)
    park = industrial_park(axis, 1).reshape(2, -1)
    for lag in (24, 168):
        assert correlation(park, lag) > correlation(real, lag) - 0.02
    one_shift = industrial_park(axis, 1, night=12.0)
    hour = axis.hour_of_day
    night = one_shift[hour < 6].mean() / one_shift[(hour >= 9) & (hour < 11)].mean()
    real_night = real.reshape(-1, 24)[:, :6].mean() / real.reshape(-1, 24)[:, 9:11].mean()
    assert real_night < night < 0.4


def test_service_area_follows_travellers() -> None:
    """Proves: noon twice the small hours, Friday over Tuesday, holidays over ordinary days."""
    axis = beijing_year(years=4)
    load = service_area(axis, 2)
    hour = axis.hour_of_day
    assert load[hour == 12].mean() > 2 * load[hour == 3].mean()
    assert load[axis.weekday == 4].mean() > 1.05 * load[axis.weekday == 1].mean()
    rush = holiday(axis)
    assert load[rush].mean() > 1.25 * load[~rush].mean()


def test_service_area_against_commerce() -> None:
    """Proves: memory over a day and a week is near that of metered commerce (SimBench G3-H, G0-A).

    Travellers keep the same hours at weekends, so the week repeats as well as the best of them.
    """
    table = pd.read_parquet(
        shared_data("simbench_profiles") / "load_profiles_pu_15min_2016.parquet"
    )
    shops = [
        table[name].to_numpy(dtype=float).reshape(-1, 4).mean(axis=1)
        for name in ("G3-H_pu", "G0-A_pu")
    ]
    mine = service_area(beijing_year(years=2), 2).reshape(2, -1)
    for lag, slack in ((1, 0.05), (168, 0.05)):
        values = [correlation(shop, lag) for shop in shops]
        assert min(values) - slack < correlation(mine, lag) < max(values) + slack
    assert correlation(mine, 24) > min(correlation(shop, 24) for shop in shops)


def test_tunnel_is_lit_against_daylight() -> None:
    """Proves: brightest at noon, never dark, and less at midnight than at noon by half or more."""
    axis = beijing_year()
    load = tunnel(axis, 1)
    hour = axis.hour_of_day
    assert load[hour == 12].mean() > 2 * load[hour == 0].mean()
    assert load.min() > 0.3 * load.mean()


def test_new_year_days() -> None:
    """Proves: known festivals are found, also across the turn of the year and beyond the table."""
    axis = beijing_year(days=400)
    days = days_from_new_year(axis)
    assert days[24 * 28] == 0  # 29 January 2025
    assert days[0] == -28
    assert days[24 * 399] == pytest.approx(-13, abs=0.01)  # 4 February 2026; festival on the 17th
    assert holiday(axis)[24 * (273 + 2)]  # 3 October
    assert not holiday(axis)[24 * 200]
