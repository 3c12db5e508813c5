"""Stations for tests: the settings of one, its central system, and the library's own client."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from zeroplant.links.clock import Clock
from zeroplant.links.ocpp import CentralSystem, Station, StationLink, hashed

PASSWORD = "a-password-drawn-by-lot"
IDENTITY = "CP-1"


def station(**more: Any) -> Station:
    settings = {
        "identity": IDENTITY, "password": hashed(PASSWORD), "name": "hub", "connectors": 2,
        "most": "240 kW", "each": "120 kW", "safe": "10 kW",
    }  # fmt: skip
    return Station.model_validate(settings | more)


@asynccontextmanager
async def central(*stations: Station, clock: Clock | None = None) -> AsyncIterator[CentralSystem]:
    async with CentralSystem(stations or (station(),), clock=clock) as system:
        await system.open(port=0)
        yield system


def dial(
    port: int,
    *,
    version: str = "2.0.1",
    identity: str = IDENTITY,
    password: str = PASSWORD,
    path: str | None = None,
    header: str | None = None,
) -> connect:
    """A connection to the central system, to be used as ``async with``."""
    secret = base64.b64encode(f"{identity}:{password}".encode()).decode()
    return connect(
        f"ws://127.0.0.1:{port}/ocpp/{path or identity}",
        subprotocols=[f"ocpp{version}"],  # type: ignore[list-item]
        additional_headers={"Authorization": header or f"Basic {secret}"},
        compression=None,
    )


@asynccontextmanager
async def speaking(line: ClientConnection, kind: type) -> AsyncIterator[Any]:
    """The library's own charge point on a connection."""
    point = kind(IDENTITY, line)
    task = asyncio.create_task(point.start())
    try:
        yield point
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


def only(system: CentralSystem) -> StationLink:
    return system.links[IDENTITY]


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
