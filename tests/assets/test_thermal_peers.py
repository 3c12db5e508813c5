"""Parks of heat and cold against models of the same by PyPSA and oemof, built by hand there.

Each peer model is said in the peer's own components, not by our export; series are random with a
seed, a week and more of hours.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.assets.park import stand
from tests.assets.small import axis, load
from zeroplant.assets import Asset
from zeroplant.assets.boiler import Boiler
from zeroplant.assets.chiller import Chiller
from zeroplant.assets.chp import Chp
from zeroplant.assets.heat_pipe import HeatPipe
from zeroplant.assets.heat_pump import HeatPump
from zeroplant.assets.process import Process
from zeroplant.assets.thermal_store import ThermalStore
from zeroplant.assets.waste_heat import WasteHeat
from zeroplant.export import to_pypsa
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network

# Notices of PyPSA, oemof and their libraries are theirs to heed.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

HOURS = 240
NODES = {
    "park": "electricity", "gas": "gas", "hot": "hot water", "steam": "lp steam",
    "far": "hot water", "cold": "chilled water", "warm": "heat",
}  # fmt: skip


def series(seed: int) -> dict[str, Any]:
    """Prices and loads of a cool week and a half; temperatures of the air, °C."""
    chance = np.random.default_rng(seed)
    wave = np.sin(2 * np.pi * np.arange(HOURS) / 24)
    return {
        "power_price": np.round(400 + 200 * wave + chance.normal(0, 60, HOURS), 3),
        "heat": np.round(6 + 3 * wave + chance.uniform(0, 2, HOURS), 4),
        "power": np.round(4 + 2 * wave + chance.uniform(0, 2, HOURS), 4),
        "air": np.round(8 - 6 * wave + chance.normal(0, 2, HOURS), 3),
    }


def agree(network: Network, theirs: float) -> None:
    """Our optimum is theirs, to a millionth."""
    assert solve(network, gap=1e-9).objective == pytest.approx(theirs, rel=1e-6)


# -- PyPSA -------------------------------------------------------------------------------------


def pypsa_network() -> Any:
    """An empty network of the hours of these cases."""
    import pypsa

    return pypsa.Network(snapshots=pd.date_range("2025-01-01", periods=HOURS, freq="h"))


def pypsa_optimum(network: Any, rules: Any = None) -> float:
    """What PyPSA finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        status = network.optimize(
            solver_name="highs", extra_functionality=rules, log_to_console=False,
            include_objective_constant=False, progress=False, mip_rel_gap=1e-9,
        )  # fmt: skip
    assert status == ("ok", "optimal")
    return float(network.objective)


def yearly(capex: float, life: float) -> float:
    """Annuity at 6 % for the hours of these cases."""
    return 0.06 / (1 - 1.06**-life) * capex * HOURS / 8760


def test_heat_pump_tank_and_boilers_in_pypsa() -> None:
    """*Proves:* an air heat pump, a tank and an electrode boiler of chosen sizes beside a gas
    boiler cost what PyPSA's links and store cost: COPs over time, losses, sizes by heat. *A wrong
    answer would be:* a link's capacity on its input side taken for ours.
    """
    given = series(1)
    ours: dict[str, Asset] = {
        "use": load(given["heat"], at="hot"),
        "hp": HeatPump(
            kind="heat_pump", at="park", to="hot", power=SizeRange(0, 50), supply=70.0,
            source=given["air"], grade=0.45, capex=3e6, life=20.0,
        ),
        "tank": ThermalStore(
            kind="thermal_store", at="hot", power=SizeRange(), energy=SizeRange(), loss=0.05,
            round_trip=0.95, capex=3e4, capex_power=2e4,
        ),
        "gas boiler": Boiler(kind="boiler", to="hot", power=4.0, **{"from": "gas"}),
        "electrode": Boiler(kind="boiler", to="hot", power=SizeRange(), capex=4e5,
                            **{"from": "park"}),
    }  # fmt: skip
    network = stand(ours, axis(HOURS), NODES, bought={"park": given["power_price"], "gas": 350.0})

    peer = pypsa_network()
    peer.add("Bus", ["park", "gas", "hot", "tank"])
    peer.add("Generator", "park", bus="park", p_nom=1e4, marginal_cost=given["power_price"])
    peer.add("Generator", "gas", bus="gas", p_nom=1e4, marginal_cost=350.0)
    peer.add("Generator", "lack", bus="hot", p_nom=1e4, marginal_cost=20_000.0)
    peer.add("Load", "heat", bus="hot", p_set=given["heat"])
    cop = np.minimum(7.0, 0.45 * 343.15 / (70.0 - given["air"]))
    # A link's capacity is on its input side, so this one runs backwards: from heat to electricity.
    peer.add("Link", "hp", bus0="hot", bus1="park", efficiency=1 / cop, p_nom_extendable=True,
             p_nom_max=50.0, p_max_pu=0.0, p_min_pu=-1.0, capital_cost=yearly(3e6, 20))  # fmt: skip
    peer.add("Link", "gas boiler", bus0="gas", bus1="hot", efficiency=0.93, p_nom=4 / 0.93)
    peer.add("Link", "electrode", bus0="park", bus1="hot", efficiency=0.985,
             p_nom_extendable=True, capital_cost=yearly(4e5, 25) * 0.985)  # fmt: skip
    one_way = np.sqrt(0.95)
    for name, ends, efficiency in (("in", ("hot", "tank"), one_way),
                                   ("out", ("tank", "hot"), one_way)):  # fmt: skip
        at_heat = 1.0 if name == "in" else one_way  # the power is the same at the hot water's side
        peer.add("Link", name, bus0=ends[0], bus1=ends[1], efficiency=efficiency,
                 p_nom_extendable=True, capital_cost=yearly(2e4, 25) / 2 * at_heat)  # fmt: skip
    peer.add("Store", "tank", bus="tank", e_nom_extendable=True, e_cyclic=True,
             standing_loss=1 - 0.95 ** (1 / 24), capital_cost=yearly(3e4, 25))  # fmt: skip

    def one_power(n: Any, snapshots: Any) -> None:
        size = n.model["Link-p_nom"]
        n.model.add_constraints(size.loc["in"] - one_way * size.loc["out"] == 0, name="one power")

    agree(network, pypsa_optimum(peer, one_power))


def test_a_committed_boiler_in_pypsa() -> None:
    """*Proves:* least load, start costs and least times cost what PyPSA's unit commitment costs.
    *A wrong answer would be:* starts by the hour, or times counted one period short.
    """
    given = series(2)
    ours: dict[str, Asset] = {
        "use": load(given["heat"], at="steam", unserved=900.0),
        "b": Boiler(
            kind="boiler", to="steam", power=9.0, on_off=True, min_load=0.4, start_cost=800.0,
            min_up=5.0, min_down=4.0, **{"from": "gas"},
        ),
        "e": Boiler(kind="boiler", to="steam", power=20.0, **{"from": "park"}),
    }  # fmt: skip
    price = given["power_price"] - 150.0
    network = stand(ours, axis(HOURS), NODES, bought={"park": price, "gas": 220.0})
    peer = pypsa_network()
    peer.add("Bus", "steam")
    peer.add("Load", "heat", bus="steam", p_set=given["heat"])
    peer.add("Generator", "lack", bus="steam", p_nom=1e4, marginal_cost=900.0)
    peer.add("Generator", "e", bus="steam", p_nom=20.0, marginal_cost=price / 0.985)
    peer.add("Generator", "b", bus="steam", p_nom=9.0, marginal_cost=220.0 / 0.93, committable=True,
             p_min_pu=0.4, start_up_cost=800.0, min_up_time=5, min_down_time=4, up_time_before=9,
             down_time_before=0)  # fmt: skip
    # PyPSA's unit stood or ran before the first hour; ours is free to have done either.
    ran = pypsa_optimum(peer)
    peer.c.generators.static.loc["b", ["up_time_before", "down_time_before"]] = [0, 9]
    agree(network, min(ran, pypsa_optimum(peer)))


def test_a_pipe_with_a_delay_in_pypsa() -> None:
    """*Proves:* what is sent arrives three hours later at a price of the hour it was made in, as
    over PyPSA's link with a delay. *A wrong answer would be:* a delay of the other sign.
    """
    given = series(3)
    ours: dict[str, Asset] = {
        "use": load(given["heat"], at="far"),
        "pipe": HeatPipe(kind="heat_pipe", to="far", power=14.0, length=16_200.0, losses=1e-5,
                         at="park", pump=1e-6, **{"from": "hot"}),
        "tank": ThermalStore(kind="thermal_store", at="far", power=3.0, energy=9.0, round_trip=1.0),
    }  # fmt: skip
    bought = {"hot": given["power_price"], "park": 500.0}
    network = stand(ours, axis(HOURS), NODES, bought=bought)
    peer = pypsa_network()
    peer.add("Bus", ["hot", "far", "park", "tank"])
    for name, price in bought.items():
        peer.add("Generator", name, bus=name, p_nom=1e4, marginal_cost=price)
    peer.add("Generator", "lack", bus="far", p_nom=1e4, marginal_cost=20_000.0)
    peer.add("Load", "heat", bus="far", p_set=given["heat"])
    peer.add("Link", "pipe", bus0="hot", bus1="far", bus2="park", efficiency=0.99**16.2, delay=3,
             cyclic_delay=True, efficiency2=-16.2e-3, p_nom=14.0)  # fmt: skip
    peer.add("Link", "in", bus0="far", bus1="tank", p_nom=3.0)
    peer.add("Link", "out", bus0="tank", bus1="far", p_nom=3.0)
    peer.add(
        "Store", "tank", bus="tank", e_nom=9.0, e_cyclic=True, standing_loss=1 - 0.99 ** (1 / 24)
    )
    agree(network, pypsa_optimum(peer))


# -- oemof -------------------------------------------------------------------------------------


def oemof_optimum(*parts: Any) -> float:
    """What oemof.solph finds for a system of these parts."""
    from oemof import solph

    times = pd.date_range("2025-01-01", periods=HOURS + 1, freq="h")
    system = solph.EnergySystem(timeindex=times, infer_last_interval=False)
    system.add(*parts)
    model = solph.Model(system)
    model.solve(solver="highs")
    return float(model.objective())


def oemof_market(prices: dict[str, Any], loads: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Buses by name; with sources at prices, loads, and what is unserved."""
    from oemof import solph

    names = dict.fromkeys([*prices, *loads])
    buses = {name: solph.buses.Bus(label=name) for name in names}
    parts: list[Any] = list(buses.values())
    for name, price in prices.items():
        flow = solph.flows.Flow(variable_costs=price)
        parts.append(solph.components.Source(label=f"{name} bought", outputs={buses[name]: flow}))
    for name, wanted in loads.items():
        flow = solph.flows.Flow(fix=wanted, nominal_capacity=1.0)
        lack = solph.flows.Flow(variable_costs=20_000.0)
        parts.append(solph.components.Sink(label=f"{name} used", inputs={buses[name]: flow}))
        parts.append(solph.components.Source(label=f"{name} lacks", outputs={buses[name]: lack}))
    return buses, parts


@pytest.mark.parametrize("extraction", [False, True])
def test_chp_in_oemof(extraction: bool) -> None:
    """*Proves:* a back-pressure plant costs what oemof's Converter costs, an extraction plant what
    its ExtractionTurbineCHP costs. *A wrong answer would be:* a region or a fuel of its own.
    """
    from oemof import solph

    given = series(4)
    words = {"condensing_efficiency": 0.42} if extraction else {}
    ours: dict[str, Asset] = {
        "power": load(given["power"]),
        "heat": load(given["heat"], at="steam"),
        "chp": Chp(kind="chp", at="park", to="steam", power=5.0, electric_efficiency=0.34,
                   heat_efficiency=0.44, **{"from": "gas"}, **words),
        "b": Boiler(kind="boiler", to="steam", power=20.0, **{"from": "gas"}),
    }  # fmt: skip
    bought = {"park": given["power_price"], "gas": 180.0}
    network = stand(ours, axis(HOURS), NODES, bought=bought)
    buses, parts = oemof_market(bought, {"park": given["power"], "steam": given["heat"]})
    gas, park, steam = (buses[name] for name in ("gas", "park", "steam"))
    flow = solph.flows.Flow
    ends = {
        "inputs": {gas: flow(nominal_capacity=5.0 / (0.42 if extraction else 0.34))},
        "outputs": {park: flow(), steam: flow()},
        "conversion_factors": {park: 0.34, steam: 0.44},
    }
    if extraction:
        full = {park: 0.42}
        chp = solph.components.ExtractionTurbineCHP(
            label="chp", conversion_factor_full_condensation=full, **ends
        )
    else:
        chp = solph.components.Converter(label="chp", **ends)
    boiler = solph.components.Converter(
        label="b", inputs={gas: flow()}, outputs={steam: flow(nominal_capacity=20.0)},
        conversion_factors={steam: 0.93},
    )  # fmt: skip
    agree(network, oemof_optimum(*parts, chp, boiler))


def test_chillers_in_oemof() -> None:
    """*Proves:* a compression chiller by the air beside an absorption chiller with a store of cold
    cost what oemof's converters and storage cost. *A wrong answer would be:* cold per heat upside
    down.
    """
    from oemof import solph

    given = series(5)
    air = given["air"] + 20.0
    ours: dict[str, Asset] = {
        "use": load(given["heat"], at="cold"),
        "c": Chiller(kind="chiller", at="park", to="cold", power=7.0, air=air),
        "a": Chiller(kind="chiller", at="park", to="cold", power=3.0, cop=1.2, **{"from": "steam"}),
        "tank": ThermalStore(kind="thermal_store", at="cold", power=2.0, hours=6.0, hot=12.0,
                             cold=6.0, loss=0.02, round_trip=0.9),
    }  # fmt: skip
    bought = {"park": given["power_price"], "steam": 90.0}
    network = stand(ours, axis(HOURS), NODES, bought=bought)
    buses, parts = oemof_market(bought, {"cold": given["heat"]})
    park, steam, cold = (buses[name] for name in ("park", "steam", "cold"))
    flow = solph.flows.Flow
    cop = np.minimum(8.0, 0.55 * 280.15 / (air + 10.0 - 7.0))
    compression = solph.components.Converter(
        label="c", inputs={park: flow()}, outputs={cold: flow(nominal_capacity=7.0)},
        conversion_factors={cold: cop},
    )  # fmt: skip
    absorption = solph.components.Converter(
        label="a", inputs={steam: flow(), park: flow()},
        outputs={cold: flow(nominal_capacity=3.0)},
        conversion_factors={steam: 1 / 1.2, park: 0.02},
    )  # fmt: skip
    tank = solph.components.GenericStorage(
        label="tank", inputs={cold: flow(nominal_capacity=2.0)},
        outputs={cold: flow(nominal_capacity=2.0)}, nominal_capacity=12.0, balanced=True,
        loss_rate=1 - 0.98 ** (1 / 24), inflow_conversion_factor=np.sqrt(0.9),
        outflow_conversion_factor=np.sqrt(0.9),
    )  # fmt: skip
    agree(network, oemof_optimum(*parts, compression, absorption, tank))


# -- our own export ----------------------------------------------------------------------------


def test_every_thermal_kind_survives_the_export() -> None:
    """*Proves:* one park of all kinds of this room, whole numbers and delays included, costs the
    same in PyPSA by our export. *A wrong answer would be:* a port or a delay lost on the way.
    """
    given = series(6)
    hours = 48
    heat, power = given["heat"][:hours], given["power"][:hours]
    streams = {
        "flue gas": {"from": 170.0, "to": 60.0, "heat": 3.3, "presence": np.tile([1.0, 0.5], 24)},
        "feed water": {"from": 20.0, "to": 135.0, "heat": 2.3},
        "cooling": {"from": 60.0, "to": 45.0, "heat": 2.0},
    }
    ours: dict[str, Asset] = {
        "power": load(power),
        "heat": load(heat, at="far"),
        "cool": load(0.3 * heat, at="cold"),
        "pipe": HeatPipe(kind="heat_pipe", to="far", power=SizeRange(), length=10_800.0, at="park",
                         pump=1e-6, capex=1e5, **{"from": "hot"}),
        "hp": HeatPump(kind="heat_pump", at="park", to="hot", power=SizeRange(0, 9), supply=80.0,
                       source=35.0, capex=2e6, min_load=0.3, on_off=True, **{"from": "warm"}),
        "w": WasteHeat(kind="waste_heat", streams=streams, capex=3e5, approach=10.0,
                       heated_by=[{"node": "steam", "supply": 180.0}],
                       feeds=[{"node": "hot", "supply": 80.0, "return": 50.0},
                              {"node": "warm", "supply": 35.0}]),
        "chp": Chp(kind="chp", at="park", to="steam", power=4.0, condensing_efficiency=0.4,
                   on_off=True, min_load=0.4, min_up=4.0, start_cost=300.0, load_ramp=0.5,
                   **{"from": "gas"}),
        "b": Boiler(kind="boiler", to="steam", power=SizeRange(0, 30, 3.0), on_off=True,
                    min_load=0.4, capex=1e5, **{"from": "gas"}),
        "d": Boiler(kind="boiler", to="hot", power=20.0, **{"from": "park"}),
        "c": Chiller(kind="chiller", at="park", to="cold", power=SizeRange(), cop=5.5, capex=1e6),
        "a": Chiller(kind="chiller", at="park", to="cold", power=1.0, **{"from": "steam"}),
        "tank": ThermalStore(kind="thermal_store", at="far", power=SizeRange(), volume=SizeRange(),
                             capex=3e4, tank_loss=0.5, around=given["air"][:hours]),
        "p": Process(kind="process", at="park", rate=2.0, electricity=0.8, energy={"steam": 0.3},
                     order={"amount": 20.0, "every": "day", "late": 9e3, "buffer": 5.0},
                     on_off=True, min_load=0.5, min_up=3.0),
    }  # fmt: skip
    bought = {"park": given["power_price"][:hours], "gas": 200.0}
    network = stand(ours, axis(hours), NODES, bought=bought)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer, rules = to_pypsa(network)
    agree(network, pypsa_optimum(peer, rules))
