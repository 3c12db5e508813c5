"""On and off: least loads, starts, least times, against trying every schedule."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assets.small import axis, near, of
from zeroplant.assets.parts.commitment import committed, ramped
from zeroplant.axis import Floats
from zeroplant.errors import InputError
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope, affine
from zeroplant.waist.solution import Solution


def machine(
    price: Floats,
    *,
    least: float,
    start_cost: float = 0.0,
    up: float = 0.0,
    down: float = 0.0,
    hours: float = 1.0,
) -> Solution:
    """A machine of 1 MW that is paid ``price`` per MWh and stands where that is below nothing."""
    net = Network(axis(len(price), hours))
    plant = Scope(net, "m")
    flow = plant.flow("out", cost=-price)
    committed(plant, "on", flow, affine(1.0), least_share=least, start_cost=start_cost,
              min_up=up, min_down=down)  # fmt: skip
    return solve(net, gap=1e-9)


def tried(price: Floats, least: float, start_cost: float, up: int, down: int) -> float:
    """The best of all schedules, each checked run by run; what was before the first is free."""
    best = np.inf
    for schedule in product((0, 1), repeat=len(price)):
        runs = np.array(schedule)
        edges = np.flatnonzero(np.diff(runs)) + 1
        starts = [e for e in edges if runs[e]]
        # A run, or rest, that the end of the horizon cuts may go on after it.
        short = any(after - e < (up if runs[e] else down) for e, after in pairwise(edges))
        if short:
            continue
        output = np.where(runs == 1, np.where(price > 0, 1.0, least), 0.0)
        best = min(best, -float(price @ output) + start_cost * len(starts))
    return best


@settings(max_examples=60)
@given(
    st.lists(st.integers(-9, 9), min_size=3, max_size=8),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([0.0, 3.0]),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_every_schedule_of_a_short_horizon(
    prices: list[int], least: float, start_cost: float, up: int, down: int
) -> None:
    """*Proves:* the formulation earns what the best of all 2ⁿ schedules earns. *A wrong answer
    would be:* more (a run cut short at either end of the horizon), or less (a schedule forbidden).
    """
    price = np.array(prices, dtype=float)
    plan = machine(price, least=least, start_cost=start_cost, up=up, down=down)
    assert plan.objective == pytest.approx(tried(price, least, start_cost, up, down), abs=1e-6)


def test_starts_are_counted_by_number_not_by_hours() -> None:
    """*Proves:* a start in quarters of an hour costs as much as in hours. *A wrong answer would
    be:* a quarter of it.
    """
    price = np.array([-99.0, 9.0, 9.0, -9.0])
    for hours in (1.0, 0.25):
        plan = machine(price, least=0.5, start_cost=2.0, hours=hours)
        assert near(plan.objective, -18.0 * hours + 2.0)


def test_a_group_of_equal_units() -> None:
    """*Proves:* three units of 1 MW with a least load of 0.8 give 1.6…2 MW by two, and 1.5 MW is
    out of reach. *A wrong answer would be:* 1.5 MW from "a unit and a half".
    """
    net = Network(axis(2))
    plant = Scope(net, "m")
    size = plant.size("units", lower=3, upper=3, integer=True)
    node = plant.own_node("out", carrier="heat", unit="MW")
    flow = plant.flow("out", give=node)
    committed(plant, "on", flow, size * 1.0, least_share=0.8)
    plant.flow("want", take=node, fixed=np.array([2.0, 1.5]))
    plant.flow("lack", give=node, cost=10.0)
    plan = solve(net, gap=1e-9)
    assert near(of(plan, "m.on"), [2, 1])
    assert near(of(plan, "m.out"), [2.0, 1.0])


def test_a_size_that_is_chosen() -> None:
    """*Proves:* the least load follows the size that is chosen: 40 % of 5 MW while it runs. *A
    wrong answer would be:* 40 % of the largest size.
    """
    net = Network(axis(2))
    plant = Scope(net, "m")
    size = affine(plant.size("power", upper=20.0))
    node = plant.own_node("out", carrier="heat", unit="MW")
    flow = plant.flow("out", give=node, cost=np.array([0.0, 1.0]))
    committed(plant, "on", flow, size, least_share=0.4)
    plant.flow("want", take=node, fixed=np.array([5.0, 2.0]))
    plant.flow("lack", give=node, cost=1e4)
    plant.line("power", size, 1.0, kind="fixed")
    plan = solve(net, gap=1e-9)
    assert near(of(plan, "m.out"), [5.0, 2.0])
    free = affine(plant.size("free"))
    with pytest.raises(InputError, match="largest size"):
        committed(plant, "on too", flow, free, least_share=0.4)


def test_ramps_let_it_start() -> None:
    """*Proves:* with a ramp of 0.2/h and a least load of 0.5 it starts at 0.5, then climbs by 0.2.
    *A wrong answer would be:* never starting, or a jump to 1.
    """
    net = Network(axis(4))
    plant = Scope(net, "m")
    flow = plant.flow("out", cost=np.array([99.0, -9.0, -9.0, -9.0]))
    on = committed(plant, "on", flow, affine(1.0), least_share=0.5)
    ramped(plant, flow, affine(1.0), 0.2, on=on, least_share=0.5)
    assert near(of(solve(net, gap=1e-9), "m.out"), [0.0, 0.5, 0.7, 0.9])


def built(most: float, size: float | None = None) -> float:
    """Cost of a machine of 0…``most`` MW (or ``size``) against lack at 1,000 a MWh.

    Least load 0.5, ramp 0.2/h; a MW costs 1,000 for the horizon.
    """
    net = Network(axis(6))
    plant = Scope(net, "m")
    node = plant.own_node("out", carrier="heat", unit="MW")
    power = affine(plant.size("power", upper=most)) if size is None else affine(size)
    flow = plant.flow("out", give=node)
    on = committed(plant, "on", flow, power, least_share=0.5)
    ramped(plant, flow, power, 0.2, on=on, least_share=0.5)
    plant.flow("want", take=node, fixed=np.array([10.0, 10.0, 4.0, 2.0, 6.0, 10.0]))
    plant.flow("lack", give=node, cost=1000.0)
    plant.flow("waste", take=node, cost=3000.0)
    plant.line("power", power, 1000.0, kind="fixed")
    return solve(net, gap=1e-9).objective


def test_a_larger_range_gives_no_worse_plan() -> None:
    """*Proves:* with least load 0.5 and ramp 0.2/h a range to 20, 100 or 1,000 MW costs the same,
    less than one to 10, and what 100/9 MW cost, the best of given sizes. *A wrong answer would
    be:* a dearer plan from a larger range (a start that binds the fall by the range's end: at
    100 MW nothing is built), or a cheaper one (a start above the least load).
    """
    small, *costs = [built(most) for most in (10.0, 20.0, 100.0, 1000.0)]
    assert near(costs, costs[0], rel=1e-5)
    assert costs[0] < small < 42_000.0  # which is what building nothing costs
    sizes = [*np.linspace(0.0, 12.0, 13), 100 / 9]
    assert near(costs[0], min(built(0.0, size=size) for size in sizes), rel=1e-5)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.floats(1.5, 20.0))
def test_a_chosen_size_obeys_the_rules_of_a_given_one(seed: int, wider: float) -> None:
    """*Proves:* where the range must choose 10 MW, starts, stops and ramps are those of a machine
    that has 10 MW, whatever the range's end. *A wrong answer would be:* a unit that starts at more
    than its least load, or cannot stop.
    """
    price = np.random.default_rng(seed).normal(0.0, 9.0, 7)

    def earned(most: float | None) -> float:
        net = Network(axis(len(price)))
        plant = Scope(net, "m")
        power = affine(10.0)
        if most is not None:
            power = affine(plant.size("power", upper=most))
            plant.budget("ten", power, at_least=10.0, at_most=10.0)
        flow = plant.flow("out", cost=-price)
        on = committed(plant, "on", flow, power, least_share=0.6)
        ramped(plant, flow, power, 0.15, on=on, least_share=0.6)
        return solve(net, gap=1e-9).objective

    assert earned(10.0 * wider) == pytest.approx(earned(None), abs=1e-4)
