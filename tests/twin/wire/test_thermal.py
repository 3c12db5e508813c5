"""Thermal machines and stores on their own templates: set and read over the wire."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.links.fakes import in_loop
from tests.twin.kinds.conftest import HEAD, tell
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.operate.standing import stand
from zeroplant.plant import Plant, load_plant
from zeroplant.twin.plant import Twin
from zeroplant.twin.serving import SPEAKS
from zeroplant.twin.wire.plant import PlantWire
from zeroplant.twin.wire.thermal import Thermal

CLOCK = SystemClock()
PLANT = """\
nodes:
  yard: {carrier: electricity}
  warm: {carrier: hot water}
  cool: {carrier: chilled water}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}
  pump: {kind: heat_pump, at: yard, to: warm, power: 20 MW, supply: 80 degC, source: 35 degC}
  kettle: {kind: boiler, from: yard, to: warm, power: 10 MW}
  chiller: {kind: chiller, at: yard, to: cool, power: 6 MW, cop: 5, supply: 7 degC}
  tank: {kind: thermal_store, at: warm, power: 50 MW, energy: 1000 MWh, loss: 0 %, hot: 90 degC,
         cold: 50 degC}
  ice: {kind: thermal_store, at: cool, power: 20 MW, energy: 200 MWh, loss: 0 %, hot: 12 degC,
        cold: 5 degC}
  homes: {kind: demand, at: warm, load: 8 MW, price: 0.3 CNY/kWh, unserved: 30 CNY/kWh}
  offices: {kind: demand, at: cool, load: 2 MW, price: 0.3 CNY/kWh, unserved: 30 CNY/kWh}
"""


def yard(folder: Path) -> tuple[Plant, Twin]:
    (folder / "plant.yaml").write_text(HEAD + PLANT, encoding="utf-8")
    plant = load_plant(folder / "plant.yaml")
    return plant, Twin(stand(plant, start=plant.axis.start, days=1, horizon=0), step=10.0, seed=1)


@in_loop
async def test_thermal_devices_speak_their_templates(tmp_path: Path) -> None:
    plant, twin = yard(tmp_path)
    for name, level in (("tank.level", 500.0), ("ice.level", 4.0)):
        twin.state.level[twin.physics.network.store_named(name).index] = level
    thermal = Thermal(twin)

    def read() -> dict[str, float]:
        said = dict(zip(twin.points.names, twin.read()[0].tolist(), strict=True))
        return {**thermal.values(twin), **said}

    def write(point: str, value: float, until: datetime | None) -> bool:
        # The twin's time is its own here: what came in holds for an hour of it.
        return bool(twin.write(twin.places([point]), np.array([value]),
                               twin.clock.now() + timedelta(hours=1))[0])  # fmt: skip

    speaks = {name: form for name, asset in plant.assets.items()
              for kind, form in SPEAKS if isinstance(asset, kind)}  # fmt: skip
    points = [twin.points.point(place) for place in range(len(twin.points))]
    wire = PlantWire(points, read, write, CLOCK, speaks)
    await wire.start(tmp_path / "twin")
    devices = read_devices(tmp_path / "twin" / "devices.yaml")
    shipped = {name: entry.template for name, (_, entry) in devices.entries.items()}
    assert {name: shipped[name] for name in ("pump", "kettle", "chiller", "tank", "ice")} == {
        "pump": "heat-pump", "kettle": "boiler", "chiller": "chiller", "tank": "thermal-store",
        "ice": "thermal-store",
    }  # fmt: skip
    keepers = {keeper.name: keeper for keeper in devices.connect(CLOCK)}
    until = CLOCK.now() + timedelta(seconds=60)
    for name, point, value in (("pump", "heat output", 12.0), ("kettle", "heat output", 5.0),
                               ("chiller", "cold output", 3.0)):  # fmt: skip
        told = await keepers[name].write([Setpoint(f"{name}.{point}", value, until)])
        assert told[0].accepted, told
    twin.advance(600.0)
    heard = {}
    for keeper in keepers.values():
        heard |= await keeper.read()
    value = {name: each.value for name, each in heard.items()}
    assert value["pump.heat output"] == pytest.approx(12.0, rel=0.02)
    assert value["kettle.heat output"] == pytest.approx(5.0, rel=0.02)
    assert value["chiller.cold output"] == pytest.approx(3.0, rel=0.02)
    # A grade of 0.5 between 35 and 80 degC is a COP of 353.15/45/2 = 3.92.
    assert value["pump.power"] == pytest.approx(12.0 / 3.924, rel=0.03)
    assert value["kettle.power"] == pytest.approx(5.0 / 0.985, rel=0.02)
    assert value["chiller.power"] == pytest.approx(0.6, rel=0.03)
    assert value["pump.supply_temperature"] == 80.0
    assert value["pump.return_temperature"] == pytest.approx(74.0, abs=0.2), "0.6 of 10 K"
    assert value["pump.source_temperature"] == 35.0
    assert (value["chiller.supply_temperature"], value["chiller.return_temperature"]) == (7.0, 10.0)
    assert heard["kettle.supply_temperature"].quality >= Quality.BAD, "nobody states one"
    assert (value["pump.state"], value["pump.alarm"], value["pump.online"]) == (3.0, 0.0, 1.0)
    assert (value["tank.top_temperature"], value["tank.bottom_temperature"]) == (90.0, 50.0)
    assert value["tank.loading"] == pytest.approx(9.0, rel=0.05), "17 MW made, 8 MW used"
    assert value["tank.state"] == 2.0
    assert value["ice.bottom_temperature"] < value["ice.top_temperature"] == 12.0, "little cold"
    for keeper in keepers.values():
        await keeper.close()
    await wire.stop()


def test_a_heat_pump_that_stopped_and_one_that_is_away_say_so(tmp_path: Path) -> None:
    twin = yard(tmp_path)[1]
    thermal = Thermal(twin)
    tell(twin, {"pump.heat output": 12.0})
    twin.advance(600.0)
    assert thermal.values(twin)["pump.state"] == 3.0, "it runs"
    tell(twin, {"pump.heat output": 0.0})
    twin.advance(60.0)
    assert thermal.values(twin)["pump.state"] == 4.0, "it stays off after a stop"
    assert thermal.values(twin)["pump.supply_temperature"] == 70.0
    twin.away[twin.physics.network.flow_named("pump.heat output").index] = True
    twin.advance(10.0)
    out = thermal.values(twin)
    assert (out["pump.state"], out["pump.alarm"], out["pump.power"]) == (5.0, 1.0, 0.0)
