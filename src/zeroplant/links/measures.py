"""Quantities in device templates: written with any unit, kept in the plant's own."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from pydantic import BeforeValidator

from zeroplant.errors import InputError, Problem
from zeroplant.units import convert, parse
from zeroplant.units.registry import unit as worked_out

INSIDE = (
    "MW", "MWh", "1", "degC", "m3/s", "m3", "m", "h", "t/h", "t", "Pa", "V", "A", "W/m2", "deg",
)  # fmt: skip
"""Units of the plant, one for each thing a device may measure."""

_WRITTEN = re.compile(r"[+-]?[\d.,_]+(?:[eE][+-]?\d+)?\s*(.*)")


@cache
def inside_unit(text: str) -> str:
    """The plant's unit for what is measured in the unit ``text``; InputError if there is none."""
    measure = worked_out(text).measure if text != "1" else worked_out("").measure
    for each in INSIDE:
        if worked_out("" if each == "1" else each).measure == measure:
            return each
    instead = f"use one that measures the same as one of: {', '.join(INSIDE)}"
    raise InputError(Problem(f"no device point is measured in '{text}'", instead=instead))


def into_plant(text: str) -> tuple[float, float]:
    """Factor and shift that turn a number in the unit ``text`` into the plant's unit."""
    to = inside_unit(text)
    shift = convert(0.0, text, to)
    return convert(1.0, text, to) - shift, shift


def amount(text: str) -> tuple[float, str]:
    """A written quantity as a number in the plant's unit, and that unit. Raises InputError."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise InputError(Problem(f"'{text}' is not a quantity", instead="write one such as '2 MW'"))
    unit = inside_unit(found[1] or "1")
    return parse(text, unit), unit


def _seconds(value: object) -> object:
    return 3600.0 * parse(value, "h") if isinstance(value, str) else value


Seconds = Annotated[float, BeforeValidator(_seconds)]
"""A time, written with its unit; seconds inside."""
