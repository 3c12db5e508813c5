"""A swap station's schedule, run through the simulation of single trucks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.assets.parts.swap_promise import ready
from zeroplant.assets.parts.swap_stock import Stock
from zeroplant.axis import Floats, Ints
from zeroplant.transport.corridor import PackKind, Schedule, SwapPlace, Visits
from zeroplant.transport.station import poisson_arrivals, run_station
from zeroplant.waist import Affine, Scope, total_of
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:
    from zeroplant.assets.swap_station import SwapStation

WHOLE = 1e-6
"""A size so little above a whole number was meant to be that number."""


@dataclass(frozen=True)
class Replay:
    """One chain of a solved plan: what the station was told, and what trucks met.

    ``planned`` MW in each period, net of what is given back.
    """

    place: SwapPlace
    planned: Floats
    visits: Visits


def whole(size: float) -> int:
    """What is built of a size: nobody builds half a pack."""
    return max(int(np.ceil(size - WHOLE)), 0)


def built(plant: Scope, solution: Solution, what: str) -> float:
    """A capacity of the station, given or chosen."""
    capacity, _ = plant.network.capacities[f"{plant.who}.{what}"]
    chosen = solution.number(Affine(0.0, capacity.terms)) if capacity.terms else 0.0
    return float(np.sum(capacity.constant)) + chosen


def replay(
    station: SwapStation,
    plant: Scope,
    solution: Solution,
    stocks: Sequence[Stock],
    *,
    seed: int = 0,
    chain: int = 0,
) -> Replay:
    """Simulate one chain with trucks that come by chance, as many as the plan serves on average.

    For sizes see `as_planned`.
    """
    axis = plant.axis
    stages = slice(chain * axis.periods, (chain + 1) * axis.periods)
    random = np.random.default_rng(seed)
    place = as_planned(station, plant, solution, stocks, stages)
    assert place.schedule is not None
    times, soc, family = trucks_by_chance(solution, stocks, stages, random)
    visits = run_station(
        place, times, soc, kinds=[pack_kind(stock) for stock in stocks], periods=axis.periods,
        hours=axis.hours, family=family, fits=_fits(stocks),
    )  # fmt: skip
    return Replay(place, place.schedule.power, visits)


def as_planned(
    station: SwapStation, plant: Scope, solution: Solution, stocks: Sequence[Stock], stages: slice
) -> SwapPlace:
    """A station with the sizes and the schedule of a solved plan; kinds are numbers of stocks.

    Sizes are rounded up to whole lanes, packs and chargers.
    """
    held = [whole(built(plant, solution, stock.word("packs"))) for stock in stocks]
    charge, kind = _racks(solution, stocks, held, stages)
    power = solution.value(total_of(stock.drawn - stock.returned for stock in stocks))[stages]
    racks = zip(stocks, held, strict=True)
    stored = np.sum([_stored(solution, stock, count, stages) for stock, count in racks], axis=0)
    racks = zip(stocks, held, strict=True)
    full = np.sum([np.minimum(ready(stock), count) for stock, count in racks], axis=0)[stages]
    # What is ready when a period begins is for the trucks of that period; the last stays.
    schedule = Schedule(power, stored, np.append(full, full[-1]))
    place = _place(station, plant, solution, stages)
    return replace(place, charge=charge, kind=kind, schedule=schedule)


def _place(station: SwapStation, plant: Scope, solution: Solution, stages: slice) -> SwapPlace:
    """The station without packs and schedule."""
    most: float | Floats = np.inf
    if station.connection is not None:
        own = station.auxiliary.on(plant.axis)[stages]
        most = np.maximum(built(plant, solution, "connection") - own, 0.0)
    chargers = whole(built(plant, solution, "chargers"))
    return SwapPlace(
        charge=np.zeros(0),
        lanes=whole(built(plant, solution, "lanes")),
        lane_time=1.0 / station.lane_rate,
        swap_time=station.swap_time,
        chargers=chargers,
        charger=station.charger_power,
        efficiency=station.efficiency,
        most=most,
        most_back=chargers * station.charger_power if station.v2g else 0.0,
    )


def pack_kind(stock: Stock) -> PackKind:
    """Packs of a family as they are simulated."""
    family = stock.family
    return PackKind(
        family.energy, family.power(stock.rules.charger), family.soc_max, family.soc_min
    )


def _fits(stocks: Sequence[Stock]) -> Ints:
    """Which family's packs a truck may take, shape (trucks' families, packs' families)."""
    return np.array([[truck.name == pack.name or truck.name in pack.family.also_fits
                      for pack in stocks] for truck in stocks], dtype=np.int64)  # fmt: skip


def _racks(
    solution: Solution, stocks: Sequence[Stock], held: Sequence[int], stages: slice
) -> tuple[Floats, Ints]:
    """Packs at the beginning: single packs with the charge that the plan's classes add up to."""
    charges = []
    for stock, number in zip(stocks, held, strict=True):
        counts = np.array([solution.value(packs)[stages.stop - 1] for packs in stock.packs[::-1]])
        levels = stock.classes.levels[::-1]
        ends = np.append(0.0, np.cumsum(np.maximum(counts, 0.0)))
        places = np.arange(number + 1.0)
        inside = np.minimum(ends, places[-1])
        # Energy above the lowest level in the first n packs, fullest first.
        energy = np.interp(
            places, inside, np.append(0.0, np.cumsum(np.diff(inside) * (levels[:-1] - levels[-1])))
        )
        charges.append(np.diff(energy) + levels[-1])
    kinds = [np.full(len(each), number) for number, each in enumerate(charges)]
    return np.concatenate(charges), np.concatenate(kinds)


def _stored(solution: Solution, stock: Stock, count: int, stages: slice) -> Floats:
    """MWh in the packs of a family, before the first period and at the end of each."""
    levels, energy = stock.classes.levels, stock.family.energy
    above = sum(
        solution.value(packs)[stages] * (levels[number] - levels[0])
        for number, packs in enumerate(stock.packs, start=1)
    )
    stored = (above + count * levels[0]) * energy
    return np.append(stored[-1], stored)


def trucks_by_chance(
    solution: Solution, stocks: Sequence[Stock], stages: slice, random: np.random.Generator
) -> tuple[Floats, Floats, Ints]:
    """Times, charges and families of trucks drawn with the plan's rates.

    All trucks of a family that come in a period bring the same charge. Its classes would not do:
    they split a pack among its neighbours, and part of a pack that is nearly full is no full one.
    """
    hours = solution.network.axis.hours
    times, charges, families = [], [], []
    for number, stock in enumerate(stocks):
        rate = np.maximum(solution.value(total_of(stock.entered.values()))[stages], 0.0)
        come = poisson_arrivals(rate, hours, random)
        times.append(come)
        charges.append(stock.charge[stages][(come / hours).astype(np.int64)])
        families.append(np.full(len(come), number))
    return np.concatenate(times), np.concatenate(charges), np.concatenate(families)
