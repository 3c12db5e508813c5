"""The staged solver beside HiGHS, on the county base example: seconds, iterations, the ratio.

    python benchmarks/staged.py [PERIODS]

HiGHS is run on the first ``PERIODS`` hours only (default 1000); over the whole year, which takes
it minutes, the staged solver runs alone. Both solvers get the assembled programme, and both
answers go through the same check. Processor seconds stand beside the clock's, because a
neighbour on the machine changes only the latter.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zeroplant.plant import build, load_plant
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import require
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import solve_staged
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "county-base"


def county_base(periods: int | None) -> tuple[Program, MatrixProgram]:
    """The example over its year, or over its first hours."""
    changes = {"time.years": "null", "time.periods": str(periods)} if periods else {}
    program = compile_network(build(load_plant(EXAMPLE, changes=changes)).network)
    return program, assemble(program)


def timed(solve: Callable[[], Answer], matrix: MatrixProgram, repeats: int) -> dict[str, Any]:
    """Median seconds of a few runs, and what came out."""
    clock, processor = [], []
    for _ in range(repeats):
        begin, begin_processor = time.perf_counter(), time.process_time()
        answer = solve()
        clock.append(time.perf_counter() - begin)
        processor.append(time.process_time() - begin_processor)
    require(matrix, answer)
    return {
        "seconds": statistics.median(clock),
        "processor_seconds": statistics.median(processor),
        "iterations": answer.iterations,
        "objective": answer.objective,
    }


def run(periods: int = 1000) -> dict[str, Any]:
    """Both solvers on a short horizon, the staged one on the year."""
    program, matrix = county_base(periods)
    staged = timed(lambda: solve_staged(program, matrix), matrix, 3)
    highs = timed(lambda: HighsModel(matrix).solve(), matrix, 3)
    year, year_matrix = county_base(None)
    rows, columns = year_matrix.matrix.shape
    return {
        "name": "staged",
        "periods": periods,
        "staged": staged,
        "highs": highs,
        "ratio": highs["seconds"] / staged["seconds"],
        "relative_error": abs(staged["objective"] / highs["objective"] - 1.0),
        "year": timed(lambda: solve_staged(year, year_matrix), year_matrix, 3)
        | {"stages": year.stages, "rows": rows, "columns": columns},
    }


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=2))
