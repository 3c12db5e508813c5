"""The real-time shell of a controller: read, decide, write, record, on a fixed beat.

All devices are read at once and none is waited for beyond its deadline; the cycle sees whatever is
there. Writing goes to all at once as well. A cycle that takes longer than the beat is counted, and
the next one begins on the next beat: beats are never made up for. Records go to a thread of their
own. When asked to stop, stores are set to nothing and everything else is left to lapse to its
device's own fallback.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.operate import entries
from zeroplant.operate.alarms import Condition
from zeroplant.operate.controller import MANY, Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.guidance import Scheduled
from zeroplant.operate.image import Codes, Image, micros
from zeroplant.operate.inbox import Inbox
from zeroplant.operate.orders import Order
from zeroplant.operate.recording import Recording
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.telling import Telling
from zeroplant.operate.watchdog import Watchdog
from zeroplant.store import Entry

log = logging.getLogger(__name__)
T = TypeVar("T")

SHOWN = 1.0
"""Seconds between two of the control room's views at least, whatever becomes of the clock."""
WINDOW = 150
"""Cycles of which too many late ones are an alarm: ten minutes at the usual beat."""


class Kept(Protocol):
    """A link that never raises and never waits beyond its deadline (`links.keeper.Keeper`)."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def points(self) -> Mapping[str, Point]:
        """Its points."""
        ...

    connected: bool
    trouble: str

    async def read(self) -> Mapping[str, Reading]:
        """All of its points."""
        ...

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Set some of them."""
        ...

    async def close(self) -> None:
        """Let go of the device."""
        ...


@dataclass
class Beats:
    """How the beat is kept: cycles made, those that took too long, and the longest in seconds."""

    cycles: int = 0
    late: int = 0
    longest: float = 0.0
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    """Of the last cycles, which were late."""

    def took(self, seconds: float, *, late: bool) -> None:
        """One more cycle."""
        self.longest = max(self.longest, seconds)
        self.late += late
        self.recent.append(late)

    @property
    def often_late(self) -> bool:
        """Whether one in twenty of the last cycles was late."""
        return sum(self.recent) > 0 and sum(self.recent) >= 0.05 * len(self.recent)


@dataclass
class ControlLoop:
    """A controller in real time.

    ``schedule`` gives the schedule in force, ``orders`` what others than persons have ordered; both
    answer at once. ``troubles`` are alarms of others. ``after`` is called with the image of each
    cycle, when everything is written. One of these that raises is an alarm, and what it said last
    stands. ``beat`` is seconds from cycle to cycle, ``every`` cycles lie between two full entries
    in the journal. ``monotonic`` counts seconds and never jumps.
    """

    controller: Controller
    keepers: Sequence[Kept]
    clock: SteadyClock
    recording: Recording
    schedule: Callable[[], Scheduled | None] = lambda: None
    orders: Callable[[], Sequence[Order]] = tuple
    troubles: Callable[[], Sequence[Condition]] = tuple
    after: Callable[[Image], None] = lambda _: None
    beat: float = 4.0
    every: int = 15
    watchdog: Watchdog = field(default_factory=Watchdog)
    beats: Beats = field(default_factory=Beats)
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._blank()
        self._next: Controller | None = None
        self.inbox = Inbox(self.recording.folder)
        self._home = {name: keeper for keeper in self.keepers for name in keeper.points}
        self._told: dict[str, bool] = {}
        self._telling = Telling(self.keepers)
        self._faults: dict[str, str] = {}
        self._scheduled: Scheduled | None = None
        self._ordered: Sequence[Order] = ()
        self._wished: Sequence[Order] = ()
        self._amiss: Sequence[Condition] = ()
        self._shown = float("-inf")
        self._stop = asyncio.Event()
        self.last: Decision | None = None

    def _blank(self) -> None:
        """An image of nothing, for the points of the controller."""
        points = len(self.controller.points)
        self._value: Floats = np.full(points, np.nan)
        self._event: Ints = np.zeros(points, np.int64)
        self._quality: Codes = np.full(points, Quality.LOST, np.uint8)
        self._before: Image | None = None

    def stop(self) -> None:
        """Have it end after the running cycle."""
        self._stop.set()

    def stand(self, controller: Controller) -> None:
        """Have another controller go on with the same plant, from the next cycle on."""
        self._next = controller

    async def run(self, over: Callable[[], bool] = lambda: False) -> None:
        """Control the plant until `stop`, or until it is ``over``; then leave it safe."""
        loop = asyncio.get_running_loop()
        self._note("note", "control", {"en": "control begins", "zh": "控制开始"})
        due = loop.time()
        try:
            while not (self._stop.is_set() or over()):
                begun = loop.time()
                await self.cycle()
                if self.beats.cycles == 1:
                    self.watchdog.ready()
                took = loop.time() - begun
                due += self.beat
                late = due <= loop.time()
                self.beats.took(took, late=late)
                if late:
                    due = loop.time() + self.beat - (loop.time() - due) % self.beat
                await self._pause(due - loop.time())
        finally:
            await self._end()

    async def cycle(self) -> Decision:
        """One cycle."""
        if self._next is not None:
            self._next.take_over(self.controller)
            self.controller, self._next = self._next, None
            self._blank()
        await self._read()
        now = self.clock.now()
        image = Image(
            now, self.controller.points, self._value.copy(), self._event.copy(),
            self._quality.copy(),
        )  # fmt: skip
        alarms, recording = self.controller.alarms, self.recording
        self._ordered = self._outside("orders", lambda: list(self.orders()), self._ordered)
        self._wished = self._outside(
            "inbox", lambda: self.inbox.orders(now, alarms, recording), self._wished
        )
        self._scheduled = self._outside("schedule", self.schedule, self._scheduled)
        orders = [*self._ordered, *self._wished]
        decision = self.controller.cycle(now, image, self._scheduled, orders, self._troubles())
        before = set(self._telling.lost)
        answers = await self._write(decision)
        again = before & self._telling.lost
        self._outside("records", lambda: self._record(image, decision, answers, again), None)
        self.last = decision
        self._outside("after", lambda: self.after(image), None)
        self.beats.cycles += 1
        self.watchdog.alive(f"target {decision.target:.6g} MW, export {decision.exchange:.6g} MW")
        return decision

    async def _read(self) -> None:
        """The last of every point; what did not answer keeps its value with its age."""
        index = self.controller.points.index
        for image in await asyncio.gather(*(keeper.read() for keeper in self.keepers)):
            for name, reading in image.items():
                place = index.get(name, -1)
                if place >= 0:
                    self._value[place] = reading.value
                    self._event[place] = micros(reading.event)
                    self._quality[place] = reading.quality

    async def _write(self, decision: Decision) -> list[Acknowledgement]:
        """Set what is worth setting; the controller hears what did not arrive."""
        answers = await self._telling.tell(decision, self.controller.points.names)
        index = self.controller.points.index
        self.controller.unheard([index[name] for name in self._telling.lost if name in index])
        return answers

    def _outside(self, name: str, call: Callable[[], T], last: T) -> T:
        """What others say, or the last they said; what they get wrong is an alarm, and no end."""
        try:
            said = call()
        except Exception as error:  # whatever others do wrong must not stop the plant
            if name not in self._faults:
                log.exception("%s failed; control goes on", name)
            self._faults[name] = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            return last
        self._faults.pop(name, None)
        return said

    def _troubles(self) -> list[Condition]:
        """What is wrong outside of the cycle, as alarms."""
        self._amiss = self._outside("troubles", lambda: list(self.troubles()), self._amiss)
        refused = sorted(self._telling.refused)
        found: list[Condition] = [("write refused", name) for name in refused[:MANY]]
        if len(refused) > MANY:
            found = [("write refused", f"more than {MANY} points")]
        found += self._amiss
        found += [("fault", name, detail) for name, detail in self._faults.items()]
        if self.recording.trouble:
            found.append(("disk", "", self.recording.trouble))
        if self.recording.lost:
            found.append(("records lost", "", str(self.recording.lost)))
        if self.clock.jumped:
            found.append(("clock jumped", "", f"{self.clock.apart:+.0f} s"))
        if self.beats.often_late:
            found.append(("cycle late", ""))
        return found

    def _record(
        self,
        image: Image,
        decision: Decision,
        answers: Sequence[Acknowledgement],
        again: set[str],
    ) -> None:
        """Hand over what is to be kept; not each time what is told ``again`` in vain."""
        names = image.points.names
        full = self.beats.cycles % self.every == 0 or bool(decision.alarms)
        told = [each for each in entries.commands(decision, names) if each.key not in again]
        told += entries.alarmed(decision.alarms)
        told += [entries.decided(decision, names)] if full else []
        told += [entries.observation(image, decision)] if full else []
        for answer in answers:
            if self._told.get(answer.point) != answer.accepted:
                self._told[answer.point] = answer.accepted
                payload = {"accepted": answer.accepted, "reason": answer.reason}
                told.append(
                    Entry(kind="acknowledgement", key=answer.point, event=answer.event,
                          known=decision.at, payload=payload)
                )  # fmt: skip
        self.recording.note(told)
        batch = entries.batch_of(image, entries.changed(self._before, image))
        self._before = image
        if batch is not None:
            self.recording.values(batch)
        health = {
            keeper.name: {"connected": keeper.connected, "trouble": keeper.trouble}
            for keeper in self.keepers
        }
        alarms = self.controller.alarms.held()
        if self.monotonic() - self._shown >= SHOWN:
            self._shown = self.monotonic()
            live = entries.live(image, decision, alarms, health)
            self.recording.file(self.recording.folder.live, live)

    def _note(self, kind: str, key: str, payload: dict[str, Any]) -> None:
        now: datetime = self.clock.now()
        self.recording.note([Entry(kind=kind, key=key, event=now, known=now, payload=payload)])

    async def _pause(self, seconds: float) -> None:
        """Wait for the next beat, or until asked to stop."""
        waits = [asyncio.ensure_future(self.clock.sleep(max(seconds, 0.0))),
                 asyncio.ensure_future(self._stop.wait())]  # fmt: skip
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in pending:
            each.cancel()

    async def _end(self) -> None:
        """Leave the plant safe: stores at rest, everything else to its own fallback."""
        self.watchdog.stopping()
        until = self.clock.now() + timedelta(seconds=self.controller.settings.validity)
        names = self.controller.points.names

        async def leave(keeper: Kept) -> None:
            idle = [
                Setpoint(names[place], 0.0, until)
                for place in self.controller.idle_on_stop.tolist()
                if self._home.get(names[place]) is keeper
            ]
            if idle:
                await keeper.write(idle, urgent=True)
            await keeper.close()

        left = await asyncio.gather(*map(leave, self.keepers), return_exceptions=True)
        for keeper, wrong in zip(self.keepers, left, strict=True):
            if isinstance(wrong, Exception):
                log.error("%s was not left at rest: %r", keeper.name, wrong)
        self._note("note", "control", {"en": "control ends", "zh": "控制结束"})
