"""Heat pumps: electricity and lifted heat are the heat given; starts, stays and part load."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.twin.kinds.heat_pumps import STARTS, STAYS_OFF, STAYS_ON, HeatPumps
from zeroplant.twin.plant import Twin

PLANT = """\
nodes:
  yard: {carrier: electricity}
  low: {carrier: heat}
  warm: {carrier: hot water}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}
  waste: {kind: supply, at: low, price: 0.01 CNY/kWh}
  pump: {kind: heat_pump, at: yard, from: low, to: warm, power: 20 MW, cop: 4}
  small: {kind: heat_pump, at: yard, to: warm, power: 2 MW, cop: 3}
  store: {kind: thermal_store, at: warm, power: 50 MW, energy: 1000 MWh,
          loss: 0 %}
  homes: {kind: demand, at: warm, load: 1 MW, price: 0.3 CNY/kWh, unserved: 30 CNY/kWh}
"""


@pytest.fixture
def twin(bench: Bench) -> Twin:
    """The store begins half full, so that nobody has to close the balance of heat but it."""
    twin = bench(PLANT, step=10.0)
    twin.state.level[twin.physics.network.store_named("store.level").index] = 500.0
    return twin


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def drawn(twin: Twin, name: str, node: str) -> float:
    """What a flow takes from a node now."""
    network, entries = twin.physics.network, twin.physics.nodes
    f = network.flow_named(name).index
    n = next(each.index for each in network.nodes if each.name == node)
    at = (entries.flow == f) & (entries.into == n)
    return float(-twin.state.node_rate[at].sum() * twin.state.x[f])


def run(twin: Twin, power: float, seconds: float, name: str = "pump.heat output") -> None:
    tell(twin, {name: power})
    twin.advance(seconds)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.02])
def test_electricity_and_lifted_heat_are_the_heat_that_is_given(twin: Twin, share: float) -> None:
    """At full load with the plan's COP; below 0.3 of the last of four machines as EN 14825 says."""
    run(twin, 20.0 * share, 900.0)
    heat = flow(twin, "pump.heat output")
    assert heat == pytest.approx(20.0 * share, rel=1e-3)
    electric, lifted = (drawn(twin, "pump.heat output", node) for node in ("yard", "low"))
    assert electric + lifted == pytest.approx(heat, rel=1e-9)
    part = min(20.0 * share / 1.5, 1.0)
    assert heat / electric == pytest.approx(4.0 * part / (0.9 * part + 0.1), rel=1e-3)
    assert np.abs(twin.state.residual).max() < 1e-9


def test_a_start_takes_its_time_and_what_stopped_stays_off(twin: Twin) -> None:
    run(twin, 0.0, 120.0)
    assert flow(twin, "pump.heat output") == 0.0
    run(twin, 20.0, 10.0)
    waited = 0.0
    while flow(twin, "pump.heat output") == 0.0:
        twin.advance(10.0)
        waited += 10.0
        assert waited < 600.0
    # It had stopped 120 s before, and may start again 180 s after that.
    assert waited == pytest.approx(STAYS_OFF - 120.0 + STARTS, abs=20.0)


def test_what_has_started_runs_on_at_its_least_load(twin: Twin) -> None:
    run(twin, 0.0, 600.0)
    run(twin, 20.0, STARTS + 60.0)
    run(twin, 0.0, 240.0)
    assert flow(twin, "pump.heat output") == pytest.approx(1.5, rel=0.02)
    twin.advance(STAYS_ON)
    assert flow(twin, "pump.heat output") == 0.0
    (pumps,) = (kind for kind in twin.kinds if isinstance(kind, HeatPumps))
    figures = pumps.figures()
    assert figures["pump: starts"] == 1
    assert 3.0 < figures["pump: COP"] < 4.0


def test_nobody_is_forced_to_take_heat(twin: Twin) -> None:
    """A machine that has to stay on is stopped where its heat finds no room."""
    store = twin.physics.network.store_named("store.level").index
    run(twin, 0.0, 600.0)
    run(twin, 20.0, STARTS + 60.0)
    twin.state.level[store] = twin.state.cap[store]
    run(twin, 0.0, 60.0)
    assert flow(twin, "pump.heat output") <= 1.0 + 1e-3
    assert np.abs(twin.state.residual).max() < 1e-6
