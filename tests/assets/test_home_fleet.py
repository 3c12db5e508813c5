"""The home fleet: rooms, batteries, roofs and cars of many homes at one node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import ZONE, answer, axis, entry, grid, has, near, of, paid, stand
from zeroplant.assets.home_fleet import HomeFleet
from zeroplant.assets.parts.home_devices import HomeBatteries, HomeCars, HomeRoofs, HomeRooms
from zeroplant.axis import Axis
from zeroplant.errors import InputError
from zeroplant.waist import Scope
from zeroplant.weather.site import Site, Weather

COUNT = 100
USUAL = 1.0 / (3 * 0.98) / 1000 * COUNT
"""MW that 100 rooms of 10 K/kW take at 36 °C to be at 26 °C with a COP of 3 · 0.98."""
KEEP = float(np.exp(-0.5))
PULL = USUAL * 2 / (10 * (1 - KEEP))
"""MW that move these rooms by their band of 2 K in an hour."""


def fleet(**words: Any) -> HomeFleet:
    """A hundred homes that use nothing, unless told otherwise."""
    usual: dict[str, Any] = {"kind": "home_fleet", "at": "park", "yearly_use": 0.0}
    if "table" not in words:
        usual["homes"] = COUNT
    return HomeFleet(**{**usual, **words})


def rooms(**words: Any) -> HomeRooms:
    """One kind of room, in every home, all steered at any time."""
    alike: dict[str, Any] = {
        "share": 1.0, "in_use": 1.0, "accepts": 1.0, "reachable": 1.0, "opt_out": 0.0,
        "power": 1e-3, "cop": 3.0, "resistance": 1e4, "capacity": 2e-4, "summer": 26.0,
        "band": 2.0, "gains": 0.0, "aperture": 0.0, "events_per_day": None, "cooling": "7",
    }  # fmt: skip
    return HomeRooms(**{**alike, **words})


def batteries(**words: Any) -> HomeBatteries:
    """Batteries of 5 kW and 10 kWh, half of it kept, 0.9 each way, in every home."""
    alike: dict[str, Any] = {
        "share": 1.0, "accepts": 1.0, "power": 5e-3, "energy": 10e-3, "round_trip": 0.81,
        "reserve": 0.5, "self_discharge": 0.0,
    }  # fmt: skip
    return HomeBatteries(**{**alike, **words})


def july(hours: int = 48) -> Axis:
    """Hours of July from midnight."""
    return axis(hours, start="2025-07-01")


def place(time: Axis, air: float = 36.0, ghi: float = 0.0) -> Site:
    """Weather that does not change."""
    same = np.ones(time.stages)
    weather = Weather(ghi * same, 0 * same, ghi * same, air * same, 2 * same, 1e5 * same)
    return Site("place", 30.0, 120.0, 5.0, ZONE, time, weather)


def dear_at(hour: int, time: Axis, price: float = 1000.0) -> np.ndarray:
    """Power is free but for one hour of the first day."""
    return np.where(np.arange(time.stages) == hour, price, 1e-3)


def test_the_load_of_homes() -> None:
    """*Proves:* 100 homes of 8.76 MWh a year use 0.1 MW on average over a year, most of it in the
    evening, and without a grid all of it is unserved. *A wrong answer would be:* 100 MW, or a flat
    course.
    """
    time = axis(8760)
    net = stand({"homes": fleet(yearly_use=8.76)}, time)
    load = np.asarray(next(f for f in net.flows if f.name == "homes.load").cap.constant)
    assert load.mean() == pytest.approx(0.1, rel=0.01)
    assert load.reshape(-1, 24).mean(axis=0).argmax() == 19
    dark = answer({"homes": fleet(yearly_use=8.76)}, axis(24))
    assert near(of(dark, "homes.unserved"), of(dark, "homes.load"))


def test_rooms_are_cooled_before_a_dear_hour() -> None:
    """*Proves:* free power cools the rooms by their band of 2 K before the one dear hour, in which
    they warm to 2 K above the set point: they take A·(1 + k) less than usual, 0.278 of 0.340 kW
    each. *A wrong answer would be:* no power at all in that hour (the band is forgotten), or a
    cut of A only (no cooling ahead).
    """
    time = july()
    plan = answer({"homes": fleet(rooms=rooms()), "grid": grid(dear_at(20, time))}, time,
                  site=place(time))  # fmt: skip
    power = sum(of(plan, f"homes.air conditioning {k}") for k in (1, 2, 3))
    assert power[20] == pytest.approx(USUAL - PULL * (1 + KEEP), rel=1e-5)
    assert power[19] > USUAL


def test_opt_out_is_not_counted() -> None:
    """*Proves:* with 10 % gone when it matters, the cut is 10 % smaller. *A wrong answer would be:*
    the whole cut, on which the plant could not rely.
    """
    time = july()
    homes = fleet(rooms=rooms(opt_out=0.1))
    plan = answer({"homes": homes, "grid": grid(dear_at(20, time))}, time, site=place(time))
    power = sum(of(plan, f"homes.air conditioning {k}") for k in (1, 2, 3))
    assert power[20] == pytest.approx(USUAL - 0.9 * PULL * (1 + KEEP), rel=1e-5)


def test_events_limit_what_a_day_asks_of_the_homes() -> None:
    """*Proves:* without events nobody ever uses less than usual, however dear the hour; with one of
    an hour a day, no more energy is cut in a day than in an hour from rest. *A wrong answer
    would be:* comfort spent all day long.
    """
    time = july()
    dear = np.where(np.arange(48) % 24 >= 12, 1000.0, 500.0)
    for events, most in ((0.0, 0.0), (1.0, PULL)):
        homes = fleet(rooms=rooms(events_per_day=events, event_hours=1.0))
        plan = answer({"homes": homes, "grid": grid(dear)}, time, site=place(time))
        power = sum(of(plan, f"homes.air conditioning {k}") for k in (1, 2, 3))
        cut = np.maximum(USUAL - power, 0.0)
        assert cut[6:30].sum() <= most + 1e-7
        assert (cut.sum() > 1e-3) == bool(most)


def test_homes_are_paid_for_using_less() -> None:
    """*Proves:* 200 per MWh goes to the homes for what they use less than usual; at 1,000 nothing
    is asked of them when power costs 800. *A wrong answer would be:* flexibility for nothing.
    """
    time = july()
    price = dear_at(20, time, 800.0)
    words = {"grid": grid(price)}
    plan = answer({"homes": fleet(rooms=rooms(pay=200.0)), **words}, time, site=place(time))
    line = entry(plan, "homes", "reduction")
    assert line.amount == pytest.approx(200.0 * of(plan, "homes.reduced").sum())
    assert line.amount > 0.9 * 200 * PULL
    dear = answer({"homes": fleet(rooms=rooms(pay=1000.0)), **words}, time, site=place(time))
    assert near(of(dear, "homes.reduced"), 0.0)


def test_readiness_is_paid_for_what_is_firm() -> None:
    """*Proves:* a two-hour cut from rest is A/(1 + k), and 8,760 per MW and year for it is as many
    times that as the plan has hours. *A wrong answer would be:* paid by the rating of the
    machines.
    """
    time = july()
    homes = fleet(rooms=rooms(ready=8760.0))
    plan = answer({"homes": homes, "grid": grid()}, time, site=place(time))
    assert paid(plan, "homes", "readiness") == pytest.approx(48 * PULL / (1 + KEEP), rel=1e-6)


def test_batteries_trade_with_their_losses_and_their_reserve() -> None:
    """*Proves:* of 100 × 10 kWh half is kept: 0.5 MWh are filled at 0.5 MW and 0.9, 0.45 in the
    first hour and the rest not, for 0.405 MWh given back at 300. *A wrong answer would be:* 1 MWh
    moved, or 0.9 once.
    """
    prices = np.array([100.0, 300.0])
    homes = fleet(batteries=batteries(pay=10.0, wear=20.0), yearly_use=87.6)
    plan = answer({"homes": homes, "grid": grid(prices)}, axis(2))
    assert near(of(plan, "homes.charge 1"), [0.5, 0.0])
    assert near(of(plan, "homes.discharge 1"), [0.0, 0.405])
    assert near(paid(plan, "homes", "discharge paid"), 4.05)
    assert near(paid(plan, "homes", "running homes.discharge 1"), 8.1)


def test_unlike_batteries_lose_no_power_and_no_energy() -> None:
    """*Proves:* classes hold all power and all usable energy of the homes. *A wrong answer would
    be:* the shortest battery's hours for all.
    """
    homes = fleet(batteries=batteries(power={"min": 3e-3, "max": 6e-3}, groups=3))
    few = homes.fleet(axis(2), None).few
    assert few.classes.power.sum() == pytest.approx(few.batteries.power.sum())
    assert few.classes.energy.sum() == pytest.approx(0.5 * few.batteries.energy.sum())


def test_cars_are_charged_at_night_and_full_in_the_morning() -> None:
    """*Proves:* 100 cars of 7 kWh take 0.7 MWh a day between 20 h, when the last is back, and 7 h,
    in the cheapest hours, as a vehicle's load. *A wrong answer would be:* charging by day, when
    it is free but nobody is at home.
    """
    cars = HomeCars(share=1.0, accepts=1.0, power=3.5e-3, energy=7e-3,
                    leaves=(7.0), returns={"min": 18.0, "max": 20.0})  # fmt: skip
    time = axis(72)
    hour = np.arange(72) % 24
    price = np.where((hour >= 8) & (hour < 17), 0.0, np.where(hour == 2, 100.0, 400.0))
    plan = answer({"homes": fleet(cars=cars), "grid": grid(price)}, time)
    charging = of(plan, "homes.car charging 1").reshape(3, 24)
    assert near(charging.sum(), 3 * 0.7)
    assert near(charging[:, 7:20], 0.0)
    assert near(charging[:, 2], 0.35)
    flow = next(f for f in plan.network.flows if f.name == "homes.car charging 1")
    assert flow.role == "load"
    assert "vehicle" in flow.tags


def test_roofs_give_what_the_sun_gives() -> None:
    """*Proves:* half of the homes with 10 kW are 0.5 MW of generation from the sun. *A wrong answer
    would be:* all homes, or power at night.
    """
    time = july(24)
    roofs = HomeRoofs(share=0.5, power=10e-3, capex=1e6)
    net = stand({"homes": fleet(roofs=roofs), "grid": grid()}, time, site=place(time, ghi=500.0))
    flow = next(f for f in net.flows if f.name == "homes.roof output")
    assert flow.role == "generation"
    assert {"renewable", "solar"} <= flow.tags
    assert net.capacities["homes.roof power"][0].constant == pytest.approx(0.5)
    assert 0.1 < np.asarray(flow.cap.constant).max() < 0.45


def test_roofs_of_the_homes_are_not_free_energy() -> None:
    """*Proves:* 100 homes of 1 kW each, half of them with 5…15 kW: a home pays 500 for what its own
    roof does not give and gets 200 for what it has left, so the plant's bill is that of the homes
    one by one, whatever it does with the energy: exports at 400, or nothing. *A wrong answer would
    be:* 500 for every MWh of the homes' own, and exports for nothing.
    """
    time = july(24)
    roofs = HomeRoofs(share=0.5, power={"min": 5e-3, "max": 15e-3}, feed_in=200.0)
    homes = fleet(load=0.1, price=500.0, roofs=roofs)
    site = place(time, ghi=150.0)
    ratings = homes.fleet(time, site).population.roofs
    assert np.count_nonzero(ratings) == 50
    for words in ({"export_price": 400.0}, {}):
        plan = answer({"homes": homes, "grid": grid(600.0, **words)}, time, site=site)
        flow = next(f for f in plan.network.flows if f.name == "homes.roof output")
        made = np.outer(np.asarray(flow.cap.constant) / ratings.sum(), ratings)
        left = made - 1e-3
        assert left.max() > 0 > left[:, ratings > 0].min()
        assert paid(plan, "homes", "energy sold") == pytest.approx(500 * np.minimum(left, 0).sum())
        assert paid(plan, "homes", "roof feed-in") == pytest.approx(200 * np.maximum(left, 0).sum())
        assert entry(plan, "homes", "roof feed-in").to == "homes"


def test_roofs_of_the_plant_are_its_own() -> None:
    """*Proves:* of bought roofs nothing is paid to homes, which pay for all they use. *A wrong
    answer would be:* roofs that the plant pays for twice.
    """
    time = july(24)
    homes = fleet(load=0.1, price=500.0, roofs=HomeRoofs(share=0.5, power=10e-3, capex=1e6))
    plan = answer({"homes": homes, "grid": grid()}, time, site=place(time, ghi=150.0))
    assert paid(plan, "homes", "energy sold") == pytest.approx(-500 * 2.4)
    assert not [line for line in plan.ledger if line.what == "roof feed-in"]


def test_charging_home_batteries_is_not_sold() -> None:
    """*Proves:* batteries are worked with the plant's energy: what the homes pay is the same with
    and without them, and the plant pays for the losses. *A wrong answer would be:* energy that the
    homes pay when it is charged and again when they use it.
    """
    time = july(24)
    price = np.where(np.arange(24) == 12, 900.0, 100.0)
    sold, bought = [], []
    for words in ({}, {"batteries": batteries()}):
        homes = fleet(load=0.1, price=500.0, **words)
        plan = answer({"homes": homes, "grid": grid(price)}, time)
        sold.append(paid(plan, "homes", "energy sold"))
        bought.append(of(plan, "grid.import").sum())
    assert sold[1] == pytest.approx(sold[0])
    assert bought[1] == pytest.approx(2.4 + 0.1 / 0.81 - 0.1)


def test_homes_pay_for_what_they_use() -> None:
    """*Proves:* the tariff is paid on load and cooling together, where they were served. *A wrong
    answer would be:* on the household alone.
    """
    time = july(24)
    homes = fleet(rooms=rooms(), yearly_use=8.76, price=500.0)
    plan = answer({"homes": homes, "grid": grid(400.0)}, time, site=place(time))
    used = of(plan, "homes.load").sum()
    used += sum(of(plan, f"homes.air conditioning {k}").sum() for k in (1, 2, 3))
    assert paid(plan, "homes", "energy sold") == pytest.approx(-500 * used)


def test_a_dark_town_in_a_heat_wave_has_an_answer() -> None:
    """*Proves:* without any power, rooms and cars are unserved like everything else. *A wrong
    answer would be:* no plan.
    """
    time = july()
    homes = fleet(rooms=rooms(), cars=HomeCars(share=0.5), batteries=batteries(), yearly_use=2.0)
    plan = answer({"homes": homes}, time, site=place(time, air=41.0))
    assert plan.status == "optimal"
    assert of(plan, "homes.unserved").min() >= 0.0


@pytest.mark.parametrize("hours", [0.5, 24.0])
def test_other_periods_and_several_chains(hours: float) -> None:
    """*Proves:* with half hours or days, and two weather years, homes use the same energy and there
    is an answer; rooms begin each chain afresh. *A wrong answer would be:* a load that depends on
    the length of a period, or a level that runs from one chain into the next.
    """
    time = axis(round(10 * 24 / hours), hours, start="2025-07-01", weights=(0.5, 0.5))
    homes = fleet(rooms=rooms(), cars=HomeCars(share=1.0), yearly_use=8.76,
                  batteries=batteries())  # fmt: skip
    plan = answer({"homes": homes, "grid": grid()}, time, site=place(time))
    assert of(plan, "homes.load").shape == (time.stages,)
    power = sum(of(plan, f"homes.air conditioning {k}") for k in (1, 2, 3))
    assert power.mean() == pytest.approx(USUAL, rel=0.35)
    alone = stand({"homes": fleet(yearly_use=8.76)}, time)
    load = np.asarray(next(f for f in alone.flows if f.name == "homes.load").cap.constant)
    assert load.mean() == pytest.approx(0.094, rel=0.05)  # less in July


def test_a_fleet_is_few_columns() -> None:
    """*Proves:* 2,000 homes with everything are at most 20 flows and levels. *A wrong answer would
    be:* columns by the home.
    """
    time = july(24)
    homes = fleet(homes=2000, rooms=HomeRooms(pay=100.0), batteries=HomeBatteries(),
                  roofs=HomeRoofs(capex=0.0), cars=HomeCars())  # fmt: skip
    net = stand({"homes": homes}, time, site=place(time))
    assert len(net.flows) + len(net.stores) <= 20
    assert not has(net, "homes.battery 1")


def test_findings_say_what_the_homes_can_do_and_what_was_lost() -> None:
    """*Proves:* a solved plan tells the firm kW, the comfort that was spent (within the band), the
    energy moved, and the loss against the exact plan of a sample, which is never below 0. *A wrong
    answer would be:* a negative loss: promises that cannot be kept.
    """
    time = july(72)
    homes = fleet(homes=300, rooms=HomeRooms(cooling="7", events_per_day=None),
                  batteries=HomeBatteries(share=0.5))  # fmt: skip
    price = np.where(np.arange(72) % 24 >= 18, 900.0, 300.0)
    plan = answer({"homes": homes, "grid": grid(price)}, time, site=place(time, 34.0))
    scope = Scope(plan.network, "homes")
    found = {each.key: each.value for each in homes.findings(scope, plan)}
    assert found["homes"] == 300
    assert 0 < found["firm_per_unit"] <= found["flexible_per_unit"] < 0.35
    assert 1.0 < found["comfort_used"] <= 2.0 + 1e-6
    assert found["more_per_less"] > 0
    assert -1e-6 <= found["loss_of_rooms"] < 0.3
    assert -1e-6 <= found["loss_of_batteries"] < 0.3


def test_a_table_of_homes(tmp_path: Path) -> None:
    """*Proves:* a table beside the plant file says who the homes are. *A wrong answer would be:* a
    path from the working folder, or drawn homes.
    """
    (tmp_path / "homes.csv").write_text("battery_energy_kwh,battery_power_kw\n10,5\n20,5\n0,0\n")
    said = {"kind": "home_fleet", "at": "park", "table": "homes.csv", "yearly_use": 0.0,
            "batteries": {"reserve": 0.0, "accepts": 1.0}}  # fmt: skip
    homes = HomeFleet.model_validate(said, context={"folder": str(tmp_path)})
    few = homes.fleet(axis(2), None)
    assert few.population.count == 3
    assert few.few.classes.energy.sum() == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"homes": 5, "table": "homes.csv"}, "either 'homes', how many, or a 'table'"),
        ({"homes": None}, "either 'homes', how many, or a 'table'"),
        ({"rooms": {"cooling": "6-9", "heating": "9-2"}}, "month 9 stands in 'cooling' and in"),
        ({"rooms": {"cooling": "summer"}}, "is not a range of months"),
        ({"rooms": {"band": {"min": 2.0, "max": 1.0}}}, "'min' is above 'max'"),
        ({"rooms": {"resistence": 9.0}}, "resistence"),
        ({"roofs": {"share": 0.3}}, "say whose the roofs are: give either 'capex', if the plant"),
        ({"roofs": {"capex": 1e6, "feed_in": 400.0}}, "say whose the roofs are"),
        ({"roofs": {"upkeep": 1e4, "feed_in": 400.0}}, "'upkeep' is paid by the homes that own"),
    ],
)
def test_wrong_homes_are_refused_in_words(words: dict[str, Any], said: str) -> None:
    """*Proves:* contradictions are told, with what to write. *A wrong answer would be:* a plan of
    other homes.
    """
    with pytest.raises(ValidationError, match=said):
        fleet(**words)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    """*Proves:* the missing table is named. *A wrong answer would be:* a traceback."""
    with pytest.raises(InputError, match=r"absent\.csv: no such file"):
        fleet(table=str(tmp_path / "absent.csv")).fleet(axis(2), None)
