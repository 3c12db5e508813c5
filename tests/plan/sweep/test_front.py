"""The frontier of plans: what no other beats in both figures."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.assets.small import axis
from tests.plan.sweep.small import point, swept
from zeroplant.errors import InputError
from zeroplant.plan.breach import breaches
from zeroplant.plan.report.names import names_of
from zeroplant.plan.sweep import frontier, measure_named
from zeroplant.solve import solve
from zeroplant.waist import Network


def numbers(*points: object, x: str = "emissions", y: str = "cost") -> list[int]:
    """The frontier by the numbers of its points."""
    sweep = swept(*points)  # type: ignore[arg-type]
    found = frontier(sweep, measure_named(x, sweep), measure_named(y, sweep))
    return [each.number for each in found]


def test_frontier_by_hand() -> None:
    """*Proves:* 1 is dearer and dirtier than 2; 3 costs as much as 0 and emits more; the rest
    stand, from the cleanest to the cheapest. *A wrong answer would be:* only both extremes.
    """
    points = [point(0, 10, 5), point(1, 8, 8), point(2, 7, 6), point(3, 10, 5.5), point(4, 5, 9)]
    assert numbers(*points) == [0, 2, 4]


def test_equal_plans_stand_together_within_rounding() -> None:
    """*Proves:* two solves of the same plan do not push each other off."""
    assert numbers(point(0, 10, 5), point(1, 10 * (1 + 1e-9), 5 * (1 - 1e-9))) == [1, 0]


def test_broken_and_failed_points_are_not_on_it() -> None:
    """*Proves:* a plan that breaks a rule, or serves not all, is cheap for that reason alone."""
    points = [
        point(0, 10, 5),
        point(1, 1, 1, rules=2, rules_met=1),
        point(2, 1, 1, broken=[("unserved", "缺供")]),
        point(3, 1, 1, status="failed"),
        point(4, None, 1),
    ]
    assert numbers(*points) == [0]


def test_a_wish_that_is_slightly_missed_leaves_a_plan_on_it() -> None:
    """*Proves:* a wish missed by less than a thousandth is no reason to leave a plan out. *A wrong
    answer would be:* no frontier at all, because of 33 t of 53,700.
    """
    assert numbers(point(0, 10, 5, slight=[("least load", "最低负荷")])) == [0]


@pytest.mark.parametrize(
    ("unit", "calm", "slight"), [("t/h", 1, True), ("t/h", 5, False), ("MW", 1, False)]
)
def test_slightly_is_a_thousandth_of_what_is_asked(unit: str, calm: int, slight: bool) -> None:
    """*Proves:* one hour in 2 000 without the least load is slight, five are not, and of promised
    power not even one is. *A wrong answer would be:* everything let off, or nothing.
    """
    net = Network(axis(2000))
    park = net.node("park")
    can = np.ones(2000)
    can[:calm] = 0.0
    made = net.flow("plant.made", give=park, cap=can)
    net.flow("used", take=park)
    net.budget("plant.least", made, at_least=1.0, over="period", breach=10.0, unit=unit)
    built: Any = SimpleNamespace(laid=[], packs=[], carbon_cap=None)
    (found,) = breaches(built, solve(net), [], names_of({}))
    assert found.amount == pytest.approx(calm * 8760 / 2000)
    assert found.slight == slight


def test_more_may_be_better() -> None:
    """*Proves:* of a rate of return more is better. *A wrong answer would be:* the least."""
    points = [point(n, 0, n) for n in range(3)]
    points = [p.__class__(**{**vars(p), "measures": {"irr": 0.1 - p.number / 100,
              "emissions": 3.0 - p.number}}) for p in points]  # fmt: skip
    assert numbers(*points, y="irr") == [2, 1, 0]
    assert numbers(points[0], points[1], x="irr", y="irr") == [0]


def test_an_entry_has_no_better_side() -> None:
    """*Proves:* against a swept entry there are curves, no frontier; an unknown figure is named."""
    sweep = swept(point(0, 1, 2), point(1, 2, 1))
    entry, cost = measure_named("k", sweep), measure_named("cost", sweep)
    assert frontier(sweep, entry, cost) == []
    assert [entry.of(each, sweep) for each in sweep.points] == [0.0, 1.0]
    with pytest.raises(InputError, match="there is no figure 'costs'; did you mean 'cost'"):
        measure_named("costs", sweep)
