"""Wishes: what a person may ask for in the inbox, and how it has to be written."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast, get_args

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.operate.orders import Order, OrderKind

ORDERS: tuple[OrderKind, ...] = get_args(OrderKind)
KINDS = (*ORDERS, "acknowledge", "shelve", "withdraw")
LARGEST = 1e6
"""MW; whoever asks for more has written W."""
_NEEDS_KEY = {
    "device": "the name of the flow",
    "withdraw": "the name of the order",
    "acknowledge": "the alarm, as 'code: what it is about'",
    "shelve": "the alarm, as 'code: what it is about'",
}


@dataclass(frozen=True)
class Wish:
    """What a person has put into the inbox: an order, or something about an alarm.

    ``kind`` is a kind of `Order`, or acknowledge, shelve or withdraw (of the order ``key``). For
    alarms ``key`` is "code: what it is about".
    """

    id: str
    person: str
    kind: str
    value: float
    start: datetime
    until: datetime
    key: str
    reason: str

    def order(self) -> Order:
        """The wish as an order of a person."""
        kind = cast("OrderKind", self.kind)
        return Order("person", kind, self.value, self.start, self.until, self.key)

    def plain(self) -> dict[str, Any]:
        """As plain data, as it stands in a file."""
        return vars(self) | {"start": self.start.isoformat(), "until": self.until.isoformat()}


def read_wish(name: str, content: bytes) -> Wish:
    """A wish from its file. Raises InputError, in one line, for anything else."""
    try:
        return _wish(name, _object(content))
    except InputError as error:
        where = f"order {name}"
        raise InputError(problem.at(where=where) for problem in error.problems) from None


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
        json.dumps(said, ensure_ascii=False).encode()  # half a character cannot be journalled
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        instead = 'write {"person": …, "kind": …, "value": …, "start": …, "until": …}'
        raise InputError(Problem("it is no object of JSON", instead=instead))
    return said


def _wish(name: str, said: Mapping[str, Any]) -> Wish:
    person, kind, key = (_text(said, each) for each in ("person", "kind", "key"))
    if not person:
        raise InputError(Problem("nobody signs for it", instead="write a name as 'person'"))
    if kind not in KINDS:
        what = f"'{kind}' is no kind of order" if kind else "it has no kind"
        raise InputError(Problem(what, instead=suggestion(kind, KINDS)))
    if not key and kind in _NEEDS_KEY:
        what = f"'{kind}' of what is not said"
        raise InputError(Problem(what, instead=f"write {_NEEDS_KEY[kind]} as 'key'"))
    start, until = _moment(said, "start"), _moment(said, "until")
    if start >= until:
        raise InputError(Problem("it ends before it starts", instead="write a later 'until'"))
    value = _power(said.get("value")) if kind in ORDERS else 0.0
    return Wish(name, person, kind, value, start, until, key, _text(said, "reason"))


def _text(said: Mapping[str, Any], name: str) -> str:
    text = said.get(name, "")
    if not isinstance(text, str):
        what = f"'{name}' is {_shown(text)}"
        raise InputError(Problem(what, instead="write words in quotation marks"))
    return text.strip()


def _moment(said: Mapping[str, Any], name: str) -> datetime:
    text = said.get(name)
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else datetime.min
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    what = f"'{name}' is missing" if text is None else f"'{name}' is {_shown(text)}"
    instead = "write a moment with its zone, such as 2026-07-01T08:00:00+08:00"
    raise InputError(Problem(what, instead=instead))


def _power(value: object) -> float:
    """Power in MW; nothing else will do, least of all nothing for zero."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    power = cast("float", value)
    if not number or power != power or abs(power) == math.inf:  # noqa: PLR0124 - not-a-number
        what = "'value' is missing" if value is None else f"'value' is {_shown(value)}"
        raise InputError(Problem(what, instead="write MW as a number, such as 12.5"))
    if abs(power) > LARGEST:
        raise InputError(Problem(f"it asks for {_shown(value)} MW", instead="write MW, not W"))
    return float(power)


def _shown(said: object) -> str:
    """What was written, as JSON says it, and not at length."""
    text = json.dumps(said, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"
