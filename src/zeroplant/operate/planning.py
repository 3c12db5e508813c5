"""The schedule in force: asked of a planner at the right moments, and never waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.alarms import Condition
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import STAMP
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.image import Image
from zeroplant.operate.known import Source
from zeroplant.operate.nowcast import corrected
from zeroplant.operate.outside import has_inflow
from zeroplant.operate.planner_process import Request
from zeroplant.operate.points import bounds_of, possible_of
from zeroplant.operate.quarter import quarter_of
from zeroplant.operate.recording import Recording
from zeroplant.operate.requested import Requested
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import NARROWED
from zeroplant.operate.standing import Standing
from zeroplant.operate.swings import Swings
from zeroplant.store import Entry
from zeroplant.waist import Store

AHEAD = timedelta(seconds=45)
"""A schedule is made so long before its quarter-hour begins: it is there when that does."""
PATIENCE = 20.0
"""Seconds for which a target must have been out of reach before another plan is made for it,"""
AGAIN = timedelta(seconds=30)
"""so long after the plan before, and twice as long each time until the next quarter-hour."""
LONGEST = timedelta(minutes=2)
"""Where the planner gave no plan of its own it is asked again likewise, and at least so often."""
RESUMED = timedelta(minutes=30)
"""Age up to which a controller that begins anew goes on with the schedule of the one before."""
HOUR = timedelta(hours=1)
HEARD = 0.5
"""Part of a quarter-hour in which a flow must have been known for its mean to count."""
EXPECTED: Mapping[str, Forecast] = {}
"""No forecasts: plans go by what the plant file lets expect."""


RECONCILED = int(Source.RECONCILED)


class Planner(Protocol):
    """Whoever makes schedules (`planner_process`); neither call waits."""

    @property
    def problem(self) -> str:
        """Why there was not even a fallback when it was asked last; else empty."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a request is being worked on."""
        ...

    def ask(self, request: Request) -> bool:
        """Hand over a request; False while the one before is being worked on."""
        ...

    def answer(self) -> Schedule | None:
        """The schedule that was asked for, once it is there."""
        ...

    def go_on(self, schedule: Schedule) -> None:
        """The last good schedule is that of a planner before this one."""
        ...

    def stand(self, standing: Standing) -> None:
        """Plan for other days from now on."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Before:
    """What flows were in the quarter-hour before: their mean, as far as it is known.

    At the start, before there is such a one, it is what they are.
    """

    def __init__(self) -> None:
        self._last: Mapping[str, float] = {}
        self._names: Sequence[str] = ()
        self._quarter: datetime | None = None
        self._sum, self._count, self._cycles = np.zeros(0), np.zeros(0), 0

    def mean(self, quarter: datetime) -> Mapping[str, float]:
        """Means of the quarter-hour before one that runs or comes next; of the running so far."""
        if self._quarter is not None and quarter > self._quarter:
            return self._running()
        return self._last

    def _running(self) -> dict[str, float]:
        enough = self._count > HEARD * self._cycles
        mean = np.where(enough, self._sum / np.maximum(self._count, 1.0), np.nan)
        return _finite(self._names, mean)

    def add(self, image: Image, decision: Decision) -> None:
        """Count one cycle; what is measured or left by a balance is known."""
        quarter = quarter_of(image.at)
        count, known = image.points.flows, decision.known
        there = known.source[:count] <= RECONCILED
        flows = np.where(there, known.value[:count], 0.0)
        if quarter != self._quarter:
            names = image.points.names[:count]
            if self._cycles and len(self._sum) == count:
                self._last = self._running()
            else:
                self._last = _finite(names, np.where(there, flows, np.nan))
            self._quarter, self._names = quarter, names
            self._sum, self._count, self._cycles = np.zeros(count), np.zeros(count), 0
        self._sum += flows
        self._count += there
        self._cycles += 1


class Planning:
    """Asks for schedules; ``newest`` is followed as soon as it begins, ``schedule`` is in force.

    It asks at the start and shortly before each quarter-hour, and again within one when there are
    newer forecasts or commitments, when the planner failed, or when the target has been out of
    reach for a while: then what is measured now corrects the forecasts, which else would only give
    the same plan again.
    ``forecasts`` and ``commitments`` give the newest there are, at once, and the same object until
    they change. With ``nowcast`` off, forecasts are taken as they are, and never doubted.
    """

    def __init__(
        self,
        planner: Planner,
        recording: Recording | None,
        forecasts: Callable[[datetime], Mapping[str, Forecast]] = lambda _: EXPECTED,
        commitments: Callable[[datetime], Sequence[Commitment]] = lambda _: (),
        *,
        nowcast: bool = True,
    ) -> None:
        self.planner, self.recording = planner, recording
        self.forecasts, self.commitments, self.nowcast = forecasts, commitments, nowcast
        self.schedule: Schedule | None = None
        self.newest: Schedule | None = None
        self._stores: Sequence[Store] = ()
        self._quarter: datetime | None = None
        self._with: tuple[object, object] = (None, None)
        self._asked: datetime | None = None
        self._wait = AGAIN
        self._before = Before()
        self._swings: Swings | None = None
        self._requested = Requested(recording)

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        self.planner.stand(standing)
        self._stores = [store for store in standing.network.stores if not has_inflow(store)]
        swings, before = Swings(standing.network), self._swings
        if before is not None:
            swings.take_over(before)
        self._swings = swings

    def resume(self, now: datetime) -> None:
        """Go on with the schedule that is in the folder, if it was made a short while ago."""
        if self.recording is None:
            return
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = Schedule.from_json(self.recording.folder.schedule.read_bytes())
            if timedelta() <= now - found.made <= RESUMED:
                self.schedule = self.newest = found
                self.planner.go_on(found)

    def look(self, image: Image, decision: Decision) -> None:
        """After each cycle: take in what the planner answered, and ask again when it is time.

        It plans from what is known: a flow that is neither measured nor left by a balance is not
        told, and a level is the one that is carried on. What flows were in the quarter-hour before
        is their mean.
        """
        self.take(image.at)
        self._before.add(image, decision)
        if self._swings is not None:
            self._swings.add(image, decision)
        quarter = quarter_of(image.at if self.newest is None else image.at + AHEAD)
        begin = max(image.at, quarter)
        told = self.forecasts(begin), self.commitments(begin)
        newer = told[0] is not self._with[0] or told[1] is not self._with[1]
        new = newer or quarter != self._quarter
        if not (new or self._is_surprised(image.at, decision) or self._is_to_be_retried(image.at)):
            return
        names, points = image.points.names, image.points
        stores = points.levels
        levels = _finite(names[stores], decision.known.value[stores])
        self._carry_on(levels, image, decision, (begin - image.at) / HOUR)
        if names[stores] and not levels:
            return  # nothing was heard yet: a plan from nowhere helps nobody
        expected, promised = told
        if self.nowcast:
            expected = corrected(expected, _now(expected, image, decision))
        measured = self._before.mean(quarter)
        swings = NARROWED if self._swings is None else self._swings.at(image, decision)
        request = Request(begin, levels, expected, promised, measured=measured, swings=swings)
        if self.planner.ask(request):
            self._requested.asked(image.at, begin)
            self._wait = AGAIN if new else 2 * self._wait
            self._quarter, self._with, self._asked = quarter, told, image.at
            self.take(image.at)

    def take(self, now: datetime) -> None:
        """Take in what the planner has answered meanwhile; in force is what has begun."""
        answer = self.planner.answer()
        if answer is not None:
            self.newest = answer
            self._requested.answered(now, answer.status, answer.note)
        elif self._requested.open and not self.planner.busy:
            self._requested.answered(now, "none", self.planner.problem)
        newest = self.newest
        if newest is not None and newest is not self.schedule and newest.start <= now:
            self.schedule = newest
            self._keep(newest)

    def _carry_on(
        self, levels: dict[str, float], image: Image, decision: Decision, hours: float
    ) -> None:
        """Move levels on to the moment that is planned for, by what flows now, in place."""
        count = image.points.flows
        flows = dict(zip(image.points.names[:count], decision.known.value.tolist(), strict=False))
        for store in self._stores if hours else ():
            level = levels.get(store.name, np.nan)
            fills = sum(
                float(np.mean(k)) * flows.get(f.name, np.nan) for f, k in store.fill.items()
            )
            drains = sum(
                float(np.mean(k)) * flows.get(f.name, np.nan) for f, k in store.drain.items()
            )
            moved = level + hours * (fills - drains)
            least, most = bounds_of(store.floor, store.cap)
            if np.isfinite(moved):
                levels[store.name] = min(max(moved, min(level, least)), max(level, most))

    def troubles(self) -> list[Condition]:
        """Alarms: that the planner gave none."""
        why = self._failure()
        return [] if why is None else [("planner failed", "", why)]

    def close(self) -> None:
        """Let go of the planner."""
        self.planner.close()

    def _is_surprised(self, now: datetime, decision: Decision) -> bool:
        """Whether the target has been out of reach for so long that it is planned anew."""
        lasting = self.nowcast and decision.source == "schedule" and decision.short >= PATIENCE
        return lasting and (self._asked is None or now - self._asked >= self._wait)

    def _is_to_be_retried(self, now: datetime) -> bool:
        """Whether the planner failed so long ago that it may have come to itself."""
        failed = self._failure() is not None
        return failed and (self._asked is None or now - self._asked >= min(self._wait, LONGEST))

    def _failure(self) -> str | None:
        """Why there is no plan of the planner's own; None if there is."""
        if self.planner.problem:
            return self.planner.problem
        schedule = self.newest
        return schedule.note if schedule and schedule.status in ("kept", "rule") else None

    def _keep(self, schedule: Schedule) -> None:
        """The schedule into the folder and the journal."""
        if self.recording is None:
            return
        folder, made = self.recording.folder, schedule.made
        self.recording.file(folder.schedule, schedule.plain)
        stamp = f"{made:{STAMP}}"
        self.recording.file(folder.schedules / f"{stamp}.json", schedule.plain)
        payload = {"status": schedule.status, "note": schedule.note, "file": f"{stamp}.json"}
        entry = Entry(kind="plan", key="plant", event=schedule.start, known=made, payload=payload)
        self.recording.note([entry])


def _finite(names: Sequence[str], values: Floats) -> dict[str, float]:
    pairs = zip(names, values.tolist(), strict=True)
    return {name: value for name, value in pairs if np.isfinite(value)}


def _now(expected: Mapping[str, Forecast], image: Image, decision: Decision) -> dict[str, float]:
    """What is measured now of what is expected: what a flow could give, or what a load takes."""
    index, known = image.points.index, decision.known
    found = {}
    for key in expected:
        place = index.get(possible_of(key), index.get(key, -1))
        flow = 0 <= place < image.points.flows or place == index.get(possible_of(key))
        if flow and known.source[place] == Source.MEASURED:
            found[key] = float(known.value[place])
    return found
