"""The swap station: what it can promise, what it costs, and whether trucks get it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, entry, grid, near, of, paid, stand
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.pack_family import PackFamily
from zeroplant.assets.swap_station import SwapStation
from zeroplant.axis import Axis, Chain, Floats
from zeroplant.series import Constant
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution


def station(**words: Any) -> SwapStation:
    """Packs of 300 kWh from 0 to 100 %, full after an hour at 300 kW, no losses, no spare."""
    pack = {
        "energy": 0.3, "count": 20.0, "soc_min": 0.0, "soc_max": 1.0, "charge_on_arrival": 0.0,
        "trucks": 2.0,
    }  # fmt: skip
    usual = {
        "kind": "swap_station", "at": "park", "classes": 2, "chargers": 20.0, "headroom": 0.0,
        "charger_power": 0.3, "efficiency": 1.0, "spare": 0.0, "swap_time": 1e-6,
    }  # fmt: skip
    families = words.pop("packs", {"a": words.pop("pack", {})})
    families = {name: {**pack, **said} for name, said in families.items()}
    return SwapStation(**{**usual, **words, "packs": families})


def drawn(plan: Solution, who: str = "s") -> Floats:
    """MW of charging less giving back."""
    flows = [f for f in plan.network.flows if f.who == who and "vehicle" in f.tags]
    return np.asarray(sum(
        plan.value(f) * (sum(f.take.values()) - sum(f.give.values())) for f in flows
    ))  # fmt: skip


def findings(asset: SwapStation, plan: Solution) -> dict[str, Finding]:
    """What the station says of a plan, by key."""
    return {each.key: each for each in asset.findings(Scope(plan.network, "s"), plan)}


# -- energy, timing, lanes, money ----------------------------------------------------------------


def test_packs_are_charged_when_it_is_cheap() -> None:
    """*Proves:* 2 trucks an hour take 0.3 MWh each; with 20 packs the six hours of a day are
    charged in the cheap ones, as far as packs in hand for the hour that follows allow. *A wrong
    answer would be:* 0.6 MW in every hour.
    """
    price = np.array([100.0, 100, 100, 500, 500, 500])
    plan = answer({"s": station(), "grid": grid(price)}, axis(6))
    assert near(of(plan, "s.swaps"), 2.0)
    assert near(drawn(plan).sum(), 6 * 0.6)
    assert drawn(plan)[3:].sum() < 1e-6
    assert near(plan.objective, 3.6 * 100)


def test_what_comes_in_an_hour_is_not_full_at_its_end() -> None:
    """*Proves:* with a charge of one hour, packs returned evenly in an hour are all on charge at
    its end: of 4 packs, 2 in use an hour, at most 2 are full at any time, and the two that are to
    be in hand are. With 3 packs one is missing in each hour, at the price of a truck that waits.
    *A wrong answer would be:* all packs full at the end of each hour, and none missing.
    """
    plan = answer({"s": station(pack={"count": 4.0}), "grid": grid(100.0)}, axis(5))
    assert near(of(plan, "s.full"), 2.0)
    assert near(paid(plan, "s", "packs missing in the rack"), 0.0)
    plan = answer({"s": station(pack={"count": 3.0}), "grid": grid(100.0)}, axis(5))
    assert near(of(plan, "s.full"), 1.0)
    assert near(of(plan, "s.missing spare"), 1.0)
    assert near(paid(plan, "s", "packs missing in the rack"), 5 * 120.0)


def test_short_periods_know_the_same_time() -> None:
    """*Proves:* in quarter-hours too a pack takes an hour: of 4 packs 2 are on charge at any time.
    *A wrong answer would be:* packs that go from empty to full in a quarter of an hour.
    """
    plan = answer({"s": station(pack={"count": 4.0}), "grid": grid(100.0)}, axis(16, 0.25))
    full = of(plan, "s.full")
    assert full.max() <= 2.0 + 1e-6 or np.argmax(full) < 4
    assert near(full[4:12], 2.0)


def test_a_pack_is_charged_by_one_charger_at_a_time() -> None:
    """*Proves:* two empty packs cannot take 1.2 MW for a quarter-hour though four chargers stand
    there. *A wrong answer would be:* both full after a quarter-hour.
    """
    price = np.where(np.arange(8) == 0, -50.0, 300.0)
    plan = answer(
        {"s": station(pack={"count": 2.0, "trucks": 0.0}, v2g=True), "grid": grid(price)},
        axis(8, 0.25),
    )
    assert drawn(plan).max() <= 0.6 + 1e-6


def test_losses_are_paid_each_way() -> None:
    """*Proves:* a pack of 0.3 MWh takes 0.3/0.9 MWh from the node, and gives 0.27 back. *A wrong
    answer would be:* losses on one way only.
    """
    price = np.array([100.0, 100.0, 900.0, 900.0])
    quiet = {"trucks": 0.0, "count": 1.0}
    words = {"efficiency": 0.9, "v2g": True, "charger_power": 0.9}
    works = station(pack=quiet, **words)
    buyer = grid(price, export_price=np.array([0.0, 0.0, 800.0, 800.0]))
    plan = answer({"s": works, "grid": buyer}, axis(4))
    assert near(plan.objective, 100 * 0.3 / 0.9 - 800 * 0.27)
    flow = next(f for f in plan.network.flows if f.name == "s.giving back 0 to 1")
    assert (flow.role, flow.tags) == ("discharge", {"vehicle"})


def test_a_lane_sustains_168_swaps_a_day() -> None:
    """*Proves:* of 10 trucks an hour one lane serves 7, that is 168 a day (Zizhong), and turns
    away 3 at their price; two lanes serve all. *A wrong answer would be:* 12 an hour (a swap of
    5 minutes), or an error.
    """
    many = {"trucks": 10.0, "count": 100.0}
    words: dict[str, Any] = {"pack": many, "swap_time": 5 / 60, "chargers": 100.0}
    plan = answer({"s": station(**words), "grid": grid(100.0)}, axis(24))
    assert near(of(plan, "s.swaps").sum(), 168)
    assert near(entry(plan, "s", "trucks turned away").amount, 72 * 1000.0)
    plan = answer({"s": station(lanes=2.0, **words), "grid": grid(100.0)}, axis(24))
    assert near(of(plan, "s.swaps").sum(), 240)


def test_trucks_wait_where_that_is_cheaper() -> None:
    """*Proves:* ten trucks in one hour, 7 served: 3 wait an hour at 120 each, for the lane is free
    in the next. *A wrong answer would be:* three turned away, or a queue without a price.
    """
    rush = np.array([10.0, 0, 0, 0])
    plan = answer(
        {"s": station(pack={"trucks": rush, "count": 60.0}, chargers=60.0), "grid": grid(100.0)},
        axis(4),
    )
    assert near(of(plan, "s.waiting"), [3, 0, 0, 0])
    line = entry(plan, "s", "trucks waiting")
    assert line.kind == "penalty"
    assert near(line.amount, 360.0)


def test_what_trucks_pay() -> None:
    """*Proves:* a truck that brings 25 % and takes 100 % of 0.3 MWh pays 0.225 MWh at 1,000 and a
    fee of 20; wear is set aside on what is charged: 1e6/4000 per MWh. *A wrong answer would be:*
    payment for the whole pack.
    """
    pack = {"charge_on_arrival": 0.25, "capex": 1e6, "cycle_life": 4000.0}
    asset = station(pack=pack, price=1000.0, service_fee=20.0, classes=5)
    plan = answer({"s": asset, "grid": grid(100.0)}, axis(6))
    assert near(paid(plan, "s", "swap fees"), -12 * 0.225 * 1000)
    assert near(paid(plan, "s", "swap service"), -12 * 20.0)
    assert near(paid(plan, "s", "pack wear"), 12 * 0.225 * 250.0)


def test_sizes_and_their_money() -> None:
    """*Proves:* packs, lanes, chargers and transformer are sizes with a price each: as many
    chargers as the mean needs at a flat price, and packs for what is away. *A wrong answer would
    be:* one of them free of charge, or chargers per lane.
    """
    asset = station(
        pack={"count": SizeRange(0, 50), "capex": 1e6, "life": 8.0},
        lanes=SizeRange(0, 9), chargers=SizeRange(0, 50), connection=SizeRange(0, 9),
        capex_lane=1e6, upkeep_lane=1e4, capex_charger=5e5, capex_connection=6e5, auxiliary=0.1,
    )  # fmt: skip
    plan = answer({"s": asset, "grid": grid(100.0)}, axis(24))
    size = {s.name: plan.number(s) for s in plan.network.sizes}
    assert near(size["s.packs"], 4.0)
    assert near(size["s.lanes"], 2 / 7)
    assert near(size["s.chargers"], 2.0)
    assert near(size["s.connection"], 0.7)
    years, rate = 24 / 8760, 0.06 / (1 - 1.06**-8)
    assert near(paid(plan, "s", "annuity of swap packs"), 4 * 0.3e6 * rate * years)
    assert paid(plan, "s", "upkeep of swap lanes") == pytest.approx(1e4 * 2 / 7 * years)
    assert paid(plan, "s", "annuity of swap connection") > 0


def test_headroom_is_left_free() -> None:
    """*Proves:* the plan uses 90 % of the chargers. *A wrong answer would be:* all of them."""
    plan = answer(
        {"s": station(chargers=SizeRange(0, 50), headroom=0.1, capex_charger=1e5),
         "grid": grid(100.0)}, axis(24),
    )  # fmt: skip
    assert near(plan.number(plan.network.sizes[0]) * 0.9, 2.0)


def test_a_dark_station_has_an_answer() -> None:
    """*Proves:* without any power trucks are turned away and the light goes out, at a price. *A
    wrong answer would be:* no answer.
    """
    asset = station(pack={"count": 1.0, "trucks": 30.0}, auxiliary=0.02)
    plan = answer({"s": asset}, axis(24))
    assert near(of(plan, "s.unserved"), 0.02)
    assert of(plan, "s.turned away").sum() > 24 * 30 - 2


def test_a_transformer_smaller_than_the_light_has_an_answer() -> None:
    """*Proves:* of 50 kW for the station itself a transformer of 40 kW brings 40, headroom or
    not, and the rest is unserved; no truck is served. *A wrong answer would be:* no answer.
    """
    asset = station(auxiliary=0.05, connection=0.04, headroom=0.25, v2g=True)
    plan = answer({"s": asset, "grid": grid(100.0)}, axis(24))
    assert near(of(plan, "s.unserved"), 0.01)
    assert near(drawn(plan), 0.0)


# -- families ------------------------------------------------------------------------------------


def test_families_are_not_interchangeable() -> None:
    """*Proves:* trucks of family b without packs of their own are turned away beside a rack full
    of family a; if a fits them, they are served, and the rack has as many a at the end as at the
    beginning. *A wrong answer would be:* any full pack for any truck.
    """
    first = np.array([2.0, 0, 0, 0, 0, 0])
    rest = np.array([0.0, 0, 2, 2, 0, 0])
    packs: dict[str, Any] = {
        "a": {"count": 8.0, "trucks": rest},
        "b": {"count": 0.0, "trucks": first},
    }
    plan = answer({"s": station(packs=packs), "grid": grid(100.0)}, axis(6))
    assert near(of(plan, "s.swaps b").sum(), 0)
    assert near(of(plan, "s.turned away b").sum(), 2)
    packs["a"]["also_fits"], packs["b"]["also_fits"] = ["b"], ["a"]
    plan = answer({"s": station(packs=packs), "grid": grid(100.0)}, axis(6))
    assert near(of(plan, "s.turned away b").sum(), 0)
    assert near(of(plan, "s.swaps b with a").sum(), 2)
    assert near(of(plan, "s.packs in the rack a")[-1], 8.0)


# -- a road --------------------------------------------------------------------------------------


def on_a_road(time: Axis, rates: dict[int, float]) -> tuple[Network, SwapStation]:
    """A station whose trucks come through its nodes."""
    asset = station(pack={"trucks": None}, classes=3, spare=None)
    net = Network(time)
    net.node("park")
    scope = Scope(net, "s")
    asset.prepare(scope)
    for number, rate in rates.items():
        node = next(n for n in net.nodes if n.name == f"s.arrivals a {number}")
        assert (node.carrier, node.unit) == ("swaps", "1/h")
        net.flow(f"road {number}", give=node, fixed=rate, unit="1/h")
    asset.describe(scope, None)
    grid(100.0).describe(Scope(net, "grid"), None)
    return net, asset


def test_a_road_brings_trucks_by_class() -> None:
    """*Proves:* 1 truck an hour with an empty pack and 2 with a half-full one draw 1·0.3 + 2·0.15
    MW; the nodes are those that a road gives into. *A wrong answer would be:* 0.9 MW.
    """
    net, asset = on_a_road(axis(24), {0: 1.0, 1: 2.0})
    plan = solve(net)
    assert near(of(plan, "s.swaps"), 3.0)
    assert near(drawn(plan).mean(), 0.6)
    found = {each.key: each for each in asset.findings(Scope(net, "s"), plan)}
    assert found["energy_per_swap"].value == pytest.approx(200.0)
    assert found["swaps_per_day"].value == pytest.approx(72.0)


def test_chains_are_planned_and_reported() -> None:
    """*Proves:* two weather years of half a weight each give the swaps of one, and no packs pass
    from one to the other. *A wrong answer would be:* stock in hand for the trucks of another year.
    """
    asset = station(pack={"count": 4.0})
    plan = answer({"s": asset, "grid": grid(100.0)}, axis(5, weights=(0.5, 0.5)))
    assert near(plan.objective, 5 * 0.6 * 100)
    assert findings(asset, plan)["swaps_per_day"].value == pytest.approx(48.0)


def test_service_is_told_of_all_scenarios_in_any_order() -> None:
    """*Proves:* waits and packs in hand are those of both scenarios by their probability, and the
    worse is named; which stands first changes nothing. *A wrong answer would be:* no waits at all
    because the quiet scenario stands first.
    """
    found = []
    for order in (("quiet", "busy"), ("busy", "quiet")):
        rate = {"quiet": np.full(168, 0.5), "busy": np.full(168, 6.5)}
        chains = tuple(Chain(name, 0.5) for name in order)
        time = replace(axis(168), chains=chains)
        asset = station(pack={"count": 12.0, "trucks": np.concatenate([rate[n] for n in order])})
        said = findings(asset, answer({"s": asset, "grid": grid(100.0)}, time))
        found.append({key: said[key] for key in ("wait_p50", "wait_p95", "served_as_promised")})
    for key, one in found[0].items():
        assert one.value == pytest.approx(found[1][key].value, abs=1e-6)
        assert one.note is not None
        assert "all 2 scenarios by their probability, worst in '" in one.note[0]
    late = found[0]["wait_p95"]
    assert late.value > 1.0
    assert late.note is not None
    assert "worst in 'busy'" in late.note[0]
    assert "最差情景“busy”" in late.note[1]


def test_a_station_to_which_nobody_comes_is_named() -> None:
    """*Proves:* packs without trucks, at a station that no road names, are a slip; those of a
    station on a road are not. *A wrong answer would be:* a plan of an empty station.
    """
    asset = station(pack={"trucks": None})
    [(name, problem)] = SwapStation.across({"s": asset}, {"park": "electricity"})
    assert (name, problem.where) == ("s", "packs.a")
    assert "stations" in problem.instead
    assert not list(SwapStation.across({"s": station()}, {}))


def test_it_is_lean() -> None:
    """*Proves:* one family in four classes takes at most 16 columns and 10 rows an hour; with
    energy given back 3 more. *A wrong answer would be:* a year that takes an hour to solve.
    """
    words: dict[str, Any] = {"classes": 4, "auxiliary": 0.02, "connection": SizeRange(0, 9)}
    words["pack"] = {"count": SizeRange(0, 9), "charge_on_arrival": 0.25}
    net = stand({"s": station(**words)}, axis(24))
    assert len(net.flows) + len(net.stores) <= 16
    assert len(net.stores) + sum(rule.count > 1 for rule in net.budgets) <= 10
    back = stand({"s": station(v2g=True, **words)}, axis(24))
    assert len(back.flows) == len(net.flows) + 3


def test_packs_below_their_window_are_not_for_free() -> None:
    """*Proves:* trucks that come with less than ``soc_min`` are refused over time too, and bring
    a pack of any charge where a road brings them. *A wrong answer would be:* a truck with 0 % that
    buys as much as one with 15 %.
    """
    low = np.array([0.2, 0.1])
    asset = station(pack={"soc_min": 0.15, "charge_on_arrival": low})
    (problem,) = asset.packs["a"].charge_on_arrival.problems(axis(2))
    assert "below 0.15, the first is 0.1 at 2025-01-01 01:00" in str(problem)
    station(pack={"trucks": None, "soc_min": 0.15})


@pytest.mark.parametrize(
    ("said", "rate"), [(5, 5.0), ("5", 5.0), ("5 1/h", 5.0), ("120 1/d", 5.0), ("0", 0.0)]
)
def test_trucks_are_numbers_per_hour(said: object, rate: float) -> None:
    """*Proves:* in a plant file they may stand with or without their unit. *A wrong answer would
    be:* "'5 1/h' is a rate per year".
    """
    words = {"energy": "282 kWh", "count": 8, "trucks": said}
    family = PackFamily.model_validate(words, context={"file": "plant.yaml"})
    assert family.trucks == Constant(rate, lowest=None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"pack": {"soc_min": 1.0}}, "is not below"),
        ({"pack": {"cycle_life": 3000.0, "wear": 50.0}}, "either 'cycle_life' or 'wear'"),
        ({"pack": {"cycle_life": 3000.0}}, "give 'capex' too"),
        ({"pack": {"soc_min": 0.15}}, "0 is below 'soc_min', 0.15; write one from 0.15 to 1"),
        ({"pack": {"soc_max": 0.9, "charge_on_arrival": 0.95}}, "is above 'soc_max', 0.9"),
        ({"packs": {"a": {"also_fits": ["b"]}}}, "no other family"),
        ({"packs": {"a.b": {}}}, "without dots"),
        ({"packs": {}}, "packs"),
        ({"swap_time": 0.5}, "at most 48"),
        ({"pack": {"trucks": "5 MW"}}, "'5 MW' is not a number per hour; write .* '5 1/h'"),
        ({"pack": {"trucks": "-5 1/h"}}, "-5.0 is below 0"),
        ({"classes": 1}, "classes"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        station(**words)
