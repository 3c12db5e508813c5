"""Calls from outside over real sockets: what they make of the plant's orders, and when they end."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.links.masters import RawMaster, asdu, page_yaml, until
from tests.links.stations import IDENTITY, PASSWORD, dial
from tests.links.test_ocpp_session import BOOT, obeying
from tests.operate import calling
from tests.operate.calling import CENTRE, NOW, Hands, called, set_point, write
from zeroplant.errors import InputError
from zeroplant.links.ocpp import hashed
from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.callers import SECRET, Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.callers_told import station_told, unsafe
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image, micros
from zeroplant.operate.orders import Order, in_force
from zeroplant.operate.points import Points
from zeroplant.operate.recording import Recording
from zeroplant.operate.signalled import Bases, orders_of
from zeroplant.twin.wire.vtn import Vtn


def test_commands_of_the_centre_are_orders_that_lapse(tmp_path: Path) -> None:
    async def run() -> None:
        async with called(tmp_path, CENTRE) as (callers, clock):
            assert callers.outstation is not None
            assert callers.troubles() == [("dispatch centre lost", "")]
            async with RawMaster.on(callers.outstation.port) as master:
                for ioa, value in ((25089, 12.0), (25090, 20.0), (25091, 2.0)):
                    await master.ask(set_point(ioa, value))
                    await master.message()
                assert [(each.kind, each.value, each.key) for each in callers.orders()] == [
                    ("target", 12.0, ""),
                    ("most export", 20.0, ""),
                    ("device", 2.0, "battery.charge"),
                ]
                assert {each.source for each in callers.orders()} == {"dispatch centre"}
                clock.at += timedelta(minutes=14, seconds=59)
                assert len(callers.orders()) == 3
                clock.at += timedelta(minutes=30)  # the target lapses, the rest is held by the line
                assert [each.kind for each in callers.orders()] == ["most export", "device"]
                assert callers.troubles() == []
            outstation = callers.outstation
            await until(lambda: not outstation.contact().connected)
            clock.at += timedelta(minutes=9)
            assert len(callers.orders()) == 2
            clock.at += timedelta(minutes=2)  # two hours would do the same
            assert callers.orders() == []

    asyncio.run(run())


def image(at: datetime) -> Image:
    """Of a plant with nothing in it."""
    points = Points((), (), np.zeros(0, bool), np.zeros(0), np.zeros(0), 0, 0)
    return Image(at, points, np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.uint8))


def test_a_target_lapses_unless_renewed_and_a_limit_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No validity in the point list: the stated hour for targets and powers, none for limits."""
    monkeypatch.setattr(calling, "POINTS", calling.POINTS.replace(", valid: 15 min", ""))

    async def run() -> None:
        async with called(tmp_path, CENTRE) as (callers, clock):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:
                for ioa in (25089, 25090, 25091):
                    await master.ask(set_point(ioa, 2.0))
                    await master.message()
                clock.at += timedelta(minutes=59)
                assert len(callers.orders()) == 3
                clock.at += timedelta(minutes=1)
                (limit,) = callers.orders()
                assert (limit.kind, limit.standing) == ("most export", True)

    asyncio.run(run())


def test_the_centre_takes_back_what_it_commanded(tmp_path: Path) -> None:
    """By deactivation, one; by the command for it, all."""

    async def run() -> None:
        async with called(tmp_path, CENTRE) as (callers, _):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:

                async def command(ioa: int, body: bytes, kind: int = 50, cause: int = 6) -> int:
                    told = await master.ask(asdu(kind, cause, ioa, body))
                    if told[2] & 0x7F == 7 and not told[2] & 0x40:
                        await master.message()  # its termination
                    return told[2]

                short = np.float32(2.0).tobytes() + b"\0"
                for ioa in (25089, 25090, 25091):
                    await command(ioa, short)
                assert len(callers.orders()) == 3
                assert await command(25090, short, cause=8) == 9
                assert [each.kind for each in callers.orders()] == ["target", "device"]
                assert await command(25090, short, cause=8) == 9 | 0x40  # nothing stands any more
                await command(25092, b"\1", kind=45)
                assert callers.orders() == []

    asyncio.run(run())


def test_what_stands_outlasts_a_restart(tmp_path: Path) -> None:
    """Commands and events are there again; without its centre a limit ends as if just lost."""
    folder = PlantFolder(tmp_path / "data")
    recording, clock = Recording(folder), Hands()

    async def run() -> None:
        async with called(tmp_path, CENTRE, recording, clock) as (callers, _):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:
                for ioa, value in ((25089, 12.0), (25090, 20.0), (25089, 13.0)):
                    await master.ask(set_point(ioa, value))
                    await master.message()
                callers.publish(image(clock.at))
            before = callers.orders()
        recording.close()
        again = Recording(folder)
        clock.at += timedelta(minutes=5)
        async with called(tmp_path, CENTRE, again, clock) as (callers, _):
            kinds = [(each.kind, each.value) for each in callers.orders()]
            assert kinds == [("target", 13.0), ("most export", 20.0)]
            assert callers.orders()[0] == before[0]
            clock.at += timedelta(minutes=9, seconds=59)
            assert len(callers.orders()) == 2
            clock.at += timedelta(seconds=1)
            assert callers.orders() == []
        again.close()

    asyncio.run(run())
    said = json.loads(folder.callers.read_text())
    assert said["centre"]["connected"] is True
    assert said["centre"]["peers"] == ["127.0.0.1"]
    assert [(e["point"], e["value"], e["state"]["en"]) for e in said["commands"]] == [
        ("plant.target", 13.0, "in force"),
        ("plant.most export", 20.0, "in force"),
        ("plant.target", 12.0, "replaced by a later one"),
    ]


def test_events_are_known_although_their_server_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that runs is remembered over a restart, as is what it is called."""
    monkeypatch.setenv(SECRET, "plant-secret")
    folder, clock = PlantFolder(tmp_path / "data"), Hands()
    recording = Recording(folder)

    async def run() -> None:
        vtn = Vtn({"plant": ("plant-secret", "ven")}, clock)
        await vtn.open()
        program = vtn.put("programs", {"programName": "shed"})["id"]
        event = {
            "programID": program,
            "eventName": "evening",
            "intervalPeriod": {"start": NOW.isoformat(), "duration": "PT2H"},
            "intervals": [
                {"id": 0, "payloads": [{"type": "IMPORT_CAPACITY_LIMIT", "values": [8000.0]}]}
            ],
        }
        vtn.put("events", event)
        text = f"demand_response: {{url: '{vtn.url}', client: plant}}\n"
        async with called(tmp_path, text, recording, clock) as (callers, _):
            await until(callers.orders)
            before = callers.orders()
            callers.publish(image(clock.at))
        await vtn.close()
        recording.close()
        again = Recording(folder)
        async with called(tmp_path, text, again, clock) as (callers, _):
            assert callers.orders() == before
        again.close()

    asyncio.run(run())
    (told,) = json.loads(folder.callers.read_text())["events"]
    assert (told["name"], told["kind"], told["value"]) == ("evening", "import limit", 8.0)
    assert told["state"]["en"] == "in force"
    assert told["until"] == (NOW + timedelta(hours=2)).isoformat()


def test_while_the_centre_is_lost_the_agreed_limit_holds(tmp_path: Path) -> None:
    said = CENTRE.replace("lost: 10 min", "lost: 10 min, fail_safe_export: 5 MW")

    async def run() -> None:
        async with called(tmp_path, said) as (callers, clock):
            assert callers.outstation is not None
            limit = [("most export", 5.0)]
            assert [(each.kind, each.value) for each in callers.orders()] == limit
            async with RawMaster.on(callers.outstation.port) as master:
                await master.ask(set_point(25089, 12.0))
                await master.message()
                assert [each.kind for each in callers.orders()] == ["target"]
            outstation = callers.outstation
            await until(lambda: not outstation.contact().connected)
            clock.at += timedelta(minutes=3)  # the order still holds, under the limit
            assert [each.kind for each in callers.orders()] == ["target", "most export"]
            clock.at += timedelta(hours=3)
            assert [(each.kind, each.value) for each in callers.orders()] == limit

    asyncio.run(run())


def test_the_centre_sees_the_plant(tmp_path: Path) -> None:
    async def run() -> None:
        async with called(tmp_path, CENTRE) as (callers, _):
            assert callers.outstation is not None
            points = Points(
                ("wind.output", "grid.export"), ("MW", "MW"), np.zeros(2, bool),
                np.zeros(2), np.full(2, 50.0), 2, 0,
            )  # fmt: skip
            image = Image(
                NOW, points, np.array([3.0, 7.5]), np.full(2, micros(NOW)), np.zeros(2, np.uint8)
            )
            callers.publish(image)
            async with RawMaster.on(callers.outstation.port) as master:
                told = await master.ask(asdu(102, 5, 16385, b""))
                assert np.frombuffer(told[9:13], np.float32)[0] == 7.5

    asyncio.run(run())


def test_events_are_orders_of_a_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "plant-secret")

    async def run() -> None:
        vtn = Vtn({"plant": ("plant-secret", "ven")}, Hands())
        await vtn.open()
        program = vtn.put("programs", {"programName": "shed"})["id"]
        start = (NOW + timedelta(hours=1)).isoformat()
        event = {
            "programID": program,
            "intervalPeriod": {"start": start, "duration": "PT2H"},
            "intervals": [{"id": 0, "payloads": [{"type": "SIMPLE", "values": [2]}]}],
        }
        kept = vtn.put("events", event)["id"]
        text = f"demand_response: {{url: '{vtn.url}', client: plant, levels: {{\"2\": 8 MW}}}}\n"
        async with called(tmp_path, text) as (callers, _):
            await until(callers.orders)
            (order,) = callers.orders()
            assert (order.source, order.kind, order.value) == ("contract", "least export", -8.0)
            assert order.until - order.start == timedelta(hours=2)
            del vtn.objects["events"][kept]
            await until(lambda: not callers.orders())
        await vtn.close()

    asyncio.run(run())


def test_what_is_no_order() -> None:
    spans = (Span(NOW, None, 1.0),)

    def asked(kind: Any, levels: dict[int, float], now: datetime = NOW) -> list[Order]:
        return orders_of(Signal("E", "P", kind, spans), levels, now, Bases(), np.nan)

    for kind in ("price", "export price", "carbon", "dispatch relative"):
        assert asked(kind, {1: 5.0}) == []
    assert asked("level", {}) == []  # the contract says nothing
    (held,) = asked("import limit", {}, NOW + timedelta(days=3))
    assert (held.value, held.until) == (-1.0, NOW + timedelta(days=3, hours=1))
    assert held.standing


def test_a_relative_dispatch_counts_from_the_plan_before_it() -> None:
    """The plan follows it; what it counts from must not follow, or it would run away."""
    signal = Signal("E", "P", "dispatch relative", (Span(NOW, NOW + timedelta(hours=1), 8.0),))
    bases, values = Bases(), []
    for minute, planned in ((-1, -20.0), (0, -20.0), (15, -12.0), (30, -4.0)):
        now = NOW + timedelta(minutes=minute)
        values += [each.value for each in orders_of(signal, {}, now, bases, planned)]
    assert values == [-12.0] * 3


def test_the_more_urgent_event_goes_first() -> None:
    """A lower priority number, whichever began last; none at all is the least urgent."""
    orders = []
    for name, priority in (("a", 2), ("b", None), ("c", 0)):
        start = NOW + timedelta(minutes=len(orders))
        signal = Signal(name, "P", "dispatch", (Span(start, None, 1.0),), priority=priority)
        orders += orders_of(signal, {}, NOW, Bases(), np.nan)
    held = in_force(orders, NOW + timedelta(minutes=5))
    assert [each.key for each in held] == ["P: c", "P: a", "P: b"]


def test_stations_are_devices(tmp_path: Path) -> None:
    (tmp_path / "stations.yaml").write_text(
        f"stations:\n  - {{identity: {IDENTITY}, name: hub, most: 1 MW, safe: 0 MW,"
        f" password: {hashed(PASSWORD)}}}\n"
    )

    async def run() -> None:
        text = 'stations: {listen: "127.0.0.1:0", file: stations.yaml}\n'
        async with called(tmp_path, text) as (callers, _):
            (keeper,) = callers.keepers
            found = await keeper.read()
            assert np.isnan(found["hub.charge"].value)
            assert keeper.trouble
            await keeper.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dispatch_centre: {points: points.yaml, listen: nowhere}", "no HOST:PORT"),
        ("dispatch_centre: {points: points.yaml, allowed: [here]}", "no network"),
        ("dispatch_centre: {points: points.yaml, listen: '0.0.0.0:2404'}", "'allowed:'"),
        ("stations: {file: stations.yaml, listen: '[::]:9000'}", "passwords in clear"),
        ("stations: {file: stations.yaml, key: key.pem}", "'certificate:'"),
        ("demand_respose: {}", "did you mean 'demand_response'?"),
        ("demand_response: {url: 'http://vtn.example/3', client: a}", "in clear"),
        ("demand_response: {url: 'ftp://vtn.example/3', client: a}", "no address of a server"),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=r"callers\.yaml:1:") as caught:
        read_callers(write(tmp_path, text))
    assert said in str(caught.value)


def test_a_secret_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    path = write(tmp_path, "demand_response: {url: 'http://127.0.0.1:1', client: plant}\n")
    with pytest.raises(InputError, match=SECRET):
        Callers(read_callers(path), Hands())


def test_the_examples_of_the_documentation_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All three how-tos together are one plant's file."""
    monkeypatch.setenv(SECRET, "secret")
    centre, stations = (
        page_yaml("connect-the-dispatch-centre"),
        page_yaml("charge-points-and-swap-stations"),
    )
    (response,) = page_yaml("demand-response")
    (tmp_path / "points.yaml").write_text(centre[0])
    (tmp_path / "stations.yaml").write_text(stations[0])
    (tmp_path / "callers.yaml").write_text(centre[1] + stations[1] + response)
    callers = Callers(read_callers(tmp_path / "callers.yaml"), Hands())
    assert callers.outstation
    assert callers.ven
    assert [keeper.name for keeper in callers.keepers] == ["CP-0417", "SWAP-1"]
    assert callers.file.demand_response
    assert callers.file.demand_response.levels == {1: 12.0, 2: 8.0, 3: 0.0}


def test_a_station_without_a_safe_default_is_shown_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once what it was told lapses it would charge as it likes: people are to know."""
    monkeypatch.setattr("zeroplant.links.ocpp_session.STEP", 0.05)
    (tmp_path / "stations.yaml").write_text(
        f"stations:\n  - {{identity: {IDENTITY}, name: hub, most: 1 MW, safe: 0 MW,"
        f" password: {hashed(PASSWORD)}}}\n"
    )
    text = 'stations: {listen: "127.0.0.1:0", file: stations.yaml}\n'

    async def run() -> None:
        async with called(tmp_path, text) as (callers, _):
            assert callers.stations
            (link,) = callers.stations.links.values()
            async with dial(callers.stations.port) as line:
                status, boot = ["Rejected"], [2, "boot", "BootNotification", BOOT]
                station = asyncio.create_task(obeying(line, status, []))
                await until(lambda: link.session)
                assert callers.troubles() == [], "it is being told"
                await line.send(json.dumps(boot))
                await until(lambda: unsafe(link))
                ((code, key, why),) = callers.troubles()
                assert (code, key) == ("no safe default", "hub")
                assert "the station said Rejected" in why
                assert station_told(link)["unsafe"] == why
                status[0] = "Accepted"
                await until(lambda: not unsafe(link))
                station.cancel()
            assert callers.troubles() == []
            assert station_told(link)["unsafe"] == ""

    asyncio.run(run())
