"""Pumped storage: alone, joined to rivers, under a varying head, and as PyPSA solves it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pypsa
import pytest
from pydantic import ValidationError

from tests.assets.rivers import axis_of, declare, flow, plan, store, value
from zeroplant.assets.hydro_reservoir import HydroReservoir
from zeroplant.assets.navigation_complex import NavigationComplex
from zeroplant.assets.pumped_storage import PumpedStorage
from zeroplant.assets.run_of_river import RunOfRiver
from zeroplant.axis import Floats
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network
from zeroplant.waist.solution import Solution


def basin(**words: Any) -> PumpedStorage:
    """300 MW at 400 m, 0.9 each way, nothing evaporates; 5 h unless told otherwise."""
    usual = {
        "kind": "pumped_storage", "at": "park", "turbine": 300.0, "head": 400.0,
        "turbine_efficiency": 0.9, "pump_efficiency": 0.9, "evaporation": 0.0,
    }  # fmt: skip
    if not {"upper_volume", "levels", "upper"} & set(words):
        usual["hours"] = 5.0
    return PumpedStorage(**{**usual, **words})


def trade(
    assets: dict[str, Any], price: Floats, periods: int | None = None
) -> tuple[Network, Solution]:
    """Assets at a park that buys and sells at ``price``."""
    network = declare(assets, axis_of(periods or len(price)), price)
    park = next(node for node in network.nodes if node.name == "park")
    bought = network.flow("bought", give=park, cap=1e4, role="import")
    network.line("park", "purchase", bought, price + 1e-3, kind="purchase")
    return network, solve(network)


def test_what_falls_was_lifted() -> None:
    """*Proves:* 5 h of 300 MW are 1,666.7 MWh of water above, lifted with 1,851.9 MWh: a round trip
    of 0.81. *A wrong answer would be:* 1,500 MWh (a basin counted behind the turbine)."""
    price = np.repeat([100.0, 500.0], 12)
    network, solution = trade({"ps": basin()}, price)
    assert value(solution, flow(network, "ps.pumping")).sum() == pytest.approx(1500 / 0.81)
    assert value(solution, flow(network, "ps.generating")).sum() == pytest.approx(1500.0)
    assert value(solution, store(network, "ps.level")).max() == pytest.approx(1500 / 0.9)


def test_volume_and_hours_are_the_same_basin() -> None:
    """*Proves:* 1 hm³ at 400 m holds 9.81e6·400/3.6e9·1e3 = 1,090 MWh; less below binds instead.
    *A wrong answer would be:* 1,090 with the efficiency taken off, or off by 3.6."""
    price = np.repeat([100.0, 500.0], 12)
    for words, held in (({}, 1090.0), ({"lower_volume": 4e5}, 436.0)):
        network, solution = trade({"ps": basin(upper_volume=1e6, **words)}, price)
        assert value(solution, store(network, "ps.level")).max() == pytest.approx(held)


def test_evaporation_is_made_up() -> None:
    """*Proves:* a full basin that waits a month loses 1 % of its water, 10,000 m³ of 1 hm³, and
    pays 2 a m³. *A wrong answer would be:* 1 % an hour, or a loss that costs energy alone."""
    price = np.full(730, 400.0)
    price[:8], price[-8:] = 1.0, 5000.0
    _, solution = trade({"ps": basin(upper_volume=1e6, evaporation=0.01, make_up=2.0)}, price)
    lost = next(e for e in solution.ledger if e.what == "make-up water")
    assert lost.quantity == pytest.approx(10_000.0, rel=0.02)
    assert lost.amount == pytest.approx(2.0 * lost.quantity)


def test_a_given_start_is_given_back() -> None:
    """*Proves:* a basin that begins half full ends half full: nothing is sold from stock."""
    network, solution = trade({"ps": basin(start=0.5)}, np.full(6, 400.0))
    assert value(solution, flow(network, "ps.generating")).sum() == pytest.approx(0.0, abs=1e-6)


def test_sizes_and_their_price() -> None:
    """*Proves:* power and energy of a basin of 6 h are bought together, at 0.9 of the hours behind
    the turbine. *A wrong answer would be:* free energy."""
    words = {"turbine": SizeRange(0, 500), "hours": 6.0, "capex": 5e6, "capex_energy": 1e5}
    network, solution = trade({"ps": basin(**words)}, np.tile([1.0, 9000.0], 12))
    turbine = solution.number(network.capacities["ps.turbine"][0])
    room = solution.number(network.capacities["ps.upper basin"][0])
    assert turbine == pytest.approx(500.0)
    assert room == pytest.approx(500 * 6 / 0.9)
    assert {e.what for e in solution.ledger if e.kind == "investment"} == {
        "annuity of pumped storage", "annuity of upper basin",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("turbine", "pump"),
    [(100.0, SizeRange(0, 500)), (SizeRange(0, 100), SizeRange(0, 500)), (100.0, 290.0)],
)
def test_a_pump_is_not_free(turbine: Any, pump: Any) -> None:
    """*Proves:* one cheap hour lets a pump of 290 MW earn its price, and the larger of pump and
    turbine is bought: 290 MW; where it does not earn it, a pump no larger than the turbine is
    built. *A wrong answer would be:* 100 MW, a pump for nothing.
    """
    price = np.array([1.0] + [900.0] * 5 + [1000.0] * 18)
    words = {"turbine": turbine, "pump": pump, "upper_volume": 290 * 0.9 / 1090 * 1e6}
    network, solution = trade({"ps": basin(**words, capex=1e6)}, price)
    bought = next(e for e in solution.ledger if e.what == "annuity of pumped storage")
    assert solution.number(network.capacities["ps.pump"][0]) == pytest.approx(290.0)
    assert bought.quantity == pytest.approx(290.0)
    if isinstance(pump, SizeRange):
        network, solution = trade({"ps": basin(**words, capex=1e9)}, price)
        assert solution.number(network.capacities["ps.pump"][0]) <= 100.0 + 1e-6


def test_a_low_basin_gives_less_power() -> None:
    """*Proves:* with 300 m of head when empty and 400 m when full, the basin holds 1 hm³ at 350 m
    (953.75 MWh); what it gives ends between 225 (empty) and 300 MW (full). *A wrong answer would
    be:* 1,090 MWh, or full power to the last drop."""
    price = np.repeat([10.0, 500.0], 12)
    asset = basin(levels=[(0.0, 300.0), (1e6, 400.0)])
    network, solution = trade({"ps": asset}, price)
    level = value(solution, store(network, "ps.level"))
    out = value(solution, flow(network, "ps.generating"))
    assert level.max() == pytest.approx(9.81e-3 * 350 * 1e6 / 3600)
    energy, head = asset.heads
    most = 300.0 * np.interp(level, energy, head) / 400.0
    assert (out <= most * 1.005).all()
    assert out.max() > 270.0
    assert (out > 0.99 * most).any()
    assert most.min() == pytest.approx(225.0, abs=0.5)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_as_pypsa_solves_it() -> None:
    """*Proves:* over 480 h of random prices, with inefficient pump and turbine of unlike power, a
    basin that evaporates and a cyclic level, PyPSA (two links and a store) earns the same to 1e-6.
    *A wrong answer would be:* losses on the wrong side, or counted once."""
    price = np.random.default_rng(3).uniform(50.0, 700.0, 480)
    words = {"upper_volume": 4e6, "pump": 250.0, "evaporation": 0.05, "running": 3.0}
    asset = basin(**words, pump_efficiency=0.88, turbine_efficiency=0.91)
    _, solution = trade({"ps": asset}, price)
    n = pypsa.Network(snapshots=range(480))
    n.add("Bus", ["park", "above"])
    n.add("Generator", "sold", bus="park", sign=-1.0, p_nom=1e6, marginal_cost=-price)
    n.add("Generator", "bought", bus="park", p_nom=1e4, marginal_cost=price + 1e-3)
    n.add("Link", "pump", bus0="park", bus1="above", p_nom=250.0, efficiency=0.88)
    n.add("Link", "turbine", bus0="above", bus1="park", p_nom=300.0 / 0.91, efficiency=0.91,
          marginal_cost=3.0 * 0.91)  # fmt: skip
    n.add("Store", "basin", bus="above", e_nom=9.81e-3 * 400 * 4e6 / 3600, e_cyclic=True,
          standing_loss=1 - 0.95 ** (1 / 730))  # fmt: skip
    n.optimize(solver_name="highs", log_to_console=False)
    assert solution.objective == pytest.approx(n.objective, rel=1e-6)


def reservoir(**words: Any) -> HydroReservoir:
    """Works with turbines of 10 MW, 30 m of head, and 5 hm³."""
    usual = {
        "kind": "hydro_reservoir", "at": "park", "power": 10.0, "turbine_flow": 40.0,
        "efficiency": 0.9, "inflow": 20.0, "levels": [(0.0, 30.0), (5e6, 30.0)],
    }  # fmt: skip
    return HydroReservoir(**{**usual, **words})


def test_it_pumps_from_one_river_into_another() -> None:
    """*Proves:* between two reservoirs a m³/s lifted 200 m takes 2.18 MW and gives back 1.77: the
    water of both, the pumped and the fallen, adds up in every hour, and over the cycle all inflow
    leaves through the works' own turbines and spillways. *A wrong answer would be:* water that is
    made above or left below."""
    price = np.tile([20.0] * 6 + [500.0] * 6, 4)
    assets = {
        "high": reservoir(), "low": reservoir(inflow=30.0),
        "ps": basin(turbine=20.0, head=200.0, upper="high", lower="low"),
    }  # fmt: skip
    network, solution = trade(assets, price)
    read = {f.name: value(solution, f) for f in network.flows}
    pumped = read["ps.pumping"] * 0.9 / (9.81e-3 * 200)
    fallen = read["ps.generating"] / (0.9 * 9.81e-3 * 200)
    assert pumped.sum() > 10.0
    assert read["low.drawn"] == pytest.approx(pumped, abs=1e-6)
    assert read["high.drawn"] == pytest.approx(fallen, abs=1e-6)
    assert read["high.arriving"] == pytest.approx(pumped, abs=1e-6)
    for name, gained, inflow in (("high", pumped - fallen, 20.0), ("low", fallen - pumped, 30.0)):
        held = value(solution, store(network, f"{name}.reservoir"))
        out = read[f"{name}.turbined"] + read[f"{name}.spilled"]
        assert (held - np.roll(held, 1)) / 0.0036 == pytest.approx(inflow + gained - out, abs=1e-4)


@pytest.mark.parametrize("low", ["reservoir", "pond", "weir"])
def test_any_works_may_be_the_lower_water(low: str) -> None:
    """*Proves:* a basin of its own lifts water from a reservoir, a pond or a passing river, and
    lets it fall there again; over the cycle the works below release their whole inflow."""
    river = {"head_water": 20.0, "inflow": 100.0, "turbine_flow": 120.0, "power": 20.0,
             "at": "park"}  # fmt: skip
    works = {
        "reservoir": reservoir(inflow=100.0),
        "pond": NavigationComplex(kind="navigation_complex", pond_area=2e6, **river),
        "weir": RunOfRiver(kind="run_of_river", **river),
    }
    price = np.tile([20.0] * 12 + [500.0] * 12, 2)
    assets = {"low": works[low], "ps": basin(turbine=60.0, lower="low")}
    network, solution = trade(assets, price)
    read = {f.name: value(solution, f) for f in network.flows}
    assert read["ps.pumping"].max() > 50.0
    assert read["low.drawn"].max() <= 100.0 + 1e-6 if low == "weir" else True
    left = read["low.turbined"] + read["low.spilled"]
    assert left.sum() == pytest.approx(100.0 * 48)


def test_varying_head_of_works_is_charged_for_what_is_drawn() -> None:
    """*Proves:* joined to a reservoir whose head varies, pumping in a circle makes no energy: with
    prices equal in all hours nothing is pumped. *A wrong answer would be:* water taken away at the
    lowest head's energy and given back at the highest's."""
    high = reservoir(levels=[(0.0, 20.0), (5e6, 40.0)])
    assets = {"high": high, "ps": basin(turbine=20.0, head=200.0, upper="high")}
    network, solution = trade(assets, np.full(72, 400.0))
    # what falls out of the upper works is worth more through this head than through their own
    assert value(solution, flow(network, "ps.pumping")).max() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"hours": 5.0, "upper_volume": 1e6}, "give one of"),
        ({"upper": "a", "upper_volume": 1e6}, "leave out 'upper_volume'"),
        ({"upper": "a", "lower": "a"}, "name two works"),
        ({"lower": "a", "lower_volume": 1e6}, "leave out 'lower_volume'"),
        ({"levels": [(0.0, 300.0), (1e6, 200.0)]}, "must be ordered"),
        ({"levels": [(0.0, 0.0), (1e6, 200.0)]}, "above 0"),
        ({"levels": [(0.0, 9.0), (1e6, 20.0)], "lower": "a"}, "leave out 'lower'"),
        ({"levels": [(0.0, 9.0), (1e6, 20.0)], "turbine": SizeRange()}, "given 'turbine'"),
        (
            {"upper_volume": 1e6, "lower_volume": 4e5, "start": 0.8},
            "'start' 0.8 is more water than 'lower_volume' can hold; write 'start' 0.4 or less",
        ),
        (
            {"hours": 6.0, "turbine": SizeRange(300, 500), "lower_volume": 4e5, "start": 0.8},
            "write 'start' 0.218 or less",
        ),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        basin(**words)


def test_wrong_works_are_named() -> None:
    """*Proves:* other assets are no water, and one works serves one pumped storage."""
    assets: dict[str, Any] = {
        "high": reservoir(), "a": basin(upper="high"), "b": basin(lower="high"),
        "c": basin(lower="a"),
    }  # fmt: skip
    assert [(name, str(problem)) for name, problem in PumpedStorage.across(assets, {})] == [
        ("b", "'high' is joined to 'a' already; join one pumped storage to each works"),
        ("c", "'lower' names 'a', no waterworks; write one of: high"),
    ]


def test_one_way_at_a_time_under_negative_prices() -> None:
    """*Proves:* paid to take energy, it does not pump and generate at once when asked not to."""
    price = np.array([-100.0, -100.0, 50.0])
    asset = basin(one_direction=True, pump=SizeRange(0, 100), turbine=300.0)
    network, solution = plan({"ps": asset}, axis_of(3), price)
    assert solution.status == "optimal"
    both = np.minimum(
        *(value(solution, flow(network, f"ps.{x}")) for x in ("pumping", "generating"))
    )
    assert both.max() == pytest.approx(0.0, abs=1e-6)
