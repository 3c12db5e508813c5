"""Offtake: sales, deliveries that must be, and contracts by the day, month and year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.chains import answer, stand
from tests.assets.small import axis, entry, has, near, of, paid
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.errors import InputError


def offtake(**words: Any) -> Offtake:
    """A buyer of hydrogen at 30 per kg, unless told otherwise."""
    return Offtake(**{"kind": "offtake", "at": "h2", "price": 30.0, **words})


def tube(price: Any = 20.0, **words: Any) -> Supply:
    """Hydrogen that can be bought."""
    return Supply(**{"kind": "supply", "at": "h2", "price": price, **words})


def test_a_buyer_takes_what_pays() -> None:
    """*Proves:* 100 kg/h are sold while they cost 20, none when they cost 40. *A wrong answer
    would be:* sales at a loss.
    """
    trade = {"tube": tube(20.0, price_shape=np.array([1.0, 2.0])), "buyer": offtake(most=100.0)}
    plan = answer(trade, axis(2))
    assert near(of(plan, "buyer.sold"), [100, 0])
    assert near(plan.objective, 100 * (20 - 30))


def test_what_must_be_delivered_is_served_or_missing() -> None:
    """*Proves:* of 100 kg/h and a source of 60, 40 are missing at 50 each, and only 60 are paid
    for. *A wrong answer would be:* no answer, or money for what was not delivered.
    """
    buyer = offtake(least=100.0, unserved=50.0)
    plan = answer({"tube": tube(most=60.0), "buyer": buyer}, axis(1))
    assert near(paid(plan, "buyer", "missing delivery"), 40 * 50)
    assert near(paid(plan, "buyer", "hydrogen sold"), -60 * 30)
    assert not has(plan.network, "buyer.sold")


def test_between_least_and_most_the_buyer_takes_more() -> None:
    """*Proves:* the shape multiplies both ends. *A wrong answer would be:* 80 beside the least."""
    buyer = offtake(least=20.0, most=80.0, unserved=99.0, shape=np.array([1.0, 0.5]))
    plan = answer({"tube": tube(), "buyer": buyer}, axis(2))
    assert near(of(plan, "buyer.must"), [20, 10])
    assert near(of(plan, "buyer.sold"), [60, 30])


@pytest.mark.parametrize(("per", "promised"), [("day", 24.0), ("month", 744.0), ("year", 8760.0)])
def test_contracts_are_kept_or_paid_for(per: str, promised: float) -> None:
    """*Proves:* a promise of 1 kg/h on average, over two days of January, is 48 kg by the day,
    the month or the year; with 0.5 kg/h at hand, 24 kg are short at 7 each, paid to the buyer.
    *A wrong answer would be:* the whole month's amount in two days.
    """
    contract = {"per": per, "amount": promised, "shortfall": 7.0}
    buyer = offtake(price=0.0, most=9.0, contract=contract)
    plan = answer({"tube": tube(0.0, most=0.5), "buyer": buyer}, axis(48))
    line = entry(plan, "buyer", "damages")
    assert near(line.amount, 24 * 7)
    assert (line.kind, line.to) == ("running", "buyer")


def test_a_contract_holds_in_each_scenario_and_counts_by_its_weight() -> None:
    """*Proves:* two chains of which one is dry: 24 kg short there with probability 0.25. *A wrong
    answer would be:* the wet year delivering for the dry one.
    """
    contract = {"per": "year", "amount": 8760.0, "shortfall": 8.0}
    source = Supply(kind="supply", at="h2", price=0.0, most=9.0)
    weights = (0.75, 0.25)
    dry = np.repeat([9.0, 0.0], 24)
    buyer = offtake(price=0.0, most=1.0, shape=np.minimum(dry, 1.0), contract=contract)
    plan = answer({"tube": source, "buyer": buyer}, axis(24, weights=weights))
    assert near(paid(plan, "buyer", "damages"), 24 * 8 * 0.25)


def test_no_more_than_the_buyer_takes_in_a_month() -> None:
    """*Proves:* 186 kg in a month are 12 in two days, however profitable."""
    buyer = offtake(contract={"per": "month", "most": 186.0})
    plan = answer({"tube": tube(), "buyer": buyer}, axis(48))
    assert near(of(plan, "buyer.sold").sum(), 12.0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"least": 5.0}, "give 'unserved', the price of missing it"),
        ({"contract": {"per": "day", "amount": 5.0}}, "give 'shortfall'"),
        ({"contract": {"per": "day"}}, "give one of them"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], says: str) -> None:
    """*Proves:* a promise without a price is refused when it is written."""
    with pytest.raises(ValidationError, match=says):
        offtake(**words)


def test_most_is_not_less_than_least() -> None:
    """*Proves:* both may be written in different units, and are compared in the node's."""
    buyer = offtake(least="1 t/h", most="100 kg/h", unserved=1.0)
    with pytest.raises(InputError, match="'most' 100 kg/h is less than 'least' 1 t/h"):
        stand({"buyer": buyer}, axis(1))


def test_electricity_is_sold_in_other_ways() -> None:
    """*Proves:* rules know sales of electricity by their roles."""
    (found,) = Offtake.across({"wire": offtake(at="park")}, {"park": "electricity"})
    assert "write kind: demand or kind: grid" in str(found[1])
