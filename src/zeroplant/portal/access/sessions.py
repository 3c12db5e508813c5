"""Sessions of people in a browser, and the keys their forms carry."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.portal.access.database import sessions

IDLE, LONGEST = 3600.0 * 2, 3600.0 * 12
"""Seconds: a shift is at most twelve hours, and a screen nobody touched for two is left alone.
Live values are no touch: only what a person does counts."""
_SEEN_EVERY = 60.0


@dataclass(frozen=True)
class Session:
    """A visit: whose it is, and what its forms must carry against forgery."""

    digest: str
    person: int
    form_key: str


class Sessions:
    """Visits that have begun and not ended. Only hashes are stored: a copy lets nobody in."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()

    def begin(self, person: int) -> str:
        """A new session; what its cookie holds."""
        secret, now = secrets.token_urlsafe(32), self._now
        row = {"digest": digest(secret), "person": person, "form_key": secrets.token_urlsafe(32)}
        with self._engine.begin() as connection:
            ended = (sessions.c.ends <= now) | (sessions.c.seen <= now - IDLE)
            connection.execute(delete(sessions).where(ended))
            connection.execute(insert(sessions).values(**row, seen=now, ends=now + LONGEST))
        return secret

    def find(self, secret: str, *, touch: bool = True) -> Session | None:
        """The session of a cookie, unless it has ended; ``touch``: a person did something."""
        now = self._now
        with self._engine.connect() as connection:
            of_secret = sessions.c.digest == digest(secret)
            row = connection.execute(select(sessions).where(of_secret)).first()
            if row is None or row.ends <= now or row.seen <= now - IDLE:
                return None
            if touch and row.seen < now - _SEEN_EVERY:
                with suppress(OperationalError):  # a full disk shuts nobody out who is in
                    connection.execute(update(sessions).where(of_secret).values(seen=now))
                    connection.commit()
        return Session(row.digest, row.person, row.form_key)

    def end(self, session: Session) -> None:
        """Log out."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == session.digest))

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()


def digest(secret: str) -> str:
    """What is stored of a secret of 256 random bits; those need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
