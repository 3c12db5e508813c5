"""The twin's Modbus devices, asked by pymodbus's own client, by our link, and by nobody sane."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.client import AsyncModbusTcpClient

from tests.links.fakes import START, HandClock, WireClock, in_loop
from zeroplant.links import Quality, Setpoint
from zeroplant.links.address import Address
from zeroplant.links.keeper import Keeper
from zeroplant.links.library import template
from zeroplant.links.modbus import ModbusLink
from zeroplant.twin.wire.serve import Device, serve

MODBUS = ["battery", "heat-pump", "meter", "sunspec-inverter"]


class Machine:
    """What stands behind a served template: values, and a note of all it was told."""

    def __init__(self, **values: float) -> None:
        self.values = {f"d.{name}": value for name, value in values.items()}
        self.told: list[tuple[str, float, datetime | None]] = []
        self.accepts = True

    def read(self) -> dict[str, float]:
        return self.values

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        self.told.append((point, value, until))
        return self.accepts


@asynccontextmanager
async def served(name: str, machine: Machine, clock: Any, **ratings: str) -> Any:
    server = serve(template(name), Device("d", machine.read, machine.write, clock, ratings))
    await server.start()
    try:
        yield server.at
    finally:
        await server.stop()


@asynccontextmanager
async def linked(name: str, at: str, clock: Any, **ratings: str) -> Any:
    link = ModbusLink(template(name), "d", Address.parse(at), clock, ratings)  # type: ignore[arg-type]
    await link.open()
    try:
        yield link
    finally:
        await link.close()


@in_loop
async def test_pymodbus_client_reads_and_tells_a_battery() -> None:
    """Registers as the template's file says them, by a client that does not know the file."""
    clock, machine = HandClock(), Machine(charge=0.25, discharge=0.0, level=1.5, online=1.0)
    async with served("battery", machine, clock) as at:
        address = Address.parse(at)
        client = AsyncModbusTcpClient(address.host, port=address.port, retries=0)
        await client.connect()
        words = (await client.read_holding_registers(100, count=20)).registers
        assert words[:2] == [0xFFFF, 0xFFFF - 249], "-250 kW in 32 bits"
        assert words[10] == 750, "75.0 % of 2 MWh"
        assert words[18] == 2, "a state that means: ready"
        assert (await client.read_holding_registers(5000, count=2)).isError()

        await client.write_registers(202, [90])
        await client.write_registers(200, [0, 400])
        assert not machine.told, "not enabled yet"
        await client.write_registers(203, [1])
        until = START + timedelta(seconds=90)
        assert machine.told == [("d.charge", 0.0, until), ("d.discharge", 0.4, until)]
        machine.accepts = False
        refused: Any = await client.write_registers(200, [0, 300])
        assert refused.exception_code == 3
        client.close()


@pytest.mark.parametrize("name", MODBUS)
@in_loop
async def test_what_the_machine_says_arrives(name: str) -> None:
    """Through every shipped template: link and server must agree on it, in every point."""
    clock = HandClock()
    gauges = template(name).gauges("d", {})
    rng = random.Random(3)
    machine = Machine()
    async with served(name, machine, clock) as at, linked(name, at, clock) as link:
        for round_ in range(30):
            for gauge in gauges.values():
                low, high = gauge.point.least, gauge.point.most
                value = low + (high - low) * rng.random()
                if high <= 1.0 and gauge.point.unit == "1":
                    value = float(rng.random() < 0.5)
                machine.values[gauge.point.name] = value
            idle = [n for n, g in gauges.items() if g.part == ("positive", "negative")[round_ % 2]]
            machine.values.update(dict.fromkeys((f"d.{n}" for n in idle), 0.0))
            for point, reading in (await link.read()).items():
                gauge = gauges[point.removeprefix("d.")]
                wanted = machine.values[point]
                step = max(abs(gauge.factor), 2e-4 * (gauge.point.most - gauge.point.least))
                assert reading.quality is Quality.GOOD, point
                assert reading.value == pytest.approx(wanted, abs=step), point
        machine.values = dict.fromkeys(machine.values, nan)
        image = await link.read()
        image = {n: each for n, each in image.items() if not n.endswith(".heart")}
        assert {each.quality for each in image.values()} == {Quality.BAD}, "unknown is not zero"


@settings(max_examples=50)
@given(st.floats(0.0, 50.0), st.floats(1.0, 3600.0), st.booleans())
def test_what_is_told_arrives(value: float, seconds: float, discharging: bool) -> None:
    """Any power of either direction, with its validity, within the resolution of the register."""

    async def tell() -> None:
        clock, machine = HandClock(), Machine()
        asked, other = ("discharge", "charge") if discharging else ("charge", "discharge")
        async with (
            served("battery", machine, clock, rating="50 MW") as at,
            linked("battery", at, clock, rating="50 MW") as link,
        ):
            until = clock.now() + timedelta(seconds=seconds)
            wishes = [Setpoint(f"d.{asked}", value, until), Setpoint(f"d.{other}", 0.0, until)]
            assert all(each.accepted for each in await link.write(wishes))
        last = {point: (power, end) for point, power, end in machine.told}
        # In whole kilowatts, and never more than was meant.
        assert -1.1e-6 * value <= value - last[f"d.{asked}"][0] < 1e-3
        assert last[f"d.{other}"][0] == 0.0
        end = last[f"d.{asked}"][1]
        assert end is not None
        assert abs((end - until).total_seconds()) <= 0.5

    asyncio.run(tell())


@in_loop
async def test_scale_registers_of_sunspec() -> None:
    """A limit of 12.34 MW of 20 MW arrives, though 16 bits hold no more than 65,535."""
    clock, machine = HandClock(), Machine(output=18.0)
    async with (
        served("sunspec-inverter", machine, clock, rating="20 MW") as at,
        linked("sunspec-inverter", at, clock, rating="20 MW") as link,
    ):
        assert (await link.read())["d.output"].value == pytest.approx(18.0, abs=1e-3)
        until = clock.now() + timedelta(seconds=60)
        await link.write([Setpoint("d.output", 12.34, until)])
    assert machine.told[-1] == ("d.output", pytest.approx(12.34, abs=1e-3), until)


@in_loop
async def test_heartbeat_keeps_a_setpoint_without_timer_alive() -> None:
    """A heat pump goes back to its own control a minute after the controller died."""
    clock, machine = WireClock(), Machine(power=0.2)
    async with served("heat-pump", machine, clock) as at:
        given = template("heat-pump")
        link = ModbusLink(given, "d", Address.parse(at), clock)  # type: ignore[arg-type]
        keeper = Keeper(link, clock, every=10.0, heartbeat=given.beats("d"))
        await keeper.read()
        wish = Setpoint("d.power", 0.1, clock.now() + timedelta(seconds=300))
        assert (await keeper.write([wish]))[0].accepted
        for _ in range(10):
            clock.add(10.0)
            await keeper.read()
        _, value, until = machine.told[-1]
        assert value == pytest.approx(0.1)
        assert until == clock.now() + timedelta(seconds=60)
        for _ in range(22):
            clock.add(10.0)
            await keeper.read()
        assert machine.told[-1][1] == pytest.approx(0.5), "the fallback, when it lapses"
        await keeper.close()


def malformed(rng: random.Random) -> bytes:
    """A frame that no client should send."""
    noise = rng.randbytes(rng.randrange(0, 40))
    kinds: list[Callable[[], bytes]] = [
        lambda: noise,
        lambda: bytes([0, 1, 0, 0]) + (len(noise) + 1).to_bytes(2, "big") + b"\1" + noise,
        lambda: bytes([0, 1, 0, 0, 0, 6, 1, rng.choice([3, 4, 6, 16, 23, 8, 43])]) + noise[:4],
        lambda: bytes([0, 1, 0, 0]) + rng.randbytes(2) + b"\1" + noise,
        lambda: bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 100, 0, 2])[: rng.randrange(12)],
        lambda: bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 100, 255, 255]),
        lambda: bytes([0, 1, 0, 0, 0, 9, 1, 16, 0, 200, 0, 9, 2, 1, 1]),
    ]
    return rng.choice(kinds)()


@in_loop
async def test_ten_thousand_malformed_requests() -> None:
    """Each in a segment of its own; afterwards the device answers as before, unmoved."""
    rng, sent = random.Random(4), 0
    clock, machine = HandClock(), Machine(charge=0.0, discharge=0.5, level=1.0)
    async with served("battery", machine, clock) as at:
        address = Address.parse(at)
        while sent < 10_000:
            _, writer = await asyncio.open_connection(address.host, address.port)
            for _ in range(4):
                writer.write(malformed(rng))
                sent += 1
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if writer.is_closing():
                    break
            writer.transport.abort()
        async with linked("battery", at, clock) as link:
            image = await link.read()
    assert image["d.discharge"].value == pytest.approx(0.5)
    assert {power for _, power, _ in machine.told} <= {0.0}
