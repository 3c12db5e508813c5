"""The shell of a controller: read, decide, write, record, on a fixed beat.

All devices are read at once and none is waited for beyond its deadline; the cycle sees whatever is
there. Writing goes to all at once as well. A cycle that takes longer than the beat is counted, and
the next one begins on the next beat: beats are never made up for. Records go to a thread of their
own. When asked to stop, stores are set to nothing and everything else is left to lapse to its
device's own fallback.

There is no other loop than this: `zeroplant control` runs it by the machine's clock, a simulation
calls `cycle` and moves its own clock in between.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.links.keeper import Counters
from zeroplant.links.link import Acknowledgement, Point, Quality, Reading, Setpoint
from zeroplant.operate import entries
from zeroplant.operate.alarms import Condition
from zeroplant.operate.asked import Asked
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Decision
from zeroplant.operate.guidance import Scheduled
from zeroplant.operate.image import Codes, Image, micros
from zeroplant.operate.inbox import Inbox
from zeroplant.operate.listing import MANY
from zeroplant.operate.logbook import Logbook
from zeroplant.operate.logs import CYCLE
from zeroplant.operate.orders import Order
from zeroplant.operate.recording import Recording
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.telling import Telling, together
from zeroplant.operate.watchdog import Watchdog
from zeroplant.operate.worker import Do, at_once
from zeroplant.store import Entry

log = logging.getLogger(__name__)

AHEAD = 2_000_000
"""Microseconds by which the stamp of a reading may be ahead of the plant's time."""
LASTING = 2.5
"""Times between two readings of a device that one counts: it may come late, and ages meanwhile."""
WINDOW = 150
"""Cycles of which too many late ones are an alarm: ten minutes at the usual beat."""

CUT_OFF = 60.0
"""Seconds after which a link that is not there is an alarm."""


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
    counters: Counters
    every: float
    """Seconds from one reading of the device to the next."""

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
    cycle and what was decided, when everything is written. One of these that raises is an alarm,
    and what it said last stands. Without ``recording`` nothing is kept, and no person is heard; the
    inbox is looked through as ``do`` says.
    ``beat`` is seconds from cycle to cycle, by the plant's time; of it, ``speed`` pass in a second
    of ours (0: as fast as it goes). ``every`` cycles lie between two whole entries in the journal.
    ``monotonic`` counts seconds of the plant and never jumps.
    """

    controller: Controller
    keepers: Sequence[Kept]
    clock: SteadyClock
    recording: Recording | None
    schedule: Callable[[], Scheduled | None] = lambda: None
    orders: Callable[[], Sequence[Order]] = tuple
    troubles: Callable[[], Sequence[Condition]] = tuple
    after: Callable[[Image, Decision], None] = lambda image, decision: None
    beat: float = 4.0
    speed: float = 1.0
    every: int = 15
    do: Do = at_once
    watchdog: Watchdog = field(default_factory=Watchdog)
    beats: Beats = field(default_factory=Beats)
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._blank()
        self._next: Controller | None = None
        self.inbox = None if self.recording is None else Inbox(self.recording, do=self.do)
        self._logbook = None
        if self.recording is not None:
            self._logbook = Logbook(
                self.recording, step=self.beat, speed=self.speed, every=self.every,
                monotonic=self.monotonic,
            )  # fmt: skip
        self._home = {name: keeper for keeper in self.keepers for name in keeper.points}
        self._telling = Telling(self.keepers)
        self._asked = Asked()
        self._away: dict[str, float] = {}
        self._scheduled: Scheduled | None = None
        self._ordered: Sequence[Order] = ()
        self._wished: Sequence[Order] = ()
        self._amiss: Sequence[Condition] = ()
        self._stop = asyncio.Event()
        self.last: Decision | None = None

    def _blank(self) -> None:
        """An image of nothing, for the points of the controller."""
        points, names = len(self.controller.points), self.controller.points.names
        self._settable = {names[n] for n in np.flatnonzero(self.controller.points.writable)}
        self._value: Floats = np.full(points, np.nan)
        self._event: Ints = np.zeros(points, np.int64)
        self._quality: Codes = np.full(points, Quality.LOST, np.uint8)
        index = self.controller.points.index
        self.controller.serves({
            index[name]: LASTING * keeper.every
            for keeper in self.keepers for name in keeper.points if name in index
        })  # fmt: skip

    @property
    def ordered(self) -> Sequence[Order]:
        """All orders that are held, in force or to come."""
        return [*self._ordered, *self._wished]

    def stop(self) -> None:
        """Have it end after the running cycle."""
        self._stop.set()

    def stand(self, controller: Controller) -> None:
        """Have another controller go on with the same plant, from the next cycle on."""
        self._next = controller

    async def run(self, over: Callable[[], bool] = lambda: False) -> None:
        """Control the plant until `stop`, or until it is ``over``; then leave it safe."""
        now = self.monotonic
        self.begin()
        due = now()
        try:
            while not (self._stop.is_set() or over()):
                begun = now()
                await self.cycle()
                if self.beats.cycles == 1:
                    self.watchdog.ready()
                took = now() - begun
                due += self.beat
                late = due <= now()
                self.beats.took(took, late=late)
                if late:
                    due = now() + self.beat - (now() - due) % self.beat
                await self._pause(due - now())
        finally:
            await self.end()

    def begin(self) -> None:
        """Before the first cycle."""
        self._note({"en": "control begins", "zh": "控制开始"})

    async def cycle(self) -> Decision:
        """One cycle."""
        CYCLE.set(self.beats.cycles + 1)
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
        self._ordered = self._asked.ask("orders", lambda: list(self.orders()), self._ordered)
        self._wished = self._asked.ask("inbox", lambda: self._wishes(now), self._wished)
        self._scheduled = self._asked.ask("schedule", self.schedule, self._scheduled)
        orders = [*self._ordered, *self._wished]
        decision = self.controller.cycle(now, image, self._scheduled, orders, self._troubles())
        before = self._telling.lost | self._telling.deferred
        answers = await self._write(decision)
        again = before & (self._telling.lost | self._telling.deferred)
        self._asked.ask("records", lambda: self._record(image, decision, answers, again), None)
        self.last = decision
        self._asked.ask("after", lambda: self.after(image, decision), None)
        self.beats.cycles += 1
        self.watchdog.alive(f"target {decision.target:.6g} MW, export {decision.exchange:.6g} MW")
        return decision

    async def _read(self) -> None:
        """The last of every point; what did not answer keeps its value with its age.

        A reading that comes late, or for a second time, does not take the place of a later one.
        """
        index, ahead = self.controller.points.index, micros(self.clock.now()) + AHEAD
        images = await together(keeper.read() for keeper in self.keepers)
        stamp, event = None, 0
        for image in images:
            for name, reading in image.items():
                place = index.get(name, -1)
                if place < 0:
                    continue
                if reading.event is not stamp:  # many come with one stamp
                    stamp, event = reading.event, micros(reading.event)
                held = self._event[place]
                if event >= held or held > ahead:
                    self._value[place] = reading.value
                    self._event[place] = event
                    self._quality[place] = reading.quality

    async def _write(self, decision: Decision) -> list[Acknowledgement]:
        """Set what is worth setting; the controller hears what did not arrive."""
        answers = await self._telling.tell(decision, self.controller.points.names)
        index, telling = self.controller.points.index, self._telling
        self.controller.unheard(
            [index[name] for name in telling.lost if name in index],
            [index[name] for name in telling.deferred if name in index],
        )
        return answers

    def _wishes(self, now: datetime) -> list[Order]:
        """Orders of persons."""
        if self.inbox is None:
            return []
        return self.inbox.orders(now, self.controller.alarms, self._settable)

    def _troubles(self) -> list[Condition]:
        """What is wrong outside of the cycle, as alarms."""
        self._amiss = self._asked.ask("troubles", lambda: list(self.troubles()), self._amiss)
        refused = sorted(self._telling.refused)
        found: list[Condition] = [("write refused", name) for name in refused[:MANY]]
        if len(refused) > MANY:
            found = [("write refused", f"more than {MANY} points")]
        found += self._cut_off()
        found += self._amiss
        found += self._asked.troubles()
        unheard = "" if self.inbox is None else self.inbox.trouble(self.clock.now())
        refuses = "" if self.recording is None else self.recording.trouble
        if unheard or refuses:
            found.append(("disk", "", "; ".join(filter(None, (refuses, unheard)))))
        if self.recording is not None and self.recording.filling:
            found.append(("disk filling", "", self.recording.filling))
        if self.recording is not None and self.recording.lost:
            found.append(("records lost", "", str(self.recording.lost)))
        if self.recording is not None and self.recording.damaged:
            found.append(("records damaged", "", self.recording.damaged))
        if self.clock.jumped:
            found.append(("clock jumped", "", f"{self.clock.apart:+.0f} s"))
        if self.beats.often_late:
            found.append(("cycle late", ""))
        return found

    def _cut_off(self) -> list[Condition]:
        """Links that have not been there for a while."""
        now = self.monotonic()
        away = {keeper.name: keeper for keeper in self.keepers if not keeper.connected}
        self._away = {name: self._away.get(name, now) for name in away}
        return [
            ("link lost", name, away[name].trouble)
            for name, since in self._away.items()
            if now - since >= CUT_OFF
        ]

    def _record(
        self,
        image: Image,
        decision: Decision,
        answers: Sequence[Acknowledgement],
        again: set[str],
    ) -> None:
        """Hand over what is to be kept; not each time what is told ``again`` in vain."""
        if self._logbook is None or self.inbox is None:
            return
        self._logbook.keep(image, decision, self._ordered, answers, again)
        if self._logbook.is_new_day(decision.at):
            self._logbook.stand(decision.at, self.controller.alarms.held(), self.inbox.standing())
        if self._logbook.is_due():
            links = {
                keeper.name: {
                    "connected": keeper.connected,
                    "trouble": keeper.trouble,
                    **vars(keeper.counters),
                }
                for keeper in self.keepers
            }
            orders = [*map(entries.ordered, self._ordered), *self.inbox.said()]
            self._logbook.show(image, decision, self.controller.alarms.held(), links, orders)

    def _note(self, said: dict[str, str]) -> None:
        """A note about the control itself."""
        if self.recording is not None:
            now = self.clock.now()
            entry = Entry(kind="note", key="control", event=now, known=now, payload=said)
            self.recording.note([entry])

    async def _pause(self, seconds: float) -> None:
        """Wait for the next beat, or until asked to stop."""
        waits = [asyncio.ensure_future(self.clock.sleep(max(seconds, 0.0))),
                 asyncio.ensure_future(self._stop.wait())]  # fmt: skip
        done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in pending:
            each.cancel()
        for each in done:
            each.result()  # a clock that fails would not pass: nothing can go on by it

    async def end(self) -> None:
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
        if self._logbook is not None:
            self._logbook.hand_over()
        self._note({"en": "control ends", "zh": "控制结束"})
