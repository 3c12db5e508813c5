"""A process that does not outlive the one that started it, however that one ends."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path

LATER = 5
"""By how much its niceness is above that of the process that started it."""
FIRST = 500
"""Of how much more worth to be killed it is where memory runs out (0 to 1000)."""
ORPHANED = 17
"""Exit code of a process whose parent is gone."""


def end_with_parent() -> None:
    """Have this process end, whatever it is doing, as soon as its parent has.

    After ``kill -9`` a controller is started anew within a second: a planner that went on with its
    solution would take the machine from the new one for as long as that lasts. Solvers let other
    threads run, so a thread that waits for the parent's end is enough. Does nothing in a process
    that was not started by `multiprocessing`.
    """
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(ORPHANED)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def stand_back() -> None:
    """Let the process that started this one go first, where processors or memory are short.

    A controller's priority is inherited by what it starts (systemd's Nice and OOMScoreAdjust).
    """
    if parent_process() is None:
        return
    with suppress(AttributeError, OSError):  # Windows knows neither
        os.nice(LATER)
        Path("/proc/self/oom_score_adj").write_text(str(FIRST), encoding="ascii")
