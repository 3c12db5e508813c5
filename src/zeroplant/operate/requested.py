"""Plans that were asked for and what came of each, in the journal: also of one that never came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from zeroplant.operate.recording import Recording
from zeroplant.store import Entry, Record

KIND = "planning"
ASKED, ANSWERED = "asked", "answered"


class Requested:
    """Writes down each request of a planner, and its end."""

    def __init__(self, recording: Recording | None) -> None:
        self._recording = recording
        self._begin: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether what was asked for last has not ended yet."""
        return self._begin is not None

    def asked(self, now: datetime, begin: datetime) -> None:
        """A plan from ``begin`` on was asked for."""
        self._begin = begin
        self._note(ASKED, now, begin, {})

    def answered(self, now: datetime, status: str, why: str) -> None:
        """It came, or something in its place, or (``status`` none) nothing."""
        begin, self._begin = self._begin, None
        if begin is not None:
            self._note(ANSWERED, now, begin, {"status": status, "note": why})

    def _note(self, key: str, now: datetime, begin: datetime, said: dict[str, Any]) -> None:
        if self._recording is not None:
            self._recording.note([Entry(kind=KIND, key=key, event=begin, known=now, payload=said)])


def last_request(records: Iterable[Record]) -> dict[str, Any] | None:
    """The last plan that was asked for: ``begin``, ``asked``, ``answered``, ``status``, ``note``.

    ``answered`` is None as long as nothing has come; None altogether where none was asked for.
    """
    found: dict[str, Any] | None = None
    for record in records:
        if record.kind != KIND:
            continue
        known = record.known.isoformat()
        if record.key == ASKED:
            begin = record.event.isoformat()
            found = {"begin": begin, "asked": known, "answered": None, "status": "", "note": ""}
        elif found is not None:
            found |= {"answered": known, **record.payload}
    return found
