"""An order from outside as it went, and how it is kept for a controller that begins anew.

An event may go on while the controller is started again: what it wanted before, and what was
planned, is in the plant's folder, so that it is measured as one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from zeroplant.operate.entries import moment_of, plain
from zeroplant.operate.orders import OrderKind, Source

NOTICEABLE = 1e-3

Name = tuple[str, str, str]
"""Source, key and kind of an order: by these it is the same one as before."""


@dataclass
class Event:
    """An order as it went: from when to when, what it wanted of the net export, what was planned.

    ``until`` is how long the order itself said that it holds. ``course`` has (moment, wanted,
    planned) [MW] at each change; planned is nan without a schedule.
    """

    source: Source
    kind: OrderKind
    key: str
    start: datetime
    end: datetime
    until: datetime
    course: list[tuple[datetime, float, float]] = field(default_factory=list)

    @property
    def name(self) -> Name:
        """By what it is known while it goes on."""
        return self.source, self.key, self.kind

    def changed_the_plan(self) -> bool:
        """Whether it wanted anything else than what was planned anyway."""
        apart = [wanted - planned for _, wanted, planned in self.course]
        if self.kind == "most export":
            return not all(each > -NOTICEABLE for each in apart)
        if self.kind == "least export":
            return not all(each < NOTICEABLE for each in apart)
        return not all(abs(each) < NOTICEABLE for each in apart)

    def named(self) -> dict[str, Any]:
        """What it is and when it was, as the folder says it."""
        return {
            "source": self.source, "key": self.key, "kind": self.kind,
            "start": self.start.isoformat(), "end": self.end.isoformat(),
        }  # fmt: skip


def to_plain(running: Sequence[Event], over: Sequence[Event]) -> dict[str, Any]:
    """Events that go on, and those that are not measured yet, as JSON says them."""
    return {"running": [_said(each) for each in running], "over": [_said(each) for each in over]}


def read(path: Path) -> tuple[list[Event], list[Event]]:
    """What `to_plain` said when it was last written; nothing where that cannot be read."""
    try:
        said = json.loads(path.read_bytes())
        running, over = ([_event(each) for each in said[name]] for name in ("running", "over"))
    except (OSError, ValueError, KeyError, TypeError):
        return [], []
    return running, over


def _said(event: Event) -> dict[str, Any]:
    course = [[at.isoformat(), wanted, plain(planned)] for at, wanted, planned in event.course]
    return {**event.named(), "until": event.until.isoformat(), "course": course}


def _event(said: dict[str, Any]) -> Event:
    source, kind = said["source"], said["kind"]
    if source not in get_args(Source) or kind not in get_args(OrderKind):
        message = f"there is no order of {source}: {kind}"
        raise ValueError(message)
    start, end, until = (moment_of(said[name]) for name in ("start", "end", "until"))
    course = [
        (moment_of(at), float(wanted), math.nan if planned is None else float(planned))
        for at, wanted, planned in said["course"]
    ]
    if not course:
        message = "an event without a course"
        raise ValueError(message)
    return Event(source, kind, str(said["key"]), start, end, until, course)
