"""A tour: what a truck drives until it is where it began, and what its battery needs for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.transport.road import Leg, Route
from zeroplant.transport.truck import Truck, litres


@dataclass(frozen=True)
class Stretch:
    """What a stretch of a tour asks of the battery [MWh], one entry for each factor of winter.

    ``net``: taken over the whole of it. ``peak``: most taken from its beginning to any point.
    ``tail``: most taken from any point to its end. ``drawdown``: most taken between two points.
    A battery with ``level`` at the beginning and ``full`` at most ends with
    ``min(level − net, full − tail)``, and has never held less than
    ``min(level − peak, full − drawdown)``: what is recovered by a full battery is lost.
    """

    net: Floats
    peak: Floats
    tail: Floats
    drawdown: Floats

    def end(self, level: Floats, full: float) -> Floats:
        """Level at the end [MWh]."""
        return np.minimum(level - self.net, full - self.tail)

    def lowest(self, level: Floats, full: float) -> Floats:
        """Lowest level on the way [MWh]."""
        return np.minimum(level - self.peak, full - self.drawdown)


@dataclass(frozen=True)
class Tour:
    """Places in the order in which they are passed, and the pieces of road between them.

    ``hours`` (one per place) since the truck set out; ``first`` (one per place) counts the pieces
    driven until there; ``drawn`` and ``recovered`` [MWh] have one
    entry per piece, ``litres`` are those of a diesel on all of it. ``length`` and what of it is in
    ``tunnels`` in m, ``haulage`` in t·m. In a ``ring`` the last place is the first.
    """

    places: tuple[str, ...]
    hours: Floats
    first: tuple[int, ...]
    drawn: Floats
    recovered: Floats
    litres: float
    length: float
    tunnels: float
    haulage: float
    ring: bool

    def stops(self, places: Collection[str]) -> list[int]:
        """Numbers of those places on the tour; where it ends, none is needed any more."""
        return [n for n, place in enumerate(self.places[:-1]) if place in places]

    def stretch(self, start: int, end: int, factors: Floats) -> Stretch:
        """From one place of the tour to another, both by number; past the end if it is a ring.

        ``factors`` of winter, shape (n,), multiply what is drawn.
        """
        pieces = self._pieces(start, end)
        used = factors[:, None] * self.drawn[pieces] - self.recovered[pieces]
        level = np.concatenate([np.zeros((len(factors), 1)), np.cumsum(used, axis=1)], axis=1)
        down = level - np.minimum.accumulate(level, axis=1)
        return Stretch(level[:, -1], level.max(axis=1), down[:, -1], down.max(axis=1))

    def _pieces(self, start: int, end: int) -> Ints:
        """Numbers of the pieces between two places; a whole round where they are the same."""
        if end > start:
            return np.arange(self.first[start], self.first[end])
        rest = np.arange(self.first[start], self.first[-1])
        return np.concatenate([rest, np.arange(self.first[end])])


def tour(
    route: Route,
    truck: Truck,
    empty: float,
    *,
    cargo: float = 0.0,
    cargo_back: float = 0.0,
    ring: bool = True,
    turnaround: float = 0.0,
) -> Tour:
    """Drive a route and, in a ``ring``, back again ``turnaround`` hours later.

    ``empty`` is the mass of the truck without a load, ``cargo`` what it carries there and
    ``cargo_back`` on the way back, all in t.
    """
    ways = [(route, cargo, 0.0)]
    if ring:
        ways.append((route.back, cargo_back, turnaround))
    places = [route.places[0]]
    legs: list[tuple[Leg, float, float]] = []
    for way, load, wait in ways:
        places += way.places[1:]
        legs += [(leg, load, wait if n == 0 else 0.0) for n, leg in enumerate(way.legs)]
    driven = [leg.drive(truck, empty + load) for leg, load, _ in legs]
    passed = [0.0]
    for each, (_, _, wait) in zip(driven, legs, strict=True):
        passed.append(passed[-1] + wait + float(each.hours.sum()))
    counts = [0, *np.cumsum([len(each.drawn) for each in driven]).tolist()]
    return Tour(
        places=tuple(places),
        hours=np.array(passed),
        first=tuple(counts),
        drawn=_joined([each.drawn for each in driven]),
        recovered=_joined([each.recovered for each in driven]),
        litres=sum(float(litres(truck, each).sum()) for each in driven),
        length=sum(leg.segment.length for leg, _, _ in legs),
        tunnels=sum(leg.segment.tunnels for leg, _, _ in legs),
        haulage=sum(leg.segment.length * load for leg, load, _ in legs),
        ring=ring,
    )


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
