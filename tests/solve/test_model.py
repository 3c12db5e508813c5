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
from zeroplant.solve.model import Solver
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


def test_what_is_no_number_changes_nothing() -> None:
    """A change that cannot be is refused before anything of it is done.

    A wrong answer would be: a floor that stays 7 in the declarations alone, or an error from deep
    inside the next solve.
    """
    net = small(2)
    size = net.size("s", upper=3.0)
    bought = net.flow("bought", give=park(net), cap=size, cost=2.0)
    net.flow("load", take=net.nodes[0], fixed=1.0, role="load")
    model = Model(net)
    before = model.solve().objective
    with pytest.raises(ValueError, match="the cap of bought is not a number"):
        model.set_bounds(bought, floor=7.0, cap=9.0)
    with pytest.raises(InputError, match="2 periods are wanted"):
        model.set_price(net.lines[0], np.zeros(7))
    for change_to_nan in (
        lambda: model.set_price(net.lines[0], np.nan),
        lambda: model.set_fixed(net.flows[1], np.array([1.0, np.nan])),
        lambda: model.set_size(size, upper=np.nan),
    ):
        with pytest.raises(ValueError, match="nothing was changed"):
            change_to_nan()
    assert model.solve().objective == pytest.approx(before)
    assert not np.any(bought.floor.constant)


@pytest.mark.parametrize("solver", ["staged", "highs"])
def test_shadow_price_of_a_size_is_what_its_limit_changes(solver: Solver) -> None:
    """Raising the limit of a scarce size by 1 changes the cost by its shadow price.

    Hand answer: the size saves 2 an hour for each of 4 hours and costs 3: 3 − 8 = −5 a unit. A
    wrong answer would be: the other sign, the price without what the size costs, or zero.
    """
    net = small(4)
    size = net.size("own", upper=1.0)
    spare = net.size("spare", upper=50.0)
    net.line("own", "annuity", size, 3.0, kind="investment")
    net.line("spare", "annuity", spare, 1.0, kind="investment")
    net.flow("made", give=park(net), cap=size)
    net.flow("bought", give=net.nodes[0], cost=2.0)
    net.flow("load", take=net.nodes[0], fixed=5.0, role="load")
    model = Model(net, solver=solver)
    answer = model.solve()
    assert answer.shadow(size) == pytest.approx(-5.0, abs=1e-5)
    assert answer.shadow(spare) == pytest.approx(1.0, abs=1e-5)
    model.set_size(size, upper=2.0)
    assert model.solve().objective - answer.objective == pytest.approx(-5.0, abs=1e-5)


def test_a_flow_without_a_floor_earns_nothing_by_moving() -> None:
    """The price that keeps flows from moving for nothing must not pay one that may be negative.

    A wrong answer would be: "earns without limit" of a long plant that has an optimum.
    """
    net = small(1_200)
    net.flow("bought", give=park(net), cost=2.0)
    net.flow("load", take=net.nodes[0], fixed=1.0, role="load")
    net.flow("alone", floor=-np.inf)
    assert solve(net).objective == pytest.approx(2_400.0)


def test_nothing_to_decide_costs_nothing() -> None:
    """A network without flows and sizes has an answer, short or long; no deadline was missed."""
    for periods in (3, 1_200):
        net = small(periods)
        park(net)
        assert solve(net, deadline=30.0).objective == 0.0


def test_reasons_name_what_stands_in_the_way() -> None:
    """Crossed rules are named; a plant with whole numbers that earns without limit is told so.

    A wrong answer would be: "whole numbers clash", of a plant without any or with an answer.
    """
    net = small(2)
    made = net.flow("made", give=park(net))
    net.flow("load", take=net.nodes[0], fixed=1.0, role="load")
    net.budget("share", made, at_least=5.0, at_most=3.0)
    with pytest.raises(SolveError, match="the least of rule 'share' is above its most"):
        solve(net)
    net = small(2)
    net.flow("switch", cap=1.0, integer=True)
    net.flow("gold", give=park(net), cost=-100.0)
    net.flow("away", take=net.nodes[0])
    with pytest.raises(SolveError, match="earns without limit: 'gold'"):
        solve(net)
    net = small(2)
    net.flow("made", give=park(net), cap=1.0)
    net.flow("load", take=net.nodes[0], fixed=1.00001, role="load")
    with pytest.raises(SolveError, match=r"balance of .* is off by 1e-05"):
        solve(net)
