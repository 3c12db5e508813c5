"""The journal of the plant and the diary of its people as one stream, the newest first.

The two are written by two processes, each with its own numbers; a place in the stream is a number
in each. They are laid side by side by the plant's clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from zeroplant.errors import InputError
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import asset_at
from zeroplant.portal.logbook import Leaf, Logbook, Wanted
from zeroplant.portal.retold import Retold, Teller
from zeroplant.store import Record

GROUPS: Mapping[str, tuple[str, ...]] = {
    "people": ("person",),
    "alarms": ("alarm",),
    "orders": ("order", "response", "commitment"),
    "notes": ("note", "day-ahead"),
    "plans": ("plan", "forecast", "capability"),
    "commands": ("command", "acknowledgement"),
    "decisions": ("decision", "observation", "standing"),
}
"""What may be looked for, with the kinds of records that are meant."""
USUAL = ("people", "alarms", "orders", "notes")
"""What is shown unless something else is asked for: the rest comes every few seconds."""
OF_ASSETS = ("command", "acknowledgement", "alarm", "person", "order")
"""Kinds that are about one asset, and not the whole plant."""
COMING_IN = ("logged in", "logged out", "log-in refused", "changed password", "refused", "added",
             "shut out", "let in", "made token", "revoked token", "granted", "reset password",
             "unlocked")  # fmt: skip
"""Deeds that concern only those who manage people, and whoever did them."""
END = 1
"""A place before which there is nothing."""


@dataclass(frozen=True)
class Question:
    """What somebody looks for; times by the plant's clock, empty texts for anything."""

    groups: Collection[str] = USUAL
    since: datetime | None = None
    until: datetime | None = None
    asset: str = ""
    person: str = ""


@dataclass(frozen=True)
class Place:
    """Where to go on: numbers in journal and diary to go on before, 0 for the newest."""

    journal: int = 0
    diary: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing is left in either."""
        return self.journal == self.diary == END


@dataclass(frozen=True)
class Entry:
    """A record of the stream in words; ``deed`` whether it is of the diary of people."""

    record: Record
    told: Retold
    deed: bool

    @property
    def at(self) -> datetime:
        """When it was, by the plant's clock."""
        return self.record.event if self.deed else self.record.known


@dataclass(frozen=True)
class Stretch:
    """A part of the stream, and where it goes on."""

    entries: tuple[Entry, ...]
    older: Place


class Stream:
    """Journal and diary of a plant, for one who looks."""

    def __init__(self, journal: Logbook, diary: Logbook, teller: Teller, person: Person) -> None:
        self._journal, self._diary = journal, diary
        self._teller, self._person = teller, person

    def read(self, asked: Question, place: Place, most: int) -> Stretch:
        """The newest entries before a place. Raises InputError where a chain is broken."""
        kinds = [kind for group in asked.groups for kind in GROUPS[group]]
        if asked.asset:
            kinds = [kind for kind in kinds if kind in OF_ASSETS]
        if asked.person:
            kinds = [kind for kind in kinds if kind in ("person", "alarm")]
        plain = self._leaf(self._journal, asked, kinds, place.journal, most, deed=False)
        deeds = self._leaf(
            self._diary, asked, ["person"] if "person" in kinds else [], place.diary, most,
            deed=True,
        )  # fmt: skip
        shown = _merged(
            [Entry(record, self._teller.told(record), deed=False) for record in plain.records],
            [Entry(record, self._teller.told(record), deed=True) for record in deeds.records],
        )[:most]
        return Stretch(tuple(shown), Place(
            _next(plain, [e for e in shown if not e.deed], place.journal),
            _next(deeds, [e for e in shown if e.deed], place.diary),
        ))  # fmt: skip

    def _leaf(
        self, book: Logbook, asked: Question, kinds: list[str], before: int, most: int, *,
        deed: bool,
    ) -> Leaf:  # fmt: skip
        if not kinds or before == END:
            return Leaf((), 0)

        def wanted(record: Record) -> bool:
            told = self._teller.told(record)
            if deed and not _between(record.event, asked):
                return False
            return _about(told, asked) and self._may_see(record, told, deed=deed)

        if deed:  # its known times are the wall's
            return book.leaf(Wanted(kinds, test=wanted), before, most)
        return book.leaf(Wanted(kinds, asked.since, asked.until, wanted), before, most)

    def _may_see(self, record: Record, told: Retold, *, deed: bool) -> bool:
        """Whether somebody may read a record: of their assets; of comings and goings their own."""
        if deed and record.payload.get("what") in COMING_IN:
            return told.who == self._person.name or self._person.may(Right.MANAGE)
        return self._person.may(Right.SEE, told.place)


def _merged(plain: list[Entry], deeds: list[Entry]) -> list[Entry]:
    """Both by time, each in the order it was written in: pages go on by number."""
    found = []
    while plain and deeds:
        found.append((plain if plain[0].at >= deeds[0].at else deeds).pop(0))
    return [*found, *plain, *deeds]


def _about(told: Retold, asked: Question) -> bool:
    named = not asked.person or asked.person in told.who.replace("(", " ").replace(")", " ").split()
    return named and (not asked.asset or asset_at(told.place) == asked.asset)


def _between(at: datetime, asked: Question) -> bool:
    return (asked.since is None or at >= asked.since) and (asked.until is None or at <= asked.until)


def _next(leaf: Leaf, shown: list[Entry], before: int) -> int:
    """Where a book goes on, of which not all that was found may have been shown."""
    if len(shown) < len(leaf.records):
        return shown[-1].record.number if shown else before
    return leaf.older or END


State = tuple[int, int, str]
"""First and last record of a chain that follow from each other, and what is wrong, if anything."""


def state_of(book: Logbook) -> State:
    """First and last record that follow from each other, and what is wrong; see `Logbook.chain`."""
    try:
        chain = book.chain()
    except InputError as error:
        return 0, 0, str(error)
    return chain.first, chain.last, chain.why
