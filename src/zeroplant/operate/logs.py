"""The log: one JSON object per line, with the number of the request or of the cycle it is about.

Control and control room write the same lines, so that one reader follows both.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

CYCLE: ContextVar[int | None] = ContextVar("cycle", default=None)
"""Number of the control cycle that runs, as the live image has it; None outside of one."""
_TOLD = ("request", "method", "path", "status", "ms")


class Lines(logging.Formatter):
    """A record as a line of JSON: time, level, logger, what, and what is told besides."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; no letter of a stranger's ends it."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "what": record.getMessage(),
        }
        if (cycle := CYCLE.get()) is not None:
            said["cycle"] = cycle
        said |= {key: vars(record)[key] for key in _TOLD if key in vars(record)}
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said)


def write_log() -> None:
    """Write what happens to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("zeroplant").setLevel(logging.INFO)
