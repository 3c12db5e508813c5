"""Flows, nodes, prices: cases solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.waist.micro import park, small
from zeroplant.solve import solve
from zeroplant.waist import affine, total_of


def test_cheapest_first() -> None:
    """8 MW of load: 5 MW at 10, the rest at 30; 140 per hour, price 30.

    Proves: caps, costs and the balance. A wrong answer would be: 80 (cap forgotten) or 240
    (dearest first); a price of 10 if the dual had the wrong sign or place.
    """
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=8.0)
    cheap = net.flow("cheap", give=bus, cap=5.0, cost=10.0)
    dear = net.flow("dear", give=bus, cost=30.0)
    solution = solve(net)
    assert solution.objective == pytest.approx(2 * (5 * 10 + 3 * 30))
    assert solution.value(cheap) == pytest.approx([5, 5])
    assert solution.value(dear) == pytest.approx([3, 3])
    assert solution.price(bus) == pytest.approx([30, 30])
    assert solution.status == "optimal"
    assert solution.gap < 1e-9


def test_quarter_hours_make_quarter_energy() -> None:
    """4 MW for four quarter-hours are 4 MWh.

    Proves: costs are per MWh. A wrong answer would be: 160 (hours forgotten), or a price of
    2.5 (the dual not divided by the hours).
    """
    net = small(4, hours=0.25)
    bus = park(net)
    net.flow("load", take=bus, fixed=4.0)
    plant = net.flow("plant", give=bus, cost=10.0)
    solution = solve(net)
    assert solution.objective == pytest.approx(40.0)
    assert solution.total(plant) == pytest.approx(4.0)
    assert solution.price(bus) == pytest.approx([10.0] * 4)


def test_coefficients_over_time() -> None:
    """A heat pump of COP 2, then 4, serves 8 MW of heat with 4, then 2 MW of electricity.

    Proves: give and take with series. A wrong answer would be: 16 and 32 (COP on the wrong
    side), or the same power in both hours.
    """
    net = small(2)
    bus, heat = park(net), net.node("heat", carrier="heat")
    net.flow("demand", take=heat, fixed=8.0)
    pump = net.flow("pump", take=bus, give={heat: np.array([2.0, 4.0])})
    net.flow("grid", give=bus, cost=100.0)
    solution = solve(net)
    assert solution.value(pump) == pytest.approx([4, 2])
    assert solution.price(heat) == pytest.approx([50, 25])


def test_give_and_take_at_the_same_node() -> None:
    """A plant that uses a tenth of its own output must give 10 MW to serve 9 MW.

    Proves: two entries at one place add up. A wrong answer would be: 9 MW, or an error of the
    solver about a double entry.
    """
    net = small(1)
    bus = park(net)
    net.flow("load", take=bus, fixed=9.0)
    plant = net.flow("plant", give={bus: 1.0}, take={bus: 0.1}, cost=1.0)
    assert solve(net).value(plant) == pytest.approx([10.0])


def test_negative_price_is_taken_up_to_the_cap() -> None:
    """At a price of −20, 7 MW are bought and thrown away.

    Proves: negative prices. A wrong answer would be: nothing bought.
    """
    net = small(1)
    bus = park(net)
    bought = net.flow("import", give=bus, cap=7.0)
    net.flow("excess", take=bus)
    net.line("grid", "energy", bought, -20.0, kind="purchase")
    assert solve(net).objective == pytest.approx(-140.0)


def test_revenue_lowers_the_objective() -> None:
    """5 MW are sold at 40 and cost 10: the plant gains 150, and its ledger says who paid.

    Proves: the sign of kind "revenue". A wrong answer would be: 250, or nothing sold.
    """
    net = small(1)
    bus = park(net)
    plant = net.flow("plant", give=bus, cap=5.0, cost=10.0)
    sold = net.flow("export", take=bus)
    net.line("grid", "sold", sold, 40.0, kind="revenue", to="market")
    solution = solve(net)
    assert solution.objective == pytest.approx(-150.0)
    entry = solution.ledger[1]
    assert (entry.quantity, entry.price, entry.amount) == pytest.approx((5.0, 40.0, -200.0))
    assert entry.to == "market"
    assert solution.ledger[0].amount == pytest.approx(10.0 * solution.total(plant))


def test_must_run_floor() -> None:
    """A floor of 3 MW holds though the load is 2 MW; the rest is thrown away.

    Proves: floors. A wrong answer would be: 2 MW.
    """
    net = small(1)
    bus = park(net)
    net.flow("load", take=bus, fixed=2.0)
    net.flow("excess", take=bus)
    plant = net.flow("plant", give=bus, floor=3.0, cap=9.0, cost=1.0)
    assert solve(net).value(plant) == pytest.approx([3.0])


def test_cap_of_two_words() -> None:
    """Two flows share one connection: the second's cap is 10 less what the first uses.

    Proves: a cap that speaks of another flow. A wrong answer would be: 14 MW in all.
    """
    net = small(1)
    bus = park(net)
    first = net.flow("first", give=bus, cap=4.0)
    second = net.flow("second", give=bus, cap=10.0 - first)
    sold = net.flow("sold", take=bus)
    net.line("grid", "first", first, 2.0, kind="revenue")
    net.line("grid", "second", second, 1.0, kind="revenue")
    solution = solve(net)
    assert solution.value(second) == pytest.approx([6.0])
    assert solution.value(sold) == pytest.approx([10.0])


def test_cap_of_one_size_twice() -> None:
    """A cap of size + size/2 is one and a half times the size.

    Proves: terms of the same size add up. A wrong answer would be: a size of 6 or 12.
    """
    net = small(1)
    bus = park(net)
    size = net.size("power")
    net.line("me", "annuity", size, 1.0, unit="MW")
    net.flow("load", take=bus, fixed=6.0)
    net.flow("plant", give=bus, cap=size + 0.5 * size)
    assert solve(net).number(size) == pytest.approx(4.0)


def test_floor_of_a_size() -> None:
    """A plant of at least half its size: selling at a loss, it is built as small as allowed.

    Proves: floors that grow with a size. A wrong answer would be: no loss at all.
    """
    net = small(1)
    bus = park(net)
    size = net.size("power", lower=8.0)
    net.flow("plant", give=bus, cap=size, floor=0.5 * size, cost=5.0)
    net.flow("excess", take=bus)
    assert solve(net).objective == pytest.approx(20.0)


def test_delay_of_whole_periods_wraps() -> None:
    """Water sent in hour t arrives in hour t + 1, the last round to the first.

    Proves: the direction of the delay and the wrap. A wrong answer would be: sending in the
    hours of the need (no delay) or an hour after it (the wrong way round).
    """
    net = small(4)
    low = net.node("low", carrier="water", unit="m3/s")
    net.flow("need", take=low, fixed=np.array([1.0, 0.0, 2.0, 0.0]))
    river = net.flow("river", give=low, delay={low: 1.0})
    assert solve(net).value(river) == pytest.approx([0, 2, 0, 1])


def test_delay_between_periods_arrives_in_two_parts() -> None:
    """A delay of 1.25 h brings three quarters after one hour and a quarter after two.

    Proves: the split. A wrong answer would be: 0.25 and 0.75 exchanged.
    """
    net = small(4)
    low = net.node("low", carrier="water", unit="m3/s")
    net.flow("river", give=low, fixed=np.array([4.0, 0, 0, 0]), delay={low: 1.25})
    out = net.flow("out", take=low)
    assert solve(net).value(out) == pytest.approx([0, 3, 1, 0])


def test_delay_stays_within_its_chain() -> None:
    """With two chains the delay wraps inside each of them.

    Proves: chains do not leak. A wrong answer would be: the flow of one chain in the other.
    """
    net = small(3, chains=2)
    low = net.node("low")
    net.flow("river", give=low, fixed=np.array([0, 0, 1.0, 0, 0, 5.0]), delay={low: 1.0})
    out = net.flow("out", take=low)
    assert solve(net).value(out) == pytest.approx([1, 0, 0, 5, 0, 0])


def test_shifted_rule_is_free_at_the_start() -> None:
    """A ramp of 1 MW per hour holds between hours, not before the first.

    Proves: `shift` and the free first period. A wrong answer would be: a first hour of 1 MW
    (from nothing) or of 8 MW (one above the last hour, round the end).
    """
    net = small(4)
    bus = park(net)
    sold = net.flow("sold", take=bus)
    plant = net.flow("plant", give=bus, cap=np.array([9.0, 5.0, 9.0, 9.0]))
    net.line("grid", "sold", sold, 1.0, kind="revenue")
    net.budget("ramp", plant - plant.shift(1), at_most=1.0, over="period")
    assert solve(net).value(plant) == pytest.approx([9, 5, 6, 7])


def test_on_off_with_minimum_load() -> None:
    """An engine of 4 to 10 MW serves 5 MW, stands still at 2 MW (0.5 of load is too little).

    Proves: whole flows and bounds that speak of them. A wrong answer would be: running at 2 MW
    (minimum load ignored), or at 4 MW (excess is not possible here).
    """
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=np.array([5.0, 2.0]))
    on = net.flow("on", cap=1.0, integer=True)
    engine = net.flow("engine", give=bus, cap=10.0 * on, floor=4.0 * on, cost=1.0)
    net.flow("unserved", give=bus, cost=100.0)
    solution = solve(net, gap=1e-9)
    assert solution.value(engine) == pytest.approx([5, 0])
    assert solution.value(on) == pytest.approx([1, 0])
    # With the whole numbers held, one more MW costs 1 where it runs and 100 where it stands.
    assert solution.price(bus) == pytest.approx([1, 100])


def test_expressions_are_read_back() -> None:
    """Values, totals and shifts of expressions agree with arithmetic on the parts.

    Proves: `value` and `total`. A wrong answer would be: a shift in the wrong direction.
    """
    net = small(3)
    bus = park(net)
    size = net.size("s", lower=2.0, upper=2.0)
    flow = net.flow("f", give=bus, fixed=np.array([1.0, 2.0, 3.0]))
    net.flow("out", take=bus)
    solution = solve(net)
    assert solution.value(2 * flow + 1.0) == pytest.approx([3, 5, 7])
    assert solution.value(flow - flow.shift(1))[1:] == pytest.approx([1, 1])
    assert solution.total(flow + size) == pytest.approx(8.0)
    assert solution.value(np.array([1.0, 0.5, 0]) * size) == pytest.approx([2, 1, 0])
    assert solution.total(total_of([flow, affine(3.0)])) == pytest.approx(9.0)
