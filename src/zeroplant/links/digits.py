"""Numbers as DL/T 645 writes them: decimal digits, two in a byte, lowest byte first."""

from __future__ import annotations

from math import isfinite, nan

from zeroplant.links.dlt645_template import Item

SIGN = 0x80
"""Highest bit of the highest byte: the number is negative (DL/T 645-2007, annex A)."""


def digits_inside(data: bytes, item: Item) -> float:
    """The number that some bytes say; nan where they are no digits or of another length."""
    if len(data) != (item.digits + 1) // 2:
        return nan
    high = data[-1]
    negative = item.signed and bool(high & SIGN)
    if negative:
        high &= ~SIGN
    digits = bytes([high, *data[-2::-1]]).hex()
    if not digits.isdecimal():  # a to f: the meter marks what it does not know by FF
        return nan
    number: float = int(digits) / 10.0**item.decimals
    return -number if negative else number


def digits_outside(number: float, item: Item) -> bytes:
    """The bytes that say a number, FF in each where it is unknown or does not fit."""
    size = (item.digits + 1) // 2
    if not isfinite(number) or (number < 0.0 and not item.signed):
        return b"\xff" * size
    whole = round(abs(number) * 10.0**item.decimals)
    room = 10 ** (2 * size) if not item.signed else 8 * 10 ** (2 * size - 1)
    if whole >= room:
        return b"\xff" * size
    data = bytearray(bytes.fromhex(str(whole).zfill(2 * size))[::-1])
    if number < 0.0:
        data[-1] |= SIGN
    return bytes(data)
