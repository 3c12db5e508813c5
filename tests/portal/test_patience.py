"""Connections that are held open without a request."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn

from zeroplant.portal import patience


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(1.0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letter by letter, at once or after a first request; one that is under way is left alone."""
    monkeypatch.setattr(patience, "PATIENCE", 0.3)

    async def drip(port: int, first: bytes) -> bool:
        """Whether the connection was closed within three seconds."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first)
        if first:
            await reader.readuntil(b"hello")
        ended = asyncio.create_task(reader.read())  # to its end
        for letter in "GET / HTTP/1.1" * 2:
            if ended.done():
                break
            writer.write(letter.encode())
            await asyncio.wait([ended], timeout=0.1)
        closed = ended.done()
        writer.close()
        await asyncio.gather(ended, return_exceptions=True)
        return closed

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        said = await reader.read()
        writer.close()
        return said

    async def run() -> list[Any]:
        config = uvicorn.Config(
            _hello, port=0, http=patience.Impatient, lifespan="off", log_level="error", ws="none"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
        found = await asyncio.gather(drip(port, b""), drip(port, request), ask(port))
        server.should_exit = True
        await serving
        return found

    first, second, slow = asyncio.run(run())
    assert (first, second) == (True, True)
    assert b"hello" in slow
