"""What an asset was told lately, and what befell it, from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from zeroplant.errors import InputError
from zeroplant.operate.points import asset_of
from zeroplant.plan.report.text import Text
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import asset_at, place_of
from zeroplant.portal.logbook import Logbook, Wanted
from zeroplant.portal.retold import Retold, Teller
from zeroplant.store import Record

BACK = timedelta(days=2)
COMMANDS, EVENTS = 12, 20
READ = 50 * COMMANDS
"""Commands that are read for those that are shown: a set-point is told again while it holds."""


@dataclass(frozen=True)
class Told:
    """A record of the journal about an asset, and the same in words."""

    at: datetime
    number: int
    words: Retold


@dataclass(frozen=True)
class AssetLog:
    """The newest first; ``trouble`` says why the journal cannot be read, if so.

    Of commands that say the same one after another the first is left.

    The moments are how far back each was searched; None where that is all of `BACK`.
    """

    commands: tuple[Told, ...] = ()
    events: tuple[Told, ...] = ()
    commands_back: datetime | None = None
    events_back: datetime | None = None
    trouble: str = ""


def log_of(asset: str, logbook: Logbook, teller: Teller, now: datetime, person: Person) -> AssetLog:
    """Set-points written to an asset; refusals, alarms and orders about it, as far as seen."""

    def told(record: Record) -> Told:
        return Told(record.known, record.number, teller.told(record))

    def about(record: Record) -> bool:
        place = teller.told(record).place
        return asset_at(place) == asset and person.may(Right.SEE, place)

    def maybe(kind: str, key: str) -> bool:
        """By the key alone, so that records of others are not read: a wish's key is its id."""
        point = key.partition(": ")[2] if kind == "alarm" else key
        if kind == "person":
            return True
        return asset_of(point) == asset and person.may(Right.SEE, place_of(point))

    since = now - BACK
    commands = Wanted(("command",), since, maybe=maybe)
    events = Wanted(("acknowledgement", "alarm", "person"), since, test=about, maybe=maybe)
    try:
        told_it = logbook.leaf(commands, most=READ)
        befell = logbook.leaf(events, most=EVENTS)
    except InputError as error:
        return AssetLog(trouble=str(error))
    changes = _changes([told(record) for record in told_it.records])[:COMMANDS]
    return AssetLog(
        tuple(changes),
        tuple(map(told, befell.records)),
        told_it.back if len(changes) < COMMANDS else None,
        befell.back if len(befell.records) < EVENTS else None,
    )


def _changes(newest_first: list[Told]) -> list[Told]:
    """Without those that only say again what the one before of the same point said."""
    found, last = [], dict[str, Text]()
    for each in reversed(newest_first):
        if last.get(each.words.internal) != each.words.what:
            found.append(each)
        last[each.words.internal] = each.words.what
    return found[::-1]
