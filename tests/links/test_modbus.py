"""The Modbus adapter against pymodbus's own server, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from math import isnan
from typing import Any

import pytest
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.links.fakes import WireClock, eventually, in_loop
from tests.links.sockets import RawServer, silence
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.keeper import Keeper
from zeroplant.links.modbus import ModbusLink
from zeroplant.links.modbus_template import ModbusTemplate

CLOCK = SystemClock()


def template(points: Mapping[str, Any], **more: Any) -> ModbusTemplate:
    return ModbusTemplate.model_validate(
        {"title": {"en": "x", "zh": "x"}, "protocol": "modbus", "points": points, **more}
    )


def point(address: int, type_: str = "uint16", **read: Any) -> dict[str, Any]:
    return {"most": 1e9, "least": -1e9, "read": {"address": address, "type": type_, **read}}


@asynccontextmanager
async def pymodbus_server(*data: SimData, action: Any = None) -> Any:
    """The library's own server, as its makers mean it."""
    server: Any = ModbusTcpServer(SimDevice(1, list(data), action=action), address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    try:
        yield Address("127.0.0.1", server.transport.sockets[0].getsockname()[1])
    finally:
        await server.shutdown()


async def read_once(given: ModbusTemplate, at: Address) -> dict[str, float]:
    link = ModbusLink(given, "d", at, CLOCK)
    await link.open()
    try:
        return {name: each.value for name, each in (await link.read()).items()}
    finally:
        await link.close()


@in_loop
async def test_every_type_against_pymodbus() -> None:
    """Encoded by pymodbus, decoded by us: addresses, widths, signs, byte order."""
    data = [
        SimData(0, values=-1234, datatype=DataType.INT16),
        SimData(1, values=54321, datatype=DataType.UINT16),
        SimData(2, values=-12345678, datatype=DataType.INT32),
        SimData(4, values=3456789012, datatype=DataType.UINT32),
        SimData(6, values=-1234567890123, datatype=DataType.INT64),
        SimData(10, values=12345678901234, datatype=DataType.UINT64),
        SimData(14, values=1.5e-3, datatype=DataType.FLOAT32),
        SimData(16, values=-2.25e40, datatype=DataType.FLOAT64),
        SimData(20, values=[-2, 3], datatype=DataType.INT16),
    ]
    given = template(
        {
            "a": point(0, "int16"), "b": point(1), "c": point(2, "int32"), "d": point(4, "uint32"),
            "e": point(6, "int64"), "f": point(10, "uint64"), "g": point(14, "float32"),
            "h": point(16, "float64"), "i": point(0, "int16", scale_register=20),
            "j": point(1, when=[54321]), "k": point(1, when=[3]),
        }
    )  # fmt: skip
    async with pymodbus_server(*data) as at:
        values = await read_once(given, at)
    assert values == {
        "d.a": -1234.0, "d.b": 54321.0, "d.c": -12345678.0, "d.d": 3456789012.0,
        "d.e": -1234567890123.0, "d.f": 12345678901234.0, "d.g": pytest.approx(1.5e-3),
        "d.h": -2.25e40, "d.i": pytest.approx(-12.34), "d.j": 1.0, "d.k": 0.0,
    }  # fmt: skip


@in_loop
async def test_word_order_units_directions_and_unknown() -> None:
    data = [
        SimData(0, values=[1, 0], datatype=DataType.REGISTERS),  # low word first: 1
        SimData(2, values=[0xFFFF, 0x7FC0], datatype=DataType.REGISTERS),  # float nan, low first
        SimData(4, values=[0x8000, 0xFFFF, (-250) % 65536, 0x8000], datatype=DataType.REGISTERS),
    ]
    spot = point(6, "int16")
    given = template(
        {
            "low": point(0, "uint32"), "nan": point(2, "float32"), "i": point(4, "int16"),
            "u": point(5), "charge": {**spot, "least": 0, "most": "1 MW", "unit": "kW",
                                      "part": "negative"},
            "discharge": {**spot, "least": 0, "most": "1 MW", "unit": "kW", "part": "positive"},
            "scaled": point(0, scale_register=7),
            "cold": {**spot, "least": "-40 degC", "most": "50 degC", "unit": "degC", "scale": 0.1},
        },
        words="low first", sunspec=True,
    )  # fmt: skip
    async with pymodbus_server(*data) as at:
        link = ModbusLink(given, "d", at, CLOCK)
        await link.open()
        image = await link.read()
        await link.close()
    assert image["d.low"].value == 1.0
    for name in ("nan", "i", "u", "scaled"):
        assert isnan(image[f"d.{name}"].value), name
        assert image[f"d.{name}"].quality is Quality.BAD
    assert image["d.charge"].value == pytest.approx(0.25)
    assert image["d.discharge"].value == 0.0
    assert image["d.cold"].value == pytest.approx(-25.0)


@in_loop
async def test_neighbours_are_asked_for_together() -> None:
    """200 registers in a row are two requests, a hole is asked for only where that is allowed."""
    asked: list[tuple[int, int]] = []

    async def watch(function: int, start: int, address: int, count: int, *_: Any) -> None:
        asked.append((address, count))

    points = {f"p{n}": point(n) for n in range(200)} | {"far": point(203)}
    data = SimData(0, count=300, values=7, datatype=DataType.REGISTERS)
    async with pymodbus_server(data, action=watch) as at:
        assert set((await read_once(template(points), at)).values()) == {7.0}
        assert asked == [(0, 125), (125, 75), (203, 1)]
        asked.clear()
        await read_once(template(points, bridge=3), at)
        assert asked == [(0, 125), (125, 79)]


@in_loop
async def test_least_time_between_requests() -> None:
    points = {f"p{n}": point(2 * n) for n in range(5)}
    data = SimData(0, count=20, values=7, datatype=DataType.REGISTERS)
    async with pymodbus_server(data) as at:
        began = time.perf_counter()
        await read_once(template(points, gap="0.02 s"), at)
    assert time.perf_counter() - began >= 0.08


@pytest.mark.parametrize(
    ("code", "quality"),
    [(ExcCodes.ILLEGAL_ADDRESS, Quality.BAD), (ExcCodes.GATEWAY_NO_RESPONSE, Quality.LOST)],
)
@in_loop
async def test_what_the_device_refuses_spoils_only_its_points(
    code: ExcCodes, quality: Quality
) -> None:
    async def refuse(function: int, start: int, address: int, *_: Any) -> ExcCodes | None:
        return code if address == 10 else None

    data = SimData(0, count=20, values=7, datatype=DataType.REGISTERS)
    async with pymodbus_server(data, action=refuse) as at:
        link = ModbusLink(template({"a": point(0), "b": point(10)}), "d", at, CLOCK)
        await link.open()
        image = await link.read()
        await link.close()
    assert image["d.a"].value == 7.0
    assert image["d.b"].quality is quality


@in_loop
async def test_writes_reach_pymodbus_and_refusals_come_back() -> None:
    told: list[tuple[int, list[int]]] = []

    async def note(function: int, start: int, address: int, *rest: Any) -> ExcCodes | None:
        values = rest[-1]
        if values is not None:
            told.append((address, list(values)))
        return ExcCodes.ILLEGAL_VALUE if values and address == 50 else None

    share = {"unit": "%", "of": "rating", "most": "rating"}
    given = template(
        {
            "output": {**share, "write": {"address": 5, "scale_register": 30,
                       "revert": {"address": 7}, "also": [{"address": 9, "value": 1}]}},
            "other": {**share, "write": {"address": 50}, "fallback": 0},
            "both": {**share, "write": {"address": 11, "type": "float32",
                     "revert": {"address": 13, "type": "uint32", "unit": "min"}}},
            "deaf": {**share, "read": {"address": 0}},
        },
        ratings={"rating": "2 MW"},
    )  # fmt: skip
    data = [
        SimData(0, count=30, values=0, datatype=DataType.REGISTERS),
        SimData(30, values=-2, datatype=DataType.INT16),
        SimData(31, count=60, values=0, datatype=DataType.REGISTERS),
    ]
    async with pymodbus_server(*data, action=note) as at:
        link = ModbusLink(given, "d", at, CLOCK, {"rating": "10 MW"})
        await link.open()
        until = CLOCK.now() + timedelta(seconds=120.4)
        names = ["d.output", "d.other", "d.both", "d.deaf"]
        answers = await link.write([Setpoint(name, 4.0, until) for name in names])
        await link.close()
    assert [each.accepted for each in answers] == [True, False, True, False]
    assert answers[1].reason == "the device refused register 50: illegal value"
    assert told[:3] == [(7, [120]), (5, [4000]), (9, [1])], "timer, value, switch; 40 % at 0.01 %"
    assert told[-2:] == [(13, [0, 2]), (11, [0x4220, 0])]


@in_loop
async def test_directions_that_contradict_each_other_are_refused() -> None:
    power = {"unit": "kW", "most": "1 MW", "fallback": 0}
    given = template(
        {
            side: {**power, "part": part, "write": {"address": 0, "type": "int16"}}
            for side, part in (("charge", "negative"), ("discharge", "positive"))
        }
    )
    told: list[list[int]] = []

    async def note(*request: Any) -> None:
        told.append(list(request[-1]))

    def at_rest(**wishes: float) -> list[Setpoint]:
        until = CLOCK.now() + timedelta(seconds=60)
        return [Setpoint(f"d.{name}", value, until) for name, value in wishes.items()]

    async with pymodbus_server(SimData(0, count=5, datatype=DataType.REGISTERS), action=note) as at:
        link = ModbusLink(given, "d", at, CLOCK)
        await link.open()
        for wishes, accepted, word in [
            ({"charge": 0.5, "discharge": 0.0}, True, -500),
            ({"discharge": 0.0}, True, -500),
            ({"discharge": 0.3}, False, None),
            ({"charge": 0.2, "discharge": 0.3}, False, None),
            ({"charge": 0.0, "discharge": 0.3}, True, 300),
            ({"charge": 0.0}, True, 300),
            ({"discharge": 0.0}, True, 0),
            ({"charge": 0.1}, True, -100),
            ({"charge": 0.005}, True, -5),
            ({"discharge": 0.3}, True, 300),  # half a per cent of charging was as good as none
        ]:
            told.clear()
            answers = await link.write(at_rest(**wishes))
            assert {each.accepted for each in answers} == {accepted}, wishes
            assert told == ([] if word is None else [[word % 65536]]), wishes
        await link.close()


@in_loop
async def test_half_open_connection() -> None:
    """The peer is gone without a word: the deadline ends the read, and the keeper comes back."""
    given = template({"a": point(0)}, deadline="5 s")
    async with RawServer(silence) as server:
        link = ModbusLink(given, "d", Address("127.0.0.1", server.port), CLOCK)
        keeper = Keeper(link, CLOCK, every=0.05, deadline=0.1)
        async with asyncio.timeout(30.0):
            image = await keeper.read()
        assert image["d.a"].quality is Quality.LOST

        async def answer(chunk: bytes) -> bytes:
            return chunk[:2] + bytes([0, 0, 0, 5, 1, 3, 2, 0, 42])

        server.answer = answer
        keeper.deadline, keeper.every = 5.0, 60.0
        await eventually(keeper, "d.a", Quality.GOOD, 42.0)
        assert server.connections == 2
        await keeper.close()


@in_loop
async def test_flapping_connection() -> None:
    """It hangs up for a while, again and again: good or lost, and never another value."""

    async def answer(chunk: bytes) -> bytes:
        return chunk[:2] + bytes([0, 0, 0, 5, 1, 3, 2, 0, 42])

    async def hang_up(chunk: bytes) -> bytes:
        del chunk
        return b"hang up"

    clock = WireClock()
    async with RawServer(answer) as server:
        given = template({"a": point(0)}, deadline="0.05 s")
        link = ModbusLink(given, "d", Address("127.0.0.1", server.port), clock)
        keeper = Keeper(link, clock, every=4.0, deadline=5.0)
        seen = []
        for step in range(80):
            server.answer = hang_up if (step // 4) % 2 else answer
            seen.append((await keeper.read())["d.a"])
            clock.add(4.0)
        await keeper.close()
    assert {each.value for each in seen} == {42.0}
    assert {each.quality for each in seen} == {Quality.GOOD, Quality.LOST}
    assert keeper.counters.connections >= 8


def broken_answer(rng: random.Random, request: bytes) -> bytes:
    """A malformed answer: not one that a correct device could have given."""
    right = request[:2] + bytes([0, 0, 0, 7, 1, 3, 4, 0, 0, 0, 42])
    kind = rng.randrange(8)
    noise = rng.randbytes(rng.randrange(1, 40))
    if kind == 0:
        return noise
    if kind == 1:  # another protocol
        return right[:2] + rng.randbytes(2).replace(b"\0\0", b"\1\1") + right[4:]
    if kind == 2:  # of another question
        return bytes([right[0] ^ 0x55, right[1]]) + right[2:]
    if kind == 3:  # cut short before its content (later, the next frame would pass for its rest)
        return right[: rng.randrange(1, 9)]
    if kind == 4:  # a length that lies
        return right[:4] + rng.choice([b"\0\0", b"\0\1", b"\xff\xff", b"\0\x06"]) + right[6:]
    if kind == 5:  # another function
        return right[:7] + bytes([rng.choice([0, 1, 16, 0x2B, 0x7F, 0xFF])]) + noise
    if kind == 6:  # a count of bytes that lies
        return right[:8] + bytes([rng.choice([0, 1, 3, 5, 250])]) + right[9:]
    return right[:6] + bytes([77]) + right[7:]  # another device


@in_loop
async def test_ten_thousand_malformed_answers() -> None:
    """Whatever a server sends, a read gives what is right or raises trouble of the connection."""
    rng = random.Random(5)
    sent = 0
    answering = False

    async def answer(chunk: bytes) -> bytes:
        nonlocal sent
        if answering:
            return chunk[:2] + bytes([0, 0, 0, 7, 1, 3, 4, 0, 0, 0, 42])
        frames = [broken_answer(rng, chunk) for _ in range(rng.randrange(1, 12))]
        sent += len(frames)
        return b"".join(frames)

    given = template({"a": point(0, "uint32")}, deadline="0.003 s")
    outcomes = {"right": 0, "bad": 0, "trouble": 0}
    async with RawServer(answer) as server:
        link = ModbusLink(given, "d", Address("127.0.0.1", server.port), CLOCK)
        while sent < 10_000:
            try:
                await link.open()
                reading = (await link.read())["d.a"]
            except (OSError, TimeoutError):
                outcomes["trouble"] += 1
            else:
                good = reading.quality is Quality.GOOD
                outcomes["right" if good else "bad"] += 1
                assert not good or reading.value == 42.0
        answering = True
        patient = ModbusLink(template({"a": point(0, "uint32")}), "d", link.at, CLOCK)
        await patient.open()
        assert (await patient.read())["d.a"].value == 42.0
        await patient.close()
        await link.close()
    assert outcomes["trouble"] > 100


def test_nothing_else_is_taken_for_an_address() -> None:
    assert str(Address.parse("[::1]:502/3")) == "[::1]:502/3"
    assert Address.parse("inverter-7:502") == Address("inverter-7", 502)
    for text in ("", "host", "host:", "host:0", "host:70000", "a b:1", "host:1x"):
        with pytest.raises(ValueError, match="is no address"):
            Address.parse(text)
