"""Locks: lockages that wait for cheap water, ships that share a chamber, whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.rivers import axis_of, plan, value
from zeroplant.assets.navigation_complex import NavigationComplex
from zeroplant.assets.parts.lock import Lock
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution


def lock(**words: Any) -> Lock:
    """180 × 23 m: 41,400 m³ at 10 m of head, as in the domain page's example."""
    if "ships" not in words:
        words = {"per_day": 24.0, **words}
    return Lock(**{"length": 180.0, "width": 23.0, **words})


def works(**words: Any) -> NavigationComplex:
    """A weir with 10 m of head, whatever flows, and a pond of a few minutes (0.04 hm³)."""
    usual = {
        "kind": "navigation_complex", "at": "park", "power": 60.0, "turbine_flow": 700.0,
        "inflow": 500.0, "head_water": 10.0, "pond_area": 1e6, "pond_range": 0.02,
        "level_rate": None,
    }  # fmt: skip
    return NavigationComplex(**{**usual, **words})


def solved(asset: NavigationComplex, price: Any, hours: float = 1.0) -> dict[str, Any]:
    """Its flows and stores, by the second part of their names; and the solution."""
    network, solution = plan({"w": asset}, axis_of(len(price), hours), np.asarray(price))
    words = {
        w.name.partition(".")[2]: value(solution, w) for w in (*network.flows, *network.stores)
    }
    return {**words, "solution": solution}


def says(asset: NavigationComplex, solution: Solution) -> dict[str, float]:
    """What it says of itself."""
    return {f.key: f.value for f in asset.findings(Scope(solution.network, "w"), solution)}


def test_lockages_wait_for_cheap_water() -> None:
    """*Proves:* of 24 lockages a day, one an hour, those of three dear hours wait for the fourth:
    4 × 41,400 m³ pass then, the rest at once, and the dear hours keep their water. *A wrong answer
    would be:* an even 11.5 m³/s, or all 24 in one hour."""
    price = np.tile([800.0, 800.0, 800.0, 100.0], 6)
    got = solved(works(lock=lock(waits=3.0, cycle=0.25, wait_price=1.0)), price)
    each = 41_400 / 3600
    assert got["locked"] == pytest.approx(np.tile([0, 0, 0, 4 * each], 6), abs=1e-6)
    assert got["ships waiting"] == pytest.approx(np.tile([1, 2, 3, 0], 6), abs=1e-6)


def test_waiting_has_a_price() -> None:
    """*Proves:* a lockage moved by an hour saves 0.99 MWh × the spread; at 100 money a ship and
    hour it does not pay for a spread of 90, and does for 130. *A wrong answer would be:* the price
    per lockage and day, or no price at all."""
    for spread, moved in ((90.0, False), (130.0, True)):
        price = np.tile([300.0 + spread, 300.0], 12)
        got = solved(works(lock=lock(waits=1.0, cycle=0.5, wait_price=100.0)), price)
        assert bool(got["ships waiting"].max() > 0.5) is moved
        wait = says(works(lock=lock(waits=1.0, cycle=0.5)), got["solution"])["lock_wait"]
        assert wait == pytest.approx(0.5 if moved else 0.0, abs=1e-6)


def test_nobody_waits_longer_than_allowed() -> None:
    """*Proves:* with one cheap hour in 24 and waits of 2 h only the ships of that hour and the two
    before pass in it. *A wrong answer would be:* all 24."""
    price = np.where(np.arange(24) == 12, 1.0, 900.0)
    got = solved(works(lock=lock(waits=2.0, cycle=0.25, wait_price=0.0)), price)
    assert got["ships passing"][12] == pytest.approx(3.0)
    assert got["ships waiting"].max() == pytest.approx(2.0)


def test_without_waiting_it_is_the_even_schedule() -> None:
    """*Proves:* planned lockages that may not wait give the plan of those that are given: the same
    water in every hour, the same objective."""
    price = np.random.default_rng(2).uniform(100.0, 600.0, 48)
    even = solved(works(lock=lock(per_day=14.0, opens=6, closes=22)), price)
    planned = solved(works(lock=lock(per_day=14.0, opens=6, closes=22, waits=0.0)), price)
    assert planned["locked"] == pytest.approx(even["locked"], abs=1e-6)
    assert planned["solution"].objective == pytest.approx(even["solution"].objective, rel=1e-7)


def test_ships_share_a_chamber_and_chambers_their_water() -> None:
    """*Proves:* 48 ships a day, 4 to a lockage, are 12 lockages; twin chambers that save 40 % take
    0.6 × 41,400 m³ for each: 298,080 m³ a day, 7.15 MWh at 0.88 × 9.81e-3 × 10 m. *A wrong answer
    would be:* 48 chambers of water."""
    asset = works(
        lock=lock(ships=2.0, group=4.0, waits=1.0, chambers=2, shared_filling=0.4), efficiency=0.88
    )
    got = solved(asset, np.full(24, 300.0))
    assert got["locked"].sum() * 3600 == pytest.approx(298_080.0)
    told = says(asset, got["solution"])
    assert told["lockages_a_day"] == pytest.approx(12.0)
    assert told["lock_loss"] * 24 / 8760 == pytest.approx(12 * 0.6 * 0.9928, rel=1e-3)
    assert told["ships_passed"] == pytest.approx(1.0)


def test_whole_lockages_wait_to_be_full() -> None:
    """*Proves:* with one ship an hour, four to a chamber and 3 h of patience, six whole lockages a
    day pass 24 ships. As whole numbers without patience each ship has a chamber of its own: 24. *A
    wrong answer would be:* a quarter of a lockage every hour."""
    words = {"ships": 1.0, "group": 4.0, "whole": True, "wait_price": 0.0}
    patient = solved(works(lock=lock(**words, waits=3.0)), np.full(24, 300.0))
    assert patient["lockages"].sum() == pytest.approx(6.0)
    assert patient["lockages"] == pytest.approx(np.round(patient["lockages"]))
    hasty = solved(works(lock=lock(**words, waits=0.0)), np.full(24, 300.0))
    assert hasty["lockages"].sum() == pytest.approx(24.0)


@pytest.mark.parametrize("hours", [2.0, 1.0, 0.5, 0.25])
def test_whole_lockages_in_periods_of_any_length(hours: float) -> None:
    """*Proves:* of more ships than can pass, a chamber of 45 min passes 16 in twelve hours, and one
    more that it begins at once; of 1 ship an hour all 12. *A wrong answer would be:* none in
    periods shorter than a lockage, 12 in periods of an hour."""
    price = np.full(round(12 / hours), 300.0)
    words = {"whole": True, "waits": 6.0, "wait_price": 0.0, "missed": 1e5}
    many = works(lock=lock(**words, ships=3.0))
    got = solved(many, price, hours)
    assert got["lockages"].sum() == pytest.approx(17.0, abs=1e-5)
    assert says(many, got["solution"])["lockages_a_day"] == pytest.approx(34.0, abs=1e-4)
    few = works(lock=lock(**words, ships=1.0))
    assert says(few, solved(few, price, hours)["solution"])["ships_passed"] == pytest.approx(1.0)


def test_as_many_lockages_a_day_as_are_accepted() -> None:
    """*Proves:* 30 of at most 32 lockages a day are made as whole ones in periods of an hour, all
    ships pass. *A wrong answer would be:* 24, one in each hour."""
    asset = works(lock=lock(per_day=30.0, waits=4.0, whole=True, wait_price=0.0))
    got = solved(asset, np.full(24, 300.0))
    told = says(asset, got["solution"])
    assert told["lockages_a_day"] == pytest.approx(30.0, abs=1e-4)
    assert told["ships_passed"] == pytest.approx(1.0)


def test_that_no_ship_passed_is_told() -> None:
    """*Proves:* where ships came and none passed, 0 % passed in time. *A wrong answer would be:* no
    word of it."""
    asset = works(lock=lock(waits=2.0), inflow=0.0, start=0.0)
    told = says(asset, solved(asset, np.full(24, 300.0))["solution"])
    assert told["ships_passed"] == pytest.approx(0.0, abs=1e-6)


def test_the_chamber_takes_its_time() -> None:
    """*Proves:* 3 ships come in each of 12 hours, one chamber of 45 min passes 1⅓ an hour: with
    12 h of patience 24 of them pass by the end of the 18 h it is open, the others are named and
    priced. *A wrong answer would be:* 36 lockages in 12 h."""
    ships = np.where(np.arange(24) < 12, 3.0, 0.0)
    got = solved(works(lock=lock(ships=ships, waits=12.0, closes=18)), np.full(24, 300.0))
    assert got["ships passing"].max() <= 4 / 3 + 1e-6
    assert got["ships passing"].sum() == pytest.approx(24.0)
    assert got["ships not passed"].sum() == pytest.approx(12.0)
    lost = next(e for e in got["solution"].ledger if e.what == "ships not passed")
    assert lost.amount == pytest.approx(12 * 20_000.0)
    assert lost.kind == "penalty"


def test_a_drought_stops_ships_and_not_the_plan() -> None:
    """*Proves:* without water nobody passes, and there is an answer."""
    asset = works(lock=lock(waits=2.0), inflow=0.0, start=0.0)
    got = solved(asset, np.full(24, 300.0))
    assert got["ships passing"].max() == pytest.approx(0.0, abs=1e-6)
    assert says(asset, got["solution"])["lock_water"] == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 99),
    waits=st.floats(0.0, 9.0),
    group=st.floats(1.0, 6.0),
    hours=st.sampled_from([1.0, 2.0]),
)
def test_ships_and_water_are_kept(seed: int, waits: float, group: float, hours: float) -> None:
    """*Proves:* every ship passes or is counted as not passed; the water of the lockages is that of
    the ships; nobody waits longer than allowed, first come first served; and what flows in leaves
    by turbine, spill or lock. *A wrong answer would be:* ships or water that vanish at midnight."""
    draw = np.random.default_rng(seed)
    periods = round(48 / hours)
    ships, price = draw.poisson(1.5, periods).astype(float), draw.uniform(50.0, 900.0, periods)
    inflow = draw.uniform(300.0, 900.0, periods)
    words = {"ships": ships, "group": group, "waits": waits, "opens": 5, "closes": 23}
    got = solved(works(lock=lock(**words), inflow=inflow), price, hours)
    gone = got["ships passing"] + got["ships not passed"]
    assert gone.sum() == pytest.approx(ships.sum())
    head = 10.0
    water = got["ships passing"] / group * 180 * 23 * head / 3600
    assert got["locked"] == pytest.approx(water, abs=1e-5)
    out = got["turbined"] + got["spilled"] + got["locked"]
    assert out.sum() == pytest.approx(inflow.sum(), rel=1e-6)
    patience = int(waits / hours + 1e-9)
    recent = sum((np.roll(ships, back) for back in range(patience)), np.zeros(periods)) * hours
    assert (got["ships waiting"] <= recent + 1e-6).all()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"per_day": None}, "either 'per_day' or 'ships'"),
        ({"ships": 1.0, "per_day": 3.0, "waits": 1.0}, "either 'per_day' or 'ships'"),
        ({"ships": 1.0}, "say how long with 'waits'"),
        ({"whole": True}, "say how long ships may wait"),
        ({"group": 3.0}, "give 'ships' instead"),
        ({"shared_filling": 0.3}, "second chamber"),
        ({"per_day": 40.0, "waits": 1.0}, "at most 32 lockages a day"),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        lock(**words)
