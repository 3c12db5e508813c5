"""Calls from outside over real sockets: what they make of the plant's orders, and when they end."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.links.masters import RawMaster, asdu, page_yaml, until
from tests.links.stations import IDENTITY, PASSWORD
from zeroplant.errors import InputError
from zeroplant.links.iec104_asdu import Type
from zeroplant.links.ocpp import hashed
from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.callers import SECRET, Callers, orders_of
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.image import Image, micros
from zeroplant.operate.points import Points
from zeroplant.twin.wire.vtn import Vtn

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
POINTS = """\
points:
  - {ioa: 16385, name: grid.export}
commands:
  - {ioa: 25089, name: plant.target, least: -20, most: 40, valid: 15 min}
  - {ioa: 25090, name: plant.most export, least: 0, most: 40}
  - {ioa: 25091, name: battery.charge, least: 0, most: 5}
"""


class Hands:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


def write(folder: Path, text: str) -> Path:
    (folder / "points.yaml").write_text(POINTS)
    path = folder / "callers.yaml"
    path.write_text(text)
    return path


@asynccontextmanager
async def called(folder: Path, text: str) -> AsyncIterator[tuple[Callers, Hands]]:
    clock = Hands()
    callers = Callers(read_callers(write(folder, text)), clock)
    await callers.open()
    try:
        yield callers, clock
    finally:
        await callers.close()


CENTRE = 'dispatch_centre: {listen: "127.0.0.1:0", points: points.yaml, lost: 10 min}\n'


def set_point(ioa: int, value: float) -> bytes:
    return asdu(Type.SET_POINT, 6, ioa, np.float32(value).tobytes() + b"\0")


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
    for kind in ("price", "export price", "carbon", "dispatch relative"):
        assert orders_of(Signal("E", "P", kind, spans), {1: 5.0}, NOW) == []  # type: ignore[arg-type]
    assert orders_of(Signal("E", "P", "level", spans), {}, NOW) == []  # the contract says nothing
    (held,) = orders_of(Signal("E", "P", "import limit", spans), {}, NOW + timedelta(days=3))
    assert (held.value, held.until) == (-1.0, NOW + timedelta(days=3, hours=1))


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
    assert [keeper.name for keeper in callers.keepers] == ["hub", "swap"]
    assert callers.file.demand_response
    assert callers.file.demand_response.levels == {1: 12.0, 2: 8.0, 3: 0.0}


def test_stations_far_away_are_served_over_tls(tmp_path: Path) -> None:
    """With a certificate it may listen anywhere; one that is none has a line."""
    text = "stations: {listen: '0.0.0.0:0', file: stations.yaml, certificate: one.pem}\n"
    (tmp_path / "stations.yaml").write_text(
        f"stations:\n  - {{identity: {IDENTITY}, name: hub, most: 1 MW, safe: 0 MW,"
        f" password: {hashed(PASSWORD)}}}\n"
    )
    file = read_callers(write(tmp_path, text))
    with pytest.raises(InputError, match=r"one\.pem: the certificate cannot be used"):
        Callers(file, Hands())
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=plant"]
    out = str(tmp_path / "one.pem")
    subprocess.run(
        [*request, "-keyout", out + ".key", "-out", out], check=True, capture_output=True
    )
    both = Path(out).read_text() + Path(out + ".key").read_text()
    Path(out).write_text(both)
    callers = Callers(file, Hands())
    assert callers.stations is not None
    assert callers.stations._tls is not None
