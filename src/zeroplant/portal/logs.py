"""The log of the service: one JSON object per line, with the number of the request it is about."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

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
