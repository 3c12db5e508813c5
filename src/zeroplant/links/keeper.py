"""Around every link once: deadlines, reconnection, last known values, quality, write budget.

A keeper is itself a link, one whose ``read`` and ``write`` never raise and do not hold up a cycle:
a device in trouble becomes readings of quality LOST, with the last value and its age, and refused
set-points; a slow one is read on in the background. Nothing here knows a protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isnan
from typing import Any

from zeroplant.links.backoff import Backoff
from zeroplant.links.budget import Budget, Verdict
from zeroplant.links.clock import Clock
from zeroplant.links.fallback import Fallbacks
from zeroplant.links.heartbeat import Heartbeat, Pulse
from zeroplant.links.judgement import NEVER, judged, objection
from zeroplant.links.link import (
    BUSY,
    DEFERRED,
    Acknowledgement,
    Link,
    Point,
    Quality,
    Reading,
    Setpoint,
)


@dataclass
class Counters:
    """What happened so far."""

    reads: int = 0
    failures: int = 0
    connections: int = 0
    writes: int = 0
    held: int = 0
    deferred: int = 0
    refused: int = 0
    fallbacks: int = 0


class Keeper:
    """A link that never raises.

    ``every`` is the poll interval in seconds: a read that comes sooner gives the last image.
    ``deadline`` is the longest that one visit to the device may take, connecting included, and
    ``patience`` the longest that a read waits for it: then it gives the last image, and the visit
    goes on. Without it a read waits until the deadline.
    """

    def __init__(
        self,
        link: Link,
        clock: Clock,
        *,
        every: float = 4.0,
        deadline: float = 2.0,
        patience: float | None = None,
        budget: Budget | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self.link, self.clock = link, clock
        self._all = dict(link.points)
        self._pulse, self._fallbacks = Pulse(heartbeat or Heartbeat()), Fallbacks(self._all)
        beats = {self._pulse.heartbeat.ours, self._pulse.heartbeat.theirs}
        self._own = {name: point for name, point in self._all.items() if name not in beats}
        self.every, self.deadline = every, deadline
        self.patience = deadline if patience is None else patience
        self.budget = budget or Budget(every)
        self.counters = Counters()
        self.connected = False
        self.trouble = ""
        """Why the device is lost, in words; empty while it answers."""
        self._backoff = Backoff()
        self._lock = asyncio.Lock()
        self._visiting: asyncio.Task[None] | None = None
        self._last: dict[str, Reading] = {}
        self._read_at = NEVER

    @property
    def name(self) -> str:
        """Name of the link."""
        return self.link.name

    @property
    def points(self) -> Mapping[str, Point]:
        """Points of the link, without those of its heartbeat."""
        return self._own

    async def open(self) -> None:
        """Connect, or have it tried again at the next read."""
        await self.read()

    async def close(self) -> None:
        """Disconnect; what stands in the device lapses there, or is put to its fallback now."""
        visit, self._visiting = self._visiting, None
        if visit is not None:
            visit.cancel()
            await asyncio.wait({visit})
        async with self._lock:
            if ours := self._fallbacks.ours(self.clock.now()):
                await self._attempt(self._put_back(ours))
            await self._disconnect()

    async def read(self) -> Mapping[str, Reading]:
        """All points, with their quality now; never raises and never waits beyond the patience."""
        now = self.clock.now()
        idle = self._visiting is None or self._visiting.done()
        early = timedelta(0) <= now - self._read_at < timedelta(seconds=0.75 * self.every)
        if idle and not (early or self._backoff.waiting(now)):
            self._visiting = asyncio.ensure_future(self._read_on())
        if self._visiting is not None and not self._visiting.done():
            await self._waited(self._visiting)
        return self._image()

    async def _read_on(self) -> None:
        async with self._lock:
            await self._attempt(self._visit())

    async def _waited(self, task: asyncio.Future[Any]) -> bool:
        """Wait for something that goes on by itself, within the patience; whether it is done."""
        if self.patience >= self.deadline:
            await asyncio.wait({task})
            return True
        timer = asyncio.ensure_future(self.clock.sleep(self.patience))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
        return task.done()

    async def write(
        self, setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        """Set what is due; never raises. ``urgent`` changes do not wait for the write interval."""
        if not await self._taken():
            now = self.clock.now()
            return [Acknowledgement(each.point, False, now, BUSY) for each in setpoints]
        try:
            now = self.clock.now()
            answers: dict[str, Acknowledgement] = {}
            due = []
            for wish in setpoints:
                answer = self._examined(wish, now, urgent)
                if answer is None:
                    due.append(wish)
                    continue
                answers[wish.point] = answer
                if answer.reason == DEFERRED and (old := self.budget.renewal(wish, now)):
                    due.append(old)
            if due:
                for point, answer in (await self._written(due, now)).items():
                    if not (answer.accepted and point in answers):  # renewed is still deferred
                        answers[point] = answer
            return [answers[wish.point] for wish in setpoints]
        finally:
            self._lock.release()

    async def _taken(self) -> bool:
        """Take the lock, if that is possible within the patience."""
        if not self._lock.locked():
            return await self._lock.acquire()
        turn = asyncio.ensure_future(self._lock.acquire())
        taken = False
        try:
            taken = await self._waited(turn)
        finally:
            if not taken and turn.done() and not turn.cancelled():
                self._lock.release()
            elif not taken:
                turn.cancel()
        return taken

    def _examined(self, wish: Setpoint, now: datetime, urgent: bool) -> Acknowledgement | None:
        """The answer to a set-point that is not written; None where it is due."""
        point = self._all.get(wish.point)
        reason = objection(point, wish, now)
        if point is None or reason:
            self.counters.refused += 1
            return Acknowledgement(wish.point, False, now, reason)
        verdict = self.budget.verdict(point, wish, now, urgent=urgent)
        if verdict is Verdict.WRITE:
            return None
        if verdict is Verdict.HOLD:
            self.counters.held += 1
            return Acknowledgement(wish.point, True, now, "it stands")
        self.counters.deferred += 1
        return Acknowledgement(wish.point, False, now, DEFERRED)

    async def _written(self, due: list[Setpoint], now: datetime) -> dict[str, Acknowledgement]:
        given: list[Acknowledgement] = []

        async def telling() -> None:
            await self._connect()
            for wish in due:
                self._fallbacks.sent(wish, now, self.clock.count())
            given.extend(await self.link.write(due))

        if not self._backoff.waiting(now):
            await self._attempt(telling())
        heard = {answer.point: answer for answer in given}
        answers = {}
        for wish in due:
            answer = heard.get(wish.point)
            if answer is None:
                answer = Acknowledgement(wish.point, False, now, f"lost: {self.trouble}")
            answers[wish.point] = answer
            if answer.accepted:
                self.counters.writes += 1
                self.budget.wrote(self._all[wish.point], wish, now)
                self._fallbacks.stands(wish, now, self.clock.count())
            else:
                self.counters.refused += 1
                self.budget.forget(wish.point)  # it may have come through all the same
        return answers

    async def _attempt(self, visit: Coroutine[Any, Any, None]) -> None:
        """Do something with the device, within the deadline; its trouble is noted, not raised."""
        try:
            await self._within(visit)
        except Exception as error:  # whatever a device sends must not stop the plant
            self.counters.failures += 1
            words = str(error) or "no answer in time"
            self.trouble = " ".join(f"{type(error).__name__}: {words}".split())[:200]
            await self._disconnect()
            self._backoff.failed(self.clock.now())
        else:
            self.trouble = ""
            self._backoff.succeeded()

    async def _within(self, work: Coroutine[Any, Any, None]) -> None:
        """Await work until the deadline, by the keeper's clock."""
        task = asyncio.ensure_future(work)
        timer = asyncio.ensure_future(self.clock.sleep(self.deadline))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                message = f"no answer within {self.deadline:g} s"
                raise TimeoutError(message)
            task.result()
        finally:
            timer.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=1.0)
                if task.done() and not task.cancelled():
                    task.exception()  # taken note of: what it died of no longer matters

    async def _visit(self) -> None:
        """Connect if need be, show that we live, put right what has lapsed, and read."""
        await self._connect()
        if beat := self._pulse.due(self.clock.now()):
            await self.link.write(beat)
        if lapsed := self._fallbacks.due(self.clock.now(), self.clock.count()):
            await self._lapse(lapsed)
        image = await self.link.read()
        self._read_at = self.clock.now()
        self._pulse.listen(image, self._read_at)
        self.counters.reads += 1
        for name, reading in image.items():
            known = not isnan(reading.value)
            if known or name not in self._last:
                self._last[name] = reading
            else:  # unknown is not zero: the last value stands, with its age
                old = self._last[name]
                quality = max(reading.quality, Quality.BAD)
                self._last[name] = Reading(old.value, old.event, quality)

    async def _put_back(self, fallbacks: Sequence[Setpoint]) -> None:
        """Put points to their fallback at the end, also where the line was lost just before."""
        await self._connect()
        await self._lapse(fallbacks)

    async def _lapse(self, fallbacks: Sequence[Setpoint]) -> None:
        """Put points to their fallback; those that refuse it are tried again."""
        for answer in await self.link.write(fallbacks):
            if answer.accepted:
                self._fallbacks.done(answer.point)
                self.budget.forget(answer.point)
                self.counters.fallbacks += 1

    async def _connect(self) -> None:
        if self.connected:
            return
        await self.link.open()
        self.connected = True
        self.counters.connections += 1
        self.budget.forget()  # it may have restarted
        self._pulse.begin(self.clock.now())
        self._fallbacks.begin(self.clock.count())

    async def _disconnect(self) -> None:
        self.connected = False
        self._read_at = NEVER
        with suppress(Exception):
            await self.link.close()

    def _image(self) -> dict[str, Reading]:
        now = self.clock.now()
        doubt = self._doubt(now)
        return {
            name: judged(point, self._last.get(name), now, 2.0 * self.every, doubt)
            for name, point in self._own.items()
        }

    def _doubt(self, now: datetime) -> Quality:
        """How far the device as a whole may be trusted."""
        if not self.connected:
            return Quality.LOST
        return Quality.UNCERTAIN if self._pulse.dead(now) else Quality.GOOD
