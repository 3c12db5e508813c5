"""What devices are told through real keepers, and what the controller makes of their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from tests.operate.looping import Devices
from tests.operate.small_plant import START, plan, small_network
from zeroplant.links.budget import Budget, Limits
from zeroplant.links.keeper import Counters, Keeper
from zeroplant.links.link import Acknowledgement, Point, Reading, Setpoint
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.known import Known
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.telling import Telling

BEAT, DISCHARGE = 4.0, "battery.discharge"


class ByHand:
    """A clock that a test moves."""

    seconds = 0.0

    def now(self) -> datetime:
        """The moment."""
        return START + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        """Time stands while a device is visited; only deadlines wait, and they may."""
        await asyncio.sleep(0.01)


class Lapsing(Devices):
    """The small plant's devices as a link: what lapses falls to nothing, and is noted."""

    def __init__(self, controller: Controller, clock: SteadyClock) -> None:
        super().__init__(controller, clock)
        self.until: dict[str, datetime] = {}
        self.lapsed: list[str] = []
        self.told: list[tuple[float, float]] = []

    async def open(self) -> None:
        """There is nothing to open."""

    async def read(self) -> Mapping[str, Reading]:
        """As the devices are, after what lapsed."""
        now = self.clock.now()
        for name in [name for name, end in self.until.items() if end <= now]:
            self.power[name] = 0.0
            self.lapsed.append(name)
            del self.until[name]
        return await super().read()

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Do as told, for as long as told."""
        for each in setpoints:
            if each.point == DISCHARGE and abs(each.value - self.power[DISCHARGE]) > 0.05:
                self.told.append(((self.clock.now() - START).total_seconds(), each.value))
            self.until[each.point] = each.until
        return await super().write(setpoints)


def test_a_device_with_a_write_interval_is_moved_and_neither_lost_nor_lapsed() -> None:
    """Interval 60 s, validity 60 s: beyond half of the validity, so the old value is renewed.

    Proves that a deferral is told of as what it is; one that counted as a refusal would raise
    "write refused", and not count on the battery after 24 s.
    """
    hand = ByHand()
    clock = SteadyClock(hand, monotonic=lambda: hand.seconds)
    controller = Controller(small_network())
    devices = Lapsing(controller, clock)
    keeper = Keeper(devices, clock, every=BEAT, budget=Budget(BEAT, Limits(interval=60.0)))
    target = {0: 10.0, 100: 20.0, 112: 15.0, 300: 14.0}
    loop = ControlLoop(
        controller, [keeper], clock, None, beat=BEAT, monotonic=lambda: hand.seconds,
        schedule=lambda: plans[max(each for each in target if each <= hand.seconds)],
    )  # fmt: skip
    plans = {at: plan(value) for at, value in target.items()}
    raised: set[tuple[str, str]] = set()

    async def controlled() -> None:
        for _ in range(150):
            await loop.cycle()
            if hand.seconds > 40.0:
                raised.update((alarm.code, alarm.key) for alarm in controller.alarms.held())
            hand.seconds += BEAT

    asyncio.run(controlled())
    assert keeper.counters.deferred > 5
    assert devices.lapsed == []
    assert raised == set()
    assert devices.told[0] == (100.0, 10.0)  # 10 MW are there without the battery
    assert devices.told[1][0] == 160.0
    assert abs(devices.told[1][1] - 5.0) < 0.5
    times = [at for at, _ in devices.told]
    assert all(later - sooner >= 60.0 for sooner, later in pairwise(times))
    assert abs(devices.power[DISCHARGE] - 4.0) < 0.5
    assert loop.last is not None
    assert abs(loop.last.exchange - 14.0) < 0.5


class Minutely(Devices):
    """Devices that tell of themselves once a minute, as an air-conditioner does."""

    async def open(self) -> None:
        """There is nothing to open."""

    async def read(self) -> Mapping[str, Reading]:
        """What they said at the last full minute."""
        passed = (self.clock.now() - START) // timedelta(minutes=1)
        at = START + passed * timedelta(minutes=1)
        return {name: Reading(said.value, at) for name, said in (await super().read()).items()}


def test_a_device_that_tells_of_itself_once_a_minute_is_not_silent() -> None:
    """Read each 48 s, what it says grows 108 s old before one knows of more."""
    hand = ByHand()
    clock = SteadyClock(hand, monotonic=lambda: hand.seconds)
    controller = Controller(small_network())
    keeper = Keeper(Minutely(controller, clock), clock, every=60.0)
    loop = ControlLoop(
        controller, [keeper], clock, None, beat=BEAT, monotonic=lambda: hand.seconds,
        schedule=lambda: plan(10.0),
    )  # fmt: skip
    raised: set[str] = set()

    async def controlled() -> None:
        for _ in range(300):
            raised.update(change.code for change in (await loop.cycle()).alarms)
            hand.seconds += BEAT

    asyncio.run(controlled())
    assert "silent" not in raised


class Noting:
    """A device that notes who was told together."""

    name, connected, trouble, every = "battery", True, "", 4.0

    def __init__(self, controller: Controller) -> None:
        points = controller.points
        self.counters = Counters()
        self.points: Mapping[str, Point] = {n: points.point(k) for k, n in enumerate(points.names)}
        self.calls: list[tuple[set[str], bool]] = []

    async def read(self) -> Mapping[str, Reading]:
        """Nothing."""
        return {}

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Note it."""
        self.calls.append(({each.point for each in setpoints}, urgent))
        return [Acknowledgement(each.point, True, START) for each in setpoints]

    async def close(self) -> None:
        """Nothing to let go of."""


def test_both_directions_of_a_battery_are_told_at_once_where_one_is_urgent() -> None:
    """They share a register: discharge alone would be refused while charge still stands."""
    controller = Controller(small_network())
    names, count = controller.points.names, len(controller.points.names)
    setpoints, clip = np.full(count, np.nan), np.zeros(count, np.uint8)
    for name, value in (("battery.discharge", 3.0), ("battery.charge", 0.0), ("wind.output", 9.0)):
        setpoints[controller.points.index[name]] = value
    clip[controller.points.index["battery.discharge"]] = 1
    known = Known(np.zeros(count), np.zeros(count), np.zeros(count, np.uint8))
    decision = Decision(
        START, setpoints, np.ones(count, bool), START + timedelta(minutes=1),
        np.zeros(count, np.uint8), clip, (), 0.0, 0.0, 0.0, "schedule", known,
    )  # fmt: skip
    device = Noting(controller)
    asyncio.run(Telling([device]).tell(decision, names))
    assert device.calls == [
        ({"battery.discharge", "battery.charge"}, True),
        ({"wind.output"}, False),
    ]
