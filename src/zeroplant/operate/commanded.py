"""What was said from outside and still stands, kept in a file for a controller that begins anew.

A command of the dispatch centre holds for as long as it says, or as long as its line stands; an
event of demand response is known although its server does not answer, and a relative one counts
from the plan there was before it began. None may be forgotten because the controller was started
again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from zeroplant.links.iec104 import Command
from zeroplant.links.openadr import Signal, Span
from zeroplant.operate.entries import moment_of

Marked = Mapping[tuple[str, datetime], float]
"""Bases of relative dispatches [MW], by event and start of the span (`signalled.Bases`)."""


def to_plain(
    commands: Iterable[Command], signals: Iterable[Signal], bases: Marked
) -> dict[str, Any]:
    """Commands, events and their bases as JSON says them."""
    return {
        "commands": [
            {**vars(each), "at": each.at.isoformat(), "until": _said(each.until)}
            for each in commands
        ],
        "signals": [signal_said(each) for each in signals],
        "bases": [[key, start.isoformat(), value] for (key, start), value in bases.items()],
    }  # fmt: skip


def from_plain(said: Mapping[str, Any]) -> tuple[list[Command], list[Signal], Marked]:
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
    except (KeyError, TypeError, AttributeError) as error:
        message = f"these are no commands: {error}"
        raise ValueError(message) from None
    return commands, signals, bases


def read(path: Path) -> tuple[list[Command], list[Signal], Marked]:
    """What stood when it was last written; nothing where that cannot be read."""
    try:
        return from_plain(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return [], [], {}


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
