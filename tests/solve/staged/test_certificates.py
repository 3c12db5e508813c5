"""Verdicts without an answer: proofs that hold in the programme's own terms, or none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.staged.variants import island
from zeroplant.errors import SolveError
from zeroplant.solve import model as chooser
from zeroplant.solve import solve
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import solve_staged
from zeroplant.solve.staged.certificate import is_infeasible, is_unbounded
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network


def starved(periods: int) -> Network:
    """An island with a load that nothing can serve, in two hours only."""
    net = island(periods)
    node = net.node("reef")
    thirst = np.where(np.arange(periods) % 20 == 3, 5.0, 0.5)
    net.flow("thirst", take=node, fixed=thirst)
    net.flow("drop", give=node, cap=1.0)
    return net


def golden(periods: int) -> Network:
    """An island that sells what a free size makes, at more than it costs."""
    net = island(periods)
    more = net.size("more")
    net.line("more", "annuity", more, 1.0 * periods, unit="MW", kind="investment")
    net.flow("sold", give=net.node("sea"), cap=more, cost=-5.0)
    net.flow("away", take=net.nodes[-1])
    return net


def test_infeasible_is_proven() -> None:
    """The rows' multipliers contradict the bounds; nothing does once the load is served.

    A wrong answer would be: a proof that does not hold by arithmetic, or one for a plant that
    has an answer.
    """
    program = compile_network(starved(60))
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    unit = np.ones_like(matrix.cost)
    assert answer.status == HighsModel(matrix).solve().status == "infeasible"
    assert is_infeasible(matrix, answer.row_dual, unit)
    served = compile_network(island(60))
    matrix = assemble(served)
    optimal = solve_staged(served, matrix)
    assert optimal.status == "optimal"
    assert not is_infeasible(matrix, optimal.row_dual, np.ones_like(matrix.cost))


def test_a_proof_that_is_bent_is_none() -> None:
    """Multipliers of another sign, or of other bounds, prove nothing."""
    program = compile_network(starved(60))
    matrix = assemble(program)
    proof, unit = solve_staged(program, matrix).row_dual, np.ones_like(matrix.cost)
    assert not is_infeasible(matrix, -proof, unit)
    roomy = replace(matrix, upper=np.maximum(matrix.upper, 10.0))
    assert not is_infeasible(roomy, proof, unit)


def test_unbounded_is_proven() -> None:
    """The direction leaves rows and bounds alone and earns; backwards, or unpaid, it does not."""
    program = compile_network(golden(60))
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    unit = np.ones_like(matrix.cost)
    assert answer.status == HighsModel(matrix).solve().status == "unbounded"
    assert is_unbounded(matrix, answer.x, unit)
    assert not is_unbounded(matrix, -answer.x, unit)
    assert not is_unbounded(replace(matrix, cost=np.abs(matrix.cost)), answer.x, unit)


def test_crossed_bounds_need_no_solver() -> None:
    """A floor above its cap is infeasible at once."""
    program = compile_network(island(30))
    matrix = assemble(program)
    matrix.lower[3], matrix.upper[3] = 2.0, 1.0
    assert solve_staged(program, matrix).status == "infeasible"


def test_auto_explains_without_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is proven is explained at once: HiGHS is not asked for the year again."""
    monkeypatch.setattr(chooser, "MANY", 1)
    monkeypatch.setattr(chooser.Model, "_solve_highs", lambda *_, **__: pytest.fail("asked HiGHS"))
    with pytest.raises(SolveError, match=r"balance of 'reef'.* is off by 4"):
        solve(starved(60))
    with pytest.raises(SolveError, match="'more' pays and has no cap"):
        solve(golden(60))


def test_duals_of_sizes_and_rules_are_changes_of_the_objective() -> None:
    """A size forced up a little costs its reduced cost; a store's capital price moves it by itself.

    A wrong answer would be: a sign, a unit, or the price of another row.
    """
    net = island(96)
    wind = next(size for size in net.sizes if size.name == "wind")
    output = next(flow for flow in net.flows if flow.name == "output")
    net.budget("enough", output, at_least=300.0)
    program = compile_network(net)
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    place = len(matrix.cost) - net.size_elements + wind.first
    moved = replace(matrix, lower=matrix.lower.copy(), upper=matrix.upper.copy())
    moved.lower[place] = moved.upper[place] = 1.5 * answer.x[place] + 1.0
    forced = solve_staged(program, moved)
    price = (matrix.cost - matrix.transpose @ forced.row_dual)[place]
    step = 1e-3 * moved.upper[place]
    moved.lower[place] = moved.upper[place] = moved.upper[place] + step
    change = HighsModel(moved).solve().objective - forced.objective
    assert price > 0
    assert change == pytest.approx(price * step, rel=0.05)
    row, tight = len(matrix.row_lower) - 1, replace(matrix, row_lower=matrix.row_lower.copy())
    tight.row_lower[row] = 1.3 * float((matrix.matrix @ answer.x)[row])
    bound = solve_staged(program, tight)
    more = 1e-3 * tight.row_lower[row]
    tight.row_lower[row] += more
    change = HighsModel(tight).solve().objective - bound.objective
    assert bound.row_dual[row] > 0
    assert change == pytest.approx(bound.row_dual[row] * more, rel=0.05)
