"""Hours and months in words: how tariffs write them, read and said."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from zeroplant.errors import InputError, Problem

SLOTS = 96
"""Quarter-hours of a day, the finest a tariff is drawn up in."""

Mask = NDArray[np.bool_]
_RANGE = re.compile(r"(\d{1,2})(?::(\d{2}))?(?:\s*[-–~]\s*(\d{1,2})(?::(\d{2}))?)?")


def months_of(text: str) -> list[int]:
    """Months 0 to 11 of ``1-3, 12``; ``11-2`` goes over New Year."""
    chosen: list[int] = []
    for part in _parts(text, "months", "1-3, 12"):
        match = re.fullmatch(r"(\d{1,2})(?:\s*[-–~]\s*(\d{1,2}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not (1 <= first <= 12 and 1 <= last <= 12):
            instead = "write months such as '1-3, 12'"
            raise InputError(Problem(f"'{part}' is not a range of months", instead=instead))
        chosen += [(first - 1 + step) % 12 for step in range((last - first) % 12 + 1)]
    return _once(chosen, f"the months '{text}'")


def quarters_of(text: str) -> list[int]:
    """Quarter-hours 0 to 95 of ``8-11, 18:30-21``; ``22-6`` goes over midnight."""
    chosen: list[int] = []
    for part in _parts(text, "hours", "8-11, 18-21"):
        match = _RANGE.fullmatch(part)
        since, until = _ends(match) if match else (-1, -1)
        if not (0 <= since < SLOTS and 0 <= until <= SLOTS and since != until):
            instead = "write hours such as '8-11, 18:30-21'"
            raise InputError(Problem(f"'{part}' is not a range of hours", instead=instead))
        length = until - since if until > since else until - since + SLOTS
        chosen += [(since + step) % SLOTS for step in range(length)]
    return _once(chosen, f"the hours '{text}'")


def _ends(match: re.Match[str]) -> tuple[int, int]:
    """First quarter-hour and the one after the last; -1 where minutes are not quarters."""
    hour, minute, hour2, minute2 = match.groups()
    since = _quarter(int(hour), int(minute or 0))
    if hour2 is None:
        return (since, since + 4) if minute is None else (-1, -1)
    return since, _quarter(int(hour2), int(minute2 or 0))


def _quarter(hour: int, minute: int) -> int:
    return hour * 4 + minute // 15 if minute % 15 == 0 and minute < 60 else -1


def _parts(text: str, word: str, example: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[,，;；、]", text) if part.strip()]
    if not parts:
        raise InputError(Problem(f"no {word}", instead=f"write them as '{example}'"))
    return parts


def _once(chosen: list[int], what: str) -> list[int]:
    if len(set(chosen)) < len(chosen):
        raise InputError(Problem(f"{what} overlap themselves", instead="name each once"))
    return chosen


def said(mask: Mask) -> str:
    """A set of times in words: ``hours 8-11 on workdays in months 6-8``."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for month in range(12):
        if mask[month].any():
            key = (mask[month, 0].tobytes(), mask[month, 1].tobytes())
            groups.setdefault(key, []).append(month)
    return "; ".join(
        f"{_days(mask[months[0], 0], mask[months[0], 1])}"
        + ("" if len(months) == 12 else f" in months {_runs([m + 1 for m in months])}")
        for months in groups.values()
    )


def _days(workday: Mask, weekend: Mask) -> str:
    """Hours of the two kinds of days, said once where they are the same."""
    if (workday == weekend).all():
        return f"hours {_clock(workday)}"
    pairs = ((workday, "on workdays"), (weekend, "at weekends"))
    return ", ".join(f"hours {_clock(slots)} {days}" for slots, days in pairs if slots.any())


def _clock(slots: Mask) -> str:
    """Runs of quarter-hours as clock times: ``8-11, 18:30-21``."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], slots, [False]]).astype(np.int8)))
    times = [f"{edge // 4}" + (f":{edge % 4 * 15:02d}" if edge % 4 else "") for edge in edges]
    return ", ".join(f"{a}-{b}" for a, b in zip(times[::2], times[1::2], strict=True))


def _runs(numbers: list[int]) -> str:
    """Ascending numbers as ranges: ``1-3, 12``."""
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
