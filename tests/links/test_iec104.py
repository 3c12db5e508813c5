"""The outstation before c104 as dispatch centre, a stack we did not write."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count, groupby
from pathlib import Path
from typing import Any

import c104
import pytest
from hat.drivers import iec104, net

from tests.links.masters import (
    BREAKER,
    MODE,
    NOW,
    TARGET,
    Wishes,
    outstation,
    points,
    readings,
    until,
)
from zeroplant.links import Quality, Reading
from zeroplant.links.iec104 import Outstation

ACTIVATION = c104.Cot.ACTIVATION


class Centre:
    """c104 as a client with the addresses of `points`; blocking, to be used from a thread."""

    def __init__(
        self,
        port: int,
        values: int = 3,
        *,
        select: bool = True,
        timed: bool = False,
        hasty: bool = False,
    ) -> None:
        self.client = c104.Client(tick_rate_ms=50, command_timeout_ms=10_000)
        self.line = self.client.add_connection("127.0.0.1", port, init=c104.Init.NONE)
        if hasty:
            limits = self.line.protocol_parameters
            limits.message_timeout = 4
            limits.keep_alive_interval = 1
            limits.confirm_interval = 1
        station = self.line.add_station(1)
        kinds = c104.Type
        # c104 takes a point in one type: with a time tag (spontaneous) or without (interrogated).
        value = kinds.M_ME_TF_1 if timed else kinds.M_ME_NC_1
        self.values = [station.add_point(16385 + n, value) for n in range(values)]
        self.online = station.add_point(1, kinds.M_SP_NA_1)
        self.breaker = station.add_point(2, kinds.M_DP_TB_1 if timed else kinds.M_DP_NA_1)
        self.echo = station.add_point(20000, kinds.M_ME_TF_1)
        mode = c104.CommandMode.SELECT_AND_EXECUTE if select else c104.CommandMode.DIRECT
        self.target = station.add_point(TARGET, kinds.C_SE_NC_1, command_mode=mode)
        self.mode = station.add_point(MODE, kinds.C_SC_NA_1)
        self.switch = station.add_point(BREAKER, kinds.C_DC_NA_1)
        self.foreign = station.add_point(30000, kinds.C_SE_NC_1)
        self.client.start()
        self.wait(self.started)

    def started(self) -> bool:
        """Whether it is started; c104 forgets to once in a while, and is reminded."""
        if self.line.state == c104.ConnectionState.OPEN_MUTED:
            self.line.unmute()
        return bool(self.line.state == c104.ConnectionState.OPEN)

    def wait(self, what: Callable[[], Any]) -> None:
        end = time.monotonic() + 60
        while not what():
            assert time.monotonic() < end
            time.sleep(0.01)

    def order(self, point: c104.Point, value: Any) -> int:
        """Give a command until it is accepted; how often.

        c104 sends none while it waits for another's end, and on a busy machine it misses an answer
        that is there before it has begun to wait. So all that is asked of it is asked with `wait`.
        """
        point.value = value
        tries = count(1)
        self.wait(lambda: next(tries) and point.transmit(ACTIVATION))
        return next(tries) - 1

    def set(self, value: float) -> bool:
        self.target.value = value
        return bool(self.target.transmit(ACTIVATION))


async def with_centre(port: int, act: Callable[[Centre], Any], **more: Any) -> Any:
    """Run ``act`` with a centre, in a thread; the centre is always stopped."""

    def run() -> Any:
        centre = Centre(port, **more)
        try:
            return act(centre)
        finally:
            centre.client.stop()

    return await asyncio.to_thread(run)


def test_interrogation_of_two_thousand_points_is_complete() -> None:
    async def run() -> None:
        async with outstation(points(2000)) as station:
            station.publish({f"value.{n}": Reading(n * 0.5, NOW) for n in range(2000)})
            station.publish(readings(wind__online=1, breaker=0))

            def act(centre: Centre) -> None:
                centre.wait(lambda: centre.line.interrogation(1))
                centre.wait(lambda: centre.values[-1].value == 999.5)
                assert [each.value for each in centre.values] == [n * 0.5 for n in range(2000)]
                assert all(each.info.quality.is_good() for each in centre.values)
                assert centre.online.value is True
                assert centre.breaker.value == c104.Double.OFF

            await with_centre(station.port, act, values=2000)

    asyncio.run(run())


def test_a_selected_set_point_arrives_and_is_echoed() -> None:
    wishes = Wishes()

    async def run() -> None:
        async with outstation(wishes=wishes) as station:

            def act(centre: Centre) -> int:
                tries = centre.order(centre.target, 12.5)
                centre.wait(lambda: centre.echo.value == 12.5)
                return tries

            tries = await with_centre(station.port, act)
            assert 1 <= len(wishes) <= tries
            command = wishes[-1]
            assert (command.point, command.value, command.master) == (
                "plant.target", 12.5, "127.0.0.1",
            )  # fmt: skip
            assert command.until == command.at + timedelta(minutes=15)
            assert station.contact().commanded == command.at

    asyncio.run(run())


def test_what_may_not_be_set_is_refused() -> None:
    """Out of range, not selected, not there, or not wanted by the plant now."""
    wishes = Wishes()

    async def run() -> None:
        async with outstation(wishes=wishes) as station:

            def selecting(centre: Centre) -> None:
                assert not centre.set(40.5)
                assert not centre.set(float("nan"))
                centre.order(centre.target, 40.0)
                time.sleep(0.2)
                centre.foreign.value = 1.0
                assert not centre.foreign.transmit(ACTIVATION)
                wishes.refusing = "the connection is switched off"
                assert not centre.set(10.0)

            await with_centre(station.port, selecting)
            await with_centre(station.port, lambda centre: centre.set(10.0), select=False)

    asyncio.run(run())
    assert [value for value, _ in groupby(each.value for each in wishes)] == [40.0, 10.0]


def test_single_and_double_commands() -> None:
    wishes = Wishes()

    async def run() -> None:
        async with outstation(wishes=wishes) as station:

            def act(centre: Centre) -> None:
                centre.order(centre.mode, True)
                centre.order(centre.switch, c104.Double.OFF)
                centre.order(centre.switch, c104.Double.ON)
                time.sleep(0.2)
                centre.switch.value = c104.Double.INTERMEDIATE
                assert not centre.switch.transmit(ACTIVATION)
                centre.wait(lambda: centre.breaker.value == c104.Double.ON)

            await with_centre(station.port, act, timed=True)

    asyncio.run(run())
    # On a busy machine c104 may give up waiting for an answer, and the order is given again.
    told = [each for each, _ in groupby((each.point, each.value, each.until) for each in wishes)]
    assert told == [("plant.mode", 1, None), ("breaker", 0, None), ("breaker", 1, None)]


def test_only_what_leaves_its_deadband_is_told_and_with_its_time() -> None:
    async def run() -> None:
        async with outstation() as station:
            station.publish(readings(value__0=10.0, value__1=20.0))

            def act(centre: Centre) -> None:
                loop.call_soon_threadsafe(station.publish, readings(value__0=10.4))
                loop.call_soon_threadsafe(station.publish, readings(value__0=10.5))
                centre.wait(lambda: centre.values[0].value == 10.5)
                assert centre.values[0].recorded_at.timestamp() == NOW.timestamp()
                loop.call_soon_threadsafe(
                    station.publish, {"value.0": Reading(10.5, NOW, Quality.LOST)}
                )
                centre.wait(lambda: not centre.values[0].info.quality.is_good())
                assert centre.values[1].value == 0.0  # never told since it connected

            loop = asyncio.get_running_loop()
            await with_centre(station.port, act, timed=True)

    asyncio.run(run())


def test_the_clock_is_compared_and_the_line_tested() -> None:
    async def run() -> None:
        async with outstation() as station:

            def act(centre: Centre) -> None:
                centre.wait(lambda: centre.line.clock_sync(1))
                centre.wait(lambda: centre.line.test(1))
                offs.append(station.contact().clock_off)

            offs: list[timedelta | None] = []
            await with_centre(station.port, act)
            assert offs[0] is not None
            assert abs(offs[0]) < timedelta(minutes=1)
            await until(lambda: station.contact().clock_off is None)

    asyncio.run(run())


@pytest.mark.parametrize("redundant", [False, True])
def test_two_masters(redundant: bool) -> None:
    """Several are served side by side; of a redundant pair the one that started last."""

    async def run() -> None:
        async with outstation(redundant=redundant) as station:

            def second(_: Centre) -> None:
                inner = Centre(station.port)
                try:
                    inner.wait(lambda: station.contact().connected == (1 if redundant else 2))
                finally:
                    inner.client.stop()

            await with_centre(station.port, second)
            await until(lambda: station.contact().connected == 0)
            assert station.contact().heard is not None

    asyncio.run(run())


def test_time_outs_of_both_sides() -> None:
    """Each answers the other's test frames for as long as it lives, and hangs up when it does not.

    c104 gets t1 = 4 s and t3 = 1 s. Our loop then stands still for 8 s, like a dead machine.
    """

    async def run() -> None:
        async with outstation(t1=4.0, t3=0.3) as station:

            def act(centre: Centre) -> None:
                time.sleep(3.0)
                assert centre.line.state == c104.ConnectionState.OPEN
                loop.call_soon_threadsafe(time.sleep, 8.0)
                centre.wait(lambda: centre.line.state != c104.ConnectionState.OPEN)
                centre.wait(lambda: centre.started() and centre.line.interrogation(1))

            loop = asyncio.get_running_loop()
            await with_centre(station.port, act, hasty=True)

    asyncio.run(run())


def test_under_tls(tmp_path: Path) -> None:
    """The same over TLS, with a certificate of our own."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))

    async def run() -> None:
        station = Outstation(points(), Wishes(), tls=server)
        await station.open(port=0)
        station.publish(readings(value__0=4.5))
        line = await iec104.connect(
            net.TcpAddress("127.0.0.1", station.port), ssl=client, server_hostname="127.0.0.1"
        )
        await until(lambda: station.contact().connected == 1)
        station.publish(readings(value__0=5.5))
        (message,) = await line.receive()
        assert message.data.value.value == 5.5
        await line.async_close()
        with pytest.raises((OSError, TimeoutError)):
            await iec104.connect(net.TcpAddress("127.0.0.1", station.port), response_timeout=0.5)
        await station.close()

    asyncio.run(run())
