"""The charger hub: bands, lanes, giving back, sizes, waiting, and what a table may say wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, entry, grid, near, of, paid, stand
from zeroplant.assets.charger_hub import ChargerHub
from zeroplant.errors import InputError
from zeroplant.units import SizeRange
from zeroplant.waist import Scope


def hub(**words: Any) -> ChargerHub:
    """4 MW of chargers without losses; ten vehicles at midnight that stay 4 h for 0.1 MWh."""
    if "sessions" not in words:
        rate = np.zeros(24)
        rate[0] = 10.0
        stays = [{"share": 1.0, "hours": 4.5, "energy": 0.1, "power": 0.05}]
        words.setdefault("arrivals", {"per_hour": rate, "stays": stays})
    return ChargerHub(**{"kind": "charger_hub", "at": "park", "power": 4.0, "efficiency": 1.0,
                         "charger_power": 0.05, **words})  # fmt: skip


PRICES = np.array([500.0, 100, 200, 300, 400] + [900.0] * 19)


def test_charging_waits_for_the_cheap_hours() -> None:
    """*Proves:* ten vehicles come at half past midnight on average and leave at 5; they want 1
    MWh in 2 h of full power and get it in the two cheapest hours of the window 1–5 h. *A wrong
    answer would be:* charging in the hour of arrival (500), or all in one hour (twice the power).
    """
    plan = answer({"hub": hub(), "grid": grid(PRICES)}, axis(24))
    assert near(of(plan, "hub.charge")[:5], [0, 0.5, 0.5, 0, 0])
    assert near(plan.objective, 0.5 * 100 + 0.5 * 200)


def test_at_once_is_the_reference() -> None:
    """*Proves:* uncontrolled, the same vehicles take 0.25 MWh in the half hour after they come,
    then 0.5 and 0.25. *A wrong answer would be:* a full first hour, or another total.
    """
    plan = answer({"hub": hub(control="at_once"), "grid": grid(PRICES)}, axis(24))
    assert near(of(plan, "hub.charge")[:4], [0.25, 0.5, 0.25, 0])


def test_the_outer_band_charges_in_broken_hours_too() -> None:
    """*Proves:* the outer band may use the half hour after arrival: 0.25 MWh at 100, then 0.5 at
    200, and 0.25 at 500. *A wrong answer would be:* 0.5 MWh at 100, the power of a whole hour.
    """
    dear = np.array([100.0, 500, 500, 500, 200] + [900.0] * 19)
    plan = answer({"hub": hub(aggregate="outer"), "grid": grid(dear)}, axis(24))
    assert near(of(plan, "hub.charge")[[0, 4]], [0.25, 0.5])
    assert near(plan.objective, 0.25 * 100 + 0.5 * 200 + 0.25 * 500)


def test_losses_are_drawn_from_the_node_and_paid_energy_is_in_the_pack() -> None:
    """*Proves:* 1 MWh in packs at 80 % is 1.25 MWh from the node; drivers pay 700 for the 1 MWh
    and running the site costs 100 on it. *A wrong answer would be:* losses that drivers pay.
    """
    plan = answer(
        {"hub": hub(efficiency=0.8, price=700.0, fee=100.0), "grid": grid(PRICES)}, axis(24)
    )
    assert near(of(plan, "hub.charge").sum(), 1.25)
    assert near(paid(plan, "hub", "charging sold"), -700)
    assert near(paid(plan, "hub", "charger upkeep"), 100)


def test_what_the_connection_cannot_bring_is_missing_at_a_price() -> None:
    """*Proves:* 0.1 MW for four whole hours bring 0.4 of 1 MWh; 0.6 MWh are missed at 5 000.
    *A wrong answer would be:* no answer, or charging after the vehicles have left.
    """
    plan = answer({"hub": hub(feeding_limit=0.1), "grid": grid(PRICES)}, axis(24))
    assert near(of(plan, "hub.uncharged").sum(), 0.6)
    assert near(paid(plan, "hub", "uncharged energy"), 3000)
    assert entry(plan, "hub", "uncharged energy").kind == "penalty"


def test_chargers_are_bought_as_many_as_pay() -> None:
    """*Proves:* the plan buys 0.25 MW, the least that brings 1 MWh in the window of 4 h, when
    power is dearer than all it saves. *A wrong answer would be:* 0.5 MW, the vehicles' own power.
    """
    some = hub(power=SizeRange(0, 9), capex=2e6, charger_power=0.01)
    plan = answer({"hub": some, "grid": grid(PRICES)}, axis(24))
    assert near(plan.number(plan.network.capacities["hub.power"][0]), 0.25)


def test_there_are_plugs_for_all_who_stand_there() -> None:
    """*Proves:* ten vehicles at once, four of five plugs taken, two plugs to a charger of 0.12 MW:
    0.75 MW, however little they charge; a range that ends below is taken to its end. *A wrong
    answer would be:* chargers by energy alone, with a queue that never ends.
    """
    for top, wanted in ((9.0, 0.75), (0.5, 0.5)):
        some = hub(power=SizeRange(0, top), capex=1e7, charger_power=0.12, plugs=2.0)
        plan = answer({"hub": some, "grid": grid(PRICES)}, axis(24))
        assert near(plan.number(plan.network.capacities["hub.power"][0]), wanted)


def test_vehicles_lend_and_get_it_back() -> None:
    """*Proves:* ten vehicles that each lend 0.05 MWh give the plant the dear hour: 0.5 MWh at 900
    is served from packs and bought back at 100. *A wrong answer would be:* energy that nobody
    returns, or lending beyond what they offered.
    """
    rate = np.zeros(24)
    rate[0] = 10.0
    stay = {"share": 1.0, "hours": 4.5, "energy": 0.1, "power": 0.1, "lend": 0.05}
    lender = hub(arrivals={"per_hour": rate, "stays": [stay]}, charger_power=0.1,
                 give_back={"power": 1.0, "efficiency": 1.0})  # fmt: skip
    prices = np.array([900.0, 900, 100, 200, 300] + [900.0] * 19)
    steady = grid(prices, export_price=prices - 1e-3)
    plan = answer({"hub": lender, "grid": steady}, axis(24))
    assert near(of(plan, "hub.fed back")[1], 0.5)
    charged = of(plan, "hub.charge")
    assert near(charged.sum() - of(plan, "hub.fed back").sum(), 1.0)
    assert near(charged[2:5], [1.0, 0.5, 0.0])


def test_only_what_vehicles_lend_is_fed_back() -> None:
    """*Proves:* where power is paid to be taken, a car that wants 40 kWh and lends nothing earns
    300 · 0.04/0.94 and no more: nothing goes from the node through the chargers back to it. *A
    wrong answer would be:* chargers that burn 1 MW all day without any vehicle.
    """
    rate = np.zeros(8)
    rate[0] = 1.0
    stay = {"share": 1.0, "hours": 6.5, "energy": 0.04, "power": 0.02}
    some = hub(arrivals={"per_hour": rate, "stays": [stay]}, power=1.0, efficiency=0.94,
               give_back={})  # fmt: skip
    plan = answer({"hub": some, "grid": grid(-300.0, export_price=-300.0)}, axis(8))
    assert near(of(plan, "hub.fed back"), 0)
    assert near(plan.objective, -300 * 0.04 / 0.94)


def test_a_vehicle_charges_or_gives_back() -> None:
    """*Proves:* a car of 0.1 MW that lends, where burning pays, charges and gives back half of each
    whole hour; charging and giving back together never exceed its power. *A wrong answer would be:*
    0.1 MW both ways at once.
    """
    rate = np.zeros(8)
    rate[0] = 1.0
    stay = {"share": 1.0, "hours": 6.5, "energy": 0.001, "power": 0.1, "lend": 0.1}
    some = hub(arrivals={"per_hour": rate, "stays": [stay]}, charger_power=0.1,
               give_back={"efficiency": 0.9})  # fmt: skip
    plan = answer({"hub": some, "grid": grid(-300.0, export_price=-300.0)}, axis(8))
    drawn, lent = of(plan, "hub.charge"), of(plan, "hub.fed back") / 0.9
    assert near(drawn[1:7] + lent[1:7], 0.1)
    assert near(drawn.sum() - lent.sum(), 0.001)


def test_who_finds_no_plug_is_turned_away() -> None:
    """*Proves:* 10 cars an hour that stay 4 h would be 40 at 2 plugs: once all hours are alike 5 %
    are served, sold and drawn, the rest are missing at their price, and of the vehicles findings
    say the same. A third plug takes half as many more. *A wrong answer would be:* every car's
    energy sold because the power would do.
    """
    stays = [{"share": 1.0, "hours": 4.0, "energy": 0.02}]
    busy = {"per_hour": 10.0, "stays": stays}
    for plugs in (2, 3):
        some = hub(arrivals=busy, power=0.12 * plugs, charger_power=0.12, control="at_once",
                   price=700.0)  # fmt: skip
        time = axis(24 * 20)
        net = stand({"hub": some, "grid": grid()}, time)
        from zeroplant.solve import solve

        plan = solve(net)
        assert near(of(plan, "hub.charge")[24:-24], 10 * plugs / 40 * 0.02)
        assert near(of(plan, "hub.uncharged"), 0)
        sold = -paid(plan, "hub", "charging sold") / 700
        away = paid(plan, "hub", "turned away") / 5000
        assert entry(plan, "hub", "turned away").kind == "penalty"
        whole = sum(float(each.energy.sum()) for each in some.wanted(time))
        assert near(sold + away, whole)
        found = {f.key: f.value for f in some.findings(Scope(net, "hub"), plan)}
        assert found["plugged_in"] <= plugs + 1e-9
        assert abs(found["turned_away"] - (1 - plugs / 40)) < 0.005


def test_chargers_without_power_serve_nobody() -> None:
    """*Proves:* no plug at all has an answer: all that was wanted is missing at its price. *A wrong
    answer would be:* a session without power that is called a fault of the file.
    """
    for words in ({}, {"aggregate": "outer"}, {"control": "at_once"}):
        plan = answer({"hub": hub(power=0.0, **words), "grid": grid(PRICES)}, axis(24))
        assert near(plan.objective, 5000)


def test_waiting_follows_erlang() -> None:
    """*Proves:* findings know queues: 6 vehicles an hour staying 20 minutes at 3 plugs (2 busy on
    average) wait 8.9 minutes on average by Erlang's formula, so p95 is over 30 minutes and the
    median none. *A wrong answer would be:* no waiting because there are plugs enough on average.
    """
    rate = np.full(24 * 60, 6.0)
    stays = [{"share": 1.0, "hours": 1 / 3, "energy": 0.02}]
    busy = hub(arrivals={"per_hour": rate, "stays": stays}, power=0.36, charger_power=0.12)
    net = stand({"hub": busy, "grid": grid(400.0)}, axis(24 * 60))
    from zeroplant.solve import solve

    found = {f.key: f.value for f in busy.findings(Scope(net, "hub"), solve(net))}
    assert found["plugs"] == 3
    assert found["wait_p50"] < 0.1
    assert 0.1 < found["wait_p95"] < 0.8


def test_rounded_shares_are_all_vehicles() -> None:
    """*Proves:* three kinds of stay at 33.33333 % each are all 3 vehicles an hour, and the waits of
    a solved plant are drawn from them. *A wrong answer would be:* 2.9999997 vehicles, and an error
    after the plan is made, for the shares do not add up to 1.
    """
    kinds = [{"share": 0.3333333, "hours": h, "energy": 0.02} for h in (1.0, 3.0, 5.0)]
    busy = hub(arrivals={"per_hour": 3.0, "stays": kinds}, power=1.2, charger_power=0.12)
    assert busy.arrivals is not None
    (come,) = busy.arrivals.sessions(axis(48), 0.12, 0.0)
    assert come.count[come.arrival < 1.0].sum() == pytest.approx(3.0, abs=1e-12)
    plan = answer({"hub": busy, "grid": grid(400.0)}, axis(48))
    said = {f.key: f.value for f in busy.findings(Scope(plan.network, "hub"), plan)}
    assert "wait_p95" in said


def table(folder: Path, *rows: str, head: str = "arrival,departure,energy_kwh,power_kw") -> Path:
    """A table of sessions in a file."""
    path = folder / "sessions.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_waits_are_those_of_every_scenario() -> None:
    """*Proves:* with a quiet and a busy scenario the waits lie between those of each alone, in
    either order. *A wrong answer would be:* those of the first, so none at all.
    """
    from zeroplant.solve import solve

    stays = [{"share": 1.0, "hours": 1 / 3, "energy": 0.02}]
    quiet, busy = np.full(24 * 30, 0.2), np.full(24 * 30, 6.0)
    late = []
    for rate in ((quiet, busy), (busy, quiet), (busy, busy)):
        some = hub(arrivals={"per_hour": np.concatenate(rate), "stays": stays}, power=0.36,
                   charger_power=0.12)  # fmt: skip
        net = stand({"hub": some, "grid": grid(400.0)}, axis(24 * 30, weights=(0.5, 0.5)))
        found = {f.key: f for f in some.findings(Scope(net, "hub"), solve(net))}
        late.append(found["wait_too_long"].value)
        assert "all 2 scenarios by their probability" in found["wait_p95"].note[0]
    assert late[0] > 0.0
    assert late[1] == pytest.approx(late[0])
    assert late[0] == pytest.approx(late[2] * 6.0 / 6.2, rel=0.05)


def test_a_table_of_sessions(tmp_path: Path) -> None:
    """*Proves:* two sessions of the table charge in the cheapest whole hours of their own stays.
    *A wrong answer would be:* kWh read as MWh, or stamps read in UTC.
    """
    path = table(tmp_path, "2025-01-01 00:00,2025-01-01 03:00,50,50",
                 "2025-01-01 06:00,2025-01-01 09:00,100,50")  # fmt: skip
    prices = np.array([5.0, 3, 4, 9, 9, 9, 7, 8, 6, 1])
    said = {"file": str(path), "power": "power_kw", "zone": "Asia/Shanghai"}
    plan = answer({"hub": hub(sessions=said), "grid": grid(prices)}, axis(10))
    assert near(of(plan, "hub.charge"), [0, 0.05, 0, 0, 0, 0, 0.05, 0, 0.05, 0])


def test_each_vehicle_can_follow_the_plan(tmp_path: Path) -> None:
    """*Proves:* of a plan of 60 vehicles over three days, some of which lend, the schedule of the
    groups hands each exactly what it wants at no more than its power, and the balance closes:
    drawn less losses = wanted + given back with its losses. *A wrong answer would be:* a plan that
    only the sum could follow.
    """
    random = np.random.default_rng(1)
    begin = random.uniform(0, 60, 60)
    stay, energy = random.uniform(0.5, 14, 60), random.uniform(5, 60, 60)
    lend = np.where(random.random(60) < 0.4, 20.0, 0.0)
    start = np.datetime64("2025-01-01T00:00:00")
    rows = [
        f"{start + round(a * 3600)},{start + round((a + s) * 3600)},{e:.3f},60,{k}"
        for a, s, e, k in zip(begin, stay, energy, lend, strict=True)
    ]
    path = table(tmp_path, *rows, head="arrival,departure,energy_kwh,power_kw,lend_kwh")
    said = {"file": str(path), "power": "power_kw", "lend": "lend_kwh", "zone": "Asia/Shanghai"}
    some = hub(sessions=said, efficiency=0.9, give_back={"efficiency": 0.8, "price": 50.0})
    prices = random.uniform(100, 900, 80)
    plan = answer({"hub": some, "grid": grid(prices, export_price=prices - 1)}, axis(80))
    (lanes,) = some.promises(axis(80))
    net = some.net_lanes(Scope(plan.network, "hub"), plan)
    assert net.min() < -0.01
    assert near(lanes.delivered(net), lanes.sessions.energy)
    for i in np.flatnonzero(lanes.lane >= 0):
        assert lanes.path(i, net).max() <= lanes.sessions.power[i] + 1e-6
    drawn, back = of(plan, "hub.charge").sum(), of(plan, "hub.fed back").sum()
    assert near(0.9 * drawn, lanes.sessions.energy.sum() + back / 0.8)


def test_each_chain_has_its_own_arrivals() -> None:
    """*Proves:* ten vehicles in one scenario, twenty in the other, each charged in its own. *A
    wrong answer would be:* the mean in both.
    """
    rate = np.zeros(48)
    rate[[0, 24]] = 10.0, 20.0
    stays = [{"share": 1.0, "hours": 4.5, "energy": 0.1, "power": 0.05}]
    some = hub(arrivals={"per_hour": rate, "stays": stays})
    plan = answer({"hub": some, "grid": grid(np.tile(PRICES, 2))}, axis(24, weights=(0.5, 0.5)))
    assert near(of(plan, "hub.charge")[[1, 2, 25, 26]], [0.5, 0.5, 1.0, 1.0])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["2025-01-01 00:00,2025-01-01 00:00,50,50"], "departure not after the arrival"),
        (["2025-01-01 00:00,2025-01-01 03:00,-5,50"], "negative energy"),
        (["2025-01-01 00:00,2025-01-01 03:00,5,0"], "no charging power"),
        (["2025-01-01 00:00,2025-01-01 03:00,,50"], "no number"),
        (["2024-01-01 00:00,2024-01-01 03:00,5,50"], "none of its 1 sessions is in the plan"),
    ],
)
def test_tables_that_cannot_be(tmp_path: Path, rows: list[str], message: str) -> None:
    """*Proves:* each fault of a table is named with its row or its cure."""
    said = {"file": str(table(tmp_path, *rows)), "power": "power_kw", "zone": "Asia/Shanghai"}
    with pytest.raises(InputError, match=message):
        stand({"hub": hub(sessions=said)}, axis(24))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"arrivals": None}, "either 'sessions'"),
        ({"control": "at_once", "give_back": {}}, "control: smart"),
        ({"arrivals": {"per_hour": 3.0, "stays": [{"share": 0.5, "hours": 1.0, "energy": 0.1}]}},
         "add up to 0.5"),
    ],
)  # fmt: skip
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        hub(**words)
