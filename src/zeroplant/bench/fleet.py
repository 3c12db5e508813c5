"""An invented fleet against the clock, and the same linear programmes in HiGHS, in one run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from scipy.sparse import coo_array

from zeroplant.axis import Floats
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet

BY_HIGHS = 60
"""Devices that HiGHS solves."""


def run(devices: int, steps: int, threads: int, watch: Callable[[str], None]) -> dict[str, Any]:
    """Seconds, proof and memory of the fleet; the ratio is one of processor seconds per device."""
    watch("draw the fleet")
    fleet = mixed_fleet(devices, 1, steps=steps)
    schedule(fleet[:10])  # compiled before the clock runs
    watch("schedule it")
    clock, processor = time.perf_counter(), time.process_time()
    found = schedule(fleet, threads=threads)
    seconds, spent = time.perf_counter() - clock, time.process_time() - processor
    peak = _peak()
    watch("a few by HiGHS")
    some = min(BY_HIGHS, devices)
    processor = time.process_time()
    costs = by_highs(fleet[:some])
    highs = (time.process_time() - processor) / some
    both = np.isfinite(costs) & found.has_schedule[:some]
    return {
        "n": devices, "steps": steps, "threads": threads, "seconds": seconds,
        "processor_seconds": spent, "devices_per_second": devices / seconds,
        "solved": int(found.has_schedule.sum()),
        "max_certificate_gap": float(np.nanmax(np.abs(found.gap))),
        "max_violation": float(np.nanmax(found.violation)), "peak_rss_mb": peak,
        "highs_devices": some, "highs_milliseconds_per_device": 1e3 * highs,
        "times_highs": highs / (spent / devices),
        "worst_cost_difference": float(np.max(np.abs(costs - found.cost[:some])[both])),
    }  # fmt: skip


def _peak() -> float | None:
    """Most memory of this process so far [MB]; not told on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def by_highs(fleet: Fleet) -> Floats:
    """Optimal cost of each device by the textbook linear programme; ``nan`` where it has none."""
    costs = np.full(len(fleet), np.nan)
    for device in range(len(fleet)):
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.passModel(programme(fleet[[device]]))
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            costs[device] = highs.getInfo().objective_function_value
    return costs


def programme(fleet: Fleet) -> highspy.HighsLp:
    """The only device of a fleet: level, charge, discharge, drawn and given for each step."""
    row = {name: getattr(fleet, name).table[getattr(fleet, name).row[0]].astype(float) for name in (
        "buy", "sell", "net", "in_most", "out_most", "gain", "low", "high", "inflow")}  # fmt: skip
    steps, ones, zero = fleet.steps, np.ones(fleet.steps), np.zeros(fleet.steps)
    t = np.arange(steps)
    keep, give = fleet.keep[0], fleet.give[0]
    entries = [(t, t, ones), (t[1:], t[:-1], -keep * ones[1:])]
    entries += [(t, steps + t, -row["gain"] * fleet.hours)]
    entries += [(t, 2 * steps + t, fleet.hours / give * ones)]
    entries += [(steps + t, k * steps + t, s * ones) for k, s in ((1, -1), (2, 1), (3, 1), (4, -1))]
    i, j, value = (np.concatenate([entry[k] for entry in entries]) for k in range(3))
    matrix = coo_array((value, (i, j)), shape=(2 * steps, 5 * steps)).tocsc()
    right = np.concatenate([row["inflow"], row["net"]])
    right[0] += keep * fleet.start[0]
    cost = np.concatenate(
        [zero, fleet.wear_in[0] * ones, fleet.wear_out[0] * ones, row["buy"], -row["sell"]]
    )
    cost *= fleet.hours
    cost[steps - 1] = -fleet.final_value[0]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 5 * steps, 2 * steps
    model.col_cost_, model.row_lower_, model.row_upper_ = cost, right, right
    model.col_lower_ = np.concatenate([row["low"], zero, zero, zero, zero])
    free = np.full(steps, highspy.kHighsInf)
    model.col_upper_ = np.concatenate([row["high"], row["in_most"], row["out_most"], free, free])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model
