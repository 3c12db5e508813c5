"""The control room on a port of this machine, for what only a real connection shows."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.portal.doors import GOOD
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.server import server_of
from zeroplant.portal.service import Service


@contextmanager
def listening(service: Service, certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Its address as long as the context lasts; the application closes the service.

    By TLS with a certificate and its key.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = server_of(application(service), "127.0.0.1", port, *(certificate or ()))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


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
    with listening(service) as address:
        yield Site(address, service.sessions.begin(person.id), service)
