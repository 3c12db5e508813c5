"""The twin's stations before our central system: values, limits that lapse, offline, swaps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests.links.masters import until
from tests.links.stations import IDENTITY, PASSWORD, central, only, station
from zeroplant.links import Setpoint
from zeroplant.links.ocpp import CentralSystem
from zeroplant.twin.wire.charge_point import ChargePoint
from zeroplant.twin.wire.charging_limits import Limits, Profile
from zeroplant.twin.wire.swap_station import Battery, SwapStation


class Box:
    """A device: draws what it may, as soon as a car is there."""

    def __init__(self) -> None:
        self.limits = {"hub.1.charge": 0.12, "hub.2.charge": 0.12}
        self.plugged = [1.0, 0.0]

    def read(self) -> dict[str, float]:
        found = {}
        for n, there in enumerate(self.plugged, start=1):
            found[f"hub.{n}.charge"] = there * self.limits[f"hub.{n}.charge"]
            found[f"hub.{n}.energy"], found[f"hub.{n}.level"] = 3.0, 0.4
            found[f"hub.{n}.plugged"] = there
        return found

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        self.limits[point] = value
        return True


@asynccontextmanager
async def dialled_in(system: CentralSystem, point: ChargePoint) -> AsyncIterator[ChargePoint]:
    task = asyncio.create_task(point.run())
    try:
        await until(lambda: only(system).session)
        yield point
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def charge_point(port: int, box: Box, version: str) -> ChargePoint:
    return ChargePoint(
        f"ws://127.0.0.1:{port}/ocpp", IDENTITY, PASSWORD, "hub", box.read, box.write,
        connectors=2, most=0.12, version=version, every=0.05, again=0.05,
    )  # fmt: skip


async def value(system: CentralSystem, name: str) -> float:
    return (await only(system).read())[name].value


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_a_limit_holds_lapses_and_falls_to_the_safe_default_also_offline(version: str) -> None:
    async def run() -> None:
        box = Box()
        async with central() as system:
            port = system.port
            async with dialled_in(system, charge_point(port, box, version)) as point:
                link = only(system)
                await until(lambda: box.limits == {"hub.1.charge": 0.01, "hub.2.charge": 0.01})
                await until(lambda: link.state.connectors[1].transaction)
                await until(lambda: "energy" in link.state.connectors[2].values)
                found = await link.read()
                assert (found["hub.1.plugged"].value, found["hub.2.plugged"].value) == (1, 0)
                assert found["hub.1.energy"].value == pytest.approx(3.0)

                lapse = datetime.now(UTC) + timedelta(seconds=5)
                wishes = [Setpoint("hub.1.charge", 0.06, lapse), Setpoint("hub.charge", 0.1, lapse)]
                assert all(each.accepted for each in await link.write(wishes))
                # Connector 2 may take 0.1, connector 1 its 0.06; together 0.1.
                assert sum(box.limits.values()) == pytest.approx(0.1)
                async with asyncio.timeout(60):
                    while await value(system, "hub.1.charge") != pytest.approx(0.0375):
                        await asyncio.sleep(0.02)

                await system.close()  # gone before it lapses
                await until(lambda: box.limits == {"hub.1.charge": 0.01, "hub.2.charge": 0.01})
                # A profile lasts whole seconds; it may end early and never late.
                assert lapse - timedelta(seconds=1) <= datetime.now(UTC)
                await system.open(port=port)
                await until(lambda: point.connections == 2)
                await until(lambda: link.session)
                box.plugged = [0.0, 1.0]
                await until(lambda: link.state.connectors[2].transaction)
                assert link.state.connectors[1].transaction is None

    asyncio.run(run())


def test_a_swap_is_asked_for_and_told() -> None:
    ready = [(Battery(2, "B7", 0.1), Battery(1, "B1", 0.95))]
    swap = station(pack="280 kWh")

    async def run() -> None:
        async with central(swap) as system:
            box = Box()
            box.plugged = [1.0, 0.0]
            point = SwapStation(
                f"ws://127.0.0.1:{system.port}/ocpp", IDENTITY, PASSWORD, "hub",
                box.read, box.write, connectors=2, every=5.0,
                exchange=lambda: ready.pop() if ready else None,
            )  # fmt: skip
            async with dialled_in(system, point):
                link = only(system)
                await until(lambda: all(each.status for each in link.state.connectors.values()))
                request, why = await link.request_swap("truck-7")
                assert why == ""
                await until(lambda: len(link.state.swaps) == 2)
                assert {each.request for each in link.state.swaps} == {request}
                found = await link.read()
                assert found["hub.packs"].value == 1
                assert found["hub.level"].value == pytest.approx(0.028)
                _, why = await link.request_swap("truck-8")
                assert why == "the station said Rejected NoBatteryAvailable"

    asyncio.run(run())


def test_the_stack_of_profiles() -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    hour = timedelta(hours=1)

    def profile(number: int, purpose: str, level: int, limit: float, **more: object) -> Profile:
        settings = {"connector": 0, "transaction": None, "start": now, "end": None} | more
        return Profile(number, purpose=purpose, level=level, periods=((0.0, limit),), **settings)  # type: ignore[arg-type]

    limits = Limits()
    assert limits.at(now, 1, None) is None
    limits.put(profile(1, "TxDefaultProfile", 0, 10))
    limits.put(profile(2, "TxDefaultProfile", 1, 50, end=now + hour))
    limits.put(profile(3, "TxProfile", 0, 70, connector=1, transaction=5, end=now + 2 * hour))
    limits.put(profile(4, "ChargePointMaxProfile", 1, 90, end=now + hour))
    assert limits.at(now, 1, None) == 50
    assert limits.at(now, 1, 5) == 70
    assert limits.at(now, 2, 6) == 50
    assert limits.at(now + hour, 2, 6) == 10
    assert (limits.cap(now), limits.cap(now + hour)) == (90, None)
    assert limits.at(now + 2 * hour, 1, 5) == 10
