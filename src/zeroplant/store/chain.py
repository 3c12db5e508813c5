"""The chain: files of a journal, followed line by line as long as each follows from the last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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
class Segment:
    """A file of a journal, by the number of its first record and the day that was known then."""

    path: Path
    first: int
    day: str

    @classmethod
    def all(cls, folder: Path) -> list[Segment]:
        """The files of a journal in order; files with other names are none of its."""
        found = []
        for path in folder.glob("*.jsonl"):
            first, _, day = path.stem.partition(".")
            if first.isdecimal() and first.isascii():
                found.append(cls(path, int(first), day))
        return sorted(found, key=lambda each: each.first)

    @classmethod
    def named(cls, folder: Path, first: int, day: str) -> Segment:
        """The file that begins with a record of a day."""
        return cls(folder / f"{first:012d}.{day}.jsonl", first, day)

    def header(self, before: str) -> bytes:
        """Its first line, which repeats the hash of the record before it."""
        content = {"journal": 1, "first": self.first, "day": self.day, "before": before}
        return json.dumps(content, separators=(",", ":")).encode() + b"\n"

    def follow(self, before: str | None = None) -> Followed:
        """Read the file and follow the chain. ``before`` is the hash that it must go on from.

        Without ``before`` it is believed what its header says. Raises OSError.
        """
        data = self.path.read_bytes()
        head = data[: data.find(b"\n") + 1]
        said = before if before is not None else _before(head)
        if not head or head != self.header(said):
            why = "the first line of its file is not as it was written"
            return Followed(said, len(head), [], Break(self.first, why))
        links: list[Link] = []
        number, found, place = self.first, said, len(head)
        while place < len(data):
            stop = data.find(b"\n", place)
            if stop < 0:
                return Followed(said, len(head), links, Break(number, "it is cut off"))
            pair = opened(data[place:stop], found)
            if pair is None:
                why = "it does not follow from the record before it"
                return Followed(said, len(head), links, Break(number, why))
            body, found = pair
            place = stop + 1
            if not body.startswith(body_of(b"", number)):
                why = "its number is not the next"
                return Followed(said, len(head), links, Break(number, why))
            links.append(Link(number, body, found, place))
            number += 1
        return Followed(said, len(head), links, None)


@dataclass(frozen=True)
class Followed:
    """What was found in a segment: the hash before it, its header's length, links, any break."""

    before: str
    begin: int
    links: list[Link]
    broken: Break | None

    @property
    def hash(self) -> str:
        """Hash of the last record that follows."""
        return self.links[-1].hash if self.links else self.before

    @property
    def end(self) -> int:
        """Where the last line that follows ends."""
        return self.links[-1].end if self.links else self.begin


def _before(head: bytes) -> str:
    """The hash that a header says, or one that fits none."""
    try:
        said = json.loads(head)["before"]
    except (ValueError, KeyError, TypeError):
        return NO_HASH
    return said if isinstance(said, str) else NO_HASH
