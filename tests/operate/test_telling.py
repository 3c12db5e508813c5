"""What devices are told through real keepers, and what the controller makes of their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tests.operate.looping import Devices
from tests.operate.small_plant import START, plan, small_network
from zeroplant.links.budget import Budget, Limits
from zeroplant.links.keeper import Keeper
from zeroplant.links.link import Acknowledgement, Reading, Setpoint
from zeroplant.operate.controller import Controller
from zeroplant.operate.loop import ControlLoop
from zeroplant.operate.steady import SteadyClock

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
