"""Killing ``zeroplant control`` at random moments while it runs the devices of ``zeroplant twin``.

Both are the real processes: control with its journal, history, inbox, forecasts, planner and, in a
fresh folder, the year beside it; the twin behind real protocols on loopback. Each life goes on in
the folder that the one before has left behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.shared import ROOT
from zeroplant.errors import InputError
from zeroplant.links.clock import SystemClock
from zeroplant.links.devices import read_devices
from zeroplant.operate.folder import PlantFolder, answered, submit
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.wish import Wish
from zeroplant.store import Anchor, History, Journal, Record
from zeroplant.store.manifest import NAME as MANIFEST

PLANT = str(ROOT / "examples" / "county-base")
PROGRAM = [sys.executable, "-m", "zeroplant"]
PATIENCE = 300.0
"""Seconds after which a machine is not slow but something hangs."""
BEAT = 0.25
LASTS = 8.0
"""Seconds of control at most before the kill."""
START = 5.0
"""Seconds of the processor that a start may take to the end of its first cycle."""
FILLS = "battery.charge"
"""Nobody has said in a fail-safe what may be stored; to discharge may relieve the connection."""


@dataclass
class Seen:
    """What was seen of all lives, and what was ``wrong``.

    ``starts`` are seconds from the start of a process to the end of its first cycle, ``cpu`` its
    processor time until then, which other load does not lengthen much. ``early`` counts kills
    before the first cycle, ``planning`` those while a child was there; ``confirmed`` are orders
    whose answer was read. ``rows`` are values in the history, of each moment the newest version.
    """

    starts: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    early: int = 0
    planning: int = 0
    records: int = 0
    rows: int = 0
    cut_off: int = 0
    confirmed: set[str] = field(default_factory=set)
    first: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def devices(folder: Path) -> Iterator[Path]:
    """The devices of the plant, in a process of their own; gives their file."""
    with (folder / "twin.log").open("w") as log:
        twin = subprocess.Popen(
            [*PROGRAM, "twin", PLANT, "--out", str(folder / "twin"), "--days", "1"],
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        try:
            assert twin.stdout is not None
            assert any("devices.yaml" in line for line in twin.stdout), "the twin did not start"
            yield folder / "twin" / "devices.yaml"
        finally:
            twin.kill()
            twin.communicate()


class Life:
    """One process of the controller; it tells of its cycles as it tells systemd."""

    def __init__(self, folder: PlantFolder, file: Path) -> None:
        self.folder = folder
        self._place = tempfile.TemporaryDirectory()
        address = str(Path(self._place.name) / "notify")
        self._heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._heard.bind(address)
        self.begun = time.monotonic()
        self._log = (folder.path.parent / "control.log").open("a")
        self.process = subprocess.Popen(
            [*PROGRAM, "control", PLANT, "--devices", str(file), "--data", str(folder.path),
             "--beat", str(BEAT)],
            env={**os.environ, "NOTIFY_SOCKET": address}, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def first_cycle(self) -> tuple[float, float]:
        """Wait for it: seconds since the start, and of the processor."""
        self._heard.settimeout(PATIENCE)
        while self._heard.recv(200) != b"READY=1":
            pass
        return time.monotonic() - self.begun, _processor(self.process.pid)

    def shown(self) -> dict[str, object]:
        """What it shows of itself, once that is its own and not that of the life before."""
        began = time.time() - (time.monotonic() - self.begun)
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with suppress(OSError, ValueError):
                live: dict[str, object] = json.loads(self.folder.live.read_bytes())
                if datetime.fromisoformat(str(live["wrote"])).timestamp() > began:
                    return live
            time.sleep(0.02)
        message = "it shows nothing"
        raise TimeoutError(message)

    def kill(self) -> tuple[Anchor, int, list[int]]:
        """SIGKILL: what was acknowledged just before, and its children, who are not killed.

        Of the journal that is its anchor, of the history how many values it tells.
        """
        children = _children(self.process.pid)
        anchor, rows = Anchor(), 0
        with suppress(ValueError):  # no journal yet
            anchor = Journal(self.folder.journal).anchor()
        with suppress(InputError):  # no history yet
            rows = told_rows(self.folder)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._heard.close()
        self._log.close()
        self._place.cleanup()
        return anchor, rows, children


def kill_often(folder: Path, times: int, seed: int) -> Seen:
    """Start the controller and kill it, so many times, in the same folder.

    In each life after the first a person gives an order, at a random moment too; the third lives
    until it is answered. A twentieth of the kills and at least the second comes before the first
    cycle.
    """
    rng, seen, plant = random.Random(seed), Seen(), PlantFolder(folder / "data")
    plant.path.mkdir()
    with devices(folder) as file:
        for number in range(times):
            before = time.monotonic()
            life = Life(plant, file)
            if number == 1 or rng.random() < 0.05:
                seen.early += 1
                time.sleep(rng.uniform(0.0, 0.9) * min(seen.starts, default=1.0))
            else:
                _live(life, number, rng, seen)
            _look(life, number, seen)
            assert time.monotonic() - before < PATIENCE
    return seen


def _live(life: Life, number: int, rng: random.Random, seen: Seen) -> None:
    """The first cycle, and a while of control in which an order may come."""
    seconds, processor = life.first_cycle()
    seen.starts.append(seconds)
    seen.cpu.append(processor)
    if processor > START:
        seen.wrong.append(f"life {number} took {processor:.1f} s of the processor to begin")
    stands = {str(each["name"]) for each in life.shown()["orders"]}  # type: ignore[attr-defined]
    if lost := seen.confirmed - stands:
        seen.wrong.append(f"life {number} forgot {sorted(lost)}")
    lasts = rng.uniform(0.0, LASTS)
    if not number:
        time.sleep(lasts)
        return
    time.sleep(rng.uniform(0.0, lasts))
    wish = order(f"order-{number}", "least export", -60.0)
    submit(life.folder, wish)
    time.sleep(rng.uniform(0.0, lasts))
    if number == 2:
        ends = time.monotonic() + PATIENCE
        while not life.folder.answer(wish.id).exists() and time.monotonic() < ends:
            time.sleep(0.05)


def _look(life: Life, number: int, seen: Seen) -> None:
    """Kill it, and look at what is left."""
    anchor, rows, children = life.kill()
    seen.planning += bool(children)
    folder = life.folder
    look_at_history(folder, max(rows, seen.rows), number, seen)
    seen.confirmed |= {name for name, _, said in answered(folder) if said.get("accepted") is True}
    if not anchor.count:
        return
    journal = Journal(folder.journal)
    verdict = journal.verify(against=anchor)
    if not verdict.intact:
        seen.wrong.append(f"life {number}: {verdict}")
    seen.records, seen.cut_off = verdict.records, seen.cut_off + (verdict.unfinished > 0)
    told = {record.key for record in journal.read(kinds="person")}
    if lost := seen.confirmed - told:
        seen.wrong.append(f"life {number}: the journal does not know of {sorted(lost)}")
    if (decided := _first_of_life(journal)) is not None:
        source = str(decided.payload["source"])
        seen.first[source] = seen.first.get(source, 0) + 1
        if source == "fail-safe" and decided.payload["setpoints"].get(FILLS, [0.0])[0]:
            seen.wrong.append(f"life {number} began in its fail-safe and filled a store")
    ends = time.monotonic() + 30.0
    while left := [pid for pid in children if _lives(pid)]:
        if time.monotonic() > ends:
            seen.wrong.append(f"life {number}: its children {left} live on")
            break
        time.sleep(0.05)


def told_rows(folder: PlantFolder) -> int:
    """How many values the history tells of all points. Raises InputError where there is none."""
    history = History(folder.history)
    try:
        return int(history.read(history.points()).num_rows)
    finally:
        history.close()


def look_at_history(folder: PlantFolder, told: int, number: int, seen: Seen) -> None:
    """Every byte can be read, and what was told before the kill is told after it."""
    if not (folder.history / MANIFEST).exists():
        if told:
            seen.wrong.append(f"life {number}: the history is gone")
        return
    if damaged := History(folder.history).verify():
        seen.wrong += [f"life {number}: history: {each}" for each in damaged]
        return
    seen.rows = told_rows(folder)
    if seen.rows < told:
        seen.wrong.append(f"life {number}: {told - seen.rows} of {told} values are lost")


def _first_of_life(journal: Journal) -> Record | None:
    """The first decision of the life that was last, if it made one."""
    first: Record | None = None
    for record in journal.read(kinds=("note", "decision")):
        if record.kind == "note" and record.payload.get("en") == "control begins":
            first = None
        elif record.kind == "decision":
            first = first or record
    return first


def lapse(folder: Path) -> tuple[float, float]:
    """Seconds that a battery does as told after the kill, and its power after that [MW].

    It is ordered to discharge; nobody takes the order back.
    """
    plant = PlantFolder(folder / "alone")
    plant.path.mkdir()
    with devices(folder) as file:
        life = Life(plant, file)
        life.first_cycle()
        submit(plant, order("discharge", "device", 20.0, "battery.discharge"))
        begun = asyncio.run(_until(file, lambda power: power > 15.0, 60.0)) < 60.0
        assert begun, "the battery may not discharge now: try again when the connection has room"
        life.kill()
        seconds = asyncio.run(_until(file, lambda power: power < 1.0, 120.0))
        return seconds, asyncio.run(_power(file))


async def _until(file: Path, is_so: object, patience: float) -> float:
    """Seconds until the battery's power is as it should be, or the patience."""
    assert callable(is_so)
    begun = time.monotonic()
    while not is_so(await _power(file)) and time.monotonic() - begun < patience:
        await asyncio.sleep(0.5)
    return time.monotonic() - begun


async def _power(file: Path) -> float:
    """MW that the battery says it gives, over its own protocol."""
    clock = SteadyClock(SystemClock())
    (battery,) = [k for k in read_devices(file).connect(clock) if k.name == "battery"]
    try:
        for _ in range(100):
            if reading := (await battery.read()).get("battery.discharge"):
                return reading.value
            await asyncio.sleep(0.1)
    finally:
        await battery.close()
    message = "the battery does not answer"
    raise TimeoutError(message)


def order(name: str, kind: str, value: float, key: str = "") -> Wish:
    """An order that stands for a day."""
    now = SystemClock().now()
    return Wish(name, "Li", kind, value, now, now + timedelta(days=1), key, "test")


def _children(pid: int) -> list[int]:
    """Processes that a process has started (Linux)."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def _stat(pid: int) -> list[str]:
    """What Linux says of a process, behind its name: state, parent, …; nothing if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def _lives(pid: int) -> bool:
    stat = _stat(pid)
    return bool(stat) and stat[0] not in "ZX"


def _processor(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK") if stat else 0.0
