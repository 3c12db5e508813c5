"""Which solver answers: what `auto` chooses, what is handed over, what is said about it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.solve.staged.variants import island
from zeroplant.errors import SolveError
from zeroplant.solve import Model, solve
from zeroplant.solve import model as chooser
from zeroplant.solve.staged import Staged
from zeroplant.waist import Network


def test_auto_takes_the_staged_solver_for_long_plants(monkeypatch: pytest.MonkeyPatch) -> None:
    """From MANY stages on; a shorter plant goes to HiGHS. Both find the same objective."""
    short = solve(island(60))
    assert short.solver == "highs"
    monkeypatch.setattr(chooser, "MANY", 60)
    found = solve(island(60))
    assert found.solver == "staged"
    assert found.objective == pytest.approx(short.objective, rel=1e-7)


def impossible(net: Network) -> Network:
    """A load that nothing can serve."""
    node = net.node("reef")
    net.flow("thirst", take=node, fixed=5.0)
    net.flow("drop", give=node, cap=1.0)
    return net


def test_no_answer_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plant without an answer is explained, under auto and if the solver is forced."""
    monkeypatch.setattr(chooser, "MANY", 1)
    with pytest.raises(SolveError, match="balance of 'reef'"):
        solve(impossible(island(10)))
    with pytest.raises(SolveError, match="balance of 'reef'"):
        solve(impossible(island(10)), solver="staged")


def test_whole_numbers_are_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Auto never tries them; forced, the staged solver says why not."""
    monkeypatch.setattr(chooser, "MANY", 1)
    net = island(10)
    net.flow("switch", cap=1.0, cost=-1.0, integer=True)
    assert solve(net).solver == "highs"
    with pytest.raises(SolveError, match="something must be whole"):
        solve(net, solver="staged")


def test_what_is_handed_over_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer names both solvers, and why the first had none: here, no time."""
    monkeypatch.setattr(chooser, "MANY", 1)
    staged = Staged.solve
    monkeypatch.setattr(Staged, "solve", lambda *a, **_: staged(*a, deadline=0.0))
    assert solve(island(30)).solver.startswith("highs (hipo) (staged: not converged")


def test_a_live_model_can_be_forced_to_the_staged_solver() -> None:
    """After a change the staged solver sees the new values, as a fresh build does."""
    net = island(48)
    live = Model(net, solver="staged")
    before = live.solve().objective
    for line in net.lines:
        live.set_price(line, line.price * 2.0)
    after = live.solve()
    assert after.solver == "staged"
    assert after.objective == pytest.approx(2.0 * before, rel=1e-6)
    fresh = solve(net, solver="highs")
    assert after.objective == pytest.approx(fresh.objective, rel=1e-8)


def test_prices_agree_with_highs() -> None:
    """Node prices are duals; where they are unique, both solvers give the same.

    The load is changed a little and the objective follows the price: that holds for any
    solver whose duals are right.
    """
    net = island(48)
    found = solve(net, solver="staged")
    load = next(flow for flow in net.flows if flow.role == "load")
    more = 1e-4 * np.ones(net.axis.stages)
    expected = float((found.price(net.nodes[0]) * net.axis.weight * more).sum())
    model = Model(net, solver="highs")
    model.set_fixed(load, found.value(load) + more)
    assert model.solve().objective - found.objective == pytest.approx(expected, rel=0.02)


def test_a_long_live_model_stays_with_the_staged_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `auto` a changed size is answered by the staged solver, and HiGHS is never loaded.

    A wrong answer would be: the size's old limit, or a copy of the programme inside HiGHS that
    nobody asks.
    """
    monkeypatch.setattr(chooser, "MANY", 1)
    net = island(60)
    live = Model(net)
    free = live.solve()
    wind = next(size for size in net.sizes if size.name == "wind")
    limit = 0.5 * float(free.value(wind).max())
    live.set_size(wind, upper=limit)
    bound = live.solve()
    assert bound.solver == "staged"
    assert "_highs" not in vars(live)
    assert bound.objective > free.objective
    assert float(bound.value(wind).max()) <= limit * (1 + 1e-9)
    assert bound.objective == pytest.approx(solve(net, solver="highs").objective, rel=1e-7)
