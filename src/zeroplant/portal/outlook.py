"""What a schedule stands on and must keep: forecasts and promises, laid on its own steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from zeroplant.operate.folder import STAMP, PlantFolder
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.newest import newest

BAND = 0.1
"""The lower level of the band that is drawn; the upper is its mirror image."""

Steps = list[float | None]
"""A value for each step of a schedule; None where nothing is said of it."""


@dataclass(frozen=True)
class Band:
    """A forecast on the steps of a schedule: from level ``low`` to level ``high``, both 0 to 1."""

    key: str
    unit: str
    made: datetime
    low: float
    high: float
    least: Steps
    most: Steps
    middle: Steps


@dataclass(frozen=True)
class Owed:
    """A promise on the steps of a schedule, MW, with what the plant's folder says of it."""

    said: Mapping[str, Any]
    values: Steps


def made_of(path: Path) -> datetime | None:
    """The moment a file is named by, UTC; None for a file of another name."""
    try:
        return datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def bands(folder: PlantFolder, schedule: Schedule) -> list[Band]:
    """The forecasts that a schedule was made with: the last that were made before it."""
    issue = _issue(folder, schedule.made)
    if issue is None:
        return []
    made = datetime.fromisoformat(issue["made"])
    parts = ((key, said) for key, said in issue.items() if isinstance(said, dict))
    found = (_band(key, made, said, schedule) for key, said in parts)
    return [each for each in found if each is not None]


def owed(folder: PlantFolder, schedule: Schedule) -> Iterator[Owed]:
    """The promises that reach into a schedule and are not over yet."""
    for said in (newest(folder.commitments) or {}).get("list", ()):
        if said["state"] not in ("ahead", "running"):
            continue
        start = datetime.fromisoformat(said["start"])
        values = _laid(said, start, datetime.fromisoformat(said["until"]), schedule)
        if any(each is not None for each in values):
            yield Owed(said, values)


def _issue(folder: PlantFolder, made: datetime) -> Mapping[str, Any] | None:
    """The newest forecasts, unless they are younger than the schedule: then those of the hour."""
    last = newest(folder.forecasts)
    if last is not None and datetime.fromisoformat(last["made"]) <= made:
        return last
    older = ((made_of(path), path) for path in folder.made_forecasts.glob("*.json"))
    known = [(moment, path) for moment, path in older if moment is not None and moment <= made]
    return newest(max(known)[1]) if known else None


def _band(key: str, made: datetime, said: Mapping[str, Any], schedule: Schedule) -> Band | None:
    """The band of a forecast; None where it has no levels on both sides of the middle."""
    levels: Sequence[float] = said["levels"]
    low = min(range(len(levels)), key=lambda place: abs(levels[place] - BAND))
    high = min(range(len(levels)), key=lambda place: abs(levels[place] - (1.0 - BAND)))
    if not levels[low] < 0.5 < levels[high]:
        return None
    start, step = datetime.fromisoformat(said["start"]), timedelta(seconds=said["step"])

    def on(values: Sequence[float | None]) -> Steps:
        return [
            values[place] if 0 <= place < len(values) else None
            for place in ((moment - start) // step for moment in _moments(schedule))
        ]

    least, most = on(said["values"][low]), on(said["values"][high])
    if all(each is None for each in least):
        return None
    return Band(key, said.get("unit", ""), made, levels[low], levels[high], least, most,
                on(said["mean"]))  # fmt: skip


def _laid(said: Mapping[str, Any], start: datetime, until: datetime, schedule: Schedule) -> Steps:
    """What is promised in each step that it touches; a list has one value per step from its start.

    A promise that begins or ends within a step counts for the whole of it, as in the plan.
    """
    given = said["value"]
    several, step = isinstance(given, list), schedule.step

    def value(moment: datetime) -> float | None:
        if not start < moment + step or not moment < until:
            return None
        if not several:
            return float(given) if given is not None else None
        place = max(0, (moment - start) // step)
        found = given[place] if place < len(given) else None
        return float(found) if found is not None and math.isfinite(found) else None

    return [value(moment) for moment in _moments(schedule)]


def _moments(schedule: Schedule) -> list[datetime]:
    """When each step begins."""
    return [schedule.start + place * schedule.step for place in range(schedule.steps)]
