"""The chain: files of a journal, followed line by line as long as each follows from the last.

A file's first line, its head, says the hash of the record before it and that of the head before it;
the records in it go on from the hash of the head. So the end of a journal speaks for all records,
and for the chain of heads: one who has followed the last file, and looked at the heads before it,
need follow only those files that are to be read. (In files of an older kind, 1, the head says only
the record before it, and that is what records go on from.)

Files to which nothing is added any more are packed (`zeroplant.store.packed`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from os import stat_result
from pathlib import Path
from typing import BinaryIO

from zeroplant.store.packed import unpack, with_hashes
from zeroplant.store.record import NO_HASH, body_of, opened


@dataclass(frozen=True)
class Link:
    """A line that follows: its number, what it says without the hash, its hash, where it ends."""

    number: int
    body: bytes
    hash: str
    end: int


@dataclass(frozen=True)
class Break:
    """Where a chain ends before its file does: the number of the record, and what is wrong."""

    number: int
    why: str


@dataclass(frozen=True)
class Head:
    """The first line of a file: what it says of the record and of the head before it.

    ``above`` is None in files of the older kind. ``hash`` is that of the line itself, and ``seed``
    what the first record goes on from.
    """

    line: bytes
    before: str
    above: str | None

    @property
    def hash(self) -> str:
        """SHA-256 of the line."""
        return sha256(self.line).hexdigest()

    @property
    def seed(self) -> str:
        """The hash that stands before the first record."""
        return self.before if self.above is None else self.hash


@dataclass(frozen=True)
class Segment:
    """A file of a journal, by the number of its first record and the day that was known then.

    ``path`` is its place as long as it is not packed.
    """

    path: Path
    first: int
    day: str

    @classmethod
    def all(cls, folder: Path) -> list[Segment]:
        """The files of a journal in order; files with other names are none of its."""
        found = {}
        for path in (*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")):
            first, _, day = path.name.partition(".jsonl")[0].partition(".")
            if first.isdecimal() and first.isascii():
                found[path.name.removesuffix(".gz")] = int(first), day
        each = [cls(folder / name, first, day) for name, (first, day) in found.items()]
        return sorted(each, key=lambda segment: segment.first)

    @classmethod
    def named(cls, folder: Path, first: int, day: str) -> Segment:
        """The file that begins with a record of a day."""
        return cls(folder / f"{first:012d}.{day}.jsonl", first, day)

    @property
    def packed(self) -> Path:
        """Its place when it is packed."""
        return self.path.with_name(f"{self.path.name}.gz")

    def header(self, before: str, above: str | None = None) -> Head:
        """Its first line, as it must be after a record and a head."""
        kind = {"journal": 1 if above is None else 2, "first": self.first, "day": self.day}
        content = {**kind, "before": before} | ({} if above is None else {"above": above})
        return Head(json.dumps(content, separators=(",", ":")).encode() + b"\n", before, above)

    def head(self) -> Head | None:
        """Its first line as it stands; None if it is not as such a line is written. OSError."""
        with self.open(whole=False) as file:
            return self._read(file.readline())

    def open(self, *, whole: bool = True) -> BinaryIO:
        """Its lines, for reading; not ``whole``: at least the head. Raises OSError."""
        try:
            return self.path.open("rb")
        except FileNotFoundError:
            lines, _ = self._unpacked()
        head = self._read(lines[0]) if lines else None
        return BytesIO(with_hashes(lines if whole else lines[:1], head.seed if head else NO_HASH))

    def stat(self) -> stat_result:
        """Size and age of its file. Raises OSError."""
        try:
            return self.path.stat()
        except FileNotFoundError:
            return self.packed.stat()

    def follow(self, before: str | None = None, above: str = NO_HASH) -> Followed:
        """Read the file and follow the chain.

        ``before`` and ``above`` are the hashes of the record and the head that it must go on from;
        without ``before`` it is believed what its own head says. Raises OSError.
        """
        data, undamaged = self._data()
        line = data[: data.find(b"\n") + 1]
        head = self._read(line)
        wanted = [head]
        if before is not None:
            wanted = [self.header(before, above), self.header(before)]
        if head is None or head not in wanted:
            why = "the first line of its file is not as it was written"
            begun = self.header(before or NO_HASH, above)
            return Followed(begun, len(line), [], Break(self.first, why))
        links: list[Link] = []
        number, found, place = self.first, head.seed, len(line)
        why = ""
        while place < len(data) and not why:
            stop = data.find(b"\n", place)
            pair = opened(data[place:stop], found) if stop >= 0 else None
            if stop < 0:
                why = "it is cut off"
            elif pair is None:
                why = "it does not follow from the record before it"
            elif not pair[0].startswith(body_of(b"", number)):
                why = "its number is not the next"
            else:
                body, found = pair
                place = stop + 1
                links.append(Link(number, body, found, place))
                number += 1
        if not why and not undamaged:
            why = "its packed file is damaged"
        return Followed(head, len(line), links, Break(number, why) if why else None)

    def _data(self) -> tuple[bytes, bool]:
        """Its lines with their hashes, as far as they can be read; whether that is all."""
        try:
            return self.path.read_bytes(), True
        except FileNotFoundError:
            lines, whole = self._unpacked()
        head = self._read(lines[0]) if lines else None
        return with_hashes(lines, head.seed if head else NO_HASH), whole

    def _unpacked(self) -> tuple[list[bytes], bool]:
        return unpack(self.packed.read_bytes())

    def _read(self, line: bytes) -> Head | None:
        """What a first line says, if it is to the byte what would be written for that."""
        try:
            said = json.loads(line)
            head = self.header(said["before"], said.get("above"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return head if head.line == line else None


@dataclass(frozen=True)
class Followed:
    """What was found in a segment: its head, that line's length, links, any break."""

    head: Head
    begin: int
    links: list[Link]
    broken: Break | None

    @property
    def before(self) -> str:
        """Hash of the record before its first."""
        return self.head.before

    @property
    def hash(self) -> str:
        """Hash of the last record that follows."""
        return self.links[-1].hash if self.links else self.before

    @property
    def end(self) -> int:
        """Where the last line that follows ends."""
        return self.links[-1].end if self.links else self.begin
