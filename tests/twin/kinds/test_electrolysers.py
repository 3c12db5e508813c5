"""Electrolysers: hydrogen by load, cold starts, least load; never more energy out than in."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.twin.kinds.electrolysers import Electrolysers, consumption
from zeroplant.twin.plant import Twin

PLANT = """\
nodes:
  yard: {carrier: electricity}
  gas: {carrier: hydrogen}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}
  many: {kind: electrolyser, at: yard, to: gas, power: 50 MW, consumption: 4.9 kWh/Nm3,
         degradation: 0 %/a}
  one: {kind: electrolyser, at: yard, to: gas, power: 5 MW, consumption: 4.9 kWh/Nm3,
        degradation: 0 %/a, load_min: 30 %}
  tank: {kind: tank, at: gas, capacity: 500 t}
  buyer: {kind: offtake, at: gas, price: 20 CNY/kg}
"""
USE = 4.9 * 11.126
"""kWh/kg at the rating."""


@pytest.fixture
def twin(bench: Bench) -> Twin:
    return bench(PLANT, step=60.0)


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def use(twin: Twin, name: str) -> float:
    """kWh per kg now."""
    network, entries = twin.physics.network, twin.physics.nodes
    f = network.flow_named(f"{name}.electrolysis").index
    gas = next(each.index for each in network.nodes if each.name == "gas")
    (at,) = np.flatnonzero((entries.flow == f) & (entries.into == gas))
    return 1000.0 / float(twin.state.node_rate[at])


def run(twin: Twin, name: str, power: float, seconds: float) -> None:
    tell(twin, {f"{name}.electrolysis": power})
    twin.advance(seconds)


def sets(twin: Twin) -> Electrolysers:
    (found,) = (kind for kind in twin.kinds if isinstance(kind, Electrolysers))
    return found


@pytest.mark.parametrize(("share", "part"), [(1.0, 1.0), (0.5, 0.9465), (0.25, 0.94975),
                                             (0.1, 0.94975)])  # fmt: skip
def test_consumption_follows_the_load_of_the_sets_that_run(
    twin: Twin, share: float, part: float
) -> None:
    """At the rating the plan's; from a quarter down sets stop one by one, and the rest goes on."""
    run(twin, "many", 50.0 * share, 600.0)
    sets(twin).temperature[:] = 1.0
    twin.advance(60.0)
    assert flow(twin, "many.electrolysis") == pytest.approx(50.0 * share, rel=1e-6)
    warm = sets(twin).temperature[0]
    assert use(twin, "many") == pytest.approx(USE * part * (1.0 + 0.15 * (1.0 - warm)), rel=1e-3)


@pytest.mark.parametrize("load", np.linspace(0.05, 1.2, 24))
def test_hydrogen_never_holds_more_than_the_electricity(load: float) -> None:
    assert consumption(load, 1.0) * USE > 39.4


def test_a_single_set_runs_above_its_least_load_or_not_at_all(twin: Twin) -> None:
    for told, does in ((3.0, 3.0), (1.0, 1.5), (0.5, 0.0)):
        run(twin, "one", told, 300.0)
        assert flow(twin, "one.electrolysis") == pytest.approx(does, abs=1e-3)


def test_a_cold_start_takes_its_time_and_more_electricity(twin: Twin) -> None:
    """45 minutes from cold to all it can take; before, a tenth and then more and more of it."""
    run(twin, "many", 0.0, 60.0)
    sets(twin).temperature[:] = 0.0
    run(twin, "many", 50.0, 60.0)
    assert flow(twin, "many.electrolysis") == pytest.approx(5.5, rel=0.01)
    assert use(twin, "many") > 1.1 * USE * 0.95
    minutes = 1.0
    while flow(twin, "many.electrolysis") < 49.9:
        twin.advance(60.0)
        minutes += 1.0
        assert minutes < 60.0
    assert 25.0 < minutes < 45.0  # all power at 0.7 of the warmth
    assert np.abs(twin.state.residual).max() < 1e-6


def test_what_stands_cools_down_in_hours(twin: Twin) -> None:
    run(twin, "many", 0.0, 120.0)
    before = float(sets(twin).temperature[0])
    twin.advance(4 * 3600.0)
    assert sets(twin).temperature[0] == pytest.approx(before * np.exp(-4.0 / 8.0), rel=2e-3)
    figures = sets(twin).figures()
    assert "many: kWh/kg" not in figures or figures["many: kWh/kg"] > 39.4
