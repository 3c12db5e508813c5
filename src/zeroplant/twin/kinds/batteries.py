"""Batteries: losses that change with power, limits near full and empty, auxiliaries, temperature.

**Losses.** A converter loses ``standing + linear·u + square·u²`` of what it loses at its rating,
u being its load (three coefficients: Schmidt and Sauer, Sonnenenergie 4/1996). At its rating that
is the plan's efficiency, at a fifth of it losses are 0.16 of those, so 0.8 of its share.

**Limits.** Cells near full are charged at constant voltage, so that the power falls with the room
that is left, within ``TAPER_FULL`` hours; near empty the like holds for discharge. Most plans stay
within 5…95 % of the charge and below half a rating an hour, and never meet these limits.

**Auxiliaries** (pumps, fans, control) take 2 % of one cycle a day (domain page, section 2b: 1…3 %)
and what cooling and heating need, out of the cells as long as something is in them.

**Temperature.** Half of the losses heat the cells; liquid cooling begins at 25 °C, heaters below
10 °C. Beyond 45 °C power comes down, and below 10 °C charging.

**Ageing** is counted, not felt: days change nothing. Full cycles and years are told as health
that was lost.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from zeroplant.assets.battery import Battery
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.places import entry_places, flow_places, outdoor_air, store_places
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State

STANDING, LINEAR, SQUARE = 0.05, 0.45, 0.5
"""Parts of the losses at the rating: there whenever it works, with the power, with its square."""
RUNS = 1e-6
"""Load above which a converter works."""
TAPER_FULL, TAPER_EMPTY = 0.1, 0.05
"""Hours in which the room left, or the charge left, would be gone at the power allowed."""
BASE = 0.02 / 24.0
"""Auxiliaries without cooling and heating, MW per MWh on the plate."""
HEAT = 1.9e-3
"""MWh that warm a MWh of cells by a kelvin: 150 Wh/kg and 1 kJ/(kg·K)."""
WALLS = 1.2e-5
"""MW per kelvin and MWh through the walls: 75 m² at 0.8 W/(m²·K) around 5 MWh."""
COOLING, PER_COOLING = 0.012, 3.0
"""MW of cooling and of heating per MWh (some 50 kW for 4 MWh; more where the cells lose more at the
rating), and cooling per electricity."""
COOL_FROM, HEAT_BELOW, BAND = 25.0, 10.0, 5.0
"""Temperatures at which cooling and heating begin, and kelvins after which they do all they can."""
HOT, TOO_HOT, COLD = 45.0, 55.0, 10.0
"""°C: power comes down from hot on to nothing; charging from cold down to nothing at freezing."""
IN_CELLS = 0.5
"""Part of the losses that heats the cells; the rest is the converter's."""
WORN, CYCLES, CALENDAR = 0.2, 8000.0, 0.018
"""Health lost over a cell's life, full cycles of it, and health lost in a year, if not given."""

POWER, ENERGY, LOWEST, LOSES_IN, LOSES_OUT, WINDOW, COOLER = range(7)
"""Columns of what a battery is made as: MW, MWh, least charge (share), losses at the rating (share
of what goes in, of what comes out), share of the energy in use, MW of cooling and of heating."""
WARMTH, LOST, OUT, HOTTEST, AUXILIARY = range(5)
"""Columns of how it is: °C, MWh lost and MWh given since the start, °C at most, MW of auxiliaries
(with the converter's own) in this step."""


class Batteries:
    """All batteries of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        self._names = list(names)
        self._assets = [standing.plant.assets[name] for name in names]
        self._charge = flow_places(network, names, "charge")
        self._discharge = flow_places(network, names, "discharge")
        self._store = store_places(network, names, "level")
        self._fill = entry_places(physics.stores, self._charge, self._store)
        self._drain = entry_places(physics.stores, self._discharge, self._store)
        self._air = outdoor_air(standing, names)
        self._made = np.array([
            _made(asset, physics, *where)
            for asset, where in zip(self._assets, zip(self._charge, self._store, strict=True),
                                    strict=True)
        ])  # fmt: skip
        self._is = np.zeros((len(names), 5))
        self._is[:, WARMTH] = self._is[:, HOTTEST] = COOL_FROM
        self._inflow, self._hours = physics.inflow, 0.0

    def bound(self, state: State) -> None:
        """Limits and losses of this step."""
        before(
            state.hours, self._made, self._is, self._charge, self._discharge, self._store,
            self._fill, self._drain, self._inflow[state.stage], state.x, state.level, state.floor,
            state.most, state.store_rate, state.inflow,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """Count what was lost, and let the cells warm."""
        after(
            state.hours, self._made, self._is, self._charge, self._discharge, self._fill,
            self._drain, self._air[state.stage], state.x, state.store_rate,
        )  # fmt: skip
        self._hours += state.hours

    @property
    def lost(self) -> Floats:
        """Energy lost in converters, cells and auxiliaries so far, MWh, without self-discharge."""
        return self._is[:, LOST].copy()

    @property
    def temperature(self) -> Floats:
        """Of the cells now, °C; may be set."""
        return self._is[:, WARMTH]

    def figures(self) -> Mapping[str, Any]:
        """Cycles, losses, heat and health."""
        found: dict[str, Any] = {}
        for name, asset, made, now in zip(
            self._names, self._assets, self._made, self._is, strict=True
        ):
            assert isinstance(asset, Battery)
            cycles = float(now[OUT] / max(made[ENERGY] * made[WINDOW], 1e-9))
            fades = asset.calendar_fade or CALENDAR
            worn = WORN * cycles / (asset.cycle_life or CYCLES) + fades * self._hours / 8760.0
            found[f"{name}: full cycles"] = cycles
            found[f"{name}: lost MWh"] = float(now[LOST])
            found[f"{name}: cells at most °C"] = float(now[HOTTEST])
            found[f"{name}: health lost"] = worn
        return found


def _made(asset: object, physics: Physics, charge: int, store: int) -> list[float]:
    assert isinstance(asset, Battery)
    one_way, window = sqrt(asset.round_trip), asset.soc_max - asset.soc_min
    energy = float(physics.cap[0, store]) / window
    power = float(physics.most[:, charge].max())
    out = 1.0 / one_way - 1.0
    cooler = max(COOLING * energy, IN_CELLS * out * power)
    return [power, energy, asset.soc_min, 1.0 - one_way, out, window, cooler]


@njit(cache=True, nogil=True, error_model="numpy")
def before(
    hours: float, made: Floats, now: Floats, charge: Ints, discharge: Ints, store: Ints,
    fill: Ints, drain: Ints, inflow: Floats, x: Floats, level: Floats, floor: Floats,
    most: Floats, store_rate: Floats, flows_in: Floats,
) -> None:  # fmt: skip
    """What may go in and out, what of it is lost, and what auxiliaries take."""
    for b in range(len(made)):
        power, energy, warmth = made[b, POWER], made[b, ENERGY], now[b, WARMTH]
        if power <= 0.0 or energy <= 0.0:
            continue
        c, d, s = charge[b], discharge[b], store[b]
        held = made[b, LOWEST] + level[s] / energy
        cool = min(max((TOO_HOT - warmth) / (TOO_HOT - HOT), 0.0), 1.0)
        warm = min(max(warmth / COLD, 0.0), 1.0)
        full = energy * max(1.0 - held, 0.0) / TAPER_FULL
        empty = energy * max(held, 0.0) / TAPER_EMPTY
        most[c] = min(most[c], full, power * min(cool, warm))
        most[d] = min(most[d], empty, power * cool)
        # The load of the step before: a converter hardly moves from one step to the next.
        load_in, load_out = x[c] / power, x[d] / power
        store_rate[fill[b]] = 1.0 - made[b, LOSES_IN] * (LINEAR + SQUARE * load_in)
        store_rate[drain[b]] = -1.0 - made[b, LOSES_OUT] * (LINEAR + SQUARE * load_out)
        works = 0.0
        if load_in > RUNS:
            works = STANDING * made[b, LOSES_IN] * power
        elif load_out > RUNS:
            works = STANDING * made[b, LOSES_OUT] * power
        wanted = (
            works
            + BASE * energy
            + made[b, COOLER] * (heating(warmth) + cooling(warmth) / PER_COOLING)
        )
        there = max(level[s] - floor[s], 0.0) / hours
        now[b, AUXILIARY] = min(wanted, there)
        flows_in[s] = inflow[s] - now[b, AUXILIARY]


@njit(cache=True, nogil=True)
def heating(warmth: float) -> float:
    """Part of all it can that heating gives at a temperature of the cells."""
    return min(max((HEAT_BELOW - warmth) / BAND, 0.0), 1.0)


@njit(cache=True, nogil=True)
def cooling(warmth: float) -> float:
    """Part of all it can that cooling takes away."""
    return min(max((warmth - COOL_FROM) / BAND, 0.0), 1.0)


@njit(cache=True, nogil=True)
def after(
    hours: float, made: Floats, now: Floats, charge: Ints, discharge: Ints, fill: Ints,
    drain: Ints, air: Floats, x: Floats, store_rate: Floats,
) -> None:  # fmt: skip
    """Losses, and the heat they leave in the cells."""
    for b in range(len(made)):
        energy, warmth = made[b, ENERGY], now[b, WARMTH]
        if made[b, POWER] <= 0.0 or energy <= 0.0:
            continue
        given = x[discharge[b]]
        lost = x[charge[b]] * (1.0 - store_rate[fill[b]]) - given * (1.0 + store_rate[drain[b]])
        now[b, LOST] += hours * (lost + now[b, AUXILIARY])
        now[b, OUT] += hours * given
        warms = IN_CELLS * lost + made[b, COOLER] * (heating(warmth) - cooling(warmth))
        warms -= energy * WALLS * (warmth - air[b])
        now[b, WARMTH] = warmth + hours * warms / (HEAT * energy)
        now[b, HOTTEST] = max(now[b, HOTTEST], now[b, WARMTH])
