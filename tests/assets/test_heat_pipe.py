"""Heat pipes: what arrives, when, and what pumping takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer, stand
from tests.assets.small import axis, load, near, of, paid
from zeroplant.assets.heat_pipe import HeatPipe
from zeroplant.rules import account_of
from zeroplant.units import SizeRange

NODES = {"park": "electricity", "here": "hot water", "there": "hot water"}


def pipe(**words: Any) -> HeatPipe:
    """10 MW over 10.8 km of hot water: two hours, 2 % per km."""
    usual = {"kind": "heat_pipe", "from": "here", "to": "there", "power": 10.0, "length": 10_800.0}
    return HeatPipe(**{**usual, **words})


def test_heat_arrives_later_and_less() -> None:
    """*Proves:* 5 MW wanted in hour 3 were sent in hour 1, 5/0.98^10.8 MW. *A wrong answer would
    be:* sent in hour 3, or 5/0.98.
    """
    use = load(np.array([0.0, 0, 0, 5]), at="there")
    plan = answer({"use": use, "p": pipe()}, axis(4), NODES, bought={"here": 10.0})
    assert near(of(plan, "p.sent"), [0, 5 / 0.98**10.8, 0, 0])


def test_pumps_take_electricity_that_is_no_loss() -> None:
    """*Proves:* 0.1 % per km of 1 MW over 10.8 km are 10.8 kW of consumption. *A wrong answer
    would be:* counted as losses of electricity.
    """
    words = {"losses": 0.0, "at": "park", "pump": 1e-6, "velocity": 100.0}
    plan = answer(
        {"use": load(1.0, at="there"), "p": pipe(**words)}, axis(1), NODES,
        bought={"here": 1.0, "park": 1.0},
    )  # fmt: skip
    assert near(of(plan, "park bought"), 0.0108)
    account = account_of(plan.network)
    assert near(plan.total(account["load"]), 0.0108)
    assert near(plan.total(account["losses"]), 0.0)


def test_it_is_paid_by_its_length() -> None:
    """*Proves:* 1 MW over 10,800 m at 2 per MW and m and 400 per MW is 22,000."""
    p = pipe(power=SizeRange(0, 9), losses=0.0, capex=400.0, capex_length=2.0)
    plan = answer({"use": load(1.0, at="there"), "p": p}, axis(1), NODES, bought={"here": 1.0})
    yearly = 0.06 / (1 - 1.06**-25) / 8760
    assert near(paid(plan, "p", "annuity of heat pipe"), 22_000 * yearly)


def test_steam_is_fast() -> None:
    """*Proves:* steam covers 10.8 km within the hour. *A wrong answer would be:* two hours."""
    nodes = {"here": "lp steam", "there": "lp steam"}
    plan = stand({"p": pipe()}, axis(3), nodes)
    assert list(plan.flows[0].delay.values()) == [0.0]


def test_ends_carry_the_same() -> None:
    """*Proves:* a pipe from steam to hot water is refused, naming both."""
    problems = list(HeatPipe.across({"p": pipe()}, {"here": "lp steam", "there": "hot water"}))
    assert len(problems) == 1
    assert "carries lp steam" in problems[0][1].what
    assert not list(HeatPipe.across({"p": pipe()}, {"here": "heat", "there": "heat"}))


@pytest.mark.parametrize(
    ("words", "message"),
    [({"to": "here"}, "begins and ends at 'here'"), ({"pump": 1e-6}, "give 'at'")],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        pipe(**words)
