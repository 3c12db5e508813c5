"""The way into the control room, for tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from zeroplant.portal.access import Accounts, Grant
from zeroplant.portal.service import Service, open_service

COUNTY = Path(__file__).resolve().parents[2] / "examples/county-base"
GOOD = "four plain words suffice"
"""A password that will do."""


def cheap(accounts: Accounts) -> Accounts:
    """Hashing made cheap: what is proved does not hang on how dear it is."""
    accounts.__dict__["_hasher"] = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return accounts


def opened(data: Path) -> Service:
    """The service of the county base on a data folder; its application closes it."""
    service = open_service(COUNTY, data, names=["testserver"])
    cheap(service.accounts)
    return service


def enter(client: TestClient, service: Service, name: str, *grants: Grant) -> str:
    """Log somebody in who has these roles; the key their forms carry."""
    password = service.accounts.add(name, grants)
    person = next(each for each in service.accounts.everybody() if each.name == name)
    service.accounts.change_password(person.id, password, GOOD)
    answer = client.post("/login", data={"name": name, "password": GOOD})
    assert answer.headers["location"] == "/"
    session = service.sessions.find(client.cookies["zeroplant"])
    assert session is not None
    return session.form_key


def until(true: Callable[[], object]) -> None:
    """Wait for the service, as long as a slow machine may need."""
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError
