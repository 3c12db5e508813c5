"""Print how many points a second the outstation tells, beside c104's server, in one run.

See README.md. The reader is the same for both and does next to nothing: a bare socket that counts
objects and acknowledges. Each station is first interrogated (values without time), then told that
every value changed, again and again (values with time). c104 is C++ and sends from its own thread,
which looks for changes every 50 ms at most often and drops what its queue of messages does not
hold: on changes it waits more than it works. Seconds of the processor are those of the station and
its reader together.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import c104

from zeroplant.links import Reading
from zeroplant.links.iec104 import Outstation, PointList
from zeroplant.links.iec104_points import Monitored

POINTS = 4_000  # c104 drops objects of an interrogation of 10,000, whose end it still confirms
ROUNDS = 25
FIRST = 1000
QUEUE = 1000  # points told at once to c104
START = bytes.fromhex("680407000000")
INTERROGATE = bytes.fromhex("64010600010000000014")


class Reader:
    """A centre that only counts."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.line.sendall(START)
        assert self.line.recv(6)[2] == 0x0B
        self.rest = b""
        self.received = 0

    def objects(self, wanted: int, kind: int) -> None:
        """Read until so many objects of a type have come."""
        while wanted > 0:
            self.rest += self.line.recv(65536)
            at = 0
            while len(self.rest) - at >= 2 and len(self.rest) - at >= self.rest[at + 1] + 2:
                if not self.rest[at + 2] & 1:
                    self.received = (self.received + 1) % 0x8000
                    if self.rest[at + 6] == kind:
                        wanted -= self.rest[at + 7] & 0x7F
                    if self.received % 8 == 0:
                        self.acknowledge()
                at += self.rest[at + 1] + 2
            self.rest = self.rest[at:]
        self.acknowledge()

    def interrogations(self) -> None:
        """Ask for everything, again and again."""
        for number in range(ROUNDS):
            sent, received = number << 1, self.received << 1 & 0xFFFF
            self.line.sendall(struct.pack("<BBHH", 0x68, 14, sent, received) + INTERROGATE)
            self.objects(POINTS, 13)

    def acknowledge(self) -> None:
        """Say how far it has read."""
        self.line.sendall(struct.pack("<BBHH", 0x68, 4, 1, self.received << 1 & 0xFFFF))


def rate(read: Callable[[], None], points: int) -> dict[str, float]:
    """Points a second, by the clock on the wall and by the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    read()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"points_per_second": points / wall, "points_per_cpu_second": points / cpu}


def ours() -> dict[str, dict[str, float]]:
    """The outstation, its loop in a thread of its own."""
    listed = PointList(points=[Monitored(ioa=FIRST + n, name=f"p{n}") for n in range(POINTS)])
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    station = Outstation(listed, lambda _: False)
    asyncio.run_coroutine_threadsafe(station.open(port=0), loop).result()
    told = [
        {f"p{n}": Reading(number + n / 7, datetime.now(UTC)) for n in range(POINTS)}
        for number in range(ROUNDS + 1)
    ]
    station.publish(told[0])
    reader = Reader(station.port)

    def changes() -> None:
        for each in told[1:]:
            loop.call_soon_threadsafe(station.publish, each)
            reader.objects(POINTS, 36)

    found = {"interrogated": rate(reader.interrogations, POINTS * ROUNDS)}
    found["changed"] = rate(changes, POINTS * ROUNDS)
    reader.line.close()
    asyncio.run_coroutine_threadsafe(station.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    return found


def theirs() -> dict[str, dict[str, float]]:
    """c104's server; a change is told point by point, as its interface has it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def server(kind: c104.Type) -> tuple[c104.Server, list[c104.Point]]:
        station = c104.Server(ip="127.0.0.1", port=port, tick_rate_ms=50)
        group = station.add_station(1)
        points = [group.add_point(FIRST + n, kind) for n in range(POINTS)]
        station.start()
        return station, points

    station, _ = server(c104.Type.M_ME_NC_1)
    reader = Reader(port)
    found = {"interrogated": rate(reader.interrogations, POINTS * ROUNDS)}
    reader.line.close()
    station.stop()

    station, points = server(c104.Type.M_ME_TF_1)
    reader = Reader(port)

    def changes() -> None:
        for number in range(ROUNDS):
            for first in range(0, POINTS, QUEUE):  # its queue drops what does not fit
                for n, point in enumerate(points[first : first + QUEUE]):
                    point.value = number + n / 7
                station.transmit_batch(
                    c104.Batch(c104.Cot.SPONTANEOUS, points[first : first + QUEUE])
                )
                reader.objects(QUEUE, 36)

    found["changed"] = rate(changes, POINTS * ROUNDS)
    reader.line.close()
    station.stop()
    return found


def main() -> None:
    """Print both, and the ratios."""
    logging.disable(logging.WARNING)
    figures = {"ours": ours(), "c104": theirs()}
    ratios = {
        what: figures["ours"][what]["points_per_second"]
        / figures["c104"][what]["points_per_second"]
        for what in ("interrogated", "changed")
    }
    print(json.dumps({"points": POINTS, "rounds": ROUNDS, **figures, "ratio": ratios}, indent=2))


if __name__ == "__main__":
    main()
