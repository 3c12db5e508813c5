"""A file that must be on the disk before somebody is answered, and that nobody waits for for long.

A confirmed command of the dispatch centre must outlast whatever happens next, so it is written
before it is confirmed. The disk may hang: then the wait ends, and the command is refused; those
after it are refused at once while it hangs, for a controller that waits for each runs no cycle.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial
from pathlib import Path
from typing import Any

from zeroplant.operate.worker import Worker
from zeroplant.store.durable import write_durably

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds that a caller waits for the disk at most: a small part of a cycle."""

CLOSING = 5.0
"""Seconds that the end waits for the disk at most."""


class Promptly:
    """Replaces one file, in order, in a thread of its own."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path, self._patience = path, patience
        self._worker = Worker(path.name)
        self._through = threading.Event()
        """Set while no write is on its way to the disk."""
        self._through.set()
        self._next: dict[str, Any] = {}
        self._queued = False

    def write(self, content: Mapping[str, Any]) -> str:
        """Have it replaced and wait for the disk; why it is not there for certain, or nothing."""
        if not self._through.is_set():
            return f"the disk has not yet taken {self._path.name} of before"
        self._through.clear()
        done: Future[None] = Future()
        self._worker.do(partial(self._answered, dict(content), done))
        try:
            done.result(self._patience)
        except TookTooLong:
            done.cancel()  # if it is not begun, it is not to be written after what comes next
            return f"the disk did not take {self._path.name} within {self._patience:g} s"
        except Exception as error:  # whatever it is: it is not on the disk
            log.warning("%s: %r", self._path, error)
            return f"{self._path.name} cannot be written: {error}"
        return ""

    def put(self, content: Mapping[str, Any]) -> None:
        """Have it replaced after what was given before, by the last put; returns at once."""
        self._next = dict(content)
        if not self._queued:
            self._queued = True
            self._worker.do(self._put)

    def close(self, patience: float = CLOSING) -> None:
        """Write what waits, for so many seconds at most; what the disk does not take is logged."""
        self._worker.close(patience)

    def _answered(self, content: Mapping[str, Any], done: Future[None]) -> None:
        wanted, error = done.set_running_or_notify_cancel(), None
        try:
            if wanted:
                self._replace(content)
        except Exception as what:
            error = what
        self._through.set()
        if error is not None:
            done.set_exception(error)
        elif wanted:
            done.set_result(None)

    def _put(self) -> None:
        self._queued = False  # before it is read: what comes from now on is queued anew
        try:
            self._replace(self._next)
        except Exception as error:  # nobody waits to hear of it
            log.warning("%s: %r", self._path, error)

    def _replace(self, content: Mapping[str, Any]) -> None:
        write_durably(self._path, json.dumps(content, ensure_ascii=False).encode())
