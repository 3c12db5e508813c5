"""The Modbus TCP adapter: registers read in batches, set-points with the device's own timers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from math import isnan, nan
from typing import Any

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from zeroplant.errors import InputError, Problem
from zeroplant.links.address import Address
from zeroplant.links.clock import Clock
from zeroplant.links.gauge import Gauge, Standing
from zeroplant.links.line import Line
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.links.modbus_template import Control, ModbusTemplate, Register
from zeroplant.links.registers import Block, blocks, decode, encode, scaled
from zeroplant.links.sunspec import discover, needed, placed

# Its log would show every frame of a device in trouble; the keeper tells of the trouble itself.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)

_AWAY = (10, 11)
"""Exceptions with which a gateway says that it does not reach the device behind it."""

Words = dict[tuple[str, int], int]
"""Registers as read, by table and address."""


class ModbusLink:
    """One device on Modbus TCP, by its template."""

    def __init__(
        self,
        template: ModbusTemplate,
        name: str,
        at: Address,
        clock: Clock,
        ratings: Mapping[str, str | float] | None = None,
        *,
        line: Line | None = None,
    ) -> None:
        self.name, self.template, self.at, self.clock = name, template, at, clock
        self._line = line or Line(clock, template.gap)
        self.device_id = device_id(at)
        gauges = template.gauges(name, ratings or {})
        self._gauges: dict[str, Gauge] = {each.point.name: each for each in gauges.values()}
        self._low_first = template.words == "low first"
        self._place(template)
        self._standing = Standing(self.points)
        self._exponents: dict[int, int] = {}
        self._client: AsyncModbusTcpClient | None = None

    @property
    def points(self) -> Mapping[str, Point]:
        """Its points, by name."""
        return {name: gauge.point for name, gauge in self._gauges.items()}

    async def open(self) -> None:
        """Connect. Raises OSError if nobody answers."""
        await self.close()
        # One try per request and no reconnection of its own: the keeper does both.
        client = AsyncModbusTcpClient(
            self.at.host,
            port=self.at.port,
            name=self.name,
            timeout=self.template.deadline,
            retries=0,
            reconnect_delay=0.0,
        )
        try:
            connected = await client.connect()
        except BaseException:
            client.close()
            raise
        if not connected:
            message = f"nobody answers at {self.at}"
            raise ConnectionError(message)
        self._client = client
        if needed(self.template):
            self._place(placed(self.template, await discover(self._held)))

    def _place(self, template: ModbusTemplate) -> None:
        """Take over the addresses of a template, given or found."""
        self._specs = {f"{self.name}.{short}": spec for short, spec in template.points.items()}
        self._blocks = blocks(_spans(template), template.bridge)

    async def _held(self, start: int, count: int) -> list[int] | None:
        answer = await self._ask(Block("holding", start, count))
        return None if isinstance(answer, Quality) else answer

    async def close(self) -> None:
        """Disconnect."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def read(self) -> Mapping[str, Reading]:
        """All points. Raises OSError or TimeoutError if the device does not answer."""
        words: Words = {}
        faults: dict[tuple[str, int], Quality] = {}
        for block in self._blocks:
            cells = [(block.table, block.start + i) for i in range(block.count)]
            answer = await self._ask(block)
            if isinstance(answer, Quality):
                faults.update(dict.fromkeys(cells, answer))
            else:
                words.update(zip(cells, answer, strict=True))
        event = self.clock.now()
        readings = {}
        for name, spec in self._specs.items():
            if spec.read is None:
                continue
            fault = max(faults.get(cell, Quality.GOOD) for cell in _cells(spec.read))
            if fault is not Quality.GOOD:
                readings[name] = Reading(nan, event, fault)
                continue
            number = self._number(spec.read, words)
            value = self._gauges[name].inside(number)
            readings[name] = Reading(value, event, Quality.BAD if isnan(number) else Quality.GOOD)
        return readings

    def _number(self, register: Register, words: Words) -> float:
        cells = [words[register.table, register.address + i] for i in range(register.width)]
        raw = decode(cells, register.type, low_first=self._low_first)
        exponent = None
        if register.scale_register is not None:
            exponent = int(decode([words[register.table, register.scale_register]], "int16"))
            self._exponents[register.scale_register] = exponent
        number = scaled(raw, self.template.missing(register), exponent)
        if register.when and not isnan(number):
            return 1.0 if raw in register.when else 0.0
        return number

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        """Set some points. Raises OSError or TimeoutError if the device does not answer."""
        wishes = {wish.point: wish for wish in setpoints}
        answers: dict[str, Acknowledgement] = {}
        for name in wishes:
            if name in answers:
                continue
            control = self._specs[name].write
            if control is None:
                answers[name] = Acknowledgement(name, False, self.clock.now(), "it is not written")
                continue
            sharing = self._sharing(control)
            reason = await self._tell(control, wishes, sharing)
            for other in sharing:
                if other in wishes:
                    now = self.clock.now()
                    answers[other] = Acknowledgement(other, not reason, now, reason)
        return [answers[wish.point] for wish in setpoints]

    def _sharing(self, control: Control) -> list[str]:
        """Points that are told through the same register: the two directions of a power."""
        return [
            name
            for name, spec in self._specs.items()
            if spec.write is not None and spec.write.address == control.address
        ]

    async def _tell(
        self, control: Control, wishes: Mapping[str, Setpoint], sharing: Sequence[str]
    ) -> str:
        """Write one register with its timer and switches; a reason if that was refused."""
        now = self.clock.now()
        wish = self._standing.joined(wishes, sharing, now)
        if wish is None:
            return f"{' and '.join(n for n in sharing if n in wishes)} contradict each other"
        try:
            cells = await self._told(control, wish, now)
        except ValueError as error:
            return str(error)
        for start, words in cells:
            reason = await self._put(start, words)
            if reason:
                return reason
        self._standing.wrote(wish, sharing)
        return ""

    async def _told(
        self, control: Control, wish: Setpoint, now: datetime
    ) -> list[tuple[int, list[int]]]:
        """The writes of one set-point, timer first and switches last; neighbours in one request."""
        number = self._gauges[wish.point].writing.wire(wish.value)
        if control.scale_register is not None:
            number /= 10.0 ** await self._exponent(control.scale_register)
        writes: list[tuple[int, list[int]]] = []
        value = (control.address, encode(number, control.type, low_first=self._low_first))
        if control.revert is not None:
            left = (wish.until - now).total_seconds() / (
                60.0 if control.revert.unit == "min" else 1
            )
            timer = encode(max(1, round(left)), control.revert.type, low_first=self._low_first)
            writes.append((control.revert.address, timer))
        writes.append(value)
        writes += [(fixed.address, [fixed.value]) for fixed in control.also]
        joined: list[tuple[int, list[int]]] = []
        for start, words in writes:
            if joined and joined[-1][0] + len(joined[-1][1]) == start:
                joined[-1][1].extend(words)
            else:
                joined.append((start, words))
        return joined

    async def _exponent(self, register: int) -> int:
        """A power of ten that scales set-points; it is fixed, so it is asked for once."""
        if register not in self._exponents:
            answer = await self._ask(Block("holding", register, 1))
            exponent = 99 if isinstance(answer, Quality) else int(decode(answer, "int16"))
            if not -10 <= exponent <= 10:
                message = f"the scale in register {register} is not known"
                raise ValueError(message)
            self._exponents[register] = exponent
        return self._exponents[register]

    async def _ask(self, block: Block) -> list[int] | Quality:
        """Registers of a block, or what is wrong with them by the device's own account."""
        client = self._connected()
        asked = client.read_holding_registers
        if block.table == "input":
            asked = client.read_input_registers
        answer = await self._heard(
            lambda: asked(block.start, count=block.count, device_id=self.device_id)
        )
        if answer.isError():
            away = getattr(answer, "exception_code", 0) in _AWAY
            return Quality.LOST if away else Quality.BAD
        words = list(answer.registers)
        if len(words) != block.count:
            message = f"{len(words)} registers came where {block.count} were asked for"
            raise ConnectionError(message)
        return words

    async def _put(self, start: int, words: list[int]) -> str:
        """Write registers; a reason if the device refused."""
        client = self._connected()
        answer = await self._heard(
            lambda: client.write_registers(start, words, device_id=self.device_id)
        )
        if answer.isError():
            code = getattr(answer, "exception_code", 0)
            return f"the device refused register {start}: {_REFUSALS.get(code, f'code {code}')}"
        return ""

    def _connected(self) -> AsyncModbusTcpClient:
        if self._client is None or not self._client.connected:
            message = "not connected"
            raise ConnectionError(message)
        return self._client

    async def _heard(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """An answer; whatever the library makes of trouble is trouble of the connection."""
        try:
            async with self._line.turn():
                return await request()
        except ModbusException as error:
            raise ConnectionError(str(error)) from None


_REFUSALS = {
    1: "illegal function", 2: "illegal address", 3: "illegal value", 4: "device failure",
    6: "busy", 10: "no path to the device", 11: "the device does not answer its gateway",
}  # fmt: skip
"""Modbus application protocol 1.1b3, §7."""


def device_id(at: Address) -> int:
    """The device behind an address: 1 where none is named. Raises InputError."""
    if not at.path:
        return 1
    if not at.path.isdecimal() or int(at.path) > 255:
        instead = "write a number from 0 to 255 behind the slash"
        raise InputError(Problem(f"'{at.path}' is no Modbus device id", instead=instead))
    return int(at.path)


def _cells(register: Register) -> list[tuple[str, int]]:
    """Every register that a reading needs."""
    table: str = register.table
    cells = [(table, register.address + i) for i in range(register.width)]
    if register.scale_register is not None:
        cells.append((register.table, register.scale_register))
    return cells


def _spans(template: ModbusTemplate) -> list[tuple[str, int, int]]:
    spans: list[tuple[str, int, int]] = []
    for spec in template.points.values():
        if spec.read is not None:
            spans.append((spec.read.table, spec.read.address, spec.read.width))
            if spec.read.scale_register is not None:
                spans.append((spec.read.table, spec.read.scale_register, 1))
    return spans
