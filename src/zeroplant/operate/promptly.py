"""A file that must be on the disk before somebody is answered, and that nobody waits for for long.

A confirmed command of the dispatch centre must outlast whatever happens next, so it is written
before it is confirmed. The disk may hang: then the wait ends, and the command is refused.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial
from pathlib import Path
from typing import Any

from zeroplant.files import write_atomic
from zeroplant.operate.worker import Worker

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

    def write(self, content: Mapping[str, Any]) -> str:
        """Have it replaced and wait for the disk; why it is not there for certain, or nothing."""
        done: Future[None] = Future()
        self._worker.do(partial(self._answered, dict(content), done))
        try:
            done.result(self._patience)
        except TookTooLong:
            return f"the disk did not take {self._path.name} within {self._patience:g} s"
        except Exception as error:  # whatever it is: it is not on the disk
            log.warning("%s: %r", self._path, error)
            return f"{self._path.name} cannot be written: {error}"
        return ""

    def put(self, content: Mapping[str, Any]) -> None:
        """Have it replaced after what was given before; returns at once."""
        self._worker.do(partial(self._logged, dict(content)))

    def close(self, patience: float = CLOSING) -> None:
        """Write what waits, for so many seconds at most; what the disk does not take is logged."""
        self._worker.close(patience)

    def _answered(self, content: Mapping[str, Any], done: Future[None]) -> None:
        try:
            self._replace(content)
        except Exception as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    def _logged(self, content: Mapping[str, Any]) -> None:
        try:
            self._replace(content)
        except Exception as error:  # nobody waits to hear of it
            log.warning("%s: %r", self._path, error)

    def _replace(self, content: Mapping[str, Any]) -> None:
        write_atomic(self._path, json.dumps(content, ensure_ascii=False))
