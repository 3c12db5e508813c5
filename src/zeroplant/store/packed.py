"""Packed files of a journal: lines without their hashes, which follow from the lines, in gzip.

Hashes cannot be compressed and are most of what would be left; whoever reads the file works them
out again. Any program that knows gzip shows the lines. A file is a row of gzip members of some
hundred lines each, so that damage is found where it is.
"""

from __future__ import annotations

import gzip
import zlib

from zeroplant.store.record import body_in, sealed

MEMBER = 1000
"""Lines in a member."""
LEVEL = 6
_GZIP = 31
"""Tells zlib that a gzip member comes, whose check sum it is to check."""


def pack(data: bytes) -> bytes:
    """A file's header and lines, packed."""
    head, *lines = data.splitlines(keepends=True)
    plain = [head, *(body_in(line) + b"\n" for line in lines)]
    members = (b"".join(plain[place : place + MEMBER]) for place in range(0, len(plain), MEMBER))
    return b"".join(gzip.compress(each, LEVEL, mtime=0) for each in members)


def unpack(packed: bytes) -> tuple[list[bytes], bool]:
    """Header and lines without their hashes, as far as members are whole; whether all are."""
    found, rest = [], packed
    while rest:
        member = zlib.decompressobj(_GZIP)
        try:
            found.append(member.decompress(rest))
        except zlib.error:
            return b"".join(found).splitlines(keepends=True), False
        if not member.eof:
            found.pop()
            return b"".join(found).splitlines(keepends=True), False
        rest = member.unused_data
    return b"".join(found).splitlines(keepends=True), True


def with_hashes(lines: list[bytes], seed: str) -> bytes:
    """Header and lines as they were before they were packed; ``seed`` is what they go on from."""
    whole = lines[:1]
    for line in lines[1:]:
        text, seed = sealed(line[:-1], seed)
        whole.append(text)
    return b"".join(whole)
