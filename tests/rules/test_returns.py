"""What comes back to nodes of electricity: no loop helps a rule, and fuel counts as energy once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assets.chains import NODES, wind
from tests.assets.small import axis, grid, load, near
from zeroplant import rules
from zeroplant.assets import Asset
from zeroplant.assets.battery import Battery
from zeroplant.assets.box_port import BoxPort
from zeroplant.assets.charger_hub import ChargerHub
from zeroplant.assets.chp import Chp
from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.assets.fuel_cell import FuelCell
from zeroplant.assets.line import Line
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.assets.tank import Tank
from zeroplant.rules.evaluators import carbon_per_energy, clean_energy_share
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution

PLACES = {**NODES, "far": ("electricity", "MW"), "wood": ("biomass", "MW")}
PACKS = [
    {"pack": "cn-direct-connection-650", "export_max": 0.2},
    {"pack": "cn-direct-connection-688", "export_max": 0.2},
    {"pack": "cn-nearby-consumption-1192"},
    {"pack": "cn-zero-carbon-park-910", "class": "medium"},
    {
        "pack": "cn-zero-carbon-park-910",
        "class": "medium",
        "given": {"direct_emissions": 5000.0, "other_energy": 2000.0},
    },
]
"""The last has so much fuel that burning green electricity would thin its carbon."""


def network(assets: Mapping[str, Asset], periods: int) -> Network:
    """The assets at the waist, with the nodes they name."""
    net = Network(axis(periods))
    said = " ".join(str(asset.model_dump()) for asset in assets.values())
    for name, (carrier, unit) in PLACES.items():
        if f"'{name}'" in said:
            net.node(name, carrier=carrier, unit=unit)
    scopes = {name: Scope(net, name) for name in assets}
    for step in ("prepare", "describe"):
        for name, asset in assets.items():
            getattr(asset, step)(scopes[name], *((None,) if step == "describe" else ()))
    return net


def measured(assets: Mapping[str, Asset], periods: int = 1) -> dict[str, float]:
    """The energy account of the cheapest plan."""
    net = network(assets, periods)
    return rules.measured_account(rules.account_of(net), solve(net))


def cells(**words: Any) -> Electrolyser:
    usual = {"kind": "electrolyser", "at": "park", "to": "h2", "power": 10.0, "consumption": 0.05}
    return Electrolyser(**{**usual, "degradation": 0.0, "load_max": 1.0, **words})


def fuel_cell(**words: Any) -> FuelCell:
    usual = {"kind": "fuel_cell", "at": "park", "from": "h2", "power": 5.0}
    return FuelCell(**{**usual, **words})


def tube(**words: Any) -> Supply:
    return Supply(**{"kind": "supply", "at": "h2", "price": 20.0, **words})


def chp(fuel: str) -> Chp:
    return Chp(**{"kind": "chp", "from": fuel, "at": "park", "to": "heat", "power": 10.0,
                  "electric_efficiency": 0.4, "heat_efficiency": 0.4})  # fmt: skip


def hub(**words: Any) -> ChargerHub:
    rate = np.zeros(24)
    rate[2] = 10.0
    stays = [{"share": 1.0, "hours": 9.5, "energy": 0.1, "power": 0.05, "lend": 0.05}]
    return ChargerHub(**{"kind": "charger_hub", "at": "park", "power": 4.0, "efficiency": 0.95,
                         "charger_power": 0.05, "arrivals": {"per_hour": rate, "stays": stays},
                         **words})  # fmt: skip


def boxes(**words: Any) -> BoxPort:
    return BoxPort(**{"kind": "box_port", "at": "park", "boxes": 8.0, "slots": 8.0,
                      "slot_power": 1.0,
                      "incoming": np.full(24, 0.5), "box": {"energy": 1.0}, "round_trip": 0.81,
                      "classes": 3, **words})  # fmt: skip


CURVE = {"part_load": [(0.2, 0.95), (1.0, 1.0)]}
STEEL = {"kind": "tank", "at": "h2", "capacity": "400 kg", "compression": "3 kWh/kg",
         "compressor": "park"}  # fmt: skip
LOOPS: dict[str, tuple[dict[str, Asset], dict[str, Asset]]] = {
    "battery": ({}, {"store": Battery(kind="battery", at="park", power=10.0, hours=4.0)}),
    "line": ({}, {"line": Line(**{"kind": "line", "from": "park", "to": "far", "power": 9.0})}),
    "hydrogen": ({}, {"cells": cells(), "back": fuel_cell()}),
    "hydrogen of a curve": ({}, {"cells": cells(**CURVE), "back": fuel_cell()}),
    "hydrogen through a tank": (
        {}, {"cells": cells(), "tank": Tank(**STEEL), "back": fuel_cell(efficiency=0.6)}
    ),
    "hydrogen, some of it sold": (
        {"cells": cells(), "buyer": Offtake(kind="offtake", at="h2", least=20.0, unserved=1e3)},
        {"back": fuel_cell()},
    ),
    "hydrogen, some of it bought": ({"tube": tube()}, {"cells": cells(), "back": fuel_cell()}),
    "cars": ({"hub": hub()}, {"hub": hub(give_back={"efficiency": 0.9})}),
    "boxes": ({"port": boxes()}, {"port": boxes(gives_back=True)}),
}  # fmt: skip
"""What stands before, and what closes a circle of electricity."""


def broken(assets: Mapping[str, Asset], said: Mapping[str, Any]) -> tuple[float, Solution]:
    """MWh by which the indicators of a pack are broken, all of them as dear as can be."""
    net = network(assets, 24)
    pack = rules.RuleChoice.model_validate({**said, "breach": 1e5}).resolve(2026)
    laid = rules.apply([pack], net)
    plan = solve(net)
    return sum(float(plan.breach(each.budget)[0]) for each in laid), plan


@pytest.mark.parametrize(
    "said", PACKS, ids=lambda said: said["pack"] + " with fuel" * ("given" in said)
)
@pytest.mark.parametrize("loop", LOOPS)
@settings(max_examples=4, deadline=None)
@given(sun=st.sampled_from([0.5, 1.0, 6.0, 20.0]), least=st.sampled_from([2.0, 3.0]))
def test_no_loop_helps_a_rule(said: dict[str, Any], loop: str, sun: float, least: float) -> None:
    """*Proves:* with the same sun, load and prices in all hours, where storage can do nothing
    real, a battery, a line both ways, an electrolyser with a fuel cell, cars or boxes that give
    back keep no rule of packs 650, 688, 1192 and 910 better than without them. *A wrong answer
    would be:* electricity that runs in circles through hydrogen, as self-use or consumption.
    """
    before, closing = LOOPS[loop]
    park = {"sun": wind(sun, 1.0), "works": load(least), "grid": grid(400.0, 50.0)}
    if sun > 1.0:  # surplus: what is not exported is curtailed, or burnt
        park["grid"] = grid(400.0, 50.0, export_price=100.0)
    without = broken({**park, **before}, said)[0]
    with_loop = broken({**park, **before, **closing}, said)[0]
    assert with_loop >= without - 1e-5 * (1.0 + without)


def test_hydrogen_that_comes_back_is_stored_electricity() -> None:
    """*Proves:* 3.6 MWh make 72 kg and, at 50 % of 33.33 kWh/kg, 1.2 MWh: the load of 1.2 MWh is
    all that was consumed, 2.4 MWh are lost, 3.6 are generated. *A wrong answer would be:* a
    consumption of 4.8 MWh, of which 75 % are new energy's own.
    """
    account = measured({
        "sun": wind(10.0, np.array([1.0, 0.0])), "works": load(np.array([0.0, 1.2])),
        "cells": cells(), "back": fuel_cell(),
        "tank": Tank(kind="tank", at="h2", capacity="1000 kg"),
    }, 2)  # fmt: skip
    assert near(account["new_energy_generated"], 3.6)
    assert near(account["load"], 1.2)
    assert near(account["losses"], 2.4)
    assert account["fuel_electricity"] == 0.0


def test_hydrogen_for_users_is_still_consumed() -> None:
    """*Proves:* beside 1 MWh out of 60 kg, for which 3 MWh went in, the 1 MWh behind 20 kg that
    are sold is consumption: 1 + 1, and 2 are lost. *A wrong answer would be:* all of the
    electrolyser's 4 MWh, or none.
    """
    account = measured({
        "sun": wind(10.0, np.array([1.0, 0.0])), "works": load(np.array([0.0, 1.0])),
        "cells": cells(), "back": fuel_cell(),
        "buyer": Offtake(kind="offtake", at="h2", least=10.0, unserved=1e4),
        "tank": Tank(kind="tank", at="h2", capacity="1000 kg"),
    }, 2)  # fmt: skip
    assert near(account["load"], 2.0)
    assert near(account["losses"], 2.0)


def test_cars_that_give_back_lose_what_they_lose() -> None:
    """*Proves:* a MWh fed back at 90 %, behind which stand 1/(0.95 · 0.9) MWh of charging, is no
    consumption, and the rest of 0.170 MWh is a loss. *A wrong answer would be:* that rest counted
    as used.
    """
    net = network({"hub": hub(give_back={"efficiency": 0.9})}, 24)
    account = rules.account_of(net)
    back = net.flow_named("hub.fed back")

    def of(name: str) -> float:
        terms = account[name].terms
        return sum(float(np.mean(t.coefficient)) for t in terms if t.variable is back)

    assert of("load") == pytest.approx(-1 / (0.95 * 0.9))
    assert of("losses") == pytest.approx(1 / (0.95 * 0.9) - 1)


@pytest.mark.parametrize(("fuel", "clean"), [("gas", 0.0), ("wood", 1.0)])
def test_bought_fuel_counts_once_as_energy(fuel: str, clean: float) -> None:
    """*Proves:* 10 MW of fuel make the 4 MW a park uses, and that is 10 MWh of energy, 1.2284
    tce, all clean or not at all; the electricity stays consumption. *A wrong answer would be:*
    14 MWh, at which the carbon by energy is a third too low, and wood 100 % clean twice.
    """
    account = measured({
        "works": load(4.0), "engine": chp(fuel),
        "heat": Offtake(kind="offtake", at="heat", least=4.0, unserved=1e4),
        "fuel": Supply(kind="supply", at=fuel, price=300.0, renewable=fuel == "wood"),
    })  # fmt: skip
    assert near(account["load"], 4.0)
    assert near(account["fuel_electricity"], 4.0)
    tce = 10 * 3.6 / 29.3076
    carbon = carbon_per_energy(account, grid_factor=0.5856, electricity_tce=0.1229)
    assert near(carbon.denominator, tce)
    assert near(carbon.numerator, 10 * 0.19949 * (1 - clean), rel=1e-4)
    share = clean_energy_share(account, electricity_tce=0.1229)
    assert near(share.denominator, tce)
    assert near(share.numerator, clean * tce)


def test_a_fuel_cell_on_bought_hydrogen_is_generation_of_its_own() -> None:
    """*Proves:* without an electrolyser nothing comes back: 1 MWh is consumed, and the energy is
    that of the 60 kg. *A wrong answer would be:* no consumption, or energy of 3 MWh.
    """
    account = measured({"works": load(1.0), "tube": tube(), "back": fuel_cell()})
    assert near(account["load"], 1.0)
    assert near(account["losses"], 0.0)
    energy = carbon_per_energy(account, grid_factor=0.5856, electricity_tce=0.1229).denominator
    assert near(energy, 2 * 3.6 / 29.3076)


def test_planning_and_proving_agree_on_fuel() -> None:
    """*Proves:* the measured account of a park with an engine, checked by itself, gives the value
    that the plan's own expressions do. *A wrong answer would be:* a rule kept in one of them only.
    """
    assets = {
        "works": load(4.0), "engine": chp("gas"), "sun": wind(2.0, 0.5), "grid": grid(),
        "fuel": Supply(kind="supply", at="gas", price=30.0),
        "heat": Offtake(kind="offtake", at="heat", least=1.0, unserved=1e4),
    }  # fmt: skip
    net = network(assets, 1)
    account = rules.account_of(net)
    plan = solve(net)
    pack = rules.RuleChoice.model_validate(PACKS[3]).resolve(2026)
    results = rules.check([pack], rules.measured_account(account, plan))
    proven = {result.indicator: result.value for result in results}
    for name in ("carbon", "clean", "direct"):
        planned = pack.evaluate(pack.indicator(name), account)
        ratio = plan.total(planned.numerator) / plan.total(planned.denominator)
        assert proven[name] == pytest.approx(ratio)


def test_bought_water_counts_once() -> None:
    """*Proves:* 0.5 m³/s of bought water are 1,800 m³ in an hour. *A wrong answer would be:*
    3,600, as water that is used and as water that is bought.
    """
    account = measured({
        "well": Supply(kind="supply", at="tap", price=4.0),
        "town": Offtake(kind="offtake", at="tap", least=0.5, unserved=1e4),
    })  # fmt: skip
    assert near(account["water_used"], 1800.0)
    assert near(account["water_reused"], 0.0)
