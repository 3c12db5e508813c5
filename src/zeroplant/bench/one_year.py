"""Plants over one year: the staged solver, HiGHS by each of its methods, PIQP."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict
from typing import Any

from zeroplant.bench.examples import example_network
from zeroplant.bench.nodes10 import nodes10
from zeroplant.bench.rivals import Run, best, highs_runs, piqp_run
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import require
from zeroplant.solve.staged import solve_staged
from zeroplant.solve.warm import warm
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

REPEATS, ENOUGH = 3, 20.0
"""Runs of the staged solver, unless they take longer than so many seconds together."""


def county_base(limit: float) -> dict[str, Any]:
    """One bus, wind, sun, a battery, a grid connection with monthly peaks, yearly rules."""
    limits = {"ratio": 20.0, "relative_error": 1e-6}
    return compared(example_network("county-base"), limit, limits)


def park(limit: float) -> dict[str, Any]:
    """Electricity, steam, hot water, waste heat, hydrogen and ammonia; nothing is on or off."""
    limits = {"ratio": 60.0, "relative_error": 1e-6}
    return compared(example_network("zero-carbon-park"), limit, limits)


def ten_nodes(limit: float) -> dict[str, Any]:
    """See `nodes10`; HiGHS is to have no optimum within ten minutes."""
    limits = {"staged_seconds": 40.0, "relative_error": 1e-6}
    return compared(nodes10(), limit, limits)


def compared(network: Network, limit: float, limits: dict[str, float]) -> dict[str, Any]:
    """Every solver on one and the same programme; seconds begin with its arrays.

    Where no method of HiGHS ended, ``highs_seconds`` is the limit, and the ratio a lower bound.
    The error is relative to the objective of HiGHS, else of PIQP; where neither ended, it is the
    gap that our own duals prove.
    """
    warm()
    program = compile_network(network)
    matrix = assemble(program)
    answer, ours = staged(program, matrix)
    runs = highs_runs(matrix, limit)
    fastest, piqp = best(runs), piqp_run(matrix, limit)
    rows, columns = matrix.matrix.shape
    highs_seconds = fastest.seconds if fastest else limit
    return {
        "rows": rows,
        "columns": columns,
        "stages": program.stages,
        **ours,
        "highs_seconds": highs_seconds,
        "highs_method": fastest.method if fastest else None,
        "highs_limit": limit,
        "highs_runs": [asdict(run) for run in runs],
        "piqp_seconds": piqp.seconds if piqp and piqp.ended else None,
        "piqp_run": asdict(piqp) if piqp else None,
        "ratio": highs_seconds / ours["staged_seconds"],
        "ratio_is_lower_bound": fastest is None,
        **_error(answer, matrix, fastest, piqp),
        "limits": limits,
    }


def staged(program: Program, matrix: MatrixProgram) -> tuple[Answer, dict[str, Any]]:
    """The checked answer of the staged solver, and its median seconds."""
    clock: list[float] = []
    processor: list[float] = []
    while len(clock) < REPEATS and sum(clock) < ENOUGH:
        begin, begin_processor = time.perf_counter(), time.process_time()
        answer = solve_staged(program, matrix)
        clock.append(time.perf_counter() - begin)
        processor.append(time.process_time() - begin_processor)
    require(matrix, answer)
    return answer, {
        "staged_seconds": statistics.median(clock),
        "staged_seconds_best": min(clock),
        "staged_processor_seconds": statistics.median(processor),
        "iterations": answer.iterations,
        "objective": answer.objective,
    }


def _error(
    answer: Answer, matrix: MatrixProgram, highs: Run | None, piqp: Run | None
) -> dict[str, Any]:
    for run in (highs, piqp):
        if run is not None and run.objective is not None:
            error = abs(answer.objective - run.objective) / abs(run.objective)
            return {"relative_error": error, "error_against": run.method}
    return {"relative_error": require(matrix, answer).gap, "error_against": "own duals"}
