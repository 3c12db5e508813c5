"""Load that must be served, may wait, may be dropped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.assets.small import answer, axis, entry, grid, has, load, near, of, paid, stand
from zeroplant.assets.demand import Interruptible, Shiftable
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError
from zeroplant.waist import Network, Scope


def waiting(**words: Any) -> Shiftable:
    """The part that may wait."""
    return Shiftable(**words)


def test_unserved_only_as_much_as_is_missing() -> None:
    """*Proves:* load beyond the connection stays unserved at its price, and only then. *A wrong
    answer would be:* no answer at all, or 2 MW unserved in the hour of 5 as well.
    """
    plan = answer(
        {"works": load(np.array([5.0, 8.0]), unserved=9000.0), "grid": grid(400.0, 6.0)}, axis(2)
    )
    assert near(of(plan, "works.unserved"), [0, 2])
    assert entry(plan, "works", "unserved energy").kind == "penalty"
    assert near(paid(plan, "works", "unserved energy"), 18_000)


@pytest.mark.parametrize(("words", "may"), [({"unserved": 9000.0}, True), ({}, False)])
def test_load_may_be_shed_only_where_its_price_is_given(words: dict[str, Any], may: bool) -> None:
    """*Proves:* without 'unserved' control has no switch. *A wrong answer would be:* a load that
    is switched off although nobody has said what that costs.
    """
    dropped = Interruptible(share=0.1, price=500.0)
    plan = answer(
        {"works": load(2.0, interruptible=dropped, **words), "grid": grid(400.0)}, axis(3)
    )
    tags = {flow.name: flow.tags for flow in plan.network.flows}
    assert ("sheddable" in tags["works.unserved"]) is may
    assert tags["works.interrupted"] == {"sheddable", "agreed"}


def test_a_price_of_unserved_energy_below_the_grids_leaves_the_load_dark() -> None:
    """*Proves:* the price of unserved energy decides reliability: at 300 nobody buys at 400.
    *A wrong answer would be:* a load that is served whatever it costs.
    """
    plan = answer({"works": load(2.0, unserved=300.0), "grid": grid(400.0)}, axis(3))
    assert near(of(plan, "works.unserved"), 2.0)


def test_the_consumer_pays_for_what_is_served() -> None:
    """*Proves:* the tariff is paid on load less unserved: 6 × 500 + 6 × 700. *A wrong answer
    would be:* 7 000 for 14 MWh that were asked for, or a cost instead of a revenue.
    """
    assets = {
        "works": load(np.array([6.0, 8.0]), price=np.array([500.0, 700.0])),
        "grid": grid(1.0, 6.0),
    }
    line = entry(answer(assets, axis(2)), "works", "energy sold")
    assert (line.kind, line.to) == ("revenue", "consumer")
    assert near([line.quantity, line.amount], [12, -7200])


def test_interruption_is_paid_before_load_goes_unserved() -> None:
    """*Proves:* of 3 MW missing, 2 (20 % of 10) are dropped by agreement at 1 000 and 1 goes
    unserved at 20 000. *A wrong answer would be:* 3 MW dropped, or the sale still paid on 10.
    """
    may = Interruptible(share=0.2, price=1000.0)
    plan = answer(
        {"works": load(10.0, price=100.0, interruptible=may), "grid": grid(1.0, 7.0)}, axis(1)
    )
    assert near([of(plan, "works.interrupted")[0], of(plan, "works.unserved")[0]], [2, 1])
    assert near(paid(plan, "works", "interruption"), 2000)
    assert near(paid(plan, "works", "energy sold"), -700)


def test_interruption_hours_of_a_year() -> None:
    """*Proves:* 100 full hours a year are 100 × 24/8760 of a day: 0.274 h × 2 MW may be dropped.
    *A wrong answer would be:* 100 hours on a single day, 48 MWh.
    """
    may = Interruptible(share=0.2, price=1.0, hours=100.0)
    plan = answer({"works": load(10.0, interruptible=may), "grid": grid(400.0)}, axis(24))
    assert near(of(plan, "works.interrupted").sum(), 2 * 100 * 24 / 8760)


def test_interruption_hours_hold_in_each_weather_year() -> None:
    """*Proves:* of two equally likely years, one of them dear, each may use its own hours: the
    dear one 2 MW × 100 h × 24/8760 and the cheap one nothing. *A wrong answer would be:* the
    cheap year's hours moved to the dear one, twice as much.
    """
    may = Interruptible(share=0.2, price=200.0, hours=100.0)
    time = axis(24, weights=(0.5, 0.5))
    prices = np.repeat([100.0, 400.0], 24)
    plan = answer({"works": load(10.0, interruptible=may), "grid": grid(prices)}, time)
    dropped = of(plan, "works.interrupted").reshape(2, 24).sum(axis=1)
    assert near(dropped, [0, 2 * 100 * 24 / 8760])


def test_load_is_not_relieved_twice() -> None:
    """*Proves:* unserved, dropped and waiting load together are at most the load, so nobody can
    sell what was never taken. *A wrong answer would be:* 12 MW exported by a load of 10.
    """
    may, wait = Interruptible(share=0.6, price=1.0), waiting(share=0.6, within=2.0)
    assets = {
        "works": load(np.array([10.0, 0.0]), interruptible=may, shiftable=wait),
        "grid": grid(np.array([500.0, 10.0]), export_price=np.array([500.0, 0.0])),
    }
    plan = answer(assets, axis(2))
    assert near(of(plan, "grid.export"), 0.0)
    assert near(plan.objective, 6.0 + 4 * 10)


def test_load_waits_for_the_cheap_hour() -> None:
    """*Proves:* 40 % of 10 MW moves from 500 to 100, two hours later, paid 30 per MWh that waits.
    *A wrong answer would be:* all 10 MW moved, or the move for nothing.
    """
    wait = waiting(share=0.4, within=2.0, price=30.0)
    plan = answer(
        {"works": load(10.0, shiftable=wait), "grid": grid(np.array([500.0, 500.0, 100.0]))},
        axis(3),
    )
    assert near(of(plan, "grid.import"), [6, 6, 18])
    assert near(paid(plan, "works", "deferral"), 8 * 30)


def test_load_does_not_wait_longer_than_it_may() -> None:
    """*Proves:* with a window of 2 h the load of hour 0 cannot reach the cheap hour 3, that of
    hours 1 and 2 can. *A wrong answer would be:* 4 MW moved from hour 0 (a window one too long).
    """
    prices, wait = np.array([500.0, 400.0, 400.0, 100.0]), waiting(share=0.4, within=2.0)
    plan = answer({"works": load(10.0, shiftable=wait), "grid": grid(prices)}, axis(4))
    assert near(of(plan, "grid.import")[3], 18)
    assert near(plan.objective, 6 * 500 + 10 * 400 + 6 * 400 + 18 * 100)


def test_half_a_period_is_no_time_to_wait() -> None:
    """*Proves:* a window shorter than a period moves nothing. *A wrong answer would be:* rounding
    it up to an hour, twice what was promised.
    """
    wait = waiting(share=1.0, within=0.5)
    plan = answer(
        {"works": load(1.0, shiftable=wait), "grid": grid(np.array([500.0, 1.0]))}, axis(2)
    )
    assert near(of(plan, "grid.import"), 1.0)


def test_nothing_waits_beyond_the_end_of_a_chain() -> None:
    """*Proves:* what waits is served before its chain ends, in every chain by itself. *A wrong
    answer would be:* load of the last hour handed to the next weather year, or to nobody.
    """
    prices = np.array([100.0, 900.0, 50.0, 900.0])
    plan = answer(
        {"works": load(10.0, shiftable=waiting(share=0.5, within=4.0)), "grid": grid(prices)},
        axis(2, weights=(1.0, 1.0)),
    )
    assert near(of(plan, "grid.import"), 10.0)


def test_catching_up_has_a_limit() -> None:
    """*Proves:* waiting load is served at 3 MW at most. *A wrong answer would be:* 18 MW."""
    wait = waiting(share=0.4, within=9.0, catch_up=3.0)
    plan = answer(
        {"works": load(10.0, shiftable=wait), "grid": grid(np.array([500.0, 500.0, 100.0]))},
        axis(3),
    )
    assert near(of(plan, "grid.import")[2], 13.0)


def brute_force(time: Axis, asked: Floats, prices: Floats, may: Shiftable) -> float:
    """Cost by a table of who waits from when to when: no store, no backlog, no rule in common."""
    window = int(np.floor(may.within / time.hours + 1e-9))
    pairs = [
        (c * time.periods + t, c * time.periods + s)
        for c in range(len(time.chains))
        for t in range(time.periods)
        for s in range(t, min(t + window, time.periods - 1) + 1)
        if s > t
    ]
    base = float(time.weight @ (asked * prices))
    if not pairs:
        return base
    gain = [time.weight[s] * prices[s] - time.weight[t] * (prices[t] - may.price) for t, s in pairs]
    leaves = np.array([[float(t == row) for t, _ in pairs] for row in range(time.stages)])
    best = linprog(gain, A_ub=leaves, b_ub=may.share * asked, bounds=(0, None))
    return base + float(best.fun)


@settings(max_examples=40)
@given(
    periods=st.integers(1, 9),
    chains=st.integers(1, 2),
    hours=st.sampled_from([0.5, 1.0]),
    within=st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, 20.0]),
    share=st.sampled_from([0.3, 1.0]),
    price=st.sampled_from([0.0, 15.0]),
    seed=st.integers(0, 10**6),
)
def test_waiting_is_what_a_table_of_all_moves_allows(
    *, periods: int, chains: int, hours: float, within: float, share: float, price: float, seed: int
) -> None:
    """*Proves:* the backlog rule (first come, first served) allows exactly the moves of at most
    the window inside a chain: the same least cost as an assignment of every hour's load to later
    hours. *A wrong answer would be:* cheaper (waits too long, or past the end) or dearer.
    """
    time = axis(periods, hours, weights=(1.0,) * chains)
    random = np.random.default_rng(seed)
    asked, prices = random.uniform(0, 9, time.stages), random.uniform(1, 90, time.stages)
    may = waiting(share=share, within=within, price=price)
    plan = answer({"works": load(asked, shiftable=may), "grid": grid(prices)}, time)
    assert plan.objective == pytest.approx(
        brute_force(time, asked, prices, may), rel=1e-7, abs=1e-6
    )


def test_a_plain_load_has_no_more_than_two_flows() -> None:
    """*Proves:* what nobody asked for is not in the model: a plain load is a flow and its
    unserved part, without a rule per period. *A wrong answer would be:* a slower plan.
    """
    net = stand({"works": load(1.0)}, axis(2))
    assert len(net.flows) == 2
    assert not net.budgets
    assert not has(net, "works.deferred")


def test_a_demand_is_in_mw() -> None:
    """*Proves:* a demand at a node of hydrogen is sent to the kind that is counted in kg.
    *A wrong answer would be:* 2 MW taken for 2 kg/h.
    """
    net = Network(axis(2))
    net.node("tank", carrier="hydrogen", unit="kg/h")
    with pytest.raises(InputError, match=r"hydrogen in kg/h, not in MW; write kind: offtake"):
        load(2.0, at="tank").describe(Scope(net, "user"), None)
