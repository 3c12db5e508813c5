"""How long compiled kernels take: to compile on a fresh machine, and to load when they are kept."""

from __future__ import annotations

import os
import tempfile
import time
from importlib import import_module
from typing import Any

from zeroplant.bench.apart import apart
from zeroplant.errors import SolveError


def kernels(limit: float) -> dict[str, Any]:
    """The kernels of the staged solver in fresh processes: nothing kept, then all of it kept.

    Seconds of the first solve of a tiny programme, less those of the second; those of imports
    (numba, scipy) stand apart.
    """
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [apart(ready, folder, limit=limit) for _ in range(2)]
    for outcome in outcomes:
        if outcome.result is None:
            raise SolveError(outcome.reason)
    fresh, kept = (outcome.result for outcome in outcomes)
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
        "compile_seconds": fresh["seconds"],
        "compile_processor_seconds": fresh["processor_seconds"],
        "load_seconds": kept["seconds"],
        "load_processor_seconds": kept["processor_seconds"],
        "limits": {"compile_seconds": 20.0, "load_seconds": 0.3},
    }


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
