"""Boilers: what they take by what they burn, least loads and starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer
from tests.assets.small import axis, entry, load, near, of
from zeroplant.assets.boiler import Boiler

NODES = {
    "park": "electricity", "gas": "gas", "h2": "hydrogen", "wood": "biomass", "steam": "lp steam",
}  # fmt: skip


def boiler(source: str = "gas", **words: Any) -> Boiler:
    """10 MW of steam."""
    usual = {"kind": "boiler", "from": source, "to": "steam", "power": 10.0}
    return Boiler(**{**usual, **words})


@pytest.mark.parametrize(
    ("source", "taken"),
    [("park", 10 / 0.985), ("gas", 10 / 0.93), ("wood", 10 / 0.86), ("h2", 10 / 0.92 * 30)],
)
def test_what_it_takes_follows_from_its_node(source: str, taken: float) -> None:
    """*Proves:* 10 MW of steam take 10.15 MW of electricity, 10.75 of gas, 11.6 of wood, or 326 kg
    of hydrogen an hour (120 MJ/kg). *A wrong answer would be:* 10, or hydrogen in MW.
    """
    plan = answer(
        {"use": load(10.0, at="steam"), "b": boiler(source)}, axis(1), NODES, bought={source: 100.0}
    )
    assert near(of(plan, f"{source} bought"), taken)


def test_starts_cost_and_the_boiler_bridges_a_gap() -> None:
    """*Proves:* steam is wanted in hours 0, 1 and 3; stopping saves at most the least load of 2 MW
    in hour 2 (2/0.93·300 = 645), a start costs 1,000, so it runs through at 2 MW into a store
    that here is a second use of steam, not needed: that heat is wasted. With a start of 500 it
    stops. *A wrong answer would be:* the same in both cases.
    """
    wanted = np.array([10.0, 10.0, 0.0, 10.0])
    waste = load(np.array([0.0, 0.0, 2.0, 0.0]), at="steam", unserved=1e-3)

    def running(start_cost: float) -> tuple[Any, Any]:
        b = boiler(on_off=True, min_load=0.2, start_cost=start_cost)
        plan = answer(
            {"use": load(wanted, at="steam"), "waste": waste, "b": b}, axis(4), NODES,
            bought={"gas": 300.0},
        )  # fmt: skip
        return of(plan, "b.units on"), entry(plan, "b", "starts")

    through, none = running(1000.0)
    assert near(through, [1, 1, 1, 1])
    assert near(none.quantity, 0.0)
    stopped, one = running(500.0)
    assert near(stopped, [1, 1, 0, 1])
    assert near([one.quantity, one.amount], [1.0, 500.0])


def test_efficiency_may_be_given() -> None:
    """*Proves:* a given efficiency holds instead of the usual one."""
    plan = answer(
        {"use": load(9.0, at="steam"), "b": boiler(efficiency=0.9)}, axis(1), NODES,
        bought={"gas": 100.0},
    )  # fmt: skip
    assert near(of(plan, "gas bought"), 10.0)


def test_starts_need_whole_numbers() -> None:
    """*Proves:* a start cost without on_off is refused, with the cure."""
    with pytest.raises(ValidationError, match="on_off: true"):
        boiler(start_cost=5.0)
