"""Replay: what was known at a moment, what was decided, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zeroplant.errors import InputError
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.wish import ORDERS
from zeroplant.store import History, Journal, Record

BACK = timedelta(days=2)
"""How far back set-points, observations, decisions and schedules are looked for: older ones have
lapsed. What may stand for longer, alarms and orders of persons, is followed from the first record.
"""


@dataclass(frozen=True)
class Replayed:
    """What was known and decided up to a moment.

    ``decision`` and ``observation`` are the last whole ones; ``commands`` the last set-point of
    each point with its time; ``values`` what the history knew then, by point; ``alarms`` those that
    held; ``orders`` what persons had ordered and had neither lapsed nor been withdrawn; ``plan``
    the schedule in force; ``intact`` says whether the journal's chain is whole, or what is wrong
    with it.
    """

    at: datetime
    observation: Record | None
    decision: Record | None
    plan: Record | None
    commands: dict[str, Record]
    alarms: dict[str, Record]
    orders: dict[str, Record]
    values: dict[str, dict[str, Any]]
    intact: str

    def said(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "at": self.at.isoformat(),
            "journal": self.intact,
            "observation": _plain(self.observation),
            "decision": _plain(self.decision),
            "plan": _plain(self.plan),
            "commands": {name: _plain(each) for name, each in self.commands.items()},
            "alarms": {name: _plain(each) for name, each in self.alarms.items()},
            "orders": {name: _plain(each) for name, each in self.orders.items()},
            "values": self.values,
        }


def replay(folder: PlantFolder, at: datetime) -> Replayed:
    """The plant as it was known at a moment. Raises InputError where there are no records."""
    journal = Journal(folder.journal)
    known = journal.replay(at, at - BACK)
    verdict = journal.verify()

    def of(kind: str) -> dict[str, Record]:
        return {key: record for (k, key), record in known.items() if k == kind}

    commands = {
        key: record
        for key, record in of("command").items()
        if datetime.fromisoformat(record.payload["until"]) > at
    }
    return Replayed(
        at,
        known.get(("observation", "plant")),
        known.get(("decision", "plant")),
        known.get(("plan", "plant")),
        commands,
        *_standing(journal, at),
        _values(folder, at),
        "intact" if verdict.intact else str(verdict),
    )


def _standing(journal: Journal, at: datetime) -> tuple[dict[str, Record], dict[str, Record]]:
    """Alarms and orders of persons that held at a moment, in the order of their coming."""
    alarms: dict[str, Record] = {}
    orders: dict[str, Record] = {}
    for record in journal.read(until=at, kinds=("alarm", "person", "note")):
        said = record.payload
        if record.kind == "note":
            if record.key == "control" and said.get("en") == "control begins":
                alarms.clear()  # it begins with an empty list, and raises anew what still holds
        elif record.kind == "alarm":
            alarms.pop(record.key, None)
            if said.get("change") != "cleared" and said.get("cleared") is None:
                alarms[record.key] = record
        elif said.get("accepted") and said.get("kind") == "withdraw":
            orders.pop(str(said.get("key")), None)
        elif said.get("accepted") and said.get("kind") in ORDERS:
            orders[record.key] = record
    held = {k: r for k, r in orders.items() if datetime.fromisoformat(r.payload["until"]) > at}
    return alarms, held


def _values(folder: PlantFolder, at: datetime) -> dict[str, dict[str, Any]]:
    """The last value of every point as the history knew it then."""
    try:
        history = History(folder.history)
    except InputError:
        return {}
    names = history.points()
    rows = history.last(names, as_of=at).to_pylist() if names else []
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
