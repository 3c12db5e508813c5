"""An invented fleet of four kinds of devices, the same from the same seed, for tests and clocks.

Half are batteries in a home with a photovoltaic roof, a quarter cars (one in five of them can give
power back), 15 % rooms that are cooled, 10 % hot-water tanks. Every home has a load and a roof of
its own; tariffs, absences, draws and weather come in patterns that homes share. Money is in yuan,
power in kW, energy in kWh; the level of a room is its temperature below 0 °C, turned positive, so
that cooling raises it. Tables are float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.solve.fleet.tables import Fleet, Rows

SHARES = {"battery": 0.50, "car": 0.25, "room": 0.15, "tank": 0.10}
PATTERNS = 256
"""Different devices of each kind; homes share them, but for load, roof and starting level."""
AT_ONCE = 20_000

Draw = np.random.Generator
Pattern = dict[str, Floats]


def mixed_fleet(devices: int, seed: int = 0, *, steps: int = 96, hours: float = 0.25) -> Fleet:
    """``devices`` devices in random order."""
    draw = np.random.default_rng(seed)
    clock = np.arange(steps, dtype=np.float64) * hours
    kinds = [kind(draw, clock, hours) for kind in (_batteries, _cars, _rooms, _tanks)]
    kind = draw.choice(len(kinds), devices, p=list(SHARES.values()))
    row = (kind * PATTERNS + draw.integers(0, PATTERNS, devices)).astype(np.int32)
    pattern = {name: np.concatenate([one[name] for one in kinds]) for name in kinds[0]}
    series = {name: pattern.pop(name) for name in [*pattern] if pattern[name].ndim == 2}
    constants: dict[str, Any] = {name: values[row] for name, values in pattern.items()}
    lowest, highest = constants.pop("from"), constants.pop("to")
    constants["start"] = draw.uniform(lowest, highest)
    buy, sell = _tariffs(clock)
    tariff = draw.integers(0, len(buy), devices).astype(np.int32)
    rows: dict[str, Any] = {
        name: Rows(values.astype(np.float32), row) for name, values in series.items()
    }
    rows |= {"buy": Rows(buy, tariff), "sell": Rows(sell, tariff)}
    rows |= {"curtailable": Rows.shared(np.zeros(steps, np.float32), devices)}
    rows["net"] = Rows.each(_net(draw, clock, kind))
    fleet = Fleet(**rows, **constants, connection=np.full(devices, np.inf), hours=hours)
    return fleet.stored_as(np.float32)


def _tariffs(clock: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Prices by time of day (three of them), and what is paid for power given."""
    hour = clock % 24.0
    peak, valley = ((hour >= 17) & (hour < 22)) | ((hour >= 8) & (hour < 11)), hour < 7
    three = np.where(peak, 1.05, np.where(valley, 0.32, 0.62))
    solar = np.where((hour >= 11) & (hour < 15), 0.22, np.where(peak, 1.2, 0.6))
    spot = 0.55 + 0.25 * np.sin((clock - 14.0) * np.pi / 12.0) + 0.05 * np.sin(clock * 7.3)
    buy = np.stack([three, solar, spot]).astype(np.float32)
    sell = np.stack([0.0 * clock + 0.39, 0.3 * solar, 0.9 * spot]).astype(np.float32)
    return buy, np.minimum(buy, sell)


def _net(draw: Draw, clock: Floats, kind: NDArray[Any]) -> NDArray[np.float32]:
    """Load of every home, less the roof of those with a battery."""
    net = np.empty((len(kind), len(clock)), dtype=np.float32)
    hour = clock % 24.0
    shape = 0.3 + 0.5 * np.exp(-(((hour - 19.5) / 2.5) ** 2)) + 0.2 * np.exp(-((hour - 7.5) ** 2))
    sun = np.maximum(0.0, np.sin((hour - 6.0) * np.pi / 12.0)) * (np.abs(hour - 12.0) < 6.0)
    for first in range(0, len(kind), AT_ONCE):
        part = kind[first : first + AT_ONCE]
        size = draw.gamma(3.0, 0.35, (len(part), 1)).astype(np.float32)
        roof = draw.uniform(2.0, 8.0, (len(part), 1)).astype(np.float32) * (part == 0)[:, None]
        noise = draw.random((2, len(part), len(clock)), dtype=np.float32)
        load = size * shape.astype(np.float32) * (0.3 + 1.4 * noise[0])
        net[first : first + AT_ONCE] = load - roof * sun.astype(np.float32) * (0.6 + 0.4 * noise[1])
    return net


def _pattern(steps: int, **values: Any) -> Pattern:
    """What is not said: no discharging, no inflow, no leak, no wear, no worth at the end."""
    series = {"in_most": 0.0, "out_most": 0.0, "gain": 1.0, "low": 0.0, "high": 0.0, "inflow": 0.0}
    constants = {"keep": 1.0, "give": 1.0, "wear_in": 0.0, "wear_out": 0.0, "final_value": 0.0}
    constants |= {"from": 0.0, "to": 0.0}
    filled: Pattern = {}
    for name, value in (series | constants | values).items():
        given = np.asarray(value, dtype=np.float64)
        shape: tuple[int, ...] = (PATTERNS, steps) if name in series else (PATTERNS,)
        wide = given[:, None] if name in series and given.ndim == 1 else given
        filled[name] = np.broadcast_to(wide, shape)
    return filled


def _batteries(draw: Draw, clock: Floats, hours: float) -> Pattern:
    """5 to 20 kWh, a third to a half of it as power, 90 to 95 % each way, a little leak."""
    size = draw.uniform(5.0, 20.0, PATTERNS)
    power = size * draw.uniform(0.33, 0.5, PATTERNS)
    one_way = draw.uniform(0.9, 0.95, PATTERNS)
    return _pattern(
        len(clock), in_most=power, out_most=power, gain=one_way, give=one_way, high=size,
        keep=1.0 - 0.0002 * hours * draw.integers(0, 3, PATTERNS),
        wear_in=0.01, wear_out=0.01, final_value=draw.uniform(0.3, 0.5, PATTERNS),
        **{"from": 0.1 * size, "to": 0.9 * size},
    )  # fmt: skip


def _cars(draw: Draw, clock: Floats, hours: float) -> Pattern:
    """Away over the day, back with less, due to leave with 80 % each morning; 7 kW at home."""
    steps, hour = len(clock), clock % 24.0
    size = draw.uniform(40.0, 80.0, PATTERNS)
    leave, back = draw.uniform(6.5, 9.0, PATTERNS), draw.uniform(16.0, 19.5, PATTERNS)
    away = (hour >= leave[:, None]) & (hour < back[:, None])
    gives_back = draw.random(PATTERNS) < 0.2
    # Driving takes an even share of every step away, at most what 80 % allows.
    drive = draw.uniform(0.1, 0.4, PATTERNS) * size * hours / (back - leave)
    low = np.full((PATTERNS, steps), 0.1) * size[:, None]
    off = np.diff(away.astype(int), axis=1, append=away[:, -1:].astype(int)) > 0
    low[off] = (0.8 * np.repeat(size[:, None], steps, axis=1))[off]
    return _pattern(
        steps, in_most=np.where(away, 0.0, 7.0), gain=0.92, give=0.92,
        out_most=np.where(away, 0.0, 7.0) * gives_back[:, None], low=low, high=size,
        inflow=-drive[:, None] * away, wear_out=0.05, final_value=draw.uniform(0.3, 0.5, PATTERNS),
        **{"from": 0.4 * size, "to": 0.8 * size},
    )  # fmt: skip


def _rooms(draw: Draw, clock: Floats, hours: float) -> Pattern:
    """22 to 27 °C, 5 to 20 h of inertia, cooled with a COP of 2.5 to 3.5 in a hot summer."""
    outside = 30.0 + 5.0 * np.sin((clock - 9.0) * np.pi / 12.0)
    resistance, inertia = draw.uniform(4.0, 8.0, PATTERNS), draw.uniform(5.0, 20.0, PATTERNS)
    keep = np.exp(-hours / inertia)
    inside = draw.uniform(0.1, 0.4, PATTERNS)[:, None] + 0.0 * clock
    cop = draw.uniform(2.5, 3.5, PATTERNS)[:, None] - 0.04 * (outside - 30.0)
    drift = (1.0 - keep[:, None]) * (outside + resistance[:, None] * inside)
    return _pattern(
        len(clock), in_most=2.0, gain=(1.0 - keep[:, None]) * resistance[:, None] * cop / hours,
        low=-27.0, high=-22.0, inflow=-drift, keep=keep, **{"from": -26.0, "to": -23.0},
    )  # fmt: skip


def _tanks(draw: Draw, clock: Floats, hours: float) -> Pattern:
    """4 to 10 kWh of hot water, 1 to 3 kW, drawn from in the morning and the evening."""
    steps, hour = len(clock), clock % 24.0
    size = draw.uniform(4.0, 10.0, PATTERNS)
    use = np.exp(-((hour - 7.5) ** 2)) + 1.5 * np.exp(-(((hour - 20.5) / 1.5) ** 2))
    a_day = draw.uniform(0.5, 0.9, PATTERNS) * size
    share = use / max(use.sum() * hours / max(steps * hours / 24.0, 1e-9), 1e-9)
    noise = draw.uniform(0.5, 1.5, (PATTERNS, steps))
    return _pattern(
        steps, in_most=draw.uniform(1.0, 3.0, PATTERNS), gain=draw.choice([1.0, 3.0], PATTERNS),
        high=size, inflow=-a_day[:, None] * share * noise * hours,
        keep=np.exp(-hours * draw.uniform(0.005, 0.02, PATTERNS)),
        final_value=0.1, **{"from": 0.5 * size, "to": size},
    )  # fmt: skip
