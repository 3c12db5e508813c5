"""What was said from outside and still stands, kept in a file for a controller that begins anew.

A command of the dispatch centre holds for as long as it says, or as long as its line stands; an
event of demand response is known although its server does not answer, one that begins "now" has
begun when it was first read, and a relative one counts from the plan there was before it began.
None may be forgotten, or begin anew, because the controller was started again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from zeroplant.links.iec104 import Command
from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.entries import moment_of

Marked = Mapping[tuple[str, datetime], float]
"""Bases of relative dispatches [MW], by event and start of the span (`signalled.Bases`)."""


@dataclass(frozen=True)
class Stood:
    """Commands and events, bases of relative ones, when each version of an event was first read."""

    commands: Iterable[Command] = ()
    signals: Iterable[Signal] = ()
    bases: Marked = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)


def moved(command: Command, by: timedelta) -> Command:
    """A command by a clock that was set: it goes on from when it came for as long as it says."""
    until = None if command.until is None else command.until + by
    return replace(command, at=command.at + by, until=until)


def to_plain(standing: Stood) -> dict[str, Any]:
    """What stands, as JSON says it."""
    return {
        "commands": [
            {**vars(each), "at": each.at.isoformat(), "until": _said(each.until)}
            for each in standing.commands
        ],
        "signals": [signal_said(each) for each in standing.signals],
        "bases": [[key, at.isoformat(), value] for (key, at), value in standing.bases.items()],
        "seen": {version: at.isoformat() for version, at in standing.seen.items()},
    }  # fmt: skip


def from_plain(said: Mapping[str, Any]) -> Stood:
    """What `to_plain` has said. Raises ValueError for anything else."""
    try:
        commands = [
            Command(**{**each, "at": moment_of(each["at"]), "until": _end(each["until"])})
            for each in said["commands"]
        ]
        signals = [signal_of(each) for each in said["signals"]]
        bases = {
            (str(key), moment_of(start)): float(value)
            for key, start, value in said.get("bases", ())
        }
        seen = {str(version): moment_of(at) for version, at in said.get("seen", {}).items()}
    except (KeyError, TypeError, AttributeError) as error:
        message = f"these are no commands: {error}"
        raise ValueError(message) from None
    return Stood(commands, signals, bases, seen)


def read(path: Path) -> Stood:
    """What stood when it was last written; nothing where that cannot be read."""
    try:
        return from_plain(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return Stood()


def signal_said(signal: Signal) -> dict[str, Any]:
    """An event as JSON says it."""
    spans = [[each.start.isoformat(), _said(each.until), each.value] for each in signal.spans]
    return {**vars(signal), "spans": spans}


def signal_of(said: Mapping[str, Any]) -> Signal:
    """What `signal_said` has said. Raises ValueError, KeyError, TypeError or AttributeError."""
    spans = tuple(Span(moment_of(a), _end(b), float(v)) for a, b, v in said["spans"])
    return Signal(**{**said, "reports": tuple(said["reports"]), "spans": spans})


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _end(said: str | None) -> datetime | None:
    return None if said is None else moment_of(said)
