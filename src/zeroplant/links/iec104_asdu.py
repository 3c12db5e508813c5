"""Application messages (ASDU) of IEC 60870-5-104: what we send packed, what we get unpacked.

Formats: IEC 60870-5-101 §7 with the sizes of 5-104 (cause 2 bytes, address 2, object address 3),
= DL/T 634.5104-2009. The frames around them, their numbering and time-outs are hat-drivers' part.
Many objects share a message: a window of k = 12 messages is then worth up to 360 values, not 12,
which is what decides the throughput of a line with a long way to go.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

LARGEST = 249
"""Bytes of a message: a frame has 253, of which 4 are its control fields."""
HEAD = 6
EVERYBODY = 0xFFFF
"""The common address that means every station."""


class Type(IntEnum):
    """Type identifications we know."""

    SINGLE = 1
    DOUBLE = 3
    MEASURED = 13
    SINGLE_TIMED = 30
    DOUBLE_TIMED = 31
    MEASURED_TIMED = 36
    SINGLE_COMMAND = 45
    DOUBLE_COMMAND = 46
    SET_POINT = 50
    SINGLE_COMMAND_TIMED = 58
    DOUBLE_COMMAND_TIMED = 59
    SET_POINT_TIMED = 63
    INTERROGATION = 100
    READ = 102
    CLOCK = 103
    TEST = 107


class Cause(IntEnum):
    """Causes of transmission we use."""

    SPONTANEOUS = 3
    REQUEST = 5
    ACTIVATION = 6
    CONFIRMATION = 7
    DEACTIVATION = 8
    DEACTIVATION_CONFIRMATION = 9
    TERMINATION = 10
    INTERROGATED = 20
    UNKNOWN_TYPE = 44
    UNKNOWN_CAUSE = 45
    UNKNOWN_ADDRESS = 46
    UNKNOWN_OBJECT = 47


class Header(NamedTuple):
    """The first six bytes."""

    type: int
    objects: int
    sequence: bool
    cause: int
    test: bool
    address: int


class Told(NamedTuple):
    """One object on its way out; ``value`` as it stands on the wire."""

    ioa: int
    value: float
    quality: int
    time: bytes = b""


class Asked(NamedTuple):
    """A command as received; ``time`` where the centre gave one."""

    ioa: int
    value: float
    select: bool
    qualifier: int
    time: datetime | None


class MalformedError(ValueError):
    """A message that is not one."""


def header(asdu: bytes) -> Header:
    """The head of a message. Raises MalformedError."""
    if len(asdu) < HEAD + 3:
        raise MalformedError
    kind, count, cause, _, address = struct.unpack_from("<BBBBH", asdu)
    return Header(kind, count & 0x7F, bool(count & 0x80), cause & 0x3F, bool(cause & 0x80), address)


def object_address(asdu: bytes) -> int:
    """The address of the first object."""
    return int.from_bytes(asdu[6:9], "little")


def answer(asdu: bytes, cause: Cause, *, negative: bool = False) -> bytes:
    """A message sent back with another cause; its originator and test mark stay."""
    code = (asdu[2] & 0x80) | (0x40 if negative else 0) | cause
    return bytes((asdu[0], asdu[1], code)) + asdu[3:]


def information(kind: Type, cause: Cause, address: int, objects: Iterable[Told]) -> Iterator[bytes]:
    """Messages with the objects, as many in each as go in."""
    measured = kind in (Type.MEASURED, Type.MEASURED_TIMED)
    size = (8 if measured else 4) + (7 if kind >= Type.SINGLE_TIMED else 0)
    waiting = iter(objects)
    while batch := list(islice(waiting, (LARGEST - HEAD) // size)):
        body = b"".join(_measured(each) if measured else _status(each) for each in batch)
        yield struct.pack("<BBBBH", kind, len(batch), cause, 0, address) + body


def _measured(told: Told) -> bytes:
    at = told.ioa
    return struct.pack("<HBfB", at & 0xFFFF, at >> 16, told.value, told.quality) + told.time


def _status(told: Told) -> bytes:
    at = told.ioa
    return struct.pack("<HBB", at & 0xFFFF, at >> 16, int(told.value) | told.quality) + told.time


def command(asdu: bytes, zone: tzinfo) -> Asked:
    """The command in a message. Raises MalformedError; one message carries one command."""
    kind = Type(asdu[0])
    timed = kind >= Type.SINGLE_COMMAND_TIMED
    size = HEAD + 3 + (5 if kind in (Type.SET_POINT, Type.SET_POINT_TIMED) else 1) + 7 * timed
    if asdu[1] != 1 or len(asdu) != size:
        raise MalformedError
    time = moment(asdu[size - 7 :], zone) if timed else None
    if kind in (Type.SET_POINT, Type.SET_POINT_TIMED):
        value, how = struct.unpack_from("<fB", asdu, HEAD + 3)
        return Asked(object_address(asdu), value, bool(how & 0x80), how & 0x7F, time)
    how = asdu[HEAD + 3]
    state = how & (1 if kind in (Type.SINGLE_COMMAND, Type.SINGLE_COMMAND_TIMED) else 3)
    return Asked(object_address(asdu), state, bool(how & 0x80), how >> 2 & 0x1F, time)


def stamp(at: datetime, zone: tzinfo) -> bytes:
    """A moment as CP56Time2a in the zone's wall time, with the summer time mark."""
    wall = at.astimezone(zone)
    summer = 0x80 if wall.dst() else 0
    return struct.pack(
        "<HBBBBB",
        wall.second * 1000 + wall.microsecond // 1000,
        wall.minute,
        wall.hour | summer,
        wall.day | wall.isoweekday() << 5,
        wall.month,
        wall.year % 100,
    )


def moment(raw: bytes, zone: tzinfo) -> datetime:
    """The moment (UTC) of a CP56Time2a in the zone. Raises MalformedError; years are 2000 to 2099.

    In the hour that a zone's clocks pass twice, the summer time mark says which of both is meant.
    """
    if len(raw) != 7 or raw[2] & 0x80:  # too short, or marked as invalid by its sender
        raise MalformedError
    milliseconds, minute, hour, day, month, year = struct.unpack("<HBBBBB", raw)
    try:
        wall = datetime(
            2000 + (year & 0x7F), month & 0x0F, day & 0x1F, hour & 0x1F, minute & 0x3F,
            tzinfo=zone, fold=0 if hour & 0x80 else 1,
        )  # fmt: skip
    except ValueError:
        raise MalformedError from None
    if milliseconds >= 60_000:
        raise MalformedError
    return wall.astimezone(UTC) + timedelta(milliseconds=milliseconds)
