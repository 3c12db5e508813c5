"""By-products: used, stored or disposed of; cascades of water; mass that goes round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.chains import NODES, answer, found, stand
from tests.assets.small import YEAR, axis, near, of, paid
from zeroplant.assets.by_product import ByProduct
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.errors import InputError
from zeroplant.rules import account_of


def slag(**words: Any) -> ByProduct:
    """10 t/h of slag that a cement works takes in place of clinker, unless told otherwise."""
    usual = {
        "kind": "by_product", "made": 10.0, "disposal": 50.0,
        "uses": {"cement": {"at": "clinker", "transport": 20.0, "treatment": 30.0}},
    }  # fmt: skip
    return ByProduct(**{**usual, **words})


def works(least: float = 6.0, price: float = 200.0) -> dict[str, Any]:
    """A cement works that needs clinker, which can be bought."""
    return {
        "mill": Offtake(kind="offtake", at="clinker", least=least, unserved=1e4),
        "kiln": Supply(kind="supply", at="clinker", price=price),
    }


def test_a_tonne_saves_purchase_and_disposal() -> None:
    """*Proves:* 6 t/h save 200 + 50 − 20 − 30 each, which the findings tell; 4 t/h are disposed
    of. *A wrong answer would be:* a saving of 150 (disposal forgotten).
    """
    assets = {"slag": slag(), **works()}
    plan = answer(assets, axis(1))
    assert near(plan.objective, 4 * 50 + 6 * 50)
    said = found(assets, plan, "slag")
    assert said["solid_waste_used"] == pytest.approx(0.6)
    assert said["used"] == pytest.approx(6 * YEAR)
    bought = answer(works(), axis(1)).objective
    assert bought + 10 * 50 - plan.objective == pytest.approx(6 * 200)


def test_more_than_the_stream_is_refused() -> None:
    """*Proves:* a tonne saves at most two, and a m3 of water one. *A wrong answer would be:* 500 t
    of clinker out of a tonne of slag.
    """
    assert slag(uses={"mill": {"at": "clinker", "replaces": 1.6}}).uses["mill"].replaces == 1.6
    with pytest.raises(ValidationError, match="500 is above 2; write 2 or less"):
        slag(uses={"mill": {"at": "clinker", "replaces": 500}})
    with pytest.raises(ValidationError, match=r"a m3 of water does not replace 1\.5 m3"):
        slag(counts_as="water", uses={"wash": {"at": "clinker", "replaces": 1.5}})


def test_the_saving_is_told_at_the_price_of_the_node() -> None:
    """*Proves:* where some clinker is still bought, its price of 200 is what a tonne is worth.
    *A wrong answer would be:* the price of the by-product's own node.
    """
    assets = {"slag": slag(made=4.0), **works()}
    plan = answer(assets, axis(1))
    said = found(assets, plan, "slag")
    assert said["saving"] == pytest.approx(4 * (200 + 50 - 20 - 30) * YEAR)
    assert said["solid_waste_used"] == pytest.approx(1.0)


def test_it_is_not_used_where_that_costs_more() -> None:
    """*Proves:* at 20 + 30 of transport and treatment, clinker for nothing and disposal at 40, it
    is disposed of. *A wrong answer would be:* use for its own sake.
    """
    plan = answer({"slag": slag(disposal=40.0), **works(price=0.0)}, axis(1))
    assert near(of(plan, "slag.disposed"), 10.0)


def test_less_goes_in_than_comes_out() -> None:
    """*Proves:* with 0.9 t for each t used, 6 t/h of clinker take 6.67 t/h of slag."""
    uses = {"cement": {"at": "clinker", "replaces": 0.9}}
    plan = answer({"slag": slag(uses=uses), **works()}, axis(1))
    assert near(of(plan, "slag.cement"), 6 / 0.9)


def test_takers_outside_and_limits() -> None:
    """*Proves:* a taker pays 15 for at most 4 t/h, by a shape. *A wrong answer would be:* no
    limit.
    """
    uses = {"bricks": {"price": 15.0, "most": 4.0, "shape": np.array([1.0, 0.5])}}
    plan = answer({"slag": slag(uses=uses)}, axis(2))
    assert near(of(plan, "slag.bricks"), [4, 2])
    assert near(paid(plan, "slag", "by-product sold"), -90)


def test_a_heap_waits_for_its_use() -> None:
    """*Proves:* slag of the first hour is used in the second. *A wrong answer would be:* disposal
    of what could have waited.
    """
    uses = {"bricks": {"price": 15.0, "most": 20.0, "shape": np.array([0.0, 1.0])}}
    plan = answer({"slag": slag(uses=uses, heap=8.0)}, axis(2))
    assert near(of(plan, "slag.disposed"), [2, 0])
    assert near(of(plan, "slag.bricks"), [0, 18])


def test_a_process_may_leave_it_at_a_node() -> None:
    """*Proves:* what arrives at the node by others is used like what is made here."""
    ash = slag(made=None, at="ash", uses={"bricks": {"price": 5.0}})
    boiler = Supply(kind="supply", at="ash", price=-9.0, most=3.0)
    plan = answer({"boiler": boiler, "ash of it": ash}, axis(1))
    assert near(of(plan, "ash of it.bricks"), 3.0)


def test_water_is_used_again_by_its_quality() -> None:
    """*Proves:* a cascade: blowdown of 500 mg/L serves washing (bears 800) as it is, and the
    boiler (bears 50) only with treatment, which costs less than fresh water. 0.02 m³/s are 72 m³
    in an hour. *A wrong answer would be:* dirty water in the boiler for nothing.
    """
    uses = {
        "washing": {"price": 1.0, "most": 0.005, "accepts": 800.0},
        "boiler": {"at": "tap", "treatment": 2.0, "accepts": 50.0},
    }
    water = slag(made=0.02, counts_as="water", quality=500.0, disposal=1.0, uses=uses)
    assets = {
        "blowdown": water,
        "well": Supply(kind="supply", at="tap", price=5.0),
        "drum": Offtake(kind="offtake", at="tap", least=0.02, unserved=1e3),
    }
    plan = answer(assets, axis(1))
    assert near(of(plan, "blowdown.boiler"), 0.02)
    assert near(paid(plan, "blowdown", "transport and treatment"), 72 * 2)
    account = account_of(plan.network)
    share = plan.total(account["water_reused"]) / plan.total(account["water_used"])
    assert share == pytest.approx(1.0)
    assert found(assets, plan, "blowdown")["water_reused"] == pytest.approx(1.0)
    uses["boiler"].pop("treatment")
    with pytest.raises(
        ValidationError, match=r"uses\.boiler: it accepts 50, and the stream has 500"
    ):
        slag(made=0.02, counts_as="water", quality=500.0, uses=uses)


def test_rules_know_what_is_put_to_use() -> None:
    """*Proves:* indicator 3 of document 910 reads 60 % of this plant. *A wrong answer would be:*
    a figure that somebody must type in.
    """
    plan = answer({"slag": slag(), **works()}, axis(1))
    account = account_of(plan.network)
    assert plan.total(account["solid_waste"]) == pytest.approx(10)
    assert plan.total(account["solid_waste_used"]) == pytest.approx(6)


@settings(max_examples=40)
@given(
    made=st.lists(st.floats(0.1, 9.0), min_size=3, max_size=3),
    shares=st.lists(st.floats(0.0, 0.9), min_size=3, max_size=3),
)
def test_what_goes_round_is_leontiefs_inverse(made: list[float], shares: list[float]) -> None:
    """*Proves:* three by-products in a ring, each of whose uses leaves a share of itself as the
    next one, have the throughput (I − A)⁻¹ made, and what leaves the ring is what came in. *A
    wrong answer would be:* a chain cut after its first round.
    """
    nodes = ("clinker", "ash", "nh3")
    table = np.zeros((3, 3))
    assets = {}
    for here, (node, share) in enumerate(zip(nodes, shares, strict=True)):
        there = (here + 1) % 3
        table[there, here] = share + 0.01
        use = {"at": nodes[there], "replaces": share + 0.01, "transport": 1.0}
        assets[node] = ByProduct(
            kind="by_product", at=node, made=made[here], disposal=1e3, uses={"next": use}
        )
    plan = answer(assets, axis(1))
    through = np.array([of(plan, f"{node}.next")[0] for node in nodes])
    assert through == pytest.approx(np.linalg.solve(np.eye(3) - table, made), rel=1e-6)
    leaving = (1.0 - table.sum(axis=0)) @ through
    assert leaving == pytest.approx(sum(made), rel=1e-6)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"made": None}, "give 'made', how much of it arises, or 'at'"),
        ({"uses": {"made": {"price": 1.0}}}, "a use cannot be called 'made'"),
        ({"uses": {"x": {}}}, "uses.x: nothing is said of who takes it"),
        ({"uses": {"x": {"price": 1.0, "shape": 1.0}}}, "'shape' needs 'most'"),
        ({"uses": {}}, "at least 1"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], says: str) -> None:
    """*Proves:* what cannot be is refused when it is written."""
    with pytest.raises(ValidationError, match=says):
        slag(**words)


def test_streams_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* slag into a node of MW is refused; kilograms and tonnes go together."""
    with pytest.raises(InputError, match="counted in t/h, the node 'gas' in MW"):
        stand({"slag": slag(uses={"x": {"at": "gas"}})}, axis(1))
    monkeypatch.setitem(NODES, "clinker", ("clinker", "kg/h"))
    plan = answer({"slag": slag(), **works(6000.0, 0.2)}, axis(1))
    assert near(of(plan, "slag.cement"), 6.0)
