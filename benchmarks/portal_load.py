"""The control room under load, and the controller beside it: does anybody have to wait?

    python -m benchmarks.portal_load [--seconds 300] [--viewers 200] [--rate 100]

A controller's cycles (decide, journal, history, live view; ten a second instead of one) run in a
process of their own all the time. The load comes in rounds; between them the service is stopped
(SIGSTOP) for as long, so that alone and beside are watched equally long and drift of the machine
meets both. Promised: p95 of the requests at most 250 ms, live values at most 2 s old, memory flat
(after the last round at most 5 % above what it was after the first), and the p99 of the cycles
within 10 % of alone. A p99 rests on few cycles: how far chance alone may have moved the ratio is
told by resampling pieces of both, and by the same ratio of alone against itself. The last line is
JSON with every figure, its bar and whether it holds; the exit code says whether all do. Run it on a
quiet machine of two cores; with 300 s of load it takes less than eleven minutes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from benchmarks.portal_viewers import CALM, PORT, SETTLED, entered, loaded
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
ROUNDS = 5
PIECE = 5.0
"""Seconds of a piece that is drawn again: cycles that follow each other are alike."""
DRAWS = 1000
PASSWORD = "a-tall-green-kettle"

Span: TypeAlias = tuple[float, float]
"""From when to when something was watched, on the clock that all processes share."""


def control(folder: Path, stop: Event) -> None:
    """Cycle after cycle; when each began is kept, how long it took, worked, and began late [s]."""
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
    due = time.perf_counter()
    while not stop.is_set():
        begin, worked = time.perf_counter(), time.thread_time()
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
        end = time.perf_counter()
        taken.append((begin, end - begin, time.thread_time() - worked, begin - due))
        cycle += 1
        due = max(due + BEAT, end)
        time.sleep(max(0.0, due - time.perf_counter()))
    recording.close()
    np.save(folder / "taken.npy", np.array(taken))


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


def nicenesses(process: int) -> list[int]:
    """How far each thread of a process gives way."""
    said = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/stat")]
    return [int(each.rpartition(")")[2].split()[16]) for each in said]


def pieces(cycles: np.ndarray, spans: list[Span]) -> list[np.ndarray]:
    """What is known of the cycles that began in some spans, in pieces that are drawn again."""
    found = []
    for low, high in spans:
        edges = np.linspace(low, high, max(1, round((high - low) / PIECE)) + 1)
        places = np.searchsorted(cycles[:, 0], edges)
        found += [cycles[a:b] for a, b in pairwise(places) if a < b]
    return found


def p99(of: list[np.ndarray]) -> float:
    """What one cycle in a hundred takes longer than, s."""
    return float(np.quantile(np.concatenate(of)[:, 1], 0.99))


def chance(alone: list[np.ndarray], beside: list[np.ndarray]) -> tuple[float, float]:
    """Where nine in ten ratios of p99 lie when the pieces of both are drawn again (bootstrap)."""
    rng = np.random.default_rng(1)

    def drawn(of: list[np.ndarray]) -> float:
        return p99([of[each] for each in rng.integers(0, len(of), len(of))])

    ratios = [drawn(beside) / drawn(alone) for _ in range(DRAWS)]
    low, high = np.quantile(ratios, [0.05, 0.95])
    return float(low), float(high)


@dataclass(frozen=True)
class Watched:
    """What came of the rounds: what the load tells, both kinds of spans, the service's memory."""

    told: dict[str, Any]
    alone: list[Span]
    beside: list[Span]
    sizes: list[float]


def tell_cycles(cycles: np.ndarray, alone: list[Span], beside: list[Span]) -> dict[str, float]:
    """Print how the cycles went; the ratio of their p99, and how sure it is."""
    both = {"alone": pieces(cycles, alone), "beside": pieces(cycles, beside)}
    for name, found in both.items():
        began, took, worked, late = np.concatenate(found).T
        worst = [1e3 * np.quantile(each, 0.99) for each in (took, took - worked, late)]
        print(f"cycle {name:6}: p50 {1e3 * np.median(took):.2f} ms, p99 {worst[0]:.2f} ms;"
              f" p99 of waiting {worst[1]:.2f} ms, of beginning late {worst[2]:.2f} ms"
              f" ({len(began)} cycles)")  # fmt: skip
    low, high = chance(both["alone"], both["beside"])
    odd, even = pieces(cycles, alone[::2]), pieces(cycles, alone[1::2])
    return {"ratio": p99(both["beside"]) / p99(both["alone"]), "low": low, "high": high,
            "itself": p99(even) / p99(odd)}  # fmt: skip


def tell(watched: Watched, cycles: np.ndarray) -> bool:
    """Print what came of it; whether all promises hold."""
    told, sizes = watched.told, watched.sizes
    whole = np.concatenate([np.array(each) for each in told["taken"].values()])
    for path, taken in sorted(told["taken"].items()):
        print(f"  {path:28} p50 {1e3 * np.quantile(taken, 0.5):6.1f} ms"
              f"  p95 {1e3 * np.quantile(taken, 0.95):6.1f} ms  n {len(taken)}")  # fmt: skip
    lag = np.array(told["lag"])
    print(f"requests: {len(whole)}; live updates: {len(lag)}, p50 {np.median(lag):.2f} s behind")
    sure = tell_cycles(cycles, watched.alone, watched.beside)
    print(f"p99 of cycles beside over alone: {sure['ratio']:.3f}; by chance {sure['low']:.3f} to"
          f" {sure['high']:.3f} (9 in 10); alone against itself {sure['itself']:.3f}")  # fmt: skip
    if told["wrong"]:
        print(f"refused: {sorted(set(told['wrong']))[:5]}")
    found = {
        "p95 of requests, ms": (1e3 * float(np.quantile(whole, 0.95)), 250.0),
        "refused": (float(len(told["wrong"])), 0.0),
        "p99 of live updates behind, s": (float(np.quantile(lag, 0.99)), 2.0),
        "memory after the last round over the first": (sizes[-1] / sizes[0], 1.05),
        "p99 of cycles beside over alone": (sure["ratio"], 1.10),
    }
    said = {
        what: {"value": round(float(value), 3), "bar": bar, "holds": bool(value <= bar)}
        for what, (value, bar) in found.items()
    }
    sure = {what: round(value, 3) for what, value in sure.items()}
    print(json.dumps({**said, "sure": sure, "load": os.getloadavg(), "cores": os.cpu_count()}))
    return all(each["holds"] for each in said.values())


def watched_alone(service: int, seconds: float) -> Span:
    """The controller alone: the service stands still meanwhile."""
    os.kill(service, signal.SIGSTOP)
    try:
        time.sleep(CALM)
        begin = time.perf_counter()
        time.sleep(seconds)
        return begin, time.perf_counter()
    finally:
        os.kill(service, signal.SIGCONT)
        time.sleep(CALM)


def rounds(given: argparse.Namespace, service: int) -> Watched:
    """Alone and beside in turns, and what came of it."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    seconds = given.seconds / ROUNDS
    args = (_cookie(), given.viewers, given.rate, seconds, there)
    load = context.Process(target=loaded, args=args)
    load.start()
    time.sleep(5.0)  # both have read what they need
    alone, beside, sizes, used = [], [], [], 0.0
    for _ in range(ROUNDS):
        alone.append(watched_alone(service, seconds))
        before = processor(service)
        here.send(True)
        beside.append(here.recv())
        used += processor(service) - before
        sizes.append(memory(service))
        time.sleep(CALM)
    here.send(False)
    told = here.recv()
    load.join()
    said = ", ".join(f"{each:.0f}" for each in sizes)
    lasted = sum(end - begin + SETTLED for begin, end in beside)
    gives = nicenesses(service)
    print(f"service: {said} MB after each round; takes {used / lasted:.0%} of a processor;"
          f" {len(gives)} threads, nice {min(gives)} to {max(gives)}")  # fmt: skip
    return Watched(told, alone, beside, sizes)


def served(given: argparse.Namespace, folder: Path) -> Watched:
    """The service in a process of its own, and its rounds."""
    command = [sys.executable, "-m", "zeroplant", "serve", str(COUNTY), "--data", str(folder),
               "--port", str(PORT)]  # fmt: skip
    log = (folder / "service.log").open("w")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as service:
        try:
            return rounds(given, service.pid)
        finally:
            service.terminate()


def _cookie() -> str:
    for _ in range(600):
        try:
            return entered(PASSWORD)
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
        try:
            watched = served(given, folder)
        finally:
            stop.set()
            controller.join()
        held = tell(watched, np.load(folder / "taken.npy"))
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
