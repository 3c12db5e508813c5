"""Moments as the store keeps them: microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.errors import InputError, Problem

Moment: TypeAlias = datetime | np.datetime64
"""A moment: a datetime with a zone, or a numpy moment, which is UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROS_PER_DAY = 86_400_000_000
EARLIEST = -62_135_596_800_000_000
LATEST = 253_402_300_800_000_000
"""The years 1 to 9999, which every part that reads the files can write down."""


def micros(moment: Moment) -> int:
    """Microseconds since 1970 in UTC. Raises InputError for a moment that is none."""
    if isinstance(moment, datetime) and moment.tzinfo:  # the same, in a tenth of the time
        stamp = (moment - EPOCH) // MICROSECOND
        if EARLIEST <= stamp < LATEST:
            return stamp
    return int(all_micros(moment)[()])


def utc(moment: Moment) -> datetime:
    """A moment as a datetime in UTC. Raises InputError for a moment that is none."""
    return EPOCH + micros(moment) * MICROSECOND


def all_micros(moments: ArrayLike | Moment) -> NDArray[np.int64]:
    """The same of many moments (numpy moments in UTC, or datetimes with a zone), any shape."""
    try:
        array = np.asarray(moments)
        if array.size == 0:
            return np.zeros(array.shape, np.int64)
        if array.dtype == object:
            array = _without_zone(array)
        stamps: NDArray[np.int64] = array.astype("M8[us]").astype(np.int64)
        good = array.dtype.kind == "M" and bool((stamps.astype("M8[us]") == array).all())
    except (TypeError, ValueError, OverflowError, AttributeError):
        good = False
    if not good or not EARLIEST <= stamps.min() <= stamps.max() < LATEST:
        what = "a time is missing, has no zone, is finer than a microsecond or after the year 9999"
        instead = "give datetimes with a zone, or numpy moments in UTC"
        raise InputError(Problem(what, instead=instead))
    return stamps


def day_of(stamp: int) -> str:
    """The day in UTC of a stamp in microseconds, such as 2026-11-20."""
    return str(np.datetime64(stamp, "us").astype("M8[D]"))


def _without_zone(moments: NDArray[Any]) -> NDArray[np.datetime64]:
    plain = [each.astimezone(UTC).replace(tzinfo=None) for each in moments.flat if each.tzinfo]
    return np.array(plain, dtype="M8[us]").reshape(moments.shape)
