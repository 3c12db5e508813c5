"""People: the first admin, passwords, roles."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.links.clock import Clock, SystemClock
from zeroplant.portal.access import lockout
from zeroplant.portal.access.database import LONGEST_NAME, grants, people, sessions, tokens
from zeroplant.portal.access.names import unfit_name
from zeroplant.portal.access.passwords import LONGEST, unfit
from zeroplant.portal.access.places import Tree
from zeroplant.portal.access.rights import Grant, Right, Role, allowed, allowed_within

_HASHING = threading.BoundedSemaphore(1)
"""Hashing takes 64 MiB and a core for a moment: one at a time, for the plant goes first."""


class RefusedError(Exception):
    """Somebody is not let in; ``wait`` is the seconds until it may be tried again."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Person:
    """Somebody who may come in, with what they are in the plant, whose places ``tree`` knows."""

    id: int
    name: str
    must_change: bool
    disabled: bool
    grants: tuple[Grant, ...]
    tree: Tree = field(default_factory=Tree, compare=False)

    def may(self, right: Right, place: str = "") -> bool:
        """Whether they may do something at a place of the plant."""
        return not self.disabled and allowed(self.grants, right, place, self.tree)

    def may_within(self, right: Right, place: str = "") -> bool:
        """Whether they may do it at a place, or at anything below it."""
        return not self.disabled and allowed_within(self.grants, right, place, self.tree)


class Accounts:
    """The people of a plant, whose places ``tree`` knows; safe to call from several threads."""

    def __init__(
        self, engine: Engine, clock: Clock | None = None, tree: Tree | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()
        self._tree = tree or Tree()
        self._counting = threading.Lock()

    def first_admin(self, *, must_change: bool = True) -> str | None:
        """Make ``admin``, if there is nobody yet; the password, which may have to be changed."""
        with self._engine.begin() as connection:
            if connection.execute(select(func.count()).select_from(people)).scalar_one():
                return None
            password = secrets.token_urlsafe(15)
            self._add(connection, "admin", password, [Grant(Role.ADMIN)], must_change=must_change)
        return password

    def add(self, name: str, granted: Iterable[Grant]) -> str:
        """Let somebody in; the password for their first visit, which is shown only now.

        Raises InputError for a name that cannot be, that somebody has, or that reads like theirs.
        """
        password = secrets.token_urlsafe(15)
        with self._engine.begin() as connection:
            others = connection.execute(select(people.c.name)).scalars().all()
            if problem := unfit_name(name, others):
                raise InputError(problem)
            self._add(connection, name, password, granted, must_change=True)
        return password

    def log_in(self, name: str, password: str, address: str) -> Person:
        """The person of that name and password.

        Raises RefusedError with one and the same message whether the name or the password is
        wrong, and after too many tries without looking at the password. A try counts before the
        password is looked at, so that many at once are as many tries.
        """
        name, now = name[:LONGEST_NAME], self._now
        with self._counting, self._engine.begin() as connection:
            if pause := lockout.wait(connection, name, address, now):
                message = f"too many wrong passwords; wait {pause:.0f} s"
                raise RefusedError(message, pause)
            tried = lockout.tried(connection, name, address, now)
            row = connection.execute(select(people).where(people.c.name == name)).first()
        # A name that does not exist takes as long as one that does.
        right = self._matches(row.password if row else self._nobody, password[:LONGEST])
        if not (row and right and not row.disabled):
            message = "name or password is wrong"
            raise RefusedError(message)
        with self._engine.begin() as connection:
            lockout.succeeded(connection, tried)
            if self._hasher.check_needs_rehash(row.password):
                self._set(connection, row.id, password=self._hasher.hash(password))
            return self._person(connection, row)

    def change_password(self, person: int, old: str, new: str, address: str = "") -> None:
        """A person's new password; all their sessions and tokens end.

        Raises RefusedError as `log_in` does, InputError if the new one will not do.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(people).where(people.c.id == person)).one()
        self.log_in(row.name, old, address)
        if problem := unfit(new, row.name, old):
            raise InputError(problem)
        fresh = self._hasher.hash(new)
        with self._engine.begin() as connection:
            self._set(connection, person, password=fresh, must_change=False)
            self._end_all(connection, person)

    def grant(self, person: int, granted: Iterable[Grant]) -> None:
        """What somebody is from now on. Raises InputError if no admin would be left."""
        with self._engine.begin() as connection:
            connection.execute(delete(grants).where(grants.c.person == person))
            self._give(connection, person, granted)
            self._require_admin(connection)

    def disable(self, person: int, *, disabled: bool = True) -> None:
        """Shut somebody out at once, or let them in again; InputError as for `grant`."""
        with self._engine.begin() as connection:
            self._set(connection, person, disabled=disabled)
            if disabled:
                self._end_all(connection, person)
            self._require_admin(connection)

    def reset(self, name: str) -> str:
        """A password for one use for somebody who lost theirs; whoever was in is out.

        They may try it at once, however often they were wrong before, and are let in again if
        they were shut out. Raises InputError if there is nobody of that name.
        """
        password = secrets.token_urlsafe(15)
        with self._engine.begin() as connection:
            person = self._number(connection, name)
            fresh = self._hasher.hash(password)
            self._set(connection, person, password=fresh, must_change=True, disabled=False)
            self._end_all(connection, person)
            lockout.forgotten(connection, name)
        return password

    def unlock(self, name: str) -> None:
        """Forget the wrong passwords of a name. Raises InputError if there is nobody of it."""
        with self._engine.begin() as connection:
            self._number(connection, name)
            lockout.forgotten(connection, name)

    def person(self, person: int) -> Person | None:
        """The person of that number."""
        with self._engine.connect() as connection:
            row = connection.execute(select(people).where(people.c.id == person)).first()
            return self._person(connection, row) if row else None

    def everybody(self) -> list[Person]:
        """All people, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(people).order_by(people.c.name)).all()
            return [self._person(connection, row) for row in rows]

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher()  # argon2id with the parameters of RFC 9106, low memory

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            with _HASHING:
                return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    @staticmethod
    def _number(connection: Connection, name: str) -> int:
        row = connection.execute(select(people.c.id).where(people.c.name == name)).first()
        if row is None:
            names = connection.execute(select(people.c.name)).scalars().all()
            raise InputError(Problem(f"there is no '{name}'", "name", suggestion(name, names)))
        number: int = row.id
        return number

    def _add(
        self, connection: Connection, name: str, password: str, granted: Iterable[Grant],
        *, must_change: bool,
    ) -> None:  # fmt: skip
        row = {"name": name, "password": self._hasher.hash(password), "created": self._now}
        added = insert(people).values(**row, must_change=must_change, disabled=False)
        key = connection.execute(added).inserted_primary_key
        assert key is not None
        self._give(connection, key[0], granted)

    @staticmethod
    def _give(connection: Connection, person: int, granted: Iterable[Grant]) -> None:
        rows = [{"person": person, "role": g.role.value, "place": g.place} for g in set(granted)]
        if rows:
            connection.execute(insert(grants), rows)

    @staticmethod
    def _set(connection: Connection, person: int, **values: Any) -> None:
        connection.execute(update(people).where(people.c.id == person).values(**values))

    @staticmethod
    def _end_all(connection: Connection, person: int) -> None:
        """End what lets somebody in without a password."""
        connection.execute(delete(sessions).where(sessions.c.person == person))
        theirs = update(tokens).where(tokens.c.person == person)
        connection.execute(theirs.values(revoked=True))

    def _person(self, connection: Connection, row: Any) -> Person:
        asked = select(grants).where(grants.c.person == row.id)
        found = [Grant(Role(each.role), each.place) for each in connection.execute(asked)]
        granted = tuple(sorted(found, key=lambda grant: (grant.place, grant.role)))
        return Person(row.id, row.name, row.must_change, row.disabled, granted, self._tree)

    @staticmethod
    def _require_admin(connection: Connection) -> None:
        of_plant = (grants.c.role == Role.ADMIN.value) & (grants.c.place == "")
        able = select(people.c.id).join(grants).where(of_plant & ~people.c.disabled)
        if connection.execute(able).first() is None:
            what = "nobody would be left to manage people"
            raise InputError(Problem(what, instead="make somebody else admin first"))
