"""The DL/T 645-2007 adapter: a meter's data items over TCP, each answer matched to its question.

Frames are built and found by the library ``dlt645``. Its client is not used: it takes any frame
for the answer to any question, so that one late answer would shift all that follow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from math import isnan, nan
from typing import Any

from dlt645.model.types.dlt645_type import CtrlCode
from dlt645.protocol.protocol import DLT645Protocol

from zeroplant.errors import InputError, Problem
from zeroplant.links.address import Address
from zeroplant.links.clock import Clock
from zeroplant.links.digits import digits_inside
from zeroplant.links.dlt645_template import Dlt645Template, Item
from zeroplant.links.gauge import Gauge
from zeroplant.links.line import Line
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint

READ = int(CtrlCode.ReadData)
ANSWERED, REFUSED = READ | 0x80, READ | 0xC0
LARGEST = 4096
"""Bytes without a whole frame in them after which a connection is given up."""


class Dlt645Link:
    """One meter on DL/T 645-2007, by its template."""

    def __init__(
        self,
        template: Dlt645Template,
        name: str,
        at: Address,
        clock: Clock,
        ratings: Mapping[str, str | float] | None = None,
        *,
        line: Line | None = None,
    ) -> None:
        self.name, self.template, self.at, self.clock = name, template, at, clock
        self._line = line or Line(clock, template.gap)
        self._meter = meter_number(at)
        gauges = template.gauges(name, ratings or {})
        self._gauges: dict[str, Gauge] = {each.point.name: each for each in gauges.values()}
        self._items = {
            gauges[short].point.name: spec.read for short, spec in template.points.items()
        }
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._rest = b""

    @property
    def points(self) -> Mapping[str, Point]:
        """Its points, by name."""
        return {name: gauge.point for name, gauge in self._gauges.items()}

    async def open(self) -> None:
        """Connect. Raises OSError if nobody answers."""
        await self.close()
        self._reader, self._writer = await asyncio.open_connection(self.at.host, self.at.port)
        self._rest = b""

    async def close(self) -> None:
        """Disconnect."""
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.transport.abort()  # a meter keeps nothing open; a dead peer would not answer
            with suppress(OSError):
                await writer.wait_closed()

    async def read(self) -> Mapping[str, Reading]:
        """All points, one after the other. Raises OSError if the meter does not answer."""
        heard: dict[str, tuple[bytes | None, datetime]] = {}
        readings = {}
        for name, item in self._items.items():
            key = item.identifier.upper()
            if key not in heard:  # the two directions of a power are one item
                heard[key] = (await self._ask(item), self.clock.now())
            data, event = heard[key]
            number = nan if data is None else digits_inside(data, item)
            value = self._gauges[name].inside(number)
            quality = Quality.BAD if isnan(number) else Quality.GOOD
            readings[name] = Reading(value, event, quality)
        return readings

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        """Meters are not told anything."""
        now = self.clock.now()
        return [Acknowledgement(wish.point, False, now, "a meter") for wish in setpoints]

    async def _ask(self, item: Item) -> bytes | None:
        """The digits of one item; None if the meter says that it does not have it."""
        reader, writer = self._reader, self._writer
        if reader is None or writer is None:
            message = "not connected"
            raise ConnectionError(message)
        identifier = bytes.fromhex(item.identifier)[::-1]
        question = DLT645Protocol.build_frame(self._meter, READ, identifier, self.template.wake)
        async with self._line.turn(), asyncio.timeout(self.template.answer):
            writer.write(bytes(question))
            await writer.drain()
            while True:
                frame = await self._frame(reader)
                if bytes(frame.addr) != self._meter:
                    continue
                if frame.ctrl_code == REFUSED:
                    return None
                data = bytes(frame.data)
                if frame.ctrl_code == ANSWERED and data[:4] == identifier:
                    return data[4:]

    async def _frame(self, reader: asyncio.StreamReader) -> Any:
        """The next whole frame."""
        while True:
            self._rest, frame = DLT645Protocol.deserialize_with_remaining(self._rest)
            if frame is not None:
                return frame
            chunk = await reader.read(1024)
            if not chunk or len(self._rest) > LARGEST:
                message = "the meter has hung up" if not chunk else "no frame in what it sends"
                raise ConnectionError(message)
            self._rest += chunk


def meter_number(at: Address) -> bytes:
    """The six bytes of a meter's number, lowest first. Raises InputError."""
    if not (at.path.isdecimal() and at.path.isascii() and len(at.path) <= 12):
        instead = "write the meter's number of 12 digits behind the slash"
        raise InputError(Problem(f"'{at.path}' is no meter's number", instead=instead))
    return bytes.fromhex(at.path.zfill(12))[::-1]
