"""The twin's DL/T 645 meters, asked by the library's own client, by our link, and by noise."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import Any

import pytest
from dlt645.aio import AsyncTcpClient
from dlt645.protocol.protocol import DLT645Protocol

from tests.links.fakes import in_loop
from zeroplant.links import Quality, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.connect import connect
from zeroplant.links.dlt645 import meter_number
from zeroplant.links.library import template
from zeroplant.twin.wire.serve import Device, serve

CLOCK = SystemClock()
VALUES = {
    "m.import": 0.0, "m.export": 0.0123456, "m.energy_import": 123.45, "m.energy_export": 0.0005,
    "m.voltage": 229.7,
}  # fmt: skip


@asynccontextmanager
async def meter(values: dict[str, float]) -> Any:
    device = Device("m", lambda: values, lambda *_: False, CLOCK)
    server = serve(template("dlt645-meter"), device, "127.0.0.1:0/42")
    await server.start()
    try:
        yield server.at
    finally:
        await server.stop()


@in_loop
async def test_client_of_the_library_reads_it() -> None:
    async with meter(VALUES) as at:
        address = Address.parse(at)
        number = meter_number(address)
        client = AsyncTcpClient(address.host, address.port, 2.0)
        heard = {}
        for name, identifier in [("power", 0x02030000), ("energy", 0x00010000), ("none", 0x02FF)]:
            question = DLT645Protocol.build_frame(number, 0x11, identifier.to_bytes(4, "little"))
            answer = await client.send_request(bytes(question))
            _, frame = DLT645Protocol.deserialize_with_remaining(answer)
            assert frame is not None
            heard[name] = (frame.ctrl_code, bytes(frame.data[4:]))
        foreign = DLT645Protocol.build_frame(bytes(6), 0x11, b"\0\0\3\2")
        silent = await client.send_request(bytes(foreign), total_timeout=0.2, retries=0)
        await client.disconnect()
    assert heard["power"] == (0x91, bytes.fromhex("563492")), "-12.3456 kW: import is positive"
    assert heard["energy"] == (0x91, bytes.fromhex("00503412")), "123450.00 kWh"
    assert heard["none"][0] == 0xD1
    assert silent is None, "a meter does not answer for another"


@in_loop
async def test_our_link_reads_what_the_twin_says() -> None:
    values = dict(VALUES)
    async with meter(values) as at:
        keeper = connect(template("dlt645-meter"), "m", at, CLOCK)
        keeper.every = 0.01
        image = await keeper.read()
        assert {n: each.value for n, each in image.items()} == pytest.approx(VALUES, abs=1e-7)
        values["m.voltage"] = float("nan")
        await asyncio.sleep(0.02)
        reading = (await keeper.read())["m.voltage"]
        assert (reading.value, reading.quality) == (229.7, Quality.BAD)
        await keeper.close()


@in_loop
async def test_ten_thousand_malformed_frames() -> None:
    rng, sent = random.Random(2), 0
    async with meter(VALUES) as at:
        address = Address.parse(at)
        number = meter_number(address)
        right = bytes(DLT645Protocol.build_frame(number, 0x11, b"\0\0\3\2"))
        while sent < 10_000:
            _, writer = await asyncio.open_connection(address.host, address.port)
            for _ in range(100):
                noise, place = rng.randbytes(rng.randrange(60)), rng.randrange(len(right))
                broken = right[:place] + bytes([right[place] ^ 0x41]) + right[place + 1 :]
                control = rng.randrange(256)
                other = bytes(DLT645Protocol.build_frame(number, control, noise))
                writer.write(rng.choice([noise, right[:place], broken, other, b"\x68" * 40]))
                sent += 1
                await asyncio.sleep(0)
            writer.transport.abort()
        keeper = connect(template("dlt645-meter"), "m", at, CLOCK)
        assert (await keeper.read())["m.voltage"].value == pytest.approx(229.7)
        await keeper.close()
