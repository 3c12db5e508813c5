"""A fleet file scheduled: device by device or together, in this process or in shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.homes.fleet_answer import Answers, together
from zeroplant.homes.fleet_file import Devices, feeders, read_devices
from zeroplant.homes.fleet_prices import read_prices
from zeroplant.solve.fleet.joint import Coordination, Groups, Shared, coordinate
from zeroplant.solve.fleet.schedule import Output, Schedule, schedule
from zeroplant.solve.fleet.shards import (
    Shards,
    Source,
    Together,
    coordinate_shards,
    schedule_shards,
)
from zeroplant.solve.fleet.tables import Fleet


@dataclass(frozen=True, eq=False)
class Jointly:
    """What holds of all together: proven relative gap, excess [kW], power and price of groups.

    ``cost`` and its lower ``bound`` hold what the rising price makes, besides the devices' own.
    """

    cost: float
    bound: float
    gap: float
    excess: float
    total: Floats
    limit_price: Floats
    passes: int


def source_of(fleet: Path, prices: Path, names: list[str]) -> Source:
    """Every n-th device of a file, with the number of its feeder among ``names``, from 1 on."""
    return partial(_slice, fleet, prices, names)


def _slice(fleet: Path, prices: Path, names: list[str], k: int, n: int) -> tuple[Fleet, Ints]:
    own = read_devices(fleet, read_prices(prices), part=(k, n))
    return own.fleet, 1 + np.searchsorted(names, own.feeder).astype(np.int64)


def each_alone(
    devices: Devices, *, threads: int, series: bool, shards: Shards | None = None
) -> tuple[Answers, float, Floats]:
    """Every device to its own optimum; most violation of a bound, and their power (T,)."""
    outputs: Sequence[Output] = ("power", "level") if series else ()
    if shards is None:
        parts: list[Schedule] = [schedule(devices.fleet, threads=threads, outputs=outputs)]
    else:
        parts = schedule_shards(shards, outputs=outputs)

    def whole(name: str) -> Any:
        return _interleaved([getattr(part, name) for part in parts])

    answers = Answers(
        whole("status"), whole("when"), whole("side"), whole("cost"), whole("gap"),
        whole("power") if series else None, whole("level") if series else None,
    )  # fmt: skip
    worst = float(np.nanmax(whole("violation"), initial=0.0))
    return answers, worst, np.sum([part.total for part in parts], axis=0)


def all_together(
    devices: Devices, *, limit: float, slope: float, gap: float, threads: int,
    shards: Shards | None = None,
) -> tuple[Answers, Jointly]:  # fmt: skip
    """Devices under a limit [kW] of each feeder and a price that rises by ``slope`` per kW."""
    names, which = feeders(devices)
    steps, count = devices.fleet.steps, len(names) + 1
    parent = np.append(-1, np.zeros(count - 1, dtype=np.int64))
    most = np.full((count, steps), limit)
    most[0] = np.inf
    member = 1 + which if shards is None else which[:0]
    groups = Groups(parent, member, most, np.full_like(most, -np.inf), np.zeros_like(most))
    shared = Shared(np.zeros(steps), np.full(steps, slope), groups)
    found: Coordination | Together
    if shards is None:
        found = coordinate(devices.fleet, shared, gap=gap, threads=threads)
        status, power, change = found.status, found.power, found.change
    else:
        found = coordinate_shards(shards, shared, gap=gap)
        status, power, change = (
            _interleaved([getattr(part, name) for part in found.answers])
            for name in ("status", "power", "change")
        )
    jointly = Jointly(
        found.cost, found.bound, found.gap, found.excess, found.total, found.limit_price,
        found.passes,
    )  # fmt: skip
    return together(devices, status, power, change), jointly


def _interleaved(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Rows of the shards in the order of the file: shard k holds every n-th from the k-th on."""
    if len(parts) == 1:
        return parts[0]
    whole = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), dtype=parts[0].dtype)
    for k, part in enumerate(parts):
        whole[k :: len(parts)] = part
    return whole
