"""Thermal stores: sizes, losses through walls, heat and cold."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer, found, site_of
from tests.assets.small import axis, load, near, of, paid
from zeroplant.assets.thermal_store import ThermalStore
from zeroplant.errors import InputError
from zeroplant.units import SizeRange

NODES = {"hot": "hot water", "cold": "chilled water"}
NIGHT = {"hot": np.array([10.0, 100.0])}


def store(**words: Any) -> ThermalStore:
    """1 MW with 0.9 each way, nothing lost by standing, unless told otherwise."""
    usual = {"kind": "thermal_store", "at": "hot", "power": 1.0, "round_trip": 0.81, "loss": 0.0}
    if not {"energy", "volume"} & set(words):
        usual["hours"] = 1.0
    if "tank_loss" in words:
        usual.pop("loss")
    return ThermalStore(**{**usual, **words})


def test_heat_of_the_night_for_the_day() -> None:
    """*Proves:* 1 MWh at 10 leaves 0.81 MWh for hours at 100. *A wrong answer would be:* losses
    counted once or thrice.
    """
    plan = answer({"use": load(2.0, at="hot"), "s": store()}, axis(2), NODES, bought=NIGHT)
    assert near(of(plan, "s.unloading"), [0, 0.81])
    assert near(plan.objective, 3 * 10 + (2 - 0.81) * 100)


def test_a_tank_by_its_volume() -> None:
    """*Proves:* 100 m³ over 40 K hold 4.652 MWh, 4.652·0.9 of which come out. *A wrong answer
    would be:* energy by 90 K.
    """
    s = store(power=9.0, volume=100.0, hot=90.0, cold=50.0)
    plan = answer({"use": load(9.0, at="hot"), "s": s}, axis(2), NODES, bought=NIGHT)
    assert near(of(plan, "s.level"), [4.652, 0.0])
    assert near(of(plan, "s.unloading"), [0.0, 4.652 * 0.9])
    assert near(found(plan, "s", s)["cycles"].value, 8760 / 2)
    assert near(found(plan, "s", s)["lost"].value, 0.19)


def test_a_day_of_standing_costs_its_share() -> None:
    """*Proves:* 10 % a day leave 0.9 after 24 hours. *A wrong answer would be:* 10 % an hour."""
    prices = {"hot": np.concatenate([[1.0], np.full(24, 500.0)])}
    wanted = load(np.where(np.arange(25) == 24, 5.0, 0.0), at="hot")
    plan = answer({"use": wanted, "s": store(loss=0.1, round_trip=1.0)}, axis(25), NODES,
                  bought=prices)  # fmt: skip
    assert near(of(plan, "s.unloading")[-1], 0.9)


@pytest.mark.parametrize(("at", "hot", "cold"), [("hot", 90.0, 50.0), ("cold", 12.0, 6.0)])
def test_walls_lose_to_the_air_around(at: str, hot: float, cold: float) -> None:
    """*Proves:* a full tank of hot water loses by its 90 °C, one of chilled water by its 6 °C, to
    air of 30 °C: U·A·ΔT over its energy. *A wrong answer would be:* a loss without weather.
    """
    hours = axis(2)
    s = store(at=at, power=9.0, volume=100.0, hot=hot, cold=cold, tank_loss=50.0, round_trip=1.0)
    assert s.needs_weather
    energy = 0.1163 * (hot - cold)
    plan = answer(
        {"use": load(9.0, at=at), "s": s}, hours, NODES,
        bought={at: NIGHT["hot"]}, site=site_of(hours, [30.0, 30.0]),
    )  # fmt: skip
    through = 50.0 * 100.0 * abs((90.0 if at == "hot" else 6.0) - 30.0) * 1e-6
    assert near(of(plan, "s.unloading"), [0.0, energy * exp(-through / energy)])


def test_power_and_energy_are_bought_apart() -> None:
    """*Proves:* 6 MWh by day from one hour of night need 6/0.81 MW and 6/0.9 MWh. *A wrong answer
    would be:* one size for both.
    """
    s = store(power=SizeRange(0, 99), energy=SizeRange(0, 99), capex=10.0, capex_power=20.0)
    prices = {"hot": np.array([1.0, 1e6, 1e6, 1e6])}
    plan = answer({"use": load(np.array([0.0, 2, 2, 2]), at="hot"), "s": s}, axis(4), NODES,
                  bought=prices)  # fmt: skip
    yearly = 0.06 / (1 - 1.06**-25) * 4 / 8760
    assert near(paid(plan, "s", "annuity of store energy"), 10 * 6 / sqrt(0.81) * yearly)
    assert near(paid(plan, "s", "annuity of store power"), 20 * 6 / 0.81 * yearly)


def test_chilled_water_says_its_temperatures() -> None:
    """*Proves:* 1,000 m³ from 14 to 6 °C are 9.304 MWh; without both temperatures neither volume
    nor walls are known, and a store by its energy needs none. *A wrong answer would be:* 46.5 MWh,
    between 90 and 50 °C.
    """
    s = store(at="cold", power=99.0, volume=1000.0, hot=14.0, cold=6.0)
    plan = answer({"use": load(1.0, at="cold"), "s": s}, axis(2), NODES,
                  bought={"cold": NIGHT["hot"]})  # fmt: skip
    assert near(plan.number(plan.network.capacities["s.energy"][0]), 9.304)
    for words in ({"volume": 9.0}, {"volume": 9.0, "hot": 60.0}, {"tank_loss": 0.1, "hours": 1.0}):
        s = store(at="cold", **words)
        (found_,) = ThermalStore.across({"s": s}, {"cold": "chilled water"})
        assert "give 'hot' and 'cold', such as 'hot: 14 degC' and 'cold: 6 degC'" in str(found_[1])
        with pytest.raises(InputError, match="no usual temperatures"):
            answer({"s": s}, axis(2), NODES, site=site_of(axis(2), [30.0, 30.0]))
    assert not list(ThermalStore.across({"s": store(at="cold")}, {"cold": "chilled water"}))


@pytest.mark.parametrize("carrier", ["hp steam", "lp steam"])
def test_steam_has_no_tank_of_water(carrier: str) -> None:
    """*Proves:* a volume is refused at a node of steam, an energy is not. *A wrong answer would
    be:* 46.5 kWh of steam in a m³."""
    (found_,) = ThermalStore.across({"s": store(volume=9.0)}, {"hot": carrier})
    assert f"the node 'hot' carries {carrier}; give 'energy' or 'hours'" in str(found_[1])
    assert not list(ThermalStore.across({"s": store(energy=9.0)}, {"hot": carrier}))
    with pytest.raises(InputError, match="that of a tank of water"):
        answer({"s": store(volume=9.0)}, axis(2), {"hot": carrier})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"hot": -300.0}, "-300.0 is below -273.15 degC"),
        ({"energy": 1.0, "volume": 3.0}, "give one of 'energy', 'hours' and 'volume'"),
        ({"hot": 40.0}, "'hot' 40 degC is not above 'cold' 50 degC"),
        ({"tank_loss": 0.1, "loss": 0.1}, "not both"),
        ({"around": 5.0}, "'around' belongs to 'tank_loss'"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        store(**words)
