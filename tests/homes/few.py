"""Small sets of homes and weather for the tests of homes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.homes.population import Mix, Population, Rooms, draw
from zeroplant.homes.room_store import Climate, Promise

RANGES = {
    "power": (0.75e-3, 1.1e-3),
    "resistance": (7e3, 12e3),
    "capacity": (1e-4, 3e-4),
    "cop": (3.3, 4.5),
    "heating_cop": (2.6, 3.6),
    "summer": (25.5, 26.5),
    "winter": (18.0, 20.0),
    "band": (1.5, 2.0),
    "gains": (1e-4, 2e-4),
    "aperture": (0.2, 0.8),
    "battery_energy": (5e-3, 15e-3),
    "battery_power": (3e-3, 6e-3),
    "car_energy": (4e-3, 10e-3),
    "car_power": (3.3e-3, 7e-3),
    "leaves": (6.5, 8.5),
    "returns": (17.0, 20.0),
    "roof": (5e-3, 15e-3),
}
DEVICES = ("room", "battery", "car", "roof")


def mix(share: float = 1.0, joining: float = 1.0) -> Mix:
    """Every home has everything and joins, unless told otherwise."""
    return Mix(dict.fromkeys(DEVICES, share), dict.fromkeys(DEVICES, joining), RANGES)


def homes(count: int, seed: int = 1) -> Population:
    """Homes that have everything."""
    return draw(count, mix(), seed)


def axis(days: int, start: str = "2025-07-01", hours: float = 1.0) -> Axis:
    """Days from midnight in China."""
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return Axis(begin, round(days * 24 / hours), hours, "Asia/Shanghai")


def weather(time: Axis, mean: float, season: int, seed: int = 0, swing: float = 4.0) -> Climate:
    """Days that warm up in the afternoon, each a little different."""
    rng = np.random.default_rng(seed)
    daily = np.repeat(rng.normal(0, 2.0, time.periods // 24 + 1), 24)[: time.periods]
    hour = time.hour_of_day
    air = mean + swing * np.cos((hour - 15) * np.pi / 12) + daily
    sun = np.clip(np.sin((hour - 6) * np.pi / 12), 0, None) * rng.uniform(0.2, 0.9, time.periods)
    return Climate(time, air, sun, np.full(time.stages, season, dtype=np.int64))


def plain_room(**figures: float) -> Rooms:
    """One room: 10 K/kW, 0.2 kWh/K, 1 kW, COP 3, set at 26 °C ± 2 K, without gains or sun."""
    usual = {
        "resistance": 1e4, "capacity": 2e-4, "power": 1e-3, "cop": 3.0, "heating_cop": 3.0,
        "summer": 26.0, "winter": 20.0, "band": 2.0, "gains": 0.0, "aperture": 0.0,
    }  # fmt: skip
    numbers = {name: np.array([value]) for name, value in (usual | figures).items()}
    return Rooms(**numbers, joins=np.ones(1, dtype=bool))


def path(promise: Promise, climate: Climate, rng: np.random.Generator, edges: float) -> Floats:
    """A random path of the group's state within its promise; a share of the steps at its ends.

    What can still be kept to the end of the day is found first, from the end.
    """
    count = len(promise.base)
    low, high = -promise.down, promise.up.copy()
    first = set(climate.starts[:-1].tolist())
    for t in range(count - 2, -1, -1):
        if t + 1 not in first and promise.pull[t + 1] > 0:
            keep = promise.keep[t + 1]
            high[t] = min(high[t], (high[t + 1] - promise.lowest[t + 1]) / keep)
            low[t] = max(low[t], (low[t + 1] - promise.highest[t + 1]) / keep)
    state = np.zeros(count)
    for t in range(count):
        if promise.pull[t] == 0:
            continue
        before = promise.keep[t] * (0.0 if t in first else state[t - 1])
        least = max(low[t], before + promise.lowest[t])
        most = min(high[t], before + promise.highest[t])
        assert most >= least - 1e-9
        part = rng.integers(0, 2) if rng.random() < edges else rng.random()
        state[t] = least + part * max(most - least, 0.0)
    return state
