"""Assets of one kind side by side: six stations are read as one table, not one by one."""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.assets import Finding
from zeroplant.plan.report.text import Text

MANY = 3
"""Assets of a kind from which a table reads better than a block for each."""


@dataclass(frozen=True)
class Group:
    """What assets of one kind found, by asset and by key."""

    kind: Text
    members: dict[str, dict[str, Finding]]

    @property
    def is_table(self) -> bool:
        """Whether its members stand side by side."""
        return len(self.members) >= MANY

    @property
    def first_said(self) -> list[Finding]:
        """Each finding of the group once, for its title and note."""
        return list({f.key: f for said in self.members.values() for f in said.values()}.values())


def alike(findings: list[tuple[str, Text, list[Finding]]]) -> list[Group]:
    """Findings by kind of asset, in the order in which the kinds first appear."""
    groups: dict[Text, dict[str, dict[str, Finding]]] = {}
    for name, kind, said in findings:
        groups.setdefault(kind, {})[name] = {finding.key: finding for finding in said}
    return [Group(kind, members) for kind, members in groups.items()]
