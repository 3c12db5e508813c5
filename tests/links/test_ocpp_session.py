"""Who may be a station, and what one that misbehaves can do: nothing to the others."""

from __future__ import annotations

import asyncio
import json
import random
import string
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.links.fakes import WireClock
from tests.links.masters import until
from tests.links.stations import IDENTITY, central, dial, only, stamp, station
from zeroplant.errors import InputError
from zeroplant.links import Setpoint
from zeroplant.links.ocpp import hashed, read_stations
from zeroplant.links.ocpp_session import SILENCE

BEAT = '[2,"1","Heartbeat",{}]'


async def refused(port: int, **how: Any) -> int:
    with pytest.raises(InvalidStatus) as caught:
        async with dial(port, **how):
            pass
    return int(caught.value.response.status_code)


@pytest.mark.parametrize(
    "how",
    [
        {"password": "wrong"},
        {"password": ""},
        {"identity": "CP-2"},
        {"path": "CP-2"},
        {"path": "CP-1/other"},
        {"header": "Bearer x"},
        {"header": "Basic !!!"},
        {"header": "Basic /w=="},
    ],
)
def test_only_with_its_password_and_under_its_name(how: dict[str, str]) -> None:
    async def run() -> None:
        async with central() as system:
            assert await refused(system.port, **how) == 401
            assert only(system).session is None

    asyncio.run(run())


def test_guessing_is_slowed_down() -> None:
    async def run() -> None:
        async with central() as system:
            codes = [await refused(system.port, password=str(n)) for n in range(13)]
            assert codes[0] == 401
            assert codes[-1] == 429

    asyncio.run(run())


def test_who_guesses_locks_no_other_station_out() -> None:
    """All stations of a site dial in from one address: its gateway's."""

    async def run() -> None:
        other = station(identity="CP-2", name="other")
        async with central(station(), other) as system:
            for name in ("CP-2", "stranger"):
                codes = [await refused(system.port, identity=name, password="x") for _ in range(13)]
                assert codes[-1] == 429
            async with dial(system.port):
                await until(lambda: only(system).session)

    asyncio.run(run())


def test_one_session_a_station() -> None:
    """While the first one answers, a second is refused, whatever its password."""

    async def run() -> None:
        async with central() as system, dial(system.port) as first:
            await until(lambda: only(system).session)
            assert await refused(system.port) == 409
            await first.send(BEAT)
            assert json.loads(await first.recv())[0] == 3

    asyncio.run(run())


def test_a_dead_session_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A station that lost its power dials in again while its old connection still seems open."""
    monkeypatch.setattr("zeroplant.links.ocpp.STILL_THERE", 0.1)

    async def run() -> None:
        async with central() as system, dial(system.port) as first:
            await until(lambda: only(system).session)
            old = only(system).session
            first.transport.pause_reading()  # it hears no ping
            async with dial(system.port) as second:
                await until(lambda: only(system).session is not old)
                await second.send(BEAT)
                assert json.loads(await second.recv())[0] == 3
            first.transport.abort()

    asyncio.run(run())


async def closed(line: ClientConnection, message: str, times: int) -> int | None:
    """The code a connection is closed with on a message sent so many times."""
    with suppress(ConnectionClosed):
        for _ in range(times):
            await line.send(message)
    with suppress(ConnectionClosed):
        while True:
            await line.recv()
    return line.close_code


def test_a_flood_ends_the_session() -> None:
    async def run() -> None:
        async with central() as system, dial(system.port) as line:
            assert await closed(line, BEAT, 400) == 1008
            await until(lambda: only(system).session is None)

    asyncio.run(run())


def test_a_silent_station_is_not_there() -> None:
    clock = WireClock()

    async def run() -> None:
        async with central(clock=clock) as system:
            link = only(system)
            with pytest.raises(ConnectionError, match="not connected"):
                await link.open()
            async with dial(system.port):
                await until(lambda: link.session)
                await link.read()
                clock.add(SILENCE.total_seconds() + 1)
                with pytest.raises(TimeoutError, match="silent"):
                    await link.read()
                with pytest.raises(TimeoutError):
                    await link.write([Setpoint("hub.charge", 0.1, clock.at + timedelta(hours=1))])

    asyncio.run(run())


def test_a_station_that_does_not_answer_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zeroplant.links.ocpp_session.ANSWER", 0.1)

    async def run() -> None:
        async with central() as system, dial(system.port):
            link = only(system)
            await until(lambda: link.session)
            until_then = datetime.now(UTC) + timedelta(minutes=1)
            with pytest.raises(TimeoutError):
                await link.write([Setpoint("hub.charge", 0.1, until_then)])

    asyncio.run(run())


def seeds() -> list[str]:
    at = stamp()
    return [
        BEAT,
        '[2,"2","BootNotification",{"chargingStation":{"model":"m","vendorName":"v"},"reason":"PowerUp"}]',
        f'[2,"3","StatusNotification",{{"timestamp":"{at}","connectorStatus":"Occupied","evseId":1,"connectorId":1}}]',
        f'[2,"4","MeterValues",{{"evseId":1,"meterValue":[{{"timestamp":"{at}","sampledValue":[{{"value":1e300}}]}}]}}]',
        f'[2,"5","TransactionEvent",{{"eventType":"Started","timestamp":"{at}","triggerReason":"CablePluggedIn",'
        '"seqNo":1,"transactionInfo":{"transactionId":"T"},"evse":{"id":99}}]',
        '[2,"6","BatterySwap",{"batteryData":[{"evseId":1,"serialNumber":"B","soC":5,"soH":9}],'
        '"eventType":"BatteryIn","idToken":{"idToken":"x","type":"Central"},"requestId":1}]',
        '[3,"7",{"status":"Accepted"}]',
        '[4,"8","InternalError","",{}]',
    ]


def mutated(rng: random.Random, text: str) -> str | bytes:
    """A message with a few characters changed, a value exchanged, or noise."""
    how = rng.random()
    if how < 0.1:
        return rng.randbytes(rng.randint(0, 200))
    if how < 0.2:
        return "[" * rng.choice([1, 50, 5000])
    letters = list(text)
    if how < 0.6:
        for _ in range(rng.randint(1, 4)):
            letters[rng.randrange(len(letters))] = rng.choice(string.printable)
        return "".join(letters)
    message = json.loads(text)
    odd = [
        None,
        True,
        -1,
        2**70,
        1e308,
        "",
        "x" * 300,
        [],
        {},
        [[]],
        {"a": None},
        "NaN",
        "2026-13-45",
    ]
    if how < 0.8 and isinstance(message[-1], dict) and message[-1]:
        message[-1][rng.choice(list(message[-1]))] = rng.choice(odd)
    else:
        message[rng.randrange(len(message))] = rng.choice(odd)
    return json.dumps(message)


def test_ten_thousand_malformed_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The central system serves on; what was wrong is in no reading."""
    monkeypatch.setattr("zeroplant.links.ocpp_session.BURST", 1e9)
    monkeypatch.setattr("zeroplant.links.ocpp_session.MALFORMED", 1e9)
    monkeypatch.setattr("ocpp.messages.ASYNC_VALIDATION", False)
    rng = random.Random(3)

    async def run() -> None:
        async with central() as system:
            texts = seeds()
            for version in ("2.0.1", "2.1", "1.6"):
                async with dial(system.port, version=version) as line:
                    for _ in range(3_500):
                        await line.send(mutated(rng, rng.choice(texts)))
                        with suppress(TimeoutError):
                            async with asyncio.timeout(0):
                                await line.recv()
                    await line.send('[2,"end","Heartbeat",{}]')
                    async with asyncio.timeout(60):
                        while (await line.recv())[:8] != '[3,"end"':
                            pass
                    session = only(system).session
                    assert session is not None
                    assert session.malformed > 500
                await until(lambda: only(system).session is None)
            found = only(system).state.readings(datetime.now(UTC))
            assert all(abs(each.value) < 1e-3 or each.value != each.value or each.value <= 1e294
                       for each in found.values())  # fmt: skip

    asyncio.run(run())


def test_after_some_nonsense_the_line_is_closed() -> None:
    async def run() -> None:
        async with central() as system, dial(system.port) as line:
            assert await closed(line, "{}", 30) == 1007

    asyncio.run(run())


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "stations.yaml"
    good = f"""\
stations:
  - identity: {IDENTITY}
    password: {hashed("x")}
    name: hub
    connectors: 4
    most: 480 kW
    each: 120 kW
    safe: 20 kW
"""
    path.write_text(good)
    (read,) = read_stations(path)
    assert (read.most, read.each, read.per_connector) == (0.48, 0.12, 0.12)
    assert "hub.4.charge" in read.all_points()
    path.write_text(good.replace(hashed("x"), "secret"))
    with pytest.raises(InputError, match=r"stations.yaml:3: stations\[0\].password"):
        read_stations(path)


def test_a_limit_in_amperes_is_never_above_what_was_meant() -> None:
    from zeroplant.links.ocpp_profiles import limit

    assert limit(station(), 0.0500001) == 50_000.1
    assert limit(station(unit="A"), 0.05) == 72.4  # 50,000 W / (3 x 230 V) = 72.46 A
