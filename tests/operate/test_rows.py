"""Rows of a reservoir: what only the plan's books know holds nothing back in operation."""

from __future__ import annotations

from pathlib import Path

from zeroplant.operate.points import points_of
from zeroplant.operate.standing import stand
from zeroplant.operate.wired import wiring_of
from zeroplant.operate.wiring import Wiring
from zeroplant.plant import load_plant

PLANT = """\
zeroplant: 1
name: dam
time: {start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 48}
nodes:
  yard: {carrier: electricity}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh}
  dam: {kind: hydro_reservoir, at: yard, power: 80 MW, turbine_flow: 100 m3/s, efficiency: 0.9,
        inflow: 50 m3/s, levels: [[0 m3, 80 m], [20000000 m3, 120 m]],
        tail_water: [[0 m3/s, 0 m], [200 m3/s, 2 m]]}
"""


def wired(folder: Path, text: str) -> Wiring:
    """A day of a plant as it is written, as arrays."""
    (folder / "plant.yaml").write_text(text, encoding="utf-8")
    plant = load_plant(folder / "plant.yaml")
    standing = stand(plant, start=plant.axis.start, days=1, horizon=0)
    return wiring_of(standing.network, points_of(standing.network, standing.sizes), standing.sizes)


def test_water_is_set_and_drives_the_power_through_the_books(tmp_path: Path) -> None:
    """Power before the tail water's rise and the energy held are told nobody and bound nobody; a
    turbine's limit is still known to rise with its water, through that account."""
    wiring = wired(tmp_path, PLANT)
    points, index = wiring.points, wiring.points.index
    told = {name for name in points.names if points.writable[index[name]]}
    assert told == {"dam.turbined", "dam.output", "dam.arriving"}
    spoken_of = {points.names[place] for place in wiring.rows.point.tolist()}
    assert not spoken_of & {"dam.gross power", "dam.energy of the inflow", "dam.energy not used"}
    assert wiring.driver[index["dam.output"]] == index["dam.turbined"]
