"""Waste heat: the pinch target as a plan, feeds by temperature, exchangers, findings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.park import answer, found
from tests.assets.small import YEAR, axis, load, near, of, paid
from zeroplant.assets.heat_pump import HeatPump
from zeroplant.assets.waste_heat import WasteHeat
from zeroplant.thermal.pinch import Streams, cascade
from zeroplant.waist.solution import Solution

NODES = {"park": "electricity", "steam": "hp steam", "hot": "hot water", "warm": "heat"}
# Kemp (2007), p. 4: 20 kW of hot and 60 kW of cold utility at an approach of 10 K, pinch 85 °C.
KEMP = {
    "1 cold": {"from": 20.0, "to": 135.0, "heat": 0.230},
    "2 hot": {"from": 170.0, "to": 60.0, "heat": 0.330},
    "3 cold": {"from": 80.0, "to": 140.0, "heat": 0.240},
    "4 hot": {"from": 150.0, "to": 30.0, "heat": 0.180},
}
HOT = {"from": 150.0, "to": 30.0, "heat": 0.180}
STEAM = [{"node": "steam", "supply": 200.0}]


def works(streams: Any = None, **words: Any) -> WasteHeat:
    """The works of Kemp's four streams, helped by steam."""
    usual = {"kind": "waste_heat", "streams": streams or KEMP, "heated_by": STEAM}
    return WasteHeat(**{**usual, **words})


def plan_of(asset: WasteHeat, periods: int = 1, **assets: Any) -> Solution:
    """The cheapest plan with steam at 300, electricity at 500."""
    return answer(
        {"w": asset, **assets}, axis(periods), NODES, bought={"steam": 300.0, "park": 500.0}
    )


def test_the_plan_reaches_the_textbook_target() -> None:
    """*Proves:* Kemp's four streams take 20 kW of steam and reject 60 kW; the findings name the
    pinch, 450 of 510 kW used (88 %), and utilities of 470 and 510 kW before, all for 8,760 h
    though the plan is an hour long. *A wrong answer would be:* no steam (a balance of energy
    alone), or the MWh of the plan beside the yearly figures of others.
    """
    asset = works()
    plan = plan_of(asset)
    assert near(of(plan, "steam bought"), 0.020)
    assert near(of(plan, "w.rejected"), 0.060)
    says = found(plan, "w", asset)
    said = {
        key: finding.value / (YEAR if finding.unit == "MWh/a" else 1)
        for key, finding in says.items()
    }
    wanted = {
        "recoverable": 0.510, "recovered": 0.450, "share_used": 450 / 510,
        "heating_before": 0.470, "heating_after": 0.020, "heating_target": 0.020,
        "cooling_before": 0.510, "cooling_after": 0.060, "pinch": 85.0,
    }  # fmt: skip
    assert said == pytest.approx(wanted)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_every_period_reaches_its_own_target(seed: int, count: int) -> None:
    """*Proves:* of random streams that come and go, the plan heats in each period what the problem
    table of that period asks. *A wrong answer would be:* heat of one hour in another.
    """
    chance = np.random.default_rng(seed)
    start = chance.choice(np.arange(20.0, 180.0, 10.0), count)
    end = start + chance.choice([-1, 1], count) * chance.choice(np.arange(5.0, 150.0, 5.0), count)
    heat, presence = chance.uniform(1.0, 9.0, count), chance.uniform(0.0, 1.0, (count, 4))
    streams = {
        f"s{i}": {"from": start[i], "to": end[i], "heat": heat[i], "presence": presence[i]}
        for i in range(count)
    }
    helpers = [{"node": "steam", "supply": 400.0}]
    wants = [{"node": "warm", "supply": -270.0}]  # somebody must take the heat of hot streams
    plan = plan_of(works(streams, heated_by=helpers, feeds=wants), periods=4)
    target = cascade(Streams(start, end, presence.T * heat)).hot_utility
    assert near(of(plan, "steam bought"), target, rel=1e-5)


def test_heat_feeds_nodes_that_are_cold_enough() -> None:
    """*Proves:* of 10 MW from 90 to 30 °C, water of 50/70 °C gets what lies above 60 °C at an
    approach of 10 K: the water returns with 50 °C, so heat of 60…80 °C heats it, and the hotter
    10 MW/6 with it: 5 MW. A node kept at 35 °C gets all above 45 °C, 7.5 MW together. *A wrong
    answer would be:* 10 MW.
    """
    streams = {"flue gas": {"from": 90.0, "to": 30.0, "heat": 10.0}}
    feeds = [{"node": "hot", "supply": 70.0, "return": 50.0}, {"node": "warm", "supply": 35.0}]
    asset = works(streams, heated_by=[], feeds=feeds)
    dear = load(100.0, at="hot", unserved=90_000.0)
    plan = plan_of(asset, use=dear, low=load(100.0, at="warm"))
    assert near(of(plan, "w.→ hot"), 5.0)
    assert near(of(plan, "w.→ warm"), 2.5)
    assert near(found(plan, "w", asset)["share_used"].value, 0.75)


def test_what_is_too_cold_is_lifted_by_a_heat_pump() -> None:
    """*Proves:* heat of 60…45 °C cannot feed 80 °C; a node of 35 °C takes it all, and a heat pump
    lifts it: 3 MW become 4 MW of 80 °C with a COP of 4. *A wrong answer would be:* 3 MW of 80 °C.
    """
    streams = {"cooling water": {"from": 60.0, "to": 45.0, "heat": 3.0}}
    asset = works(streams, heated_by=[], feeds=[{"node": "warm", "supply": 35.0}])
    pump = HeatPump(kind="heat_pump", at="park", to="hot", power=9.0, cop=4.0, **{"from": "warm"})
    plan = plan_of(asset, hp=pump, use=load(9.0, at="hot"))
    assert near(of(plan, "hp.heat output"), 4.0)
    assert near(of(plan, "park bought"), 1.0)
    assert near(of(plan, "w.rejected"), 0.0)


def test_exchangers_are_bought_where_they_pay() -> None:
    """*Proves:* recovery between the streams is worth 300 per MWh for its 8,760 h: at 2 million per
    MW a year all 450 kW are bought, at 3 million none, and steam heats it all. *A wrong answer
    would be:* recovery without its price.
    """
    share = 0.06 / (1 - 1.06**-25)
    cheap = plan_of(works(capex=2e6 / share))
    assert near(cheap.number(cheap.network.capacities["w.recovery"][0]), 0.450)
    assert near(paid(cheap, "w", "annuity of heat exchangers"), 0.450 * 2e6 / 8760)
    dear = plan_of(works(capex=3e6 / share))
    assert near(of(dear, "steam bought"), 0.470)
    assert near(of(dear, "w.rejected"), 0.510)


def test_unheated_streams_have_a_price() -> None:
    """*Proves:* without steam, the target of 20 kW is unheated and named; no plant fails for it. *A
    wrong answer would be:* no answer.
    """
    plan = plan_of(works(heated_by=[]))
    assert near(paid(plan, "w", "unheated streams"), 0.020 * 20_000)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"streams": {"a": {"from": 50.0, "to": 50.0, "heat": 1.0}}}, "'to: 49.9 degC'"),
        ({"streams": {"a": {"from": 50.0, "to": 90.0, "heat": 1.0}}, "heated_by": []}, "no stream"),
        ({"streams": {"a": {"from": 90.0, "to": 50.0, "heat": 1.0}}}, "nobody takes their heat"),
        ({"feeds": [{"node": "hot", "supply": 195.0}]}, "takes heat of 205 degC, and the hottest"),
        ({"feeds": [{"node": "hot", "supply": 60.0, "return": 70.0}]}, "is above 'supply'"),
        ({"feeds": [{"node": "hot", "supply": 60.0}] * 2}, "names 'hot' twice"),
        (
            {"heated_by": [{"node": "steam", "supply": t} for t in (180.0, 120.0)]},
            "keep the hotter",
        ),
        ({"streams": {"rejected": HOT}}, "cannot be called 'rejected'; name it after"),
        ({"streams": {"unheated": HOT}}, "cannot be called 'unheated'"),
        ({"streams": {"→ hot": HOT}, "feeds": [{"node": "hot", "supply": 60.0}]}, "called '→ hot'"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        works(**words)
