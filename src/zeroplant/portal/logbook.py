"""A journal read from its end, a leaf at a time, and the state of its chain.

A journal of months is too long to be read for every look. Where each record begins, what kind it
is, its key and when it became known is kept per file, for the files that were looked at last; only
records that are shown are read as JSON. While a file is indexed its chain of hashes is followed, so
whatever is shown has been checked. Of a file that was followed and is untouched it stays known
which kinds are in it: one without those that are wanted is not opened again.
"""

from __future__ import annotations

import json
import re
import threading
from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from time import thread_time

import numpy as np

from zeroplant.errors import InputError, Problem
from zeroplant.store.anchor import read_head
from zeroplant.store.chain import Segment
from zeroplant.store.durable import plainly
from zeroplant.store.moments import micros, utc
from zeroplant.store.record import NO_HASH, Record, body_of, opened, read_record

KEPT = 16
"""Files whose index is kept: some days of a journal."""
LONGEST = 0.2
"""Processor seconds that one leaf takes, about; the next leaf goes on from there."""
_HEAD = re.compile(
    rb'\{"number":\d+,"event":"[^"]+","known":"([^"]+)","kind":"([a-z0-9-]+)","key":("(?:[^"\\]|\\.)*")'
)


@dataclass
class _Index:
    """The records of one file: where each ends, its kind and key, when it became known [us]."""

    segment: Segment
    before: str = NO_HASH
    begin: int = 0
    hash: str = NO_HASH
    broken: str = ""
    ends: array[int] = field(default_factory=lambda: array("q"))
    kinds: list[tuple[str, str]] = field(default_factory=list)
    known: array[int] = field(default_factory=lambda: array("q"))
    _interned: dict[bytes, tuple[str, str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.ends)

    @property
    def found(self) -> frozenset[str]:
        """The kinds there are."""
        return frozenset(kind for kind, _ in self._interned.values())

    @property
    def begun(self) -> datetime:
        """When the first of them became known."""
        return utc(np.datetime64(self.known[0], "us"))

    def extend(self) -> None:
        """Follow what has been added since; a line that is half written is left for later."""
        if not self.begin:
            head = self.segment.head()
            if head is None:
                self.broken = "the first line of its file is not as it was written"
                return
            self.before, self.hash, self.begin = head.before, head.seed, len(head.line)
        with self.segment.open() as file:
            end = self.ends[-1] if self.ends else self.begin
            if file.seek(0, SEEK_END) < end:
                self.broken = "its file is shorter than it was"
                return
            file.seek(end)
            for line in file:
                if self.broken or not line.endswith(b"\n"):
                    return
                self._take(line)

    def _take(self, line: bytes) -> None:
        pair = opened(line[:-1], self.hash)
        found = _HEAD.match(line)
        number = self.segment.first + self.count
        if pair is None or found is None or not line.startswith(body_of(b"", number)):
            self.broken = "it does not follow from the record before it"
            return
        self.hash = pair[1]
        self.ends.append((self.ends[-1] if self.ends else self.begin) + len(line))
        self.kinds.append(self._interned.setdefault(found[2] + found[3], _kind(found)))
        self.known.append(micros(datetime.fromisoformat(found[1].decode())))

    def records(self, places: Iterator[int]) -> Iterator[Record]:
        with self.segment.open() as file:
            for place in places:
                start = self.ends[place - 1] if place else self.begin
                file.seek(start)
                line = file.read(self.ends[place] - start)
                body, _, seal = line.rpartition(b',"hash":"')
                yield read_record(body + b"}", seal[:64].decode())


@dataclass(frozen=True)
class _Proof:
    """What following a file has found, as it was at a stamp: the hashes at both its ends."""

    stamp: tuple[int, int]
    before: str
    hash: str
    broken: str
    count: int
    kinds: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """Which records: of some kinds (all if none is named), known from … up to, and ``test``.

    ``maybe`` says of a kind and a key whether a record of these is worth reading for the test.
    """

    kinds: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    test: Callable[[Record], bool] = lambda _: True
    maybe: Callable[[str, str], bool] = lambda _kind, _key: True


@dataclass(frozen=True)
class Leaf:
    """Records, the newest first; ``older`` is the number to go on before, 0 at the end.

    ``back`` is how far back was searched: when the last record that was read became known; None
    where all that is wanted was searched.
    """

    records: tuple[Record, ...]
    older: int
    back: datetime | None = None


@dataclass(frozen=True)
class Chain:
    """What is known of the chain: records ``first`` … ``last`` follow from each other.

    ``why`` says what is wrong, empty where nothing is; ``whole`` that it was followed from the
    first record on.
    """

    first: int
    last: int
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing before it is left to follow."""
        return not self.why and self.first <= 1


class Logbook:
    """A journal for looking at; one for all who look. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[Path, _Index] = {}
        self._proved: dict[Path, _Proof] = {}
        self._lock = threading.Lock()

    def leaf(self, wanted: Wanted, before: int = 0, most: int = 50) -> Leaf:
        """The newest records that are wanted, with a number below ``before`` if it is given.

        Raises InputError where a record that would be shown is broken, or nothing can be read.
        """
        found: list[Record] = []
        with self._lock, plainly(f"read {self._folder}"):
            enough = thread_time() + LONGEST
            for segment in reversed(Segment.all(self._folder)):
                if (before and segment.first >= before) or not _of_days(segment, wanted):
                    continue
                if wanted.kinds and self._without(segment, wanted.kinds):
                    continue
                index = self._index(segment)
                for record in index.records(_places(index, wanted, before)):
                    if wanted.test(record):
                        found.append(record)
                    if len(found) == most or thread_time() > enough:
                        older = record.number if record.number > 1 else 0
                        return Leaf(tuple(found), older, record.known if older else None)
                if thread_time() > enough and index.count and segment.first > 1:
                    return Leaf(tuple(found), segment.first, index.begun)
        return Leaf(tuple(found), 0)

    def chain(self, files: int = 4) -> Chain:
        """Follow the chain back from its end; each call follows so many ``files`` more at most.

        What was followed once is believed as long as its file is untouched, or only grows.
        """
        with self._lock, plainly(f"read {self._folder}"):
            segments = Segment.all(self._folder)
            if not segments:
                return Chain(1, 0)
            acknowledged = read_head(self._folder).anchor
            last, first, expected = 0, 0, ""
            for segment in reversed(segments):
                fresh = self._proof(segment) is None
                if fresh and files == 0:
                    return Chain(first, last)
                files -= fresh
                proof = self._prove(segment)
                after = segment.first + proof.count
                last = last or after - 1
                if proof.broken:
                    return Chain(after, last, proof.broken)
                if first and (proof.hash, after) != (expected, first):
                    return Chain(first, last, "records are missing before it")
                first, expected = segment.first, proof.before
            if acknowledged and last < acknowledged.count:
                return Chain(first, last, "acknowledged records are missing at the end")
            if first != 1 or expected != NO_HASH:
                return Chain(first, last, "records are missing before it")
        return Chain(first, last)

    def _index(self, segment: Segment) -> _Index:
        index, stamp = self._held.pop(segment.path, None) or _Index(segment), _stamp(segment)
        if not index.begin or self._proof(segment) is None:
            index.extend()
        self._keep(index, stamp)
        self._held[segment.path] = index
        while len(self._held) > KEPT:
            del self._held[next(iter(self._held))]
        if index.broken:
            what = f"record {segment.first + index.count} is broken: {index.broken}"
            raise InputError(Problem(what, where=str(segment.path)))
        return index

    def _without(self, segment: Segment, kinds: Collection[str]) -> bool:
        """Whether a file was followed, is untouched since, and has nothing of these kinds."""
        proof = self._proof(segment)
        return proof is not None and not proof.broken and proof.kinds.isdisjoint(kinds)

    def _proof(self, segment: Segment) -> _Proof | None:
        found = self._proved.get(segment.path)
        return found if found and found.stamp == _stamp(segment) else None

    def _prove(self, segment: Segment) -> _Proof:
        if (proof := self._proof(segment)) is not None:
            return proof
        stamp = _stamp(segment)
        index = self._held.get(segment.path) or _Index(segment)
        index.extend()
        return self._keep(index, stamp)

    def _keep(self, index: _Index, stamp: tuple[int, int]) -> _Proof:
        end = index.hash if index.count else index.before
        proof = _Proof(stamp, index.before, end, index.broken, index.count, index.found)
        self._proved[index.segment.path] = proof
        return proof


def _places(index: _Index, wanted: Wanted, before: int) -> Iterator[int]:
    """Places in a file of what may be wanted, the last first."""
    stop = min(index.count, before - index.segment.first) if before else index.count
    known = np.frombuffer(index.known, np.int64)[:stop]
    here = np.ones(stop, bool)
    if wanted.since is not None:
        here &= known >= micros(wanted.since)
    if wanted.until is not None:
        here &= known <= micros(wanted.until)
    worth: dict[tuple[str, str], bool] = {}
    for place in np.flatnonzero(here)[::-1].tolist():
        pair = index.kinds[place]
        if pair not in worth:
            kind = not wanted.kinds or pair[0] in wanted.kinds
            worth[pair] = kind and wanted.maybe(*pair)
        if worth[pair]:
            yield place


def _of_days(segment: Segment, wanted: Wanted) -> bool:
    """Whether a file may hold what became known in that time."""
    after = wanted.since is not None and segment.day < str(utc(wanted.since).date())
    early = wanted.until is not None and segment.day > str(utc(wanted.until).date())
    return not (after or early)


def _stamp(segment: Segment) -> tuple[int, int]:
    found = segment.stat()
    return found.st_size, found.st_mtime_ns


def _kind(head: re.Match[bytes]) -> tuple[str, str]:
    """Kind and key of a record, by its head; few pairs stand for many records."""
    return head[2].decode(), str(json.loads(head[3]))
