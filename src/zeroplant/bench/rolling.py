"""Rolling use: one live model re-solved by changing bounds and prices, against PyPSA's rolling."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from zeroplant.bench.build import silent_output, timed
from zeroplant.bench.plants import Days, days, fleet
from zeroplant.export import to_pypsa
from zeroplant.export.quiet import quiet
from zeroplant.solve import Model

STEPS = 96


def run(windows: int = 20, repeats: int = 7, peer_repeats: int = 1) -> dict[str, Any]:
    """20 windows of 96 quarter-hours, 10 photovoltaic plants, 10 batteries, one grid connection.

    Each window starts at the levels the one before has left. ``ratio`` is the time of PyPSA's
    ``optimize_with_rolling_horizon`` over ours (building our model included), medians; both must
    find the same total cost.
    """
    d = days(windows, STEPS)
    ours = timed(lambda: roll(d), repeats)
    theirs, their_cost = _peer(d, peer_repeats)
    ours += timed(lambda: roll(d), repeats)
    cost = roll(d)
    return {
        "name": "rolling",
        "ratio": statistics.median(theirs) / statistics.median(ours),
        "seconds": statistics.median(ours),
        "seconds_best": min(ours),
        "pypsa_seconds": statistics.median(theirs),
        "pypsa_seconds_best": min(theirs),
        "windows": windows,
        "steps": STEPS,
        "cost": cost,
        "pypsa_cost": their_cost,
        "relative_difference": abs(cost - their_cost) / abs(cost),
        "limits": {"ratio": 200.0, "relative_difference": 1e-6},
    }


def roll(d: Days) -> float:
    """Solve window after window on one live model; the sum of their costs."""
    levels = np.zeros(len(d.sun))
    plant = fleet(d, slice(0, STEPS), levels)
    model = Model(plant.network)
    cost = 0.0
    for first in range(0, len(d.load), STEPS):
        window = slice(first, first + STEPS)
        for flow, sun in zip(plant.suns, d.sun, strict=True):
            model.set_bounds(flow, cap=sun[window])
        model.set_fixed(plant.load, d.load[window])
        model.set_price(plant.bought, d.price[window])
        model.set_price(plant.sold, 0.6 * d.price[window])
        for store, level in zip(plant.stores, levels, strict=True):
            model.set_start(store, float(level))
        solution = model.solve()
        cost += solution.objective
        levels = np.array([solution.value(store)[-1] for store in plant.stores])
    return cost


def _peer(d: Days, repeats: int) -> tuple[list[float], float]:
    """PyPSA's own rolling optimisation of the same plant; its cost from its own dispatch."""
    network = fleet(d, slice(0, len(d.load)), np.zeros(len(d.sun))).network
    seconds = []
    with quiet(), silent_output():
        for _ in range(repeats):
            peer, _ = to_pypsa(network)
            begin = time.perf_counter()
            peer.optimize.optimize_with_rolling_horizon(
                horizon=STEPS, overlap=0, solver_name="highs", log_to_console=False,
                progress=False, include_objective_constant=False,
            )  # fmt: skip
            seconds.append(time.perf_counter() - begin)
    hours = network.axis.hours
    return seconds, sum(_cost(part, hours) for part in (peer.c.generators, peer.c.processes))


def _cost(component: Any, hours: float) -> float:
    """What the dispatch of all generators or processes costs, from PyPSA's results."""
    dispatch, series = component.dynamic["p"], component.dynamic["marginal_cost"]
    prices = component.static["marginal_cost"]
    return hours * sum(
        float((dispatch[name] * (series[name] if name in series else prices[name])).sum())
        for name in component.static.index
    )
