"""A program that starts writers and kills them: as ``kill -9`` would, at random or at every step.

It forks before any library has started a thread, so a writer costs milliseconds instead of an
import. ``python nursery.py history|journal random|steps FOLDER TIMES SEED`` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd  # noqa: F401 - the libraries load it at their first use, in every child again

from zeroplant.store import Batch, Entry, HistoryWriter, Journal, JournalWriter

START = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
POINTS = [f"p{point}" for point in range(7)]
ROWS = 3 * len(POINTS)
TELL = os.write
"""Says what was acknowledged; no step of a writer."""
STEPS = 7
"""Batches of a writer that is to die at every step: enough to compact once on the way."""


def batch(number: int) -> Batch:
    """The batch of a number: three moments of seven points, over midnight, with late ones."""
    moment = np.datetime64(START.replace(tzinfo=None), "us") + np.timedelta64(number, "s")
    event = np.repeat(moment - np.arange(3) * np.timedelta64(1, "D"), len(POINTS))
    return Batch(POINTS * 3, event, np.arange(ROWS) + number * 1000.0, moment)


def write_history(folder: Path, done: Callable[[int], None], many: int) -> None:
    """Append batch after batch, and say which were acknowledged."""
    with HistoryWriter(folder, ahead=5 * ROWS) as history:
        number = history._arrival // ROWS
        done(number - 1)  # so that of all before this process, none is only perhaps acknowledged
        for each in range(number, number + many):
            history.append(batch(each))
            done(each)


def check_history(folder: Path, acknowledged: int) -> None:
    """Every acknowledged batch is there once, one more may be, whole; and the files are sound."""
    start = time.perf_counter()
    with HistoryWriter(folder, ahead=5 * ROWS) as history:
        opening = time.perf_counter() - start
        values = np.sort(history.versions(POINTS)["value"].to_numpy())
        kept = len(values) // ROWS
        assert kept in (acknowledged + 1, acknowledged + 2), (kept, acknowledged)
        wanted = (np.arange(kept)[:, None] * 1000.0 + np.arange(ROWS)).ravel()
        assert np.array_equal(values, wanted)
        assert sum(part.rows for part in history._manifest.parts) <= len(values)
        assert history.verify() == []
    assert opening < 5, opening


def entry(number: int) -> Entry:
    """The entry of a number; every 40th falls on the next day, so that files change."""
    known = START + timedelta(seconds=number * 90)
    payload = {"what": "x" * (number % 700), "number": number}
    return Entry(kind="command", event=known, known=known, key=f"b{number % 3}", payload=payload)


def write_journal(folder: Path, done: Callable[[int], None], many: int) -> None:
    """Record groups of entries, and say how many were acknowledged."""
    with JournalWriter(folder) as journal:
        number = journal.anchor().count
        for size in random.Random(number).choices(range(1, 30), k=many):
            numbers = journal.append([entry(number + 1 + each) for each in range(size)])
            number = numbers[-1]
            done(number)


def check_journal(folder: Path, acknowledged: int) -> None:
    """Every acknowledged record is there, the chain is intact, and it is quickly opened."""
    start = time.perf_counter()
    with JournalWriter(folder) as journal:
        assert time.perf_counter() - start < 5
        verdict = journal.verify()
        assert verdict.intact, verdict
        assert verdict.records >= acknowledged
        assert journal.anchor().count == verdict.records
    since = entry(max(1, acknowledged - 100)).known
    for record in Journal(folder).read(since):
        assert record.payload == entry(record.number).payload


def forked(work: Callable[[], None]) -> int:
    """The number of a process that does some work."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def crash_at(step: int) -> None:
    """Die right before the so-manieth time that anything is put on disk, renamed or removed."""
    left = [step]

    def counted(does: Callable[..., object]) -> Callable[..., object]:
        def instead(*args: object, **named: object) -> object:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return does(*args, **named)

        return instead

    for module, name in [(os, "fsync"), (os, "write"), (Path, "replace"), (Path, "unlink")]:
        setattr(module, name, counted(getattr(module, name)))


def run(kind: str, how: str, folder: Path, times: int, seed: int) -> dict[str, float]:
    """Kill so many writers; after each, check in a process of its own what is on disk."""
    write = {"history": write_history, "journal": write_journal}[kind]
    check = {"history": check_history, "journal": check_journal}[kind]
    chance = random.Random(seed)
    acknowledged, killed = -1 if kind == "history" else 0, 0
    for step in range(times):
        ours, theirs = os.pipe()

        def work(step: int = step, pipe: int = theirs) -> None:
            if how == "steps":
                crash_at(step)
            many = STEPS if how == "steps" else 10**6
            write(folder, lambda number: TELL(pipe, b"%d\n" % number), many)

        child = forked(work)
        os.close(theirs)
        if how == "random":
            if chance.random() < 0.9:  # else it may be killed while it opens its files
                select.select([ours], [], [], 5.0)
            longest = chance.choice([0.02, 0.4]) if kind == "history" else 0.04  # it compacts
            time.sleep(chance.uniform(0.0, longest))
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        with os.fdopen(ours, "rb") as pipe:
            acknowledged = max([acknowledged, *map(int, pipe.read().split())])
        killed += os.WIFSIGNALED(status)
        assert os.WIFSIGNALED(status) or how == "steps", "the writer ended by itself"
        checker = forked(partial(check, folder, acknowledged))
        assert os.waitpid(checker, 0)[1] == 0, f"after {killed} kills"
        if how == "steps" and not os.WIFSIGNALED(status):
            break
    return {"killed": killed, "acknowledged": acknowledged}


if __name__ == "__main__":
    kind, how, folder, times, seed = sys.argv[1:]
    sys.stdout.write(json.dumps(run(kind, how, Path(folder), int(times), int(seed))))
