"""Events of OpenADR 3 as signals: what is wanted or paid, from when to when.

After the OpenADR 3.0.1 and 3.1.0 definitions: an event's period gives its intervals start and
duration, which follow one another unless they say their own; a start may be spread at random.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

Kind = Literal[
    "level", "dispatch", "dispatch relative", "price", "export price", "import limit",
    "export limit", "carbon",
]  # fmt: skip
KINDS: dict[str, Kind] = {
    "SIMPLE": "level",
    "DISPATCH_SETPOINT": "dispatch",
    "DISPATCH_SETPOINT_RELATIVE": "dispatch relative",
    "PRICE": "price",
    "EXPORT_PRICE": "export price",
    "IMPORT_CAPACITY_LIMIT": "import limit",
    "EXPORT_CAPACITY_LIMIT": "export limit",
    "GHG": "carbon",
}
POWER = {"W": 1e-6, "KW": 1e-3, "MW": 1.0, "GW": 1e3}
PER_ENERGY = {"WH": 1e6, "KWH": 1e3, "MWH": 1.0}
MASS = {"G/KWH": 1e-3, "KG/KWH": 1.0, "KG/MWH": 1e-3, "T/MWH": 1.0}
HIGHEST_LEVEL = 3
"""SIMPLE knows 0 (normal), 1 (moderate), 2 (high) and 3 (special)."""
FOREVER = timedelta(days=50 * 365)
"""Longer durations, such as P9999Y, have no end."""
MOST_INTERVALS = 10_000


class MalformedEventError(ValueError):
    """An event that cannot be understood; the text says why."""


@dataclass(frozen=True)
class Span:
    """A value from ``start`` to ``until`` (UTC); None: until it is cancelled."""

    start: datetime
    until: datetime | None
    value: float


@dataclass(frozen=True)
class Signal:
    """One kind of value of an event, in inside units.

    Powers are MW, prices money per MWh, carbon t/MWh; a level is 0 to 3. A dispatch is a target
    for the plant's export; a relative one is a change of it. A lower ``priority`` number is more
    urgent. ``reports`` are the payload types the event wants reported.
    """

    event: str
    program: str
    kind: Kind
    spans: tuple[Span, ...]
    unit: str = ""
    priority: int | None = None
    reports: tuple[str, ...] = ()
    name: str = ""


def signals(event: Mapping[str, Any], ven: str, now: datetime) -> list[Signal]:
    """The signals of an event for a VEN of this name. Raises MalformedEventError.

    Payloads of other types (and texts) are passed over. A random start is drawn from the names of
    event and VEN: the same at each reading, another for each VEN.
    """
    try:
        return _signals(event, ven, now)
    except MalformedEventError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise MalformedEventError(repr(error)) from None


def _signals(event: Mapping[str, Any], ven: str, now: datetime) -> list[Signal]:
    identity, program = str(event["id"]), str(event["programID"])
    intervals = event.get("intervals") or []
    if len(intervals) > MOST_INTERVALS:
        why = f"{len(intervals)} intervals"
        raise MalformedEventError(why)
    units = {
        each["payloadType"]: each
        for each in event.get("payloadDescriptors") or []
        if "payloadType" in each
    }
    spans: dict[str, list[Span]] = {}
    periods = _periods(event.get("intervalPeriod") or {}, intervals, identity + ven, now)
    for interval, (start, until) in zip(intervals, periods, strict=True):
        for payload in interval["payloads"]:
            kind = str(payload["type"])
            if kind in KINDS:
                value = float(payload["values"][0])
                spans.setdefault(kind, []).append(Span(start, until, value))
    priority = event.get("priority")
    return [
        _signal(
            Signal(
                event=identity,
                program=program,
                kind=KINDS[kind],
                spans=tuple(sorted(found, key=lambda span: span.start)),
                priority=None if priority is None else int(priority),
                reports=tuple(
                    str(each["payloadType"]) for each in event.get("reportDescriptors") or []
                ),
                name=str(event.get("eventName") or ""),
            ),
            units.get(kind) or {},
        )
        for kind, found in spans.items()
    ]


def _signal(signal: Signal, descriptor: Mapping[str, Any]) -> Signal:
    """The signal in inside units. What is not said is kW, and per kWh."""
    said = str(descriptor.get("units") or "").upper()
    currency = str(descriptor.get("currency") or "money")
    if signal.kind == "level":
        factor, unit = 1.0, ""
    elif signal.kind in ("price", "export price"):
        factor, unit = _factor(PER_ENERGY, said or "KWH"), f"{currency}/MWh"
    elif signal.kind == "carbon":
        factor, unit = _factor(MASS, said or "G/KWH"), "t/MWh"
    else:
        factor, unit = _factor(POWER, said or "KW"), "MW"
    spans = tuple(Span(each.start, each.until, each.value * factor) for each in signal.spans)
    for each in spans:
        if not math.isfinite(each.value):
            why = "a value that is no number"
            raise MalformedEventError(why)
        if signal.kind == "level" and each.value not in range(HIGHEST_LEVEL + 1):
            why = f"level {each.value:g}"
            raise MalformedEventError(why)
    return Signal(
        signal.event, signal.program, signal.kind, spans, unit, signal.priority,
        signal.reports, signal.name,
    )  # fmt: skip


def _factor(known: Mapping[str, float], said: str) -> float:
    if said not in known:
        why = f"unit {said}"
        raise MalformedEventError(why)
    return known[said]


def _periods(
    whole: Mapping[str, Any], intervals: Sequence[Mapping[str, Any]], seed: str, now: datetime
) -> list[tuple[datetime, datetime | None]]:
    """Start and end of each interval."""
    found = []
    lasting = duration(whole.get("duration"))
    following = moment(whole.get("start"), now)
    shift = _drawn(duration(whole.get("randomizeStart")), seed)
    for each in intervals:
        own = each.get("intervalPeriod") or {}
        start = moment(own.get("start"), now) or following
        if start is None:
            why = "an interval without a start"
            raise MalformedEventError(why)
        lasts = duration(own.get("duration")) or lasting
        until = None if lasts is None or lasts >= FOREVER else start + lasts
        own_shift = _drawn(duration(own.get("randomizeStart")), seed) or shift
        found.append((start + own_shift, until + own_shift if until else None))
        following = until or start
    return found


def _drawn(most: timedelta | None, seed: str) -> timedelta:
    if not most:
        return timedelta()
    share = int.from_bytes(sha256(seed.encode()).digest()[:8], "big") / 2**64
    return timedelta(seconds=round(most.total_seconds() * share))


def moment(said: object, now: datetime) -> datetime | None:
    """A time in UTC. A date of zeros means now (OpenADR 3.0.1, intervalPeriod)."""
    if said in (None, ""):
        return None
    text = str(said).strip()
    if text.startswith(("0000-00-00", "0001-01-01")):
        return now
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W|(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?)"
)


def duration(said: object) -> timedelta | None:
    """A duration as ISO 8601 writes it; a year counts as 365 days and a month as 30."""
    if said in (None, ""):
        return None
    found = _DURATION.fullmatch(str(said))
    if not found or not any(found.groups()):
        why = f"duration {str(said)[:40]}"
        raise MalformedEventError(why)
    parts = {name: float(value) for name, value in found.groupdict().items() if value}
    days = parts.pop("years", 0.0) * 365 + parts.pop("months", 0.0) * 30 + parts.pop("days", 0.0)
    return min(timedelta(days=min(days, 1e6), **parts), FOREVER)
