"""Dispatch centres for tests: c104, a stack we did not write, and a bare socket that misbehaves."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from tests.shared import ROOT
from zeroplant.links import Reading
from zeroplant.links.iec104 import Command, Outstation, Settings
from zeroplant.links.iec104_points import Commanded, Monitored, PointList

START, START_CON = bytes.fromhex("680407000000"), bytes.fromhex("68040b000000")
STOP = bytes.fromhex("680413000000")
TEST, TEST_CON = bytes.fromhex("680443000000"), bytes.fromhex("680483000000")
TARGET, MODE, BREAKER = 25089, 24577, 24578
NOW = datetime(2026, 7, 1, 4, 30, 15, 250000, tzinfo=UTC)


def points(values: int = 3, **more: Any) -> PointList:
    """A small station: some values, two states, and a command of each kind."""
    return PointList(
        points=(
            *(Monitored(ioa=16385 + n, name=f"value.{n}", deadband=0.5) for n in range(values)),
            Monitored(ioa=1, name="wind.online", type="single"),
            Monitored(ioa=2, name="breaker", type="double"),
            Monitored(ioa=20000, name="plant.target"),
        ),
        commands=(
            Commanded(
                ioa=TARGET, name="plant.target", least=-20.0, most=40.0, select=True, valid="15 min"
            ),
            Commanded(ioa=MODE, name="plant.mode", type="single"),
            Commanded(ioa=BREAKER, name="breaker", type="double"),
        ),
        **more,
    )


class Wishes(list[Command]):
    """Takes every command and remembers it; ``refusing`` refuses them."""

    refusing: bool | str = True

    def __call__(self, command: Command) -> bool | str:
        self.append(command)
        return self.refusing


@asynccontextmanager
async def outstation(
    listed: PointList | None = None,
    wishes: Callable[[Command], bool | str] | None = None,
    **settings: Any,
) -> AsyncIterator[Outstation]:
    """A station on a free port."""
    station = Outstation(
        listed or points(), Wishes() if wishes is None else wishes, settings=Settings(**settings)
    )
    await station.open(port=0)
    try:
        yield station
    finally:
        await station.close()


def readings(**values: float) -> dict[str, Reading]:
    """Good readings of one moment; dots of the names are written as double underscores."""
    return {name.replace("__", "."): Reading(value, NOW) for name, value in values.items()}


def asdu(
    kind: int, cause: int, ioa: int, body: bytes, *, address: int = 1, objects: int = 1
) -> bytes:
    head = struct.pack("<BBBBH", kind, objects, cause, 0, address)
    return head + ioa.to_bytes(3, "little") + body


class RawMaster:
    """A connection by hand: it acknowledges only when told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.sent = self.received = 0

    @classmethod
    @asynccontextmanager
    async def on(cls, port: int, *, start: bool = True) -> AsyncIterator[RawMaster]:
        """A connection that is closed at the end of a with block."""
        master = cls(*await asyncio.open_connection("127.0.0.1", port))
        if start:
            master.writer.write(START)
            assert await master.frame() == START_CON
        try:
            yield master
        finally:
            await master.close()

    def send(self, message: bytes) -> None:
        head = struct.pack("<BBHH", 0x68, len(message) + 4, self.sent << 1, self.received << 1)
        self.sent += 1
        self.writer.write(head + message)

    def acknowledge(self) -> None:
        self.writer.write(struct.pack("<BBHH", 0x68, 4, 1, self.received << 1))

    async def frame(self, seconds: float = 5.0) -> bytes:
        """The next frame; nothing at the end of the connection."""
        async with asyncio.timeout(seconds):
            try:
                head = await self.reader.readexactly(2)
                frame = head + await self.reader.readexactly(head[1])
            except (asyncio.IncompleteReadError, ConnectionError):
                return b""
        if not frame[2] & 1:
            self.received += 1
        return frame

    async def message(self) -> bytes:
        """The next information message's ASDU."""
        while frame := await self.frame():
            if not frame[2] & 1:
                return frame[6:]
        return b""

    async def ask(self, message: bytes) -> bytes:
        self.send(message)
        return await self.message()

    async def close(self) -> None:
        self.writer.close()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


async def until(what: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait until something holds, as long as a slow machine may need."""
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.01)


def causes(messages: Sequence[bytes]) -> list[tuple[int, int, bool]]:
    """Type, cause and whether it is negative."""
    return [(each[0], each[2] & 0x3F, bool(each[2] & 0x40)) for each in messages]


def page_yaml(name: str) -> list[str]:
    """The YAML examples of a how-to."""
    text = (ROOT / "docs/how-to" / f"{name}.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```", text, flags=re.M | re.S)
