"""The control room under load, and the controller beside it: does anybody have to wait?

    python benchmarks/portal_load.py [--seconds 300] [--viewers 200] [--rate 100]

A controller's cycles (decide, journal, history, live view; ten a second instead of one) run in a
process of their own, first alone, then beside the service with its viewers and requests. Promised:
p95 of the requests at most 250 ms, live values at most 2 s old, memory flat (at the end at most 5 %
above what it was after a fifth of the time), and the p99 of the cycles within 10 % of alone. The
last line is JSON with every figure, its bar and whether it holds; the exit code says whether all
do. Run it on a quiet machine of two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from zeroplant.operate import entries
from zeroplant.operate.controller import Controller
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image, micros
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.plant import build, load_plant
from zeroplant.portal.access import Accounts, Grant, Role
from zeroplant.portal.access.database import open_database

ROOT = Path(__file__).resolve().parents[1]
COUNTY = ROOT / "examples/county-base"
SMALL = {
    "time.years": "null", "time.periods": "96", "assets.wind.power": "100 MW",
    "assets.sun.power": "50 MW", "assets.battery.power": "20 MW",
    "assets.battery.energy": "40 MWh", "assets.grid.connection": "150 MW",
}  # fmt: skip
BEAT, LIVE_EVERY = 0.1, 10
PORT = 8471
ASKED = (
    "/api/v1/live", "/", "/api/v1/schedule", "/schedule", "/alarms", "/health", "/plant", "/grid",
    "/api/v1/points", "/api/v1/history/wind.output?step=60", "/static/style.css", "/healthz",
)  # fmt: skip
CONNECTIONS = 20
SETTLED = 5.0
"""Seconds until what is measured begins: viewers have come, pages were read once."""
ALONE = 60.0
"""Seconds that the controller is watched alone, at most: six hundred cycles."""
PASSWORD = "a-tall-green-kettle"


def control(folder: Path, stop: Event) -> None:
    """Cycle after cycle; at the end the seconds each took are kept beside the moment it began."""
    plant = load_plant(COUNTY, SMALL)
    network = build(plant).network
    controller, recording = Controller(network, {}), Recording(PlantFolder(folder))
    names, count = controller.points.names, len(controller.points.names)
    now, rng, taken, cycle = datetime.now(UTC), np.random.default_rng(1), [], 0
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    flows = {flow.name: np.full(96, 5.0) for flow in network.flows}
    plan = Schedule(made=now, start=quarter, step=timedelta(minutes=15), status="optimal",
                    power=flows, level={}, price={"park": np.full(96, 300.0)}, worth={},
                    target=np.zeros(96), reasons=())  # fmt: skip
    recording.file(recording.folder.schedule, json.loads(plan.to_json()))
    last: Image | None = None
    while not stop.is_set():
        begin = time.perf_counter()
        now = datetime.now(UTC)
        image = Image(now, controller.points, rng.uniform(0, 10, count),
                      np.full(count, micros(now)), np.zeros(count, np.uint8))  # fmt: skip
        decision = controller.cycle(now, image, plan, [])
        recording.note([entries.observation(image, decision), entries.decided(decision, names),
                        *entries.commands(decision, names)])  # fmt: skip
        if cycle % LIVE_EVERY == 0:  # a controller of one cycle a second
            if batch := entries.batch_of([(image, entries.changed(last, image))]):
                recording.values(batch)
            said = entries.live(image, decision, [], {}, [])
            recording.file(recording.folder.live, {**said, "speed": 1.0, "cycle": cycle, "step": 1})
            last = image
        taken.append((begin, time.perf_counter() - begin))
        cycle += 1
        time.sleep(max(0.0, BEAT - (time.perf_counter() - begin)))
    recording.close()
    np.save(folder / "taken.npy", np.array(taken))


async def head(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of an answer; -1 for one that comes in chunks."""
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"(?im)^content-length: (\d+)", said)
    return int(said.split(" ", 2)[1]), int(length[1]) if length else -1


class Load:
    """Viewers and requests with a session's cookie."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.lag: list[float] = []
        self.wrong: list[str] = []

    async def view(self) -> None:
        """Follow the live stream, and note how old each image is when it comes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        self._ask(writer, "/api/v1/live/stream", "text/event-stream")
        status, _ = await head(reader)
        if status != 200:
            self.wrong.append(f"stream: {status}")
            return
        async for line in reader:
            if line.startswith(b"data: ") and (wrote := re.search(rb'"wrote": "([^"]+)"', line)):
                since = datetime.now(UTC) - datetime.fromisoformat(wrote[1].decode())
                self.lag.append(since.total_seconds())

    async def ask(self, waiting: asyncio.Queue[tuple[float, str]]) -> None:
        """Send what is due, one after another; the time counts from when it was due."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        while True:
            due, path = await waiting.get()
            self._ask(writer, path, "text/html")
            status, length = await head(reader)
            if length >= 0:
                await reader.readexactly(length)
            else:
                await reader.readuntil(b"0\r\n\r\n")
            self.taken[path.partition("?")[0]].append(time.perf_counter() - due)
            if status != 200:
                self.wrong.append(f"{path}: {status}")

    def _ask(self, writer: asyncio.StreamWriter, path: str, kind: str) -> None:
        said = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: {kind}\r\n{self.cookie}\r\n\r\n"
        writer.write(said.encode())

    async def run(self, viewers: int, rate: float, seconds: float) -> None:
        """Everything for so many seconds."""
        tasks = [asyncio.create_task(self.view()) for _ in range(viewers)]
        waiting: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        tasks += [asyncio.create_task(self.ask(waiting)) for _ in range(CONNECTIONS)]
        for path in ASKED:  # each page once, while the viewers come in
            waiting.put_nowait((time.perf_counter(), path))
        await asyncio.sleep(SETTLED)
        self.taken.clear()
        begin = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.put_nowait((due, ASKED[number % len(ASKED)]))
        await asyncio.sleep(1.0)
        for task in tasks:
            if task.done() and task.exception():
                self.wrong.append(repr(task.exception()))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def entered(password: str) -> str:
    """The cookie of a viewer, as a header."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    body = f"name=viewer&password={password}"
    writer.write(
        f"POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
    )
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    found = re.search(r"(?im)^set-cookie: ([^;]+)", said)
    assert found is not None, said
    return f"cookie: {found[1]}"


def memory(process: int) -> float:
    """Resident memory, MB."""
    said = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", said)
    assert found is not None
    return int(found[1]) / 1e3


def processor(process: int) -> float:
    """Processor time so far, s."""
    said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def loaded(cookie: str, viewers: int, rate: float, seconds: float, out: Path) -> None:
    """The load, in a process that gives way to those it is a load for."""
    os.nice(15)
    load = Load(cookie)
    asyncio.run(load.run(viewers, rate, seconds))
    told = {"taken": load.taken, "lag": load.lag, "wrong": load.wrong}
    out.write_text(json.dumps(told), encoding="utf-8")


def tell(
    folder: Path, alone: tuple[float, float], under: tuple[float, float], sizes: list[float]
) -> bool:
    """Print what came of it; whether all promises hold."""
    told = json.loads((folder / "load.json").read_bytes())
    whole = np.concatenate([np.array(each) for each in told["taken"].values()])
    for path, taken in sorted(told["taken"].items()):
        print(f"  {path:28} p50 {1e3 * np.quantile(taken, 0.5):6.1f} ms"
              f"  p95 {1e3 * np.quantile(taken, 0.95):6.1f} ms  n {len(taken)}")  # fmt: skip
    lag = np.array(told["lag"])
    print(f"requests: {len(whole)}; live updates: {len(lag)}, p50 {np.median(lag):.2f} s behind")
    begin, taken = np.load(folder / "taken.npy").T
    by = [taken[(begin >= low) & (begin < high)] for low, high in (alone, under)]
    figures = [1e3 * np.quantile(each, q) for each in by for q in (0.5, 0.99)]
    for name, cycles, place in (("alone", by[0], 0), ("beside", by[1], 2)):
        print(f"cycle {name}: p50 {figures[place]:.2f} ms, p99 {figures[place + 1]:.2f} ms"
              f" ({len(cycles)} cycles)")  # fmt: skip
    if told["wrong"]:
        print(f"refused: {sorted(set(told['wrong']))[:5]}")
    found = {
        "p95 of requests, ms": (1e3 * float(np.quantile(whole, 0.95)), 250.0),
        "refused": (float(len(told["wrong"])), 0.0),
        "p99 of live updates behind, s": (float(np.quantile(lag, 0.99)), 2.0),
        "memory at end over a fifth of the way": (sizes[-1] / sizes[0], 1.05),
        "p99 of cycles beside over alone": (figures[3] / figures[1], 1.10),
    }
    said = {
        what: {"value": round(float(value), 3), "bar": bar, "holds": bool(value <= bar)}
        for what, (value, bar) in found.items()
    }
    print(json.dumps({**said, "load": os.getloadavg(), "cores": os.cpu_count()}))
    return all(each["holds"] for each in said.values())


def beside(given: argparse.Namespace, folder: Path) -> tuple[tuple[float, float], list[float]]:
    """The service under load, in processes of their own.

    Gives when that began and ended, and its memory after each fifth of the time, MB.
    """
    command = [sys.executable, "-m", "zeroplant", "serve", str(COUNTY), "--data", str(folder),
               "--port", str(PORT)]  # fmt: skip
    log = (folder / "service.log").open("w")
    with subprocess.Popen(command, stdout=log, stderr=log) as service:
        try:
            cookie = _cookie()
            time.sleep(5.0)  # it has read the plant
            args = (cookie, given.viewers, given.rate, given.seconds, folder / "load.json")
            load = multiprocessing.get_context("spawn").Process(target=loaded, args=args)
            load.start()
            time.sleep(SETTLED + 2.0)
            sizes, used = [], processor(service.pid)
            begin = time.perf_counter()
            for _ in range(5):
                time.sleep(given.seconds / 5)
                sizes.append(memory(service.pid))
            end = time.perf_counter()
            used = (processor(service.pid) - used) / (end - begin)
            load.join()
            said = ", ".join(f"{each:.0f}" for each in sizes)
            print(f"memory of the service after each fifth: {said} MB; "
                  f"of a processor it takes {used:.0%}")  # fmt: skip
        finally:
            service.terminate()
    return (begin, end), sizes


def _cookie() -> str:
    for _ in range(600):
        try:
            return asyncio.run(entered(PASSWORD))
        except OSError:
            time.sleep(0.1)
    message = "the service did not start"
    raise RuntimeError(message)


def main() -> None:
    """Run it all and print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--viewers", type=int, default=200)
    options.add_argument("--rate", type=float, default=100.0, help="requests a second")
    given = options.parse_args()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        accounts = Accounts(open_database(folder / "access.sqlite"))
        password = accounts.add("viewer", [Grant(Role.VIEWER)])
        (viewer,) = accounts.everybody()
        accounts.change_password(viewer.id, password, PASSWORD)
        stop = context.Event()
        controller = context.Process(target=control, args=(folder, stop))
        controller.start()
        while not (folder / "live.json").exists():
            time.sleep(0.1)
        time.sleep(3.0)
        begin = time.perf_counter()
        time.sleep(min(given.seconds, ALONE))
        alone = begin, time.perf_counter()
        try:
            under, sizes = beside(given, folder)
        finally:
            stop.set()
            controller.join()
        held = tell(folder, alone, under, sizes)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
