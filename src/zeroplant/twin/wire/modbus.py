"""The device's side of Modbus TCP: its registers, by its template, on a real socket."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil, isfinite, log10, nan
from typing import Any

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from zeroplant.links.address import Address
from zeroplant.links.gauge import Gauge
from zeroplant.links.modbus import device_id
from zeroplant.links.modbus_template import Control, ModbusPoint, ModbusTemplate, Register
from zeroplant.links.registers import WIDTHS, blocks, decode, encode, encode_unknown
from zeroplant.links.sunspec import BASES, END, MARK, needed, placed
from zeroplant.twin.wire.serve import Device

_READS = (1, 2, 3, 4)
_INPUT = 4


class ModbusServer:
    """A device on Modbus TCP."""

    def __init__(self, template: ModbusTemplate, device: Device, at: Address) -> None:
        starts, listed = _chain(template)
        template = placed(template, starts)
        self.template, self.device, self._place = template, device, at
        gauges = template.gauges(device.name, device.ratings)
        self._points = [(gauges[short], spec) for short, spec in template.points.items()]
        self._low_first = template.words == "low first"
        self._scales = _scales(self._points)
        self._listed = listed
        self._held = {**listed, **{r: exponent % 65536 for r, exponent in self._scales.items()}}
        self._standing: dict[str, tuple[float, datetime]] = {}
        self._server: ModbusTcpServer | None = None

    @property
    def at(self) -> str:
        """Its address."""
        return str(self._place)

    async def start(self) -> None:
        """Listen."""
        spans = sorted({(address, width) for address, width in self._cells()})
        whole = blocks((("", address, width) for address, width in spans), self.template.bridge)
        data = [SimData(b.start, count=b.count, datatype=DataType.REGISTERS) for b in whole]
        device = SimDevice(device_id(self._place), data, action=self._asked)
        self._server = ModbusTcpServer(device, address=(self._place.host, self._place.port))
        await self._server.serve_forever(background=True)
        listening: Any = self._server.transport
        self._place = replace(self._place, port=listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Let go of the port and of everyone connected."""
        server: Any = self._server
        self._server = None
        if server is not None:
            await server.shutdown()

    def _cells(self) -> list[tuple[int, int]]:
        """Every register there is: address and count."""
        cells = [(register, 1) for register in (*self._scales, *self._listed)]
        for _, spec in self._points:
            if spec.read is not None:
                cells.append((spec.read.address, spec.read.width))
            if spec.write is not None:
                cells.append((spec.write.address, WIDTHS[spec.write.type]))
                cells += [(fixed.address, 1) for fixed in spec.write.also]
                if spec.write.revert is not None:
                    revert = spec.write.revert
                    cells.append((revert.address, WIDTHS[revert.type]))
        return cells

    async def _asked(  # noqa: PLR0917  # the library gives all by position
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        told: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Answer one request: fill the registers that are read, or act on those written."""
        if told is not None:
            return self._told(address, [int(word) for word in told])
        if function in _READS:
            words = {**self._held, **self._measured("input" if function == _INPUT else "holding")}
            for cell in range(address, address + count):
                word = words.get(cell, 0)
                if word is None:  # not known, and no number that says so: unknown is not zero
                    return ExcCodes.DEVICE_FAILURE
                registers[cell - start] = word
        return None

    def _measured(self, table: str) -> dict[int, int | None]:
        """Registers with what the device measures now; None where it does not know."""
        values = self.device.read()
        numbers: dict[int, tuple[Register, float]] = {}
        for gauge, spec in self._points:
            if spec.read is None or spec.read.table != table:
                continue
            value = values.get(gauge.point.name, self._sign_of_life(gauge.point.name))
            number = gauge.wire(value)
            if spec.read.when:
                number = _word(spec.read.when, value)
            elif gauge.part is not None and spec.read.address in numbers:
                number += numbers[spec.read.address][1] - gauge.wire(0.0)  # the other direction
            numbers[spec.read.address] = (spec.read, number)
        words: dict[int, int | None] = {}
        for address, (register, number) in numbers.items():
            encoded = self._encoded(register, number)
            for place in range(register.width):
                words[address + place] = None if encoded is None else encoded[place]
        return words

    def _sign_of_life(self, name: str) -> float:
        """Seconds, counted, where the point is our heartbeat; unknown where it is not."""
        if name != f"{self.device.name}.{self.template.heartbeat.theirs}":
            return nan
        return float(int(self.device.clock.now().timestamp()) % 32768)

    def _encoded(self, register: Register, number: float) -> list[int] | None:
        missing = self.template.missing(register)
        if not isfinite(number):
            return encode_unknown(register.type, missing)
        exponent = self._exponent(register.scale_register)
        try:
            return encode(number / 10.0**exponent, register.type, low_first=self._low_first)
        except ValueError:  # beyond what the register can say: the device does not know better
            return encode_unknown(register.type, missing)

    def _exponent(self, register: int | None) -> int:
        return 0 if register is None else self._scales[register]

    def _told(self, address: int, words: list[int]) -> ExcCodes | None:
        """Take what was written to heart, where a set-point is complete with it."""
        written = range(address, address + len(words))
        before = {cell: self._held.get(cell) for cell in written}
        self._held.update(zip(written, words, strict=True))
        for gauge, spec in self._points:
            control = spec.write
            if control is None or not _triggers(control, written):
                continue
            if any(self._held.get(each.address) != each.value for each in control.also):
                continue
            if not self._carried_out(gauge, spec, control):
                self._held.update({c: w for c, w in before.items() if w is not None})
                return ExcCodes.ILLEGAL_VALUE
        return None

    def _carried_out(self, gauge: Gauge, spec: ModbusPoint, control: Control) -> bool:
        cells = range(control.address, control.address + WIDTHS[control.type])
        words = [self._held.get(cell, 0) for cell in cells]
        number = float(decode(words, control.type, low_first=self._low_first))
        if not isfinite(number):
            return False
        value = gauge.writing.inside(number * 10.0 ** self._exponent(control.scale_register))
        name, beat = gauge.point.name, f"{self.device.name}.{self.template.heartbeat.ours}"
        if name == beat:
            self._prolong()
            return True
        until = self._until(control)
        accepted = self.device.write(name, value, until)
        if accepted and control.revert is None and until is not None:
            self._standing[name] = (value, until)
        return accepted

    def _prolong(self) -> None:
        """The controller lives: what has not lapsed yet stands on."""
        now, until = self.device.clock.now(), self._until(None)
        for point, (value, end) in self._standing.items():
            if end > now and until is not None:
                self.device.write(point, value, until)
                self._standing[point] = (value, until)

    def _until(self, control: Control | None) -> datetime | None:
        """When a set-point lapses: by its timer, by our heartbeat, or never."""
        now = self.device.clock.now()
        if control is not None and control.revert is not None:
            start = control.revert.address
            width = WIDTHS[control.revert.type]
            words = [self._held.get(cell, 0) for cell in range(start, start + width)]
            left = float(decode(words, control.revert.type, low_first=self._low_first))
            left *= 60.0 if control.revert.unit == "min" else 1.0
            return now + timedelta(seconds=min(left, 1e8)) if left > 0.0 else None
        if self.template.heartbeat.ours:
            return now + timedelta(seconds=self.template.heartbeat.timeout)
        return None


def _chain(template: ModbusTemplate) -> tuple[dict[int, int], dict[int, int]]:
    """Where the SunSpec models that a template counts from begin here, and the list of them.

    The common model (1, 66 registers) goes first, as the specification wants it.
    """
    models = {group[0]: 0 for group in needed(template)}
    if not models:
        return {}, {}
    for point in template.points.values():
        for spot in (point.read, point.write):
            if spot is not None and spot.models:
                model = spot.models[0]
                models[model] = max(models[model], _last(spot))
    base = BASES[0]
    listed = {base: MARK[0], base + 1: MARK[1]}
    starts, address = {}, base + 2
    for model, last in {1: 67, **models}.items():
        starts[model] = address
        listed |= {address + i: 0 for i in range(2, last + 1)}
        listed |= {address: model, address + 1: last - 1}
        address += last + 1
    return starts, listed | {address: END, address + 1: 0}


def _last(spot: Register | Control) -> int:
    """The last register that a spot needs, counted from the beginning of its model."""
    cells = [spot.address + WIDTHS[spot.type] - 1, spot.scale_register or 0]
    if isinstance(spot, Control):
        cells += [each.address for each in spot.also]
        if spot.revert is not None:
            cells.append(spot.revert.address + WIDTHS[spot.revert.type] - 1)
    return max(cells)


def _triggers(control: Control, written: range) -> bool:
    """Whether a write touches the value or a switch of a set-point (its timer alone does not)."""
    cells = {control.address + i for i in range(WIDTHS[control.type])}
    cells |= {fixed.address for fixed in control.also}
    return not cells.isdisjoint(written)


def _word(when: list[int], value: float) -> float:
    """A number that reads as 1, or one that reads as 0."""
    if not isfinite(value):
        return nan
    return float(when[0] if value >= 0.5 else next(i for i in range(65536) if i not in when))


def _scales(points: list[tuple[Gauge, ModbusPoint]]) -> dict[int, int]:
    """Powers of ten for the scale registers: the finest with which all they scale still fits."""
    scales: dict[int, int] = {}
    for gauge, spec in points:
        for spot, means in ((spec.read, gauge), (spec.write, gauge.writing)):
            if spot is None or spot.scale_register is None:
                continue
            bounds = (means.wire(gauge.point.least), means.wire(gauge.point.most))
            largest = 1.2 * max(*(abs(b) for b in bounds if isfinite(b)), 1e-9)
            room = 2.0 ** (16 * WIDTHS[spot.type] - (not spot.type.startswith("u"))) - 2.0
            finest = max(-4, ceil(log10(largest / room)))
            scales[spot.scale_register] = max(scales.get(spot.scale_register, -4), finest)
    return scales
