"""A plant's callers and the twin's outside, made for each other by two files."""

from __future__ import annotations

import asyncio
import math
import socket
from datetime import datetime
from pathlib import Path

import pytest

from tests.links.masters import page_yaml, until
from zeroplant.errors import InputError
from zeroplant.links.clock import SystemClock
from zeroplant.links.ocpp import hashed
from zeroplant.operate.callers import SECRET, Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.twin.wire.outside import Outside, read_outside
from zeroplant.twin.wire.shared import Shared
from zeroplant.twin.wire.swap_station import SwapStation

POINTS = """\
points:
  - {ioa: 16385, name: plant.export}
commands:
  - {ioa: 25089, name: plant.target, least: -60, most: 60, select: true}
"""
STATIONS = f"""\
stations:
  - {{identity: CP-1, password: {hashed("one")}, name: hub, connectors: 2, most: 240 kW,
     safe: 5 kW}}
  - {{identity: SW-1, password: {hashed("two")}, name: swap, most: 1 MW, safe: 0 MW,
     pack: 282 kWh}}
"""
CALLERS = """\
dispatch_centre: {{listen: "127.0.0.1:{centre}", points: points.yaml}}
stations: {{listen: "127.0.0.1:{ocpp}", file: stations.yaml}}
demand_response:
  url: http://127.0.0.1:{vtn}/openadr3/3.1.0
  client: plant
  every: 1 s
  levels: {{"2": 8 MW}}
"""
OUTSIDE = """\
dispatch_centre:
  port: {centre}
  timetable:
    - {{after: 0 s, ioa: 25089, value: 20, select: true}}
demand_response:
  port: {vtn}
  secret: known
  events:
    - {{after: 10 min, lasting: 1 h, value: 2}}
stations:
  url: ws://127.0.0.1:{ocpp}/ocpp
  list:
    - {{identity: CP-1, password: one, name: hub, connectors: 2, version: "1.6"}}
    - {{identity: SW-1, password: two, name: swap, swapping: true}}
"""


def ports() -> dict[str, int]:
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in ("centre", "ocpp", "vtn")}
    found = {name: each.getsockname()[1] for name, each in sockets.items()}
    for each in sockets.values():
        each.close()
    return found


def test_all_of_them_find_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "known")
    here = ports()
    for name, text in {
        "points": POINTS,
        "stations": STATIONS,
        "callers": CALLERS.format(**here),
        "outside": OUTSIDE.format(**here),
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    written: dict[str, float] = {}

    def write(point: str, value: float, until_then: datetime | None) -> bool:
        written[point] = value
        return True

    def read() -> dict[str, float]:
        return {"hub.1.charge": 0.004, "hub.1.plugged": 1.0, "swap.1.level": 0.9}

    async def run() -> None:
        callers = Callers(read_callers(tmp_path / "callers.yaml"), SystemClock())
        outside = Outside(read_outside(tmp_path / "outside.yaml"), read, write, SystemClock())
        await callers.open()
        await outside.start()
        hub, swap = callers.keepers
        await until(lambda: len(callers.orders()) == 2)
        assert [(each.source, each.kind, each.value) for each in callers.orders()] == [
            ("dispatch centre", "target", 20.0),
            ("contract", "least export", -8.0),
        ]
        await until(lambda: written.get("hub.1.charge") == pytest.approx(0.005))
        async with asyncio.timeout(60):
            while math.isnan((await hub.link.read())["hub.1.charge"].value):
                await asyncio.sleep(0.05)
        assert isinstance(outside.stations["SW-1"], SwapStation)
        await swap.link.open()
        assert callers.troubles() == []
        await outside.stop()
        for keeper in callers.keepers:
            await keeper.close()
        await callers.close()

    asyncio.run(run())


def test_a_mistake_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "outside.yaml"
    path.write_text(OUTSIDE.format(**ports()).replace("after: 0 s", "after: 0 kg"))
    with pytest.raises(InputError, match=r"outside\.yaml:4"):
        read_outside(path)


def test_connectors_share_a_station_that_knows_only_its_whole() -> None:
    written: list[tuple[str, float]] = []

    def write(point: str, value: float, until_then: datetime | None) -> bool:
        written.append((point, value))
        return True

    hub = Shared("hub", 2, lambda: {"hub.charge": 0.1}, write)
    assert hub.values()["hub.2.charge"] == 0.05
    assert hub.limit("hub.1.charge", 0.03, None)
    assert hub.limit("hub.2.charge", 0.05, None)
    assert written == [("hub.charge", pytest.approx(0.08))]


def test_the_example_of_the_documentation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "outside.yaml"
    path.write_text(page_yaml("connect-the-dispatch-centre")[2])
    read = read_outside(path)
    assert read.dispatch_centre
    assert [each.after for each in read.dispatch_centre.timetable] == [60.0, 1200.0]
