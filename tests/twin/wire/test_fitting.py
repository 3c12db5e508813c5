"""Devices of the twin by shipped templates and through a broker: what control reads and sets."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.links.fakes import in_loop
from zeroplant.links import Point, Setpoint, SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.twin.wire.broker import mosquitto
from zeroplant.twin.wire.fitting import BATTERY, GATEWAY, INVERTER, fitted
from zeroplant.twin.wire.plant import PlantWire

CLOCK = SystemClock()
POINTS = [
    Point("sun.output", "MW", True, 0.0, 279.0), Point("sun.output.possible", "MW", most=279.0),
    Point("sun.online", "", most=1.0), Point("battery.charge", "MW", True, 0.0, 86.0),
    Point("battery.discharge", "MW", True, 0.0, 86.0), Point("battery.level", "MWh", most=400.0),
    Point("battery.online", "", most=1.0), Point("homes.load", "MW", most=20.0),
    Point("homes.charge 1", "MW", True, 0.0, 6.5), Point("homes.rooms 1", "MWh", False, -0.5, 0.5),
    Point("homes.roof output", "MW", True, 0, 9), Point("homes.roof output.possible", "MW", most=9),
]  # fmt: skip
SPEAKS = {"sun": INVERTER, "battery": BATTERY, "homes": GATEWAY}


@pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")
@in_loop
async def test_templates_and_broker_say_what_the_twin_says(tmp_path: Path) -> None:
    values = {"sun.output": 101.25, "sun.output.possible": 120.5, "sun.online": 1.0,
              "battery.charge": 0.0, "battery.discharge": 12.345, "battery.level": 200.4,
              "battery.online": 1.0, "homes.load": 7.25, "homes.charge 1": 1.5,
              "homes.rooms 1": -0.25, "homes.roof output.possible": 3.0,
              "homes.roof output": 2.5}  # fmt: skip
    told: dict[str, tuple[float, datetime | None]] = {}

    def write(point: str, value: float, until: datetime | None) -> bool:
        told[point] = value, until
        return True

    plant = PlantWire(POINTS, lambda: values, write, CLOCK, SPEAKS)
    places = await plant.start(tmp_path)
    assert [place.split()[0] for place in places.values()] == ["modbus", "modbus", "mqtt"]
    devices = read_devices(tmp_path / "devices.yaml")
    assert devices.entries["battery"][1].template == BATTERY
    assert devices.entries["battery"][1].ratings == {"rating": "86.0 MW", "capacity": "400.0 MWh"}
    keepers = devices.connect(CLOCK)
    image = {}
    for _ in range(40):
        for keeper in keepers:
            image |= await keeper.read()
        if image["homes.load"].quality == 0:
            break
        await asyncio.sleep(0.05)
    found = {name: image[name].value for name in values}
    assert found == pytest.approx(values, rel=2e-3, abs=0.02)
    until = CLOCK.now() + timedelta(seconds=60)
    for keeper, wishes in zip(
        keepers,
        ([("sun.output", 55.8)], [("battery.charge", 20.0), ("battery.discharge", 0.0)],
         [("homes.charge 1", 3.25), ("homes.roof output", 4.0)]),
        strict=True,
    ):  # fmt: skip
        done = await keeper.write([Setpoint(name, value, until) for name, value in wishes])
        assert all(each.accepted for each in done), done
    assert told["sun.output"][0] == pytest.approx(55.8, abs=0.1)
    assert told["battery.charge"][0] == pytest.approx(20.0)
    assert told["battery.discharge"][0] == 0.0
    assert told["homes.charge 1"][0] == pytest.approx(3.25)
    assert told["homes.roof output"][0] == pytest.approx(4.0)
    assert all(end is not None for _, end in told.values())
    for keeper in keepers:
        await keeper.close()
    await plant.stop()


def test_what_does_not_fit_has_a_plain_map() -> None:
    """A battery with points that the template has not, or of no stated size."""
    more = [*POINTS[3:7], Point("battery.warmth", "", most=1.0)]
    assert fitted("battery", more, BATTERY, every=1.0).shipped == ""
    endless = [*POINTS[3:5], Point("battery.level", "MWh")]
    assert fitted("battery", endless, BATTERY, every=1.0).ratings == {}
    assert fitted("battery", POINTS[3:7], BATTERY, every=1.0).shipped == BATTERY
