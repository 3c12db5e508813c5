"""Measured wind and sun with their weather forecasts, as operation learns of them.

Power of one wind farm (``wind_hku_100mw``) and of photovoltaic stations in Hebei
(``pv_pvod_hebei``), each beside the numerical weather prediction of its quarter-hours. The data
say of the predictions only that they were made before delivery; here those of a day are taken as
known from the midnight before the day before, so that they are never fresher than a day-ahead
forecast is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from zeroplant.operate.past import Past
from zeroplant.weather.prediction import WeatherForecast

STEP = timedelta(minutes=15)
QUARTER = np.timedelta64(900_000_000, "us")
AHEAD_OF_UTC = np.timedelta64(8, "h")
DAY = np.timedelta64(1, "D")
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Plant:
    """One measured plant: UTC starts of quarter-hours, MW, and what was forecast of them."""

    name: str
    times: np.ndarray
    power: np.ndarray
    weather: dict[str, np.ndarray]
    rating: float
    place: tuple[float, float] | None
    split: np.datetime64
    """Start of the part that forecasts are tested on."""


def wind(data: Path) -> Plant:
    """The wind farm: learnt from 2020, tested on January to May 2021."""
    table = pl.read_parquet(data / "wind_hku_100mw" / "wind_nwp_15min.parquet")
    column = {name: table[name].cast(pl.Float64).to_numpy() for name in table.columns[1:]}
    angle = np.radians(column["nwp_wdir_deg"])
    weather = {
        "wind_speed": column["nwp_wind_ms"],
        "wind_east": np.sin(angle),
        "wind_north": np.cos(angle),
        "temp_air": column["nwp_temp_c"],
        "pressure": column["nwp_pressure_hpa"],
        "humidity": column["nwp_rh_pct"],
    }
    times = table["time_local"].to_numpy().astype("M8[us]") - AHEAD_OF_UTC
    split = np.datetime64("2021-01-01", "us") - AHEAD_OF_UTC
    return Plant("wind", times, column["power_mw"], weather, 100.0, None, split)


def solar(data: Path, station: str) -> Plant:
    """A photovoltaic station: learnt from the first 70 % of its stamps, tested on the rest."""
    folder = data / "pv_pvod_hebei"
    table = pl.read_parquet(folder / "pvod_15min.parquet")
    table = table.filter(pl.col("station") == station).sort("time_utc")
    about = pl.read_csv(folder / "stations.csv").filter(pl.col("station") == station)
    names = {
        "ghi": "nwp_ghi_wm2",
        "direct": "nwp_direct_wm2",
        "temp_air": "nwp_temp_c",
        "humidity": "nwp_rh_pct",
        "wind_speed": "nwp_wind_ms",
    }
    weather = {name: table[column].cast(pl.Float64).to_numpy() for name, column in names.items()}
    times = table["time_utc"].dt.replace_time_zone(None).to_numpy().astype("M8[us]")
    power = table["power_mw"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    rating = float(about["capacity_kw"][0]) / 1000
    place = (float(about["lat"][0]), float(about["lon"][0]))
    return Plant(station, times, power, weather, rating, place, times[int(0.7 * len(times))])


def issued(times: np.ndarray) -> np.ndarray:
    """When the weather forecasts of quarter-hours are taken to have been known (see above)."""
    local = times + AHEAD_OF_UTC
    return (local.astype("M8[D]") - DAY).astype("M8[us]") - AHEAD_OF_UTC


def past_of(plant: Plant) -> Past:
    """Everything measured and forecast, each with the time it became known."""
    past = Past(STEP, [plant.name])
    past.tell(plant.name, plant.times, plant.power, plant.times + QUARTER)
    known = issued(plant.times)
    for moment in np.unique(known):
        rows = known == moment
        place = (plant.times[rows] - plant.times[rows][0]) // QUARTER
        laid = {name: np.full(int(place[-1]) + 1, np.nan) for name in plant.weather}
        for name, values in plant.weather.items():
            laid[name][place] = values[rows]
        start = utc(plant.times[rows][0])
        past.tell_weather(WeatherForecast(utc(moment), start, STEP, laid))
    return past


def utc(moment: np.datetime64) -> datetime:
    """A moment as a datetime."""
    plain: datetime = moment.astype("M8[us]").item()
    return plain.replace(tzinfo=UTC)


def series_file(data: Path, path: Path) -> None:
    """Wind and sun as a series file of ``zeroplant operate``, on the calendar of 2024 and 2025.

    The wind of 2020 and 2021 is laid four years later, the sun of 2018 and 2019 (stations 04 and
    08 together, by their greatest output) six years, so that the seasons agree.
    """
    farm, stations = wind(data), [solar(data, name) for name in ("station04", "station08")]
    blown = pl.DataFrame(
        {
            "time": farm.times + 1461 * DAY,
            "wind.availability": np.clip(farm.power / farm.rating, 0.0, 1.0),
            **{f"forecast.{name}": farm.weather[name]
               for name in ("wind_speed", "wind_east", "wind_north", "temp_air")},
        }
    )  # fmt: skip
    shone = [
        pl.DataFrame({"time": each.times, f"power{n}": each.power, f"ghi{n}": each.weather["ghi"]})
        for n, each in enumerate(stations)
    ]
    most = sum(float(np.nanmax(each.power)) for each in stations)
    sun = shone[0].join(shone[1], on="time").select(
        (pl.col("time") + pl.duration(days=2192)).alias("time"),
        ((pl.col("power0") + pl.col("power1")) / most).clip(0, 1).alias("sun.availability"),
        ((pl.col("ghi0") + pl.col("ghi1")) / 2).alias("forecast.ghi"),
    )  # fmt: skip
    table = blown.join(sun, on="time", how="inner").sort("time")
    known = pl.Series("issued", issued(table["time"].to_numpy()))
    stamps = [pl.col(name).dt.replace_time_zone("UTC") for name in ("time", "issued")]
    table.with_columns(known).with_columns(stamps).write_parquet(path)
