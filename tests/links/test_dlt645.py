"""The DL/T 645 adapter against the library's own meter, and against lines that misbehave."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from dlt645.aio import AsyncMeterServerService
from dlt645.common.transform import bcd_to_float, float_to_bcd
from dlt645.protocol.protocol import DLT645Protocol
from hypothesis import given
from hypothesis import strategies as st

from tests.links.fakes import in_loop
from tests.links.sockets import RawServer, silence
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.address import Address
from zeroplant.links.digits import digits_inside, digits_outside
from zeroplant.links.dlt645 import Dlt645Link, meter_number
from zeroplant.links.dlt645_template import Dlt645Template, Item
from zeroplant.links.keeper import Keeper
from zeroplant.links.library import template

CLOCK = SystemClock()
METER = "202611210042"


def quick(**changes: Any) -> Dlt645Template:
    """The shipped meter, without its pauses."""
    given = template("dlt645-meter")
    assert isinstance(given, Dlt645Template)
    return given.model_copy(update={"gap": 0.0, **changes})


def only(*points: str) -> dict[str, Any]:
    return {name: quick().points[name] for name in points}


def link_at(port: int, given: Dlt645Template | None = None) -> Dlt645Link:
    return Dlt645Link(given or quick(), "m", Address("127.0.0.1", port, METER), CLOCK)


@in_loop
async def test_against_the_meter_of_the_library() -> None:
    service = AsyncMeterServerService.new_tcp_server("127.0.0.1", 0)
    # as bytes: the library takes text in the order of the wire, the standard lowest digits first
    service.set_address(meter_number(Address("x", 1, METER)))
    async with service:
        service.set_02(0x02030000, -12.3456)
        service.set_00(0x00010000, 123456.78)
        service.set_00(0x00020000, 0.5)
        service.set_02(0x02010100, 229.7)
        link = link_at(service.server.port)
        await link.open()
        image = await link.read()
        await link.close()
    assert {name: each.value for name, each in image.items()} == {
        "m.import": 0.0, "m.export": pytest.approx(0.0123456),
        "m.energy_import": pytest.approx(123.45678), "m.energy_export": pytest.approx(0.0005),
        "m.voltage": pytest.approx(229.7),
    }  # fmt: skip
    assert {each.quality for each in image.values()} == {Quality.GOOD}


ITEMS = st.builds(
    Item,
    identifier=st.just("02030000"),
    format=st.sampled_from(["XX.XXXX", "XXX.X", "XXX.XXX", "X.XXX", "XXXXXX.XX"]),
    signed=st.just(True),
)


@given(ITEMS, st.floats(-1e6, 1e6))
def test_digits_are_those_of_the_library(item: Item, number: float) -> None:
    """Both ways, with sign; what does not fit is said to be unknown."""
    room = 0.8 * 10.0 ** (2 * ((item.digits + 1) // 2) - item.decimals)
    ours = digits_outside(number, item)
    if abs(number) >= room - 0.5 * 10.0**-item.decimals:
        assert ours == b"\xff" * len(ours) or abs(number) < room
        return
    # exact halves are rounded either way
    assert digits_inside(ours, item) == pytest.approx(number, abs=0.500001 * 10.0**-item.decimals)
    assert bcd_to_float(ours, item.format, "little") == pytest.approx(digits_inside(ours, item))
    if abs(number) < 10.0 ** (item.digits - item.decimals) - 1.0:
        theirs = bytes(float_to_bcd(number, item.format, "little"))
        near = 1.000001 * 10.0**-item.decimals
        assert digits_inside(theirs, item) == pytest.approx(number, abs=near)


@in_loop
async def test_a_late_answer_is_not_taken_for_the_next() -> None:
    """The answer to an earlier question, of another meter, or an echo goes before the right one."""
    asked = []

    async def answer(chunk: bytes) -> bytes:
        _, frame = DLT645Protocol.deserialize_with_remaining(chunk)
        assert frame is not None
        identifier = bytes(frame.data)
        asked.append(identifier)
        number = meter_number(Address("x", 1, METER))
        wrong = DLT645Protocol.build_frame(number, 0x91, b"\x11\x22\x33\x02" + b"\x99" * 4)
        other = DLT645Protocol.build_frame(bytes(6), 0x91, identifier + b"\x99" * 4)
        right = DLT645Protocol.build_frame(number, 0x91, identifier + b"\x50\x00\x00\x00")
        return b"\xfe\x00" + bytes(wrong) + chunk + bytes(other) + bytes(right)

    async with RawServer(answer) as server:
        link = link_at(server.port, quick(points=only("energy_import", "energy_export")))
        await link.open()
        image = await link.read()
        await link.close()
    assert len(asked) == 2
    assert image["m.energy_import"].value == pytest.approx(0.0005)
    assert image["m.energy_export"].value == pytest.approx(0.0005)


@in_loop
async def test_what_the_meter_does_not_have_is_bad() -> None:
    async def answer(chunk: bytes) -> bytes:
        _, frame = DLT645Protocol.deserialize_with_remaining(chunk)
        assert frame is not None
        if bytes(frame.data)[3] == 0:
            return bytes(DLT645Protocol.build_frame(bytes(frame.addr), 0xD1, b"\x02"))
        unknown = bytes(frame.data) + b"\xff\xff"
        return bytes(DLT645Protocol.build_frame(bytes(frame.addr), 0x91, unknown))

    async with RawServer(answer) as server:
        link = link_at(server.port, quick(points=only("energy_import", "voltage")))
        await link.open()
        image = await link.read()
        answers = await link.write([Setpoint("m.voltage", 1.0, CLOCK.now())])
        await link.close()
    assert {each.quality for each in image.values()} == {Quality.BAD}
    assert not answers[0].accepted


@in_loop
async def test_half_open_connection() -> None:
    async with RawServer(silence) as server:
        keeper = Keeper(link_at(server.port), CLOCK, every=0.05, deadline=0.1)
        async with asyncio.timeout(30.0):
            assert (await keeper.read())["m.voltage"].quality is Quality.LOST
        assert keeper.counters.failures == 1
        await keeper.close()


def malformed(rng: random.Random, chunk: bytes) -> bytes:
    """Bytes that are no answer to the frame ``chunk``."""
    number = meter_number(Address("x", 1, METER))
    noise = rng.randbytes(rng.randrange(0, 40))
    right = bytes(DLT645Protocol.build_frame(number, 0x91, b"\0\0\1\2" + b"\x97\x22", 0))
    place = rng.randrange(len(right))
    kinds: list[Callable[[], bytes]] = [
        lambda: noise,
        lambda: right[:place],
        lambda: (
            right[:place] + bytes([right[place] ^ (1 << rng.randrange(8))]) + right[place + 1 :]
        ),
        lambda: b"\x68" + noise[:6] + b"\x68\x91" + noise,
        lambda: b"\x68" * rng.randrange(1, 30),
        lambda: bytes(DLT645Protocol.build_frame(rng.randbytes(6), 0x91, noise)),
        lambda: bytes(DLT645Protocol.build_frame(number, 0x91, rng.randbytes(rng.randrange(3)))),
        lambda: bytes(DLT645Protocol.build_frame(number, rng.randrange(0x91), noise)),
        lambda: bytes(DLT645Protocol.build_frame(number, 0x91, b"\0\0\1\2" + b"\xab" * 2)),
    ]
    return rng.choice(kinds)()


@in_loop
async def test_ten_thousand_malformed_answers() -> None:
    """No read raises anything but trouble of the connection, none gives a number made of noise."""
    rng = random.Random(8)
    sent, sane = 0, False

    async def answer(chunk: bytes) -> bytes:
        nonlocal sent
        number = meter_number(Address("x", 1, METER))
        right = bytes(DLT645Protocol.build_frame(number, 0x91, b"\0\1\1\2" + b"\x97\x22"))
        if sane:
            return right
        frames = [malformed(rng, chunk) for _ in range(40)]
        sent += len(frames)
        return b"".join(frames) + (right if rng.random() < 0.5 else b"")

    outcomes = {"right": 0, "unknown": 0, "trouble": 0}
    async with RawServer(answer) as server:
        link = link_at(server.port, quick(points=only("voltage")))
        while sent < 10_000:
            try:
                async with asyncio.timeout(0.02):
                    await link.open()
                    reading = (await link.read())["m.voltage"]
            except (OSError, TimeoutError):
                outcomes["trouble"] += 1
            else:
                known = reading.quality is Quality.GOOD
                outcomes["right" if known else "unknown"] += 1
                assert not known or reading.value == pytest.approx(229.7)
        sane = True
        await link.open()
        assert (await link.read())["m.voltage"].value == pytest.approx(229.7)
        await link.close()
    assert min(outcomes["right"], outcomes["trouble"]) > 0
