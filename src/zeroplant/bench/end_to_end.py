"""From a plant file to its plan, beside PyPSA and HiGHS on the same plant."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import Any

from zeroplant.bench.apart import apart
from zeroplant.bench.build import silent_output
from zeroplant.bench.examples import example, example_network
from zeroplant.bench.rivals import METHODS
from zeroplant.errors import SolveError
from zeroplant.export import to_pypsa
from zeroplant.export.quiet import quiet
from zeroplant.plan import plan
from zeroplant.solve.warm import warm

NAME = "county-base"


def plan_end_to_end(limit: float) -> dict[str, Any]:
    """`zeroplant plan` of the county base example, without report, beside PyPSA with HiGHS.

    Ours is everything after the imports: reading the file, weather, building, solving, rules,
    carbon, money, cures. PyPSA's begins with a network that is declared already and is
    `optimize`: model building and HiGHS, at its best of three methods, each with the best time so
    far as its limit. Each runs in a fresh process, and does one day of the plant first, for its
    imports; nothing else is warm.
    """
    ours = apart(plan_once, limit=limit)
    if ours.result is None:
        raise SolveError(ours.reason)
    runs = peer_runs(limit) if find_spec("pypsa") else []
    ended = [run for run in runs if run["objective"] is not None]
    peer = min(ended, key=lambda run: run["seconds"], default=None)
    peer_seconds = peer["seconds"] if peer else limit if runs else None
    return {
        **ours.result,
        "peak_gb": ours.peak,
        "pypsa_seconds": peer_seconds,
        "pypsa_runs": runs,
        "highs_seconds": peer_seconds,
        "highs_limit": limit,
        "piqp_seconds": None,
        "ratio": peer_seconds / ours.result["staged_seconds"] if peer_seconds else None,
        "ratio_is_lower_bound": bool(runs) and peer is None,
        "relative_error": abs(ours.result["objective"] / peer["objective"] - 1) if peer else None,
        "error_against": "pypsa" if peer else None,
        "limits": {"ratio": 15.0, "relative_error": 1e-6},
    }


def plan_once() -> dict[str, Any]:
    """Read and plan the example; the seconds of each step. The first day alone does the imports."""
    ready = warm()
    plan(example(NAME, {"time.years": "null", "time.periods": "24"}))
    begin, processor = time.perf_counter(), time.process_time()
    plant = example(NAME)
    read = time.perf_counter()
    result = plan(plant)
    solution = result.solution
    columns, rows = len(solution.x), len(solution.row_dual)
    return {
        "rows": rows,
        "columns": columns,
        "stages": solution.network.axis.stages,
        "staged_seconds": time.perf_counter() - begin,
        "staged_processor_seconds": time.process_time() - processor,
        "steps": {"kernels (not counted)": ready, "read": read - begin, **result.seconds},
        "solver": solution.solver,
        "iterations": None,
        "objective": solution.objective,
    }


def peer_runs(limit: float) -> list[dict[str, Any]]:
    """PyPSA with each method of HiGHS."""
    runs: list[dict[str, Any]] = []
    for method in METHODS:
        least = min([limit, *(run["seconds"] for run in runs if run["objective"] is not None)])
        outcome = apart(peer_once, method, least, limit=least)
        run = outcome.result or {"seconds": None, "status": outcome.reason, "objective": None}
        runs.append({"method": method, "limit": least, **run})
    return runs


def peer_once(method: str, limit: float) -> dict[str, Any]:
    """PyPSA's optimisation of the exported network; one day of it first, for its imports."""
    with quiet(), silent_output():
        for periods in ("24", None):
            shorter = {"time.years": "null", "time.periods": periods} if periods else {}
            network, rules = to_pypsa(example_network(NAME, shorter))
            begin = time.perf_counter()
            status, condition = network.optimize(
                solver_name="highs", extra_functionality=rules, log_to_console=False,
                include_objective_constant=False, progress=False,
                **METHODS[method], time_limit=limit,
            )  # fmt: skip
            seconds = time.perf_counter() - begin
    ended = (status, condition) == ("ok", "optimal")
    objective: Any = network.objective if ended else None
    return {"seconds": seconds, "status": condition, "objective": objective}
