"""Swap stations of the twin before the plant's central system: slots, a limit, trucks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.links.fakes import in_loop
from tests.links.masters import until
from zeroplant.errors import InputError
from zeroplant.links import Quality, Setpoint, SystemClock
from zeroplant.links.ocpp import CentralSystem, hashed, read_stations
from zeroplant.twin.kinds.swap import SlotSeen
from zeroplant.twin.wire.bays import Bays
from zeroplant.twin.wire.swap_station import SwapStation

CLOCK = SystemClock()
STATION = f"""\
stations:
  - identity: SWAP-1
    password: {hashed("secret")}
    name: swap A
    connectors: 3
    most: 1.2 MW
    each: 400 kW
    safe: 200 kW
    pack: 280 kWh
    full: 0.95
    points:
      swap A.charging 0 to 1: {{of: charge, per: 0.25}}
"""


class Station:
    """Three slots: one full, one that charges with 0.3 MW, one being exchanged."""

    def __init__(self) -> None:
        self.rack = [
            SlotSeen("P1", 0.95, 0.0, True),
            SlotSeen("P2", 0.40, 0.3, True),
            SlotSeen("P3", 0.10, 0.0, False),
        ]
        self.written: dict[str, float] = {}

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        self.written[point] = value
        return True


def test_nothing_is_set_before_a_central_system_was_there() -> None:
    """Whoever commands it otherwise meanwhile is left alone."""
    station = Station()
    bays = Bays("swap A", lambda: station.rack, {"charging": 0.25}, station.write)
    for told in (False, True):
        bays.heard = partial(bool, told)
        for n in (1, 2, 3):
            assert bays.limit(f"swap A.{n}.charge", 0.1, None)
        assert station.written == ({"charging": pytest.approx(0.3 / 0.25)} if told else {})


def test_a_truck_that_swaps_is_told_once() -> None:
    station = Station()
    bays = Bays("swap A", lambda: station.rack, {"charging": 0.25}, station.write)
    station.rack[0] = SlotSeen("T9", 0.22, 0.0, False)
    ((came, went),) = bays.swapped()
    assert (came.slot, came.serial, came.level) == (1, "T9", 0.22)
    assert (went.slot, went.serial, went.level) == (1, "P1", 0.95)
    assert bays.swapped() == []


@in_loop
async def test_the_plant_sees_and_sets_it_by_its_own_names(tmp_path: Path) -> None:
    """0.3 MW at 0.25 MWh a pack are 1.2 packs an hour; half of that is a limit of 0.15 MW."""
    (tmp_path / "stations.yaml").write_text(STATION)
    station = Station()
    bays = Bays("swap A", lambda: station.rack, {"charging": 0.25}, station.write)
    async with CentralSystem(read_stations(tmp_path / "stations.yaml"), clock=CLOCK) as system:
        await system.open(port=0)
        dialling = SwapStation(
            f"ws://127.0.0.1:{system.port}/ocpp", "SWAP-1", "secret", "swap A", bays.values,
            bays.limit, connectors=3, most=0.4, version="2.1", every=0.05,
        )  # fmt: skip
        running = asyncio.create_task(dialling.run())
        link = system.links["SWAP-1"]
        await until(lambda: dialling.connected and link.session)
        bays.heard = partial(bool, True)
        await until(lambda: link.state.readings(CLOCK.now())["swap A.packs"].value == 2.0)
        await until(lambda: "level" in link.state.connectors[2].values)
        await until(lambda: link.state.readings(CLOCK.now())["swap A.charge"].value > 0.0)
        image = await link.read()
        assert image["swap A.charging 0 to 1"].value == pytest.approx(1.2)
        assert image["swap A.full"].value == 1.0
        assert image["swap A.2.level"].value == pytest.approx(0.40)
        point = link.points["swap A.charging 0 to 1"]
        assert (point.writable, point.most) == (True, pytest.approx(4.8))
        end = CLOCK.now() + timedelta(minutes=1)
        (done,) = await link.write([Setpoint("swap A.charging 0 to 1", 0.6, end)])
        assert (done.point, done.accepted) == ("swap A.charging 0 to 1", True)
        await until(lambda: station.written.get("charging") == pytest.approx(0.6, abs=0.01))
        station.rack[0] = SlotSeen("T9", 0.22, 0.0, False)
        for came, went in bays.swapped():
            await dialling.swapped(came, went)
        assert [swap.event for swap in link.state.swaps] == ["BatteryIn", "BatteryOut"]
        assert link.state.readings(CLOCK.now())["swap A.charge"].quality < Quality.LOST
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def test_a_view_of_nothing_has_a_line(tmp_path: Path) -> None:
    (tmp_path / "stations.yaml").write_text(STATION.replace("of: charge", "of: charging"))
    with pytest.raises(InputError, match=r"no point 'charging'; did you mean 'charge'\?"):
        read_stations(tmp_path / "stations.yaml")
