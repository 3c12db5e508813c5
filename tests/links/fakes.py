"""A clock that a test moves, and a device that a test breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps

from zeroplant.links import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.links.keeper import Keeper

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def in_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """Run a test as a coroutine."""

    @wraps(test)
    def running(*arguments: object, **named: object) -> None:
        asyncio.run(test(*arguments, **named))

    return running


class HandClock:
    """Time stands still, but for sleeping and for what a test adds."""

    def __init__(self, start: datetime = START) -> None:
        self.at, self._start, self._jumped = start, start, timedelta()

    def now(self) -> datetime:
        return self.at

    def count(self) -> float:
        return (self.at - self._jumped - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        for _ in range(20):  # whoever has something to do goes first
            await asyncio.sleep(0)
        self.add(seconds)

    def add(self, seconds: float = 0.0, **longer: float) -> None:
        self.at += timedelta(seconds=seconds, **longer)

    def jump(self, seconds: float) -> None:
        """Somebody sets it: no time passes."""
        self.add(seconds)
        self._jumped += timedelta(seconds=seconds)


class WireClock(HandClock):
    """A clock that a test moves, where real sockets need real moments to answer."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class FakeLink:
    """A device with one measured power, one that can be set, and signs of life both ways."""

    def __init__(self, clock: HandClock, fallback: float | None = None) -> None:
        self.clock = clock
        self.name = "battery"
        self.points: Mapping[str, Point] = {
            "battery.charge": Point("battery.charge", "MW", True, 0.0, 10.0, fallback),
            "battery.level": Point("battery.level", "MWh", False, 0.0, 20.0),
            "battery.beat": Point("battery.beat", "1", True, 0.0, 65535.0),
            "battery.heart": Point("battery.heart", "1", False, 0.0, 65535.0),
        }
        self.mode = "well"  # or: refuses connections, silent, broken, rejects
        self.values = {"battery.charge": 1.0, "battery.level": 5.0, "battery.heart": 0.0}
        self.late = 0.0
        self.told: list[Setpoint] = []
        self.opened = self.closed = self.visits = 0

    async def open(self) -> None:
        if self.mode == "refuses connections":
            message = "nobody there"
            raise ConnectionRefusedError(message)
        self.opened += 1

    async def close(self) -> None:
        self.closed += 1

    async def _answer(self) -> None:
        self.visits += 1
        if self.mode in ("silent", "refuses connections"):
            await asyncio.Event().wait()
        if self.mode == "broken":
            message = "a bug\nover two lines"
            raise KeyError(message)

    async def read(self) -> Mapping[str, Reading]:
        await self._answer()
        event = self.clock.now() - timedelta(seconds=self.late)
        return {name: Reading(value, event) for name, value in self.values.items()}

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        await self._answer()
        self.told += setpoints
        accepted = self.mode != "rejects"
        reason = "" if accepted else "not now"
        return [Acknowledgement(s.point, accepted, self.clock.now(), reason) for s in setpoints]


async def eventually(
    keeper: Keeper, point: str, quality: Quality, value: float | None = None
) -> Reading:
    """Read until a point is as it should become, as long as a slow machine may need."""
    for _ in range(1200):
        reading = (await keeper.read())[point]
        near = value is None or abs(reading.value - value) < 1e-9
        if reading.quality is quality and near:
            return reading
        await asyncio.sleep(0.05)
    message = f"{point} is {reading} and does not become {quality.name} {value}"
    raise AssertionError(message)


def kept(**options: object) -> tuple[HandClock, FakeLink, Keeper]:
    """A keeper of a device, and the clock of both."""
    clock = HandClock()
    fallback = options.pop("fallback", None)
    link = FakeLink(clock, fallback)  # type: ignore[arg-type]
    return clock, link, Keeper(link, clock, **options)  # type: ignore[arg-type]


def wish(
    clock: HandClock, value: float, seconds: float = 60.0, point: str = "battery.charge"
) -> Setpoint:
    """A set-point that holds for so many seconds."""
    return Setpoint(point, value, clock.now() + timedelta(seconds=seconds))
