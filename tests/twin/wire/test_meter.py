"""The meter at a connection by DL/T 645, from the plant file to the controller's knowledge."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.links.fakes import in_loop
from zeroplant.links import Quality, SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.links.keeper import Keeper
from zeroplant.operate.controller import Controller
from zeroplant.operate.known import Source
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.steady import SteadyClock
from zeroplant.plant import load_plant
from zeroplant.twin.serving import Serving

START = datetime(2025, 1, 10, 4, 0, tzinfo=UTC)
PLANT = """\
zeroplant: 1
name: metered
time: {start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 480}
nodes:
  yard: {carrier: electricity}
assets:
  grid: {kind: grid, at: yard, connection: 60 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh, meter: dlt645}
  battery: {kind: battery, at: yard, power: 10 MW, energy: 20 MWh, round_trip: 87 %}
  works: {kind: demand, at: yard, load: 30 MW, price: 0.6 CNY/kWh, unserved: 20 CNY/kWh}
"""


@in_loop
async def test_control_reads_the_meter_and_bears_its_loss(tmp_path: Path) -> None:
    """30 MW are taken and metered. A device that is lost is what the meter leaves; where the meter
    is lost, its quality says so, and what is taken is what the devices leave."""
    (tmp_path / "plant.yaml").write_text(PLANT, encoding="utf-8")
    plant = load_plant(tmp_path / "plant.yaml")
    serving = Serving(plant, start=START, days=1, seed=1, step=4.0)
    serving.endless.advance(20.0)
    places = await serving.open(tmp_path / "twin")
    assert places["grid"].startswith("dlt645 127.0.0.1:")
    devices = read_devices(tmp_path / "twin" / "devices.yaml")
    assert isinstance(devices.entries["grid"][0], Dlt645Template)
    keepers = {keeper.name: keeper for keeper in devices.connect(SystemClock())}
    heard = await keepers["grid"].read()
    truth = serving.read()
    assert heard["grid.import"].value == pytest.approx(truth["grid.import"], abs=0.02)
    assert truth["grid.import"] == pytest.approx(30.0, rel=0.05)
    standing = serving.twin.standing
    loop = ControlLoop(
        Controller(standing.network, standing.sizes), list(keepers.values()),
        SteadyClock(SystemClock()), None,
    )  # fmt: skip

    async def sources(wait: Keeper | None = None) -> dict[str, int]:
        if wait is not None:  # until its link has found that nobody is there
            while any(each.quality < Quality.LOST for each in (await wait.read()).values()):
                await asyncio.sleep(0.05)
        known = (await loop.cycle()).known
        return {name: int(known.source[place])
                for name, place in loop.controller.points.index.items()}  # fmt: skip

    found = await sources()
    assert found["grid.import"] == found["works.load"] == Source.MEASURED
    await serving.wire.servers["works"].stop()
    found = await sources(keepers["works"])
    assert (found["grid.import"], found["works.load"]) == (Source.MEASURED, Source.RECONCILED)
    assert loop.last is not None
    place = loop.controller.points.index["works.load"]
    assert loop.last.known.value[place] == pytest.approx(30.0, rel=0.1)
    await serving.wire.servers["grid"].stop()
    found = await sources(keepers["grid"])
    assert found["grid.import"] != Source.MEASURED
    for keeper in keepers.values():
        await keeper.close()
    await serving.wire.stop()
    serving.endless.close()
