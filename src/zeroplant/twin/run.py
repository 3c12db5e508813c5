"""A simulated run: the twin, run by the very loop that runs a real plant, in simulated time.

The loop reads and writes the twin by a link in memory (`zeroplant.twin.link`); forecasts and plans
are made at once where a plant in real time has them made beside the loop. After each cycle the twin
moves on, and with it the clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.alarms import AlarmChange
from zeroplant.operate.around import Around
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.foresight import Foresight
from zeroplant.operate.image import Image
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.settings import Settings
from zeroplant.operate.steady import SteadyClock
from zeroplant.twin.breaking import Breaking, WrongClock
from zeroplant.twin.centre import Centre
from zeroplant.twin.clock import QUARTER, SimulatedClock, check_cycle
from zeroplant.twin.devices import connections
from zeroplant.twin.failing import planner_of
from zeroplant.twin.faults import Trouble
from zeroplant.twin.link import TwinLink
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import ForecasterName, Prepared, forecaster_of
from zeroplant.twin.quarters import Quarters

RATED = timedelta(hours=1)
"""How often it is worked out what could be given."""


@dataclass(frozen=True)
class Cycles:
    """One value per cycle: what was wanted of the connections, what was aimed at, and what came.

    ``target`` is the one in force; ``planned`` that of the quarter-hour's first plan, whatever
    was found out after it.
    """

    target: Floats
    planned: Floats
    achievable: Floats
    exported: Floats


@dataclass
class Simulation:
    """One run; call `run`, then read what happened. With a ``folder`` it is kept there."""

    prepared: Prepared
    cycle: float = 4.0
    seed: int = 1
    speed: float = 0.0
    forecaster: ForecasterName = "ours"
    trouble: Trouble = field(default_factory=Trouble)
    folder: Path | None = None
    settings: Settings = field(default_factory=Settings)
    commitments: Path | None = None

    def __post_init__(self) -> None:
        check_cycle(self.cycle)
        known = self.prepared.known
        self.clock = SimulatedClock(known.network.axis.start, self.speed)
        self.twin = Twin(self.prepared.truth, seed=self.seed, step=self.cycle, clock=self.clock)
        self.count = round(self.prepared.days * 86400.0 / self.cycle)
        self.cycles = Cycles(*(np.full(self.count, np.nan) for _ in range(4)))
        self.begin_levels = self.twin.state.level.copy()
        self.schedules: list[Schedule] = []
        self.made: dict[str, list[tuple[int, Floats]]] = {}
        self.alarms: list[AlarmChange] = []
        self.solved: list[float] = []
        self.seconds = dict.fromkeys(("twin", "control", "plan"), 0.0)
        self._first: tuple[datetime | None, float] = None, np.nan
        flows = self.twin.physics.network.flows
        self._ends = np.array(connections(self.twin.physics), np.int64)
        self._sign = np.array([1.0 if flows[end].role == "export" else -1.0 for end in self._ends])
        self.recording = None if self.folder is None else Recording(PlantFolder(self.folder))
        self.loop = self._loop()

    def _loop(self) -> ControlLoop:
        """The loop, and what goes on around it."""
        known, trouble = self.prepared.known, self.trouble
        clock = SteadyClock(WrongClock(self.clock, trouble), monotonic=self._monotonic)
        self.link = TwinLink(lambda: self.twin, clock)
        self.breaking = Breaking(self.twin, trouble, self.link)
        heard = trouble.heard(self.prepared.weather, self.prepared.start)
        given = forecaster_of(
            self.forecaster, replace(self.prepared, weather=heard), seed=self.seed
        )
        axis, settings = known.network.axis, self.settings.every(self.cycle)
        controller = Controller(known.network, known.sizes, settings)
        self.quarters = Quarters(controller.points, axis.start, axis.step, axis.periods)
        foresight = Foresight(self.recording, source=self.quarters.means, given=given)
        self.centre = Centre(trouble, self.settings.fail_safe_export, clock.now, self._hours)
        self.around = Around(
            self.recording, axis.zone, planner=planner_of(known, trouble, self._monotonic),
            foresight=foresight, nowcast=self.forecaster == "ours", commitments=self.commitments,
            rated=RATED, called=self.centre.orders,
        )  # fmt: skip
        self.around.stand(known)
        control = ControlLoop(
            controller, [self.link], clock, self.recording, schedule=self.around.newest,
            orders=self.around.orders, after=self._after, beat=self.cycle, speed=self.speed,
            troubles=lambda: [*self.around.troubles(), *self.centre.troubles()],
            every=max(1, round(60.0 / self.cycle)), monotonic=self._monotonic,
        )  # fmt: skip
        self.around.ordered = lambda: control.ordered
        return control

    @property
    def commands(self) -> np.ndarray:
        """How often each point was written."""
        return self.link.commands

    @property
    def refused(self) -> int:
        """How many set-points were not taken."""
        return self.link.counters.refused

    def _monotonic(self) -> float:
        return self.clock.seconds

    def _hours(self) -> float:
        return self.clock.seconds / 3600.0

    def run(self, tell: Callable[[float], None] | None = None) -> None:
        """Run all cycles; ``tell`` hears the share that is done, every simulated quarter-hour."""
        try:
            asyncio.run(self._run(tell or (lambda share: None)))
        finally:
            self.breaking.over()
            self.around.close()
            if self.recording is not None:
                self.recording.close(60.0)

    async def _run(self, tell: Callable[[float], None]) -> None:
        await self._begin()
        for number in range(self.count):
            begun = time.perf_counter()
            planned = self.seconds["plan"]
            self.breaking.step()
            decision = await self.loop.cycle()
            self._note(number, decision)
            decided = time.perf_counter()
            self.twin.advance(self.cycle)
            self.cycles.exported[number] = float(self._sign @ self.twin.state.x[self._ends])
            self.seconds["control"] += decided - begun - (self.seconds["plan"] - planned)
            self.seconds["twin"] += time.perf_counter() - decided
            if self.clock.seconds % QUARTER == 0.0:
                tell((number + 1) / self.count)
                await asyncio.sleep(0)  # nothing else waits in here: now Ctrl-C is heard
            self.clock.pace()
        await self.loop.end()

    async def _begin(self) -> None:
        """The plant runs as it is planned, and knows it, when the first cycle begins."""
        self.twin.senses.see(self.twin.true_values())
        self.loop.begin()
        await self.loop.cycle()
        schedule = self.around.schedule()
        if schedule is not None:
            self.twin.begin({name: float(values[0]) for name, values in schedule.power.items()})
        self.twin.senses.see(self.twin.true_values())
        self.link.commands[:] = 0

    def _after(self, image: Image, decision: Decision) -> None:
        """What goes on around the loop, and what is told of it afterwards."""
        begun = time.perf_counter()
        self.quarters.add(image)
        made, before = self.around.newest(), self.around.schedule()
        self.around.look(image, decision)
        newest, taken = self.around.newest(), time.perf_counter() - begun
        self.seconds["plan"] += taken
        if newest is not None and newest is not made:
            self.solved.append(taken)
            self.schedules.append(newest)
        schedule = self.around.schedule()
        if schedule is None or schedule is before:
            return
        axis = self.prepared.known.network.axis
        stage = (schedule.made - axis.start) // axis.step
        quarter = axis.start + stage * axis.step
        if quarter == self._first[0]:
            return
        self._first = quarter, float(schedule.target[schedule.place(schedule.made)])
        if stage % 96 == 48 and self.around.foresight is not None:  # noon, when bids are made
            for key, forecast in self.around.foresight.newest.items():
                self.made.setdefault(key, []).append((stage, forecast.mean()))

    def _note(self, number: int, decision: Decision) -> None:
        """What is told of a cycle afterwards."""
        self.alarms.extend(decision.alarms)
        self.cycles.target[number] = decision.target
        self.cycles.achievable[number] = decision.achievable
        if decision.source == "schedule":
            quarter, target = self._first
            fresh = quarter is not None and decision.at - quarter > timedelta()
            self.cycles.planned[number] = target if fresh else decision.target
