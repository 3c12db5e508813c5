"""Viewers of a control room, and others who ask for its pages: the load of `portal_load.py`."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import defaultdict
from datetime import UTC, datetime
from multiprocessing.connection import Connection

PORT = 8471
ASKED = (
    "/api/v1/live", "/", "/api/v1/schedule", "/schedule", "/alarms", "/health", "/plant", "/grid",
    "/api/v1/points", "/api/v1/history/wind.output?step=60", "/static/style.css", "/healthz",
)  # fmt: skip
CONNECTIONS = 20
SETTLED = 4.0
"""Seconds until what is measured begins: viewers have come, pages were read once."""
CALM = 1.0
"""Seconds that the viewers stay when a round is over."""


async def head(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of an answer; -1 for one that comes in chunks."""
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"(?im)^content-length: (\d+)", said)
    return int(said.split(" ", 2)[1]), int(length[1]) if length else -1


class Load:
    """Viewers and requests with a session's cookie."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.lag: list[float] = []
        self.wrong: list[str] = []
        self.counts = False

    async def view(self) -> None:
        """Follow the live stream, and note how old each image is when it comes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        self._ask(writer, "/api/v1/live/stream", "text/event-stream")
        status, _ = await head(reader)
        if status != 200:
            self.wrong.append(f"stream: {status}")
            return
        async for line in reader:
            if line.startswith(b"data: ") and (wrote := re.search(rb'"wrote": "([^"]+)"', line)):
                since = datetime.now(UTC) - datetime.fromisoformat(wrote[1].decode())
                if self.counts:
                    self.lag.append(since.total_seconds())

    async def ask(self, waiting: asyncio.Queue[tuple[float, str]]) -> None:
        """Send what is due, one after another; the time counts from when it was due."""
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        while True:
            due, path = await waiting.get()
            self._ask(writer, path, "text/html")
            status, length = await head(reader)
            if length >= 0:
                await reader.readexactly(length)
            else:
                await reader.readuntil(b"0\r\n\r\n")
            if self.counts:
                self.taken[path.partition("?")[0]].append(time.perf_counter() - due)
            if status != 200:
                self.wrong.append(f"{path}: {status}")

    def _ask(self, writer: asyncio.StreamWriter, path: str, kind: str) -> None:
        said = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: {kind}\r\n{self.cookie}\r\n\r\n"
        writer.write(said.encode())

    async def run(self, viewers: int, rate: float, seconds: float, told: Connection) -> None:
        """One round; tells when what counts began and, while the viewers are still there, ended."""
        tasks = [asyncio.create_task(self.view()) for _ in range(viewers)]
        waiting: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        tasks += [asyncio.create_task(self.ask(waiting)) for _ in range(CONNECTIONS)]
        for path in ASKED:  # each page once, while the viewers come in
            waiting.put_nowait((time.perf_counter(), path))
        await asyncio.sleep(SETTLED)
        self.counts = True
        begin = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.put_nowait((due, ASKED[number % len(ASKED)]))
        told.send((begin, time.perf_counter()))
        await asyncio.sleep(CALM)
        self.counts = False
        for task in tasks:
            if task.done() and task.exception():
                self.wrong.append(repr(task.exception()))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def entered(password: str) -> str:
    """The cookie of a viewer, as a header."""
    return asyncio.run(_entered(password))


async def _entered(password: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    body = f"name=viewer&password={password}"
    writer.write(
        f"POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
    )
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    found = re.search(r"(?im)^set-cookie: ([^;]+)", said)
    assert found is not None, said
    return f"cookie: {found[1]}"


def loaded(cookie: str, viewers: int, rate: float, seconds: float, told: Connection) -> None:
    """The load, in a process that gives way to those it is a load for: a round when asked for."""
    os.nice(15)
    load = Load(cookie)
    while told.recv():
        asyncio.run(load.run(viewers, rate, seconds, told))
    told.send({"taken": dict(load.taken), "lag": load.lag, "wrong": load.wrong})
