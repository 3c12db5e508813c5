"""Commands of a dispatch centre: selected, checked, and only then carried out."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zeroplant.links.iec104_asdu import (
    Asked,
    Cause,
    Type,
    answer,
    command,
    header,
    object_address,
)
from zeroplant.links.iec104_points import Commanded, PointList
from zeroplant.links.iec104_session import Session

log = logging.getLogger(__name__)

KINDS = {
    Type.SINGLE_COMMAND: "single",
    Type.SINGLE_COMMAND_TIMED: "single",
    Type.DOUBLE_COMMAND: "double",
    Type.DOUBLE_COMMAND_TIMED: "double",
    Type.SET_POINT: "set-point",
    Type.SET_POINT_TIMED: "set-point",
}
SLACK = 1e-6
"""Relative; a bound given in decimals is not missed because the wire carries short floats."""


@dataclass(frozen=True)
class Command:
    """What the centre wants, in inside units; a state is 1 (on) or 0 (off).

    It lapses at ``until``, where the point list says so; ``master`` is the address it came from.
    """

    point: str
    value: float
    at: datetime
    until: datetime | None
    master: str


OnCommand = Callable[[Command], bool | str]
"""Takes a command: True, or False or the reason why not (the centre hears only that it is not)."""
OnRelease = Callable[[str], bool]
"""Takes back what stands of a point; whether anything did."""


@dataclass(frozen=True)
class _Selection:
    session: Session
    asked: Asked
    until: datetime


class Commands:
    """Judges commands. Selections belong to the connection that made them, and time out."""

    def __init__(
        self,
        points: PointList,
        on_command: OnCommand,
        on_release: OnRelease,
        *,
        select_seconds: float,
        stale_seconds: float,
    ) -> None:
        self._by_address = {each.ioa: each for each in points.commands}
        self._zone = points.tz
        self._on_command, self._on_release = on_command, on_release
        self._select = timedelta(seconds=select_seconds)
        self._stale = timedelta(seconds=stale_seconds)
        self._selections: dict[int, _Selection] = {}

    def forget(self, session: Session) -> None:
        """A connection ended, and with it its selections."""
        kept = self._selections.items()
        self._selections = {ioa: each for ioa, each in kept if each.session is not session}

    def take(self, session: Session, asdu: bytes, now: datetime, off: timedelta) -> Command | None:
        """Answer one command message; the command, if it was carried out. Raises MalformedError.

        ``off`` is how far the centre's clock, by which commands are dated, is ahead of ours.
        """
        head = header(asdu)
        point = self._by_address.get(object_address(asdu))
        if point is None or point.type != KINDS[Type(head.type)]:
            session.answer(answer(asdu, Cause.UNKNOWN_OBJECT, negative=True))
            return None
        if head.cause == Cause.DEACTIVATION:
            done = self._taken_back(session, point, now)
            session.answer(answer(asdu, Cause.DEACTIVATION_CONFIRMATION, negative=not done))
            return None
        if head.cause != Cause.ACTIVATION:
            session.answer(answer(asdu, Cause.UNKNOWN_CAUSE, negative=True))
            return None
        asked = command(asdu, self._zone)
        why = self._stale_by(asked, now + off) or self._refusal(session, point, asked, now)
        carried = None
        if not why and asked.select:
            self._selections[point.ioa] = _Selection(session, asked, now + self._select)
        elif not why:
            self._selections.pop(point.ioa, None)
            if not head.test:  # a test is confirmed and not carried out
                carried, why = self._carry_out(session, point, asked, now)
        if why:
            log.warning("%s: %s = %g refused: %s", session.name, point.name, asked.value, why)
        session.answer(answer(asdu, Cause.CONFIRMATION, negative=bool(why)))
        if carried:
            session.answer(answer(asdu, Cause.TERMINATION))
        return carried

    def _taken_back(self, session: Session, point: Commanded, now: datetime) -> bool:
        """Deactivation: of a selection, if there is one, or else of what was commanded."""
        holder = self._selections.get(point.ioa)
        if holder is None or holder.until <= now:
            return self._on_release(point.name)
        if holder.session is session:
            del self._selections[point.ioa]
        return holder.session is session

    def _refusal(self, session: Session, point: Commanded, asked: Asked, now: datetime) -> str:
        """Why not, or nothing."""
        if why := _out_of_range(point, asked):
            return why
        holder = self._selections.get(point.ioa)
        taken = holder is not None and holder.until > now
        mine = self._held(point.ioa, session, now)
        if taken and mine is None:
            return "another connection has selected it"
        if asked.select:
            return ""
        if point.select and mine is None:
            return "it was not selected, or too long ago"
        if mine is not None and _essence(mine.asked) != _essence(asked):
            self._selections.pop(point.ioa)
            return "something else was selected"
        return ""

    def _stale_by(self, asked: Asked, now: datetime) -> str:
        late = asked.time is not None and abs(now - asked.time) > self._stale
        return f"it is dated {asked.time}" if late else ""

    def _held(self, ioa: int, session: Session, now: datetime) -> _Selection | None:
        """The selection of this connection, if it stands."""
        held = self._selections.get(ioa)
        return held if held and held.session is session and held.until > now else None

    def _carry_out(
        self, session: Session, point: Commanded, asked: Asked, now: datetime
    ) -> tuple[Command | None, str]:
        until = None if point.valid is None else now + timedelta(seconds=point.valid)
        wanted = Command(point.name, _inside(point, asked), now, until, session.name)
        try:
            taken = self._on_command(wanted)
        except Exception:
            log.exception("%s: %s", session.name, point.name)
            return None, "an error here"
        if taken is True:
            return wanted, ""
        return None, taken or "not now"


def _inside(point: Commanded, asked: Asked) -> float:
    """The value in inside units: a double command says 1 for off and 2 for on."""
    if point.type == "set-point":
        return asked.value / point.scale
    return asked.value - 1 if point.type == "double" else asked.value


def _out_of_range(point: Commanded, asked: Asked) -> str:
    if point.type != "set-point":
        if asked.qualifier > 3:  # 1 short, 2 long, 3 persistent; the rest is reserved
            return f"qualifier {asked.qualifier}"
        return "neither on nor off" if point.type == "double" and asked.value not in (1, 2) else ""
    if asked.qualifier:
        return f"qualifier {asked.qualifier}"
    value = _inside(point, asked)
    slack = SLACK * abs(value)
    if not math.isfinite(value):
        return "not a number"
    if not point.least - slack <= value <= point.most + slack:
        return f"outside of {point.least:g} to {point.most:g}"
    return ""


def _essence(asked: Asked) -> tuple[float, int]:
    return asked.value, asked.qualifier
