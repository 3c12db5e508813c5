"""Processes that work beside this one, each with one thread."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from zeroplant.plan.sweep.point import LIMITS, prepare

DIED = "its process ended before it was done, as one does that needs too much memory"


@contextmanager
def pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, one thread each; on the way out none of them is left behind."""
    before = set(multiprocessing.active_children())
    with _one_thread():
        context = multiprocessing.get_context("spawn")
        workers = ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare)
        try:
            yield workers
        except BaseException:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
            workers.shutdown(wait=True, cancel_futures=True)
            raise
        workers.shutdown()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let processes that begin now take one thread each."""
    kept = {name: os.environ.get(name) for name in LIMITS}
    os.environ.update(dict.fromkeys(LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
