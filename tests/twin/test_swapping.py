"""A swap station of the twin that is asked for a swap, as by OCPP."""

from __future__ import annotations

from pathlib import Path

from zeroplant.operate.standing import stand
from zeroplant.plant import load_plant
from zeroplant.twin.kinds.swap import Swap
from zeroplant.twin.plant import Twin

PLANT = """\
zeroplant: 1
name: one swap station
time: {start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 96}
nodes: {yard: {carrier: electricity}}
assets:
  grid: {kind: grid, at: yard, connection: 10 MW, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}
  swap:
    kind: swap_station
    at: yard
    packs: {qiji: {energy: 400 kWh, count: 8, trucks: 0.5}}
    chargers: 6
    charger_power: 300 kW
    lanes: 1
"""


def test_a_swap_on_request_takes_a_full_pack_and_leaves_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "plant.yaml"
    file.write_text(PLANT, encoding="utf-8")
    plant = load_plant(file)
    twin = Twin(stand(plant, start=plant.axis.start, days=1, horizon=0), step=4.0)
    (station,) = (kind for kind in twin.kinds if isinstance(kind, Swap))
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
