"""HiGHS through its array interface: one solve, or a live model that is solved again and again."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.errors import SolveError
from zeroplant.solve.answer import Answer, Status
from zeroplant.waist.matrix import MatrixProgram

_STATUS: dict[object, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
}

# Linear models of so many columns are windows that are solved again and again, each close to the
# one before. On windows of 96 steps with 10 batteries (benchmarks/rolling.py) the primal simplex
# method (4) with Devex pricing (1), bounds left as they are and no presolve takes less than half
# the time of HiGHS's own choice. On a cold year all of that would take far longer.
SMALL = 5_000
PLAIN: dict[str, int | float | str] = {
    "presolve": "off",
    "simplex_strategy": 4,
    "simplex_primal_edge_weight_strategy": 1,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
}


class HighsModel:
    """A model inside HiGHS; bounds and costs can be changed, and the last basis is kept."""

    def __init__(self, program: MatrixProgram, **options: bool | float | str) -> None:
        self.program = program
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.silent()
        small = len(program.cost) <= SMALL and not program.integer.any()
        for name, value in {**(PLAIN if small else {}), **options}.items():
            self.highs.setOptionValue(name, value)
        self._load()

    def _load(self) -> None:
        p, matrix = self.program, self.program.matrix
        # The form of `passModel` that takes arrays as they are; HighsLp copies number by number.
        status = self.highs.passModel(
            len(p.cost), len(p.row_lower), matrix.nnz,
            int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), p.offset,
            p.cost, p.lower, p.upper, p.row_lower, p.row_upper,
            matrix.indptr, matrix.indices, matrix.data, p.integer.astype(np.int32),
        )  # fmt: skip
        if status == highspy.HighsStatus.kError:
            message = "HiGHS did not accept the model: a price, bound or coefficient is no number"
            raise SolveError(message)

    def solve(self, *, deadline: float | None = None, gap: float = 1e-4) -> Answer:
        """Solve within ``deadline`` seconds; mixed-integer programmes to a relative ``gap``."""
        self.highs.setOptionValue("mip_rel_gap", gap)
        # HiGHS counts its time over all runs of a model.
        limit = np.inf if deadline is None else self.highs.getRunTime() + deadline
        self.highs.setOptionValue("time_limit", limit)
        begin = time.perf_counter()
        self.highs.run()
        answer = self._answer(time.perf_counter() - begin)
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            answer.status = "unbounded" if self._has_a_point(deadline) else "infeasible"
        if self.program.integer.any() and answer.status in ("optimal", "feasible"):
            left = None if deadline is None else max(0.1, deadline - answer.seconds)
            answer.row_dual = self._duals_with_whole_numbers_fixed(answer.x, left)
            answer.seconds = time.perf_counter() - begin
        return answer

    def set_columns(self, where: slice, *, lower: Floats, upper: Floats) -> None:
        """New bounds of a block of columns."""
        places = np.arange(where.start, where.stop, dtype=np.int32)
        self.program.lower[where], self.program.upper[where] = lower, upper
        self.highs.changeColsBounds(len(places), places, lower, upper)

    def set_costs(self, where: slice, cost: Floats) -> None:
        """New costs of a block of columns."""
        places = np.arange(where.start, where.stop, dtype=np.int32)
        self.program.cost[where] = cost
        self.highs.changeColsCost(len(places), places, cost)

    def set_offset(self, offset: float) -> None:
        """A new constant part of the objective."""
        self.program.offset = offset
        self.highs.changeObjectiveOffset(offset)

    def set_rows(self, places: Ints, *, lower: Floats, upper: Floats) -> None:
        """New bounds of some rows."""
        self.program.row_lower[places], self.program.row_upper[places] = lower, upper
        self.highs.changeRowsBounds(len(places), places.astype(np.int32), lower, upper)

    def write_mps(self, path: str) -> None:
        """Write the model in MPS form; the suffix of the path decides (.mps, .mps.gz, .lp)."""
        self.highs.writeModel(path)

    def _answer(self, seconds: float) -> Answer:
        info, solution = self.highs.getInfo(), self.highs.getSolution()
        status = _STATUS.get(self.highs.getModelStatus(), "no answer")
        has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status == "no answer" and has_point:
            status = "feasible"
        p, objective, x = self.program, info.objective_function_value, np.array(solution.col_value)
        if has_point:
            # What HiGHS tolerates beyond a bound (1e-7) is cut off, and the cost counted again.
            x = np.clip(x, p.lower, p.upper)
            objective = p.offset + float(p.cost @ x)
        whole = p.integer.any()
        return Answer(
            status=status,
            solver="highs",
            seconds=seconds,
            x=x,
            row_dual=np.array(solution.row_dual),
            objective=objective,
            bound=info.mip_dual_bound if whole else (objective if status == "optimal" else -np.inf),
            iterations=max(info.simplex_iteration_count, info.ipm_iteration_count, 0),
        )

    def _has_a_point(self, deadline: float | None) -> bool:
        """Whether anything keeps all bounds and rules, whatever it costs."""
        free = HighsModel(self.program.priced(np.zeros_like(self.program.cost)))
        return free.solve(deadline=deadline).status in {"optimal", "feasible"}

    def _duals_with_whole_numbers_fixed(self, x: Floats, deadline: float | None) -> Floats:
        """Prices of a mixed-integer answer: those of the linear programme at its whole numbers.

        None are known (all nan) where the deadline leaves no time for them.
        """
        p = self.program
        fixed = np.where(p.integer, np.round(x), p.lower), np.where(p.integer, np.round(x), p.upper)
        linear = MatrixProgram(
            p.cost, *fixed, p.matrix, p.row_lower, p.row_upper,
            np.zeros_like(p.integer), p.offset, p.layout,
        )  # fmt: skip
        answer = HighsModel(linear).solve(deadline=deadline)
        known = answer.status == "optimal"
        return answer.row_dual if known else np.full(len(p.row_lower), np.nan)
