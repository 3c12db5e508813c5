"""Very many devices, each to its exact optimum: devices per second, and HiGHS in the same run.

    python benchmarks/fleet.py [N]

An invented mixed fleet (`zeroplant.bench.mixed_fleet`) of ``N`` devices and 96 quarter-hours on one
and on two threads; the textbook linear programme of some of them, built and solved in HiGHS one by
one on one thread; and some devices over 8,760 hours. Processor seconds stand beside the clock's,
because a neighbour on the machine changes only the latter; ``ratio`` compares processor seconds.
At the end the same for many together, and for the split of a set-point (`fleet_coordination.py`).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import fleet_coordination
import highspy
import numpy as np

from zeroplant.axis import Floats
from zeroplant.bench.fleet import programme
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet

BY_HIGHS = 60
LONG = 200


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What comes out, seconds on the clock, and processor seconds of all threads."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - clock, time.process_time() - processor


def by_highs(fleet: Fleet) -> tuple[Floats, float]:
    """Optimal costs, device by device, and the seconds that HiGHS spent in its solver alone."""
    costs, inside = np.empty(len(fleet)), 0.0
    for device in range(len(fleet)):
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.passModel(programme(fleet[[device]]))
        highs.run()
        inside += highs.getRunTime()
        costs[device] = highs.getInfo().objective_function_value
    return costs, inside


def run(devices: int = 100_000) -> dict[str, Any]:
    """Everything in one process."""
    fleet, _, drawn = timed(lambda: mixed_fleet(devices, 1))
    _, compiled, compiling = timed(lambda: schedule(fleet[:10]))
    threads = {}
    for count in (1, 2):
        found, clock, processor = timed(lambda count=count: schedule(fleet, threads=count))
        threads[str(count)] = {
            "seconds": clock, "processor_seconds": processor, "devices_per_second": devices / clock,
            "processor_microseconds_per_device": 1e6 * processor / devices,
        }  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    some = fleet[:BY_HIGHS]
    (costs, inside), _, highs = timed(lambda: by_highs(some))
    ours = threads["1"]["processor_seconds"] / devices
    long = mixed_fleet(LONG, 2, steps=8760, hours=1.0)
    year, _, long_processor = timed(lambda: schedule(long, threads=1))
    return {
        "name": "fleet", "devices": devices, "steps": fleet.steps, "threads": threads,
        "first_call_seconds": compiled, "first_call_processor_seconds": compiling,
        "drawing_processor_seconds": drawn, "peak_rss_mb": peak,
        "solved": int(found.has_schedule.sum()), "max_gap": float(np.nanmax(np.abs(found.gap))),
        "max_violation": float(np.nanmax(found.violation)),
        "highs_milliseconds_per_device": 1e3 * highs / BY_HIGHS,
        "highs_solver_milliseconds_per_device": 1e3 * inside / BY_HIGHS,
        "ratio": highs / BY_HIGHS / ours, "ratio_to_solver_alone": inside / BY_HIGHS / ours,
        "worst_cost_difference": float(np.max(np.abs(costs - found.cost[:BY_HIGHS]))),
        "year_milliseconds_per_device": 1e3 * long_processor / LONG,
        "year_solved": int(year.has_schedule.sum()),
        "year_max_gap": float(np.nanmax(np.abs(year.gap))),
    }  # fmt: skip


if __name__ == "__main__":
    answer = run(*(int(word) for word in sys.argv[1:]))
    # Together under prices and limits, and the split of a set-point, in the same run.
    answer["coordination"] = fleet_coordination.run()
    print(json.dumps(answer, indent=2))
