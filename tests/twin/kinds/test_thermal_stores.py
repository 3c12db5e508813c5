"""Tanks: mean temperature falls to that around by e in C/(U·A); the layer leaves less power."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.twin.kinds.thermal_stores import LAYER, ThermalStores
from zeroplant.twin.plant import Twin

PLANT = """\
nodes:
  yard: {carrier: electricity}
  warm: {carrier: hot water}
  cool: {carrier: chilled water}
  steam: {carrier: lp steam}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}
  boiler: {kind: boiler, from: yard, to: warm, power: 50 MW}
  steamer: {kind: boiler, from: yard, to: steam, power: 50 MW}
  tank: {kind: thermal_store, at: warm, power: 5 MW, volume: 1000 m3, hot: 90 degC, cold: 50 degC,
         tank_loss: 2 W/m3/K, around: 20 degC, round_trip: 100 %}
  ice: {kind: thermal_store, at: cool, power: 5 MW, volume: 1000 m3, hot: 12 degC, cold: 4 degC,
        tank_loss: 2 W/m3/K, around: 32 degC}
  salt: {kind: thermal_store, at: steam, power: 5 MW, energy: 50 MWh, loss: 2 %}
  homes: {kind: demand, at: warm, load: 10 MW, price: 0.3 CNY/kWh, unserved: 30 CNY/kWh}
  works: {kind: demand, at: steam, load: 10 MW, price: 0.3 CNY/kWh, unserved: 30 CNY/kWh}
"""


@pytest.fixture
def twin(bench: Bench) -> Twin:
    return bench(PLANT, step=60.0)


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def store(twin: Twin, name: str) -> int:
    return twin.physics.network.store_named(f"{name}.level").index


def rest(twin: Twin, boiler: float = 10.0) -> None:
    """Nothing goes in or out, and the boiler has come to its power."""
    tell(twin, {f"{each}.{word}": 0.0 for each in ("tank", "ice", "salt") for word in
                ("loading", "unloading")})  # fmt: skip
    tell(twin, {"boiler.heat output": boiler, "steamer.heat output": 10.0})
    twin.state.level[[store(twin, name) for name in ("tank", "ice", "salt")]] = (20.0, 4.0, 20.0)
    twin.advance(900.0)


@pytest.mark.parametrize(
    ("name", "full", "empty", "around"), [("tank", 90.0, 50.0, 20.0), ("ice", 4.0, 12.0, 32.0)]
)
@pytest.mark.parametrize("filled", [1.0, 0.5])
def test_the_mean_temperature_goes_to_that_around(  # noqa: PLR0917
    twin: Twin, name: str, full: float, empty: float, around: float, filled: float
) -> None:
    """T(t) − T_around = (T(0) − T_around)·exp(−U·A·t/C), C = 1.163 kWh/K a m³, U·A = 2 W/K a m³."""
    place, energy = store(twin, name), 1.163 * abs(full - empty)
    rest(twin)
    twin.state.level[place] = filled * energy
    twin.advance(12 * 3600.0)
    begin = empty + filled * (full - empty)
    then = around + (begin - around) * exp(-2.0 * 12.0 / 1163.0)
    filled_then = (then - empty) / (full - empty)
    assert twin.state.level[place] == pytest.approx(filled_then * energy, abs=2e-3)
    (stores,) = (kind for kind in twin.kinds if isinstance(kind, ThermalStores))
    lost = stores.lost[["tank", "ice", "salt"].index(name)]
    assert lost == pytest.approx(filled * energy - twin.state.level[place], abs=0.05)


def test_an_empty_tank_loses_nothing_that_counts(twin: Twin) -> None:
    twin.state.level[store(twin, "tank")] = 0.0
    twin.advance(3600.0)
    assert twin.state.level[store(twin, "tank")] >= 0.0
    assert twin.account.lost.sum() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("filled", "word", "power"),
    [(0.5 * LAYER, "unloading", 2.5), (0.5, "unloading", 5.0), (1.0 - 0.5 * LAYER, "loading", 2.5),
     (0.5, "loading", 5.0)],
)  # fmt: skip
def test_the_layer_leaves_less_power_near_empty_and_full(
    twin: Twin, filled: float, word: str, power: float
) -> None:
    """The boiler gives what is then lacking, so that no other balance moves the tank."""
    rest(twin, 10.0 - power if word == "unloading" else 10.0 + power)
    tell(twin, {f"tank.{word}": 5.0})
    for _ in range(4):
        twin.state.level[store(twin, "tank")] = filled * 46.52
        twin.advance(60.0)
    assert flow(twin, f"tank.{word}") == pytest.approx(power, rel=0.02)


def test_salt_has_no_layer_and_the_plans_loss(twin: Twin) -> None:
    twin.state.level[store(twin, "salt")] = 1.0
    tell(twin, {"salt.unloading": 5.0, "salt.loading": 0.0, "steamer.heat output": 5.0})
    twin.advance(120.0)
    assert flow(twin, "salt.unloading") == pytest.approx(5.0, rel=1e-2)
    twin.state.level[store(twin, "salt")] = 40.0
    tell(twin, {"salt.unloading": 0.0, "steamer.heat output": 10.0})
    twin.advance(120.0)
    before = twin.state.level[store(twin, "salt")]
    twin.advance(3600.0)
    assert before - twin.state.level[store(twin, "salt")] == pytest.approx(
        before * (1.0 - 0.98 ** (1.0 / 24.0)), rel=1e-3
    )
    assert np.abs(twin.state.residual).max() < 1e-6
