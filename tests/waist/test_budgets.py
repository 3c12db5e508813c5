"""Budgets and sizes with several elements, solved by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.waist.micro import park, small
from zeroplant.axis import Axis, Chain
from zeroplant.errors import InputError
from zeroplant.solve import solve
from zeroplant.waist import Network


def test_cap_on_energy_over_the_horizon() -> None:
    """6 MWh of cheap energy at the most, in half-hours: the rest is dear.

    Proves: flows count with the hours of their stages. A wrong answer would be: 3 MWh (rates
    summed without hours would allow 6 MW·periods only).
    """
    net = small(4, hours=0.5)
    bus = park(net)
    net.flow("load", take=bus, fixed=5.0)
    cheap = net.flow("cheap", give=bus, cost=1.0)
    net.flow("dear", give=bus, cost=11.0)
    rule = net.budget("fuel", cheap, at_most=6.0)
    solution = solve(net)
    assert solution.total(cheap) == pytest.approx(6.0)
    # One more MWh of fuel saves 10.
    assert solution.shadow(rule) == pytest.approx([-10.0])


def test_each_day_by_itself() -> None:
    """At most 3 MWh a day: what one day leaves over does not help the next.

    Proves: groups of a budget on the plant's clock. A wrong answer would be: all 6 on one day.
    """
    net = small(48)
    bus = park(net)
    sold = net.flow("sold", take=bus, cap=np.where(np.arange(48) < 24, 9.0, 0.0))
    plant = net.flow("plant", give=bus)
    net.line("m", "sold", sold, 1.0, kind="revenue")
    rule = net.budget("quota", plant, at_most=3.0, over="day")
    solution = solve(net)
    assert solution.objective == pytest.approx(-3.0)
    assert solution.shadow(rule) == pytest.approx([-1.0, 0.0])


def test_share_of_what_was_available() -> None:
    """At least 80 % of the sun that a plant of free size could give must be used.

    8 MWh of load at noon, none at night, sun of 1 then 0.5: a plant of s gives 1.5 s, of which
    only s, at most 8, can be used; 0.8 · 1.5 s = 1.2 s > s, so without a breach s must be 0.
    Proves: `total` integrates availability times size. A wrong answer would be: s = 8.
    """
    net = small(2)
    bus = park(net)
    sun, size = np.array([1.0, 0.5]), net.size("sun", upper=50.0)
    net.flow("load", take=bus, fixed=np.array([8.0, 0.0]))
    used = net.flow("used", give=bus, cap=sun * size)
    net.flow("grid", give=bus, cost=10.0)
    net.budget("use", used - net.total(0.8 * sun * size), at_least=0.0)
    assert solve(net).number(size) == pytest.approx(0.0)


def test_broken_rule_is_priced_and_measured() -> None:
    """A share of 10 MWh of green energy where 4 are possible: broken by 6, at 50 each.

    Proves: slack, its price, its ledger line. A wrong answer would be: no answer, or 10·50.
    """
    net = small(2)
    bus = park(net)
    net.flow("load", take=bus, fixed=5.0)
    green = net.flow("green", give=bus, cap=2.0)
    net.flow("grid", give=bus)
    rule = net.budget("share", green, at_least=10.0, breach=50.0)
    solution = solve(net)
    assert solution.breach(rule) == pytest.approx([6.0])
    assert solution.objective == pytest.approx(300.0)
    assert solution.shadow(rule) == pytest.approx([50.0])
    assert [(e.kind, e.amount) for e in solution.ledger] == [("penalty", pytest.approx(300.0))]


def test_broken_rule_over_single_periods() -> None:
    """A least flow of 3 MW where 1 MW is possible, in quarter-hours: 2 MW short, 0.5 MWh each.

    Proves: a breach over periods is a rate. A wrong answer would be: 4 times the price.
    """
    net = small(2, hours=0.25)
    bus = park(net)
    flow = net.flow("release", give=bus, cap=1.0)
    net.flow("out", take=bus)
    rule = net.budget("least flow", flow, at_least=3.0, over="period", breach=8.0)
    solution = solve(net)
    assert solution.breach(rule) == pytest.approx([2.0, 2.0])
    assert solution.objective == pytest.approx(2 * 2.0 * 0.25 * 8.0)


def test_hard_rule_has_no_breach() -> None:
    """A rule without a price for its breach reads back as never broken."""
    net = small(1)
    rule = net.budget("r", net.flow("f", cap=2.0, give=park(net)), at_most=5.0)
    net.flow("out", take=net.nodes[0])
    assert solve(net).breach(rule) == pytest.approx([0.0])


def test_monthly_peak() -> None:
    """Peaks of 7 in January and 4 in February, each charged by itself at 100: 1,100.

    Proves: one element per month, each capping its own stages. A wrong answer would be: 700
    (one peak) or 1,400 (the higher one twice).
    """
    net = small(4, day=31, hours=12.0)
    bus = park(net)
    net.flow("load", take=bus, fixed=np.array([7.0, 2.0, 4.0, 3.0]))
    peak = net.size("peak", over="month")
    net.flow("import", give=bus, cap=peak)
    net.line("grid", "demand", peak, 100.0, unit="MW", kind="charge")
    solution = solve(net)
    assert solution.value(peak) == pytest.approx([7, 4])
    assert solution.objective == pytest.approx(1100.0)


def test_monthly_peaks_in_monthly_and_yearly_rules() -> None:
    """Peaks enter a monthly rule month by month, a rule over the horizon all together.

    Proves: pairing of elements and groups. A wrong answer would be: both peaks at 6, or a sum
    that counts one of them.
    """
    net = small(4, day=31, hours=12.0)
    bus = park(net)
    out = net.flow("out", take=bus)
    peak = net.size("peak", over="month", upper=50.0)
    net.flow("plant", give=bus, cap=peak)
    net.line("m", "sold", out, np.array([2.0, 2.0, 1.0, 1.0]), kind="revenue")
    net.budget("each", 1.0 * peak, at_most=6.0, over="month", unit="MW")
    net.budget("both", 1.0 * peak, at_most=9.0, unit="MW")
    assert solve(net).value(peak) == pytest.approx([6, 3])


def test_two_bounds_and_constants() -> None:
    """2 ≤ flow + 1 ≤ 4 with energy of 1 hour: a flow that pays stops at 3, one that costs at 1.

    Proves: both bounds, and a constant that counts once. A wrong answer would be: 4 or 2.
    """
    for price, wanted in ((1.0, 3.0), (-1.0, 1.0)):
        net = small(1)
        flow = net.flow("f", give=park(net))
        net.flow("out", take=net.nodes[0])
        net.line("m", "x", flow, price, kind="revenue")
        net.budget("band", flow + 1.0, at_least=2.0, at_most=4.0)
        assert solve(net).value(flow) == pytest.approx([wanted])


def test_whole_units() -> None:
    """7 MW from units of 3 MW takes three units.

    Proves: integer sizes. A wrong answer would be: 7/3 units.
    """
    net = small(1)
    bus = park(net)
    units = net.size("units", integer=True)
    net.line("me", "units", units, 10.0)
    net.flow("load", take=bus, fixed=7.0)
    net.flow("plant", give=bus, cap=3.0 * units)
    solution = solve(net, gap=1e-9)
    assert solution.number(units) == pytest.approx(3.0)
    assert solution.objective == pytest.approx(30.0)


def _duplicate_flow(net: Network) -> None:
    net.flow("a")
    net.flow("a")


def _duplicate_node(net: Network) -> None:
    net.node("a")
    net.node("a")


def _two_sided_breach(net: Network) -> None:
    net.budget("b", net.flow("f"), at_least=0.0, at_most=1.0, breach=1.0)


def _mixed_line(net: Network) -> None:
    net.line("me", "both", net.flow("f") + net.size("s"), 1.0)


def _series_price_of_a_size(net: Network) -> None:
    net.line("me", "size", net.size("s"), np.array([1.0, 2.0]))


def _shifted_line(net: Network) -> None:
    net.line("me", "late", net.flow("f").shift(1), 1.0)


def _shifted_integral(net: Network) -> None:
    net.budget("b", net.flow("f").shift(1), at_most=1.0)


def _total_of_peaks(net: Network) -> None:
    net.total(net.size("peak", over="day"))


def _shift_with_series(net: Network) -> None:
    (net.flow("f") * np.array([1.0, 2.0])).shift(1)


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        (_duplicate_flow, InputError, "two flows are named 'a'"),
        (_duplicate_node, InputError, "two nodes are named 'a'"),
        (_two_sided_breach, ValueError, "two bounds"),
        (_mixed_line, ValueError, "mixes rates over time with sizes"),
        (_series_price_of_a_size, ValueError, "has no flow"),
        (_shifted_line, ValueError, "cannot look periods back"),
        (_shifted_integral, ValueError, "cannot look periods back"),
        (_total_of_peaks, ValueError, "several elements"),
        (_shift_with_series, ValueError, "constant coefficients"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object, kind: type, words: str) -> None:
    """Each nonsense is refused when it is said, in words. A wrong answer would be: silence."""
    with pytest.raises(kind, match=words):
        wrong(small(2))  # type: ignore[operator]


def test_wrong_length_is_refused() -> None:
    """Three values for two periods are refused when the network is solved."""
    net = small(2)
    net.flow("load", take=park(net), fixed=np.ones(3))
    with pytest.raises(InputError, match=r"\(3,\) values where 2 periods are wanted"):
        solve(net)


def test_budgets_and_peaks_of_different_spans_are_refused() -> None:
    """Monthly peaks in a daily rule have no meaning."""
    net = small(48)
    peak = net.size("peak", over="day", upper=1.0)
    net.budget("hourly", 1.0 * peak, at_most=1.0, over="hour")
    with pytest.raises(ValueError, match="different spans"):
        solve(net)


def test_chains_count_by_their_weight_in_rules_and_costs() -> None:
    """A dry year (weight ¼) and a wet one (¾): limits are on the expected energy.

    One hour each; at most 2 MWh expected are cheap: ¼·d + ¾·w ≤ 2 with both up to 4 MW. All the
    same in price, so the objective shows the energy: load 4 MW in both, dear energy at 10:
    10·(4 − 2) = 20. Proves: rows and costs weigh the stages alike. A wrong answer would be: 30
    (limit on the plain sum, met in the wet year: 10·(¼·4 + ¾·2) = 25, or worse).
    """
    axis = Axis(
        datetime(2025, 1, 1, tzinfo=UTC), 1, chains=(Chain("dry", 0.25), Chain("wet", 0.75))
    )
    net = Network(axis)
    bus = park(net)
    net.flow("load", take=bus, fixed=4.0)
    cheap = net.flow("cheap", give=bus)
    net.flow("dear", give=bus, cost=10.0)
    rule = net.budget("fuel", cheap, at_most=2.0)
    solution = solve(net)
    assert solution.objective == pytest.approx(20.0)
    assert solution.total(cheap) == pytest.approx(2.0)
    assert solution.shadow(rule) == pytest.approx([-10.0])
    assert solution.price(bus) == pytest.approx([10.0, 10.0])


def test_a_ramp_begins_anew_in_every_chain() -> None:
    """Two chains of two hours: each may begin anywhere, and climb by 1.

    Proves: rules that look back are free at the start of each chain, not of the first only. A
    wrong answer would be: 3 MW at the start of the second chain, one above the first chain's
    end, or 4 MW, one above its own.
    """
    net = small(2, chains=2)
    bus = park(net)
    sold = net.flow("sold", take=bus)
    plant = net.flow("plant", give=bus, cap=np.array([1.0, 9.0, 9.0, 3.0]))
    net.line("m", "sold", sold, 1.0, kind="revenue")
    rule = net.budget("ramp", plant - plant.shift(1), at_most=1.0, over="period")
    solution = solve(net)
    assert solution.value(plant) == pytest.approx([1, 2, 9, 3])
    # One more MW of ramp is one more MWh sold, where the rule applies.
    assert solution.shadow(rule) == pytest.approx([0, -1, 0, 0])


def test_a_rule_within_a_chain_counts_every_hour_in_full() -> None:
    """Two hours of fuel in a year of probability 1/4: at most 1 MWh, each MWh more costs 8.

    Proves: within a chain an hour is an hour, and breaking the rule is paid as often as the chain
    happens: 1 MWh too much, 8 * 1/4 = 2. A wrong answer would be: no breach at all, because only
    a quarter of the energy counts.
    """
    axis = Axis(
        datetime(2025, 1, 1, tzinfo=UTC), 2, chains=(Chain("dry", 0.25), Chain("wet", 0.75))
    )
    net = Network(axis)
    bus = park(net)
    net.flow("load", take=bus, fixed=np.array([1.0, 1.0, 0.0, 0.0]))
    fuel = net.flow("fuel", give=bus)
    rule = net.budget("fuel of a year", fuel, at_most=1.0, over="chain", breach=8.0)
    solution = solve(net)
    assert solution.breach(rule) == pytest.approx([1.0, 0.0])
    assert solution.objective == pytest.approx(2.0)
