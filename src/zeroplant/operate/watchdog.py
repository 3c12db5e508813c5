"""Signs of life for systemd: ready, alive, stopping, by its notification socket.

Outside of systemd (no NOTIFY_SOCKET) nothing happens. The protocol is that of sd_notify(3).
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress


class Watchdog:
    """Tells the service manager that the control loop lives."""

    def __init__(self, address: str | None = None) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self.kicks = 0

    def ready(self) -> None:
        """The plant is under control."""
        self._say("READY=1")

    def alive(self, status: str = "") -> None:
        """One more cycle was completed; only a cycle may call this."""
        self.kicks += 1
        self._say(f"WATCHDOG=1\nSTATUS={status}" if status else "WATCHDOG=1")

    def stopping(self) -> None:
        """It goes down on purpose."""
        self._say("STOPPING=1")

    def _say(self, what: str) -> None:
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        place = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.setblocking(False)  # a manager that does not listen must not hold up a cycle
            channel.connect(place)
            channel.send(what.encode())
