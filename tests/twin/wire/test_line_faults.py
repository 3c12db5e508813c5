"""The plant on real sockets, one of whose lines goes bad: half open, or up and down."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from zeroplant.links.devices import DeviceEntry, read_devices, write_devices
from zeroplant.operate.alarms import AlarmChange
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.orders import Order
from zeroplant.operate.recording import Recording
from zeroplant.operate.steady import SteadyClock
from zeroplant.store import Journal
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.wire.plant import PlantWire

SPEED = 20.0
"""Seconds of the plant in one of ours."""
BEAT = 4.0
CYCLES = 80


class Fast:
    """A clock of a plant in a hurry, over real sockets."""

    def __init__(self, start: datetime) -> None:
        self._start, self._begun = start, time.monotonic()

    def count(self) -> float:
        return SPEED * (time.monotonic() - self._begun)

    def now(self) -> datetime:
        return (self._start + timedelta(seconds=self.count())).astimezone(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


class Line:
    """A line to a device that can go bad: it swallows everything, or hangs up on everybody."""

    def __init__(self, port: int) -> None:
        self.port, self.mode, self.connections = port, "well", 0
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def hang_up(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def stop(self) -> None:
        self._server.close()
        self.hang_up()
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.mode == "down":
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        self._open |= {writer, back}
        with suppress(OSError):
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        self._open -= {writer, back}
        writer.transport.abort()
        back.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(4096):
            if self.mode != "half open":
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()


class Lived:
    """A plant on sockets, whose battery is behind a line of its own."""

    def __init__(self, county: Prepared, folder: Path) -> None:
        self.alarms: list[AlarmChange] = []
        self.exported: list[float] = []
        truth, known, self.folder = county.truth, county.known, folder
        start = truth.network.axis.start
        self.fast = Fast(start)
        self.twin = Twin(truth, seed=1, step=1.0, clock=SimulatedClock(start))
        self.twin.senses.see(self.twin.true_values())
        self.controller = Controller(known.network, known.sizes)
        self.recording = Recording(PlantFolder(folder / "data"))

    async def run(self, badly: list[tuple[int, str]], cycles: int) -> None:
        """So many cycles; at some of them the line's mode changes."""
        points = self.twin.points
        wire = PlantWire(
            [points.point(n) for n in range(len(points))],
            lambda: dict(zip(points.names, self.twin.read()[0].tolist(), strict=True)),
            self._write, self.fast,
        )  # fmt: skip
        await wire.start(self.folder)
        self.line = await self._between()
        clock = SteadyClock(self.fast, monotonic=self.fast.count)
        keepers = read_devices(self.folder / "bad.yaml").connect(clock)
        until = clock.now() + timedelta(days=1)
        order = Order("dispatch centre", "target", 10.0, clock.now(), until)
        self.loop = ControlLoop(
            self.controller, keepers, clock, self.recording, orders=lambda: [order],
            after=self._after, beat=BEAT, speed=SPEED, monotonic=self.fast.count,
        )  # fmt: skip

        def over() -> bool:
            for at, mode in badly:
                if at == self.loop.beats.cycles:
                    self.line.mode = mode
                    if mode != "half open":
                        self.line.hang_up()
            return self.loop.beats.cycles >= cycles

        await self.loop.run(over)
        await self.line.stop()
        await wire.stop()
        self.recording.close()

    async def _between(self) -> Line:
        entries = dict(read_devices(self.folder / "devices.yaml").entries)
        found: dict[str, DeviceEntry] = {name: entry for name, (_, entry) in entries.items()}
        host, _, rest = found["battery"].at.partition(":")
        port, _, unit = rest.partition("/")
        line = Line(int(port))
        at = f"{host}:{await line.start()}/{unit}"
        found["battery"] = found["battery"].model_copy(update={"at": at})
        write_devices(self.folder / "bad.yaml", found)
        return line

    def _write(self, point: str, value: float, until: datetime | None) -> bool:
        assert until is not None
        lasts = until - self.fast.now()
        at = self.twin.clock.now() + lasts
        return bool(self.twin.write(self.twin.places([point]), np.array([value]), at)[0])

    def _after(self, image: Image, decision: Decision) -> None:
        self.alarms.extend(decision.alarms)
        self.exported.append(decision.exchange)
        self.twin.advance(max(0.0, self.fast.count() - self.twin.state.at))

    def told(self, code: str) -> list[str]:
        """What became of alarms of a kind about the battery."""
        return [
            each.change
            for each in self.alarms
            if each.alarm.code == code and each.alarm.key.startswith("battery")
        ]


@pytest.mark.parametrize(
    "badly",
    [
        [(20, "half open"), (48, "well")],
        [(n, "down" if k % 2 == 0 else "well") for k, n in enumerate(range(20, 50, 5))],
    ],
    ids=["half open", "flapping"],
)
def test_a_bad_line_is_told_of_and_the_rest_of_the_plant_goes_on(
    county: Prepared, tmp_path: Path, badly: list[tuple[int, str]]
) -> None:
    lived = Lived(county, tmp_path)
    asyncio.run(lived.run(badly, CYCLES))
    exported = np.array(lived.exported)
    assert exported[12:20] == pytest.approx(10.0, abs=3.0)
    assert exported[-8:] == pytest.approx(10.0, abs=3.0)
    assert lived.twin.account.violations == 0
    assert lived.line.connections > 1
    kinds = [lived.told(code) for code in ("silent", "write refused")]
    assert any("raised" in each for each in kinds)
    assert all(each.count("raised") == each.count("cleared") for each in kinds)
    assert lived.recording.lost == 0
    journal = Journal(tmp_path / "data" / "journal")
    assert journal.verify().intact
    assert len(list(journal.read(kinds="cycle"))) == CYCLES
