"""The twin in real time, each asset behind a server of its own on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.assets.battery import Battery
from zeroplant.assets.boiler import Boiler
from zeroplant.assets.charger_hub import ChargerHub
from zeroplant.assets.chiller import Chiller
from zeroplant.assets.grid import Grid
from zeroplant.assets.heat_pump import HeatPump
from zeroplant.assets.home_fleet import HomeFleet
from zeroplant.assets.service_area import Chargers, ServiceArea
from zeroplant.assets.solar import Solar
from zeroplant.assets.thermal_store import ThermalStore
from zeroplant.links.clock import SystemClock
from zeroplant.links.link import Quality
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.year import Year
from zeroplant.plant import Plant
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.endless import Endless
from zeroplant.twin.kinds.swap import Swap
from zeroplant.twin.plant import Twin
from zeroplant.twin.wire.counted import Counted
from zeroplant.twin.wire.fitting import (
    BATTERY,
    BOILER,
    CHILLER,
    GATEWAY,
    HEAT_PUMP,
    INVERTER,
    METER,
    THERMAL_STORE,
)  # fmt: skip
from zeroplant.twin.wire.plant import PlantWire
from zeroplant.twin.wire.stations import Hub, Stations
from zeroplant.twin.wire.thermal import Thermal

SPEAKS = (
    (Battery, BATTERY), (Solar, INVERTER), (HomeFleet, GATEWAY), (HeatPump, HEAT_PUMP),
    (Boiler, BOILER), (Chiller, CHILLER), (ThermalStore, THERMAL_STORE),
)  # fmt: skip
"""What assets of a kind speak, where their points are those of such a device."""
FOREVER = timedelta(days=3650)
MOST_CHARGERS = 200
"""Connectors that a central system takes of one station; beyond, each stands for several."""


class Serving:
    """A twin that moves with the machine's clock, and the servers of its devices."""

    def __init__(self, plant: Plant, *, start: datetime, days: int, seed: int, step: float) -> None:
        begin = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)

        def drawn(begin: datetime, year: Year | None = None) -> Standing:
            return stand(
                plant, start=begin, days=days, horizon=0, seed_shift=1000 + seed, year=year
            )

        truth = drawn(begin)
        twin = Twin(truth, seed=seed, step=step, clock=SimulatedClock(begin))
        self.endless = Endless(twin, seed, lambda end: drawn(end, truth.year))
        # Within the quarter-hour, time goes on from where the machine is.
        self.endless.advance((start - begin).total_seconds())
        points = [self.twin.points.point(place) for place in range(len(self.twin.points))]
        speaks = {name: form for name, asset in plant.assets.items()
                  for kind, form in SPEAKS if isinstance(asset, kind)}  # fmt: skip
        speaks |= {name: METER for name, asset in plant.assets.items()
                   if isinstance(asset, Grid) and asset.meter is not None}  # fmt: skip
        self._counted = Counted(twin)
        self._thermal = twin, Thermal(twin)
        self.wire = PlantWire(points, self.read, self.write, SystemClock(), speaks)
        swaps = [kind.name for kind in twin.kinds if isinstance(kind, Swap)]
        hubs = hubs_of(plant, twin)
        self.stations = Stations(
            swaps, self.station, self.read, self.write, SystemClock(), hubs
        )  # fmt: skip

    @property
    def twin(self) -> Twin:
        """The twin of these days."""
        return self.endless.twin

    async def open(self, folder: Path) -> dict[str, str]:
        """Start a server for each asset, and write the files `zeroplant control` reads.

        Swap stations and charging hubs dial in by OCPP beside, where the plant has any.
        """
        folder.mkdir(parents=True, exist_ok=True)
        places = await self.wire.start(folder)
        if self.stations.names or self.stations.hubs:
            for name, place in (await self.stations.start(folder)).items():
                places[name] += f", {place}"
        return places

    def station(self, name: str) -> Swap:
        """A swap station of these days, by its name."""
        found = (kind for kind in self.twin.kinds if isinstance(kind, Swap))
        return next(kind for kind in found if kind.name == name)

    async def run(self, lasts: float | None = None) -> None:
        """Move with the clock until cancelled, or for so many seconds."""
        loop = asyncio.get_running_loop()
        begun, moved, step = loop.time(), 0.0, self.twin.seconds
        try:
            while lasts is None or moved < lasts:
                self.endless.advance(step)
                self._counted.add(self.twin)
                moved += step
                await asyncio.sleep(max(0.0, begun + moved - loop.time()))
        finally:
            self.endless.close()
            await self.stations.stop()
            await self.wire.stop()

    def read(self) -> Mapping[str, float]:
        """What the devices say, by name; nan where one does not know."""
        value, _, quality = self.twin.read()
        known = np.where(quality < Quality.LOST, value, np.nan)
        said = dict(zip(self.twin.points.names, known.tolist(), strict=True))
        if self._thermal[0] is not self.twin:  # other days, another twin
            self._thermal = self.twin, Thermal(self.twin)
        return {**self._thermal[1].values(self.twin), **self._counted.values, **said}

    def write(self, point: str, value: float, until: datetime | None) -> bool:
        """A set-point that came in; without an end it holds until told otherwise."""
        if point not in self.twin.points.index:
            return False
        end = until or self.twin.clock.now() + FOREVER
        return bool(self.twin.write(self.twin.places([point]), np.array([value]), end)[0])


def hubs_of(plant: Plant, twin: Twin) -> list[Hub]:
    """Charging hubs whose power may be set, as a number of chargers."""
    found, points = [], twin.points
    for name, asset in plant.assets.items():
        chargers = asset.chargers if isinstance(asset, ServiceArea) else asset
        place = points.index.get(f"{name}.charge")
        if not isinstance(chargers, Chargers | ChargerHub) or place is None:
            continue
        whole = float(points.most[place])
        if points.writable[place] and whole > 0.0:
            count = min(max(round(whole / chargers.charger_power), 1), MOST_CHARGERS)
            found.append(Hub(name, count, whole / count))
    return found
