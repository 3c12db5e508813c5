"""Killing a real controller process at random moments, and looking at what is left."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.operate.small_plant import START
from zeroplant.operate.folder import PlantFolder, submit
from zeroplant.operate.wish import Wish
from zeroplant.store import Journal

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
ORDER = Wish("less", "Li", "target", 5.0, START, START + timedelta(days=1), "", "test")


@dataclass
class Killed:
    """What was seen: seconds from start to the first safe cycle, and what was wrong.

    ``cpu`` are the seconds of processor time of these, which other load does not lengthen much.
    """

    starts: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    acknowledged: int = 0
    cut_off: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_often(folder: Path, times: int, seed: int) -> Killed:
    """Start the controller and kill it, so many times, in the same folder.

    Half-way a person orders something: every life before begins in its fail-safe, and none after
    forgets the order.
    """
    rng, seen = random.Random(seed), Killed()
    for number in range(times):
        ordered = number >= times // 2
        if number == times // 2:
            submit(PlantFolder(folder), ORDER)
        lines, seconds = _one_life(folder, rng.uniform(0.0, 0.6))
        seen.starts.append(seconds)
        cycles = [line.split()[2:] for line in lines if line.startswith("cycle")]
        counts = [int(line.split()[1]) for line in lines if line.startswith("acknowledged")]
        if not cycles or cycles[0][0] != ("person" if ordered else "fail-safe"):
            seen.wrong.append(f"life {number} began with {cycles[:1]}")
        seen.cpu += [float(cycles[0][1])] if cycles else []
        seen.acknowledged = max([seen.acknowledged, *counts])
        journal = Journal(PlantFolder(folder).journal)
        verdict = journal.verify()
        if not verdict.intact:
            seen.wrong.append(f"life {number}: {verdict}")
        if verdict.records < seen.acknowledged:
            seen.wrong.append(f"life {number}: {verdict.records} of {seen.acknowledged} left")
        seen.cut_off += verdict.unfinished > 0
    return seen


def _one_life(folder: Path, last: float) -> tuple[list[str], float]:
    """One process from its start to SIGKILL: what it said, and seconds to its first cycle."""
    command = [sys.executable, "-m", "tests.operate.killed", str(folder)]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith("cycle"):
                break
        seconds = time.monotonic() - begun
        time.sleep(last)
    finally:
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait(PATIENCE)
        process.stdout.close()
    return [line for line in lines if line.endswith("\n")], seconds
