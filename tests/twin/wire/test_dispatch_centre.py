"""The twin's dispatch centre before our outstation, and before c104's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import c104
import pytest

from tests.links.masters import TARGET, Wishes, outstation, points, readings, until
from zeroplant.twin.wire.dispatch_centre import DispatchCentre, Instruction


@asynccontextmanager
async def centre(
    port: int, timetable: Sequence[Instruction] = (), **more: object
) -> AsyncIterator[DispatchCentre]:
    running = DispatchCentre("127.0.0.1", port, timetable, again=0.05, **more)  # type: ignore[arg-type]
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_it_interrogates_and_sends_what_is_due(zone: str) -> None:
    listed, wishes = points(zone=zone), Wishes()
    now = datetime.now(UTC)
    timetable = [
        Instruction(now - timedelta(hours=2), TARGET, 1.0, select=True),  # overtaken
        Instruction(now - timedelta(hours=1), TARGET, 2.0, select=True),
        Instruction(now + timedelta(seconds=4.0), TARGET, 3.0, select=True),
        Instruction(now + timedelta(seconds=4.1), TARGET, 99.0, select=True),
        Instruction(now + timedelta(seconds=4.2), TARGET, 4.0),
    ]

    async def run() -> None:
        async with outstation(listed, wishes) as station:
            station.publish(readings(value__0=5.5, breaker=1))
            async with centre(station.port, timetable, zone=listed.tz) as master:
                await until(lambda: len(master.outcomes) == 4)
                assert master.values[16385].value.value == 5.5
                await until(lambda: master.values[20000].value.value == 3.0)
                off = station.contact().clock_off  # of who is connected
            assert [each.refused for each in master.outcomes] == [
                "", "", "selection refused", "refused",
            ]  # fmt: skip
            assert off is not None
            assert abs(off) < timedelta(minutes=1)

    asyncio.run(run())
    assert [each.value for each in wishes] == [2.0, 3.0]


def test_it_comes_back_and_does_not_repeat_itself() -> None:
    wishes = Wishes()
    timetable = [Instruction(datetime.now(UTC), TARGET, 3.0, select=True)]

    async def run() -> None:
        async with outstation(wishes=wishes) as station:
            port = station.port
            async with centre(port, timetable) as master:
                await until(lambda: wishes)
                await station.close()
                await asyncio.sleep(0.2)
                await station.open(port=port)
                await until(lambda: master.connections == 2)
                await until(lambda: station.contact().connected == 1)
                await asyncio.sleep(0.1)

    asyncio.run(run())
    assert len(wishes) == 1


def test_a_station_we_did_not_write_takes_its_set_points() -> None:
    """c104 as the controlled station, with select before operate."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = c104.Server(ip="127.0.0.1", port=port, tick_rate_ms=50)
    station = server.add_station(1)
    value = station.add_point(16385, c104.Type.M_ME_NC_1)
    value.value = 7.5
    mode = c104.CommandMode.SELECT_AND_EXECUTE
    target = station.add_point(TARGET, c104.Type.C_SE_NC_1, command_mode=mode)

    def heard(point: object, previous_info: object, message: object) -> object:
        return c104.ResponseState.SUCCESS

    heard.__annotations__ = {  # c104 looks at them, and at nothing written as text
        "point": c104.Point,
        "previous_info": c104.Information,
        "message": c104.IncomingMessage,
        "return": c104.ResponseState,
    }
    target.on_receive(callable=heard)
    server.start()

    async def run() -> None:
        timetable = [Instruction(datetime.now(UTC), TARGET, 12.0, select=True)]
        async with centre(port, timetable) as master:
            await until(lambda: master.outcomes)
            assert master.outcomes[0].refused == ""
            assert master.values[16385].value.value == 7.5

    try:
        asyncio.run(run())
        assert target.value == 12.0
    finally:
        server.stop()
