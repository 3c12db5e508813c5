"""Pumped storage: one machine that turns one way at a time, and a head that falls."""

from __future__ import annotations

import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.twin.kinds.pumped_storages import GENERATES, PUMPS
from zeroplant.twin.plant import Twin

PLANT = """\
nodes:
  yard: {carrier: electricity}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh}
  hill: {kind: pumped_storage, at: yard, turbine: 100 MW, head: 100 m,
         levels: [[0 m3, 60 m], [4000000 m3, 100 m]]}
"""


@pytest.fixture
def twin(bench: Bench) -> Twin:
    return bench(PLANT, step=10.0)


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(f"hill.{name}").index])


def until_it_runs(twin: Twin, name: str) -> float:
    waited = 0.0
    while flow(twin, name) == 0.0:
        twin.advance(10.0)
        waited += 10.0
        assert waited < 1000.0
    return waited


def test_it_changes_its_way_only_after_a_while(twin: Twin) -> None:
    """From generating to pumping PUMPS pass, and back GENERATES; never both at once."""
    twin.state.level[twin.physics.network.store_named("hill.level").index] = 400.0
    tell(twin, {"hill.generating": 50.0, "hill.pumping": 0.0})
    twin.advance(300.0)
    assert flow(twin, "generating") == pytest.approx(50.0, rel=0.02)
    tell(twin, {"hill.generating": 0.0, "hill.pumping": 80.0})
    assert until_it_runs(twin, "pumping") == pytest.approx(PUMPS, abs=20.0)
    assert flow(twin, "generating") == 0.0
    twin.advance(300.0)
    assert flow(twin, "pumping") == pytest.approx(80.0, rel=0.02)
    tell(twin, {"hill.generating": 50.0, "hill.pumping": 0.0})
    assert until_it_runs(twin, "generating") == pytest.approx(GENERATES, abs=20.0)
    (machines,) = (kind for kind in twin.kinds if "hill: starts" in kind.figures())
    assert machines.figures() == {"hill: starts": 2}


@pytest.mark.parametrize(("volume", "head"), [(4e6, 100.0), (1e6, 70.0)])
def test_turbines_reach_their_rating_only_at_the_rated_head(
    twin: Twin, volume: float, head: float
) -> None:
    """A basin with V of 4 hm³ holds 9.81e-3·∫H dV/3600; a quarter full its head is 70 m of 100."""
    store = twin.physics.network.store_named("hill.level")
    held = 9.81e-3 / 3600.0 * (60.0 * volume + 0.5 * 40.0 * volume**2 / 4e6)
    twin.state.level[store.index] = held
    tell(twin, {"hill.generating": 100.0, "hill.pumping": 0.0})
    twin.advance(200.0)
    assert flow(twin, "generating") == pytest.approx(head, rel=0.02)
