"""Clocks: zones by name or offset, and the hours that daylight saving skips or doubles."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Ints, seconds_ahead, zone_named
from zeroplant.errors import InputError, Problem

CURE = "give stamps in UTC or with offsets"


def show(moment: np.datetime64) -> str:
    """A moment to the minute, as people write it."""
    return str(moment.astype("M8[m]")).replace("T", " ")


def fixed_offset(text: str) -> int:
    """Seconds of an offset such as ``+08:00`` or ``Z``."""
    if text in ("Z", "UTC"):
        return 0
    sign, digits = (-1 if text[0] == "-" else 1), text[1:].replace(":", "")
    return sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def zone_info(name: str) -> tzinfo:
    """A zone by its name or fixed offset. Raises InputError."""
    if re.fullmatch(r"[+-]\d{2}:?\d{2}", name):
        return timezone(timedelta(seconds=fixed_offset(name)))
    return zone_named(name)


def offsets(local: NDArray[np.datetime64], zone: str | None) -> Ints:
    """Offset from UTC of each naive local stamp, in seconds."""
    if zone is None:
        what = "the stamps carry no zone"
        raise InputError(Problem(what, instead="add one such as 'zone: Asia/Shanghai'"))
    info = zone_info(zone)
    days, index = np.unique(local.astype("M8[D]"), return_inverse=True)
    first, last = _sides(days.astype("M8[s]"), info), _sides((days + 1).astype("M8[s]"), info)
    before: Ints = first[0][index]
    after: Ints = first[0][index]
    changing = ((first != last).any(axis=0) | (first[0] != first[1]))[index]
    before[changing], after[changing] = _sides(local[changing], info)
    problems = []
    for wrong, word in ((before < after, "does not exist"), (before > after, "happens twice")):
        if wrong.any():
            problem = f"{show(local[np.argmax(wrong)])} {word} in {zone}"
            problems.append(Problem(problem, instead=CURE))
    if problems:
        raise InputError(problems)
    return before


def agree(local: NDArray[np.datetime64], offset: Ints, zone: str) -> bool:
    """Whether stamps that carry offsets carry those of a zone."""
    utc = local - offset.astype("m8[s]")
    return bool((seconds_ahead(utc, zone_info(zone)) == offset).all())


def _sides(local: NDArray[np.datetime64], info: tzinfo) -> Ints:
    """Offsets of wall-clock times read before and after a change of the clock (PEP 495): (2, n).

    They differ for times that are skipped (the first is smaller) or doubled (it is larger).
    """
    zero = timedelta(0)
    walls = [moment.replace(tzinfo=info) for moment in local.astype("M8[s]").astype(datetime)]
    both = [[wall.replace(fold=fold).utcoffset() or zero for wall in walls] for fold in (0, 1)]
    return np.array([[int(o.total_seconds()) for o in side] for side in both], dtype=np.int64)
