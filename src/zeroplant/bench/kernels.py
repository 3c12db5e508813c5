"""How long compiled kernels take: to compile on a fresh machine, and to load when they are kept."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from typing import Any

from zeroplant.bench.apart import apart
from zeroplant.errors import SolveError

COMMAND = ("-m", "zeroplant.solve.warm")


def kernels(limit: float) -> dict[str, Any]:
    """The kernels of the staged solver in fresh processes: nothing kept, then all of it kept.

    To compile: the whole command that `make setup` gives, with its imports. To load: the first
    solve of a tiny programme less the second; imports (numba, scipy) stand apart.
    """
    with tempfile.TemporaryDirectory() as folder:
        clock, processor = compiled(folder, limit)
        outcome = apart(ready, folder, limit=limit)
    kept = outcome.result
    if kept is None:
        raise SolveError(outcome.reason)
    return {
        "rows": None,
        "columns": None,
        "staged_seconds": kept["seconds"],
        "staged_processor_seconds": kept["processor_seconds"],
        "highs_seconds": None,
        "piqp_seconds": None,
        "iterations": None,
        "relative_error": None,
        "import_seconds": kept["import_seconds"],
        "compile_seconds": clock,
        "compile_processor_seconds": processor,
        "load_seconds": kept["seconds"],
        "load_processor_seconds": kept["processor_seconds"],
        "limits": {"compile_seconds": 20.0, "load_seconds": 0.3},
    }


def compiled(folder: str, limit: float) -> tuple[float, float]:
    """Seconds and processor seconds of the command that compiles, into an empty folder."""
    told, before = os.environ | {"NUMBA_CACHE_DIR": folder}, _spent()
    begin = time.perf_counter()
    try:
        subprocess.run(
            [sys.executable, *COMMAND], env=told, check=True, capture_output=True, timeout=limit
        )
    except subprocess.SubprocessError as failed:
        message = f"the kernels were not compiled: {failed}"
        raise SolveError(message) from failed
    return time.perf_counter() - begin, _spent() - before


def _spent() -> float:
    """Processor seconds of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ready(folder: str) -> dict[str, float]:
    """Get the kernels ready with machine code kept in a folder; what that took."""
    os.environ["NUMBA_CACHE_DIR"] = folder
    begin = time.perf_counter()
    warm = import_module("zeroplant.solve.warm").warm
    imported = time.perf_counter() - begin
    clock, processor = [], []
    for _ in range(2):
        begin, begin_processor = time.perf_counter(), time.process_time()
        warm()
        clock.append(time.perf_counter() - begin)
        processor.append(time.process_time() - begin_processor)
    return {
        "import_seconds": imported,
        "seconds": clock[0] - clock[1],
        "processor_seconds": processor[0] - processor[1],
    }
