"""The plant as a tree: its assets by kind or by where they stand, each with what it does now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from zeroplant.plan.report.text import Text
from zeroplant.portal.catalogue import AssetOf, PointOf
from zeroplant.portal.present import Present, Reading
from zeroplant.portal.scene import Arrow, Scene

MANY = 16
"""Assets at one node that are drawn one by one."""


@dataclass(frozen=True)
class Exchange:
    """What an asset gives to a node now, in the node's unit; negative: it takes. None: unknown."""

    node: str
    unit: str
    value: float | None
    doubtful: bool


@dataclass(frozen=True)
class Held:
    """What a store of an asset holds, and the share of its room; None where that is not known."""

    label: Text
    value: float | None
    unit: str
    share: float | None
    doubtful: bool


@dataclass(frozen=True)
class Standing:
    """An asset now. ``answers`` is whether it does, None where nobody knows.

    ``alarms`` is how many hold; those that are over are on the board of alarms only.
    """

    asset: AssetOf
    exchanges: tuple[Exchange, ...]
    held: tuple[Held, ...]
    answers: bool | None
    alarms: int
    members: int = 1
    """How many assets it stands for."""

    @property
    def label(self) -> str:
        """What it is called; of several, how many there are."""
        return self.asset.name if self.members == 1 else f"{self.members} ×"

    @property
    def link(self) -> str:
        """The page of the asset; of several, their place in the tree."""
        if self.members > 1:
            return f"/plant?by=kind#kind-{self.asset.kind}"
        return f"/plant/{quote(self.asset.name, safe='')}"


@dataclass(frozen=True)
class Branch:
    """A group of assets; ``name`` is its title as `phrase` has it, or a name of the plant file."""

    name: str
    phrase: str
    standings: tuple[Standing, ...]


def standings(assets: Iterable[AssetOf], scene: Scene, now: Present) -> dict[str, Standing]:
    """Each asset as it is now."""
    moved: dict[tuple[str, str, str], list[Arrow]] = {}
    for bar in scene.bars:
        for arrow in bar.arrows:
            moved.setdefault((arrow.owner, bar.name, bar.unit), []).append(arrow)
    found = {}
    for asset in assets:
        exchanges = (
            _exchange(node, unit, arrows, now)
            for (owner, node, unit), arrows in moved.items()
            if owner == asset.name and node in asset.nodes
        )
        held = (_held(p, now.of(p.name)) for p in asset.points if p.stored)
        alarms = sum(_about(each["key"], asset.name) and not each["cleared"] for each in now.alarms)
        online = now.of(f"{asset.name}.online").value
        answers = None if online is None else online > 0.5
        found[asset.name] = Standing(asset, tuple(exchanges), tuple(held), answers, alarms)
    return found


def branches(standing: Mapping[str, Standing], by: str) -> list[Branch]:
    """The tree: by kind, or by site and, for assets that name none, by node."""
    groups: dict[tuple[str, str], list[Standing]] = {}
    for each in standing.values():
        asset = each.asset
        if by == "kind":
            key = (asset.kind, "")
        elif asset.site:
            key = (asset.site, "site")
        else:
            key = (asset.nodes[0], "node") if asset.nodes else ("", "no node")
        groups.setdefault(key, []).append(each)
    return [Branch(*key, tuple(members)) for key, members in groups.items()]


def bundled(standing: Iterable[Standing]) -> list[Standing]:
    """The same for a diagram: where many assets hang at one node, those of a kind as one."""
    at: dict[tuple[str, ...], list[Standing]] = {}
    for each in standing:
        at.setdefault(each.asset.nodes, []).append(each)
    found: list[Standing] = []
    for nodes, members in at.items():
        if len(nodes) > 1 or len(members) <= MANY:
            found += members
            continue
        kinds: dict[str, list[Standing]] = {}
        for each in members:
            kinds.setdefault(each.asset.kind, []).append(each)
        found += [_bundle(same) if len(same) > 1 else same[0] for same in kinds.values()]
    return found


def _bundle(members: Sequence[Standing]) -> Standing:
    """Assets of one kind at one node, as one."""
    first = members[0].asset
    name = f"{first.kind}@{','.join(first.nodes)}"  # no asset is called so
    answers = [each.answers for each in members]
    return Standing(
        replace(first, name=name, points=()), _total(members), (),
        None if None in answers else all(answers),
        sum(each.alarms for each in members), len(members),
    )  # fmt: skip


def _total(members: Sequence[Standing]) -> tuple[Exchange, ...]:
    """What they give together; unknown where one of them is."""
    parts = [each.exchanges[0] for each in members if each.exchanges]
    if not parts:
        return ()
    known = [each.value for each in parts if each.value is not None]
    total = sum(known) if len(known) == len(parts) else None
    doubtful = any(each.doubtful for each in parts)
    return (Exchange(parts[0].node, parts[0].unit, total, doubtful),)


def _about(key: str, asset: str) -> bool:
    """Whether an alarm is about an asset or something of it."""
    return key == asset or key.startswith(f"{asset}.")


def _exchange(node: str, unit: str, arrows: Iterable[Arrow], now: Present) -> Exchange:
    """The sum of its flows at a node, if all of them are known."""
    total, doubtful = 0.0, False
    for arrow in arrows:
        reading = now.of(arrow.point)
        if reading.value is None:
            return Exchange(node, unit, None, True)
        total += arrow.factor * reading.value * (1.0 if arrow.into else -1.0)
        doubtful |= reading.doubtful
    return Exchange(node, unit, total, doubtful)


def _held(point: PointOf, reading: Reading) -> Held:
    share = reading.value / point.most if reading.value is not None and point.most else None
    return Held(point.label, reading.value, point.unit, share, reading.doubtful)
