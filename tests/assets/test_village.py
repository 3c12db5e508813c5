"""The village: households, collective loads, heat pumps, and its income."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, grid, near, of, paid
from zeroplant.assets.roofs import Roofs
from zeroplant.assets.village import Heating, Village
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope


def village(**words: Any) -> Village:
    """100 households."""
    return Village(**{"kind": "village", "at": "park", "households": 100.0, **words})


def test_households_use_their_energy_of_a_year() -> None:
    """*Proves:* 100 households of 1.8 MWh use 180 MWh in a year, most of it in the evening. *A
    wrong answer would be:* a shape that is not of mean 1.
    """
    time = axis(8760)
    homes = village().homes(time)
    assert np.isclose(homes.sum(), 180, rtol=0.01)
    assert time.hour_of_day[np.argmax(homes)] == 19


def test_tea_is_dried_in_spring() -> None:
    """*Proves:* 0.3 MW from March to May, 8 to 20 h, two thirds of the time: nothing in February,
    0.2 MW by day in March, nothing at night. *A wrong answer would be:* the whole year.
    """
    tea = {"power": 0.3, "months": "3-5", "hours": "8-20", "share": 2 / 3}
    for start, wanted in (("2025-02-10", 0.0), ("2025-03-10", 0.2)):
        plan = answer(
            {"village": village(collective={"tea": tea}), "grid": grid()}, axis(24, start=start)
        )
        assert near(of(plan, "village.tea")[[3, 8, 19, 20]], [0, wanted, wanted, 0])


def test_half_hours_count_for_their_part() -> None:
    """*Proves:* hours to half past are half an hour of a period of one hour, and a night goes over
    midnight. *A wrong answer would be:* whole hours only.
    """
    some = village(collective={"mill": {"power": 1.0, "hours": "22:30-1"}}).collective["mill"]
    assert near(some.runs(axis(24))[[0, 1, 21, 22, 23]], [1, 0, 0, 0.5, 1])


def test_pumps_wait_for_the_cheap_hour() -> None:
    """*Proves:* pumps of 0.2 MW that run a quarter of 8-16 h use their 0.4 MWh of the day in the
    two cheapest of these hours, each day again. *A wrong answer would be:* energy of one day used
    on another, or outside the hours.
    """
    prices = np.tile(np.where(np.arange(24) == 12, 100.0, 300.0), 2)
    prices[[9, 33, 2]] = 200.0, 200.0, 1.0
    pumps = {"power": 0.2, "hours": "8-16", "share": 0.25, "any_hour": True}
    some = village(collective={"pumps": pumps}, load=0.0)
    plan = answer({"village": some, "grid": grid(prices)}, axis(48))
    assert near(np.flatnonzero(of(plan, "village.pumps") > 1e-6), [9, 12, 33, 36])
    assert near(of(plan, "village.pumps")[[9, 12, 33, 36]], 0.2)


def test_pumps_without_power_are_missing_at_a_price() -> None:
    """*Proves:* a dark day has an answer. *A wrong answer would be:* none."""
    pumps = {"power": 0.2, "hours": "8-16", "share": 0.25, "any_hour": True}
    plan = answer({"village": village(collective={"pumps": pumps}, load=0.0)}, axis(24))
    assert near(paid(plan, "village", "missing pumps"), 0.4 * 20_000)


def test_heat_pumps_draw_more_when_it_is_cold() -> None:
    """*Proves:* at −10 °C a home of 0.15 kW/K needs 26·0.15 = 3.9 kW of heat at a COP of 0.42·
    313.15/50 = 2.63, so 1.483 kW; above 16 °C nothing. *A wrong answer would be:* a COP that does
    not fall with the cold.
    """
    some = Heating(homes=1.0)
    assert near(some.load(np.array([-10.0, 16.0, 25.0])), [3.9e-3 / (0.42 * 313.15 / 50), 0, 0])


def test_income_of_households_and_village() -> None:
    """*Proves:* roofs on half of 80 houses at 1 200 a year bring 480 per household of 100; the
    collective has 20 CNY/MWh of what is fed in; what homes pay is not income. *A wrong answer
    would be:* tariffs counted as income, or sums of a day called those of a year.
    """
    kinds = {"houses": {"count": 80.0, "power": 0.025, "usable": 1.0, "availability": 0.4}}
    sun = Roofs(kind="roofs", at="park", roofs=kinds, uptake=0.5, rent=1200.0, collective=20.0)
    some = village(price=500.0)
    net = Network(axis(24))
    net.node("park")
    for name, asset in {"roofs": sun, "village": some, "grid": grid(export_price=100.0)}.items():
        asset.describe(Scope(net, name), None)
    plan = solve(net)
    found = {f.key: f.value for f in some.findings(Scope(net, "village"), plan)}
    assert near(found["household_income"], 0.5 * 80 * 1200 / 100)
    assert near(found["collective_income"], 0.4 * 8760 * 20)
    assert near(paid(plan, "village", "energy sold"), -500 * some.homes(axis(24)).sum())


def test_each_village_has_its_own_income() -> None:
    """*Proves:* of two villages with roofs at their own nodes each counts its own roofs' rent; one
    whose roofs are elsewhere names them, or says that nothing is its own. *A wrong answer would
    be:* both claiming all.
    """
    net = Network(axis(24))
    for node in ("park", "mill"):
        net.node(node)
    kinds = {"houses": {"count": 80.0, "power": 0.025, "usable": 1.0, "availability": 0.4}}
    rents = {"park": 1200.0, "mill": 600.0}
    for at, rent in rents.items():
        sun = Roofs(kind="roofs", at=at, roofs=kinds, rent=rent)
        sun.describe(Scope(net, f"{at} roofs"), None)
        grid(export_price=100.0, at=at).describe(Scope(net, f"{at} grid"), None)
    plan = solve(net)
    for words, wanted in (({}, 1200.0), ({"at": "mill"}, 600.0), ({"income_from": ()}, 0.0),
                          ({"income_from": ("park roofs", "mill roofs")}, 1800.0)):  # fmt: skip
        some = village(**words)
        found = {f.key: f.value for f in some.findings(Scope(net, "village"), plan)}
        assert near(found["household_income"], 0.8 * wanted)


def test_no_two_villages_claim_the_same_income() -> None:
    """*Proves:* two villages at the node of a roof, or one there and one that names it, are told by
    one line; villages at their own nodes, and those that share a node without roofs, are not. *A
    wrong answer would be:* an income counted twice, or a village for which nothing is paid refused.
    """
    kinds = {"houses": {"count": 80.0, "availability": 0.4}}
    sun = Roofs(kind="roofs", at="park", roofs=kinds)

    def said(**words: Any) -> list[str]:
        pair = {"sun": sun, "oak": village(), "elm": village(**words)}
        return [f"{who}: {problem.what}" for who, problem in Village.across(pair, {})]

    line = "elm: income from 'sun' is already counted by the village 'oak'"
    assert said() == said(at="mill", income_from=("sun",)) == [line]
    assert not said(at="mill")
    assert not said(income_from=())
    assert said(income_from=("sum",)) == ["elm: there is no asset 'sum'"]
    assert not list(Village.across({"oak": village(), "elm": village(), "grid": grid()}, {}))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"collective": {"tea": {"power": 1.0, "months": "3-15"}}}, "range of months"),
        ({"collective": {"tea": {"power": 1.0, "hours": "8-7:20"}}}, "range of hours"),
        ({"households": 0.0}, "not above 0"),
        ({"collective": {"load": {"power": 1.0}}}, "cannot be called 'load'"),
        ({"collective": {"heat pumps": {"power": 1.0}}}, "called 'heat pumps'"),
        ({"collective": {"unserved": {"power": 1.0}}}, "called 'unserved'"),
        ({"collective": {"tea": {"power": 1.0, "any_hour": True}, "missing tea": {"power": 1.0}}},
         "called 'missing tea'"),
    ],
)  # fmt: skip
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        village(**words)
