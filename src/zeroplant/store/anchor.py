"""The anchor of a journal: how many records were acknowledged, and the hash of the last."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from zeroplant.store.durable import sync_folder
from zeroplant.store.record import NO_HASH

NAME = "head"
_BINARY = getattr(os, "O_BINARY", 0)  # where lines could otherwise be written differently
_SLOT = 512  # bytes; a disk writes a sector whole or not at all


@dataclass(frozen=True)
class Anchor:
    """The end of a journal at some moment. Kept outside the plant, it makes truncation provable."""

    count: int = 0
    hash: str = NO_HASH


class Head:
    """The file beside a journal that holds its last two anchors, in turn.

    It is written after the records are on disk and says no more than they do; so when it says more,
    acknowledged records are missing.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the file. Raises OSError."""
        path = folder / NAME
        new = not path.exists()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o644)
        self._turn = 0
        if new:
            self.write(Anchor())
            self.write(Anchor())
            os.fsync(self._descriptor)
            sync_folder(folder)

    def write(self, anchor: Anchor) -> None:
        """Put an anchor in the place of the older one. Raises OSError.

        A process that is killed loses nothing by this; a power cut may bring back an older anchor,
        which is true as well.
        """
        os.lseek(self._descriptor, self._turn * _SLOT, os.SEEK_SET)
        os.write(self._descriptor, _slot(anchor))
        self._turn = 1 - self._turn

    def close(self) -> None:
        """Have the anchors on disk and close the file. Raises OSError."""
        try:
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)


@dataclass(frozen=True)
class Held:
    """What a head file says: its best anchor, if any, and whether it is as it was written."""

    anchor: Anchor | None
    whole: bool


def read_head(folder: Path) -> Held:
    """What the head file of a folder says. Raises OSError other than its absence."""
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return Held(None, whole=False)
    slots = [_anchor(data[place : place + _SLOT]) for place in (0, _SLOT)]
    found = [anchor for anchor in slots if anchor]
    best = max(found, key=lambda anchor: anchor.count, default=None)
    return Held(best, whole=len(found) == 2 and len(data) == 2 * _SLOT)


def _slot(anchor: Anchor) -> bytes:
    text = f"{anchor.count:020d} {anchor.hash}".encode()
    return (b"%s %08x" % (text, zlib.crc32(text))).ljust(_SLOT - 1) + b"\n"


def _anchor(slot: bytes) -> Anchor | None:
    """The anchor of a slot that is, to the byte, what would be written for it."""
    try:
        count, found = slot.split()[:2]
        anchor = Anchor(int(count), found.decode("ascii"))
        return anchor if _slot(anchor) == slot else None
    except ValueError:
        return None
