"""Amounts and prices are said by what a node carries: t, kg, MWh, m³."""

from __future__ import annotations

import numpy as np
import pytest

from tests.assets.chains import NODES
from tests.assets.small import axis
from zeroplant.plan.breach import breaches
from zeroplant.plan.report.facts.money import node_prices
from zeroplant.plan.report.names import Names
from zeroplant.plan.yearly import in_an_hour
from zeroplant.solve import solve
from zeroplant.waist import Network


@pytest.mark.parametrize(
    ("node", "unit", "per"),
    [("tap", "m3", 3600.0), ("nh3", "t", 1.0), ("h2", "kg", 1.0), ("park", "MWh", 1.0)],
)
def test_a_price_is_one_of_an_amount(node: str, unit: str, per: float) -> None:
    """*Proves:* water at 4 a cubic metre costs 4 per m³. *A wrong answer would be:* 14,400 per
    m³/s·h, or money per t/h·h.
    """
    net = Network(axis(2))
    place = net.node(node, carrier=NODES[node][0], unit=NODES[node][1])
    bought = net.flow("bought", give=place, unit=place.unit)
    net.line("town", "bought", bought * per, 4.0)
    net.flow("need", take=place, fixed=0.5, unit=place.unit)
    (row,) = node_prices(net, solve(net))
    assert row.unit == unit
    assert [row.mean, row.p5, row.median, row.p95] == pytest.approx([4.0] * 4)


@pytest.mark.parametrize(
    ("unit", "amount", "said"),
    [("t/h", 3.0, "t"), ("m3/s", 10_800.0, "m3"), ("kg/h", 3.0, "kg"), ("trucks", 3.0, "trucks·h")],
)
def test_a_broken_wish_is_told_in_amounts(unit: str, amount: float, said: str) -> None:
    """*Proves:* a wish broken by 1 and 2 m³/s for an hour each is broken by 10,800 m³. *A wrong
    answer would be:* 3 m3/s·h, which nobody can read.
    """
    from tests.plan.small import grid, load, planned

    result = planned({"works": load(), "grid": grid()}, 2)
    net = Network(axis(2))
    node = net.node("pond", carrier="water", unit=unit)
    flow = net.flow("release", give=node, cap=1.0, unit=unit)
    net.flow("out", take=node, unit=unit)
    net.budget("least release", flow, at_least=np.array([2.0, 3.0]), over="period",
               breach=1e3, unit=unit, who="dam")  # fmt: skip
    (found,) = breaches(result.built, solve(net), [], Names())
    assert (found.unit, found.amount * axis(2).years) == (said, pytest.approx(amount))
    assert f" {said} a year" in found.english
    assert in_an_hour(unit)[1] == said
