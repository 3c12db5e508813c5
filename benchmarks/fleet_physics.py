"""Physics that a linear programme gets wrong, one device at a time, beside HiGHS.

    python benchmarks/fleet_physics.py [N] [SEED]

Per device and per way of choosing: worst difference of cost, verdicts that differ, processor
microseconds of ours and of HiGHS. Then what charging and discharging at once is worth in the linear
programme under strongly negative noon prices, with and without curtailment, on N batteries. Seconds
are processor time: neighbours on the machine change the clock.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.solve.fleet.against_highs import Dense, violation
from tests.solve.fleet.against_lp import softly, together
from tests.solve.fleet.against_mip import choosy, least, least_cost
from tests.solve.fleet.pairs import rooms, shared
from tests.solve.fleet.samples import nasty
from zeroplant.axis import Floats
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.coupled import Coupled
from zeroplant.solve.fleet.coupled_solve import schedule_coupled
from zeroplant.solve.fleet.device import physical
from zeroplant.solve.fleet.exact import EXACT, Choice, schedule_exact
from zeroplant.solve.fleet.soft import schedule_soft
from zeroplant.solve.fleet.stage import INFEASIBLE
from zeroplant.solve.fleet.tables import Fleet, Rows

LENGTHS = (2, 5, 12, 24)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """An answer and its processor seconds."""
    begin = time.process_time()
    return work(), time.process_time() - begin


def compared(ours: Floats, wanted: Floats, has: Floats) -> dict[str, Any]:
    """Differences of verdict and cost."""
    both = (wanted < np.inf) & (has > 0)
    error = (ours[both] - wanted[both]) / (1.0 + np.abs(wanted[both]))
    return {
        "devices": len(ours),
        "infeasible": int(np.sum(wanted == np.inf)),
        "ours_only": int(np.sum((has > 0) & (wanted == np.inf))),
        "highs_only": int(np.sum((has == 0) & (wanted < np.inf))),
        "worst": float(np.max(error, initial=-np.inf)),
        "best": float(np.min(error, initial=np.inf)),
    }


def choosing(devices: int, seed: int, kind: str, steps: int) -> dict[str, Any]:
    """The exact path against the mixed-integer programme."""
    if kind == "prices":
        fleet = nasty(devices, seed, steps)
        choice = Choice.free(fleet)
    else:
        fleet, choice = choosy(devices, seed, steps, times=kind == "times")
    schedule_exact(fleet[[0]], Choice(*(each[[0]] for each in vars(choice).values())))
    found, own = timed(lambda: schedule_exact(fleet, choice, threads=1))
    wanted, other = timed(lambda: np.array([least_cost(fleet, choice, i) for i in range(devices)]))
    result = compared(found.cost, wanted, found.has_schedule)
    missed = violation(Dense(fleet), found)[found.has_schedule]
    return result | {
        "kind": kind, "steps": steps, "violation": float(np.max(missed, initial=0.0)),
        "gap": float(np.nanmax(found.gap, initial=0.0)), "exact": int(np.sum(found.path == EXACT)),
        "us": own / devices * 1e6, "highs_us": other / devices * 1e6,
    }  # fmt: skip


def banded(devices: int, seed: int, steps: int) -> dict[str, Any]:
    """Soft bands against the linear programme."""
    fleet, draw = nasty(devices, seed, steps), np.random.default_rng(seed)
    dense = Dense(fleet)
    fleet = fleet[(dense.q0 <= dense.q1).all(axis=1) & (dense.low <= dense.high).all(axis=1)]
    low = draw.integers(-1, 7, (len(fleet), steps)).astype(float)
    high = low + draw.integers(0, 4, low.shape)
    below, above = draw.choice([0.0, 0.1, 0.3, 0.5, 2.0, 10.0], (2, len(fleet)))
    ends = Rows.each(low), Rows.each(high)
    schedule_soft(fleet, *ends, below, above)
    found, own = timed(lambda: schedule_soft(fleet, *ends, below, above))
    codes, numbers, _ = found
    wanted, other = timed(lambda: np.array([
        softly(fleet, i, low[i], high[i], below[i], above[i]) for i in range(len(fleet))
    ]))  # fmt: skip
    result = compared(numbers[0] - numbers[1], wanted, codes[0] <= 1)
    missed = float(np.nanmax(numbers[2], initial=0.0))
    many = len(fleet)
    return result | {
        "kind": "band", "steps": steps, "violation": missed, "us": own / many * 1e6,
        "highs_us": other / many * 1e6,
    }  # fmt: skip


def paired(devices: int, seed: int, make: Callable[[int, int], Coupled]) -> dict[str, Any]:
    """Two coupled levels against the linear programme."""
    many = make(devices, seed)
    schedule_coupled(make(1, seed), threads=1)
    found, own = timed(lambda: schedule_coupled(many, threads=1))
    wanted, other = timed(lambda: np.array([together(many, i) for i in range(devices)]))
    result = compared(found.cost, wanted, found.status <= 1)
    gap = ((found.cost - found.bound) / (1.0 + np.abs(found.cost)))[found.status <= 1]
    return result | {
        "kind": make.__name__, "steps": 96,
        "violation": float(found.violation[found.status <= 1].max()),
        "proved_infeasible": int(np.sum(found.status == INFEASIBLE)),
        "gap_worst": float(gap.max()), "gap_median": float(np.median(gap)),
        "gap_within_1e-6": float(np.mean(gap <= 1e-6)), "us": own / devices * 1e6,
        "highs_us": other / devices * 1e6,
    }  # fmt: skip


def sunny(devices: int, seed: int, *, curtailed: bool) -> Fleet:
    """Batteries behind the meters of homes with a roof; noon prices down to −0.6 a kWh."""
    fleet = mixed_fleet(4 * devices, seed)
    fleet = fleet[
        np.flatnonzero(np.asarray(fleet.out_most.table[fleet.out_most.row, 0]) > 0)[:devices]
    ]
    fleet = fleet[np.flatnonzero(fleet.wear_in > 0)]
    hour = np.arange(fleet.steps) * fleet.hours % 24.0
    dip = 1.1 * np.exp(-(((hour - 13.0) / 2.0) ** 2))
    buy = np.asarray(fleet.buy.table, float) - dip
    sell = np.minimum(np.asarray(fleet.sell.table, float) - dip, buy)
    net = np.asarray(fleet.net.table[fleet.net.row], float)
    spare = np.maximum(0.0, -net) if curtailed else 0.0 * net
    return replace(
        fleet, buy=Rows(buy, fleet.buy.row), sell=Rows(sell, fleet.sell.row), net=Rows.each(net),
        curtailable=Rows.each(spare),
    ).stored_as(np.float64)  # fmt: skip


def at_once(devices: int, seed: int, *, curtailed: bool) -> dict[str, Any]:
    """Fleet cost of five ways to treat charging and discharging at once."""
    fleet = sunny(devices, seed, curtailed=curtailed)
    many, choice = len(fleet), Choice.free(fleet)
    schedule_exact(fleet[:2])
    exact, own = timed(lambda: schedule_exact(fleet, threads=1))
    netted, hull = timed(lambda: schedule_exact(fleet, tolerance=np.inf, threads=1))
    cost, net, power = 0.0, 0.0, np.empty(fleet.steps)
    none = np.zeros(fleet.steps)
    for i in range(many):
        found, change = least(fleet, choice, i, exclusive=False)
        cost += found
        net += physical(fleet.arrays, i, none, change, power)
    needs = exact.path == EXACT
    return {
        "devices": many, "curtailed": curtailed, "lp": cost,
        "hull_bound": float(np.sum(netted.cost - netted.gap)), "exact": float(exact.cost.sum()),
        "hull_netted": float(netted.cost.sum()), "lp_netted": net,
        "need_exact": float(needs.mean()),
        "pieces": int(exact.pieces.max()), "us_all": own / many * 1e6, "us_hull": hull / many * 1e6,
        "us_per_exact": (own - hull) / max(int(needs.sum()), 1) * 1e6,
        "gap": float(np.abs(exact.gap).max()),
    }  # fmt: skip


def run(devices: int = 100, seed: int = 0) -> list[dict[str, Any]]:
    """Everything, one result after the other."""
    results = []
    for kind in ("prices", "powers", "times"):
        results += [choosing(devices, seed + 7 * n, kind, n) for n in LENGTHS]
    results += [banded(devices, seed + n, n) for n in LENGTHS]
    results += [paired(devices, seed, make) for make in (rooms, shared)]
    return results + [at_once(devices, seed, curtailed=curtailed) for curtailed in (False, True)]


if __name__ == "__main__":
    for result in run(*(int(word) for word in sys.argv[1:3])):
        print(json.dumps(result))
