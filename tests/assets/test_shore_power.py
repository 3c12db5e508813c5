"""Shore power: ships at berth, those that connect, and what their engines do not burn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.small import answer, axis, grid, load, near, of, paid
from tests.assets.test_box_port import found
from zeroplant.assets.shore_power import Calls, ShorePower
from zeroplant.units import SizeRange


def berths(**words: Any) -> ShorePower:
    """12 cargo ships a day, 10 h each, of 50 kW, of which three quarters connect."""
    usual: dict[str, Any] = {"kind": "shore_power", "at": "park"}
    if "load" not in words:
        usual["calls"] = [{"per_day": 12.0, "stay": 10.0, "hotel": 0.05, "connects": 0.75}]
    return ShorePower(**{**usual, **words})


def test_berth_occupancy_times_load_times_connection() -> None:
    """*Proves:* 12 calls of 10 h are 5 ships at berth, 0.25 MW, of which 0.1875 MW from shore; a
    year of it displaces 0.21 t of fuel per MWh and 3.19 tCO2 per t. *A wrong answer would be:* 12
    ships at berth, or all of them connected."""
    asset = berths(price=600.0, service=200.0)
    plan = answer({"berths": asset, "grid": grid(400.0)}, axis(48))
    assert near(of(plan, "berths.load"), 0.1875)
    assert near(paid(plan, "berths", "shore power sold"), -0.1875 * 48 * 600)
    assert near(paid(plan, "berths", "shore power service"), -0.1875 * 48 * 200)
    says = found(asset, "berths", plan)
    assert says["shore_share"] == pytest.approx(0.75)
    assert says["fuel_displaced"] == pytest.approx(0.1875 * 8760 * 0.21)
    assert says["co2_displaced"] == pytest.approx(0.1875 * 8760 * 0.21 * 3.19)


def test_ships_of_the_day_stay_into_the_night() -> None:
    """*Proves:* four ships an hour from 8 to 10 stay 3 h: 8 of them at 10:30, none from 13."""
    calls = Calls(per_day=8.0, stay=3.0, hotel=0.1, opens=8, closes=10)
    ships = calls.at_berth(axis(24))
    assert ships[[7, 8, 9, 10, 11, 12, 13]] == pytest.approx([0, 2, 6, 8, 6, 2, 0])
    late = Calls(per_day=8.0, stay=10.0, hotel=0.1, opens=22, closes=24).at_berth(axis(24))
    assert late[0] == pytest.approx(8.0)


@given(
    stay=st.floats(0.5, 60.0),
    per_day=st.floats(0.1, 40.0),
    hours=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda h: h[0] < h[1]),
    step=st.sampled_from([0.25, 1.0, 2.0]),
)
def test_ship_hours_are_calls_times_stay(
    stay: float, per_day: float, hours: tuple[int, int], step: float
) -> None:
    """*Proves:* whatever the habit, a day has per_day × stay ship hours, also for stays of days."""
    calls = Calls(per_day=per_day, stay=stay, hotel=0.1, opens=hours[0], closes=hours[1])
    ships = calls.at_berth(axis(round(24 / step), step))
    assert ships.sum() * step == pytest.approx(per_day * stay, rel=0.02)


def test_few_berths_hold_few_ships() -> None:
    """*Proves:* with two berths for the five ships only two fifths of the load connect; the share
    is counted over all ships in port."""
    asset = berths(berths=2)
    plan = answer({"berths": asset, "grid": grid(400.0)}, axis(24))
    assert near(of(plan, "berths.load"), 0.1875 * 0.4)
    assert found(asset, "berths", plan)["shore_share"] == pytest.approx(0.3)


def test_engines_run_where_the_sockets_end() -> None:
    """*Proves:* a connection of 1 MW gives 1 of the 3 MW asked for; the rest is made aboard, at a
    penalty, and nothing is unserved. *A wrong answer would be:* no answer, or a load cut to 1."""
    asset = berths(load=np.array([3.0, 0.5]), power=1.0)
    plan = answer({"berths": asset, "grid": grid(400.0)}, axis(2))
    assert near(of(plan, "berths.own engines"), [2.0, 0.0])
    assert near(paid(plan, "berths", "own engines"), 2 * 1700.0)
    dark = answer({"berths": berths(), "works": load(0.0)}, axis(4))
    assert near(of(dark, "berths.own engines"), 0.1875)


def test_sockets_are_bought_while_they_pay() -> None:
    """*Proves:* with 1,300 to be saved per MWh, sockets for the 2 MW that are there in every hour
    pay, and the third MW, asked for in one hour of 24, does not, at 100 a MW and h. *A wrong
    answer would be:* sockets for the peak."""
    series = np.where(np.arange(24) == 12, 3.0, 2.0)
    asset = berths(load=series, power=SizeRange(0, 9), upkeep=100.0 * 8760)
    plan = answer({"berths": asset, "grid": grid(400.0)}, axis(24))
    assert plan.number(plan.network.capacities["berths.power"][0]) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"load": 1.0, "calls": [{"per_day": 1, "stay": 1.0, "hotel": 0.1}]}, "either 'calls'"),
        ({"load": 1.0, "berths": 3}, "'berths' limits 'calls'"),
        ({"capex": 1e5}, "give 'power' too"),
        ({"calls": [{"per_day": 1, "stay": 1.0, "hotel": 0.1, "opens": 9, "closes": 3}]}, "opens"),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        berths(**words)
