"""Measured against generated weather: the figures of docs/explanation/weather-generator.md.

Usage: python tools/weather_statistics.py FOLDER, with the folder of the measured data sets.
The tests compare the same figures with bounds.
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from zeroplant.axis import Axis, Chain, Floats
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generate, generated_site
from zeroplant.weather.site import Weather
from zeroplant.weather.solar import solar_availability
from zeroplant.weather.sun import sun
from zeroplant.weather.wind import wind_availability

BEIJING = ZoneInfo("Asia/Shanghai")
TILT = {"qingshuihe": 35.0, "chongqing": 15.0, "ningbo": 22.0}
PROVINCE = {"qingshuihe": "InnerMongolia", "chongqing": "Chongqing", "ningbo": "Zhejiang"}
YEARS = 10
PLACES = 12
NO_LOSSES = {"wake": 0.0, "outage": 0.0, "electrical": 0.0}


@dataclass(frozen=True)
class Figures:
    """Mean and spread of a series, correlation with itself after some hours, 1-h ramps."""

    mean: float
    spread: float
    lag_1: float
    lag_6: float
    lag_24: float
    lag_48: float
    ramp_95: float
    ramp_99: float

    def row(self, name: str) -> str:
        """One line of a Markdown table."""
        return f"| {name} | " + " | ".join(f"{value:.3f}" for value in astuple(self)) + " |"


def autocorrelation(values: Floats, lag: int) -> float:
    """Correlation of a series (…, periods) with itself some periods later; gaps are skipped."""
    off = values - np.nanmean(values)
    return float(np.nanmean(off[..., lag:] * off[..., :-lag]) / np.nanmean(off**2))


def figures(values: Floats, steps: int = 1) -> Figures:
    """Figures of a series (…, periods) with so many steps per hour."""
    ramp = np.abs(values[..., steps:] - values[..., :-steps])
    lags = [autocorrelation(values, hours * steps) for hours in (1, 6, 24, 48)]
    quantiles = np.nanquantile(ramp, [0.95, 0.99])
    return Figures(float(np.nanmean(values)), float(np.nanstd(values)), *lags, *quantiles)


def monthly(values: Floats, axis: Axis) -> Floats:
    """Means of the twelve months over all chains."""
    month = axis.month_of_year
    return np.array([values[month == number].mean() for number in range(1, 13)])


@lru_cache
def year_axis(years: int = YEARS, hours: float = 1.0) -> Axis:
    """A year of 2020 (leap) in Beijing time, several times over."""
    start = datetime(2020, 1, 1, tzinfo=BEIJING)
    chains = tuple(Chain(f"year {number}") for number in range(years))
    return Axis(start, round(8784 / hours), hours, "Asia/Shanghai", chains)


def by_year(values: Floats, axis: Axis) -> Floats:
    """Stages as (chains, periods)."""
    return values.reshape(len(axis.chains), axis.periods)


def provincial(folder: Path, name: str, kind: str) -> Floats:
    """Hourly capacity factor 2020 of the province of a climate; ``kind`` solar or onwind."""
    table = pd.read_parquet(folder / "cn_province_2020" / "capacity_factors_2020_hourly.parquet")
    (column,) = (c for c in table if c.replace("_", "") == f"{PROVINCE[name]}{kind}cf")
    return table[column].to_numpy(dtype=float)


@lru_cache
def generated_power(name: str, kind: str, places: int) -> Floats:
    """Capacity factor (years, hours), mean over so many places of one region."""
    table, axis = climate(name), year_axis()
    total = np.zeros(axis.stages)
    for place in range(places):
        site = generated_site(table, axis, 7, place=place)
        if kind == "solar":
            total += solar_availability(site, tilt=TILT[name])
        else:
            total += wind_availability(site, hub_height=100, turbine="medium_wind", **NO_LOSSES)
    return by_year(total / places, axis)


def clear_index(ghi: Floats, clear: Floats, *, steps: int = 1) -> tuple[Floats, Floats]:
    """Daily clear-sky index, and hourly departures from it while the cloudless sky is bright.

    Both along (…, time); hours with less than 150 W/m2 of cloudless sky are NaN.
    """
    shape = (*ghi.shape[:-1], -1, 24 * steps)
    light, sky = ghi.reshape(shape), np.broadcast_to(clear, ghi.shape).reshape(shape)
    daily = light.sum(-1) / sky.sum(-1)
    hourly = np.where(sky > 150, light / np.maximum(sky, 1), np.nan)
    bright = np.maximum((sky > 150).sum(-1, keepdims=True), 1)
    inside = hourly - np.nansum(hourly, axis=-1, keepdims=True) / bright
    return daily, inside.reshape(ghi.shape)


def station_irradiance(folder: Path, station: str = "station01") -> tuple[Floats, Floats]:
    """Measured and cloudless GHI of one PVOD station, whole local days, hourly; gaps are NaN.

    station01 is the one whose sensor lies flat: at the others winter irradiance is far above
    what a horizontal sensor can see. Days brighter than 1.15 of a cloudless one are sensor
    faults (December 2018) and left out.
    """
    base = folder / "pv_pvod_hebei"
    rows = pd.read_csv(base / "stations.csv").set_index("station").loc[station]
    table = pd.read_parquet(base / "pvod_15min.parquet").query("station == @station")
    table = table.drop_duplicates("time_utc").set_index("time_utc").asfreq("15min")
    start = table.index[0].ceil("D") - pd.Timedelta(hours=8)
    start += pd.Timedelta(days=1) if start < table.index[0] else pd.Timedelta(0)
    days = (table.index[-1] - start).days
    ghi = table["meas_ghi_wm2"].to_numpy(dtype=float)
    first = int((start - table.index[0]) / pd.Timedelta("15min"))
    ghi = ghi[first : first + days * 96].reshape(-1, 4).mean(axis=1)
    axis = Axis(start.to_pydatetime(), days * 24, zone="Asia/Shanghai")
    clear = sun(axis, float(rows["lat"]), float(rows["lon"])).clear
    faulty = ghi.reshape(-1, 24).sum(1) > 1.15 * clear.reshape(-1, 24).sum(1)
    ghi[np.repeat(faulty, 24)] = np.nan
    return ghi, clear


def farm_wind(folder: Path, name: str) -> Floats:
    """Measured hourly wind speed: "hku" (north China plain) or "haute_borne" (one turbine)."""
    if name == "hku":
        table = pd.read_parquet(folder / "wind_hku_100mw" / "wind_nwp_15min.parquet")
        return (
            table["meas_wind_ms"]
            .to_numpy(dtype=float)[: len(table) // 4 * 4]
            .reshape(-1, 4)
            .mean(1)
        )
    table = pd.read_parquet(folder / "wind_la_haute_borne" / "scada_10min_2014_2015.parquet")
    one = table[table["turbine"] == "R80711"].drop_duplicates("time_utc").set_index("time_utc")
    return one["wind_ms"].sort_index().resample("h").mean().to_numpy(dtype=float)


def generated_weather(name: str, hours: float = 1.0, years: int = YEARS) -> Weather:
    """Weather of some years of a shipped climate."""
    return generate(climate(name), year_axis(years, hours), 7)


def scaled(values: Floats) -> Floats:
    """A series over its own mean, so that sites of different level can be compared."""
    return values / np.nanmean(values)


def report(folder: Path) -> None:
    """Print the tables."""
    head = "mean | std | lag 1 h | lag 6 h | lag 24 h | lag 48 h | ramp p95 | ramp p99"
    rule = "|---" * 9 + "|"
    for kind in ("solar", "onwind"):
        print(f"\n| {kind} capacity factor | {head} |\n{rule}")
        for name in TILT:
            measured = provincial(folder, name, kind)
            one, many = (generated_power(name, kind, places) for places in (1, PLACES))
            print(figures(measured).row(f"{PROVINCE[name]} 2020"))
            print(figures(one).row(f"{name}, one site"))
            print(figures(many).row(f"{name}, {PLACES} sites"))
            axis = year_axis()
            pattern = np.corrcoef(monthly(measured, year_axis(1)), monthly(one.ravel(), axis))
            print(f"| … monthly pattern r = {pattern[0, 1]:.2f} |" + " |" * 8)
    print(f"\n| wind speed over its mean | {head} |\n{rule}")
    for farm in ("hku", "haute_borne"):
        print(figures(scaled(farm_wind(folder, farm))).row(farm))
    for name in TILT:
        speed = by_year(generated_weather(name).wind_speed, year_axis())
        print(figures(scaled(speed)).row(name))
    print(
        "\n| clear-sky index | daily mean | daily std | daily lag 1 | daily lag 2 |"
        " within-day std | within-day lag 1 h | GHI ramp p95 | p99 |"
    )
    print(rule)
    ghi, clear = station_irradiance(folder)
    print(sky_row("PVOD station01", ghi, clear))
    for name in TILT:
        above = sun(year_axis(), climate(name).latitude, climate(name).longitude)
        print(sky_row(name, by_year(generated_weather(name).ghi, year_axis()), above.clear))


def sky_figures(ghi: Floats, clear: Floats) -> list[float]:
    """Figures of the clear-sky index and of irradiance ramps, in the order of the table."""
    daily, inside = clear_index(ghi, clear)
    ramps = np.nanquantile(np.abs(np.diff(ghi)), [0.95, 0.99])
    return [
        float(np.nanmean(daily)),
        float(np.nanstd(daily)),
        autocorrelation(daily, 1),
        autocorrelation(daily, 2),
        float(np.nanstd(inside)),
        autocorrelation(inside, 1),
        *(float(ramp) for ramp in ramps),
    ]


def sky_row(name: str, ghi: Floats, clear: Floats) -> str:
    """One line of the table of clear-sky indices."""
    return f"| {name} | " + " | ".join(f"{v:.2f}" for v in sky_figures(ghi, clear)) + " |"


if __name__ == "__main__":
    report(Path(sys.argv[1]))
