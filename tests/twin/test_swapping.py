"""A swap station of the twin that is asked for a swap, as by OCPP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.yards import yard
from zeroplant.operate.standing import stand
from zeroplant.plant import load_plant
from zeroplant.transport import swap_kernel as column
from zeroplant.twin.kinds.swap import Swap
from zeroplant.twin.plant import Twin

ASSETS = """\
  swap:
    kind: swap_station
    at: yard
    packs: {qiji: {energy: 400 kWh, count: 8, trucks: 0.5}}
    chargers: 6
    charger_power: 300 kW
    lanes: 1
"""
PLANT = yard("one swap station", "10 MW", ASSETS)


def running(folder: Path, said: str = PLANT) -> tuple[Twin, Swap]:
    """A twin of one station, and the station."""
    file = folder / "plant.yaml"
    file.write_text(said, encoding="utf-8")
    plant = load_plant(file)
    twin = Twin(stand(plant, start=plant.axis.start, days=1, horizon=0), step=4.0)
    (station,) = (kind for kind in twin.kinds if isinstance(kind, Swap))
    return twin, station


def test_a_swap_on_request_takes_a_full_pack_and_leaves_an_empty_one(tmp_path: Path) -> None:
    twin, station = running(tmp_path)
    done = station.exchange()
    assert done is not None
    came, went = done
    assert came.slot == went.slot
    assert went.level > 0.9
    assert came.level < 0.3
    swaps = 1
    while station.exchange():
        swaps += 1
    assert swaps >= 2
    twin.advance(4.0)
    assert station.exchange() is None
    assert station._full() == 0.0
    twin.advance(3 * 3600.0)  # charged again, at what chargers give
    assert station.exchange() is not None


def test_told_all_that_may_be_told_every_charger_runs(tmp_path: Path) -> None:
    """What a plan keeps free of the chargers for surprises is there when trucks wait."""
    twin, station = running(tmp_path, PLANT.replace("lanes: 1", "classes: 2"))
    while station.exchange():
        pass
    twin.advance(600.0)  # the packs are in
    flows = list(station.charging)
    places = twin.places(flows)
    until = twin.clock.now() + timedelta(hours=1)
    twin.write(places, twin.points.most[places], until)
    twin.advance(60.0)
    takes = np.array(list(station.charging.values()))
    drawn = takes @ [twin.state.x[twin.physics.network.flow_named(flow).index] for flow in flows]
    assert drawn == pytest.approx(6 * 0.3)


def test_a_pack_that_is_nearly_full_counts_as_of_the_class_below(tmp_path: Path) -> None:
    """A pack is counted at every moment of its charging, and never as an empty one again."""
    twin, station = running(tmp_path)
    station._tables.slots[:, column.SOC] = 0.94
    station.settle(twin.state)
    names = ("swap.full", "swap.class 2", "swap.class 1")
    levels = [twin.state.level[twin.physics.network.store_named(name).index] for name in names]
    assert levels == [0.0, 8.0, 0.0]


def test_trucks_turned_away_in_a_plan_are_not_turned_away_for_ever(tmp_path: Path) -> None:
    """The plant begins as its first plan has it; what that only reckons with does not flow."""
    twin, _ = running(tmp_path)
    names = ("swap.turned away", "swap.missing spare")
    twin.begin(dict.fromkeys(names, 2.0))
    twin.advance(60.0)
    flows = [twin.physics.network.flow_named(name).index for name in names]
    assert twin.state.x[flows].tolist() == [0.0, 0.0]
