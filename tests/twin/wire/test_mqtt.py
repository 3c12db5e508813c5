"""The twin's MQTT devices: seen by aiomqtt alone, and told by our link."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiomqtt
import pytest

from tests.links.fakes import eventually, in_loop
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.connect import connect
from zeroplant.links.library import template
from zeroplant.twin.wire.broker import Broker, mosquitto
from zeroplant.twin.wire.mqtt import MqttDevice
from zeroplant.twin.wire.serve import Device, serve

pytestmark = pytest.mark.skipif(
    mosquitto() is None, reason="no MQTT broker here: install the package mosquitto"
)
CLOCK = SystemClock()


class Home:
    """A home of which a test knows everything."""

    def __init__(self) -> None:
        self.values = {
            "h.load": 0.001, "h.solar": 0.002, "h.charge": 0.0, "h.discharge": 0.0005,
            "h.level": 0.004,
        }  # fmt: skip
        self.told: list[tuple[str, float, datetime | None]] = []

    def read(self) -> dict[str, float]:
        return self.values

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        self.told.append((point, value, until))
        return point != "h.solar"


@asynccontextmanager
async def living(home: Home) -> Any:
    async with Broker() as broker:
        device = Device("h", home.read, home.write, CLOCK)
        server = serve(template("home-gateway"), device, f"{broker.at}/homes/7")
        await server.start()
        try:
            yield broker, server
        finally:
            await server.stop()


@in_loop
async def test_any_client_finds_the_retained_state() -> None:
    async with (
        living(Home()) as (broker, _),
        aiomqtt.Client("127.0.0.1", broker.port) as client,
    ):
        await client.subscribe("homes/7/#", qos=1)
        seen = {}
        async with asyncio.timeout(60.0):
            async for message in client.messages:
                seen[str(message.topic)] = (message.payload, message.retain)
                if len(seen) == 3:
                    break
    assert seen["homes/7/status"] == (b"online", True)
    battery, home = (json.loads(seen[f"homes/7/state/{each}"][0]) for each in ("battery", "home"))
    assert battery["power"] == pytest.approx(500.0)
    assert battery["soc"] == pytest.approx(40.0)
    assert (home["load"], home["solar"]) == (pytest.approx(1000.0), pytest.approx(2000.0))
    assert datetime.fromisoformat(home["time"]).utcoffset() == timedelta(0)


@in_loop
async def test_told_answered_and_shown_at_once() -> None:
    home = Home()
    async with living(home) as (_, server):
        keeper = connect(template("home-gateway"), "h", server.at, CLOCK)
        assert (await keeper.read())["h.level"].value == pytest.approx(0.004)
        until = CLOCK.now() + timedelta(seconds=60)
        wishes = {"h.charge": 0.003, "h.discharge": 0.0, "h.solar": 0.0}
        home.values |= {"h.charge": 0.003, "h.discharge": 0.0}
        answers = await keeper.write([Setpoint(n, v, until) for n, v in wishes.items()])
        assert [(each.accepted, each.reason) for each in answers] == [
            (True, ""), (True, ""), (False, "the device refused"),
        ]  # fmt: skip
        assert ("h.charge", pytest.approx(0.003), until) in home.told
        keeper.every = 0.01
        for _ in range(1200):
            if (await keeper.read())["h.charge"].value == pytest.approx(0.003):
                break
            await asyncio.sleep(0.05)
        else:
            pytest.fail("the device does not speak of the change")
        await keeper.close()


@in_loop
async def test_device_leaves_and_comes_back_with_its_broker() -> None:
    async with living(Home()) as (broker, server):
        keeper = connect(template("home-gateway"), "h", server.at, CLOCK)
        await keeper.read()
        await broker.stop()
        keeper.every = 0.01
        await eventually(keeper, "h.load", Quality.LOST)
        await broker.start()
        keeper.every = 30.0
        await eventually(keeper, "h.load", Quality.GOOD)
        await server.stop()
        keeper.every = 0.01
        await eventually(keeper, "h.load", Quality.LOST)
        assert keeper.connected, "the device said so itself, the broker is there"
        await keeper.close()


@in_loop
async def test_malformed_messages_move_nothing() -> None:
    """The device's side, message by message (10,000 through a broker would only test that)."""
    home = Home()
    given: Any = template("home-gateway")
    server: Any = serve(given, Device("h", home.read, home.write, CLOCK), "127.0.0.1:1/homes/7")
    assert isinstance(server, MqttDevice)
    rng = random.Random(9)

    class Nobody:
        async def publish(self, *_: Any, **__: Any) -> None: ...

    for _ in range(10_000):
        odd = rng.choice([
            rng.randbytes(20), b'{"battery": {"power": "much"}}', b'{"battery": [1]}',
            b'{"battery": {"power": 1e999}, "until": "soon"}', b'{"until": 5, "solar_limit": 1}',
            b"{" * 40_000, b'{"solar_limit": NaN}', b'{"battery": {"power": 1e999}}',
            b'{"solar_limit": true}', b'{"until": "2026-01-01T00:00:00"}',
        ])  # fmt: skip
        await server._hear(Nobody(), "homes/7/set", odd)
    assert not home.told
    assert server.malformed > 5_000
