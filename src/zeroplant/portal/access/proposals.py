"""Set-points on their way: looked at, confirmed, and above some power approved by a second person.

A proposal is kept as it was shown, so that what is confirmed is what was read, and nothing a form
carries can change it. Every step is one update that holds only in the state before it: of two who
press the same button at once, one succeeds. What nobody decided in time lapses by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import Clock, SystemClock
from zeroplant.portal.access.database import metadata

TO_CONFIRM, TO_APPROVE = 180.0, 600.0
"""Seconds: for as long the values that were shown still say something, and a colleague is near."""
KEPT = 9 * 86_400.0
"""Seconds for which what was decided is kept here: as long as it may be in force. The diary keeps
it for ever."""
MOST = 20
"""Open proposals of one person: nobody means more, and each is a line others have to read."""

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("key", String(200), nullable=False),
    Column("value", Float, nullable=False),
    Column("start", Float, nullable=False),
    Column("until", Float, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("moves", Float),
    Column("second", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", Float, nullable=False),
    Column("ends", Float, nullable=False),
    Column("decider", Integer),
    Column("decided", Float),
)


class State(StrEnum):
    """How far a proposal has come."""

    SHOWN = "shown"
    """Its maker has read what it would do, and not said yes."""
    WAITING = "waiting"
    """Confirmed; a second person has to agree."""
    AGREED = "agreed"
    """All have agreed; it is about to be handed over."""
    HANDED = "handed"
    """With the controller, as the order of the same id."""
    REFUSED = "refused"
    """The second person said no, or its maker took it back."""
    LAPSED = "lapsed"
    """Nobody decided in time."""


@dataclass(frozen=True)
class Wanted:
    """A set-point somebody wants.

    ``kind`` is one of `zeroplant.operate.orders`; ``key`` the flow of a device, else empty; times
    on the plant's clock; ``moves`` the MW by which it moves the plant, None where unknown;
    ``second`` whether somebody else has to agree.
    """

    kind: str
    key: str
    value: float
    start: datetime
    until: datetime
    reason: str
    moves: float | None
    second: bool


@dataclass(frozen=True)
class Proposal:
    """A set-point on its way; ``person`` and ``decider`` are numbers of people.

    ``made``, ``ends`` and ``decided`` are moments of the wall's clock.
    """

    id: str
    person: int
    wanted: Wanted
    state: State
    made: datetime
    ends: datetime
    decider: int | None
    decided: datetime | None


class Proposals:
    """All set-points on their way. Safe to call from several threads and processes."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()

    def show(self, person: int, wanted: Wanted) -> Proposal:
        """Keep what a person is about to read. Raises InputError where they have too many open."""
        now = self._now
        row: dict[str, Any] = {
            "id": secrets.token_hex(8), "person": person, "kind": wanted.kind, "key": wanted.key,
            "value": wanted.value, "start": wanted.start.timestamp(),
            "until": wanted.until.timestamp(), "reason": wanted.reason, "moves": wanted.moves,
            "second": wanted.second, "state": State.SHOWN.value, "made": now,
            "ends": now + TO_CONFIRM,
        }  # fmt: skip
        with self._engine.begin() as connection:
            unread = (proposals.c.state == State.SHOWN.value) & (proposals.c.ends <= now)
            old = proposals.c.made <= now - KEPT
            connection.execute(delete(proposals).where(unread | old))
            mine = _open(now) & (proposals.c.person == person)
            count = select(func.count()).select_from(proposals).where(mine)
            if connection.execute(count).scalar_one() >= MOST:
                what = f"you have {MOST} set-points that are not decided"
                raise InputError(Problem(what, instead="take some back, or wait"))
            connection.execute(insert(proposals).values(**row))
        found = self.find(row["id"])
        assert found is not None
        return found

    def find(self, name: str) -> Proposal | None:
        """The proposal of that id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(proposals).where(proposals.c.id == name)).first()
        return _proposal(row, self._now) if row else None

    def listed(self, states: Sequence[State], most: int = 50) -> list[Proposal]:
        """Proposals in some states, the newest first."""
        asked = select(proposals).order_by(proposals.c.made.desc(), proposals.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(asked).all()
        found = (_proposal(row, self._now) for row in rows)
        return [each for each in found if each.state in states][:most]

    def confirm(self, name: str, person: int) -> State | None:
        """Its maker says yes: `AGREED`, or `WAITING`; None where it is not theirs to say now."""
        now = self._now
        mine = (proposals.c.id == name) & (proposals.c.person == person)
        open_ = mine & (proposals.c.state == State.SHOWN.value) & (proposals.c.ends > now)
        for second, state in ((False, State.AGREED), (True, State.WAITING)):
            next_ = {"state": state.value, "ends": now + TO_APPROVE}
            if self._moved(open_ & (proposals.c.second == second), **next_):
                return state
        return None

    def agree(self, name: str, person: int) -> bool:
        """A second person says yes; False where it does not wait, or is their own."""
        return self._decided(name, person, State.AGREED, proposals.c.person != person)

    def refuse(self, name: str, person: int) -> bool:
        """Somebody says no, its maker included; False where it does not wait."""
        return self._decided(name, person, State.REFUSED)

    def handed(self, name: str) -> bool:
        """It has been put into the controller's inbox."""
        agreed = (proposals.c.id == name) & (proposals.c.state == State.AGREED.value)
        return self._moved(agreed, state=State.HANDED.value)

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _decided(self, name: str, person: int, state: State, *more: Any) -> bool:
        now = self._now
        waits = (proposals.c.id == name) & (proposals.c.state == State.WAITING.value)
        for each in more:
            waits &= each
        changed = {"state": state.value, "decider": person, "decided": now}
        return self._moved(waits & (proposals.c.ends > now), **changed)

    def _moved(self, where: Any, **changed: Any) -> bool:
        with self._engine.begin() as connection:
            found = connection.execute(update(proposals).where(where).values(**changed))
        return bool(found.rowcount)


def _open(now: float) -> Any:
    undecided = proposals.c.state.in_([State.SHOWN.value, State.WAITING.value])
    return undecided & (proposals.c.ends > now)


def _proposal(row: Any, now: float) -> Proposal:
    state = State(row.state)
    if state in (State.SHOWN, State.WAITING) and row.ends <= now:
        state = State.LAPSED
    wanted = Wanted(
        row.kind, row.key, row.value, _moment(row.start), _moment(row.until), row.reason,
        row.moves, row.second,
    )  # fmt: skip
    decided = None if row.decided is None else _moment(row.decided)
    return Proposal(
        row.id, row.person, wanted, state, _moment(row.made), _moment(row.ends), row.decider,
        decided,
    )  # fmt: skip


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
