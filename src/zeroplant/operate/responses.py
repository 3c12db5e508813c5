"""What became of orders from outside: measured when they are over, kept, and told to who asked.

An event lasts from the first cycle in which an order for the whole plant was in force to the last.
When it is over, the consumption at the connection is read from the history and compared with its
baseline: that of like days; where there is none, the schedule that held while the event went on;
and where there was none either, what was consumed in the hour before. One that goes on while the
controller is started again is measured as one. Where the meter was silent it is measured again each
hour for two days, for its values may come late.
"""

from __future__ import annotations

import json
import logging
import queue
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate import event as events
from zeroplant.operate.consumption import BEFORE, Consumption, Span, whole_steps
from zeroplant.operate.entries import plain
from zeroplant.operate.event import Event, Name
from zeroplant.operate.orders import FAIL_SAFE, Order, in_force
from zeroplant.operate.quarter import QUARTER
from zeroplant.operate.recording import Recording
from zeroplant.operate.response import Direction, evaluate
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.worker import Do, at_once
from zeroplant.store import Entry
from zeroplant.waist import Network

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
"""Step of events that hold no whole quarter-hour."""
LONGEST = timedelta(hours=18)
"""An event that goes on for longer is measured in parts."""
WRITTEN = timedelta(seconds=10)
"""How long records of an event may take to be in the history."""
AGAIN = timedelta(hours=1)
"""How soon one that was not metered throughout is measured again,"""
GIVEN_UP = timedelta(days=2)
"""and for how long after it."""
KEPT = 100
"""Responses that the folder shows; all are in the journal."""
KEEPING = timedelta(minutes=1)
"""How often events that go on are kept, for a controller that begins anew."""


@dataclass(frozen=True)
class Finished:
    """What can be reported of an event: consumption and its baseline [MW], a step apart."""

    key: str
    start: datetime
    step: timedelta
    metered: Floats
    baseline: Floats


class Responses:
    """Follows orders and has each measured when it is over: at once, or beside (``do``)."""

    def __init__(self, recording: Recording, zone: str, *, do: Do = at_once) -> None:
        self.recording, self._do = recording, do
        self._consumption = Consumption(recording.history, zone)
        self._kept = _read(recording)
        running, over = events.read(recording.folder.events)
        self._running: dict[Name, Event] = {each.name: each for each in running}
        self._over = [each for each in over if self._told(each) is None]
        self._late = [(each.end, each) for each in over if _lacks(self._told(each))]
        """Those to be measured again, with when."""
        self._lacking: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._unmeasured: list[Event] = []
        self._written: datetime | None = None
        self._finished: queue.SimpleQueue[Finished] = queue.SimpleQueue()

    def stand(self, network: Network) -> None:
        """Which flows go over the connection."""
        self._consumption.stand(network)

    def look(self, now: datetime, orders: Sequence[Order], schedule: Schedule | None) -> None:
        """Called in each cycle, with all orders that others than persons have given."""
        planned = planned_at(schedule, now)
        held: dict[Name, Order] = {}
        for order in in_force(orders, now):
            if order.kind != "device" and order.key != FAIL_SAFE and order.source != "person":
                held.setdefault((order.source, order.key, order.kind), order)
        changed = False
        for name, order in held.items():
            event = self._running.get(name)
            if event is None:
                event = Event(order.source, order.kind, order.key, now, now, order.until)
                self._running[name], changed = event, True
            event.end, event.until = now, order.until
            if not event.course or not _same(event.course[-1], order.value, planned):
                event.course.append((now, order.value, planned))
        for name, event in list(self._running.items()):
            if name not in held or now - event.start >= LONGEST:
                event.end = _ended(event, now, held=name in held)
                self._over.append(self._running.pop(name))
                changed = True
        ready = [event for event in self._over if now - event.end >= WRITTEN]
        self._over = [event for event in self._over if now - event.end < WRITTEN]
        for event in ready:
            self._judge(event)
        self._judge_again(now)
        if changed or ready or self._written is None or abs(now - self._written) >= KEEPING:
            self._written = now
            self._keep()

    def finished(self) -> list[Finished]:
        """Events that have been measured since this was last asked."""
        found = []
        while not self._finished.empty():
            found.append(self._finished.get())
        return found

    def close(self) -> None:
        """Have what is over measured, and keep what goes on."""
        for event in self._over:
            self._judge(event)
        self._over = []
        self._keep()

    def _judge(self, event: Event) -> None:
        """Have it measured, if it is worth it."""
        if event.source == "contract" or event.changed_the_plan():
            self._unmeasured.append(event)
            self._do(partial(self._measure, event, event.end))

    def _judge_again(self, now: datetime) -> None:
        """Have those measured again whose meter was silent, if it is time."""
        while not self._lacking.empty():
            event = self._lacking.get()
            if now - event.end < GIVEN_UP:
                self._late.append((now + AGAIN, event))
        due = [event for at, event in self._late if now >= at]
        self._late = [(at, event) for at, event in self._late if now < at]
        for event in due:
            self._unmeasured.append(event)
            self._do(partial(self._measure, event, now))

    def _keep(self) -> None:
        """For a controller that begins anew: what goes on, or is not measured yet."""
        over = [*self._over, *self._unmeasured, *(event for _, event in self._late)]
        said = events.to_plain(list(self._running.values()), over)
        self.recording.file(self.recording.folder.events, said)

    def _told(self, event: Event) -> dict[str, Any] | None:
        """What is among the responses of it already."""
        named = event.named().items()
        return next((each for each in self._kept if named <= each.items()), None)

    # -- where it is measured ---------------------------------------------------------------------

    def _measure(self, event: Event, known: datetime) -> None:
        try:
            said, finished = self.measured(event)
        except Exception as error:  # the plant goes on, whatever it is
            log.exception("response to %s", event.key)
            said, finished = event.named() | {"method": "none", "note": str(error)}, None
        self._unmeasured.remove(event)
        if _lacks(said):
            self._lacking.put(event)
        before = self._told(event)
        if said == before:
            return
        if finished is not None:
            self._finished.put(finished)
        self._kept = [*(each for each in self._kept if each is not before), said][-KEPT:]
        self.recording.file(self.recording.folder.responses, {"responses": self._kept})
        payload = {name: value for name, value in said.items() if name != "steps"}
        self.recording.note([
            Entry(kind="response", key=f"{event.source} {event.key}".strip(),
                  event=event.start, known=known, payload=payload)
        ])  # fmt: skip

    def measured(self, event: Event) -> tuple[dict[str, Any], Finished | None]:
        """What an event came to, as the folder says it, and to be reported. Raises InputError."""
        step = QUARTER
        first, count = whole_steps(event.start, event.end, step)
        if count < 1:
            step = MINUTE
            first, count = whole_steps(event.start, event.end, step)
        if count < 1:
            return event.named() | {"method": "none", "note": "it holds no whole minute"}, None
        load = self._consumption.of_days(first, step)
        place = slice(BEFORE // step, BEFORE // step + count)
        starts = [first + n * step for n in range(count)]
        if event.start < first:
            load[-1, place.start - 1] = np.nan  # partly in the event: it says nothing of before
        wanted, planned = _course(event, starts)
        baseline, method = self._consumption.baseline(load, first, step, self._events(), planned)
        base, metered = baseline.values[place], load[-1][place]
        direction: Direction = "reduce"
        apart = base + wanted  # consumption that is to go
        if event.kind == "most export" or (event.kind == "target" and apart.sum() < 0.0):
            direction = "raise"
        awarded = np.maximum(apart if direction == "reduce" else -apart, 0.0)
        hours = step / timedelta(hours=1)
        limit = None if event.kind == "target" else -wanted
        came = evaluate(base, metered, awarded, hours, direction=direction, limit=limit)
        columns = {"baseline": base, "metered": metered, "awarded": awarded,
                   "measured": came.measured, "share": came.share}  # fmt: skip
        said = event.named() | {
            "method": method, "like_days": len(baseline.days), "factor": plain(baseline.factor),
            "direction": direction, "first": first.isoformat(), "step": step.total_seconds(),
            "awarded_energy": plain(float(awarded.sum()) * hours),
            "measured_energy": plain(float(came.measured.sum()) * hours),
            "paid_energy": plain(came.paid_energy), "valid_share": plain(came.valid_share),
            "steps": {name: [plain(v) for v in each.tolist()] for name, each in columns.items()},
        }  # fmt: skip
        return said, Finished(event.key, first, step, metered, base)

    def _events(self) -> list[Span]:
        """When there were events that were kept."""
        return [
            (datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"]))
            for each in self._kept
        ]


def planned_at(schedule: Schedule | None, now: datetime) -> float:
    """The net export that the plant itself had in mind for now; nan where it had nothing."""
    if schedule is None or not schedule.start <= now < schedule.end:
        return np.nan
    return float(schedule.target[schedule.place(now)])


def _ended(event: Event, now: datetime, *, held: bool) -> datetime:
    """When an event ended: with its order; when that was taken back, as long as it was seen.

    That may have been while there was no controller. One that is still ``held`` has lasted too
    long for one measurement.
    """
    if held:
        return min(now, event.start + LONGEST)
    return event.until if event.end <= event.until <= now else event.end


def _lacks(said: dict[str, Any] | None) -> bool:
    """Whether what is told of an event was not metered throughout; not where nothing is told."""
    return said is not None and None in said.get("steps", {}).get("metered", [None])


def _same(before: tuple[datetime, float, float], wanted: float, planned: float) -> bool:
    return bool(np.array_equal(before[1:], (wanted, planned), equal_nan=True))


def _course(event: Event, starts: Sequence[datetime]) -> tuple[Floats, Floats]:
    """Wanted and planned net export at the start of each step."""
    moments = [at for at, _, _ in event.course]
    place = np.searchsorted(np.array(moments, object), np.array(starts, object), side="right") - 1
    values = np.array([[wanted, planned] for _, wanted, planned in event.course])
    chosen = values[np.maximum(place, 0)]
    return chosen[:, 0], chosen[:, 1]


def _read(recording: Recording) -> list[dict[str, Any]]:
    """Responses that are in the folder already; a file that cannot be read is begun anew."""
    try:
        found = json.loads(recording.folder.responses.read_bytes())["responses"]
        return [dict(each) for each in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []
