"""The way into the control room, for tests."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher

from zeroplant.portal.access import Accounts
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
    service = open_service(COUNTY, data)
    cheap(service.accounts)
    return service
