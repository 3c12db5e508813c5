"""Tokens by which other systems use the API: shown once, stored hashed, scoped, expiring."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import OperationalError

from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import Clock, SystemClock
from zeroplant.portal.access.accounts import Person
from zeroplant.portal.access.database import LONGEST_NAME, tokens
from zeroplant.portal.access.rights import RIGHTS, Grant, Role
from zeroplant.portal.access.sessions import digest

PREFIX = "zeroplant_"
"""By which a scanner recognises a token that has leaked into a repository."""
LONGEST_DAYS = 366
_USED_EVERY = 60.0


@dataclass(frozen=True)
class Token:
    """What is known of a token once it was shown; moments are seconds since 1970 in UTC."""

    id: int
    person: int
    name: str
    grant: Grant
    created: float
    ends: float
    used: float | None
    revoked: bool


class Tokens:
    """The tokens of a plant's people."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()

    def make(self, person: Person, name: str, grant: Grant, days: float) -> str:
        """A new token, which is shown only now.

        Raises InputError if it would allow more than its owner may do, or lasts too long.
        """
        problems = []
        if not 0 < days <= LONGEST_DAYS:
            instead = f"write 1 to {LONGEST_DAYS} days"
            problems.append(Problem(f"a token cannot last {days:g} days", "days", instead))
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            problems.append(Problem("a token needs a name", "name", "say what it is for"))
        if not all(person.may(right, grant.place) for right in RIGHTS[grant.role]):
            what = f"you may not do there what the role {grant.role.value} allows"
            problems.append(Problem(what, "role", "choose a smaller role or place"))
        if problems:
            raise InputError(problems)
        secret, now = PREFIX + secrets.token_urlsafe(32), self._now
        row = {"digest": digest(secret), "person": person.id, "name": name.strip()}
        scope = {"role": grant.role.value, "place": grant.place}
        lasting = {"created": now, "ends": now + days * 86_400.0, "revoked": False}
        with self._engine.begin() as connection:
            connection.execute(insert(tokens).values(**row, **scope, **lasting))
        return secret

    def find(self, secret: str) -> Token | None:
        """The token of that text, unless it has expired or was revoked."""
        if not secret.startswith(PREFIX):
            return None
        now = self._now
        with self._engine.connect() as connection:
            of_secret = tokens.c.digest == digest(secret)
            row = connection.execute(select(tokens).where(of_secret)).first()
            if row is None or row.revoked or row.ends <= now:
                return None
            if row.used is None or row.used < now - _USED_EVERY:
                with suppress(OperationalError):  # a full disk does not shut out who only reads
                    connection.execute(update(tokens).where(of_secret).values(used=now))
                    connection.commit()
        return _token(row)

    def of(self, person: int | None = None) -> list[Token]:
        """Tokens of a person, or of everybody, the newest first."""
        asked = select(tokens).order_by(tokens.c.created.desc(), tokens.c.id.desc())
        if person is not None:
            asked = asked.where(tokens.c.person == person)
        with self._engine.connect() as connection:
            return [_token(row) for row in connection.execute(asked)]

    def revoke(self, token: int, person: int | None = None) -> bool:
        """End a token, of that person if one is named; whether there was one."""
        chosen = tokens.c.id == token
        if person is not None:
            chosen &= tokens.c.person == person
        with self._engine.begin() as connection:
            found = connection.execute(update(tokens).where(chosen).values(revoked=True))
        return bool(found.rowcount)

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()


def allowed_by(token: Token, owner: Person) -> Person:
    """The owner as far as the token goes: never more than either of them may do."""
    kept = tuple(_smaller(token.grant, owner))
    return replace(owner, must_change=False, grants=kept)


def _smaller(grant: Grant, owner: Person) -> list[Grant]:
    """The grant, as long as its owner still has all of it; a lost right ends the token's too."""
    held = all(owner.may(right, grant.place) for right in RIGHTS[grant.role])
    return [grant] if held else []


def _token(row: Any) -> Token:
    grant = Grant(Role(row.role), row.place)
    return Token(row.id, row.person, row.name, grant, row.created, row.ends, row.used, row.revoked)
