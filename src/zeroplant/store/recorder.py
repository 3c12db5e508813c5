"""The one writer of a journal: many records, one wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, cast

from zeroplant.errors import InputError, Problem
from zeroplant.store.anchor import Anchor, Head, read_head
from zeroplant.store.chain import Head as SegmentHead
from zeroplant.store.chain import Segment
from zeroplant.store.durable import Appended, DamagedError, plainly, write_durably
from zeroplant.store.journal import Journal
from zeroplant.store.lock import Closing, WriterLock
from zeroplant.store.packed import pack, unpack, with_hashes
from zeroplant.store.record import NO_HASH, Entry, body_of, said, sealed

LARGEST = 32 * 2**20
"""Bytes after which a new file is begun, so that opening a journal reads no more than that."""

INSTEAD = "what was acknowledged is safe; free space or rights, and go on"


@dataclass
class _Call:
    """The entries of one call, each with its day and what it says, and what became of them."""

    entries: list[tuple[str, bytes]]
    numbers: range = range(0)
    error: InputError | None = None
    done: bool = False


@dataclass
class _Run:
    """Lines that go into one file of the journal, and the head of that file."""

    segment: Segment
    head: SegmentHead
    lines: list[bytes] = field(default_factory=list)


class JournalWriter(Journal, Closing):
    """A journal that one may also write to; at most one per folder, in any process.

    `append` has acknowledged its entries when it returns: they outlast ``kill -9`` and a power cut.
    Calls from several threads that come at the same time share one wait for the disk.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open or begin a journal, and cut off what was not written to its end.

        ``recovery`` says what was cut off, if anything. Raises InputError when another writer has
        the folder, or when acknowledged records are broken or missing.
        """
        self.folder = Path(folder)
        self._lock = WriterLock(self.folder)
        try:
            with plainly(f"open the journal in {folder}", INSTEAD):
                self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        self._queue: list[_Call] = []
        self._queueing, self._committing = threading.Lock(), threading.Lock()
        self._segment: Segment | None = None
        self._above: SegmentHead | None = None
        self._file: Appended | None = None
        self._packed, self._kept = False, list[Segment]()
        self._size, self._closed = 0, False
        self._unsure = False
        self.recovery = ""
        segments, held = Segment.all(self.folder), read_head(self.folder)
        if segments and held.anchor is None:
            self._refuse("its head file is missing or damaged")
        self._end = held.anchor or Anchor()
        if segments:
            self._resume(segments[-1], self._end)
        elif self._end.count:
            self._refuse("its records are missing")
        self._head = Head(self.folder)
        for _ in range(2):
            self._head.write(self._end)

    def _resume(self, segment: Segment, acknowledged: Anchor) -> None:
        """Follow the last file, and go on behind its last record that follows."""
        followed = segment.follow()
        count = segment.first - 1 + len(followed.links)
        if count < acknowledged.count or not followed.begin:
            self._refuse(f"record {count + 1} is broken or missing")
        known = {segment.first - 1: followed.before}
        known |= {link.number: link.hash for link in followed.links}
        if known.get(acknowledged.count, acknowledged.hash) != acknowledged.hash:
            self._refuse(f"record {acknowledged.count} is not the one acknowledged")
        if cut := segment.path.stat().st_size - followed.end:
            self.recovery = f"cut off {cut} bytes of a record that was not written to its end"
        self._segment, self._file = segment, Appended(segment.path, followed.end)
        self._above = followed.head
        self._end, self._size = Anchor(count, followed.hash), followed.end

    def _refuse(self, what: str) -> NoReturn:
        """Raise DamagedError: the journal cannot be gone on with, for it is evidence."""
        what = f"the journal is not as it was written: {what}"
        instead = "move the folder to a safe place as it is; a new journal begins by itself"
        raise DamagedError(Problem(what, where=str(self.folder), instead=instead), self.folder)

    def append(self, entries: Entry | Iterable[Entry]) -> range:
        """Record entries, all or none; their numbers.

        Raises InputError when an entry cannot be said in JSON or the disk refuses: then none of
        them counts, and the same call may be made again.
        """
        listed = [entries] if isinstance(entries, Entry) else list(entries)
        call = _Call([said(entry) for entry in listed])
        with self._queueing:
            self._queue.append(call)
        with self._committing:
            if not call.done:  # else the call before this one has taken it along
                self._commit()
        if call.error is not None:
            raise call.error
        return call.numbers

    def pack(self) -> None:
        """Pack the oldest file to which nothing is added any more; quick where there is none.

        One that is not as it was written stays as it is. Raises InputError when the disk refuses;
        then it stays as it is as well.
        """
        if self._packed:
            return
        with plainly(f"pack the journal in {self.folder}", INSTEAD):
            for segment in Segment.all(self.folder):
                if segment.path.exists() and segment not in (self._segment, *self._kept):
                    if not packed_up(segment):
                        self._kept.append(segment)
                    return
        self._packed = True

    def close(self) -> None:
        """Let the next writer in, once what is being written is on disk; `append` refuses then."""
        with self._committing, plainly(f"close the journal in {self.folder}"):
            self._closed = True
            if self._file:
                self._file.close()
            try:
                self._head.close()
            finally:
                self._lock.release()

    def _commit(self) -> None:
        """Put everything that waits on disk, or nothing of it."""
        with self._queueing:
            calls, self._queue = self._queue, []
        runs, end = self._runs(calls)
        try:
            with plainly(f"write the journal in {self.folder}", INSTEAD):
                self._put(runs, end)
        except InputError as error:
            for call in calls:
                call.error, call.done = error, True
            return
        self._end = end
        for call in calls:
            call.done = True

    def _runs(self, calls: list[_Call]) -> tuple[list[_Run], Anchor]:
        """The lines of calls by file, chained, and the end that the chain would have."""
        end, runs = self._end, list[_Run]()
        segment, head, size = self._segment, self._above, self._size
        for call in calls:
            call.numbers = range(end.count + 1, end.count + 1 + len(call.entries))
            for number, (day, entry) in zip(call.numbers, call.entries, strict=True):
                if segment is None or head is None or segment.day != day or size > LARGEST:
                    segment, size = Segment.named(self.folder, number, day), 0
                    head = segment.header(end.hash, NO_HASH if head is None else head.hash)
                if not runs or runs[-1].segment is not segment:
                    runs.append(_Run(segment, head))
                before = head.seed if number == segment.first else end.hash
                line, found = sealed(body_of(entry, number), before)
                runs[-1].lines.append(line)
                end, size = Anchor(number, found), size + len(line)
        return runs, end

    def _put(self, runs: list[_Run], end: Anchor) -> None:
        """Write lines, then the head. Raises OSError or InputError, and takes all back then."""
        if self._closed:  # another writer may have the folder by now
            raise InputError(Problem(f"the journal in {self.folder} is closed"))
        if self._unsure:
            self._take_back()
        files = [(self._segment, self._file)]
        try:
            for run in runs:
                if run.segment is not files[-1][0]:
                    write_durably(run.segment.path, run.head.line)
                    files.append((run.segment, Appended(run.segment.path, len(run.head.line))))
                cast("Appended", files[-1][1]).add(b"".join(run.lines))
            if runs:
                self._head.write(end)
        except (OSError, InputError):
            _close(files[1:])
            self._unsure = True
            with suppress(OSError):  # else it is tried again before the next write
                self._take_back()
            raise
        _close(files[:-1])
        self._segment, self._file = files[-1]
        if runs:
            self._above = runs[-1].head
        self._packed = self._packed and len(files) == 1
        self._size = self._file.end if self._file else 0

    def _take_back(self) -> None:
        """Make the files end where what was acknowledged ends. Raises OSError."""
        for segment in Segment.all(self.folder):
            if segment.first > self._end.count and segment != self._segment:
                segment.path.unlink()
        if self._file is not None:
            self._file.cut(self._size)
        self._unsure = False


def packed_up(segment: Segment) -> bool:
    """Put a packed file in the place of one that is as it was written; whether it is.

    Raises OSError, InputError.
    """
    data, followed = segment.path.read_bytes(), segment.follow()
    packed = pack(data)
    lines, _ = unpack(packed)
    if followed.broken or with_hashes(lines, followed.head.seed) != data:
        return False
    write_durably(segment.packed, packed)
    segment.path.unlink()
    return True


def _close(files: list[tuple[Segment | None, Appended | None]]) -> None:
    for _, file in files:
        if file is not None:
            file.close()
