"""What a run keeps: nothing, or everything, in a history and a journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NoReturn, Protocol

import numpy as np

from zeroplant.errors import InputError, Problem
from zeroplant.operate import entries
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.image import Image
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.store import Entry

EVERY = 60.0
"""Simulated seconds between two full entries of what was seen and decided."""


class Recorder(Protocol):
    """Where a run tells what happens; it never waits for a disk."""

    @property
    def trouble(self) -> str:
        """What the disk refuses, in words; empty while all is well."""
        ...

    def cycle(self, now: datetime, image: Image, decision: Decision) -> None:
        """A cycle was decided."""
        ...

    def plan(self, now: datetime, schedule: Schedule, forecasts: Mapping[str, Forecast]) -> None:
        """A schedule was made."""
        ...

    def disk(self, *, full: bool) -> None:
        """Let the disk be full, or take everything again."""
        ...

    def close(self) -> None:
        """The run is over: everything is written."""
        ...


class Silent:
    """Keeps nothing."""

    trouble = ""

    def cycle(self, now: datetime, image: Image, decision: Decision) -> None:
        """Nothing."""

    def plan(self, now: datetime, schedule: Schedule, forecasts: Mapping[str, Forecast]) -> None:
        """Nothing."""

    def disk(self, *, full: bool) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Kept:
    """Keeps everything in the folder of a plant, as a real controller does.

    Commands and alarms are journalled as they come; what was seen and decided, and the values of
    all points, every simulated minute.
    """

    def __init__(self, folder: Path) -> None:
        self.recording = Recording(PlantFolder(folder))
        self._journal = self.recording.journal
        self._last: datetime | None = None

    @property
    def trouble(self) -> str:
        """What the disk refuses, in words; empty while all is well."""
        return "the disk refuses" if self.recording.trouble else ""

    def cycle(self, now: datetime, image: Image, decision: Decision) -> None:
        """Journal what was commanded; once a minute everything."""
        names = image.points.names
        found: list[Entry] = []
        if decision.write.any():
            found += entries.commands(decision, names)
        if decision.alarms:
            found += entries.alarmed(decision.alarms)
        if self._last is None or abs((now - self._last).total_seconds()) >= EVERY:
            self._last = now
            found += [entries.observation(image, decision), entries.decided(decision, names)]
            batch = entries.batch_of(image, np.ones(len(names), bool))
            if batch is not None:
                self.recording.values(batch)
        self.recording.note(found)

    def plan(self, now: datetime, schedule: Schedule, forecasts: Mapping[str, Forecast]) -> None:
        """Journal the schedule, and the expectations it was made from."""
        expected = {key: [entries.plain(v) for v in each.mean().tolist()]
                    for key, each in forecasts.items()}  # fmt: skip
        self.recording.note([
            Entry(kind="forecast", key="plant", event=now, known=now, payload=expected),
            Entry(kind="plan", key="plant", event=now, known=now, payload=schedule.plain()),
        ])  # fmt: skip
        self.recording.file(self.recording.folder.schedule, schedule.plain())

    def disk(self, *, full: bool) -> None:
        """Let the journal refuse, as a full disk would."""
        self.recording.journal = _Full() if full else self._journal  # type: ignore[assignment]

    def close(self) -> None:
        """Write what waits."""
        self.disk(full=False)
        self.recording.close(60.0)


class _Full:
    """A journal on a disk that is full."""

    def append(self, entries: Iterable[Entry]) -> NoReturn:
        """Refuse."""
        what = "the disk is full"
        raise InputError(Problem(what, instead="free some space"))

    def close(self) -> None:
        """Nothing to let go."""
