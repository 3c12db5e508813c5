"""A small plant in a few lines, and devices that do as they are told, or do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from zeroplant.axis import Axis
from zeroplant.links.link import Quality
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image, micros
from zeroplant.operate.orders import Order
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.settings import Settings
from zeroplant.waist import Network

START = datetime(2025, 6, 1, tzinfo=UTC)
CYCLE = timedelta(seconds=4)
STEPS = 96


def small_network(batteries: int = 1) -> Network:
    """Load, wind and batteries behind a connection of 60 MW; 12 points with one battery."""
    net = Network(Axis(START, STEPS, 0.25))
    node = net.node("site")
    hours = np.arange(STEPS) * 0.25
    net.flow("works.load", take=node, fixed=40 + 5 * np.sin(hours), role="load")
    wind = 50 + 20 * np.cos(hours)
    net.flow("wind.output", give=node, cap=wind, role="generation", tags={"wind"})
    for number in range(1, batteries + 1):
        name = "battery" if batteries == 1 else f"battery {number}"
        charge = net.flow(f"{name}.charge", take=node, cap=30.0, role="charge")
        discharge = net.flow(f"{name}.discharge", give=node, cap=30.0, role="discharge", cost=1.0)
        net.store(
            f"{name}.level", fill={charge: 0.95}, drain={discharge: 1 / 0.95}, cap=100.0, start=50.0
        )
    net.flow("grid.import", give=node, cap=60.0, role="import", cost=80.0)
    net.flow("grid.export", take=node, cap=60.0, role="export")
    return net


def plan(target: float = 0.0, *, price: float = 50.0, start: datetime = START) -> Schedule:
    """A schedule of a whole day that asks for one net export."""
    flat = np.full(STEPS, 1.0)
    power = {"battery.charge": 0 * flat, "battery.discharge": 0 * flat}
    power |= {"grid.export": max(target, 0) * flat, "grid.import": max(-target, 0) * flat}
    return Schedule(
        made=start,
        start=start,
        step=timedelta(minutes=15),
        status="optimal",
        power=power,
        level={"battery.level": 50 * flat},
        price={"site": price * flat},
        worth={"battery.level": 48 * flat},
        target=target * flat,
    )


@dataclass
class Plant:
    """Devices in the small plant: they follow at once, unless they are told apart.

    ``deaf`` flows take set-points and do nothing; ``frozen`` points say what they said; ``silent``
    points say nothing; ``lost`` is wind that is said to be possible and does not come; meters are
    ``off`` by so much, and devices stop where ``stops`` says, whatever they are told. Readings
    carry the time of the clock they are read by.
    """

    controller: Controller
    load: float = 40.0
    wind: float = 50.0
    lost: float = 0.0
    level: float = 50.0
    now: datetime = START
    deaf: set[str] = field(default_factory=set)
    frozen: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    off: dict[str, float] = field(default_factory=dict)
    stops: dict[str, float] = field(default_factory=dict)
    power: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    noise: float = 0.0

    def __post_init__(self) -> None:
        names = self.controller.points.names
        self.power |= dict.fromkeys(names[: self.controller.points.flows], 0.0)
        self._said: dict[str, tuple[float, int, int]] = {}
        self._random = np.random.default_rng(1)
        self.batteries = [n.removesuffix(".charge") for n in names if n.endswith(".charge")]
        self._settle()

    def _settle(self) -> None:
        """The meter closes the balance."""
        self.power["works.load"] = self.load
        if "wind.output" not in self.deaf:
            self.power["wind.output"] = min(
                self.wind - self.lost, self.told.get("wind.output", np.inf)
            )
        for name, value in self.told.items():
            if name != "wind.output" and name not in self.deaf:
                self.power[name] = min(value, self.stops.get(name, np.inf))
        net = self.power["wind.output"] - self.load
        for battery in self.batteries:
            net += self.power[f"{battery}.discharge"] - self.power[f"{battery}.charge"]
        self.power["grid.export"], self.power["grid.import"] = max(net, 0.0), max(-net, 0.0)

    @property
    def export(self) -> float:
        """Net export."""
        return self.power["grid.export"] - self.power["grid.import"]

    def image(self, now: datetime | None = None) -> Image:
        """What the devices say."""
        points = self.controller.points
        truth: Mapping[str, float] = self.power | {"wind.output.possible": self.wind}
        value, event = np.full(len(points), np.nan), np.zeros(len(points), np.int64)
        quality = np.full(len(points), Quality.LOST, np.uint8)
        for place, name in enumerate(points.names):
            if name not in self.silent:
                said = truth.get(name, self.level if name.endswith(".level") else 1.0)
                if name in self.frozen:
                    said = self._said[name][0]
                elif self.noise and name in self.power and said:
                    said += self.noise * self._random.standard_normal()
                said += self.off.get(name, 0.0)
                self._said[name] = (said, micros(now or self.now), int(Quality.GOOD))
            held = self._said.get(name)
            if held is not None:
                value[place], event[place] = held[0], held[1]
                quality[place] = Quality.LOST if name in self.silent else held[2]
        return Image(now or self.now, points, value, event, quality)

    def cycles(
        self, count: int, schedule: Schedule | None = None, orders: list[Order] | None = None
    ) -> Decision:
        """So many cycles; the last decision."""
        for _ in range(count):
            decision = self.controller.cycle(self.now, self.image(), schedule, orders or [])
            for place in np.flatnonzero(decision.write).tolist():
                self.told[self.controller.points.names[place]] = float(decision.setpoints[place])
            self.decisions.append(decision)
            self._settle()
            self.now += CYCLE
        return decision

    def alarms(self) -> set[str]:
        """Kinds of alarms that hold."""
        return {a.code for a in self.controller.alarms.held() if a.cleared is None}

    def setpoint(self, decision: Decision, name: str) -> float:
        """One set-point of a decision."""
        return float(decision.setpoints[self.controller.points.index[name]])


def small_plant(batteries: int = 1, settings: Settings | None = None, **state: float) -> Plant:
    """A controller with its small plant."""
    return Plant(Controller(small_network(batteries), settings=settings), **state)  # type: ignore[arg-type]
