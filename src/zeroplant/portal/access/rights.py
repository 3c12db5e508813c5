"""Roles on the tree of the plant, and the one place where it is decided what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What can be allowed."""

    SEE = "see"
    """Look at values, schedules, alarms and the journal."""
    OPERATE = "operate"
    """Send set-points, acknowledge and shelve alarms."""
    PLAN = "plan"
    """Solve scenarios and save them as plant files."""
    MANAGE = "manage"
    """People, their roles, and tokens of others."""


class Role(StrEnum):
    """What people are in the plant."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    PLANNER = "planner"
    ADMIN = "admin"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.OPERATOR: frozenset({Right.SEE, Right.OPERATE}),
    Role.PLANNER: frozenset({Right.SEE, Right.PLAN}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True)
class Grant:
    """A role at a place of the plant's tree, and at all that is below it.

    A place is an asset, or a path below it such as ``swap-east/charger-3``; the empty path is the
    whole plant.
    """

    role: Role
    place: str = ""


def allowed(grants: Iterable[Grant], right: Right, place: str = "") -> bool:
    """Whether the grants allow something at a place. What is not granted is refused."""
    return any(right in RIGHTS[grant.role] and within(place, grant.place) for grant in grants)


def within(place: str, above: str) -> bool:
    """Whether a place is another one, or below it."""
    return not above or place == above or place.startswith(f"{above}/")
