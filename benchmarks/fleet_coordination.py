"""Coordination and splitting of very large fleets: proven gaps and seconds, in one run.

    python benchmarks/fleet_coordination.py [DEVICES [TRANSFORMERS]]

``DEVICES`` (default 100,000) of the invented fleet of ``zeroplant.bench.mixed_fleet`` over a day of
quarter-hours share a wholesale price; then a feeder limit at half of their uncoordinated peak; then
limits of TRANSFORMERS (default 1,000) in feeders of fifty. Set-points are split over ten times as
many. Processor seconds stand beside the clock's, because neighbours on the machine change only
the latter; ``passes_worth`` is the processor time in units of solving each device once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.joint import Groups, Shared, coordinate, uncoordinated
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.split import (
    Kinds,
    Offer,
    Pool,
    reach,
    split_by_merit,
    split_in_proportion,
)  # fmt: skip
from zeroplant.solve.fleet.tables import Fleet

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """Answer, clock seconds, processor seconds."""
    begin, begin_processor = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - begin, time.process_time() - begin_processor


def coordinated(fleet: Fleet, shared: Shared, gap: float, once: float) -> dict[str, Any]:
    """One coordination, certified."""
    found, seconds, processor = timed(lambda: coordinate(fleet, shared, gap=gap))
    return {
        "devices": len(fleet),
        "groups": len(shared.groups),
        "binding_groups": int((found.limit_price != 0).any(axis=1).sum()),
        "gap": found.gap,
        "gap_of_saving": found.gap_of_saving(uncoordinated(fleet, shared)),
        "excess": found.excess,
        "passes": found.passes,
        "seconds": seconds,
        "processor_seconds": processor,
        "passes_worth": processor / once,
    }


def shared_price(fleet: Fleet) -> Shared:
    """A supply curve on which the fleet is a large part of the demand."""
    devices, clock = len(fleet), np.arange(fleet.steps) * fleet.hours
    base = devices * (1.0 + 0.5 * np.sin((clock - 14.0) * np.pi / 12.0))
    return Shared(0.05, 0.3 / devices, Groups.one(devices, base))


def limited(fleet: Fleet, shared: Shared, transformers: int) -> Shared:
    """A price by time of day, limits cut into what the devices would do by themselves."""
    devices, steps = len(fleet), fleet.steps
    clock = np.arange(steps) * fleet.hours
    price = 0.15 + 0.1 * np.sin((clock - 12.0) * np.pi / 6.0)
    alone = schedule(fleet, adder=price, outputs=("power",)).power
    assert alone is not None
    feeders = -(-transformers // 50)
    parent = np.concatenate(
        [[-1], np.zeros(feeders, int), 1 + np.arange(transformers) % max(feeders, 1)]
    )
    member = 1 + feeders + np.arange(devices) % transformers if transformers else 0
    base = np.zeros((len(parent), steps))
    base[0] = shared.groups.base[0]
    free = np.full_like(base, np.inf)
    groups = Groups(parent, np.zeros(devices, int) + member, free, -free, base)
    total = groups.totals(alone)
    most, least = free.copy(), -free
    part = 0.8 if transformers else 0.5
    most[1:] = part * total[1:].max(axis=1)[:, None]
    least[1:] = part * total[1:].min(axis=1)[:, None] - 1.0
    most[0] = base[0].max() + part * (total[0].max() - base[0].max())
    return Shared(price, 0.001 / devices, replace(groups, most=most, least=least))


def splits(devices: int, threads: int = 2) -> dict[str, Any]:
    """Milliseconds to split a set-point, the best of a few: ranges, then each way."""
    draw = np.random.default_rng(0)
    kinds = Kinds(
        *(np.full(4, v) for v in (0.95, 1.05)), np.array([1.0, 2, 3, 9]),
        np.array([1.0, 2, 3, 9]), np.full(4, 3, dtype=np.int32),
    )  # fmt: skip
    size = draw.uniform(3, 15, devices)
    now = Pool(
        kinds, 0.25, draw.integers(0, 4, devices).astype(np.int32), size * draw.random(devices),
        0 * size, size, -draw.uniform(0, 5, devices), draw.uniform(0, 5, devices),
        draw.uniform(-2, 2, devices),
    )  # fmt: skip
    within = reach(now, threads=threads)
    target = within.least + 0.6 * (within.most - within.least)
    up = draw.uniform(0.1, 0.25, devices)
    plain = Offer(within, np.zeros(devices), up, up + 0.05)
    turns = replace(plain, called=draw.integers(0, 50, devices).astype(np.int32))
    works: dict[str, Callable[[], Any]] = {
        "ranges": lambda: reach(now, threads=threads),
        "in_proportion": lambda: split_in_proportion(target, within, threads=threads),
        "by_merit": lambda: split_by_merit(
            target, plain, window=(0.1, 0.3), threads=threads
        ),
        "by_merit_in_turns": lambda: split_by_merit(
            target, turns, now=50, window=(0.1, 0.3), threads=threads
        ),
    }  # fmt: skip
    best = {}
    for name, work in works.items():
        runs = [timed(work) for _ in range(8)]
        best[f"{name}_ms"] = 1e3 * min(run[1] for run in runs[1:])
        best[f"{name}_processor_ms"] = 1e3 * min(run[2] for run in runs[1:])
    power = split_by_merit(target, plain, window=(0.1, 0.3), threads=threads).power
    return {"devices": devices, "threads": threads, "error_of_sum": power.sum() - target} | best


def run(devices: int = 100_000, transformers: int = 1_000) -> dict[str, Any]:
    """All of it."""
    small = mixed_fleet(400)
    coordinate(small, limited(small, shared_price(small), 4), passes=3)  # compiled before
    fleet = mixed_fleet(devices)
    schedule(small)
    _, _, once = timed(lambda: schedule(fleet))
    shared = shared_price(fleet)
    answer: dict[str, Any] = {"name": "fleet_coordination", "once_processor_seconds": once}
    answer["shared_price"] = coordinated(fleet, shared, 1e-4, once)
    if transformers:
        answer["feeder"] = coordinated(fleet, limited(fleet, shared, 0), 1e-3, once)
        answer["transformers"] = coordinated(
            fleet, limited(fleet, shared, transformers), 1e-2, once
        )
    answer["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    answer["split"] = splits(min(10 * devices, 1_000_000))
    return answer


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=2))
