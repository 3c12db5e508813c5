"""Frames: pieces of bytes in a file, each of which says whether it is whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MARK = b"zpF1"
_HEAD = struct.Struct("<4sII")  # mark, length, check sum of length and content


@dataclass
class Frames:
    """What was found in a file's bytes.

    ``whole`` are the contents of the whole frames; ``end`` is where the last of them ends;
    ``lost`` counts bytes between them that are no frame (damage, not a write that was cut short).
    """

    whole: list[bytes] = field(default_factory=list)
    end: int = 0
    lost: int = 0


def framed(content: bytes) -> bytes:
    """Content behind a mark, its length and its check sum (CRC-32)."""
    return _HEAD.pack(MARK, len(content), _sum(content)) + content


def find_frames(data: bytes, start: int = 0) -> Frames:
    """The whole frames of a file's bytes, from a place where a frame begins or the file ends.

    What stands behind ``end`` is a frame that was not written to its end. Damage before it costs
    the frames it hits; the search goes on with the next.
    """
    found = Frames(end=start)
    place = start
    while place >= 0:
        for content in _run(data, place):
            found.lost += place - found.end
            found.whole.append(content)
            found.end = place = place + _HEAD.size + len(content)
        place = data.find(MARK, place + 1)
    return found


def _run(data: bytes, place: int) -> Iterator[bytes]:
    """Contents of the frames that follow each other without a gap."""
    while place + _HEAD.size <= len(data):
        mark, length, check = _HEAD.unpack_from(data, place)
        content = data[place + _HEAD.size : place + _HEAD.size + length]
        if mark != MARK or len(content) < length or _sum(content) != check:
            return
        yield content
        place += _HEAD.size + length


def _sum(content: bytes) -> int:
    return zlib.crc32(content, len(content))
