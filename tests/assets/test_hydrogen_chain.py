"""A hydrogen chain against PyPSA, a trade of hydrogen against oemof: models we did not write."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from tests.assets.chains import answer, wind
from tests.assets.small import axis, grid
from zeroplant.assets.demand import Demand
from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.assets.fuel_cell import FuelCell
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.assets.synthesis import Synthesis
from zeroplant.assets.tank import Tank
from zeroplant.axis import Floats
from zeroplant.units import SizeRange
from zeroplant.waist.money import annuity

# Notices of the peers and their libraries are theirs to heed.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

HOURS = 336
YEARS = HOURS / 8760
USE = 0.0523 * 1.05
"""MWh for a kg of hydrogen at the mean age of the stacks."""
LHV = 1 / 30


def weather() -> tuple[Floats, Floats]:
    """A gusty fortnight, and a load with a daily course."""
    draw = np.random.default_rng(7)
    hour = np.arange(HOURS)
    gusts = np.clip(0.35 + 0.3 * np.sin(hour / 17) + 0.25 * draw.standard_normal(HOURS), 0, 1)
    return gusts, 4.0 + 2.0 * np.sin(2 * np.pi * (hour % 24) / 24) ** 2


def ours() -> float:
    """Wind, electrolyser, tank, fuel cell, ammonia, load and grid: sizes and operation."""
    gusts, load = weather()
    size = SizeRange
    assets: dict[str, Any] = {
        "wind": wind(size(0, 300), gusts, capex=4.5e6, life=20.0),
        "grid": grid(450.0, 5.0),
        "load": Demand(kind="demand", at="park", load=load),
        "cells": Electrolyser(
            kind="electrolyser", at="park", to="h2", power=size(0, 200), consumption=0.0523,
            degradation=0.01, stack_life=10.0, capex=1.5e6, stack_share=0.4, life=20.0,
            load_max=1.1,
        ),
        "tank": Tank(kind="tank", at="h2", capacity=size(0, 1e6), capex=2500.0, life=25.0,
                     compression=0.002, compressor="park", daily_loss=0.01, fill_loss=0.005),
        "cell": FuelCell(**{"kind": "fuel_cell", "at": "park", "from": "h2", "power": size(0, 50),
                            "efficiency": 0.55, "capex": 3e6, "life": 15.0}),
        "works": Synthesis(**{"kind": "synthesis", "at": "park", "from": "h2", "to": "nh3",
                              "product": "ammonia", "rate": 5.0, "turn_down": 0.4, "ramp": 0.2,
                              "stop_price": 20_000.0}),
        "buyer": Offtake(kind="offtake", at="nh3", price=4000.0),
    }  # fmt: skip
    return answer(assets, axis(HOURS)).objective


def paid(capex: float, life: float) -> float:
    """Annuity for the fortnight."""
    return annuity(0.06, life) * capex * YEARS


def theirs() -> float:
    """The same chain out of PyPSA's buses, links and stores; hydrogen in MWh of heating value.

    PyPSA counts a link's rating at its input, so what is bought by its output is priced by its
    efficiency; a store has no charging loss of its own, so filling is a link.
    """
    import pypsa

    gusts, load = weather()
    peer = pypsa.Network(snapshots=range(HOURS))
    for bus in ("park", "h2", "tank", "nh3"):
        peer.add("Bus", bus)
    peer.add("Generator", "wind", bus="park", p_nom_extendable=True, p_nom_max=300,
             p_max_pu=gusts, capital_cost=paid(4.5e6, 20) + 0.0)  # fmt: skip
    peer.add("Generator", "grid", bus="park", p_nom=5.0, marginal_cost=450.0)
    peer.add("Generator", "unserved", bus="park", p_nom=99.0, p_max_pu=load / 99.0,
             marginal_cost=20_000.0)  # fmt: skip
    peer.add("Load", "load", bus="park", p_set=load)
    stacks, rest = 0.4 * 1.5e6, 0.6 * 1.5e6
    peer.add("Link", "cells", bus0="park", bus1="h2", efficiency=LHV / USE, p_nom_extendable=True,
             p_nom_max=220, capital_cost=(paid(stacks, 10) + paid(rest, 20)) / 1.1)  # fmt: skip
    peer.add("Link", "fill", bus0="h2", bus1="tank", bus2="park", p_nom=1e4, efficiency=0.995,
             efficiency2=-0.002 / LHV)  # fmt: skip
    peer.add("Link", "empty", bus0="tank", bus1="h2", p_nom=1e4)
    peer.add("Store", "tank", bus="tank", e_nom_extendable=True, e_cyclic=True,
             e_nom_max=1e6 * LHV, standing_loss=1 - 0.99 ** (1 / 24),
             capital_cost=(paid(2500.0, 25) + 0.02 * 2500 * YEARS) / LHV)  # fmt: skip
    peer.add("Link", "cell", bus0="h2", bus1="park", efficiency=0.55, p_nom_extendable=True,
             p_nom_max=50 / 0.55, capital_cost=paid(3e6, 15) * 0.55)  # fmt: skip
    hydrogen = 178 * LHV
    works = {"bus0": "h2", "bus1": "nh3", "bus2": "park", "efficiency": 1 / hydrogen,
             "efficiency2": -0.7 / hydrogen, "p_nom": 5 * hydrogen}  # fmt: skip
    peer.add("Link", "works", **works, ramp_limit_up=0.2, ramp_limit_down=0.2)
    peer.add("Generator", "buyer", bus="nh3", sign=-1, p_nom=5.0, marginal_cost=-4000.0)

    def least_load(network: Any, _: Any) -> None:
        """What lacks to 40 % of 5 t/h, at the price of a stop."""
        model = network.model
        short = model.add_variables(lower=0, coords=[network.snapshots], name="short")
        made = model["Link-p"].sel(name="works") / hydrogen
        model.add_constraints(made + short >= 2.0, name="least load")
        model.objective = model.objective + 20_000.0 * short.sum()

    status = peer.optimize(solver_name="highs", extra_functionality=least_load,
                           log_to_console=False, include_objective_constant=False,
                           progress=False)  # fmt: skip
    assert status == ("ok", "optimal")
    return float(peer.objective)


def test_a_hydrogen_chain_costs_the_same_in_pypsa() -> None:
    """*Proves:* consumption and ageing, compression, losses, ramps, least load and every annuity
    of electrolyser, tank, fuel cell and ammonia plant cost what they cost in PyPSA, to 1e-6.
    *A wrong answer would be:* kilograms for megawatt-hours anywhere, a life or a loss missed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = theirs()
    assert ours() == pytest.approx(peer, rel=1e-6)


PRICE = 18.0 + 6.0 * np.sin(2 * np.pi * np.arange(168) / 24)
WANTED = 60.0 + 40.0 * np.cos(2 * np.pi * np.arange(168) / 24)


def our_trade() -> float:
    """Hydrogen by a price of the hour, a tank, a buyer, and a contract of 8 t over the week."""
    week = 168 / 8760
    assets: dict[str, Any] = {
        "tube": Supply(kind="supply", at="h2", price=1.0, price_shape=PRICE, most=140.0,
                       most_year=15_000.0 / week, emission_factor=0.0),
        "tank": Tank(kind="tank", at="h2", capacity=400.0, fill=50.0, empty=80.0, fill_loss=0.02,
                     daily_loss=0.05),
        "town": Offtake(kind="offtake", at="h2", least=1.0, shape=WANTED, unserved=100.0),
        "buyer": Offtake(kind="offtake", at="h2", price=20.0, most=70.0,
                         contract={"per": "year", "amount": 8000.0 / week, "shortfall": 9.0}),
    }  # fmt: skip
    return answer(assets, axis(168)).objective


def their_trade() -> float:
    """The same out of oemof's buses, flows and storage.

    A flow's full-load hours limit what is bought; what the buyer misses of the contract is a
    source at 9 + 20 per kg behind the buyer, who takes and pays for all that is promised.
    """
    import pandas as pd
    from oemof import solph

    index = pd.date_range("2025-01-01", periods=169, freq="h")
    system = solph.EnergySystem(timeindex=index, infer_last_interval=False)
    h2, sold = solph.Bus(label="h2"), solph.Bus(label="sold")
    flow = solph.Flow
    tube = solph.components.Source(label="tube", outputs={h2: flow(
        nominal_capacity=140.0, variable_costs=PRICE,
        full_load_time_max=15_000 / 140)})  # fmt: skip
    tank = solph.components.GenericStorage(
        label="tank", nominal_capacity=400.0, loss_rate=1 - 0.95 ** (1 / 24),
        inflow_conversion_factor=0.98, balanced=True, inputs={h2: flow(nominal_capacity=50.0)},
        outputs={h2: flow(nominal_capacity=80.0)},
    )  # fmt: skip
    town = solph.components.Sink(label="town", inputs={h2: flow(nominal_capacity=1.0, fix=WANTED)})
    dark = solph.components.Source(label="dark", outputs={h2: flow(variable_costs=100.0)})
    meter = solph.components.Converter(label="meter", inputs={h2: flow(nominal_capacity=70.0)},
                                       outputs={sold: flow()})  # fmt: skip
    short = solph.components.Source(label="short", outputs={sold: flow(variable_costs=29.0)})
    buyer = solph.components.Sink(label="buyer", inputs={sold: flow(
        nominal_capacity=1e4, variable_costs=-20.0, full_load_time_min=0.8)})  # fmt: skip
    system.add(h2, sold, tube, tank, town, dark, meter, short, buyer)
    model = solph.Model(system)
    model.solve(solver="highs")
    return float(model.objective())


def test_a_trade_of_hydrogen_costs_the_same_in_oemof() -> None:
    """*Proves:* a price of the hour, a yearly limit, a tank's losses and rates, a delivery that
    must be and a contract with damages cost what they cost in oemof.solph, to 1e-6.
    *A wrong answer would be:* a contract that is free to miss, losses at the wrong end.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = their_trade()
    assert our_trade() == pytest.approx(peer, rel=1e-6)
