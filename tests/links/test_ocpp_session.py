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
from zeroplant.links import Quality, Reading, Setpoint
from zeroplant.links.link import BUSY
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


BOOT = {"chargingStation": {"model": "m", "vendorName": "v"}, "reason": "PowerUp"}


async def obeying(line: ClientConnection, status: list[str], taken: list[int]) -> None:
    """A station by hand: answers profiles with a status, and notes the levels of those it took."""
    async for raw in line:
        kind, number, *rest = json.loads(raw)
        if kind != 2:
            continue
        payload: dict[str, Any] = {"setVariableResult": []}
        if rest[0] == "SetChargingProfile":
            level = rest[1]["chargingProfile"]["stackLevel"]
            payload = {"status": status[0] if level == 0 else "Accepted"}
            if payload["status"] == "Accepted":
                taken.append(level)
        await line.send(json.dumps([3, number, payload]))


def test_the_safe_default_is_told_until_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many refuse while they start. Until it stands, no set-point counts as taken; each is set."""
    monkeypatch.setattr("zeroplant.links.ocpp_session.STEP", 0.05)

    async def run() -> None:
        async with central() as system, dial(system.port) as line:
            link, status, taken = only(system), ["Rejected"], list[int]()
            station = asyncio.create_task(obeying(line, status, taken))
            await line.send(json.dumps([2, "boot", "BootNotification", BOOT]))
            await until(lambda: link.session and "Rejected" in link.session.unsafe)
            wish = Setpoint("hub.1.charge", 0.1, datetime.now(UTC) + timedelta(minutes=1))
            (answer,) = await link.write([wish])
            assert not answer.accepted
            assert answer.reason == (
                "limited, but without a safe default when that lapses: the station said Rejected"
            )
            assert taken == [1], "limited all the same: less than nothing said it never is"
            status[0] = "Accepted"
            await until(lambda: taken == [1, 0])
            await until(lambda: link.session and not link.session.unsafe)
            assert (await link.write([wish]))[0].accepted
            await line.send(json.dumps([2, "again", "BootNotification", BOOT]))
            await until(lambda: taken == [1, 0, 1, 0])
            await line.send(json.dumps([2, "beat", "Heartbeat", {}]))
            assert (await link.write([wish]))[0].accepted
            assert taken == [1, 0, 1, 0, 1], "what stands is not told again"
            station.cancel()

    asyncio.run(run())


def test_a_station_that_comes_back_without_a_word_is_given_its_safe_default() -> None:
    """It need not boot to dial in anew: the first set-point brings the default with it."""

    async def run() -> None:
        async with central() as system, dial(system.port) as line:
            link, taken = only(system), list[int]()
            station = asyncio.create_task(obeying(line, ["Accepted"], taken))
            await until(lambda: link.session)
            wish = Setpoint("hub.1.charge", 0.1, datetime.now(UTC) + timedelta(minutes=1))
            assert (await link.write([wish]))[0].reason in ("", BUSY)
            await until(lambda: link.session and not link.session.unsafe)
            assert sorted(taken) == [0, 1]
            assert (await link.write([wish]))[0].accepted
            station.cancel()

    asyncio.run(run())


def sampled(version: str, measurand: str, value: float, unit: str) -> dict[str, Any]:
    """One value of a meter; in 1.6 it is a text."""
    if version == "1.6":
        return {"value": str(value), "measurand": measurand, "unit": unit}
    return {"value": value, "measurand": measurand, "unitOfMeasure": {"unit": unit}}


def seeds(version: str) -> list[str]:
    """Messages as the version has them, some of which tell what cannot be."""
    at, one = stamp(), version == "1.6"
    told = {"timestamp": at}
    values = [
        sampled(version, "Power.Active.Import", power, "W") for power in (1e5, 5e8, -3e4, 1e300)
    ] + [
        sampled(version, "Energy.Active.Import.Register", 1e300, "Wh"),
        sampled(version, "SoC", 55.0, "Percent"),
        sampled(version, "SoC", 500.0, "Percent"),
    ]
    place = {"connectorId": 1} if one else {"evseId": 1}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("MeterValues", place | {"meterValue": [{"timestamp": at, "sampledValue": [each]}]})
        for each in values
    ] + [("Heartbeat", {})]
    if one:
        charging = {"errorCode": "NoError", "status": "Charging"}
        asked += [
            ("BootNotification", {"chargePointModel": "m", "chargePointVendor": "v"}),
            ("StatusNotification", place | told | charging),
            ("StartTransaction", place | told | {"idTag": "x", "meterStart": 5}),
            ("StopTransaction", told | {"transactionId": 7, "meterStop": 9}),
        ]
    else:
        occupied = {"connectorStatus": "Occupied", "connectorId": 1}
        begun: dict[str, Any] = {"eventType": "Started", "triggerReason": "CablePluggedIn"}
        begun |= {"seqNo": 1, "transactionInfo": {"transactionId": "T"}, "evse": {"id": 99}}
        swapped: dict[str, Any] = {"eventType": "BatteryIn", "requestId": 1}
        swapped["idToken"] = {"idToken": "x", "type": "Central"}
        swapped["batteryData"] = [{"evseId": 1, "serialNumber": "B", "soC": 5, "soH": 9}]
        asked += [
            ("BootNotification", BOOT),
            (
                "StatusNotification",
                place | told | occupied,
            ),
            ("TransactionEvent", told | begun),
            ("BatterySwap", swapped),
        ]
    calls = [json.dumps([2, str(n), *each]) for n, each in enumerate(asked)]
    return [*calls, '[3,"7",{"status":"Accepted"}]', '[4,"8","InternalError","",{}]']


ODD = [None, True, -1, 2**70, 1e308, "", "x" * 300, [], {}, [[]], {"a": None}, "NaN", "2026-13-45"]


def mutated(rng: random.Random, text: str) -> str | bytes:
    """A message as it is, with a few characters changed, a value exchanged, or noise."""
    how = rng.random()
    if how < 0.1:
        return rng.randbytes(rng.randint(0, 200))
    if how < 0.2:
        return "[" * rng.choice([1, 50, 5000])
    if how < 0.4:
        return text
    if how < 0.7:
        letters = list(text)
        for _ in range(rng.randint(1, 4)):
            letters[rng.randrange(len(letters))] = rng.choice(string.printable)
        return "".join(letters)
    message = inner = json.loads(text)
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = rng.choice(keys)
        if rng.random() < 0.3 or not isinstance(inner[key], (dict, list)) or not inner[key]:
            inner[key] = rng.choice(ODD)
            return json.dumps(message)
        inner = inner[key]


@pytest.mark.parametrize("version", ["2.0.1", "2.1", "1.6"])
def test_ten_thousand_malformed_messages(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """The central system serves on; what cannot be is in no reading that is believed."""
    monkeypatch.setattr("zeroplant.links.ocpp_session.BURST", 1e9)
    monkeypatch.setattr("zeroplant.links.ocpp_session.MALFORMED", 1e9)
    monkeypatch.setattr("ocpp.messages.ASYNC_VALIDATION", False)
    rng, believed, doubted = random.Random(3), set[str](), set[str]()
    # Of connectors of 120 kW: a meter may be off by a little; a register is as old as the station.
    most = {"charge": 2 * 0.15, "energy": 2 * 0.15 * 8766 * 100, "level": 1.02}

    def look(found: dict[str, Reading]) -> None:
        for name, each in found.items():
            what = name.rpartition(".")[2]
            if each.quality > Quality.UNCERTAIN:
                doubted.add(what)
            else:
                believed.add(what)
                assert -0.01 <= each.value <= most.get(what, 1.0), (name, each)

    async def run() -> None:
        async with central() as system:
            texts = seeds(version)
            async with dial(system.port, version=version) as line:
                for number in range(3_500):
                    await line.send(mutated(rng, rng.choice(texts)))
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0):
                            await line.recv()
                    if number % 10 == 0:
                        look(only(system).state.readings(datetime.now(UTC)))
                await line.send('[2,"end","Heartbeat",{}]')
                async with asyncio.timeout(60):
                    while (await line.recv())[:8] != '[3,"end"':
                        pass
                session = only(system).session
                assert session is not None
                assert session.malformed > 500
            await until(lambda: only(system).session is None)
            look(only(system).state.readings(datetime.now(UTC)))

    asyncio.run(run())
    assert {"charge", "energy", "level"} <= doubted
    assert {"charge", "level", "plugged"} <= believed, "messages that are right come through"


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
