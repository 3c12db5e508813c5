"""One set of sizes for forty weather years: seconds and memory of a stochastic plan."""

from __future__ import annotations

import time
from typing import Any

from zeroplant.bench.apart import apart
from zeroplant.bench.examples import example_network
from zeroplant.errors import SolveError
from zeroplant.solve.check import require
from zeroplant.solve.staged import solve_staged
from zeroplant.solve.warm import warm
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

YEARS = 40


def forty_years(limit: float) -> dict[str, Any]:
    """The county base example over forty generated weather years, in a process of its own.

    Peak memory is that of the whole process: weather, network, programme and solver. No other
    solver is asked: it would take them most of a day. The error is the gap that the answer's own
    duals prove.
    """
    outcome = apart(years, YEARS, limit=limit)
    if outcome.result is None:
        raise SolveError(outcome.reason)
    return {
        **outcome.result,
        "peak_gb": outcome.peak,
        "highs_seconds": None,
        "piqp_seconds": None,
        "error_against": "own duals",
        "limits": {"staged_seconds": 20.0, "peak_gb": 6.0, "relative_error": 1e-6},
    }


def years(count: int) -> dict[str, Any]:
    """Build and solve the example over ``count`` weather years."""
    warm()
    begin = time.perf_counter()
    network = example_network("county-base", {"time.weather_years": str(count)})
    program = compile_network(network)
    matrix = assemble(program)
    built, processor = time.perf_counter(), time.process_time()
    answer = solve_staged(program, matrix)
    seconds, processor = time.perf_counter() - built, time.process_time() - processor
    rows, columns = matrix.matrix.shape
    return {
        "rows": rows,
        "columns": columns,
        "stages": program.stages,
        "build_seconds": built - begin,
        "staged_seconds": seconds,
        "staged_processor_seconds": processor,
        "iterations": answer.iterations,
        "objective": answer.objective,
        "relative_error": require(matrix, answer).gap,
    }
