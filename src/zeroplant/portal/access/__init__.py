"""Who may do what: people, their passwords, sessions and tokens, and their roles in the plant."""

from __future__ import annotations

from zeroplant.portal.access.accounts import Accounts, Person, RefusedError
from zeroplant.portal.access.rights import Grant, Right, Role, allowed
from zeroplant.portal.access.sessions import Session, Sessions
from zeroplant.portal.access.tokens import Token, Tokens

__all__ = [
    "Accounts",
    "Grant",
    "Person",
    "RefusedError",
    "Right",
    "Role",
    "Session",
    "Sessions",
    "Token",
    "Tokens",
    "allowed",
]
