"""A server of events with one program, and a VEN that reads it when told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from tests.links.fakes import HandClock
from zeroplant.links.openadr import Signal, Ven
from zeroplant.twin.wire.vtn import Vtn

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
CLIENTS = {"grid": ("grid-secret", "bl"), "plant": ("plant-secret", "ven")}


def event(
    program: str = "P", /, *values: float, kind: str = "DISPATCH_SETPOINT", **more: Any
) -> dict[str, Any]:
    return {
        "id": "E",
        "programID": program,
        "intervalPeriod": {"start": "2026-07-01T17:00:00+08:00", "duration": "PT1H"},
        "payloadDescriptors": [{"payloadType": kind, "units": "KW"}],
        "intervals": [
            {"id": n, "payloads": [{"type": kind, "values": [value]}]}
            for n, value in enumerate(values or (5000.0,))
        ],
    } | more


class Scene:
    """A server with one program, and a VEN that reads it when told."""

    def __init__(self, **ven: Any) -> None:
        self.clock = HandClock(NOW)
        self.vtn = Vtn(CLIENTS, self.clock)  # type: ignore[arg-type]
        self.program = self.vtn.put("programs", {"programName": "shed"})["id"]
        self.said: list[Signal] = []
        self.cancelled: list[tuple[str, str]] = []
        self.settings = ven

    def put(self, *values: float, identity: str = "", **more: Any) -> str:
        said = event(self.program, *values, **more)
        del said["id"]
        return str(self.vtn.put("events", said, identity)["id"])


@asynccontextmanager
async def scene(**settings: Any) -> AsyncIterator[tuple[Scene, Ven]]:
    made = Scene()
    await made.vtn.open()
    ven = Ven(
        made.vtn.url, "plant", "plant-secret", made.said.append,
        lambda e, k: made.cancelled.append((e, k)), clock=made.clock, **settings,
    )  # fmt: skip
    try:
        yield made, ven
    finally:
        await ven.close()
        await made.vtn.close()
