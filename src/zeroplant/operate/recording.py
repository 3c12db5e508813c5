"""Recording: journal, history and files, each behind a queue and in a thread of its own.

The cycle hands over what is to be kept and goes on; it never waits for a disk. While the disk
refuses, records wait in memory and are written in order once it takes them again. When too many
wait, values of points go first (the meters still have them) and are counted; entries of the
journal go last, and the gap is then noted in the journal itself. What cannot be written to one of
the three does not keep the others waiting.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zeroplant.errors import InputError
from zeroplant.files import write_atomic
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.lane import Lane
from zeroplant.store import Batch, Entry, HistoryWriter, JournalWriter
from zeroplant.store.record import said

Content = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""What a file is to hold, or what gives it when the time to write has come."""
MOST_SAID = 2_000_000
MOST_VALUES = 4_000_000
"""What may wait: things said in entries of the journal (a set-point, a reading), and values of
points. Both are a few hundred megabytes, however many points a plant has."""
AHEAD = 100_000
"""Rows of the history in its log at most: whoever opens it reads them all."""
FREE = 0.1
"""Share of the disk below which it is told that it fills: days before it refuses, not seconds."""


@dataclass(frozen=True)
class _Noted:
    """An entry, and what is to be put into files once it is on the disk."""

    entry: Entry
    then: Mapping[Path, Content]


class Recording:
    """The keeper of a plant's records; one per folder.

    ``written`` counts the entries the journal has acknowledged, ``damaged`` names what was put
    aside to begin anew (see `set_aside.opened`), ``filling`` says how much of the disk is free
    once that is little.
    """

    def __init__(
        self,
        folder: PlantFolder,
        *,
        most_said: int = MOST_SAID,
        most_values: int = MOST_VALUES,
    ) -> None:
        """Open journal and history, or begin them. Raises InputError where that cannot be."""
        self.folder = folder
        self.journal = JournalWriter(folder.journal)
        try:
            self.history = HistoryWriter(folder.history, ahead=AHEAD)
        except BaseException:
            self.journal.close()
            raise
        self.written = 0
        self.damaged = self.filling = ""
        self._noted = 0
        self._entries = Lane("journal", self._journal, most_said, weight=_things)
        self._batches = Lane("history", self._history, most_values, weight=len)
        self._files = Lane("files", _replace)
        self._lanes = self._entries, self._batches, self._files

    def note(self, entries: Sequence[Entry], then: Mapping[Path, Content] | None = None) -> None:
        """Have entries journalled; returns at once.

        ``then`` are files that tell somebody of the last of them: they are replaced when it is on
        the disk, so that whatever was confirmed is also recorded.
        """
        last = len(entries) - 1
        self._entries.add(
            _Noted(entry, then or {} if place == last else {})
            for place, entry in enumerate(entries)
        )

    def values(self, batch: Batch) -> None:
        """Have values of points kept; returns at once."""
        self._batches.add([batch])

    def file(self, path: Path, content: Content) -> None:
        """Have a file of the folder replaced; of several, only the last counts.

        It is put into JSON beside the caller, who does not change it any more.
        """
        self._files.put(path, content)

    @property
    def trouble(self) -> str:
        """What cannot be written and why; empty while all is well."""
        told = [*(lane.trouble for lane in self._lanes), self.history.trouble]
        return "; ".join(dict.fromkeys(each for each in told if each))

    @property
    def lost(self) -> int:
        """How many entries and values had to be dropped."""
        return self._entries.dropped + self._batches.lost

    @property
    def waiting(self) -> int:
        """How many entries and batches wait."""
        return self._entries.waiting + self._batches.waiting

    def close(self, patience: float = 10.0) -> None:
        """Write what waits, if the disk takes it within ``patience`` seconds, and let go."""
        ends = time.monotonic() + patience
        self._batches.end()
        for lane in (self._entries, self._batches, self._files):  # entries may have files to come
            lane.end()
            lane.join(max(ends - time.monotonic(), 0.0))
        for writer in (self.history, self.journal):
            with suppress(InputError, OSError):
                writer.close()

    def _journal(self, held: dict[Any, _Noted]) -> None:
        """Append entries, after a note of how many are missing before them."""
        entries = [each.entry for each in held.values()]
        missing = self._entries.dropped - self._noted
        gap = [_gap(entries[0], missing)] if missing else []
        try:
            self.journal.append([*gap, *entries])
        except Exception:
            for number, each in held.items():  # one that cannot be said must not stop the rest
                held[number] = replace(each, entry=_sayable(each.entry))
            raise
        self._noted += missing
        self.written += len(gap) + len(entries)
        for each in held.values():
            for path, content in each.then.items():
                self.file(path, content)
        held.clear()
        with suppress(InputError):  # for want of space, say: it is tried again with the next
            self.journal.pack()
        self._look_at_disk()

    def _look_at_disk(self) -> None:
        """How full it is; asked by the thread that writes, for a disk that hangs answers nobody."""
        with suppress(OSError):
            disk = shutil.disk_usage(self.folder.path)
            share = disk.free / max(disk.used + disk.free, 1)  # the rest is for root alone
            self.filling = f"{100.0 * share:.0f} %" if share < FREE else ""

    def _history(self, held: dict[Any, Batch]) -> None:
        self.history.append(*held.values())
        held.clear()


def _things(noted: _Noted) -> int:
    """How many things an entry says: itself, and all that its tables list."""
    parts = noted.entry.payload.values()
    return 1 + sum(len(part) for part in parts if isinstance(part, (dict, list, tuple)))


def _replace(held: dict[Any, Content]) -> None:
    """Replace files; one that cannot be replaced does not keep the others waiting."""
    refused: Exception | None = None
    for path in list(held):
        try:
            content = held[path]
            said = content() if callable(content) else dict(content)
            write_atomic(path, json.dumps(said, ensure_ascii=False))
        except Exception as error:
            refused = error
        else:
            del held[path]
    if refused is not None:
        raise refused


def _sayable(entry: Entry) -> Entry:
    """The entry, or a note that it cannot be said in JSON."""
    try:
        said(entry)
    except InputError as error:
        return replace(
            entry,
            kind="note",
            key=ascii(entry.key),
            payload={"en": f"an entry was lost: {error!a}", "zh": "一条记录无法写入"},
        )
    return entry


def _gap(before: Entry, count: int) -> Entry:
    said = {"en": f"{count} entries before this one were lost while the disk refused them",
            "zh": f"磁盘拒写期间此前的 {count} 条记录丢失"}  # fmt: skip
    return Entry(kind="note", key="gap", event=before.known, known=before.known, payload=said)
