"""Combined heat and power: the region of power and heat, its fuel, its tags."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer, found, stand
from tests.assets.small import axis, load, near, of
from zeroplant.assets.chp import Chp
from zeroplant.rules import account_of
from zeroplant.units import SizeRange

NODES = {"park": "electricity", "gas": "gas", "wood": "biomass", "steam": "lp steam"}


def chp(**words: Any) -> Chp:
    """10 MW of electricity from gas, 0.36 and 0.45 of the fuel."""
    usual = {
        "kind": "chp", "from": "gas", "at": "park", "to": "steam", "power": 10.0,
        "electric_efficiency": 0.36, "heat_efficiency": 0.45,
    }  # fmt: skip
    return Chp(**{**usual, **words})


def extraction(**words: Any) -> Chp:
    """The same with 0.40 where it gives no heat."""
    return chp(condensing_efficiency=0.40, **words)


def extremes(machine: Chp, power_price: float, heat_price: float) -> tuple[float, float, float]:
    """Power, heat and fuel in the corner of the region that earns most at these prices."""
    net = stand({"m": machine}, axis(1), NODES, bought={"gas": 1e-3})
    park, steam = net.nodes[0], net.nodes[3]
    net.flow("power", take=park, cost=-power_price)
    net.flow("heat", take=steam, cost=-heat_price)
    from zeroplant.solve import solve

    plan = solve(net)
    return tuple(float(of(plan, name)[0]) for name in ("power", "heat", "gas bought"))  # type: ignore[return-value]


def test_back_pressure_is_one_ray() -> None:
    """*Proves:* 10 MW of electricity come with 12.5 MW of heat from 27.8 MW of gas, whichever is
    wanted. *A wrong answer would be:* electricity alone.
    """
    for prices in [(9.0, 1.0), (1.0, 9.0)]:
        assert near(extremes(chp(), *prices), [10.0, 12.5, 10 / 0.36])


def test_extraction_has_the_corners_of_its_polygon() -> None:
    """*Proves:* without heat 10 MW from 25 MW of gas; with full heat the same 25 MW give 9 MW of
    electricity and 11.25 of heat (back-pressure line and fuel line meet). The power lost per heat
    is (0.40 − 0.36)/0.45 = 0.0889: heat worth more than that of power is taken. *A wrong answer
    would be:* 10 MW of electricity beside the heat, or more fuel than 25 MW.
    """
    lost = (0.40 - 0.36) / 0.45
    assert near(extremes(extraction(), 1.0, 0.9 * lost), [10.0, 0.0, 25.0])
    assert near(extremes(extraction(), 1.0, 1.1 * lost), [9.0, 11.25, 25.0])


def test_between_the_corners_fuel_follows_both() -> None:
    """*Proves:* 6 MW of electricity and 4 MW of heat take (6 + 0.0889·4)/0.40 = 15.89 MW of gas.
    *A wrong answer would be:* 6/0.36 or 6/0.40.
    """
    use = {"power": load(6.0), "heat": load(4.0, at="steam"), "m": extraction()}
    plan = answer(use, axis(1), NODES, bought={"gas": 300.0})
    fuel = (6 + 4 * 0.04 / 0.45) / 0.40
    assert near(of(plan, "gas bought"), fuel)
    assert near(found(plan, "m", extraction())["fuel_use"].value, 10 / fuel)


def test_most_heat_cuts_the_corner() -> None:
    """*Proves:* with at most 4.5 MW of heat, the corner is 10 − 0.4 = 9.6 MW of electricity."""
    assert near(extremes(extraction(most_heat=4.5), 1.0, 5.0), [9.6, 4.5, 25.0])


def test_electricity_from_biomass_is_renewable() -> None:
    """*Proves:* of wood, what it makes is new energy, generated and available alike; of gas it is
    neither. *A wrong answer would be:* its rating counted as available, so that rest looks like
    curtailment.
    """
    for fuel, made in [("wood", 4.0), ("gas", 0.0)]:
        use = {"power": load(4.0), "waste": load(5.0, at="steam"), "m": chp(**{"from": fuel})}
        plan = answer(use, axis(1), NODES, bought={fuel: 100.0})
        account = account_of(plan.network)
        assert near(plan.total(account["new_energy_generated"]), made)
        assert near(plan.total(account["new_energy_available"]), made)
        assert near(plan.total(account["load"]), 4.0)


def test_least_load_and_ramp() -> None:
    """*Proves:* never below half of its load and changing by 0.3 an hour, it gives 5 and 8 MW after
    a rest and is back at 5 MW before the hour of 2 MW, in which it rests. *A wrong answer would
    be:* 10 MW at once, a stop from there, or 2 MW at part load.
    """
    machine = chp(on_off=True, min_load=0.5, load_ramp=0.3)
    wanted = load(np.array([0.0, 10.0, 10.0, 10.0, 2.0]), unserved=5000.0)
    heat = load(12.5, at="steam", unserved=1.0)
    plan = answer({"use": wanted, "heat": heat, "m": machine}, axis(5), NODES, bought={"gas": 1.0})
    assert near(of(plan, "m.cogenerated"), [0.0, 5.0, 8.0, 5.0, 0.0])
    assert near(of(plan, "m.units on"), [0, 1, 1, 1, 0])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"electric_efficiency": 0.6, "heat_efficiency": 0.5}, "more than the fuel"),
        ({"condensing_efficiency": 0.3}, "'condensing_efficiency' 0.3 is below"),
        ({"min_load": 0.4}, "on_off: true"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        chp(**words)


def test_a_range_of_sizes_may_start_and_stop() -> None:
    """*Proves:* with least load 0.5 and ramp 0.2/h a plant that serves 10 MW for some hours is
    built in the same size whether the range ends at 10 or at 100 MW. *A wrong answer would be:*
    nothing built at 100 MW, because a start of it was taken for a fall that is too fast.
    """
    wanted = np.array([0.0, 0.0, 5.0, 7.0, 9.0, 10.0, 9.0, 7.0, 5.0, 0.0])
    costs = []
    for most in (10.0, 100.0):
        machine = chp(
            power=SizeRange(0, most), on_off=True, min_load=0.5, load_ramp=0.2, upkeep=1e6
        )
        assets = {"m": machine, "works": load(wanted, unserved=1000.0)}
        net = stand(assets, axis(len(wanted)), NODES, bought={"gas": 1.0})
        net.flow("heat", take=net.nodes[3])
        from zeroplant.solve import solve

        plan = solve(net, gap=1e-9)
        assert near(of(plan, "m.cogenerated").max(), 10.0)
        costs.append(plan.objective)
    assert near(costs[0], costs[1], rel=1e-5)
