"""A plant that others call on, over real sockets, at a clock that stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.links.masters import asdu
from zeroplant.links.iec104_asdu import Type
from zeroplant.operate.callers import Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.operate.recording import Recording

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
POINTS = """\
points:
  - {ioa: 16385, name: grid.export}
commands:
  - {ioa: 25089, name: plant.target, least: -20, most: 40, valid: 15 min}
  - {ioa: 25090, name: plant.most export, least: 0, most: 40}
  - {ioa: 25091, name: battery.charge, least: 0, most: 5}
  - {ioa: 25092, name: plant.release, type: single}
"""


class Hands:
    def __init__(self) -> None:
        self.at, self.jumped = NOW, timedelta()

    def now(self) -> datetime:
        return self.at

    def count(self) -> float:
        return (self.at - self.jumped - NOW).total_seconds()

    def jump(self, by: timedelta) -> None:
        """Somebody sets it: no time passes."""
        self.at += by
        self.jumped += by

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


def write(folder: Path, text: str) -> Path:
    (folder / "points.yaml").write_text(POINTS)
    path = folder / "callers.yaml"
    path.write_text(text)
    return path


@asynccontextmanager
async def called(
    folder: Path, text: str, recording: Recording | None = None, clock: Hands | None = None
) -> AsyncIterator[tuple[Callers, Hands]]:
    clock = clock or Hands()
    callers = Callers(read_callers(write(folder, text)), clock, recording)
    await callers.open()
    try:
        yield callers, clock
    finally:
        await callers.close()


CENTRE = 'dispatch_centre: {listen: "127.0.0.1:0", points: points.yaml, lost: 10 min}\n'


def set_point(ioa: int, value: float) -> bytes:
    return asdu(Type.SET_POINT, 6, ioa, np.float32(value).tobytes() + b"\0")
