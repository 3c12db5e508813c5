"""What a swap station says of a solved plant: its use, what it could shift, how it serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.swap_promise import few_chargers, in_hand, queued
from zeroplant.assets.parts.swap_replay import built, replay
from zeroplant.assets.parts.swap_stock import Stock
from zeroplant.axis import Floats
from zeroplant.transport.station_report import served_at, served_over
from zeroplant.waist import Affine, Scope, total_of
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:
    from zeroplant.assets.swap_station import SwapStation

NOTHING = 1e-6
"""Swaps in the whole horizon below which there is nothing to say."""
SEED = 1
"""Seed of the trucks that come by chance, the same for every station and plan."""


def findings_of(station: SwapStation, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """All findings of a station."""
    stocks = station.recalled(plant)
    swaps = total_of(swap for stock in stocks for swap in stock.given)
    if solution.total(swaps) > NOTHING:
        yield from _use(station, plant, solution, stocks, swaps)
        yield from _shift(station, plant, solution, stocks)
        yield from _service(station, plant, solution, stocks)


def _use(
    station: SwapStation, plant: Scope, solution: Solution, stocks: list[Stock], swaps: Affine
) -> Iterator[Finding]:
    """Swaps, and how much lanes, chargers and packs have to do."""
    hours = float(plant.axis.weight.sum())
    count = solution.total(swaps)
    yield Finding("swaps_per_day", count / hours * 24.0, "", ("Swaps per day", "日均换电次数"))
    out = total_of(stock.handed_out - stock.taken_in for stock in stocks)
    energy = solution.total(out) / count * 1e3
    yield Finding("energy_per_swap", energy, "kWh", ("Energy per swap", "单次换电电量"))
    most = built(plant, solution, "lanes") * station.lane_rate
    busy = solution.value(swaps) / most
    yield Finding("lane_use", count / hours / most, "1", ("Use of lanes", "车道平均利用率"))
    yield Finding(
        "lane_use_peak", float(busy.max()), "1", ("Use of lanes, highest", "车道最高利用率"),
        ("above 80 % trucks that come by chance wait long", "超过 80 % 时随机到站车辆排队明显加长"),
    )  # fmt: skip
    power = built(plant, solution, "chargers") * station.charger_power
    drawn = solution.total(total_of(stock.drawn + stock.returned for stock in stocks))
    yield Finding("charger_use", drawn / hours / power, "1", ("Use of chargers", "充电机利用率"))
    charged = sum(solution.total(s.charged) / s.family.energy for s in stocks)
    packs = sum(built(plant, solution, stock.word("packs")) for stock in stocks)
    yield Finding(
        "pack_cycles_per_day", charged / packs / hours * 24.0, "",
        ("Full cycles per pack in the rack and day", "站内每包日均循环次数"),
        ("packs change between rack and trucks", "电池包在站内与车辆间流转"),
    )  # fmt: skip


def _shift(
    station: SwapStation, plant: Scope, solution: Solution, stocks: list[Stock]
) -> Iterator[Finding]:
    """MW that the station could draw less, or more, for an hour without breaking its promise."""
    power = built(plant, solution, "chargers") * station.charger_power
    drawn = solution.value(total_of(stock.drawn for stock in stocks))
    given = solution.value(total_of(stock.returned for stock in stocks))
    net = drawn - given
    most: float | Floats = power
    if station.connection is not None:
        own = station.auxiliary.on(plant.axis)
        most = np.minimum(power, built(plant, solution, "connection") - own)
    few = _few(station, plant, solution, stocks)
    zeros = np.zeros(plant.axis.stages)
    spare = sum((_spare_energy(solution, stock, few) for stock in stocks), zeros)
    empty = sum((_empty_energy(plant, solution, s) for s in stocks), zeros)
    less = np.minimum(net + (power if station.v2g else 0.0), spare / station.efficiency)
    more = np.minimum(most - net, empty / station.efficiency)
    weight = plant.axis.weight
    note = ("mean over all hours, each hour by itself", "各小时分别计算后取平均")
    for key, value, title in (
        (
            "adjustable_up",
            less,
            ("Load it could drop for an hour", "可上调功率（减少充电，1 小时）"),
        ),
        (
            "adjustable_down",
            more,
            ("Load it could add for an hour", "可下调功率（增加充电，1 小时）"),
        ),
    ):
        mean = float(weight @ np.maximum(value, 0.0) / weight.sum())
        yield Finding(key, mean, "MW", title, note)


def _few(station: SwapStation, plant: Scope, solution: Solution, stocks: list[Stock]) -> float:
    """Chargers missing of those that keep packs from queueing."""
    counts = {"chargers": Affine(built(plant, solution, "chargers"))}
    if station.connection is not None:
        transformer = Affine(built(plant, solution, "connection"))
        counts["connection"] = station.carried(plant, stocks, transformer)
    return float(few_chargers(plant, counts).constant)


def _spare_energy(solution: Solution, stock: Stock, few: float) -> Floats:
    """MWh by which the packs may be emptier at the end of an hour, with what is to be in hand."""
    slack = []
    for number in sorted({0, stock.top - 1}):
        need, spare = in_hand(stock, number)
        held = solution.value(stock.above(number + 1)) - few * queued(stock)
        slack.append(held - solution.value(need) - spare)
    packs = np.maximum(np.minimum.reduce(slack), 0.0)
    window = stock.classes.high - stock.classes.low
    return np.asarray(packs * window * stock.family.energy)


def _empty_energy(plant: Scope, solution: Solution, stock: Stock) -> Floats:
    """MWh that packs in the rack can still take."""
    full = built(plant, solution, stock.word("packs")) * stock.top
    steps = sum(number * solution.value(packs) for number, packs in enumerate(stock.packs, 1))
    return np.asarray(np.maximum(full - steps, 0.0) * stock.step_energy)


def _service(
    station: SwapStation, plant: Scope, solution: Solution, stocks: list[Stock]
) -> Iterator[Finding]:
    """The schedule truck by truck: every chain by its weight, and the one that serves worst."""
    runs = [
        (chain, replay(station, plant, solution, stocks, seed=SEED, chain=number).visits)
        for number, chain in enumerate(plant.axis.chains)
    ]
    found = served_over([(visits, chain.weight) for chain, visits in runs if chain.weight])
    if found is None:
        return
    note = (
        f"{found.visits} trucks that come by chance, simulated one by one on this schedule",
        f"按本方案逐车仿真 {found.visits} 辆随机到站车辆",
    )
    alone = sorted(
        ((chain.name, one) for chain, visits in runs if (one := served_at(visits))),
        key=lambda each: each[0],
    )
    shown = (
        ("wait_p50", "median", 60.0, "min", ("Wait of trucks, median", "车辆等待时间中位数")),
        ("wait_p95", "p95", 60.0, "min",
         ("Wait of trucks, 95th percentile", "车辆等待时间 95 分位数")),
        ("served_as_promised", "prompt", 1.0, "1",
         ("Trucks that found a full pack", "即到即有满电电池的车辆占比")),
    )  # fmt: skip
    for key, figure, scale, unit, title in shown:
        said = note
        if len(runs) > 1:
            pick = min if figure == "prompt" else max
            name, worst = pick(alone, key=lambda each: getattr(each[1], figure))
            said = _of_scenarios(note, len(runs), name, getattr(worst, figure), unit)
        yield Finding(key, getattr(found, figure) * scale, unit, title, said)


def _of_scenarios(
    note: tuple[str, str], count: int, name: str, worst: float, unit: str
) -> tuple[str, str]:
    """The note with what is meant by the figure, and where it is worst."""
    figure = f"{100 * worst:.1f} %" if unit == "1" else f"{60 * worst:.3g} min"
    return (
        f"{note[0]}; all {count} scenarios by their probability, worst in '{name}': {figure}",
        f"{note[1]}；{count} 个情景按概率加权，最差情景“{name}”：{figure}",
    )
