"""Replay: what was known at a moment, what was decided, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from zeroplant.errors import InputError
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.moments import moment
from zeroplant.operate.requested import KIND, last_request
from zeroplant.operate.wish import ORDERS
from zeroplant.store import History, Journal, Record

BACK = timedelta(days=2)
"""How far back schedules are looked for: older ones have lapsed."""
RECENT = timedelta(minutes=15)
"""How far back set-points and cycles are looked for. What may stand for longer, alarms and orders,
is followed from the last record of all that stood, of which each day has one."""
DAY = timedelta(days=1)
BEFALLS = ("standing", "alarm", "person", "note", "order", "plan", KIND)
"""Records that change what stands, and those that say all of it."""
PLANNED = ("plan", KIND)
INSTANT = timedelta(microseconds=1)
"""The finest step of the history: what held just at the moment counts."""


@dataclass(frozen=True)
class Replayed:
    """What was known and decided up to a moment.

    ``observation`` and ``decision`` are those of the last cycle, rebuilt from the last whole entry
    and what changed since, and ``answers`` what devices said to its set-points; they are ``exact``
    where no entry in between is missing. ``commands`` are the last set-points of each point that
    had not lapsed; ``values`` what the history knew then, by point; ``alarms`` those that held;
    ``orders`` what persons had ordered and ``called`` what others had, as far as it had neither
    lapsed nor been withdrawn; ``plan`` the schedule in force, ``requested`` the last plan that was
    asked for and what came of it (`last_request`); ``intact`` says whether the journal's
    chain is whole, or what is wrong with it.
    """

    at: datetime
    observation: Record | None
    decision: Record | None
    answers: dict[str, Any]
    exact: bool
    plan: Record | None
    requested: dict[str, Any] | None
    commands: dict[str, Record]
    alarms: dict[str, Record]
    orders: dict[str, Record]
    called: dict[str, Record]
    values: dict[str, dict[str, Any]]
    intact: str

    def said(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "at": self.at.isoformat(),
            "journal": self.intact,
            "observation": _plain(self.observation),
            "decision": _plain(self.decision),
            "answers": self.answers,
            "exact": self.exact,
            "plan": _plain(self.plan),
            "requested": self.requested,
            "commands": {name: _plain(each) for name, each in self.commands.items()},
            "alarms": {name: _plain(each) for name, each in self.alarms.items()},
            "orders": {name: _plain(each) for name, each in self.orders.items()},
            "called": {name: _plain(each) for name, each in self.called.items()},
            "values": self.values,
        }


def replay(folder: PlantFolder, at: datetime, *, whole: bool = False) -> Replayed:
    """The plant as it was known at a moment. Raises InputError where there are no records.

    The chain is followed where it is read, and by the heads of its files from there to its end;
    with ``whole`` from its first record on.
    """
    journal = Journal(folder.journal)
    stood, since = _since_standing(journal, at)
    since = min(since, at - RECENT)
    verdict = journal.verify() if whole else journal.verify_since(since, at)
    recent = list(
        journal.read(at - RECENT, at, kinds=("observation", "decision", "cycle", "command"))
    )
    found = moment(recent)
    commands = {
        record.key: record
        for record in recent
        if record.kind == "command" and not _lapsed(record, at)
    }
    planned = [record for record in stood if record.kind in PLANNED]
    if not any(record.kind == "plan" for record in planned):
        planned = list(journal.read(at - BACK, since, kinds=PLANNED)) + planned
    plans = [record for record in planned if record.kind == "plan"]
    return Replayed(
        at,
        None if found is None else found.observation,
        None if found is None else found.decision,
        {} if found is None else found.answers,
        found is not None and found.exact,
        plans[-1] if plans else None,
        last_request(planned),
        commands,
        *_standing(stood, at),
        _values(folder, at),
        "intact" if verdict.intact else str(verdict),
    )


def _since_standing(journal: Journal, at: datetime) -> tuple[list[Record], datetime]:
    """What befell since the last record of what stood, that one first; and how far back it goes.

    A journal of an earlier version has no such record, and is read from its beginning.
    """
    found: list[Record] = []
    since = at
    for day in reversed(journal.days(at)):
        since = min(since, day)
        todays = list(journal.read(day, min(at, day + DAY - INSTANT), kinds=BEFALLS))
        places = [place for place, each in enumerate(todays) if each.kind == "standing"]
        found = todays[places[-1] if places else 0 :] + found
        if places:
            break
    return found, since


Records = dict[str, Record]


def _standing(records: Iterable[Record], at: datetime) -> tuple[Records, Records, Records]:
    """Alarms, orders of persons and orders from outside that held, in the order they came."""
    alarms: Records = {}
    orders: Records = {}
    called: Records = {}
    for record in records:
        said = record.payload
        if record.kind == "standing":
            alarms = {
                key: _as(record, "alarm", key, {"change": "raised", **each}, each["raised"])
                for key, each in said["alarms"].items()
                if each.get("cleared") is None
            }
            orders = {
                key: _as(record, "person", key, each, each["start"])
                for key, each in said["orders"].items()
            }
            called = {
                key: _as(record, "order", key, each, each["start"])
                for key, each in said["called"].items()
            }
        elif record.kind == "note":
            if record.key == "control" and said.get("en") == "control begins":
                alarms.clear()  # it begins with empty lists, and raises anew what still holds
                called.clear()
        elif record.kind == "alarm":
            alarms.pop(record.key, None)
            if said.get("change") != "cleared" and said.get("cleared") is None:
                alarms[record.key] = record
        elif record.kind == "order":
            called.pop(record.key, None)
            if "ended" not in said:
                called[record.key] = record
        elif said.get("accepted") and said.get("kind") == "withdraw":
            orders.pop(str(said.get("key")), None)
        elif said.get("accepted") and said.get("kind") in ORDERS:
            orders[record.key] = record
    held = {key: record for key, record in orders.items() if not _lapsed(record, at)}
    return alarms, held, called


def _lapsed(record: Record, at: datetime) -> bool:
    """Whether its time was over; one whose end is not said may have stood, and is shown."""
    until = record.payload.get("until")
    return until is not None and datetime.fromisoformat(until) <= at


def _as(record: Record, kind: str, key: str, said: dict[str, Any], event: str) -> Record:
    """A part of a record of what stood, as the record that it repeats."""
    at = datetime.fromisoformat(event)
    return replace(record, kind=kind, key=key, payload=said, event=at)


def _values(folder: PlantFolder, at: datetime) -> dict[str, dict[str, Any]]:
    """The last value of every point as the history knew it then."""
    try:
        history = History(folder.history)
    except InputError:
        return {}
    names = history.points()
    rows = history.last(names, before=at + INSTANT, as_of=at).to_pylist() if names else []
    history.close()
    return {
        row["point"]: {
            "value": row["value"],
            "event": row["event"].isoformat(),
            "known": row["known"].isoformat(),
            "quality": row["quality"],
        }
        for row in rows
    }


def _plain(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "number": record.number,
        "event": record.event.isoformat(),
        "known": record.known.isoformat(),
        **record.payload,
    }
