"""What the devices of a fleet file are told: their schedules as a table, and words for failures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.files import atomic_path
from zeroplant.homes.fleet_file import Devices
from zeroplant.homes.fleet_prices import Prices
from zeroplant.homes.recursion import first_order
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.stage import BOUND, INFEASIBLE
from zeroplant.solve.fleet.tables import Fleet, Table


@dataclass(frozen=True, eq=False)
class Answers:
    """By device (N,): status, step and side of a failure, own cost, gap; series (N, T) or none.

    ``gap`` is ``nan`` where only that of all devices together is known. ``level`` is in kWh, of
    rooms in °C; ``power`` in kW at the meter.
    """

    status: NDArray[np.int8]
    when: Ints
    side: Ints
    cost: Floats
    gap: Floats
    power: Table | None
    level: Floats | None


def levels(fleet: Fleet, change: Table) -> Floats:
    """Level at the end of each step (N, T), from the changes by the devices."""
    drive = change.astype(np.float64) + fleet.inflow.table[fleet.inflow.row]
    found: Floats = first_order(np.array(fleet.keep), np.array(fleet.start), drive)
    return found


def together(devices: Devices, status: NDArray[np.int8], power: Table, change: Table) -> Answers:
    """Answers of devices that were coordinated; own costs are at the prices of the file."""
    fleet, failed = devices.fleet, np.flatnonzero(status > BOUND)
    when, side = np.full(len(fleet), -1), np.zeros(len(fleet), dtype=int)
    if len(failed):
        alone = schedule(fleet[failed], threads=1)
        when[failed], side[failed] = alone.when, alone.side
    level = levels(fleet, change)
    buy, sell = fleet.buy.table[fleet.buy.row], fleet.sell.table[fleet.sell.row]
    cost = fleet.hours * (np.where(power > 0.0, buy, sell) * power).sum(axis=1)
    charged, given = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    cost += (charged / fleet.gain.table[fleet.gain.row]).sum(axis=1) * fleet.wear_in
    cost += given.sum(axis=1) * fleet.give * fleet.wear_out - fleet.final_value * level[:, -1]
    cost[failed] = np.nan
    power, level = power.astype(float), level.copy()
    power[failed], level[failed] = np.nan, np.nan
    return Answers(status, when, side, cost, np.full(len(fleet), np.nan), power, level)


def in_words(devices: Devices, answers: Answers, prices: Prices) -> NDArray[np.str_]:
    """Status of each device (N,); of a failure what fails, and when."""
    alone = np.isfinite(answers.gap).any()
    words = np.full(len(devices.name), "optimal" if alone else "scheduled", dtype="<U96")
    words[answers.status == BOUND] = "possible, optimal within the gap"
    words[answers.status > INFEASIBLE] = "its numbers cannot be worked with"
    ends = np.append(prices.time[1:], prices.time[-1] + np.diff(prices.time[:2]))
    times = np.char.replace(np.datetime_as_string(ends, unit="m"), "T", " ")
    cooled, heated = devices.kind == "cooled room", devices.kind == "heated room"
    store = ~(cooled | heated)
    for which, low, high in (
        (store, "cannot hold its least content", "cannot stay below what it holds when full"),
        (cooled, "cannot be kept as cool as highest_c", "cannot be kept as warm as lowest_c"),
        (heated, "cannot be kept as warm as lowest_c", "cannot be kept as cool as highest_c"),
    ):
        for side, said in ((1, low), (-1, high), (0, "its limits contradict each other")):
            found = which & (answers.status == INFEASIBLE) & (answers.side == side)
            words[found] = np.char.add(f"impossible: {said} at ", times[answers.when[found]])
    return words


def write_answers(path: Path, devices: Devices, answers: Answers, prices: Prices) -> None:
    """One row for each device: status, cost, gap, energy, and lists of power and level.

    The file appears whole or not at all.
    """
    assert answers.power is not None
    assert answers.level is not None
    cooled = devices.kind == "cooled room"
    level = np.where(cooled[:, None], -answers.level, answers.level)
    table = pl.DataFrame({
        "device": devices.name, "kind": devices.kind, "feeder": devices.feeder,
        "status": in_words(devices, answers, prices), "cost": answers.cost, "gap": answers.gap,
        "energy_kwh": devices.fleet.hours * answers.power.sum(axis=1, dtype=np.float64),
        "power_kw": _lists(answers.power), "level": _lists(level),
    }).with_columns(pl.col("cost", "gap", "energy_kwh").fill_nan(None))  # fmt: skip
    with atomic_path(path) as temporary:
        table.write_parquet(temporary)


def _lists(values: Table) -> pl.Series:
    flat = pl.Series(np.ascontiguousarray(values).ravel())
    return flat.reshape((len(values), values.shape[1])).arr.to_list()
