"""How long a connection may stay without a request under way: those held open are closed."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0
"""Seconds in which the head of a request must have come whole."""


class Impatient(H11Protocol):
    """A connection that ends when no request has begun on it for `PATIENCE` seconds.

    The server itself only bounds the pause between two requests; somebody who sends a head letter
    by letter would keep a place for ever. The time of a body is bounded by the shell.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._seen: object = None
        self._watching = self.loop.call_later(PATIENCE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        self._watching.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        cycle: Any = self.cycle
        idle = cycle is None or cycle.response_complete
        if idle and cycle is self._seen:
            self.transport.close()
            return
        self._seen = cycle
        self._watching = self.loop.call_later(PATIENCE, self._look)
