"""The twin in real time, each asset behind a Modbus server of its own on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.links.clock import SystemClock
from zeroplant.links.link import Quality
from zeroplant.operate.standing import stand
from zeroplant.plant import Plant
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.plant import Twin
from zeroplant.twin.wire.plant import PlantWire

FOREVER = timedelta(days=3650)


class Serving:
    """A twin that moves with the machine's clock, and the servers of its devices."""

    def __init__(self, plant: Plant, *, start: datetime, days: int, seed: int, step: float) -> None:
        begin = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
        truth = stand(plant, start=begin, days=days, horizon=0, seed_shift=1000 + seed)
        self.twin = Twin(truth, seed=seed, step=step, clock=SimulatedClock(begin))
        # Within the quarter-hour, time goes on from where the machine is.
        self.twin.advance((start - begin).total_seconds())
        points = [self.twin.points.point(place) for place in range(len(self.twin.points))]
        self.wire = PlantWire(points, self.read, self.write, SystemClock())

    async def open(self, folder: Path) -> dict[str, str]:
        """Start a server for each asset, and write the files `zeroplant control` reads."""
        folder.mkdir(parents=True, exist_ok=True)
        return await self.wire.start(folder)

    async def run(self, lasts: float | None = None) -> None:
        """Move with the clock until cancelled, or for so many seconds."""
        loop = asyncio.get_running_loop()
        begun, moved, step = loop.time(), 0.0, self.twin.seconds
        try:
            while lasts is None or moved < lasts:
                self.twin.advance(step)
                moved += step
                await asyncio.sleep(max(0.0, begun + moved - loop.time()))
        finally:
            await self.wire.stop()

    def read(self) -> Mapping[str, float]:
        """What the devices say, by name; nan where one does not know."""
        value, _, quality = self.twin.read()
        known = np.where(quality < Quality.LOST, value, np.nan)
        return dict(zip(self.twin.points.names, known.tolist(), strict=True))

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        """A set-point that came in; without an end it holds until told otherwise."""
        end = until or self.twin.clock.now() + FOREVER
        return bool(self.twin.write(self.twin.places([point]), np.array([value]), end)[0])
