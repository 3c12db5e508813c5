"""A small plant that is right in every part, to be broken in one place at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

PLANT = """\
zeroplant: 1
name: small plant
currency: CNY

time:
  start: 2025-03-29
  zone: Europe/Berlin
  step: 1 h
  periods: 48

sites:
  hill: {climate: qingshuihe, seed: 1}

nodes:
  park: {carrier: electricity}
  shore: {carrier: electricity}

assets:
  factory:
    kind: demand
    at: park
    load: {file: load.csv, column: load, unit: kW}
    price: 0.60 CNY/kWh
  wind:
    kind: wind
    at: park
    site: hill
    power: {min: 0 MW, max: 10 MW}
    hub_height: 100 m
    capex: 5000 CNY/kW
  battery:
    kind: battery
    at: park
    power: 2 MW
    energy: 4 MWh
    round_trip: 88 %
  cable:
    kind: line
    from: park
    to: shore
    power: 5 MW
  grid:
    kind: grid
    at: shore
    connection: 5 MW
    import_price:
      time_of_use:
        - {hours: "8-20", price: 0.50 CNY/kWh}
        - {hours: "20-8", price: 0.30 CNY/kWh}
    export_price: 0.10 CNY/kWh
    emission_factor: 0.5 tCO2/MWh

rules:
  - pack: cn-direct-connection-650
    export_max: 20 %

carbon:
  price: 80 CNY/tCO2

finance:
  years: 20
  discount_rate: 7 %
  debt: {share: 70 %, rate: 4 %, tenor: 12}
"""


def rows(first: str = "2025-03-28T23:00", count: int = 48, zone: str = "Z") -> list[str]:
    """Lines of an hourly load; by default those of the plant's 48 hours, in UTC."""
    times = np.datetime64(first, "m") + np.arange(count) * np.timedelta64(60, "m")
    return [f"{time}{zone},{100 + hour % 7}" for hour, time in enumerate(times)]


def table(lines: list[str]) -> str:
    """A CSV file of such lines."""
    return "\n".join(["time,load", *lines, ""])


def write_plant(folder: Path, text: str | bytes = PLANT, load: str = "") -> Path:
    """Write the plant and its load into a folder; answers the plant file."""
    (folder / "load.csv").write_text(load or table(rows()), encoding="utf-8")
    path = folder / "plant.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def changed(old: str, new: str) -> str:
    """The plant with one piece of its text replaced."""
    assert PLANT.count(old) >= 1, old
    return PLANT.replace(old, new, 1)
