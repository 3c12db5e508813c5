"""JSON messages of devices: when they happened, and what they say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import inf, isfinite, nan

LARGEST = 65_536
"""Bytes of a message that is read at all."""

AHEAD = timedelta(seconds=60)
"""How far a device's clock may be ahead of ours; a later event would make all that follow look
old, so such a message is dropped."""


class MalformedError(ValueError):
    """A message that says nothing that can be used."""


def parse_message(payload: bytes) -> Mapping[str, object]:
    """The object that a message holds. Raises MalformedError, whatever came."""
    if len(payload) > LARGEST:
        message = f"{len(payload)} bytes are too many"
        raise MalformedError(message)
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError) as error:
        message = f"no JSON: {str(error)[:80]}"
        raise MalformedError(message) from None
    if not isinstance(data, dict):
        message = "no JSON object"
        raise MalformedError(message)
    return data


def member(data: Mapping[str, object], key: str) -> object:
    """A member of a message, dots leading into nested objects; None where there is none."""
    found: object = data
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def put(content: dict[str, object], key: str, value: object) -> None:
    """Write a member, dots leading into nested objects that are made where they lack."""
    *outer, last = key.split(".")
    for part in outer:
        inner = content.get(part)
        if not isinstance(inner, dict):
            inner = content[part] = {}
        content = inner
    content[last] = value


def moment(given: object) -> datetime:
    """A time in UTC: ISO 8601 with an offset, or seconds since 1970. Raises MalformedError."""
    try:
        if isinstance(given, str):
            time = datetime.fromisoformat(given)
            if time.tzinfo is not None:
                return time.astimezone(UTC)
        elif isinstance(given, (int, float)) and not isinstance(given, bool):
            return datetime.fromtimestamp(given, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    message = f"{str(given)[:40]!r} is no time with an offset"
    raise MalformedError(message)


def event_time(data: Mapping[str, object], key: str, arrived: datetime) -> datetime | None:
    """When the message's content held, in UTC; None where it does not say.

    Raises MalformedError for what is no time, or one that lies in the future.
    """
    given = member(data, key)
    if given is None:
        return None
    event = moment(given)
    if event - arrived > AHEAD:
        message = f"{event.isoformat()} is in the future"
        raise MalformedError(message)
    return event


def number(given: object, when: list[str | int | bool]) -> float:
    """A value as a number; nan where the device says that it does not know (null).

    Raises MalformedError for what is no number.
    """
    if when:
        return nan if given is None else float(given in when)
    if given is None:
        return nan
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        message = "a value is no number"
        raise MalformedError(message)
    try:
        value = float(given)
    except OverflowError:
        value = inf
    if not isfinite(value):  # Python reads NaN and 1e999, though they are no JSON
        message = "a value is no finite number"
        raise MalformedError(message)
    return value
