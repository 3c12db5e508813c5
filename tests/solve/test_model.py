"""A live model: values changed on it, deadlines, and what is said when there is no answer."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.waist.micro import park, small
from tests.waist.plants import plants
from zeroplant.axis import Floats
from zeroplant.errors import InputError, SolveError
from zeroplant.solve import Model, solve
from zeroplant.waist import Affine, Flow, Line, Network, Store, total_of
from zeroplant.waist.linear import Value


class Declared:
    """Changes made to the declarations before a build, under the names of a live model's."""

    def set_fixed(self, flow: Flow, values: Floats) -> None:
        flow.cap = flow.floor = Affine(values)

    def set_bounds(self, flow: Flow, *, cap: Floats) -> None:
        flow.cap = Affine(cap)

    def set_price(self, line: Line, price: Value) -> None:
        line.price = price

    def set_inflow(self, store: Store, inflow: float) -> None:
        store.inflow = inflow

    def set_start(self, store: Store, level: float) -> None:
        store.start = Affine(level)


def change(net: Network, target: Model | Declared, random: np.random.Generator) -> None:
    """Change loads, prices, caps, starts and inflows."""
    stages = net.axis.stages
    for flow in net.flows:
        if flow.role == "load":
            target.set_fixed(flow, random.uniform(1.0, 9.0, stages))
        elif flow.role == "export":
            target.set_bounds(flow, cap=random.uniform(0.0, 5.0, stages))
    for line in net.lines:
        target.set_price(line, line.price * random.uniform(0.5, 1.5))
    for store in net.stores:
        target.set_inflow(store, random.uniform(0.0, 1.0))
        if isinstance(store.start, Affine) and not store.start.terms:
            target.set_start(store, random.uniform(0.0, 3.0))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(net=plants(), seed=st.integers(0, 999))
def test_changes_on_a_live_model_equal_a_fresh_build(net: Network, seed: int) -> None:
    """After changes of every kind, solved twice, the live model costs what a new one costs.

    Proves: set_fixed, set_bounds, set_price, set_start, set_inflow, and the declarations that
    change with them. A wrong answer would be: an old price in the ledger or the solver, an
    inflow that forgets the start, a constant that keeps its old price.
    """
    fresh = copy.deepcopy(net)
    model = Model(net)
    model.solve(gap=1e-9)
    for round_ in range(2):
        change(net, model, np.random.default_rng((seed, round_)))
        change(fresh, Declared(), np.random.default_rng((seed, round_)))
        live, built = model.solve(gap=1e-9), Model(fresh)
        expected = built.solve(gap=1e-9)
        np.testing.assert_array_equal(model.program.cost, built.program.cost)
        assert model.program.offset == built.program.offset
        assert live.objective == pytest.approx(expected.objective, rel=1e-8, abs=1e-6)


def test_what_depends_on_a_size_cannot_be_changed() -> None:
    """A cap that is a size has no value of its own. A wrong answer would be: a lost coupling."""
    net = small(2)
    size = net.size("s", upper=3.0)
    flow = net.flow("f", give=park(net), cap=size)
    net.flow("out", take=net.nodes[0])
    store = net.store("level", start=size)
    model = Model(net)
    with pytest.raises(ValueError, match="the cap of f is not a number"):
        model.set_bounds(flow, cap=3.0)
    with pytest.raises(ValueError, match="the start of level is not a number"):
        model.set_start(store, 3.0)


def test_a_cap_may_change_beside_a_floor_of_a_size() -> None:
    """Changing the cap leaves a floor that grows with a size where it was."""
    net = small(1)
    size = net.size("s", lower=2.0, upper=2.0)
    flow = net.flow("f", give=park(net), floor=size, cap=9.0, cost=-1.0)
    net.flow("out", take=net.nodes[0])
    model = Model(net)
    assert model.solve().objective == pytest.approx(-9.0)
    model.set_bounds(flow, cap=4.0)
    assert model.solve().objective == pytest.approx(-4.0)
    net.lines[0].price = 1.0
    model.set_price(net.lines[0], 1.0)
    assert model.solve().objective == pytest.approx(2.0)


def knapsack(items: int) -> Network:
    """A hard choice: many whole flows that share many scarce things."""
    random = np.random.default_rng(3)
    net = small(4)
    flows = [net.flow(f"i{k}", cap=1.0, integer=True) for k in range(items)]
    for k, flow in enumerate(flows):
        net.line("m", f"v{k}", flow, random.uniform(10, 11, 4), kind="revenue")
    for row in range(12):
        use = total_of(flow * random.uniform(1, 2, 4) for flow in flows)
        net.budget(f"thing {row}", use, at_most=0.37 * items * 4)
        net.budget(f"hourly {row}", use, at_most=0.4 * items, over="period")
    return net


def test_a_deadline_keeps_the_incumbent() -> None:
    """Stopped before the proof, the best answer found is returned, with an honest gap.

    Proves: status and gap. A wrong answer would be: "optimal", a gap of 0, or no answer.
    """
    solution = solve(knapsack(60), deadline=1.0, gap=1e-9)
    assert solution.status == "feasible"
    assert 0.0 < solution.gap < 0.2
    assert solution.seconds < 10.0


def test_no_answer_in_time_is_said() -> None:
    """A deadline that leaves no time names itself. A wrong answer would be: an empty solution."""
    with pytest.raises(SolveError, match=r"found no answer within 1e-09 s"):
        solve(knapsack(60), deadline=1e-9)


def test_a_deadline_holds_for_one_solve_only() -> None:
    """A later solve without a deadline has all the time there is."""
    model = Model(knapsack(8))
    with pytest.raises(SolveError):
        model.solve(deadline=1e-9)
    assert model.solve(gap=1e-3).status == "optimal"


def test_what_stands_in_the_way_is_named() -> None:
    """A load that nothing serves from 03:00 on names the node, the first hours and the size."""
    net = small(6)
    net.flow("load", take=park(net), fixed=np.array([1.0, 1, 1, 7, 1, 1]))
    net.flow("plant", give=net.nodes[0], cap=5.0)
    with pytest.raises(SolveError, match="balance of 'park' at 2025-01-01 03:00 is off by 2"):
        solve(net)


def test_a_level_a_rule_and_a_cap_are_named() -> None:
    """Each kind of row has a name of its own when it cannot hold."""
    net = small(2)
    net.store("tank", start=9.0, cap=4.0)
    with pytest.raises(SolveError, match="level of 'tank' at 2025-01-01 00:00 is off by 5"):
        solve(net)
    net = small(2)
    flow = net.flow("f", give=park(net), cap=1.0)
    net.flow("out", take=net.nodes[0])
    net.budget("contract", flow, at_least=5.0)
    with pytest.raises(SolveError, match="rule 'contract' is off by 3"):
        solve(net)
    net = small(1)
    size = net.size("s", upper=1.0)
    net.flow("f", take=park(net), floor=4.0, cap=size)
    net.flow("in", give=net.nodes[0])
    with pytest.raises(SolveError, match="cap of 'f' at 2025-01-01 00:00 is off by 3"):
        solve(net)


def test_a_rule_over_single_periods_is_named() -> None:
    """A rule that cannot hold in one period is named with its time."""
    net = small(2)
    flow = net.flow("f", give=park(net), cap=np.array([9.0, 1.0]))
    net.flow("out", take=net.nodes[0])
    net.budget("least flow", flow, at_least=4.0, over="period")
    with pytest.raises(SolveError, match="rule 'least flow' at 2025-01-01 01:00 is off by 3"):
        solve(net)


def test_bounds_that_contradict_each_other() -> None:
    """A floor above the cap is said to be one."""
    net = small(1)
    net.flow("f", give=park(net), floor=3.0, cap=2.0)
    net.flow("out", take=net.nodes[0])
    with pytest.raises(SolveError, match="the floor of 'f' is above its cap"):
        solve(net)


def test_whole_numbers_that_clash() -> None:
    """2.5 MW in units of 1 MW: the linear plant has an answer, the whole one has none."""
    net = small(1)
    net.flow("load", take=park(net), fixed=2.5)
    net.flow("plant", give=net.nodes[0], integer=True)
    with pytest.raises(SolveError, match="whole numbers clash"):
        solve(net)


def test_earning_without_limit() -> None:
    """What pays without a cap is named: the size, or the flows. A wrong answer: "infeasible"."""
    net = small(1)
    sold = net.flow("sold", take=park(net))
    net.flow("plant", give=net.nodes[0])
    net.line("m", "sold", sold, 1.0, kind="revenue")
    with pytest.raises(SolveError, match="earns without limit: 'sold', 'plant' pays"):
        solve(net)
    size = net.size("rooms")
    net.line("m", "rent", size, 1.0, unit="MW", kind="revenue")
    with pytest.raises(SolveError, match="earns without limit: 'rooms' pays"):
        solve(net)


def test_unknown_solver() -> None:
    """A solver that does not exist is named, with those that do."""
    with pytest.raises(SolveError, match="no solver 'magic'; write auto, staged or highs"):
        solve(small(1), solver="magic")  # type: ignore[arg-type]


def test_numbers_that_are_none() -> None:
    """A price that is not a number never reaches an answer."""
    net = small(1)
    net.flow("f", give=park(net), cap=1.0, cost=float("nan"))
    net.flow("out", take=net.nodes[0])
    with pytest.raises(InputError, match="a price or bound of 'f' is not a number"):
        solve(net)
    net = small(1)
    net.flow("f", give={park(net): float("nan")}, cap=1.0)
    with pytest.raises(InputError, match="a coefficient of 'f' is not a number"):
        solve(net)
    net = small(1)
    net.store("tank", inflow=float("nan"))
    with pytest.raises(InputError, match="a limit or inflow of 'tank' is not a number"):
        solve(net)
