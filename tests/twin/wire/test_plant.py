"""A whole plant on the wire: what control reads by the twin's own file is what the twin says."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pymodbus.client import AsyncModbusTcpClient

from tests.links.fakes import in_loop
from zeroplant.links import Point, Quality, Setpoint, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.devices import read_devices
from zeroplant.twin.wire.plant import PlantWire

CLOCK = SystemClock()
FLOAT = AsyncModbusTcpClient.DATATYPE.FLOAT32
POINTS = [
    Point("wind.output", "MW", True, 0.0, 50.0), Point("wind.output.possible", "MW", most=50.0),
    Point("wind.online", "", most=1.0), Point("电池.charge", "MW", True, 0.0, 20.0),
    Point("电池.discharge", "MW", True, 0.0, 20.0), Point("电池.level", "MWh", most=40.0),
    Point("port.waiting ships", "ships"), Point("factories.load", "MW", most=30.0),
    Point("factories.unserved", "MW", True, 0.0, 30.0),
]  # fmt: skip


@in_loop
async def test_control_finds_every_point(tmp_path: Path) -> None:
    values = {point.name: 1.0 + number / 8 for number, point in enumerate(POINTS)}
    values["wind.online"] = 1.0
    values["factories.load"] = float("nan")
    told: list[tuple[str, float, datetime | None]] = []

    def write(point: str, value: float, until: datetime | None) -> bool:
        told.append((point, value, until))
        return True

    plant = PlantWire(POINTS, lambda: values, write, CLOCK)
    places = await plant.start(tmp_path)
    assert list(places) == ["wind", "电池", "port", "factories"]
    keepers = read_devices(tmp_path / "devices.yaml").connect(CLOCK)
    images = await asyncio.gather(*(keeper.read() for keeper in keepers))
    image = {name: reading for each in images for name, reading in each.items()}
    lost = image.pop("factories.load")
    assert lost.quality is Quality.BAD
    assert {name: each.value for name, each in image.items()} == pytest.approx(
        {name: value for name, value in values.items() if name != "factories.load"}
    )
    until = CLOCK.now() + timedelta(seconds=60)
    wishes = [Setpoint("电池.charge", 0.0, until), Setpoint("电池.discharge", 12.5, until)]
    assert all(each.accepted for each in await keepers[1].write(wishes))
    shed = [Setpoint("factories.unserved", 7.5, until)]
    assert all(each.accepted for each in await keepers[3].write(shed))
    assert [each[:2] for each in told] == [
        ("电池.charge", 0.0), ("电池.discharge", 12.5), ("factories.unserved", 7.5),
    ]  # fmt: skip
    assert all(end and abs((end - until).total_seconds()) <= 0.6 for *_, end in told)
    for keeper in keepers:
        await keeper.close()
    await plant.stop()
    keeper = read_devices(tmp_path / "devices.yaml").connect(CLOCK)[0]
    await keeper.read()
    assert "nobody answers" in keeper.trouble


@in_loop
async def test_a_foreign_client_reads_and_tells_any_device(tmp_path: Path) -> None:
    """A power station at a river and a heat pump, by registers that pymodbus counts by itself."""
    values = {"weir.output": 61.5, "weir.pond": 5.25, "pump.heat output": 7.125}
    points = [Point("weir.output", "MW", True, 0.0, 74.0), Point("weir.pond", "hm3", most=12.0),
              Point("pump.heat output", "MW", True, 0.0, 20.0)]  # fmt: skip
    told: list[tuple[str, float, datetime | None]] = []

    def write(point: str, value: float, until: datetime | None) -> bool:
        told.append((point, value, until))
        return True

    plant = PlantWire(points, lambda: values, write, CLOCK)
    places = await plant.start(tmp_path)
    for asset, numbers in (("weir", [61.5, 5.25]), ("pump", [7.125])):
        address = Address.parse(places[asset].split()[1])
        client = AsyncModbusTcpClient(address.host, port=address.port, retries=0, timeout=60)
        await client.connect()
        words = (await client.read_holding_registers(0, count=2 * len(numbers))).registers
        found = [client.convert_from_registers(words[2 * n : 2 * n + 2], FLOAT)
                 for n in range(len(numbers))]  # fmt: skip
        assert found == pytest.approx(numbers)
        limit = client.convert_to_registers(numbers[0] / 2.0, FLOAT)
        before = CLOCK.now()
        assert not (await client.write_registers(20_000, [60, *limit])).isError()
        point, value, end = told[-1]
        assert (point.partition(".")[0], value) == (asset, pytest.approx(numbers[0] / 2.0))
        assert end is not None
        assert timedelta(seconds=60) <= end - before <= CLOCK.now() - before + timedelta(seconds=60)
        client.close()
    await plant.stop()
