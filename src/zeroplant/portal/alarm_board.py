"""The alarms of an image as an operator reads them: what holds, what is shelved, what has gone.

They are told apart as EEMUA 191 has it: an alarm that holds calls for somebody; a shelved one is
kept out of the way for a time, by a person and with a reason; one that has cleared and nobody has
seen still has to be, in the morning. Each is in one group only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zeroplant.portal.present import Present

SEVERITIES = ("critical", "major", "minor")
"""The worst first."""


@dataclass(frozen=True)
class Shelved:
    """Who has shelved an alarm, and why."""

    person: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One alarm as it is shown; ``said`` is what the controller tells of it.

    ``left`` is for how many seconds more it stays shelved; 0 for one that is not.
    """

    said: Mapping[str, Any]
    shelved: Shelved | None = None
    left: float = 0.0

    @property
    def name(self) -> str:
        """Under which wishes about it go: its code and what it is about."""
        return f"{self.said['code']}: {self.said['key']}"

    def words(self, what: str, language: str) -> str:
        """Its cause or remedy in a language."""
        return str(self.said[f"{what}_zh" if language == "zh" else what])


@dataclass(frozen=True)
class Board:
    """All alarms, each in one group, the worst and then the newest first."""

    active: tuple[Line, ...]
    shelved: tuple[Line, ...]
    cleared: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many hold and are not shelved, by severity."""
        return {
            severity: sum(line.said["severity"] == severity for line in self.active)
            for severity in SEVERITIES
        }

    @property
    def unseen(self) -> int:
        """How many nobody has acknowledged yet, whether they hold or have cleared."""
        fresh = (line for line in self.active if not line.said["acknowledged"])
        return sum(1 for _ in fresh) + len(self.cleared)


def board(
    alarms: Sequence[Mapping[str, Any]],
    now: datetime,
    shelving: Mapping[str, Shelved] | None = None,
) -> Board:
    """Sort the alarms of an image; ``now`` is on the plant's clock.

    ``shelving`` says of alarms by name who shelved them, where that is known.
    """
    groups: dict[str, list[Line]] = {"active": [], "shelved": [], "cleared": []}
    newest = sorted(alarms, key=lambda each: str(each["raised"]), reverse=True)
    for each in sorted(newest, key=lambda each: _rank(each["severity"])):
        left = shelved_for(each, now)
        line = Line(each, (shelving or {}).get(f"{each['code']}: {each['key']}"), left)
        group = "shelved" if left else "cleared" if each["cleared"] else "active"
        groups[group].append(line)
    return Board(*(tuple(groups[name]) for name in ("active", "shelved", "cleared")))


@dataclass(frozen=True)
class Count:
    """What the head of every page tells; ``old`` where nobody knows what holds now."""

    counts: Mapping[str, int]
    unseen: int
    old: bool


def counted(now: Present) -> Count:
    """The alarms of the present, counted."""
    found = board(now.alarms, now.now)
    return Count(found.counts, found.unseen, now.old)


def shelved_for(alarm: Mapping[str, Any], now: datetime) -> float:
    """Seconds for which it stays shelved; 0 if it is not, or not any more."""
    until = alarm.get("shelved_until")
    return max(0.0, (datetime.fromisoformat(until) - now).total_seconds()) if until else 0.0


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
