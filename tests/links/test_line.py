"""Devices behind one gateway take turns; one that is silent does not take the others with it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dlt645.protocol.protocol import DLT645Protocol

from tests.links.fakes import WireClock, eventually, in_loop
from tests.links.sockets import RawServer
from zeroplant.links import Quality, SystemClock
from zeroplant.links.devices import DeviceEntry, read_devices, write_devices
from zeroplant.links.line import Line

METERS = 5


@in_loop
async def test_one_at_a_time_with_pauses() -> None:
    clock = WireClock()
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)
        clock.add(seconds)

    clock.sleep = note  # type: ignore[method-assign]
    line, busy, most = Line(clock, 0.5), 0, 0

    async def ask() -> None:
        nonlocal busy, most
        async with line.turn():
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            clock.add(0.1)
            busy -= 1

    await asyncio.gather(*(ask() for _ in range(10)))
    assert most == 1
    assert waited == [0.5] * 9


@in_loop
async def test_meters_of_one_bus(tmp_path: Path) -> None:
    """Five meters behind one serial server, one of them dead: never two questions at once."""
    open_questions = most = 0

    async def answer(chunk: bytes) -> bytes:
        nonlocal open_questions, most
        open_questions += 1
        most = max(most, open_questions)
        _, frame = DLT645Protocol.deserialize_with_remaining(chunk)
        assert frame is not None
        await asyncio.sleep(0.002)
        open_questions -= 1
        number = bytes(frame.addr)
        if number[0] == 0x03:
            return b""
        size = {0x00: 4, 0x02: 2 if frame.data[2] == 1 else 3}[frame.data[3]]
        content = bytes(frame.data) + number[:1] + bytes(size - 1)
        return bytes(DLT645Protocol.build_frame(number, 0x91, content))

    (tmp_path / "quick.yaml").write_text(
        "title: {en: x, zh: x}\nprotocol: dlt645\nevery: 60 s\ndeadline: 20 s\nanswer: 0.3 s\n"
        "points:\n  voltage: {unit: V, most: 800 V, "
        'read: {identifier: "02010100", format: XXX.X}}\n'
        "  energy: {unit: kWh, most: 1 GWh, "
        'read: {identifier: "00010000", format: XXXXXX.XX}}\n'
    )
    async with RawServer(answer) as server:
        at = f"127.0.0.1:{server.port}"
        write_devices(
            tmp_path / "devices.yaml",
            {
                f"m{n}": DeviceEntry(template="quick.yaml", at=f"{at}/{n}")
                for n in range(1, METERS + 1)
            },
        )
        keepers = read_devices(tmp_path / "devices.yaml").connect(SystemClock())
        await asyncio.gather(*(keeper.read() for keeper in keepers))
        for keeper in keepers:
            number = int(keeper.name[1:])
            wanted = Quality.LOST if number == 3 else Quality.GOOD
            reading = await eventually(keeper, f"{keeper.name}.voltage", wanted)
            assert number == 3 or reading.value == number / 10.0
        assert most == 1
        for keeper in keepers:
            await keeper.close()
