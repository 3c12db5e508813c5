"""Records of a journal, as lines of JSON that carry a chain of hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.store.moments import Moment, utc

NO_HASH = "0" * 64
"""What stands for the hash before the first record."""

_KIND = re.compile(r"[a-z][a-z0-9-]*")
_HEAD = re.compile(rb'\{"number":\d+,"event":"[^"]*","known":"[^"]*","kind":"([a-z0-9-]+)"')
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_SEAL = b',"hash":"'
_SEALED = len(_SEAL) + 64 + len(b'"}')


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be recorded.

    ``kind`` is a word in small letters: observation, forecast, plan, command, acknowledgement,
    alarm, person, note and so on. ``key`` says what it is about ("battery/1 setpoint"): of records
    with the same kind and key the newest is the state. ``event`` is when it held or is for,
    ``known`` when the plant learned or decided it, by the clock of the caller. ``payload`` is
    anything JSON can say.
    """

    kind: str
    event: Moment
    known: Moment
    payload: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Record(Entry):
    """What was recorded: times in UTC, its number from 1 on, and the hash that seals the chain."""

    event: datetime
    known: datetime
    number: int
    hash: str


def said(entry: Entry) -> tuple[str, bytes]:
    """The day an entry became known, and what it says as JSON, without number and hash.

    Raises InputError for what JSON cannot say.
    """
    if not _KIND.fullmatch(str(entry.kind)):
        what = f"a record cannot be of the kind {entry.kind!r}"
        raise InputError(Problem(what, instead="write a word in small letters, such as command"))
    known = _iso(entry.known)
    content = {
        "event": _iso(entry.event),
        "known": known,
        "kind": entry.kind,
        "key": str(entry.key),
        "payload": entry.payload,
    }
    try:
        return known[:10], _JSON.encode(content)[1:].encode()
    except (TypeError, ValueError, RecursionError) as error:
        what = f"the payload of a record of the kind {entry.kind} is not JSON: {error}"
        raise InputError(Problem(what)) from None


def body_of(entry_said: bytes, number: int) -> bytes:
    """A record as JSON, without the hash."""
    return b'{"number":%d,' % number + entry_said


def sealed(body: bytes, before: str) -> tuple[bytes, str]:
    """A line of the journal, and its hash: SHA-256 of the hash before it and the body."""
    found = hashlib.sha256(before.encode() + body).hexdigest()
    return body[:-1] + _SEAL + found.encode() + b'"}\n', found


def body_in(line: bytes) -> bytes:
    """What a line, with its end or without, says beside its hash."""
    return line.removesuffix(b"\n")[:-_SEALED] + b"}"


def opened(line: bytes, before: str) -> tuple[bytes, str] | None:
    """Body and hash of a line without its end, or None when it does not follow what was before."""
    body = line[:-_SEALED] + b"}"
    whole, found = sealed(body, before)
    return (body, found) if whole[:-1] == line else None


def kind_of(body: bytes) -> str:
    """The kind of a record, without reading the rest of it; empty for a body of another version."""
    found = _HEAD.match(body)
    return found[1].decode() if found else ""


def read_record(body: bytes, found: str) -> Record:
    """The record that a body says. Raises InputError for a body of another version."""
    try:
        content = json.loads(body)
        return Record(
            number=content["number"],
            event=datetime.fromisoformat(content["event"]),
            known=datetime.fromisoformat(content["known"]),
            kind=content["kind"],
            key=content["key"],
            payload=content["payload"],
            hash=found,
        )
    except (ValueError, KeyError, TypeError):
        what = "a journal was written by another version of zeroplant"
        raise InputError(Problem(what)) from None


def _iso(moment: Moment) -> str:
    """A moment in the manner of ISO 8601, such as 2026-11-20T08:00:00.000000+00:00."""
    return utc(moment).isoformat(timespec="microseconds")
