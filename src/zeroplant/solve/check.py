"""An answer is checked by arithmetic of our own before anyone acts on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import SolveError
from zeroplant.solve.answer import Answer
from zeroplant.waist.matrix import MatrixProgram

FEASIBILITY = 1e-6
OPTIMALITY = 1e-6


@dataclass(frozen=True)
class Check:
    """How far an answer is from what it claims, each relative to the size of the numbers there.

    ``rows`` balances and rules, ``bounds`` caps and floors, ``whole`` distance from whole
    numbers, ``gap`` primal minus dual objective, ``objective`` stated against recomputed.
    """

    rows: float
    bounds: float
    whole: float
    gap: float
    objective: float

    def failures(self) -> list[str]:
        """What is wrong, in words; empty if the answer holds."""
        limits = {
            "a balance or rule is off by": (self.rows, FEASIBILITY),
            "a bound is exceeded by": (self.bounds, FEASIBILITY),
            "a whole number is off by": (self.whole, 1e-5),
            "the duality gap is": (self.gap, OPTIMALITY),
            "the stated objective is off by": (self.objective, 1e-8),
        }
        # Written so that a figure that is no number fails too.
        return [f"{text} {v:.1e}" for text, (v, limit) in limits.items() if not v <= limit]


def check(program: MatrixProgram, answer: Answer) -> Check:
    """Recompute balances, bounds, whole numbers, objective and duality gap of an answer."""
    x, activity, far = answer.x, program.matrix @ answer.x, np.abs(answer.x)
    # The scale a row's rounding is judged by: the size of the products that it adds up.
    scale = program.magnitude @ far
    scale += 1.0
    far += 1.0
    spent = program.cost * x
    objective = program.offset + float(spent.sum())
    size = 1.0 + float(np.abs(spent, out=spent).sum()) + abs(program.offset)
    whole = x[program.integer]
    is_linear = answer.status == "optimal" and not len(whole)
    return Check(
        rows=_excess(activity, program.row_lower, program.row_upper, scale),
        bounds=_excess(x, program.lower, program.upper, far),
        whole=float(np.abs(whole - np.round(whole)).max(initial=0.0)),
        gap=abs(objective - dual_objective(program, answer, activity)) / size if is_linear else 0.0,
        objective=abs(objective - answer.objective) / size,
    )


def require(program: MatrixProgram, answer: Answer) -> Check:
    """The check's figures; SolveError naming each failure if the answer does not hold."""
    result = check(program, answer)
    failures = result.failures()
    if failures:
        message = f"the answer of {answer.solver} failed the check: {'; '.join(failures)}"
        raise SolveError(message)
    return result


def dual_objective(program: MatrixProgram, answer: Answer, activity: Floats) -> float:
    """Lower bound on the objective that the row duals prove; ``activity`` is matrix times x.

    Σ dual·(the row bound it presses on) + Σ reduced cost·(the column bound it presses on). A
    dual that presses on no bound proves nothing: the bound is −∞, unless it is as small as
    the rounding of the prices it is the difference of, or of the usual price; then it counts as
    if a bound stood where the answer lies.
    """
    x, row_dual = answer.x, answer.row_dual
    reduced = program.cost - program.transpose @ row_dual
    costs = np.abs(program.cost)
    priced = costs[costs > 0]
    usual = float(priced.mean()) if len(priced) else 0.0
    dearest = OPTIMALITY * (1.0 + float(costs.max(initial=0.0)))
    loose = program.magnitude.T @ np.abs(row_dual)
    loose += costs
    loose += 1.0 + usual
    loose *= OPTIMALITY
    rows = _pressed(row_dual, program.row_lower, program.row_upper, activity, dearest)
    columns = _pressed(reduced, program.lower, program.upper, x, loose)
    return program.offset + float(rows.sum()) + float(columns.sum())


def _pressed(
    dual: Floats, lower: Floats, upper: Floats, value: Floats, loose: float | Floats
) -> Floats:
    bound = np.where(dual > 0, lower, upper)
    # Where a dual is nothing, so is its product, also with an infinite bound.
    within = ~np.isfinite(bound) & (np.abs(dual) <= loose)
    np.copyto(bound, value, where=within)
    bound *= dual
    return bound


def _excess(value: Floats, lower: Floats, upper: Floats, scale: Floats) -> float:
    outside = lower - value
    np.maximum(outside, value - upper, out=outside)
    outside /= scale
    return float(np.max(outside, initial=0.0))
