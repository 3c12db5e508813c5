"""What must hold for every plant that can be made of these assets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.assets.plants import NODES, Drawn, plants
from tests.assets.small import answer, has, near, of
from zeroplant.units import SizeRange
from zeroplant.waist.ledger import Entry
from zeroplant.waist.solution import Solution


def planned(drawn: Drawn) -> Solution:
    """The drawn plant, planned."""
    return answer(drawn.assets, drawn.time, nodes=NODES, carbon_price=drawn.carbon_price)


def money(entries: list[Entry], *kinds: str) -> float:
    """Sum of the ledger over some kinds of lines."""
    return sum(entry.amount for entry in entries if entry.kind in kinds)


@settings(max_examples=60)
@given(drawn=plants())
def test_energy_money_and_sizes(drawn: Drawn) -> None:
    """*Proves:* in every plant each node balances in each period, worked out here from the flows
    alone; the ledger adds up to the objective (which the solution itself asserts as well); every
    size is within its range and a whole number of steps; what is sold is received.
    *A wrong answer would be:* energy from nowhere, money on one side only.
    """
    plan = planned(drawn)
    for node in plan.network.nodes:
        gain, size = np.zeros((2, drawn.time.stages))
        for flow in plan.network.flows:
            values = plan.value(flow)
            for sign, ends in ((1, flow.give), (-1, flow.take)):
                if node in ends:
                    gain += sign * ends[node] * values
                    size += np.abs(ends[node] * values)
        assert np.all(np.abs(gain) <= 1e-6 * (1 + size))
    total = sum(entry.amount for entry in plan.ledger)
    assert total == pytest.approx(plan.objective, rel=1e-9, abs=1e-6)
    assert all(e.amount <= 1e-6 for e in plan.ledger if e.kind == "revenue" and "sold" in e.what)
    for name, (size, _) in plan.network.capacities.items():
        who, field = name.rsplit(".", 1)
        given = getattr(drawn.assets[who], field)
        if isinstance(given, SizeRange):
            value = plan.number(size)
            assert given.min - 1e-6 <= value <= given.max + 1e-6
            if given.step:
                assert abs(value / given.step - round(value / given.step)) < 1e-5


@settings(max_examples=60)
@given(drawn=plants())
def test_nothing_runs_both_ways_where_energy_costs(drawn: Drawn) -> None:
    """*Proves:* with positive prices no battery charges while it discharges, no line carries both
    ways, no meter turns both ways. *A wrong answer would be:* a loop that only loses energy.
    """
    plan = planned(drawn)
    pairs = [("store.charge", "store.discharge"), ("cable.forth", "cable.back"),
             ("grid.import", "grid.export")]  # fmt: skip
    free = np.zeros(drawn.time.stages, dtype=bool)
    for node in plan.network.nodes:
        free |= plan.price(node) <= 1e-6  # spilt wind costs nothing, nor does sending it round
    for first, second in pairs:
        if has(plan.network, first) and has(plan.network, second):
            both = np.minimum(of(plan, first), of(plan, second))
            assert near(both[~free], 0.0)


@settings(max_examples=60)
@given(drawn=plants())
def test_load_is_served_dropped_or_late_but_never_more_than_asked(drawn: Drawn) -> None:
    """*Proves:* over each chain, energy taken is energy asked for less what went unserved or was
    dropped: what waits is served in the end. *A wrong answer would be:* load that vanishes while
    it waits.
    """
    plan = planned(drawn)
    flows = {
        f.name.removeprefix("works."): plan.value(f) for f in plan.network.flows if f.who == "works"
    }
    relief = sum(flows.get(name, 0.0) for name in ("unserved", "interrupted", "deferred"))
    assert np.all(relief <= flows["load"] + 1e-6)
    if "deferred" in flows:
        late = (flows["deferred"] - flows["caught up"]).reshape(-1, drawn.time.periods)
        assert near(late.sum(axis=1) / (1 + late.shape[1]), 0.0)
        assert late.cumsum(axis=1).min() >= -1e-6
