"""A simulated run: the twin, and the controller, scheduler and forecaster that run it.

Time is simulated. In every cycle the twin moves on, its devices are read, the controller decides,
set-points are written. Every quarter-hour what was observed becomes known, forecasts are made, and
the schedule is planned anew; every midnight of the plant's clock the forecaster learns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Floats, zone_named
from zeroplant.errors import InputError, Problem
from zeroplant.operate.alarms import AlarmChange, Alarms
from zeroplant.operate.controller import Controller
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.image import Image
from zeroplant.operate.nowcast import corrected
from zeroplant.operate.orders import DispatchCentre, Order
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler
from zeroplant.operate.settings import Settings
from zeroplant.twin.breaking import Breaking
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.devices import connections
from zeroplant.twin.faults import Trouble
from zeroplant.twin.kpi import connection_rating
from zeroplant.twin.observe import Observer
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import ForecasterName, Prepared, forecaster_of
from zeroplant.twin.recorder import Recorder, Silent

QUARTER = 900.0
RENEWED = timedelta(minutes=1)
"""How often the dispatch centre says again what it wants, for twice as long."""
DEADLINE = 5.0
"""Seconds a schedule may take."""
APART = 0.02
"""Part of the connections by which target and what can be reached must be apart, for so many"""
PATIENCE = 20.0
"""seconds, before a plan is made anew within the quarter-hour, and not sooner than"""
AGAIN = 30.0
"""seconds after the one before; twice as long each time, until the next quarter-hour."""


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
    """One run; call `run`, then read what happened."""

    prepared: Prepared
    cycle: float = 4.0
    seed: int = 1
    speed: float = 0.0
    forecaster: ForecasterName = "ours"
    trouble: Trouble = field(default_factory=Trouble)
    recorder: Recorder = field(default_factory=Silent)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if not 1.0 <= self.cycle <= 60.0 or QUARTER % self.cycle:
            message = f"a cycle of {self.cycle:g} s"
            instead = "write one of 1 to 60 s that fits into a quarter-hour, such as 4"
            raise InputError(Problem(message, instead=instead))
        known, truth = self.prepared.known, self.prepared.truth
        self.clock = SimulatedClock(known.network.axis.start, self.speed)
        self.twin = Twin(truth, seed=self.seed, step=self.cycle, clock=self.clock)
        self.breaking = Breaking(self.twin, self.trouble)
        self.controller = Controller(known.network, known.sizes, settings=self.settings)
        self.scheduler = Scheduler(known)
        no_weather = any(fault.kind == "no_weather" for fault in self.trouble.faults)
        self.forecasts, self.past = forecaster_of(
            self.forecaster, self.prepared, seed=self.seed, with_weather=not no_weather
        )
        self.observer = Observer(
            known.network, known.sizes, self.controller.points, self.prepared.outside
        )
        self.count = round(self.prepared.days * 86400.0 / self.cycle)
        self.per_period = round(QUARTER / self.cycle)
        self.cycles = Cycles(*(np.full(self.count, np.nan) for _ in range(4)))
        self.begin_levels = self.twin.state.level.copy()
        self.schedules: list[Schedule] = []
        self.made: dict[str, list[tuple[int, Floats]]] = {}
        self.planned: list[tuple[datetime, float]] = []
        self.alarms: list[AlarmChange] = []
        self.solved: list[float] = []
        self.commands = np.zeros(len(self.twin.points), np.int64)
        self.refused = 0
        self._around = Alarms()
        """Alarms of what stands around the controller: the planner and the disk."""
        self._planner: set[tuple[str, str]] = set()
        self._line = DispatchCentre(self.settings.fail_safe_export)
        self.seconds: dict[str, float] = dict.fromkeys(("twin", "control", "plan", "record"), 0.0)
        self._signs()
        self._apart, self._since, self._patience = 0.0, 0.0, AGAIN
        self._expected: dict[str, Forecast] = {}
        self._first = np.nan

    def run(self, tell: Callable[[float], None] | None = None) -> None:
        """Run all cycles; ``tell`` hears the share that is done, every simulated quarter-hour."""
        self.forecasts.learn(self.clock.now())
        measured: dict[str, float] = {}
        schedule = self._plan(0, measured)
        midnight = self._next_midnight()
        if schedule is not None:
            self.twin.begin({name: float(values[0]) for name, values in schedule.power.items()})
        self.twin.senses.see(self.twin.true_values())
        for number in range(self.count):
            if number and number % self.per_period == 0:
                stage = number // self.per_period
                measured = self._observe(stage - 1)
                if self.clock.now() >= midnight:
                    self.forecasts.learn(self.clock.now())
                    midnight = self._next_midnight()
                schedule = self._plan(stage, measured)
                if tell is not None:
                    tell(number / self.count)
            elif self._surprised():
                schedule = self._plan(number // self.per_period, measured, anew=False)
            self._cycle(number, schedule)
            self.clock.pace()
        self._observe(self.count // self.per_period - 1)
        self.recorder.close()

    def _cycle(self, number: int, schedule: Schedule | None) -> None:
        begun = time.perf_counter()
        self.breaking.step()
        now = self.clock.now()
        image = Image(now, self.controller.points, *self.twin.read())
        decision = self.controller.cycle(self._as_told(now), image, schedule, self._orders(now))
        which = np.flatnonzero(decision.write)
        if which.size:
            done = self.twin.write(which, decision.setpoints[which], decision.until)
            self.commands[which] += 1
            self.refused += int((~done).sum())
        self.observer.add(image.value, image.quality)
        decided = time.perf_counter()
        self.recorder.cycle(now, image, decision)
        full = {("disk", self.recorder.trouble)} if self.recorder.trouble else set()
        self.alarms.extend(decision.alarms)
        lost = {("dispatch centre lost", "")} if self._line.lost is not None else set()
        self.alarms.extend(self._around.update(now, self._planner | full | lost))
        recorded = time.perf_counter()
        self.cycles.target[number] = decision.target
        self.cycles.planned[number] = self._first if decision.source == "schedule" else np.nan
        self.cycles.achievable[number] = decision.achievable
        off = abs(decision.target - decision.achievable) > APART * self._size
        self._apart = self._apart + self.cycle if off and decision.source == "schedule" else 0.0
        self._since += self.cycle
        self.twin.advance(self.cycle)
        self.cycles.exported[number] = float(self._sign @ self.twin.state.x[self._ends])
        moved = time.perf_counter()
        self.seconds["control"] += decided - begun
        self.seconds["record"] += recorded - decided
        self.seconds["twin"] += moved - recorded

    def _observe(self, stage: int) -> dict[str, float]:
        """A period is over: what was observed in it becomes known."""
        found, flows = self.observer.close(stage)
        axis = self.prepared.known.network.axis
        event = axis.start + stage * axis.step
        for key, value in found.items():
            self.past.tell(key, event, value, event + axis.step)
        return flows

    def _surprised(self) -> bool:
        """Whether what was planned has been out of reach for so long that it is planned anew.

        Forecasts that nothing corrects would only give the same plan again.
        """
        return (
            self.forecaster == "ours" and self._apart >= PATIENCE and self._since >= self._patience
        )

    def _plan(
        self, stage: int, measured: dict[str, float], *, anew: bool = True
    ) -> Schedule | None:
        """Forecast and plan; None where the planner itself is gone.

        Within a quarter-hour forecasts are not made ``anew``, but corrected by what is measured.
        """
        begun = time.perf_counter()
        now = self.clock.now()
        hours = self.twin.state.at / 3600.0
        axis = self.prepared.known.network.axis
        steps = min(self.scheduler.settings.horizon, axis.periods - stage)
        if anew:
            self._expected = self.forecasts.at(now, now, steps)
        forecasts = self._expected
        if self.forecaster == "ours":  # the others stay what they are called
            forecasts = corrected(forecasts, self.observer.latest())
        if anew and stage % 96 == 48:  # noon, when bids for tomorrow are made
            for key, forecast in forecasts.items():
                self.made.setdefault(key, []).append((stage, forecast.mean()))
        schedule = self._schedule(now, forecasts, measured, hours)
        taken = time.perf_counter() - begun
        self.seconds["plan"] += taken
        self.solved.append(taken)
        new = schedule is not None and schedule not in self.schedules[-1:]
        if schedule is None or schedule.status in ("kept", "rule") or not new:
            self._planner = {("schedule refused", "the planner gave none in time")}
        else:
            self._planner = set()
        self._apart, self._since = 0.0, 0.0
        self._patience = AGAIN if anew else 2.0 * self._patience
        if anew:
            self._first = (
                np.nan if schedule is None else float(schedule.target[schedule.place(now)])
            )
        if schedule is not None and new:
            self.schedules.append(schedule)
            self.planned.append((now, float(schedule.target[0])))
            self.recorder.plan(now, schedule, forecasts)
        return schedule

    def _schedule(
        self,
        now: datetime,
        forecasts: dict[str, Forecast],
        measured: dict[str, float],
        hours: float,
    ) -> Schedule | None:
        if self.trouble.active("solver_crash", hours):
            return self.schedules[-1] if self.schedules else None
        deadline = 0.0 if self.trouble.active("solver_slow", hours) else DEADLINE
        return self.scheduler.plan(
            now, self._levels(), forecasts, deadline=deadline, measured=measured
        )

    def _levels(self) -> dict[str, float]:
        """Levels as last measured."""
        points = self.controller.points
        value, _, _ = self.twin.read()
        first = points.flows
        return {points.names[first + k]: float(value[first + k]) for k in range(points.stores)
                if np.isfinite(value[first + k])}  # fmt: skip

    def _orders(self, now: datetime) -> list[Order]:
        """What the dispatch centre asks for now, and a contract that contradicts it.

        While the centre is lost the fail-safe limit of its line holds.
        """
        if not self.trouble.orders and not self.trouble.faults:
            return []
        hours = self.twin.state.at / 3600.0
        asked = self.trouble.asked(hours)
        if not self.trouble.active("centre_lost", hours):
            self._line.hear(now, order=bool(asked))
        until = now + 2 * RENEWED
        orders = [Order("dispatch centre", a.kind, a.value, now, until) for a in asked]
        if self.trouble.active("contradictory", hours):
            orders += [Order("contract", a.kind, -a.value, now, until) for a in asked]
        return orders + self._line.limits(now)

    def _as_told(self, now: datetime) -> datetime:
        """The time by the controller's own clock, which may be wrong; and whether its disk is."""
        if not self.trouble.faults:
            return now
        hours = self.twin.state.at / 3600.0
        self.recorder.disk(full=self.trouble.active("disk_full", hours))
        for fault in self.trouble.faults:
            if fault.kind == "clock_jump" and fault.device is None and fault.holds(hours):
                return now + timedelta(hours=1.0 if fault.amount is None else fault.amount)
        return now

    def _next_midnight(self) -> datetime:
        local = self.clock.now().astimezone(zone_named(self.prepared.known.network.axis.zone))
        return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

    def _signs(self) -> None:
        """Flows over the connections: export counts up, import down."""
        self._ends = np.array(connections(self.twin.physics), np.int64)
        self._size = max(connection_rating(self.twin.account), 1e-9)
        flows = self.twin.physics.network.flows
        self._sign = np.array([1.0 if flows[end].role == "export" else -1.0 for end in self._ends])
