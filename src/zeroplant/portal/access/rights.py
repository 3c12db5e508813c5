"""Roles on the tree of the plant, and the one place where it is decided what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zeroplant.portal.access.places import Tree


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

    Places are as in `zeroplant.portal.access.places`; the empty one is the whole plant.
    """

    role: Role
    place: str = ""


def allowed(grants: Iterable[Grant], right: Right, place: str, tree: Tree) -> bool:
    """Whether the grants allow something at a place. What is not granted is refused."""
    where = {grant.place for grant in grants if right in RIGHTS[grant.role]}
    if "" in where or not where:
        return bool(where)
    return any(above in where for above in tree.above(place))


def allowed_within(grants: Iterable[Grant], right: Right, place: str, tree: Tree) -> bool:
    """Whether they allow it there, or at anything below."""
    held = tuple(grants)
    return allowed(held, right, place, tree) or any(
        right in RIGHTS[grant.role] and place in tree.above(grant.place) for grant in held
    )
