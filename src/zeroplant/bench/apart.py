"""Work in a process of its own: it may take too long, crash or fill memory, and we go on."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MEMORY = 0.75
"""Share of the machine's memory that it may take, where the system can say so."""
GRACE = 60.0
"""Seconds beyond the limit for starting, and for solvers that look at the clock now and then."""


@dataclass
class Outcome:
    """What the work returned, or (``result`` None) why it did not, and its peak memory in GB."""

    result: Any
    reason: str = ""
    peak: float | None = None


def apart(work: Callable[..., Any], *arguments: Any, limit: float) -> Outcome:
    """Run ``work(*arguments)`` in a fresh process, for ``limit`` seconds and some grace.

    ``work`` is a function of a module, and everything that goes in or comes out can be pickled.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limit + GRACE):
            return Outcome(None, f"stopped after {limit:g} s")
        found: Outcome = ours.recv()
    except EOFError:
        process.join()
        return Outcome(None, f"crashed (exit code {process.exitcode})")
    finally:
        process.terminate()
        process.join()
        ours.close()
    return found


def _child(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    _hold_memory()
    try:
        outcome = Outcome(work(*arguments))
    except Exception as error:  # whatever it was is the result
        outcome = Outcome(None, f"{type(error).__name__}: {error}")
    outcome.peak = _peak()
    pipe.send(outcome)
    pipe.close()


def _hold_memory() -> None:
    """Let this process fail when it takes too much, rather than its neighbours."""
    if sys.platform == "linux":
        most = int(MEMORY * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak() -> float | None:
    """The most memory this process had, in GB; None where the system does not say it this way.

    Not from getrusage, which on Linux begins with what the parent had.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1.024e-6
