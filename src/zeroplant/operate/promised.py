"""One promise on its way: ahead, running, over; and orders from outside as promises."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from zeroplant.operate.commitments import Commitment, Promise
from zeroplant.operate.entries import plain
from zeroplant.operate.orders import Order, OrderKind, Source
from zeroplant.operate.quarter import QUARTER, quarter_of

STANDING = timedelta(hours=24)
"""An order that stands until it is lifted is planned with for so long."""
LASTING = timedelta(hours=1)
"""What reserve there is holds for so long, unless it is worked out anew."""
KINDS: dict[OrderKind, Promise] = {
    "target": "schedule", "most export": "at most", "least export": "at least",
}  # fmt: skip
PRICE: dict[Source, float] = {
    "safety": 9000.0, "dispatch centre": 8000.0, "contract": 6000.0, "person": 4000.0,
}  # fmt: skip
"""Money per MWh by which the plan misses an order: the word of a higher source is dearer, all are
dearer than energy, and cheaper than load that is not served."""


@dataclass
class Promised:
    """A promise and what is known of it.

    ``kind`` is as it was written, ``reduction`` that of a response [MW]. ``course`` has the values
    of an order that changes, ``ready`` what reserve there was, by quarter-hour. ``based`` says
    whether the baseline of a response was worked out, before (False) or with its own day (True).
    """

    commitment: Commitment
    kind: str
    source: str
    reduction: float = np.nan
    state: Literal["ahead", "running"] = "ahead"
    course: list[tuple[datetime, float]] = field(default_factory=list)
    ready: dict[datetime, float] = field(default_factory=dict)
    based: bool | None = None
    due: datetime | None = None
    """When it is to be judged, once it is over."""

    def identity(self) -> tuple[str, str, str]:
        """By which one that is over is known again."""
        said = self.plain()
        return said["name"], said["start"], said["until"]

    def same(self, other: Promised) -> bool:
        """Whether another one says the same; a baseline is not said."""
        if self.kind == other.kind == "response":
            mine, theirs = self.plain(), other.plain()
            return all(mine[each] == theirs[each] for each in ("until", "value", "price"))
        return self.plain() | {"state": ""} == other.plain() | {"state": ""}

    def is_planned(self, now: datetime) -> bool:
        """Whether the planner is to keep it: a response not before its baseline is known."""
        known = self.kind != "response" or np.ndim(self.commitment.value) > 0
        return known and self.commitment.until > now

    def met(self, now: datetime) -> None:
        """Keep the value that an order has now."""
        value = float(np.max(self.commitment.value))
        if self.commitment.start <= now and (not self.course or self.course[-1][1] != value):
            self.course.append((now, value))

    def wanted(self, at: datetime) -> float:
        """The net export that was promised for a moment [MW]."""
        if self.course:
            held = [value for since, value in self.course if since <= at]
            return held[-1] if held else self.course[0][1]
        values = np.atleast_1d(self.commitment.value)
        place = (at - self.commitment.start) // QUARTER if len(values) > 1 else 0
        return float(values[min(max(place, 0), len(values) - 1)])

    def ready_at(self, at: datetime) -> float:
        """The reserve there was in a quarter-hour [MW], as last worked out; nan if that is old."""
        made = max((since for since in self.ready if since <= at), default=None)
        return self.ready[made] if made is not None and at - made < LASTING else math.nan

    def plain(self) -> dict[str, Any]:
        """As the plant's folder says it."""
        promised = self.commitment
        value: Any = self.reduction
        if self.kind != "response":
            value = promised.value
        said = np.atleast_1d(value).tolist()
        return {
            "name": promised.name,
            "kind": self.kind,
            "source": self.source,
            "start": promised.start.isoformat(),
            "until": promised.until.isoformat(),
            "value": plain(said[0]) if len(said) == 1 else [plain(v) for v in said],
            "price": plain(promised.price),
            "hours": plain(promised.hours),
            "tolerance": plain(promised.tolerance),
            "state": self.state,
        }


def ordered(order: Order, name: str, now: datetime) -> Commitment:
    """An order for the whole plant as a promise; one that stands holds as far as plans look."""
    until = quarter_of(now) + STANDING if order.standing else order.until
    kind = KINDS[order.kind]
    return Commitment(name, kind, order.start, until, order.value, PRICE[order.source])


def name_of(order: Order, zone: ZoneInfo) -> str:
    """What an order is called as long as it goes on, whatever it says by then.

    A centre has one order of a kind, said again and again; others say from when each holds.
    """
    if order.source in ("safety", "dispatch centre"):
        return f"{order.source}: {' '.join(part for part in (order.key, order.kind) if part)}"
    begins = f"{order.start.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{order.source}: {order.key or order.kind} ({begins})"


def on_grid(promised: Commitment, now: datetime) -> Commitment:
    """A promise by whole quarter-hours, as plans are made; the one that runs counts as a whole."""
    if np.ndim(promised.value):
        return promised
    start = quarter_of(promised.start) if promised.start <= now else promised.start
    ends = quarter_of(promised.until)
    until = ends if ends == promised.until else ends + QUARTER
    return replace(promised, start=start, until=until)
