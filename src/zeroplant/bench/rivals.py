"""General solvers on the very programme the staged solver gets: HiGHS three ways, and PIQP."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix

from zeroplant.bench.apart import apart
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import MatrixProgram

# The cheapest guess first; the others get the best time so far as their limit.
METHODS: dict[str, dict[str, Any]] = {
    "hipo": {"solver": "hipo", "run_crossover": "off"},
    "simplex": {"solver": "simplex"},
    "ipm": {"solver": "ipx", "run_crossover": "off"},
}

PIQP_TOLERANCE = 1e-11


@dataclass
class Run:
    """One attempt: how long it took, and its objective if it ended with an answer that holds.

    Processor seconds, of all threads together, stand beside the clock's, because a neighbour on
    the machine changes only the latter.
    """

    method: str
    limit: float
    seconds: float
    status: str
    objective: float | None = None
    iterations: int = 0
    processor_seconds: float | None = None
    peak_gb: float | None = None

    @property
    def ended(self) -> bool:
        """Whether there is an optimum."""
        return self.objective is not None


def highs_runs(matrix: MatrixProgram, limit: float, first: str = "hipo") -> list[Run]:
    """HiGHS by each of its methods, each in a process of its own, ``first`` first."""
    runs: list[Run] = []
    for method in sorted(METHODS, key=lambda name: name != first):
        least = min([limit, *(run.seconds for run in runs if run.ended)])
        runs.append(_apart(matrix, method, least))
    return runs


def piqp_run(matrix: MatrixProgram, limit: float) -> Run | None:
    """PIQP, or None where it is not installed."""
    return _apart(matrix, "piqp", limit) if find_spec("piqp") else None


def best(runs: list[Run]) -> Run | None:
    """The quickest of those that ended."""
    return min((run for run in runs if run.ended), key=lambda run: run.seconds, default=None)


def _apart(matrix: MatrixProgram, method: str, limit: float) -> Run:
    begin = time.perf_counter()
    outcome = apart(attempt, matrix, method, limit, limit=limit)
    if outcome.result is None:
        seconds = time.perf_counter() - begin
        return Run(method, limit, seconds, outcome.reason, peak_gb=outcome.peak)
    found: Run = replace(outcome.result, peak_gb=outcome.peak)
    return found


def attempt(matrix: MatrixProgram, method: str, limit: float) -> Run:
    """One solver, here and now; an answer counts as one if it passes the independent check."""
    if method == "piqp":
        import_module("piqp")
    begin, processor = time.perf_counter(), time.process_time()
    answer, status = (_piqp if method == "piqp" else _highs)(matrix, method, limit)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    if answer is not None:
        status = "; ".join(check(matrix, answer).failures()) or "optimal"
    ended = answer is not None and status == "optimal"
    return Run(
        method, limit, seconds, status, answer.objective if answer and ended else None,
        answer.iterations if answer else 0, processor,
    )  # fmt: skip


def _highs(matrix: MatrixProgram, method: str, limit: float) -> tuple[Answer | None, str]:
    """Model building included, as the staged solver's is."""
    model = HighsModel(matrix, **METHODS[method])
    answer = model.solve(deadline=limit)
    if answer.status == "optimal":
        return answer, ""
    return None, model.highs.modelStatusToString(model.highs.getModelStatus())


def _piqp(matrix: MatrixProgram, method: str, _: float) -> tuple[Answer | None, str]:
    """Rows with one value go in as equations.

    At its usual tolerances the objective of a year is off by 1e-4, for PIQP counts its gap beside
    larger numbers than the check of answers does: they are set to what the check asks for.
    """
    import piqp

    equal = matrix.row_lower == matrix.row_upper
    rows = matrix.matrix.tocsr()
    solver = piqp.SparseSolver()
    settings = solver.settings
    settings.check_duality_gap = True
    settings.eps_abs = settings.eps_rel = PIQP_TOLERANCE
    settings.eps_duality_gap_abs = settings.eps_duality_gap_rel = PIQP_TOLERANCE
    solver.setup(
        csc_matrix((len(matrix.cost), len(matrix.cost))), matrix.cost,
        csc_matrix(rows[equal]), matrix.row_lower[equal],
        csc_matrix(rows[~equal]), matrix.row_lower[~equal], matrix.row_upper[~equal],
        matrix.lower, matrix.upper,
    )  # fmt: skip
    status, result = solver.solve(), solver.result
    if status != piqp.PIQP_SOLVED:
        return None, str(status)
    x = np.clip(np.asarray(result.x).ravel(), matrix.lower, matrix.upper)
    dual = np.zeros(len(equal))
    dual[equal], dual[~equal] = -np.asarray(result.y), np.asarray(result.z_l) - result.z_u
    cost, steps = matrix.offset + float(matrix.cost @ x), int(result.info.iter)
    return Answer("optimal", method, 0.0, x, dual, cost, cost, steps), ""
