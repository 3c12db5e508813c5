"""The year is solved beside the loop; whatever becomes of that process, somebody is told."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.shared import ROOT
from zeroplant.errors import SolveError
from zeroplant.operate.child import end_with_parent, stand_back
from zeroplant.operate.year_process import YearProcess

LONG = 120.0


def sleeps(pipe: Connection, plant: Path, folder: Path) -> None:
    """A year that takes for ever."""
    end_with_parent()
    folder.joinpath("begun").write_text(str(os.getpid()))
    time.sleep(LONG)


def stands_back(pipe: Connection) -> None:
    """Tell of one's rank, before and after."""
    before = os.nice(0)
    stand_back()
    worth = Path("/proc/self/oom_score_adj")
    pipe.send((before, os.nice(0), int(worth.read_text()) if worth.exists() else 500))


def waits(path: Path) -> bool:
    """Wait for a file; whether it came."""
    ends = time.monotonic() + LONG
    while not path.exists() and time.monotonic() < ends:
        time.sleep(0.02)
    return path.exists()


def test_what_is_wrong_with_the_plant_is_told(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text("name: nothing\n")
    with pytest.raises(SolveError, match=r"not solved: .*plant\.yaml"):
        YearProcess(tmp_path / "plant.yaml", tmp_path).solve()


def test_who_waits_is_told_when_it_is_ended(tmp_path: Path) -> None:
    year = YearProcess(tmp_path, tmp_path, sleeps)
    told: list[str] = []

    def wait() -> None:
        with pytest.raises(SolveError, match="its process has ended") as error:
            year.solve()
        told.append(str(error.value))

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert waits(tmp_path / "begun")
    year.close()
    waiting.join(LONG)
    assert told
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform == "win32", reason="not a checkout: POSIX signals")
def test_a_child_ends_with_its_parent_however_that_one_ends(tmp_path: Path) -> None:
    """kill -9 leaves nobody to tell the child; it sees by itself, in whatever it is doing."""
    program = (
        "import sys; from pathlib import Path; from tests.operate.test_year_process import *\n"
        "if __name__ == '__main__':\n"
        f"    YearProcess(Path({str(tmp_path)!r}), Path({str(tmp_path)!r}), sleeps).solve()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    try:
        assert waits(tmp_path / "begun")
        child = int((tmp_path / "begun").read_text() or "0")
        os.kill(child, 0)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait(LONG)
    ends = time.monotonic() + LONG / 2.0
    while _lives(child) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    """Whether a process is there and not only its number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not hasattr(os, "nice"), reason="this system knows no niceness")
def test_who_is_started_lets_the_controller_go_first() -> None:
    """Where processors or memory are short, the planner is what waits, or what is killed."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=stands_back, args=(theirs,))
    process.start()
    before, after, worth = mine.recv()
    process.join()
    assert before == os.nice(0)
    assert (after, worth) == (min(before + 5, 19), 500)
