"""SunSpec models are found wherever a maker put them, on pymodbus's own server."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.links.fakes import in_loop
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.connect import connect, link_to
from zeroplant.links.library import template
from zeroplant.twin.wire.serve import Device, serve

CLOCK = SystemClock()
INVERTER = {14: 2500, 15: 0, 24: 0, 25: 12345, 26: 1, 33: 412, 37: 0xFFFF, 38: 4}
"""Model 103: 2,500 W; 123,450 Wh; 41.2 degC; tracking."""


def models(*parts: tuple[int, int, dict[int, int]]) -> list[int]:
    """Registers of a device: mark, models (number, length, content by offset), end."""
    words = [0x5375, 0x6E53]
    for number, length, content in parts:
        words += [number, length, *(content.get(i, 0) for i in range(2, 2 + length))]
    return [*words, 0xFFFF, 0]


@asynccontextmanager
async def device(base: int, words: list[int]) -> Any:
    data = SimData(base, values=words, datatype=DataType.REGISTERS)  # type: ignore[arg-type]
    server: Any = ModbusTcpServer(SimDevice(1, [data]), address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    try:
        yield f"127.0.0.1:{server.transport.sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()


@pytest.mark.parametrize("base", [40_000, 50_000, 0])
@pytest.mark.parametrize("common", [65, 66])
@pytest.mark.parametrize("model", [101, 103])
@in_loop
async def test_models_anywhere(base: int, common: int, model: int) -> None:
    words = models((1, common, {}), (model, 50, INVERTER), (120, 26, {}), (123, 24, {23: 0}))
    async with device(base, words) as at:
        link = link_to(template("sunspec-inverter"), "d", at, CLOCK, {"rating": "5 kW"})
        await link.open()
        image = await link.read()
        until = CLOCK.now() + timedelta(seconds=60)
        answer = (await link.write([Setpoint("d.output", 0.0015, until)]))[0]
        await link.close()
        assert {name: each.value for name, each in image.items()} == pytest.approx(
            {"d.output": 0.0025, "d.energy": 0.12345, "d.temperature": 41.2, "d.online": 1.0}
        )
        assert answer.accepted
        client = AsyncModbusTcpClient("127.0.0.1", port=Address.parse(at).port)
        await client.connect()
        start = base + words.index(123)
        heard = (await client.read_holding_registers(start, count=10)).registers
        client.close()
        assert (heard[5], heard[9]) == (30, 1), "1.5 of 5 kW are 30 %, enabled"
        assert 58 <= heard[7] <= 60, "and back after a minute"


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ([1, 2, 3, 4], "lists no SunSpec models"),
        (models((1, 66, {})), "no SunSpec model 103 or 102 or 101"),
        (models((103, 50, INVERTER)), "no SunSpec model 123"),
        ([0x5375, 0x6E53, *[7, 0] * 500], "does not end after 100"),
    ],
)
@in_loop
async def test_broken_lists(words: list[int], trouble: str) -> None:
    """What is wrong is said in words, and the points are lost, not zero."""
    async with device(40_000, words) as at:
        keeper = connect(template("sunspec-inverter"), "d", at, CLOCK)
        image = await keeper.read()
        await keeper.close()
    assert trouble in keeper.trouble
    assert {each.quality for each in image.values()} == {Quality.LOST}


@in_loop
async def test_the_twin_lists_its_models() -> None:
    """A client that only knows SunSpec finds the twin's power and its limit."""
    told: list[tuple[str, float]] = []

    def write(point: str, value: float, _: object) -> bool:
        told.append((point, value))
        return True

    served = Device("d", lambda: {"d.output": 18.0}, write, CLOCK, {"rating": 20.0})
    server = serve(template("sunspec-inverter"), served)
    await server.start()
    client = AsyncModbusTcpClient("127.0.0.1", port=Address.parse(server.at).port)
    await client.connect()

    async def read(address: int, count: int) -> list[int]:
        return list((await client.read_holding_registers(address, count=count)).registers)

    assert bytes.fromhex("".join(f"{w:04x}" for w in await read(40_000, 2))) == b"SunS"
    address, starts = 40_002, {}
    while (head := await read(address, 2))[0] != 0xFFFF:
        starts[head[0]] = address
        address += 2 + head[1]
    assert list(starts) == [1, 103, 123]
    power, scale = await read(starts[103] + 14, 2)
    assert power * 10 ** (scale - 65536 * (scale > 32767)) == pytest.approx(18e6, rel=1e-3)
    scale = (await read(starts[123] + 23, 1))[0]
    per_cent = round(61.7 / 10 ** (scale - 65536 * (scale > 32767)))
    await client.write_registers(starts[123] + 5, [per_cent])
    await client.write_registers(starts[123] + 9, [1])
    client.close()
    await server.stop()
    assert told == [("d.output", pytest.approx(12.34, abs=1e-3))]
