"""The loop over the small plant at simulated time, with devices whose link may be in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tests.operate.small_plant import START, plan, small_network
from zeroplant.links.keeper import Counters
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.operate.controller import Controller
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.recording import Recording
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.watchdog import Watchdog
from zeroplant.operate.wish import Wish


class Devices:
    """All devices of the small plant in one; what they were told is what they do."""

    name, connected, trouble, every = "devices", True, "", 4.0

    def __init__(self, controller: Controller, clock: SteadyClock) -> None:
        points = controller.points
        self.clock, self.counters = clock, Counters()
        self.points: Mapping[str, Point] = {n: points.point(k) for k, n in enumerate(points.names)}
        self.power = dict.fromkeys(points.names, 0.0)
        self.power |= {"works.load": 40.0, "wind.output.possible": 50.0, "battery.level": 50.0}
        self.power |= {name: 1.0 for name in points.names if name.endswith(".online")}

    async def read(self) -> Mapping[str, Reading]:
        """Their powers, and the meter's."""
        now, p = self.clock.now(), self.power
        p["wind.output"] = min(50.0, p["wind.output"] or 50.0)
        net = p["wind.output"] + p["battery.discharge"] - p["battery.charge"] - p["works.load"]
        p["grid.export"], p["grid.import"] = max(net, 0.0), max(-net, 0.0)
        return {name: Reading(value, now) for name, value in p.items()}

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Do as told."""
        for each in setpoints:
            self.power[each.point] = each.value
        return [Acknowledgement(each.point, True, self.clock.now()) for each in setpoints]

    async def close(self) -> None:
        """Nothing to let go of."""


class Ticking:
    """A clock that passes by four seconds with each wait."""

    def __init__(self) -> None:
        self.at, self.counted = START, 0.0

    def now(self) -> datetime:
        return self.at

    def count(self) -> float:
        return self.counted

    def pass_by(self, seconds: float = 4.0) -> None:
        self.at += timedelta(seconds=seconds)
        self.counted += seconds

    async def sleep(self, seconds: float) -> None:
        self.pass_by()
        await asyncio.sleep(0)


class Broken(Devices):
    """Devices whose link is in trouble: old readings, refused set-points."""

    connected, trouble, broken = True, "", False

    async def read(self) -> Mapping[str, Reading]:
        fresh = await super().read()
        if not self.broken:
            self._kept = fresh
        return {
            name: Reading(r.value, r.event, Quality.LOST if self.broken else r.quality)
            for name, r in self._kept.items()
        }

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        if self.broken:
            return [Acknowledgement(s.point, False, self.clock.now(), "gone") for s in setpoints]
        return await super().write(setpoints, urgent=urgent)


def control(folder: Path) -> tuple[ControlLoop, Broken, Ticking]:
    """A loop over the small plant at simulated time."""
    ticking = Ticking()
    clock = SteadyClock(ticking, monotonic=ticking.count)
    controller = Controller(small_network())
    devices = Broken(controller, clock)
    schedule = plan(12.0)
    loop = ControlLoop(
        controller, [devices], clock, Recording(PlantFolder(folder)), lambda: schedule, every=5,
        watchdog=Watchdog(""), monotonic=ticking.count,
    )  # fmt: skip
    return loop, devices, ticking


def run(loop: ControlLoop, ticking: Ticking, cycles: int) -> None:
    """So many cycles."""

    async def several() -> None:
        for _ in range(cycles):
            await loop.cycle()
            ticking.pass_by()

    asyncio.run(several())


def wish(name: str, kind: str, value: float, **more: object) -> Wish:
    said = {"person": "Li", "key": "", "reason": "test", "start": START}
    said |= {"until": START + timedelta(minutes=2), **more}
    return Wish(id=name, kind=kind, value=value, **said)  # type: ignore[arg-type]
