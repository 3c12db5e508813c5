"""The rolling re-plan of the county base: 96 quarter-hours, again every quarter-hour.

    python benchmarks/replan.py [PLANS]

Beside it, in the same run, what it would take without keeping anything: the plant built from its
declarations on the same 96 steps (its weather at hand already) and HiGHS by its own choice, cold.
Processor milliseconds. Both must find the same cost. Then the plan that is made by default, for
six futures at once, and the other examples.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.outside import outside, series
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.situation import Situation, situated
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import build, load_plant
from zeroplant.plant.places import site_of
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
WANTED = 50.0
"""Milliseconds, the 95th percentile of the re-plan of the county base."""


def main() -> None:
    """Print times and ratios."""
    plans = int(sys.argv[1]) if len(sys.argv) > 1 else 96
    county = standing("county-base", plans)
    ours, costs, path = replan(county, plans, futures=1, spread=0.0)
    cold, same = rebuilt(county, path[:20])
    off = max(abs(a - b) / (1.0 + abs(b)) for a, b in zip(costs, same, strict=False))
    tell("county-base, what is expected", ours)
    tell("county-base, built anew and HiGHS cold", cold)
    print(f"ratio of medians {np.median(cold) / np.median(ours):.1f}; costs differ by {off:.1e}")
    six, _, _ = replan(county, plans, futures=6, spread=0.3)
    tell("county-base, six futures (default)", six)
    print(f"wanted: p95 <= {WANTED:.0f} ms: {bool(np.percentile(six, 95) <= WANTED)}")
    for name in ("home-fleet", "hydro-corridor", "zero-carbon-park", "swap-corridor"):
        times, _, _ = replan(standing(name, 12), 12, futures=6, spread=0.3)
        tell(f"{name}, as by default", times)


def standing(name: str, plans: int) -> Standing:
    """An example on days in July."""
    days = -(-plans // 96)
    return stand(load_plant(EXAMPLES / name), start=datetime(2025, 7, 14), days=days)


def tell(what: str, times: list[float]) -> None:
    """One line of figures."""
    print(f"{what}: median {np.median(times):.1f} ms, p95 {np.percentile(times, 95):.1f} ms")


def replan(
    plant: Standing, plans: int, *, futures: int, spread: float
) -> tuple[list[float], list[float], list[dict[str, float]]]:
    """Milliseconds and costs of plans, and the levels that each starts from."""
    scheduler = Scheduler(plant, Settings(futures=futures, margin=0.0))
    axis, levels = plant.network.axis, dict(plant.levels)
    times, costs, path = [], [], []
    for step in range(plans):
        now = axis.start + step * axis.step
        known = forecasts(plant, step, spread)
        took, plan = timed(partial(scheduler.plan, now, levels, known))
        if plan.status != "optimal":
            sys.exit(f"step {step}: {plan.status}, {plan.note}")
        times.append(took)
        costs.append(plan.cost)
        path.append(levels)
        levels = {name: float(values[0]) for name, values in plan.level.items()}
    return times, costs, path


def rebuilt(plant: Standing, path: list[dict[str, float]]) -> tuple[list[float], list[float]]:
    """The same plans from the declarations, solved cold."""
    site = site_of(plant.plant, next(iter(plant.plant.sites)))
    times, costs = [], []

    def once(step: int, levels: dict[str, float]) -> float:
        build(plant.plant, lambda *_: site)
        network = situated(plant, Situation(step, 96, levels, {}, {}))
        model = HighsModel(assemble(compile_network(network)))
        model.highs.resetOptions()
        model.highs.silent()
        return model.solve().objective

    for step, levels in enumerate(path):
        took, cost = timed(partial(once, step, levels))
        times.append(took)
        costs.append(cost)
    return times, costs


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Processor milliseconds, and what came out."""
    begin = time.process_time()
    result = action()
    return (time.process_time() - begin) * 1e3, result


def forecasts(plant: Standing, step: int, spread: float) -> dict[str, Forecast]:
    """The plant's own series with a spread that grows to that share a day ahead."""
    now = plant.network.axis.start + step * plant.network.axis.step
    return {
        key: fan(key, now, plant, series(plant.network, key)[step : step + 96], spread)
        for key, each in outside(plant.network).items()
        if not each.known
    }


def fan(key: str, now: datetime, plant: Standing, values: Floats, spread: float) -> Forecast:
    """Quantiles around values."""
    width = spread * np.sqrt(np.arange(1, len(values) + 1) / 96)
    quantiles = np.sort(values * (1 + 2 * np.outer(LEVELS - 0.5, width)), axis=0)
    return Forecast(key, now, now, plant.network.axis.step, LEVELS, quantiles)


if __name__ == "__main__":
    main()
