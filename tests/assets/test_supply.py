"""Supply: price, shape, limits and emissions of what is bought."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.assets.chains import answer, stand
from tests.assets.small import axis, entry, near, of, paid
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.errors import InputError
from zeroplant.units import SizeRange

STEEP = np.array([1.0, 2.0])


def supply(**words: Any) -> Supply:
    """Gas at 300 per MWh, unless told otherwise."""
    return Supply(**{"kind": "supply", "at": "gas", "price": 300.0, **words})


def need(least: float = 10.0, at: str = "gas", **words: Any) -> Offtake:
    """What must be delivered, at a high price of missing it."""
    return Offtake(**{"kind": "offtake", "at": at, "least": least, "unserved": 5000.0, **words})


def test_gas_is_paid_and_emits_what_it_does() -> None:
    """*Proves:* 10 MW of gas over 2 h cost 20 × 300, at the double price in the second hour, and
    emit 20 × 2.16 kg / (1.33 × 8.141 kWh) = 3.990 t. *A wrong answer would be:* 4.04 t (at the
    factor 0.202 of the IPCC), or the shape added to the price.
    """
    plan = answer({"gas": supply(price_shape=STEEP), "works": need()}, axis(2), carbon_price=100.0)
    assert near(paid(plan, "gas", "gas bought"), 10 * 300 + 10 * 600)
    tonnes = 20 * 2.16 / (1.33 * 29.3076 / 3.6)
    assert near(entry(plan, "gas", "emissions of gas").quantity, tonnes)
    assert near(paid(plan, "gas", "emissions of gas"), 100 * tonnes)


@pytest.mark.parametrize(
    ("words", "tonnes"),
    [
        ({"renewable": True}, 0.0),
        ({"emission_factor": 0.25}, 5.0),
        ({"renewable": True, "emission_factor": 0.1}, 2.0),
        ({"at": "coal"}, 20 * 2.66 / (29.3076 / 3.6)),
    ],
)
def test_emission_factors(words: dict[str, Any], tonnes: float) -> None:
    """*Proves:* clean fuels emit nothing unless told, and a given factor goes before the usual."""
    works = need(at=words.get("at", "gas"))
    plan = answer({"gas": supply(**words), "works": works}, axis(2))
    emitted = [e.quantity for e in plan.ledger if e.kind == "emission"]
    assert near(sum(emitted), tonnes)


def test_what_is_not_there_cannot_be_bought() -> None:
    """*Proves:* at most 6 MW at a time, and in 48 h of January 48/744 of a month's 186 MWh, which
    is 12: the rest is missing. *A wrong answer would be:* 186 MWh in two days.
    """
    most = answer({"gas": supply(most=6.0), "works": need()}, axis(48))
    assert near(of(most, "gas.bought"), 6.0)
    month = answer({"gas": supply(most_month=186.0), "works": need()}, axis(48))
    assert near(of(month, "gas.bought").sum(), 12.0)
    year = answer({"gas": supply(most_year=8760.0), "works": need()}, axis(48))
    assert near(of(year, "gas.bought").sum(), 48.0)


def test_a_month_is_a_month_in_every_scenario() -> None:
    """*Proves:* with two chains of weight a half each may use the whole month's part. *A wrong
    answer would be:* half of it.
    """
    plan = answer({"gas": supply(most_month=186.0), "works": need()},
                  axis(48, weights=(0.5, 0.5)))  # fmt: skip
    assert near(of(plan, "gas.bought").reshape(2, 48).sum(axis=1), 12.0)


def test_a_connection_is_bought_by_what_it_lets_through() -> None:
    """*Proves:* 10 MW of connection are chosen, with annuity and 2 % upkeep of 1000 per MW for
    two hours of a year. *A wrong answer would be:* a connection for nothing.
    """
    gas = supply(most=SizeRange(0, 99), capex=1000.0, life=10.0)
    plan = answer({"gas": gas, "works": need()}, axis(2))
    years, rate = 2 / 8760, 0.06 / (1 - 1.06**-10)
    assert near(plan.number(plan.network.capacities["gas.most"][0]), 10.0)
    assert near(paid(plan, "gas", "annuity of supply connection"), 10 * 1000 * rate * years)
    assert near(paid(plan, "gas", "upkeep of supply connection"), 10 * 20 * years)


def test_water_is_paid_by_the_cubic_metre() -> None:
    """*Proves:* 0.5 m³/s for an hour are 1800 m³ at 4. *A wrong answer would be:* 0.5 × 4."""
    water = supply(at="tap", price=4.0)
    plan = answer({"well": water, "town": need(0.5, "tap")}, axis(1))
    assert near(paid(plan, "well", "water bought"), 7200.0)
    assert entry(plan, "well", "water bought").unit == "m3"


def test_gas_by_the_cubic_metre_is_refused_with_a_hint() -> None:
    """*Proves:* the node says that it counts gas by its heating value, and how to get there."""
    with pytest.raises(InputError, match=r"price: '2.6 CNY/m3' is a price of volume.*9\.9…10\.8"):
        stand({"gas": supply(price="2.6 CNY/m3")}, axis(1))


def test_electricity_is_bought_from_the_grid() -> None:
    """*Proves:* a supply of electricity is refused: rules would not see its import."""
    (found,) = Supply.across({"wire": supply(at="park")}, {"park": "electricity"})
    assert "which is not bought in this way; write kind: grid" in str(found[1])
