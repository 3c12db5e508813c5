"""Columns of a fleet file: what each means, its unit, whom it concerns, its limits and default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KINDS = ("battery", "car", "tank", "cooled room", "heated room")
STORES, ROOMS = KINDS[:3], KINDS[3:]
NAMES = ("device", "kind", "feeder")
"""Columns of words; all others hold numbers or series."""


@dataclass(frozen=True)
class Column:
    """A column of numbers: one for each device.

    ``default`` is a number, or says in words what is taken; a column without one must be there.
    """

    name: str
    unit: str
    kinds: tuple[str, ...]
    meaning: str
    default: float | str | None = None
    least: float = 0.0
    most: float = 1e6
    above: bool = False
    """Whether ``least`` itself is too little."""


@dataclass(frozen=True)
class Series:
    """A column of series: a number, the name of a profile in the price file, or a list."""

    name: str
    unit: str
    kinds: tuple[str, ...]
    meaning: str
    default: float | str
    least: float = 0.0


COLUMNS = (
    Column("power_kw", "kW", KINDS, "most electric power that it draws", above=True),
    Column("energy_kwh", "kWh", STORES, "what it holds when full", above=True),
    Column("give_kw", "kW", STORES, "most power that it gives back",
           "`power_kw` of a battery, 0 of others"),
    Column("efficiency", "1", STORES[:2], "share kept when charging, and again when discharging",
           0.95, 0.01, 1.0),
    Column("cop", "1", KINDS[2:], "heat (or cold) made of a kWh", "1 of a tank, 3 of a room",
           0.1, 20.0),
    Column("loss_per_day", "1", STORES, "share of the content lost in 24 h", 0.0, 0.0, 0.999),
    Column("start_kwh", "kWh", STORES, "content at the start", "half of `energy_kwh`"),
    Column("end_kwh", "kWh", STORES, "least content at the end",
           "`start_kwh` of a battery, 0 of others"),
    Column("worth_per_kwh", "money/kWh", STORES, "worth of content left at the end", 0.0, -1e6),
    Column("wear_per_kwh", "money/kWh", STORES[:2], "cost of wear of each kWh given", 0.0),
    Column("leave_hour", "h", ("car",), "hour of the day at which it leaves", 8.0, 0.0, 24.0),
    Column("return_hour", "h", ("car",), "hour of the day at which it is back", 18.0, 0.0, 24.0),
    Column("leave_kwh", "kWh", ("car",), "least content when it leaves", "80 % of `energy_kwh`"),
    Column("trip_kwh", "kWh", ("car",), "used while it is away, each day", 0.0),
    Column("resistance_k_per_kw", "K/kW", ROOMS, "warmer by this for each kW of heat", 8.0, 0.0,
           1e3, above=True),
    Column("capacity_kwh_per_k", "kWh/K", ROOMS, "heat that warms it by 1 K", 0.25, 0.0, 1e4,
           above=True),
    Column("lowest_c", "°C", ROOMS, "coldest it may get", "22 cooled, 18 heated", -50.0, 60.0),
    Column("highest_c", "°C", ROOMS, "warmest it may get", "27 cooled, 23 heated", -50.0, 60.0),
    Column("start_c", "°C", ROOMS, "temperature at the start", "middle of the band", -50.0, 60.0),
    Column("connection_kw", "kW", KINDS, "most power at its meter, either way", np.inf,
           0.0, np.inf, above=True),
)  # fmt: skip
SERIES = (
    Series("buy", "money/kWh", KINDS, "price of what its meter draws", "buy", -1e6),
    Series("sell", "money/kWh", KINDS, "price of what its meter gives", "sell", -1e6),
    Series("load_kw", "kW", KINDS, "other load behind its meter", 0.0),
    Series("pv_kw", "kW", KINDS, "photovoltaics behind its meter", 0.0),
    Series("curtailable_kw", "kW", KINDS, "part of `pv_kw` that may be given up", 0.0),
    Series("use_kw", "kW", STORES, "taken out of it (hot water)", 0.0),
    Series("least_kwh", "kWh", STORES, "least content at the end of each step", 0.0),
    Series("outdoor_c", "°C", ROOMS, "outdoor temperature", "outdoor_c", -80.0),
    Series("gains_kw", "kW", ROOMS, "heat of sun, people and things", 0.0),
)
