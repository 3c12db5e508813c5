"""An invented fleet and a day of prices as files, to try the commands with; same from same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from zeroplant.files import atomic_path
from zeroplant.homes.fleet_columns import KINDS

SHARES = (0.45, 0.25, 0.15, 0.10, 0.05)
"""How many of each of KINDS; heated rooms are few, for the day is one of summer."""


def write_example(folder: Path, devices: int, seed: int = 0) -> tuple[Path, Path]:
    """Write ``fleet.parquet`` and ``prices.csv`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    fleet, prices = folder / "fleet.parquet", folder / "prices.csv"
    with atomic_path(prices) as path:
        day_of_prices().write_csv(path, datetime_format="%Y-%m-%d %H:%M", float_precision=4)
    with atomic_path(fleet) as path:
        invented(devices, seed).write_parquet(path)
    return fleet, prices


def day_of_prices() -> pl.DataFrame:
    """96 quarter-hours of a summer day: prices in yuan/kWh, load, roof and hot water in kW."""
    time = np.datetime64("2026-07-01", "us") + np.arange(96) * np.timedelta64(15, "m")
    hour = np.arange(96) / 4.0
    evening = np.exp(-(((hour - 19.5) / 2.5) ** 2))
    sun = np.maximum(0.0, np.sin((hour - 6.0) * np.pi / 12.0)) * ((hour >= 6) & (hour <= 18))
    buy = np.where((hour >= 17) & (hour < 22), 1.05, np.where(hour < 7, 0.32, 0.62))
    return pl.DataFrame({
        "time": time, "buy": buy, "sell": np.full(96, 0.30),
        "load": 0.3 + 0.9 * evening, "load_large": 0.6 + 1.8 * evening, "roof": 5.0 * sun,
        "hot_water": 0.25 * np.exp(-((hour - 7.5) ** 2)) + 0.4 * evening,
        "outdoor_c": 30.0 + 5.0 * np.sin((hour - 9.0) * np.pi / 12.0),
        "cold_store_c": 12.0 + 0.0 * hour,
    })  # fmt: skip


def invented(devices: int, seed: int = 0) -> pl.DataFrame:
    """Rows of a fleet file, sizes drawn evenly within what is usual for homes."""
    draw = np.random.default_rng(seed)
    kind = np.array(KINDS)[draw.choice(len(KINDS), devices, p=SHARES)]
    battery, car, tank = (kind == name for name in KINDS[:3])
    room = ~(battery | car | tank)
    size = np.round(draw.uniform(5.0, 20.0, devices), 1)
    size = np.where(car, np.round(draw.uniform(40.0, 80.0, devices), 0), size)
    power = np.where(battery, np.round(0.4 * size, 1), np.where(car, 7.0, 2.5))

    def only(which: Any, values: Any) -> pl.Series:
        return pl.Series(np.where(which, values, np.nan), nan_to_null=True)

    return pl.DataFrame({
        "device": [f"d{i + 1}" for i in range(devices)], "kind": kind,
        "feeder": [f"feeder {k}" for k in draw.integers(1, 5, devices)],
        "power_kw": power, "energy_kwh": only(~room, size),
        "give_kw": only(car, 7.0 * (draw.random(devices) < 0.2)),
        "efficiency": only(battery | car, 0.95), "wear_per_kwh": only(battery, 0.02),
        "end_kwh": only(car, 0.4 * size),
        "leave_hour": only(car, np.round(draw.uniform(7.0, 9.0, devices), 1)),
        "return_hour": only(car, np.round(draw.uniform(16.0, 19.0, devices), 1)),
        "trip_kwh": only(car, np.round(0.25 * size, 1)),
        "load_kw": draw.choice(["load", "load_large"], devices),
        "pv_kw": np.where(battery, "roof", "0"),
        "use_kw": np.where(tank, "hot_water", "0"),
        "outdoor_c": np.where(kind == KINDS[4], "cold_store_c", "outdoor_c"),
    })  # fmt: skip
