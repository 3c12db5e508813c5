"""Moments of the loop as the journal holds them: a whole one now and then, changes in between.

A whole moment is two entries, ``observation`` (what the decision saw) and ``decision``. Each cycle
has one entry ``cycle`` besides: its number, what was answered to its commands, and in which parts
what was seen and decided differs from the moment before. So any moment can be rebuilt from the
last whole one and the changes since; where one of these is missing, that is seen by its number.

Of a plant with very many points only whole moments are journalled: what was read in between is in
the history, and what was set is in the entries ``command``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zeroplant.links.link import Acknowledgement
from zeroplant.operate import entries
from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image
from zeroplant.store import Entry, Record

WHOLE = ("observation", "decision")
Plain = dict[str, Any]
MANY = 1000
"""Points beyond which changes of each cycle would fill disks."""


class Moments:
    """Turns cycles into entries, every so many a whole one."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._number = 0
        self._before: tuple[Plain, ...] = ()

    def entries(
        self, image: Image, decision: Decision, answers: Sequence[Acknowledgement]
    ) -> list[Entry]:
        """What the journal gets of one cycle."""
        if self._number == self._every:
            self._number = 0
        said: Plain = {"number": self._number, "answers": _answered(answers)}
        self._number += 1
        found: list[Entry] = []
        if said["number"] == 0 or len(image.points) <= MANY:
            whole = [
                entries.observation(image, decision),
                entries.decided(decision, image.points.names),
            ]
            now = tuple(dict(each.payload) for each in whole)
            if said["number"] == 0:
                found = whole
            else:
                said["seen"], said["decided"] = map(_changes, self._before, now)
            self._before = now
        at = decision.at
        return [*found, Entry(kind="cycle", key="plant", event=at, known=at, payload=said)]


@dataclass(frozen=True)
class Moment:
    """What was seen and decided in one cycle, and what the devices answered to it.

    ``exact`` is false where changes since the last whole entry are not in the journal.
    """

    observation: Record
    decision: Record
    answers: Plain
    exact: bool


def moment(records: Iterable[Record]) -> Moment | None:
    """The last moment that records hold, in the order of the journal; None before the first."""
    parts: dict[str, Record] = {}
    answers: Plain = {}
    following, exact = 0, True
    for record in records:
        said = record.payload
        if record.kind in WHOLE:
            parts[record.kind] = record
            following, exact = 0, True
        elif record.kind == "cycle" and set(parts) == set(WHOLE):
            whole = said["number"] == 0
            exact = exact and said["number"] == following and (whole or "seen" in said)
            following, answers = said["number"] + 1, said["answers"]
            for kind, changes in zip(WHOLE, (said.get("seen"), said.get("decided")), strict=True):
                if changes is not None:
                    payload = _changed(parts[kind].payload, changes)
                    parts[kind] = replace(record, kind=kind, payload=payload)
    if set(parts) != set(WHOLE):
        return None
    return Moment(parts["observation"], parts["decision"], answers, exact)


def _answered(answers: Sequence[Acknowledgement]) -> Plain:
    """By point: true, or why not."""
    return {each.point: True if each.accepted else each.reason for each in answers}


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Plain:
    """What is to be said so that `_changed` makes the one of the other."""
    said: Plain = {}
    for name, value in now.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            apart = {key: v for key, v in value.items() if key not in old or old[key] != v}
            gone = [key for key in old if key not in value]
            if gone:
                said[name] = value
            elif apart:
                said[name] = {"changed": apart}
        elif isinstance(value, list) and isinstance(old, list) and len(old) == len(value):
            places = [n for n, v in enumerate(value) if v != old[n]]
            if 2 * len(places) > len(value):
                said[name] = value
            elif places:
                said[name] = {"changed": {str(n): value[n] for n in places}}
        elif value != old:
            said[name] = value
    return said


def _changed(before: Mapping[str, Any], changes: Mapping[str, Any]) -> Plain:
    """A part of a moment with what has changed since."""
    after = dict(before)
    for name, value in changes.items():
        some = value.get("changed") if isinstance(value, dict) else None
        old = before.get(name)
        if some is None:
            after[name] = value
        elif isinstance(old, list):
            after[name] = [some.get(str(n), v) for n, v in enumerate(old)]
        else:
            after[name] = {**(old or {}), **some}
    return after
