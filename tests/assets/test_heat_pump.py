"""Heat pumps: COPs over time, where the heat comes from, and what a user may not say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer, found, site_of
from tests.assets.small import axis, load, near, of, paid
from zeroplant.assets.heat_pump import HeatPump
from zeroplant.units import SizeRange

NODES = {"park": "electricity", "hot": "hot water", "warm": "heat"}


def pump(**words: Any) -> HeatPump:
    """5 MW to 80 °C from waste heat of 35 °C."""
    usual = {"kind": "heat_pump", "at": "park", "to": "hot", "power": 5.0}
    if "cop" not in words:
        usual |= {"supply": 80.0, "source": 35.0}
    return HeatPump(**{**usual, **words})


def test_electricity_for_heat_of_80_degrees() -> None:
    """*Proves:* 3.92 MW of heat of 80 °C from 35 °C take 1 MW of electricity, at half of Carnot.
    *A wrong answer would be:* 3.92² or 1/3.92 of it, or 2.92 (heat lifted, not given).
    """
    cop = 0.5 * 353.15 / 45
    use = load(cop, at="hot")
    plan = answer({"use": use, "hp": pump()}, axis(1), NODES, bought={"park": 500.0})
    assert near(of(plan, "park bought"), 1.0)
    assert near(plan.objective, 500.0)
    assert near(found(plan, "hp", pump())["seasonal_cop"].value, cop)


def test_a_node_of_heat_gives_what_is_lifted() -> None:
    """*Proves:* with a COP of 4, 4 MW of heat take 1 MW of electricity and 3 MW from the node it
    lifts from, whose heat has a price of 20. *A wrong answer would be:* 4 MW from the node, or
    none.
    """
    hp = pump(cop=4.0, **{"from": "warm"})
    use = load(4.0, at="hot")
    plan = answer({"use": use, "hp": hp}, axis(1), NODES, bought={"park": 500.0, "warm": 20.0})
    assert near(of(plan, "warm bought"), 3.0)
    assert near(of(plan, "park bought"), 1.0)


def test_outdoor_air_decides_the_cop() -> None:
    """*Proves:* in air of 7, −5 (iced) and −15 °C, heat of 45 °C costs 1/COP of electricity each
    by its own temperature. *A wrong answer would be:* a mean COP, or ice at −15 °C.
    """
    hours = axis(3)
    hp = pump(power=10.0, supply=45.0, source=None, icing=0.1)
    assert hp.needs_weather
    plan = answer(
        {"use": load(1.0, at="hot"), "hp": hp}, hours, NODES,
        bought={"park": 1.0}, site=site_of(hours, [7.0, -5.0, -15.0]),
    )  # fmt: skip
    cops = 0.5 * 318.15 / np.array([38.0, 50.0 / 0.9 * 1.0, 60.0])
    assert near(of(plan, "park bought"), 1.0 / cops)


def test_it_is_bought_by_its_heat() -> None:
    """*Proves:* a chosen size is MW of heat: 3 MW of load buy 3 MW at 3 million each. *A wrong
    answer would be:* 1 MW (its electricity).
    """
    hp = pump(cop=3.0, power=SizeRange(0, 10), capex=3e6, life=20.0)
    plan = answer({"use": load(3.0, at="hot"), "hp": hp}, axis(1), NODES, bought={"park": 1.0})
    assert near(plan.number(plan.network.capacities["hp.power"][0]), 3.0)
    yearly = 0.06 / (1 - 1.06**-20) * 3e6
    assert near(paid(plan, "hp", "annuity of heat pump"), 3 * yearly / 8760)


def test_least_load_with_on_off() -> None:
    """*Proves:* with a least load of 60 % a 5 MW heat pump cannot give 2 MW; with 4 MW it can. *A
    wrong answer would be:* 2 MW at part load.
    """
    hp = pump(cop=4.0, min_load=0.6, on_off=True)
    use = load(np.array([2.0, 4.0]), at="hot", unserved=900.0)
    plan = answer({"use": use, "hp": hp}, axis(2), NODES, bought={"park": 100.0})
    assert near(of(plan, "hp.heat output"), [0, 4])
    assert near(of(plan, "hp.units on"), [0, 1])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"supply": None, "source": None}, "give 'supply'"),
        ({"cop": 3.0, "supply": 80.0}, "'cop' says it all; leave out 'supply', or 'cop'"),
        (
            {"cop": 3.0, "supply": 80.0, "source": 9.0, "grade": 0.5, "cop_max": 7.0},
            "leave out 'supply', 'source', 'grade' and 'cop_max', or 'cop'",
        ),
        ({"cop": 60.0}, "60.0 is above 15; write 15 or less"),
        ({"cop_max": 60.0}, "60.0 is above 15; write 15 or less"),
        ({"supply": -300.0}, "-300.0 is below -273.15 degC"),
        ({"from": "warm", "source": None}, "give 'source', the temperature of the heat at 'warm'"),
        ({"from": "hot"}, "from 'hot' to itself"),
        ({"icing": 0.1}, "only outdoor air ices"),
        ({"min_load": 0.3}, "'min_load' needs whole numbers; write 'on_off: true'"),
        ({"min_load": 0.3, "min_up": 2.0}, "'min_load' and 'min_up' need whole numbers"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        pump(**words)
