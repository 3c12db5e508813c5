"""What was planned for each step: by the last schedule that was made before the step began.

A schedule begins with the step that runs when it is made; of that one, the older plan counts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zeroplant.errors import InputError, Problem
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.outlook import made_of

LONGEST = timedelta(days=3)
"""Of a span; a day has a schedule each quarter-hour, and each is a file."""
KEPT = 400
"""Schedules kept in memory: of some days."""
BEFORE = timedelta(days=1)
"""How far back a schedule may have been made to say anything of a step."""


@dataclass(frozen=True)
class Step:
    """A step from ``start`` to ``end``, what was planned for it, and when that was."""

    start: datetime
    end: datetime
    value: float
    made: datetime


class Planned:
    """The schedules in a folder, read as they are asked for; for many threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: OrderedDict[Path, Schedule | None] = OrderedDict()

    def of(self, point: str, start: datetime, end: datetime) -> list[Step]:
        """The steps that begin from ``start`` up to ``end``; of a store, its level at their ends.

        What a schedule says of a step that had begun counts only where no older one spoke of it.
        Raises InputError for moments at which no calendar has a day before them.
        """
        found: dict[datetime, Step] = {}
        for schedule in self.made(start, end):
            values = schedule.power.get(point, schedule.level.get(point))
            if values is None:
                continue
            said = range(len(values))
            covered = [schedule.start + number * schedule.step for number in said]
            for begin, value in zip(covered, values.tolist(), strict=True):
                old = begin in found and begin < schedule.made
                if start <= begin < end and not old:
                    found[begin] = Step(begin, begin + schedule.step, value, schedule.made)
        return [found[begin] for begin in sorted(found)]

    def made(self, start: datetime, end: datetime) -> Iterator[Schedule]:
        """Schedules that say anything of a span, the oldest first. Raises InputError as `of`."""
        try:
            since = start.astimezone(UTC) - BEFORE
        except OverflowError:
            raise InputError(Problem("there is no day before this start", "start")) from None
        return self._made(since, end)

    def _made(self, since: datetime, until: datetime) -> Iterator[Schedule]:
        """Schedules by when they were made, the oldest first."""
        for path in sorted(self._folder.glob("*.json")):
            made = made_of(path)
            if made is None or not since <= made < until:
                continue
            schedule = self._read(path)
            if schedule is not None:
                yield schedule

    def _read(self, path: Path) -> Schedule | None:
        """A schedule, which never changes once it is written; None for a file that is none."""
        with self._lock:
            if path in self._kept:
                self._kept.move_to_end(path)
                return self._kept[path]
        try:
            schedule = Schedule.from_json(path.read_bytes())
        except (OSError, ValueError):
            schedule = None
        with self._lock:
            self._kept[path] = schedule
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return schedule
