"""Processes: orders, buffers, shifts, batches of a least length, by-products."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.park import answer, found
from tests.assets.small import axis, near, of, paid
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.parts.orders import due
from zeroplant.assets.process import Process
from zeroplant.axis import Floats
from zeroplant.errors import InputError

NODES = {
    "park": "electricity", "steam": "lp steam", "h2": "hydrogen", "scrap": "scrap", "slag": "slag",
    "steel": "steel",
}  # fmt: skip
DAY = {"amount": 24.0, "every": "day", "late": 5000.0}


def process(**words: Any) -> Process:
    """10 t/h at 1 MWh/t, 24 t a day."""
    usual = {"kind": "process", "at": "park", "rate": 10.0, "electricity": 1.0, "order": DAY}
    return Process(**{**usual, **words})


def test_a_days_work_moves_to_its_best_hours() -> None:
    """*Proves:* 24 t at 10 t/h are made in the three cheapest hours of each day. *A wrong answer
    would be:* 1 t every hour, or two days' work in the cheaper day.
    """
    price = np.tile(np.arange(24.0, 0.0, -1.0), 2) * np.repeat([1.0, 10.0], 24) + 10.0
    plan = answer({"p": process()}, axis(48), NODES, bought={"park": price})
    made = of(plan, "p.production").reshape(2, 24)
    assert near(made[:, -3:], [[4, 10, 10], [4, 10, 10]])
    assert near(made.sum(axis=1), 24.0)
    assert near(paid(plan, "p", "late goods"), 0.0)


def test_a_buffer_carries_goods_over_the_day() -> None:
    """*Proves:* with room for 6 t the cheap first day makes 30 t and the dear second 18. *A wrong
    answer would be:* 48 and 0 (a buffer without end), or 24 and 24.
    """
    order = {**DAY, "buffer": 6.0}
    price = np.repeat([1.0, 10.0], 24)
    plan = answer({"p": process(order=order)}, axis(48), NODES, bought={"park": price})
    assert near(of(plan, "p.production").reshape(2, 24).sum(axis=1), [30.0, 18.0])


def test_what_is_not_made_is_late() -> None:
    """*Proves:* 2 t/h on two of three shifts make 32 of 40 t; the 8 t missing cost 5,000 each, in
    nobody's purse; the findings tell them by the year, 365 times as much. *A wrong answer would
    be:* no answer, production by night, or the tonnes of a day beside yearly figures.
    """
    order = {**DAY, "amount": 40.0}
    shifts = np.where(np.arange(24) < 8, 0.0, 1.0)
    p = process(order=order, rate=2.0, available=shifts)
    plan = answer({"p": p}, axis(24), NODES, bought={"park": 100.0})
    assert near(of(plan, "p.production"), 2.0 * shifts)
    assert near(paid(plan, "p", "late goods"), 8 * 5000.0)
    said = found(plan, "p", p)
    assert near([said["made"].value, said["late"].value], [32.0 * 365, 8.0 * 365])
    assert near(said["utilisation"].value, 32 / 48)
    assert near(said["electricity_price"].value, 100.0)


def test_what_a_tonne_takes_and_gives() -> None:
    """*Proves:* 24 t of steel take 12 MWh of electricity, 6 MWh of steam, 1.2 t (1,200 kg) of
    hydrogen and 36 t of scrap, and leave 8 t of slag to be thrown away at 50. *A wrong answer would
    be:* hydrogen in tonnes at a node of kg/h.
    """
    p = process(
        electricity=0.5, energy={"steam": 0.25}, materials={"h2": 0.05, "scrap": 1.5},
        byproducts={"slag": 1 / 3}, disposal=50.0,
    )  # fmt: skip
    plan = answer(
        {"p": p}, axis(24), NODES, bought={"park": 1.0, "steam": 1.0, "h2": 1.0, "scrap": 1.0}
    )
    sums = [of(plan, f"{name} bought").sum() for name in ("park", "steam", "h2", "scrap")]
    assert near(sums, [12.0, 6.0, 1200.0, 36.0])
    assert near(paid(plan, "p", "disposal of byproducts"), 8 * 50.0)


def test_a_node_may_be_named_in_two_lists() -> None:
    """*Proves:* 0.5 MWh of electricity and 0.2 of ``energy`` from the same node are 0.7 MWh a
    tonne; steel as product and by-product is 1.3 t, and slag that is taken and given is the
    difference. *A wrong answer would be:* the figure that was said last.
    """
    p = process(
        order=None, product="steel", electricity=0.5, energy={"park": 0.2},
        materials={"slag": 0.5}, byproducts={"steel": 0.3, "slag": 0.2},
    )  # fmt: skip
    mill = Offtake(kind="offtake", at="steel", price=100.0)
    plan = answer({"p": p, "mill": mill}, axis(2), NODES, bought={"park": 1.0, "slag": 1.0})
    sums = [of(plan, name).sum() for name in ("park bought", "slag bought", "mill.sold")]
    assert near(sums, [14.0, 6.0, 26.0])


def test_a_price_decides_by_the_hour() -> None:
    """*Proves:* paid 200 per t at 1 MWh/t and 20 of other costs, it runs below 180 per MWh. *A
    wrong answer would be:* it runs at 190.
    """
    p = process(order=None, price=200.0, running=20.0)
    plan = answer({"p": p}, axis(2), NODES, bought={"park": np.array([170.0, 190.0])})
    assert near(of(plan, "p.production"), [10.0, 0.0])
    assert near(paid(plan, "p", "product sold"), -2000.0)


def ways_of(length: int, up: int) -> list[Floats]:
    """Every schedule whose runs, but for those cut by the ends, have at least ``up`` periods."""
    found_ = []
    for schedule in product((0, 1), repeat=length):
        runs = np.array(schedule, dtype=float)
        edges = np.flatnonzero(np.diff(runs)) + 1
        if all(after - e >= up for e, after in pairwise(edges) if runs[e]):
            found_.append(runs)
    return found_


@settings(max_examples=40)
@given(st.lists(st.integers(1, 99), min_size=6, max_size=10), st.integers(1, 4), st.integers(1, 10))
def test_batches_against_every_schedule(prices: list[int], up: int, wanted: int) -> None:
    """*Proves:* batches of a least length at full rate cost what the best of all 2ⁿ schedules
    costs, tonnes that are missing priced. *A wrong answer would be:* a batch cut in two.
    """
    price = np.array(prices, dtype=float)
    length = len(prices)
    share = 8760.0 / length  # the order is one of the year, of which the horizon is a part
    order = {"amount": wanted * share, "every": "year", "late": 60.0}
    p = process(rate=1.0, order=order, on_off=True, min_load=1.0, min_up=float(up))
    plan = answer({"p": p}, axis(length), NODES, bought={"park": price})
    best = min(
        price @ runs + 60.0 * (wanted - runs.sum())
        for runs in ways_of(length, up)
        if runs.sum() <= wanted
    )
    assert plan.objective == pytest.approx(float(best), abs=1e-5)


def test_the_linear_plan_is_never_dearer_than_batches() -> None:
    """*Proves:* without on_off the same process splits its batch: 3 t in the three cheapest hours;
    with a least run of three hours they must touch. *A wrong answer would be:* the same cost.
    """
    price = np.array([9.0, 1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 9.0])
    order = {"amount": 3.0 * 8760 / 8, "every": "year", "late": 1e4}
    costs = []
    for words in ({}, {"on_off": True, "min_load": 1.0, "min_up": 3.0}):
        p = process(rate=1.0, order=order, **words)
        costs.append(answer({"p": p}, axis(8), NODES, bought={"park": price}).objective)
    assert near(costs, [3.0, 11.0])


@pytest.mark.parametrize(
    ("every", "start", "days", "wanted"),
    [
        ("day", "2025-01-01", 2, {23: 7.0, 47: 7.0}),
        # 2025-01-01 is a Wednesday: five days of the first week, four of the second
        ("week", "2025-01-01", 9, {119: 5.0, 215: 4.0}),
        ("month", "2025-01-22", 24, {239: 7.0 * 10 / 31, 575: 7.0 * 14 / 28}),
        ("year", "2025-01-01", 365, {8759: 7.0}),
        ("year", "2024-01-01", 366, {8783: 7.0}),
        # two years ask twice, and the days of a leap year belong to the last
        ("year", "2024-01-01", 731, {8759: 7.0, 17543: 7.0}),
        ("year", "2025-01-01", 365 + 73, {8759: 7.0, 10511: 1.4}),
    ],
)
def test_when_orders_are_due(every: Any, start: str, days: int, wanted: dict[int, float]) -> None:
    """*Proves:* an order is due in the last hour of its span, in proportion where the horizon has
    a part of it. *A wrong answer would be:* whole weeks at both ends.
    """
    amounts = due(axis(24 * days, start=start), 7.0, every)
    assert near(amounts[list(wanted)], list(wanted.values()))
    assert near(amounts.sum(), sum(wanted.values()))


def test_an_order_of_every_year_is_made_every_year() -> None:
    """*Proves:* over two years 100 t a year are 200 t, and the finding says 100 t a year. *A wrong
    answer would be:* 50 t, one order for both.
    """
    p = process(order={**DAY, "amount": 100.0, "every": "year"})
    plan = answer({"p": p}, axis(2 * 365, 24.0), NODES, bought={"park": 100.0})
    assert near(of(plan, "p.production").sum() * 24.0, 200.0)
    assert near(found(plan, "p", p)["made"].value, 100.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"order": None}, "give 'order', 'product' or 'price'"),
        ({"product": "steel"}, "'order' and 'product' both"),
        ({"min_up": 3.0}, "'min_up' needs whole numbers"),
        ({"order": {**DAY, "every": "fortnight"}}, "'day', 'week', 'month' or 'year'"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        process(**words)


def test_energy_and_materials_are_told_apart() -> None:
    """*Proves:* steam among the materials is refused, with where it belongs."""
    with pytest.raises(InputError, match=r"steam.*is in MW.*write it under 'energy'"):
        answer({"p": process(materials={"steam": 1.0})}, axis(24), NODES)
