"""The manifest: which files make up a history. What it does not name does not count."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from zeroplant.errors import InputError, Problem
from zeroplant.store.durable import DamagedError, plainly, write_durably

NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """A Parquet file of one day: its name under ``days``, and what a query must know beforehand.

    ``first`` and ``last`` are the first and last event (microseconds, UTC); ``plain`` says that no
    point has two versions of one event in it.
    """

    name: str
    rows: int
    first: int
    last: int
    plain: bool

    @property
    def day(self) -> str:
        """The day in UTC that its events belong to."""
        return self.name.split("/")[0]


@dataclass(frozen=True)
class Manifest:
    """The files that count; replaced in one step, which is how anything becomes history.

    ``log`` is the number of the first segment of the write-ahead log that counts, ``next`` the
    number that the next new file gets, ``arrival`` the number of the first row that came in after
    everything the parts hold.
    """

    log: int = 1
    next: int = 2
    arrival: int = 0
    parts: tuple[Part, ...] = ()

    def write(self, folder: Path) -> None:
        """Make this the manifest of a folder. Raises OSError or InputError."""
        body = json.dumps(asdict(self), separators=(",", ":")).encode()
        write_durably(folder / NAME, b"%08x %s\n" % (zlib.crc32(body), body))

    def advanced(self) -> Manifest:
        """The same with one number taken."""
        return replace(self, next=self.next + 1)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder. Raises InputError when there is none or it is damaged."""
    path = folder / NAME
    if not path.exists():
        instead = f"{NAME} is missing; write a first batch, or name another folder"
        raise InputError(Problem(f"{folder} is no history", instead=instead))
    with plainly(f"read {path}"):
        data = path.read_bytes()
    check, _, body = data.partition(b" ")
    if check == b"%08x" % zlib.crc32(body.removesuffix(b"\n")):
        try:
            content = json.loads(body)
            parts = tuple(Part(**part) for part in content.pop("parts"))
            return Manifest(**content, parts=parts)
        except (ValueError, TypeError, KeyError, AttributeError):  # of another version
            pass
    instead = "put back a copy of the folder; its Parquet files may still be read by themselves"
    raise DamagedError(Problem(f"{path} is damaged", instead=instead), folder)
