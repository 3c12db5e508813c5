"""The line itself: windows, time-outs, silence, too many, too much, and nonsense."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.masters import (
    NOW,
    START,
    START_CON,
    STOP,
    TEST,
    TEST_CON,
    RawMaster,
    asdu,
    causes,
    outstation,
    points,
    readings,
    until,
)
from zeroplant.links import Reading
from zeroplant.links.iec104_asdu import MalformedError, Type

EVERYTHING = asdu(100, 6, 0, b"\x14")


def test_no_more_than_k_messages_go_unacknowledged_and_t1_ends_it() -> None:
    async def run() -> None:
        async with (
            outstation(points(2000), k=5, t1=0.5) as station,
            RawMaster.on(station.port) as master,
        ):
            master.send(EVERYTHING)
            frames = []
            begun = time.monotonic()
            while frame := await master.frame():
                frames.append(frame)
            assert sum(not frame[2] & 1 for frame in frames) == 5
            assert 0.4 < time.monotonic() - begun < 12.0  # and not the 15 s there are without it
            await until(lambda: station.contact().connected == 0)

    asyncio.run(run())


def test_acknowledged_messages_go_on() -> None:
    async def run() -> None:
        async with (
            outstation(points(2000), k=5, t1=0.5) as station,
            RawMaster.on(station.port) as master,
        ):
            master.send(EVERYTHING)
            said = []
            while not said or said[-1][1] != 10:
                message = await master.message()
                said += causes([message])
                master.acknowledge()
            # 30 values go into a message: confirmation, 67 of values, 2 of states, termination.
            assert len(said) == 1 + 67 + 2 + 1

    asyncio.run(run())


def test_a_silent_line_is_tested_after_t3_and_closed_after_t1() -> None:
    """A half-open connection looks like this: it is there, and nobody answers on it."""

    async def run() -> None:
        async with outstation(t3=0.3, t1=0.3) as station, RawMaster.on(station.port) as master:
            assert await master.frame() == TEST
            master.writer.write(TEST_CON)
            assert await master.frame() == TEST
            assert station.contact().connected == 1
            assert await master.frame() == b""
            await until(lambda: station.contact().connected == 0)
            heard = station.contact().heard
            await asyncio.sleep(0.05)
            later = station.contact().heard
            assert heard is not None
            assert later is not None
            assert abs(later - heard) < timedelta(seconds=0.025)  # from now on it ages

    asyncio.run(run())


def test_w_and_t2_of_what_we_receive() -> None:
    """Unanswered messages are acknowledged after w of them; here each is also answered."""

    async def run() -> None:
        async with outstation(w=3, t2=0.2) as station, RawMaster.on(station.port) as master:
            for _ in range(4):
                master.send(asdu(102, 5, 1, b""))
            last = b""
            while len(last) < 6 or struct.unpack_from("<H", last, 4)[0] >> 1 < 4:
                last = await master.frame()

    asyncio.run(run())


def test_nothing_is_told_before_start_and_after_stop() -> None:
    async def run() -> None:
        async with outstation() as station, RawMaster.on(station.port, start=False) as master:
            station.publish(readings(value__0=1.0, wind__online=1))
            with pytest.raises(TimeoutError):
                await master.frame(0.1)
            master.writer.write(START)
            assert await master.frame() == START_CON
            station.publish(readings(value__0=2.0))
            assert (await master.message())[0] == Type.MEASURED_TIMED
            master.writer.write(STOP)
            await until(lambda: station.contact().connected == 0)
            station.publish(readings(value__0=3.0))
            master.writer.write(START)
            frames = [await master.frame(), await master.frame()]
            assert not any(not frame[2] & 1 for frame in frames)

    asyncio.run(run())


def test_commands_before_start_end_the_connection() -> None:
    async def run() -> None:
        async with outstation() as station, RawMaster.on(station.port, start=False) as master:
            master.send(EVERYTHING)
            assert await master.message() == b""

    asyncio.run(run())


def test_states_are_told_each_and_values_only_the_last() -> None:
    """Proves: to a centre that stops reading, states queue in order and values do not queue."""

    async def run() -> None:
        async with outstation(k=1) as station, RawMaster.on(station.port) as master:
            station.publish(readings(value__2=1.0))  # stands unacknowledged in the window of one
            await master.message()
            for n in range(50):
                station.publish(readings(value__0=n + 1.0, wind__online=n % 2))
                await asyncio.sleep(0)
            states, values = [], []
            while not values or values[-1] != 50.0:
                master.acknowledge()
                message = await master.message()
                if message[0] == Type.SINGLE_TIMED:
                    states += [message[9 + 11 * n] & 1 for n in range(message[1])]
                else:
                    values.append(struct.unpack_from("<f", message, 9)[0])
            assert states == [n % 2 for n in range(50)]
            assert len(values) <= 4

    asyncio.run(run())


async def hung_up(port: int) -> bool:
    """Whether a connection is closed at once."""
    async with RawMaster.on(port, start=False) as master:
        return await master.frame() == b""


def test_only_allowed_networks_and_not_too_many() -> None:
    async def run() -> None:
        async with outstation(allowed=("10.0.0.0/8",)) as station:
            assert await hung_up(station.port)
        async with (
            outstation(allowed=("127.0.0.0/8",), connections=2) as station,
            RawMaster.on(station.port),
            RawMaster.on(station.port),
        ):
            assert await hung_up(station.port)

    asyncio.run(run())


def test_one_peer_takes_not_every_place() -> None:
    """Two from one address; another address still finds one."""

    async def run() -> None:
        async with outstation() as station, RawMaster.on(station.port), RawMaster.on(station.port):
            assert await hung_up(station.port)
            await until(lambda: station.contact().connected == 2)
            assert station.contact().peers == ("127.0.0.1",) * 2
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", station.port, local_addr=("127.0.0.2", 0)
            )
            writer.write(START)
            assert await reader.readexactly(6) == START_CON
            writer.close()

    asyncio.run(run())


def test_a_centre_comes_back_after_hours() -> None:
    async def run() -> None:
        async with outstation() as station:
            assert station.contact().heard is None
            for _ in range(3):
                async with RawMaster.on(station.port) as master:
                    assert station.contact().connected == 1
                await until(lambda: station.contact().connected == 0)
            async with RawMaster.on(station.port) as master:
                station.publish(readings(value__0=7.0))
                assert struct.unpack_from("<f", await master.message(), 9)[0] == 7.0

    asyncio.run(run())


def test_a_dead_peer_with_a_full_buffer_is_let_go() -> None:
    """What is still to be sent to it must not keep its socket open for a quarter of an hour."""

    async def run() -> None:
        async with outstation(points(3000), k=32767, t1=0.4, t3=0.4) as station:
            with socket.socket() as peer:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                peer.connect(("127.0.0.1", station.port))
                peer.sendall(START)
                frame = struct.pack("<BBHH", 0x68, len(EVERYTHING) + 4, 0, 0) + EVERYTHING
                peer.sendall(frame)  # and then it reads nothing
                await until(lambda: station.contact().connected == 1)
                for n in range(60):
                    values = {f"value.{m}": float(n + m) for m in range(3000)}
                    station.publish({key: Reading(v, NOW) for key, v in values.items()})
                    await asyncio.sleep(0.005)
                await until(lambda: station.contact().connected == 0)
                here = f"{peer.getsockname()[1]:04X}"
                await until(lambda: not established(here))

    asyncio.run(run())


def established(port: str) -> bool:
    """Whether the station's side of a connection to a port still holds its socket (Linux)."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(
        line.split()[2].endswith(f":{port}") and line.split()[3] in ("01", "04", "08")
        for line in lines
    )


def mutated(rng: random.Random) -> bytes:
    """A frame that is wrong somewhere, or noise."""
    if rng.random() < 0.2:
        return rng.randbytes(rng.randint(1, 60))
    kind = rng.choice([1, 13, 45, 46, 50, 58, 59, 63, 100, 102, 103, 105, 107, rng.randrange(256)])
    body = bytearray(rng.randbytes(rng.choice([0, 1, 3, 4, 5, 8, 12, 15, rng.randint(0, 240)])))
    message = bytearray(asdu(kind, rng.randrange(256), rng.choice([1, 24577, 25089]), bytes(body)))
    message[1] = rng.choice([1, 0, 2, 0x81, rng.randrange(256)])
    frame = bytearray(struct.pack("<BBHH", 0x68, min(len(message) + 4, 255), 0, 0) + message)
    for _ in range(rng.choice([0, 0, 1, 3])):
        frame[rng.randrange(len(frame))] = rng.randrange(256)
    return bytes(frame)


def test_ten_thousand_malformed_frames_and_messages() -> None:
    """1,500 connections each with a wrong frame, then 10,000 wrong messages past the frames."""

    async def one(port: int, frame: bytes) -> None:
        async with RawMaster.on(port, start=False) as master:
            master.writer.write(START + frame)
            master.writer.write_eof()
            await asyncio.gather(master.reader.read(), return_exceptions=True)

    async def run() -> None:
        rng = random.Random(1)
        async with outstation(connections=100) as station:
            station.publish(readings(value__0=1.0))
            for _ in range(75):
                await asyncio.gather(*(one(station.port, mutated(rng)) for _ in range(20)))
            await until(lambda: station.contact().connected == 0)
            told = 0
            for _ in range(10_000):
                session = Unheard()
                with suppress(MalformedError):
                    station._take(session, mutated(rng)[6:])  # type: ignore[arg-type]
                    told += session.told
            assert told > 5_000  # they are refused, each with its cause
            async with RawMaster.on(station.port) as master:
                assert causes([await master.ask(EVERYTHING)])[0] == (100, 7, False)

    asyncio.run(run())


class Unheard:
    """A session that only counts what is said to it."""

    name = "unheard"
    active = True
    clock_off: timedelta | None = None
    told = 0

    def answer(self, asdu: bytes) -> None:
        assert len(asdu) <= 249
        self.told += 1

    def interrogated(self, messages: Iterator[bytes]) -> bool:
        self.told += len(list(messages))
        return True
