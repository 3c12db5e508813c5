"""What was known at a moment: the replay of the journal, with plan and forecasts then in force."""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.replay import Replayed, replay
from zeroplant.operate.schedule import Reason, Schedule

_FILE = re.compile(r"\d{8}T\d{6}Z\.json")
LATE = timedelta(minutes=5)
"""How late a record may be on its way to the disk."""
KEPT = 8
"""Moments whose answers are kept."""
PENDING = 3
"""Replays under way or waiting for their turn: each holds a thread that all requests share."""
AHEAD = 8
"""Steps of the plan that are shown, from the moment on."""


@dataclass(frozen=True)
class Expected:
    """What was forecast of a quantity, step by step [s]: the mean, and the band around it."""

    name: str
    unit: str
    start: datetime
    step: float
    least: list[float]
    mean: list[float]
    most: list[float]

    def at(self, moment: datetime) -> tuple[float, float, float] | None:
        """Mean, least and most of the step a moment falls in; None outside of the forecast."""
        place = int((moment - self.start).total_seconds() // self.step)
        if not 0 <= place < len(self.mean):
            return None
        return self.mean[place], self.least[place], self.most[place]


@dataclass(frozen=True)
class Hindsight:
    """What was known then. ``plan`` is None where its file is gone by now."""

    replayed: Replayed
    plan: Schedule | None
    made: datetime | None
    expected: tuple[Expected, ...]

    def steps(self) -> Iterator[tuple[datetime, int]]:
        """Start and place of the plan's next steps."""
        if self.plan is None:
            return
        plan, at = self.plan, self.replayed.at
        first = max(0, (at - plan.start) // plan.step)
        for place in range(first, min(first + AHEAD, plan.steps)):
            yield plan.start + place * plan.step, place

    def why(self) -> list[Reason]:
        """The limits that bound the plan in the step of the moment."""
        place = next((place for _, place in self.steps()), None)
        found = self.plan.reasons if self.plan is not None else ()
        return [each for each in found if place is not None and each.first <= place <= each.last]


class BusyError(Exception):
    """Others wait for a replay already."""


class Replays:
    """The past of a plant, one moment at a time: a replay reads much, and the plant goes first."""

    def __init__(self, folder: PlantFolder) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._room = threading.BoundedSemaphore(PENDING)
        self._kept: OrderedDict[datetime, Hindsight] = OrderedDict()

    def at(self, moment: datetime, now: datetime) -> Hindsight:
        """What was known at a moment, which is ``now`` at the latest (both on the plant's clock).

        What is long enough past does not change any more and is kept. Raises InputError where
        there are no records, BusyError where others wait already.
        """
        past, moment = moment < now - LATE, min(moment, now)
        found = self._kept.get(moment)
        if found is not None:
            return found
        if not self._room.acquire(blocking=False):
            raise BusyError
        try:
            with self._turn:
                found = self._kept.get(moment) or self._worked_out(moment)
                if past:
                    self._kept[moment] = found
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
        finally:
            self._room.release()
        return found

    def _worked_out(self, moment: datetime) -> Hindsight:
        found = replay(self._folder, moment)
        made, expected = _forecasts(self._folder, moment)
        return Hindsight(found, _plan(self._folder, found), made, expected)


def _plan(folder: PlantFolder, found: Replayed) -> Schedule | None:
    """The schedule in force: the journal has it, or names the file that does."""
    said: Mapping[str, Any] = found.plan.payload if found.plan else {}
    name = str(said.get("file", ""))
    try:
        if _FILE.fullmatch(name):
            return Schedule.from_json((folder.schedules / name).read_bytes())
        return Schedule.from_json(json.dumps(dict(said)))
    except (OSError, ValueError):
        return None


def _forecasts(folder: PlantFolder, at: datetime) -> tuple[datetime | None, tuple[Expected, ...]]:
    """The newest forecasts made up to a moment that are kept, and when they were made."""
    known = sorted(p for p in folder.made_forecasts.glob("*.json") if _FILE.fullmatch(p.name))
    known = [path for path in known if path.stem <= f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    if not known:
        return None, ()
    try:
        said = json.loads(known[-1].read_bytes())
        made = datetime.fromisoformat(said.pop("made"))
        return made, tuple(_expected(name, each) for name, each in said.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, ()


def _expected(name: str, said: Mapping[str, Any]) -> Expected:
    values = said["values"]
    return Expected(
        name, str(said.get("unit", "")), datetime.fromisoformat(said["start"]),
        float(said["step"]), values[0], said["mean"], values[-1],
    )  # fmt: skip
