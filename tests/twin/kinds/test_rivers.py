"""Reservoirs and weirs: power is flow times the head of this moment; zones are stepped out of."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.assets.hydro_reservoir import HydroReservoir
from zeroplant.assets.parts.reservoir_head import HeldEnergy
from zeroplant.twin.kinds.turbines import GRID, part_load
from zeroplant.twin.plant import Twin

PLANT = """\
nodes:
  yard: {carrier: electricity}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh}
  dam: {kind: hydro_reservoir, at: yard, power: 88.29 MW, turbine_flow: 100 m3/s, efficiency: 0.9,
        inflow: 50 m3/s, levels: [[0 m3, 80 m], [20000000 m3, 120 m]],
        tail_water: [[0 m3/s, 0 m], [200 m3/s, 2 m]], start: 0.5, min_flow: 10 m3/s,
        units: 2, rough_zones: [[0.4, 0.6]]}
  weir: {kind: run_of_river, at: yard, power: 8 MW, turbine_flow: 100 m3/s, efficiency: 0.88,
         inflow: 60 m3/s, head_water: 10 m, tail_water: [[0 m3/s, 0 m], [200 m3/s, 2 m]],
         least_head: 3 m}
"""


@pytest.fixture
def twin(bench: Bench) -> Twin:
    return bench(PLANT, step=4.0)


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def level(twin: Twin, name: str) -> float:
    return float(twin.state.level[twin.physics.network.store_named(name).index])


def hold(twin: Twin, store: str, value: float) -> None:
    twin.state.level[twin.physics.network.store_named(store).index] = value


@pytest.mark.parametrize(("held", "above"), [(20.0, 120.0), (10.0, 100.0), (1.0, 82.0)])
def test_power_is_flow_times_head(twin: Twin, held: float, above: float) -> None:
    """By hand: P = 9.81e-3·0.9·Q·H, H = level − 0.01·Q, times what units at this flow are worth.

    Below the rated head of 100 m an orifice's flow; above it, the rating turns the water down.
    """
    hold(twin, "dam.reservoir", held)
    tell(twin, {"dam.turbined": 100.0, "dam.output": 1e3})
    twin.advance(400.0)
    water, power = flow(twin, "dam.turbined"), flow(twin, "dam.output")
    head = above - 0.01 * water
    worth = np.interp(water / 100.0, GRID, part_load(100.0))
    assert power == pytest.approx(9.81e-3 * 0.9 * worth * water * head, rel=2e-3)
    if above > 101.0:
        assert power == pytest.approx(88.29, rel=2e-3)
    else:
        assert water == pytest.approx(100.0 * (head / 100.0) ** 0.5, rel=2e-3)
    possible = twin.true_values()[twin.points.index["dam.output.possible"]]
    assert possible == pytest.approx(power, rel=5e-3)
    assert np.abs(twin.state.residual).max() < 1e-9


def test_a_full_reservoir_gives_more_than_an_empty_one_from_the_same_water(twin: Twin) -> None:
    """By the head; and 19 m³/s in one unit, 0.38 of its flow, are worth less than 80 in two."""
    found = []
    for held, water in ((19.0, 80.0), (1.0, 80.0), (19.0, 19.0)):
        hold(twin, "dam.reservoir", held)
        tell(twin, {"dam.turbined": water, "dam.output": 1e3})
        twin.advance(900.0)
        found.append(flow(twin, "dam.output") / flow(twin, "dam.turbined"))
    assert found[0] / found[1] == pytest.approx(117.2 / 81.2, rel=5e-3)
    worth = np.interp(0.38, GRID, part_load(100.0)) / np.interp(0.8, GRID, part_load(100.0))
    assert worth < 0.8
    assert found[2] / found[0] == pytest.approx(worth * 117.8 / 117.2, rel=5e-3)


def test_a_limit_inside_a_rough_zone_is_stepped_out_of(twin: Twin) -> None:
    """48 MW of 88 would be two units at 0.55: one at full flow stays below the limit instead."""
    tell(twin, {"dam.turbined": 100.0, "dam.output": 48.0})
    twin.advance(1200.0)
    (rivers,) = (kind for kind in twin.kinds if "dam: starts" in kind.figures())
    before = rivers.figures()["dam: minutes in rough zones"]
    for _ in range(50):
        twin.advance(4.0)
        assert flow(twin, "dam.output") <= 48.0 + 1e-6
    assert flow(twin, "dam.turbined") == pytest.approx(50.0, rel=0.01)
    assert rivers.figures()["dam: minutes in rough zones"] == before


def test_the_least_flow_passes_by_a_gate_what_turbines_leave(twin: Twin) -> None:
    tell(twin, {"dam.turbined": 0.0})
    twin.advance(120.0)
    assert flow(twin, "dam.spilled") == pytest.approx(10.0)
    tell(twin, {"dam.turbined": 70.0, "dam.output": 1e3})
    twin.advance(300.0)
    assert flow(twin, "dam.spilled") == 0.0
    (rivers,) = (kind for kind in twin.kinds if "dam: starts" in kind.figures())
    assert rivers.figures()["dam: hours below the least flow"] == 0.0


def test_left_alone_the_reservoir_passes_what_comes(twin: Twin) -> None:
    tell(twin, {"dam.turbined": 0.0}, hours=0.01)
    tell(twin, {"dam.output": 1e3})
    twin.advance(1200.0)
    assert flow(twin, "dam.turbined") == pytest.approx(50.0, rel=0.01)


def test_water_is_conserved_and_the_energy_held_is_that_of_the_water(twin: Twin) -> None:
    """What the plan calls energy held is its own curve at the level there is."""
    asset = twin.standing.plant.assets["dam"]
    assert isinstance(asset, HydroReservoir)
    account = HeldEnergy(asset.falling, asset.heads(), asset.turbine_flow)
    tell(twin, {"dam.turbined": 65.0, "dam.output": 1e3})
    for _ in range(30):
        before = level(twin, "dam.reservoir")
        twin.advance(4.0)
        moved = 50.0 - flow(twin, "dam.turbined") - flow(twin, "dam.spilled")
        assert level(twin, "dam.reservoir") - before == pytest.approx(moved * 4e-6, abs=1e-9)
    held = float(account.energy(level(twin, "dam.reservoir")))
    assert level(twin, "dam.energy held") == pytest.approx(held, rel=1e-4)


def test_a_weir_takes_no_more_than_the_river_brings(twin: Twin) -> None:
    """60 m³/s come; the head is that over the tail water of all of them, 9.4 m."""
    tell(twin, {"weir.turbined": 100.0, "weir.output": 8.0})
    twin.advance(300.0)
    assert flow(twin, "weir.turbined") == pytest.approx(60.0, rel=1e-3)
    assert flow(twin, "weir.output") == pytest.approx(9.81e-3 * 0.88 * 60.0 * 9.4, rel=2e-3)
    tell(twin, {"weir.output": 2.0})
    twin.advance(300.0)
    assert flow(twin, "weir.output") == pytest.approx(2.0, rel=0.01)
    water = flow(twin, "weir.turbined") + flow(twin, "weir.spilled")
    assert water == pytest.approx(60.0, rel=1e-6), "what turbines leave goes over the weir"


def test_out_of_service_nothing_runs_and_water_passes(twin: Twin) -> None:
    tell(twin, {"weir.turbined": 100.0, "weir.output": 8.0})
    twin.advance(300.0)
    for name in ("weir.turbined", "weir.output"):
        twin.away[twin.physics.network.flow_named(name).index] = True
    twin.advance(8.0)
    assert flow(twin, "weir.output") == flow(twin, "weir.turbined") == 0.0
    assert flow(twin, "weir.spilled") == pytest.approx(60.0, rel=1e-6)
