"""Box ports: full boxes for empty ones, slots, cranes, waiting ships, and the grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pypsa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.small import axis, entry, grid, near, of, paid
from zeroplant.assets import Asset
from zeroplant.assets.box_port import BoxPort
from zeroplant.axis import Axis, Floats
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution


def port(**words: Any) -> BoxPort:
    """Boxes of 1 MWh without losses, slots of 0.5 MW, a crane for 6 boxes an hour."""
    usual = {
        "kind": "box_port", "at": "park", "boxes": 4.0, "slots": 4.0, "slot_power": 0.5,
        "box": {"energy": 1.0}, "round_trip": 1.0, "wait_price": 100.0,
    }  # fmt: skip
    return BoxPort(**{**usual, **words})


def answer(assets: Mapping[str, Asset], time: Axis) -> Solution:
    """Prepare, describe and solve, at a node "park"."""
    net = Network(time)
    net.node("park")
    scopes = {name: Scope(net, name) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], None)
    return solve(net)


def found(asset: Asset, name: str, solution: Solution) -> dict[str, float]:
    """What an asset says of a solved plant, by key."""
    scope = Scope(solution.network, name)
    return {f.key: f.value for f in asset.findings(scope, solution)}


def at(hours: Mapping[int, float], periods: int = 24) -> Floats:
    """Boxes an hour that come in some hours."""
    series = np.zeros(periods)
    series[list(hours)] = list(hours.values())
    return series


def test_boxes_are_charged_in_the_cheap_hours() -> None:
    """*Proves:* three boxes exchanged at noon for full ones are charged at night, 3 MWh at 100. *A
    wrong answer would be:* charged on arrival, or 4 MWh because the stock is four."""
    price = np.where(np.arange(24) < 8, 100.0, 500.0)
    dock = port(incoming=at({12: 3.0}))
    plan = answer({"port": dock, "grid": grid(price)}, axis(24))
    assert near(of(plan, "port.charge").sum(), 3.0)
    assert near(plan.objective, 300.0)
    assert near(of(plan, "port.exchanged"), at({12: 3.0}))


def test_longtan() -> None:
    """Golden: 28 boxes of 1,389 kWh in 15 h take 2.6 MW on average, within its 8 slots.

    *Proves:* 28 spare boxes are charged from hour 0 to 15 on 8 slots of 0.35 MW, so that every ship
    finds full ones; with half the slots' power ships go without what cannot be charged in a day.
    *A wrong answer would be:* all 28 boxes on charge at once, or slots that stay idle at the end.
    """
    come, hours = at({15: 6.0, 16: 6.0, 17: 6.0, 18: 6.0, 19: 4.0}), np.arange(24)
    words = {"incoming": come, "box": {"energy": 1.389}, "boxes": 28.0, "slots": 8.0}
    price = np.where(hours < 15, 100.0, 2000.0)
    plan = answer({"port": port(**words, slot_power=0.35), "grid": grid(price)}, axis(24))
    charge = of(plan, "port.charge")
    assert charge[:15].mean() == pytest.approx(2.59, abs=0.01)
    assert charge.max() <= 8 * 0.35 + 1e-6
    assert near(charge[15:], 0.0)
    assert near(of(plan, "port.boxes owed"), 0.0)
    few = answer({"port": port(**words, slot_power=0.19), "grid": grid(300.0)}, axis(24))
    assert of(few, "port.not served 0").sum() == pytest.approx(28 - 24 * 8 * 0.19 / 1.389, rel=1e-6)


def test_one_empty_box_takes_its_time() -> None:
    """*Proves:* one box on one of four slots of 0.5 MW is full after 2 h, and not after half an
    hour: the ship that finds no full box waits for it. *A wrong answer would be:* 2 MW into it."""
    dock = port(boxes=0.0, incoming=at({3: 1.0}))
    plan = answer({"port": dock, "grid": grid(0.0)}, axis(24))
    assert of(plan, "port.charge")[3] == pytest.approx(0.5)
    assert paid(plan, "port", "waiting ships") == pytest.approx(100.0, rel=1e-3)


def test_cranes_bind() -> None:
    """*Proves:* a crane of 10 min serves 6 boxes an hour: of 9 that come at once 3 wait an hour.
    *A wrong answer would be:* nine served in the hour."""
    dock = port(boxes=9.0, incoming=at({2: 9.0}), slots=9.0)
    plan = answer({"port": dock, "grid": grid(100.0)}, axis(24))
    assert near(of(plan, "port.exchanged"), at({2: 6.0, 3: 3.0}))
    says = found(dock, "port", plan)
    assert says["mean_wait"] == pytest.approx(3 / 9)
    assert says["boxes_a_day"] == pytest.approx(9.0)
    assert says["crane_minutes"] == pytest.approx(90.0)
    assert says["box_turns"] == pytest.approx(1.0)
    assert says["mean_charging"] == pytest.approx(9 / 24)


def test_a_dark_port_turns_ships_away() -> None:
    """*Proves:* without power there is an answer: ships go, at a price. *A wrong answer would be:*
    none at all, or boxes that fill themselves."""
    dock = port(incoming=at({1: 2.0}))
    plan = answer({"port": dock}, axis(24))
    assert near(paid(plan, "port", "ships turned away"), 40_000.0)
    assert found(dock, "port", plan)["served"] == pytest.approx(0.0, abs=1e-6)


def test_idle_boxes_serve_the_grid() -> None:
    """*Proves:* four idle boxes give 1 MW from two slots through the two dear hours, and pay 40 per
    MWh of wear. *A wrong answer would be:* 4 MWh at once, or a service without asking for it."""
    price = np.array([100.0, 100.0, 100.0, 100.0, 900.0, 900.0])
    sold = grid(price, export_price=price - 1.0, one_direction=False)
    plan = answer({"port": port(slots=2.0, gives_back=True), "grid": sold}, axis(6))
    assert near(of(plan, "port.give back"), [0, 0, 0, 0, 1, 1])
    assert near(paid(plan, "port", "wear of boxes"), 80.0)
    still = answer({"port": port(slots=2.0), "grid": sold}, axis(6))
    assert near(still.objective, 0.0)


def test_losses_both_ways() -> None:
    """*Proves:* at a round trip of 0.81 a box of 1 MWh takes 1/0.9 MWh and gives 0.9."""
    price = np.array([100.0] * 6 + [900.0] * 6)
    assets = {
        "port": port(boxes=1.0, slots=1.0, slot_power=2.0, round_trip=0.81, gives_back=True),
        "grid": grid(price, export_price=price - 1.0),
    }
    plan = answer(assets, axis(12))
    assert near(of(plan, "port.charge").sum(), 1 / 0.9)
    assert near(of(plan, "port.give back").sum(), 0.9)


def test_money_follows_the_energy_put_aboard() -> None:
    """*Proves:* a ship that brings boxes half full (class 1 of 3) pays for half of each. *A wrong
    answer would be:* a full box's price."""
    dock = port(classes=3, price=800.0, lease=400.0)
    net = Network(axis(24))
    net.node("park")
    scopes = {name: Scope(net, name) for name in ("port", "grid")}
    dock.prepare(scopes["port"])
    node = next(n for n in net.nodes if n.name == "port.arrivals 1")
    net.flow("line.boxes", give=node, fixed=at({5: 2.0}), unit="1/h")
    dock.describe(scopes["port"], None)
    grid(100.0).describe(scopes["grid"], None)
    plan = solve(net)
    assert near(paid(plan, "port", "energy in boxes"), -800.0)
    assert near(paid(plan, "port", "box leasing"), 400.0)
    assert near(of(plan, "port.charge 1") + of(plan, "port.charge 2"), of(plan, "port.charge 2"))


def test_boxes_and_slots_are_bought() -> None:
    """*Proves:* for 6 boxes wanted in one hour the port buys slots that fill 6 MWh in 24 h (half a
    slot of 0.5 MW), and 5.75 boxes of 1 MWh, the rest being charged in that hour; each at its own
    annuity for a day. *A wrong answer would be:* no boxes (ships would wait, which is dearer),
    slots for one hour, or the annuity of a year."""
    dock = port(
        boxes=SizeRange(0, 50), slots=SizeRange(0, 50), incoming=at({12: 6.0}), cranes=2.0,
        box_price=1000.0, slot_price=1e6, box_life=10.0, wait_price=1e5, turned_away=1e9,
    )  # fmt: skip
    plan = answer({"port": dock, "grid": grid(100.0)}, axis(24))
    boxes = plan.number(plan.network.capacities["port.boxes"][0])
    slots = plan.number(plan.network.capacities["port.slots"][0])
    assert slots == pytest.approx(0.5, rel=1e-5)
    assert boxes == pytest.approx(5.75, rel=1e-5)
    rate = 0.06 / (1 - 1.06**-10)
    assert near(paid(plan, "port", "annuity of battery boxes"), 5.75e3 * rate * 24 / 8760)
    assert entry(plan, "port", "annuity of charge slots").quantity == pytest.approx(0.25)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_as_pypsa_solves_it() -> None:
    """*Proves:* over 336 h with ships, losses, wear and power given back, PyPSA (boxes on a bus and
    in a store, a link each way) pays the same to 1e-6. *A wrong answer would be:* energy of a box
    counted on the plate, losses on the wrong side, or slots that serve both ways at once."""
    draw = np.random.default_rng(4)
    price, come = draw.uniform(50.0, 900.0, 336), draw.poisson(0.5, 336).astype(float)
    box = {"energy": 1.5, "soc_min": 0.1, "soc_max": 0.9}
    dock = port(
        boxes=20.0, box=box, round_trip=0.85, gives_back=True, wear=40.0, incoming=come,
        wait_price=1e5,
    )  # fmt: skip
    sold = grid(price, export_price=price - 1.0)
    plan = answer({"port": dock, "grid": sold}, axis(336))
    n = pypsa.Network(snapshots=range(336))
    n.add("Bus", ["park", "boxes"])
    n.add("Generator", "bought", bus="park", p_nom=100.0, marginal_cost=price)
    n.add("Generator", "exported", bus="park", sign=-1.0, p_nom=100.0, marginal_cost=1.0 - price)
    n.add("Load", "ships", bus="boxes", p_set=come)
    n.add("Store", "full", bus="boxes", e_nom=20.0, e_cyclic=True)
    one_way, usable, power = 0.85**0.5, 1.2, 4 * 0.5
    n.add("Link", "charge", bus0="park", bus1="boxes", p_nom=power, efficiency=one_way / usable)
    n.add("Link", "give", bus0="boxes", bus1="park", p_nom=power / one_way / usable,
          efficiency=one_way * usable, marginal_cost=40.0 * one_way * usable)  # fmt: skip
    n.optimize(solver_name="highs", log_to_console=False)
    assert plan.objective == pytest.approx(n.objective, rel=1e-6)
    assert near(of(plan, "port.boxes owed"), 0.0)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 999),
    classes=st.integers(2, 4),
    gives_back=st.booleans(),
    chains=st.integers(1, 2),
)
def test_boxes_and_energy_are_kept(seed: int, classes: int, gives_back: bool, chains: int) -> None:
    """*Proves:* in every hour charged boxes ashore, less boxes owed, are within the stock; over the
    chains the energy charged is, but for losses, what left with the ships and what was given back.
    *A wrong answer would be:* a box or a MWh from nowhere."""
    draw = np.random.default_rng(seed)
    come = draw.poisson(0.7, 48).astype(float)
    price = draw.uniform(50.0, 900.0, 48)
    dock = port(
        boxes=5.0, classes=classes, gives_back=gives_back, round_trip=0.81, incoming=come, wear=0.0
    )
    time = axis(48, weights=(1.0,) * chains)
    assets = {"port": dock, "grid": grid(price, export_price=price - 1.0)}
    plan = answer(assets, time)
    names = [*(f"boxes {k}" for k in range(1, classes - 1)), "full boxes"]
    ashore = sum(of(plan, f"port.{name}") for name in names)
    assert (ashore - of(plan, "port.boxes owed")).max() <= 5.0 + 1e-5
    steps = [""] if classes == 2 else [f" {k + 1}" for k in range(classes - 1)]
    charged = sum(of(plan, f"port.charge{k}").sum() for k in steps)
    given_back = sum(of(plan, f"port.give back{k}").sum() for k in steps) if gives_back else 0.0
    assert near(0.9 * charged, of(plan, "port.exchanged").sum() + given_back / 0.9, rel=1e-5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"box": {"soc_min": 0.9, "soc_max": 0.2}}, "is not below"),
        ({"classes": 1}, "greater than or equal to 2"),
        ({"cranes": 0.0}, "cranes"),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        port(**words)
