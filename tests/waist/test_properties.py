"""What must hold for every answer, on random plants; recomputed here from the declarations."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.waist.micro import park, small
from tests.waist.plants import plants
from zeroplant.axis import Axis, Chain, Floats
from zeroplant.errors import SolveError
from zeroplant.solve import Model, solve
from zeroplant.solve.highs import HighsModel
from zeroplant.waist import Network, Size
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.solution import Solution

TWO = (Chain("dry", 0.25), Chain("wet", 0.75))
every = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
network = plants(chains=TWO)
linear = plants(chains=TWO, whole=False)


def late(values: Floats, axis: Axis, periods: int) -> Floats:
    """Values that many periods later, round within each chain."""
    return np.roll(values.reshape(len(axis.chains), axis.periods), periods, axis=1).ravel()


@every
@given(network)
def test_ledger_is_the_objective(net: Network) -> None:
    """The sum over the ledger, recomputed by hand from values, is the objective.

    A wrong answer would be: a line that is in the objective and not in the account.
    """
    solution = solve(net)
    total = 0.0
    for line in net.lines:
        sign = -1.0 if line.kind == "revenue" else 1.0
        for term in line.quantity.terms:
            weight = 1.0 if isinstance(term.variable, Size) else net.axis.weight
            part = sign * line.price * term.coefficient * weight
            total += float(np.sum(part * solution.value(term.variable)))
        total += sign * float(np.sum(line.price * line.quantity.constant))
    scale = 1.0 + sum(abs(entry.amount) for entry in solution.ledger)
    assert abs(total - solution.objective) <= 1e-9 * scale
    assert abs(sum(e.amount for e in solution.ledger) - solution.objective) <= 1e-9 * scale


@every
@given(network)
def test_every_node_balances(net: Network) -> None:
    """What flows give, after their delays, is what flows take, at each node and stage."""
    solution, axis = solve(net), net.axis
    for node in net.nodes:
        left = np.zeros(axis.stages)
        for flow in net.flows:
            values = solution.value(flow)
            if node in flow.give:
                periods = flow.delay.get(node, 0.0) / axis.hours
                early = int(periods)
                share = periods - early
                arrived = (1 - share) * late(values, axis, early)
                arrived += share * late(values, axis, early + 1)
                left += flow.give[node] * arrived
            left -= flow.take.get(node, 0.0) * values
        assert np.abs(left).max() < 1e-5


@every
@given(network)
def test_every_level_is_carried(net: Network) -> None:
    """Each level follows from the one before, what came in and what went out, in its chain."""
    solution, axis = solve(net), net.axis
    for store in net.stores:
        level = solution.value(store)
        before = late(level, axis, 1)
        if not isinstance(store.start, str):
            before[:: axis.periods] = float(solution.value(store.start).sum())
        rate = axis.full(store.inflow).copy()
        for flow, value in store.fill.items():
            rate += value * solution.value(flow)
        for flow, value in store.drain.items():
            rate -= value * solution.value(flow)
        assert np.abs(level - store.keep * before - axis.hours * rate).max() < 1e-5


@every
@given(network)
def test_every_bound_holds(net: Network) -> None:
    """No flow or level is outside its floor and cap; whole numbers are whole."""
    solution = solve(net)
    ones = np.ones(net.axis.stages)
    for word in [*net.flows, *net.stores]:
        values = solution.value(word)
        assert np.all(values >= solution.value(word.floor * ones) - 1e-5)
        assert np.all(values <= solution.value(word.cap * ones) + 1e-5)
    for whole in [w for w in [*net.flows, *net.sizes] if w.integer]:
        values = solution.value(whole)
        assert np.abs(values - np.round(values)).max() < 1e-5


@every
@given(linear, st.data())
def test_price_is_a_finite_difference(net: Network, data: st.DataObject) -> None:
    """The price at a node is what one more MWh there adds to the cost.

    Where the cost bends at the load, the price lies between the slopes of both sides. A wrong
    answer would be: a price without the weight of its chain, of the wrong sign or place.
    """
    node = data.draw(st.sampled_from(net.nodes))
    stage = data.draw(st.integers(0, net.axis.stages - 1))
    step = 1e-3
    load = next(flow for flow in net.flows if flow.name == f"{node.name} load")
    model = Model(net)
    price = model.solve().price(node)[stage] * net.axis.weight[stage]
    one = np.arange(net.axis.stages) == stage
    values = np.array(load.cap.constant)
    costs = []
    for change in (-step, 0.0, step):
        model.set_fixed(load, values + change * one)
        costs.append(model.solve().objective)
    below, above = np.diff(costs) / step
    room = 1e-4 * (1.0 + abs(above) + abs(below)) + 1e-9 * max(map(abs, costs)) / step
    assert below - room <= price <= above + room


@every
@given(linear)
def test_shadow_price_is_a_finite_difference(net: Network) -> None:
    """The shadow price of a rule is what one more unit of its limit adds to the cost."""
    found = [b for b in net.budgets if b.integrates]
    if not found:
        return
    rule, step = found[0], 1e-3
    shadow = float(solve(net).shadow(rule).sum())
    least, most, costs = rule.at_least, rule.at_most, []
    for change in (-step, 0.0, step):
        rule.at_least, rule.at_most = least + change, most + change
        costs.append(solve(net).objective)
    below, above = np.diff(costs) / step
    room = 1e-4 * (1.0 + abs(above) + abs(below)) + 1e-9 * max(map(abs, costs)) / step
    assert below - room <= shadow <= above + room


@every
@given(linear)
def test_chains_with_given_sizes_are_separate_problems(net: Network) -> None:
    """With sizes held, two chains cost what each alone costs, by their weights.

    A wrong answer would be: a store, delay, ramp or daily rule that leaks from chain to chain.
    """
    if any(rule.integrates and rule.count == 1 for rule in net.budgets):
        return  # a rule over the horizon ties the chains together, as it should
    if any(size.count > 1 for size in net.sizes):
        return
    for size in net.sizes:
        size.lower = size.upper = max(size.lower, 0.5 * min(size.upper, 10.0))
    together = solve(net)
    fixed = sum(e.amount for e, line in zip(together.ledger, net.lines, strict=True)
                if not line.quantity.variables - set(net.sizes))  # fmt: skip
    apart = 0.0
    for place, chain in enumerate(TWO):
        alone = _one_chain(net, place)
        solution = solve(alone)
        apart += chain.weight * sum(
            entry.amount for entry, line in zip(solution.ledger, alone.lines, strict=True)
            if line.quantity.variables - set(alone.sizes)
        )  # fmt: skip
    assert together.objective == pytest.approx(apart + fixed, rel=1e-7, abs=1e-6)


def _one_chain(net: Network, place: int) -> Network:
    """The same declarations over one of the chains: every series cut to its stages."""
    cut = slice(place * net.axis.periods, (place + 1) * net.axis.periods)
    alone = copy.deepcopy(net)
    whole = alone.axis
    axis = Axis(whole.start, whole.periods, whole.hours, whole.zone)
    _walk(alone, lambda v: v[cut] if np.shape(v) == (whole.stages,) else v, set())
    alone.axis = axis
    for rule in alone.budgets:
        # Rules over days have one number for each group; a day is in one chain.
        groups = rule.groups - rule.groups.min()
        keep = np.unique(net.budgets[rule.index].groups[cut])
        if rule.integrates:
            # A day lies within one chain, so its limit is the same whatever the chain's weight.
            rule.at_least = net.budgets[rule.index].at_least[keep]
            rule.at_most = net.budgets[rule.index].at_most[keep]
        rule.groups, rule.count = groups, len(keep)
    return alone


def _walk(thing: object, change: Callable[[object], object], seen: set[int]) -> None:
    """Change every array reachable from the declarations, in place."""
    if id(thing) in seen or isinstance(thing, Axis):
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        for key in list(thing):
            _walk(key, change, seen)
            thing[key] = _changed(thing[key], change, seen)
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            _walk(part, change, seen)
    else:
        names = [*getattr(thing, "__dict__", {}), *getattr(type(thing), "__slots__", ())]
        for name in names:
            if hasattr(thing, name):
                value = _changed(getattr(thing, name), change, seen)
                object.__setattr__(thing, name, value)


def _changed(value: object, change: Callable[[object], object], seen: set[int]) -> object:
    if isinstance(value, np.ndarray):
        return change(value)
    _walk(value, change, seen)
    return value


def test_a_tampered_solution_is_refused() -> None:
    """A ledger that does not add up to the objective never becomes a solution."""
    net = small(1)
    net.flow("load", take=park(net), fixed=1.0)
    net.flow("grid", give=net.nodes[0], cost=5.0)
    program = assemble(compile_network(net))
    answer = HighsModel(program).solve()
    with pytest.raises(SolveError, match=r"ledger adds up to 5\.0"):
        Solution(net, "optimal", "highs", 0.0, answer.objective + 1e-3, 0.0, answer.x,
                 answer.row_dual, np.zeros(0), program.layout)  # fmt: skip
