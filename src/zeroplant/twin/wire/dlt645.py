"""The device's side of DL/T 645-2007: a meter that answers for its data items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan
from typing import Any

from dlt645.protocol.protocol import DLT645Protocol
from dlt645.transport.server.async_tcp_server import AsyncTcpServer

from zeroplant.links.address import Address
from zeroplant.links.digits import digits_outside
from zeroplant.links.dlt645 import ANSWERED, READ, REFUSED, meter_number
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.twin.wire.serve import Device

NO_SUCH_DATA = b"\x02"
"""Error word: the data asked for is not there (DL/T 645-2007, annex F)."""

ANYONE = b"\xaa" * 6
"""The number that every meter answers to."""


class Dlt645Server:
    """A meter on DL/T 645-2007 over TCP. Without a number in its place it is meter 1."""

    def __init__(self, template: Dlt645Template, device: Device, at: Address) -> None:
        self.template, self.device = template, device
        self._place = replace(at, path=(at.path or "1").zfill(12))
        self._meter = meter_number(self._place)
        gauges = template.gauges(device.name, device.ratings)
        self._points = [(gauges[short], spec.read) for short, spec in template.points.items()]
        self._server: AsyncTcpServer | None = None

    @property
    def at(self) -> str:
        """Its address."""
        return str(self._place)

    async def start(self) -> None:
        """Listen. Raises OSError if the place is taken."""
        server = AsyncTcpServer(self._place.host, self._place.port, timeout=5.0, service=self)
        if not await server.start():
            message = f"nobody can listen at {self._place}"
            raise OSError(message)
        self._server, self._place = server, replace(self._place, port=server.port)

    async def stop(self) -> None:
        """Let go of the port and of everyone connected."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    def handle_request(self, frame: Any) -> bytes | None:
        """The answer to one frame, None for silence; called by the library's transport."""
        if bytes(frame.addr) not in (self._meter, ANYONE) or frame.ctrl_code & 0x80:
            return None
        identifier = bytes(frame.data[:4])
        if frame.ctrl_code != READ:
            return self._framed(frame.ctrl_code | 0xC0, NO_SUCH_DATA)
        data = self._measured().get(identifier[::-1].hex().upper())
        if data is None:
            return self._framed(REFUSED, NO_SUCH_DATA)
        return self._framed(ANSWERED, identifier + data)

    def _measured(self) -> Mapping[str, bytes]:
        """The digits of every data item now."""
        values = self.device.read()
        numbers: dict[str, float] = {}
        for gauge, item in self._points:
            key = item.identifier.upper()
            number = gauge.wire(values.get(gauge.point.name, nan))
            if gauge.part is not None and key in numbers:  # the other direction of a power
                number += numbers[key] - gauge.wire(0.0)
            numbers[key] = number
        items = {item.identifier.upper(): item for _, item in self._points}
        return {key: digits_outside(number, items[key]) for key, number in numbers.items()}

    def _framed(self, control: int, data: bytes) -> bytes:
        return bytes(DLT645Protocol.build_frame(self._meter, control, data, self.template.wake))
