"""A Mosquitto broker of one's own, on loopback and a free port, for as long as it is needed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from pathlib import Path

PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Where packages put the broker, beside the folders of PATH."""


def mosquitto() -> str | None:
    """The broker's program; None where it is not installed."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    return shutil.which("mosquitto", path=folders)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """A broker that can be stopped and started again at the same place.

    ``settings`` are lines of its configuration; without them anyone on loopback may connect.
    """

    def __init__(self, *settings: str) -> None:
        self.port = free_port()
        self.settings = settings or ("allow_anonymous true",)
        self._folder = tempfile.TemporaryDirectory(prefix="zeroplant-broker-")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def at(self) -> str:
        """Its address."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it listens. Raises OSError where it is not installed."""
        program = mosquitto()
        if program is None:
            message = "the MQTT broker 'mosquitto' is not installed"
            raise FileNotFoundError(message)
        config = Path(self._folder.name) / "mosquitto.conf"
        lines = [f"listener {self.port} 127.0.0.1", *self.settings, "persistence false"]
        config.write_text("\n".join([*lines, "log_dest none", ""]))
        self._process = await asyncio.create_subprocess_exec(program, "-c", str(config))
        for _ in range(100):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
        await self.stop()
        message = f"the MQTT broker does not listen on port {self.port}"
        raise TimeoutError(message)

    async def stop(self) -> None:
        """Stop it; who is connected is cut off."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()
            await process.wait()

    async def __aenter__(self) -> Broker:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        self._folder.cleanup()
