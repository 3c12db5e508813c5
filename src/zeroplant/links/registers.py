"""Numbers in Modbus registers, and which registers to ask for together."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

RegisterType = Literal[
    "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"
]

_FORMATS = {
    "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "int64": "q", "uint64": "Q", "float32": "f", "float64": "d",
}  # fmt: skip

WIDTHS: Mapping[str, int] = {
    kind: struct.calcsize(f">{code}") // 2 for kind, code in _FORMATS.items()
}
"""Registers (16 bits each) that a number takes."""

ROUNDED = 1e-6
"""Up to this share a number may be below a whole one and still be meant as that."""
MOST = 125
"""Registers in one request (Modbus application protocol 1.1b3, §6.3)."""


def reserved(kind: RegisterType) -> int | None:
    """The number that SunSpec reserves for 'not implemented'; floats use nan.

    Source: SunSpec Device Information Model Specification, table of point types.
    """
    if kind.startswith("float"):
        return None
    bits = 16 * WIDTHS[kind]
    return (1 << bits) - 1 if kind.startswith("u") else -(1 << (bits - 1))


def decode(words: Sequence[int], kind: RegisterType, *, low_first: bool = False) -> float | int:
    """The number that some registers hold."""
    ordered = list(reversed(words)) if low_first else list(words)
    data = struct.pack(f">{len(ordered)}H", *ordered)
    number: float | int = struct.unpack(f">{_FORMATS[kind]}", data)[0]
    return number


def encode(number: float, kind: RegisterType, *, low_first: bool = False) -> list[int]:
    """The registers that hold a number; ValueError where it does not fit the type.

    What a whole type has no digits for is cut off: a limit never becomes more than was meant.
    """
    code = _FORMATS[kind]
    try:
        given = float(number) if kind.startswith("float") else _whole(number)
        data = struct.pack(f">{code}", given)
    except (struct.error, OverflowError, ValueError):
        message = f"{number:g} does not fit into {kind}"
        raise ValueError(message) from None
    words = list(struct.unpack(f">{WIDTHS[kind]}H", data))
    return words[::-1] if low_first else words


def _whole(number: float) -> int:
    """Towards nothing, but for what only rounding has taken from a whole number."""
    nearest = round(number)
    return nearest if abs(number - nearest) <= ROUNDED * max(1.0, abs(number)) else int(number)


def encode_unknown(kind: RegisterType, missing: int | None) -> list[int] | None:
    """Registers that say 'not known': the agreed number, or nan; None where there is no word."""
    if kind.startswith("float"):
        return encode(nan, kind)
    return None if missing is None else encode(missing, kind)


def scaled(number: float | int, missing: int | None, exponent: int | None) -> float:
    """A number as read: nan where it stands for 'not known' or its scale does."""
    if number == missing or not isfinite(number):
        return nan
    if exponent is None:
        return float(number)
    return float(number) * 10.0**exponent if -10 <= exponent <= 10 else nan


@dataclass(frozen=True)
class Block:
    """Registers that are asked for in one request."""

    table: str
    start: int
    count: int


def blocks(spans: Iterable[tuple[str, int, int]], bridge: int = 0) -> list[Block]:
    """As few requests as possible for some spans of registers (table, start, count).

    Spans that touch are joined, and such with at most ``bridge`` registers between them.
    """
    found: list[Block] = []
    for table, start, count in sorted(spans):
        last = found[-1] if found else None
        if last is not None and last.table == table:
            end = max(last.start + last.count, start + count)
            near = start <= last.start + last.count + bridge
            if near and end - last.start <= MOST:
                found[-1] = Block(table, last.start, end - last.start)
                continue
        found.append(Block(table, start, count))
    return found
