"""Verdicts without an answer: proofs that hold in the programme's own terms, or none."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from types import SimpleNamespace

import numpy as np
import pytest

from tests.solve.staged.variants import island
from zeroplant.errors import SolveError
from zeroplant.solve import model as chooser
from zeroplant.solve import solve
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Declined, NotConverged, Staged, solve_staged
from zeroplant.solve.staged import method as method_module
from zeroplant.solve.staged import solver as solver_module
from zeroplant.solve.staged import verdict as verdict_module
from zeroplant.solve.staged.certificate import forgiven, is_infeasible, is_unbounded
from zeroplant.solve.staged.filled import Ends
from zeroplant.solve.staged.method import ATTEMPTS, LOST_FOR, Found, Method
from zeroplant.solve.staged.point import Point
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
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
    assert is_infeasible(matrix, answer.row_dual, unit, forgiven(matrix, answer.x, unit[0]))
    served = compile_network(island(60))
    matrix = assemble(served)
    optimal = solve_staged(served, matrix)
    assert optimal.status == "optimal"
    allowed = forgiven(matrix, optimal.x, unit[0])
    assert not is_infeasible(matrix, optimal.row_dual, np.ones_like(matrix.cost), allowed)


def test_a_proof_that_is_bent_is_none() -> None:
    """Multipliers of another sign, or of other bounds, prove nothing."""
    program = compile_network(starved(60))
    matrix = assemble(program)
    proof, unit = solve_staged(program, matrix).row_dual, np.ones_like(matrix.cost)
    nothing = np.zeros_like(proof)
    assert not is_infeasible(matrix, -proof, unit, nothing)
    roomy = replace(matrix, upper=np.maximum(matrix.upper, 10.0))
    assert not is_infeasible(roomy, proof, unit, nothing)


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


def test_an_earner_in_no_place_is_unbounded() -> None:
    """*Proves:* a ray whose form has no rows at all is found, and an optimum of such a form too.

    A wrong answer would be: an IndexError, where nothing stands inside a segment.
    """
    net = island(40)
    net.flow("free money", cost=-5.0)
    program = compile_network(net)
    assert solve_staged(program, assemble(program)).status == "unbounded"
    alone = Network(net.axis)
    alone.flow("sold", cap=3.0, cost=-3.0)
    program = compile_network(alone)
    answer = solve_staged(program, assemble(program))
    assert answer.objective == pytest.approx(-360.0, rel=1e-8)


@pytest.mark.parametrize("off", [2e-9, 1e-8, 3e-8, 5e-7])
def test_what_the_check_forgives_is_no_contradiction(off: float) -> None:
    """Fixed flows that miss each other by rounding have the answer of those that do not.

    A wrong answer would be: infeasible, for a plant with an answer that passes the check.
    """
    net = island(48)
    expected = solve(net, solver="highs").objective
    node = net.node("through")
    net.flow("in", give=node, fixed=1.0)
    net.flow("out", take=node, fixed=1.0 + off)
    program = compile_network(net)
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    assert not check(matrix, answer).failures()
    assert answer.objective == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("off", "status"), [(1e-7, ""), (5e-7, ""), (1e-4, "infeasible")])
def test_a_proof_shows_more_than_the_check_forgives(off: float, status: str) -> None:
    """A load above the only supply's cap by less is handed over; by more it is proven.

    A wrong answer would be: infeasible for what HiGHS and the check let pass.
    """
    net = island(48)
    node = net.node("reef")
    net.flow("drop", give=node, cap=1.0)
    net.flow("thirst", take=node, fixed=1.0 + off)
    program = compile_network(net)
    if status:
        assert solve_staged(program, assemble(program)).status == status
    else:
        with pytest.raises(Declined, match="by less than the check forgives"):
            solve_staged(program, assemble(program))


def test_constants_that_contradict_each_other_need_no_iteration() -> None:
    """Fixed flows that miss each other, and a cap below its floor once a size is given: proven.

    A wrong answer would be: a hand-over, a proof that does not hold, another row named.
    """
    one, other = island(40), island(40)
    node = one.node("reef")
    one.flow("in", give=node, fixed=np.where(np.arange(40) == 7, 1.0, 2.0))
    one.flow("out", take=node, fixed=2.0)
    given = other.size("given", lower=10.0, upper=10.0)
    other.flow("must", take=other.nodes[0], floor=2.0 * given, cap=1.0 * given)
    said = "balance of 'reef' at .*07:00 is off by 1$", "cap of 'must'"
    for net, words in zip((one, other), said, strict=True):
        program = compile_network(net)
        matrix = assemble(program)
        answer = solve_staged(program, matrix)
        assert (answer.status, answer.iterations) == ("infeasible", 0)
        ones = np.ones_like(matrix.cost)
        allowed = forgiven(matrix, np.nan_to_num(answer.x), ones[0])
        assert is_infeasible(matrix, answer.row_dual, ones, allowed)
        with pytest.raises(SolveError, match=words):
            solve(net, solver="staged")


def test_no_answer_costs_little_more_than_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt that is lost is given up for the proof: twice the steps of an optimum at most.

    A wrong answer would be: attempt after attempt until the proof is sought (six times as many).
    """
    steps, advance = [0], Method._advance

    def counted(*arguments: object) -> object:
        steps[0] += 1
        return advance(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Method, "_advance", counted)
    served, hungry = (compile_network(make(400)) for make in (island, starved))
    solve_staged(served, assemble(served))
    usual, steps[0] = steps[0], 0
    assert solve_staged(hungry, assemble(hungry)).status == "infeasible"
    assert steps[0] <= 2 * usual


def test_half_of_the_time_is_left_for_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once half of the time is spent, a lost attempt is given up four steps earlier.

    A wrong answer would be: an attempt that runs away until the time is over.
    """
    program = compile_network(starved(60))
    form, _ = scaled(standardise(program, assemble(program))[0])
    steps, begin = [], time.perf_counter()
    for later in (40.0, 60.0):
        clock = chain([begin, begin], repeat(begin + later))
        fake = SimpleNamespace(perf_counter=partial(next, clock))
        monkeypatch.setattr(method_module, "time", fake)
        with pytest.raises(NotConverged) as failed:
            Method(form).run(begin + 100.0, ATTEMPTS[:1])
        steps.append(int(str(failed.value).split()[-2]))
    assert steps[0] - steps[1] == LOST_FOR - 1


def test_nothing_is_begun_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No further attempt, scaling or proof once the time is over, and nothing if it was from the
    beginning.

    A wrong answer would be: a deadline of seconds that takes minutes to say that it is over.
    """
    begun = []

    def late(*_: object, **__: object) -> object:
        begun.append("attempt")
        while time.perf_counter() < over:
            time.sleep(0.01)
        return Found(Point.blank(Ends(0, 0, 0, 0, 0)), 1.0, 1, lost=True)

    def noted(name: str, module: object) -> None:
        known = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a: (begun.append(name), known(*a))[1])

    monkeypatch.setattr(Method, "_attempt", late)
    noted("scaled", solver_module)
    noted("broken", verdict_module)
    program = compile_network(starved(60))
    matrix, over = assemble(program), time.perf_counter() + 1.0
    with pytest.raises(Declined, match="not converged"):
        Staged().solve(program, matrix, deadline=1.0)
    assert begun == ["scaled", "attempt"]
    begun.clear()
    with pytest.raises(Declined, match="no time was left"):
        Staged().solve(program, matrix, deadline=0.0)
    assert not begun


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
