"""A real controller process with devices of its own, to be killed at any moment.

Run with the folder of the plant: it controls at 50 cycles a second, and says on its standard output
what is acknowledged: one line each with how many entries the journal has taken for good, and one
line for each cycle with whose word it follows.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tests.operate.small_plant import START, plan, small_network
from zeroplant.links.keeper import Counters
from zeroplant.links.link import Acknowledgement, Point, Reading, Setpoint
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.recording import Recording
from zeroplant.operate.steady import SteadyClock

BEAT = 0.02


def say(line: str) -> None:
    """A line that is out before anything else happens."""
    os.write(1, f"{line}\n".encode())


class Fast:
    """The hour of the small plant, at the speed of the machine."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """The plant's time moves with the machine's."""
        return START.fromtimestamp(START.timestamp() + time.monotonic() - self._begun, START.tzinfo)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Devices:
    """All devices of the small plant in one; what they were told is what they do."""

    name, connected, trouble = "devices", True, ""

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


class Telling(Recording):
    """A recording that says what was acknowledged, as soon as it is."""

    @property
    def written(self) -> int:
        """Entries that the journal has acknowledged."""
        return self._written

    @written.setter
    def written(self, count: int) -> None:
        self._written = count
        if count:
            say(f"acknowledged {self.journal.anchor().count}")


async def control(folder: Path) -> None:
    """Control until killed."""
    controller = Controller(small_network())
    clock = SteadyClock(Fast())
    recording = Telling(PlantFolder(folder))
    schedule = plan(12.0)
    loop: ControlLoop
    loop = ControlLoop(
        controller, [Devices(controller, clock)], clock, recording, beat=BEAT, every=1,
        schedule=lambda: schedule if loop.beats.cycles > 5 else None,
    )  # fmt: skip

    def after(_: Image, made: Decision) -> None:
        say(f"cycle {loop.beats.cycles} {made.source} {time.process_time():.2f}")

    loop.after = after
    await loop.run()


if __name__ == "__main__":
    asyncio.run(control(Path(sys.argv[1])))
