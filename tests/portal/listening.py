"""The control room on a port of this machine, for what only a real connection shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.portal.doors import GOOD
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.server import listening
from zeroplant.portal.service import Service


@dataclass(frozen=True)
class Site:
    """A service that runs, and the cookie of an admin in it."""

    address: str
    cookie: str
    service: Service


@contextmanager
def site_of(service: Service, admin: str) -> Iterator[Site]:
    """The control room as long as the context lasts, with an admin of that name."""
    password = service.accounts.add(admin, [Grant(Role.ADMIN)])
    (person,) = (each for each in service.accounts.everybody() if each.name == admin)
    service.accounts.change_password(person.id, password, GOOD)
    with listening(application(service)) as address:
        yield Site(address, service.sessions.begin(person.id), service)
