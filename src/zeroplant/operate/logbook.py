"""The logbook of a loop: what every cycle saw, decided and did, on its way into the records.

The journal gets a whole entry of what was seen and decided now and then, and in each cycle what
has changed since the cycle before, so that `zeroplant.operate.replay` can rebuild any of them. The
history gets each value that was read, once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.links.link import Acknowledgement
from zeroplant.operate import entries
from zeroplant.operate.alarms import Alarm
from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image
from zeroplant.operate.moments import Moments
from zeroplant.operate.orders import Order
from zeroplant.operate.recording import Recording
from zeroplant.store import Entry

SHOWN = 1.0
"""Seconds from one time to the next that history and control room hear of the plant, at least."""
SKIMMED = 60.0
"""The same by the plant's time, where that runs as fast as it can."""


class Logbook:
    """Keeps the cycles of one loop; ``step`` and ``speed`` as there, ``every`` whole entries."""

    def __init__(
        self,
        recording: Recording,
        *,
        step: float = 4.0,
        speed: float = 1.0,
        every: int = 15,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.recording = recording
        self._step, self._speed, self._monotonic = step, speed, monotonic
        self._apart = SHOWN * speed or SKIMMED
        self._shown = float("-inf")
        self._cycles = 0
        self._moments = Moments(every)
        self._before: Image | None = None
        self._seen: list[tuple[Image, NDArray[np.bool_]]] = []
        self._told: dict[str, bool] = {}
        self._orders: dict[str, dict[str, Any]] = {}
        self._day: date | None = None

    def keep(
        self,
        image: Image,
        decision: Decision,
        orders: Sequence[Order],
        answers: Sequence[Acknowledgement],
        again: set[str],
    ) -> None:
        """Have a cycle kept; of what is told ``again`` in vain, only the first time.

        ``orders`` are those of others than persons, whose own are kept by the inbox.
        """
        self._cycles += 1
        names = image.points.names
        told = [each for each in entries.commands(decision, names) if each.key not in again]
        told += entries.alarmed(decision.alarms)
        told += self._changed(orders, decision)
        told += self._flipped(answers, decision)
        told += self._moments.entries(image, decision, answers)
        self.recording.note(told)
        self._seen.append((image, entries.changed(self._before, image)))
        self._before = image
        if self.is_due():
            self.hand_over()

    def is_new_day(self, at: datetime) -> bool:
        """Whether a day of the journal (in UTC) or of this loop has begun: `stand` is due."""
        return at.date() != self._day

    def stand(
        self, at: datetime, alarms: Sequence[Alarm], orders: Mapping[str, dict[str, Any]]
    ) -> None:
        """Have it kept what stands, so that no replay must look further back.

        ``orders`` are those of persons, by name; alarms, and orders of others, come with them.
        """
        self._day = at.date()
        payload = {
            "alarms": {entries.alarm_key(each): each.said() for each in alarms},
            "orders": dict(orders),
            "called": dict(self._orders),
        }
        entry = Entry(kind="standing", key="plant", event=at, known=at, payload=payload)
        self.recording.note([entry])

    def hand_over(self) -> None:
        """Have what was read since the last time kept in the history."""
        batch, self._seen = entries.batch_of(self._seen), []
        if batch is not None:
            self.recording.values(batch)

    def is_due(self) -> bool:
        """Whether history and control room are to hear of the plant anew."""
        return self._monotonic() - self._shown >= self._apart

    def show(
        self,
        image: Image,
        decision: Decision,
        alarms: Sequence[Alarm],
        links: dict[str, Any],
        orders: Sequence[dict[str, Any]],
    ) -> None:
        """Have the control room see this cycle; it is put into words in the recording's thread."""
        self._shown = self._monotonic()
        beat = {"speed": self._speed, "cycle": self._cycles, "step": self._step}

        def said() -> dict[str, Any]:
            return entries.live(image, decision, alarms, links, orders) | beat

        self.recording.file(self.recording.folder.live, said)

    def _changed(self, orders: Sequence[Order], decision: Decision) -> list[Entry]:
        """Orders from outside that came, changed, or hold no more."""
        at, found = decision.at, list[Entry]()
        now: dict[str, dict[str, Any]] = {}
        for order in orders:
            if order.start <= at < order.until:
                key = f"{order.source}: {order.kind} {order.key}".strip()
                now.setdefault(key, entries.ordered(order))
        for key, said in now.items():
            before = self._orders.get(key)
            if before is None or before["value"] != said["value"]:
                found.append(Entry(kind="order", key=key, event=at, known=at, payload=said))
        for key in self._orders.keys() - now.keys():
            payload = {**self._orders[key], "ended": at.isoformat()}
            found.append(Entry(kind="order", key=key, event=at, known=at, payload=payload))
        self._orders = now
        return found

    def _flipped(self, answers: Sequence[Acknowledgement], decision: Decision) -> list[Entry]:
        """Answers that are another than the last one of that device."""
        found = []
        for answer in answers:
            if self._told.get(answer.point) != answer.accepted:
                self._told[answer.point] = answer.accepted
                payload = {"accepted": answer.accepted, "reason": answer.reason}
                found.append(
                    Entry(kind="acknowledgement", key=answer.point, event=answer.event,
                          known=decision.at, payload=payload)
                )  # fmt: skip
        return found
