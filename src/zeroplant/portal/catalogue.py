"""What the plant is made of, as its pages speak of it: assets, where they stand, their points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zeroplant.operate.points import asset_of, points_of
from zeroplant.plan.report.facts.assumptions import kind_title
from zeroplant.plan.report.names import Names, names_of
from zeroplant.plan.report.text import Text
from zeroplant.plant import Plant
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import NODE, SITE, place_of
from zeroplant.waist import Network


@dataclass(frozen=True)
class PointOf:
    """A point: what it is called beside its asset, its unit, and what it may be.

    ``least`` and ``most`` are in its unit; None where nothing limits it. ``stored`` tells a level
    from a power, ``writable`` whether the controller sets it.
    """

    name: str
    asset: str
    label: Text
    unit: str
    least: float | None
    most: float | None
    writable: bool
    stored: bool


@dataclass(frozen=True)
class AssetOf:
    """An asset: its kind, the site whose weather it has if it names one, and what it connects.

    ``nodes`` are those of the plant file; ``others`` the assets it hands something to directly.
    """

    name: str
    kind: str
    title: Text
    site: str | None
    nodes: tuple[str, ...]
    others: tuple[str, ...]
    points: tuple[PointOf, ...]

    @property
    def area(self) -> str:
        """The place in the plant's tree it lies at: its site, else its first node."""
        if self.site:
            return f"{SITE}{self.site}"
        return f"{NODE}{self.nodes[0]}" if self.nodes else ""

    def point(self, name: str) -> PointOf | None:
        """One of its points by its whole name."""
        return next((point for point in self.points if point.name == name), None)


@dataclass(frozen=True)
class Catalogue:
    """All assets in the order of the plant file."""

    assets: Mapping[str, AssetOf]

    def places(self) -> Iterator[str]:
        """All places of the plant's tree below the plant itself, what is above before it."""
        yield from dict.fromkeys(asset.area for asset in self.assets.values() if asset.area)
        for asset in self.assets.values():
            yield asset.name
            yield from (place_of(point.name) for point in asset.points)

    def seen_by(self, person: Person) -> list[AssetOf]:
        """Assets of which somebody may see something, with no more than that of each."""
        return [
            replace(
                asset,
                points=tuple(
                    each for each in asset.points if person.may(Right.SEE, place_of(each.name))
                ),
                others=tuple(each for each in asset.others if person.may_within(Right.SEE, each)),
            )
            for asset in self.assets.values()
            if person.may_within(Right.SEE, asset.name)
        ]

    def points(self) -> Iterator[PointOf]:
        """All points, asset by asset."""
        for asset in self.assets.values():
            yield from asset.points

    def point(self, name: str) -> PointOf | None:
        """A point by its name; None for one there is not."""
        asset = self.assets.get(asset_of(name))
        return asset.point(name) if asset else None


def catalogue_of(plant: Plant, network: Network, sizes: Mapping[str, float]) -> Catalogue:
    """The catalogue of a plant at the waist; ``sizes`` are those chosen for it, as far as known."""
    points = list(_points(network, names_of(plant.assets), sizes))
    touched: dict[str, dict[str, None]] = {name: {} for name in plant.assets}
    for flow in network.flows:
        for node in (*flow.give, *flow.take):
            touched.setdefault(flow.who, {})[node.name] = None
    return Catalogue({
        name: AssetOf(
            name,
            getattr(asset, "kind", ""),
            kind_title(asset),
            getattr(asset, "site", None),
            tuple(node for node in touched[name] if node in plant.nodes),
            tuple(_owners(touched[name], plant.assets, name)),
            tuple(point for point in points if point.asset == name),
        )
        for name, asset in plant.assets.items()
    })  # fmt: skip


def _owners(nodes: Iterable[str], assets: Mapping[str, Any], name: str) -> Iterator[str]:
    """The assets other than one whose own nodes are among these."""
    found = dict.fromkeys(asset_of(node) for node in nodes if "." in node)
    yield from (owner for owner in found if owner in assets and owner != name)


def _points(network: Network, names: Names, sizes: Mapping[str, float]) -> Iterator[PointOf]:
    points = points_of(network, sizes)
    stores = range(points.flows, points.flows + points.stores)
    limits = zip(points.least.tolist(), points.most.tolist(), strict=True)
    for place, (least, most) in enumerate(limits):
        name = points.names[place]
        yield PointOf(
            name, asset_of(name), names.quantity(name), points.unit[place],
            least if abs(least) < float("inf") else None,
            most if abs(most) < float("inf") else None,
            bool(points.writable[place]), place in stores,
        )  # fmt: skip
