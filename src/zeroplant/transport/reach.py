"""How far a full pack reaches: which stations make a tour drivable, and where it breaks.

In the arc-cover form of Capar, Kuby, Leon & Tsai (2013, "An arc cover–path-cover formulation and
strategic analysis of alternative-fuel station locations", Eur. J. Oper. Res. 227): a tour can be
driven if and only if for each of its arcs some open station behind it is so near that a full pack
reaches the arc's end. Near is told by the energy drawn between any two points on the way, so a
pass between two stations counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from zeroplant.transport.arrivals import SLACK, Pack
from zeroplant.transport.tour import Tour

Arc = frozenset[str]
"""Places of which one must have a station."""


@dataclass(frozen=True)
class Path:
    """Trucks that drive a tour with a pack: ``trucks`` per day, ``name`` for messages."""

    name: str
    tour: Tour
    pack: Pack
    trucks: float = 1.0


def arcs(path: Path, candidates: Collection[str], factor: float = 1.0) -> list[Arc]:
    """For each arc of a tour, the places from which a full pack reaches its end.

    Arcs that ask no more than others are left out, and so are those that a truck which comes
    onto the road with a full pack drives without any station. An empty set is an arc that no
    candidate covers. ``factor`` of winter.
    """
    found = {each for each in _covers(path, frozenset(candidates), factor) if each is not None}
    return sorted((arc for arc in found if not any(other < arc for other in found)), key=sorted)


def drivable(path: Path, stations: Collection[str], factor: float = 1.0) -> bool:
    """Whether a path can be driven with stations at these places."""
    return frozenset() not in arcs(path, stations, factor)


@dataclass(frozen=True)
class Gap:
    """Where a tour breaks: a full pack of the station at ``before`` does not reach ``after``.

    It is at its reserve between ``last`` and ``next``, places of the road that follow each
    other. Without a station on that side, ``before`` or ``after`` is an end of the tour.
    """

    before: str
    after: str
    last: str
    next: str

    def __str__(self) -> str:
        back = self.before == self.after
        there = "and back to it" if back else f"to '{self.after}'"
        way = f"from '{self.before}' {there}"
        if (self.before, self.after) == (self.last, self.next):
            return way
        return f"{way}: the pack is at its reserve between '{self.last}' and '{self.next}'"


def gap(path: Path, stations: Collection[str], factor: float = 1.0) -> Gap | None:
    """The first place at which a path breaks with these stations; None if it can be driven."""
    places = path.tour.places
    for end, arc in enumerate(_covers(path, frozenset(stations), factor), 1):
        if arc is None or arc:
            continue
        turn = places[:-1] if path.tour.ring else ()
        behind = (*turn[end:], *places[:end])
        ahead = (*places[end:], *turn[1:end])
        before = next((place for place in reversed(behind) if place in stations), behind[0])
        after = next((place for place in ahead if place in stations), ahead[-1])
        return Gap(before, after, places[end - 1], places[end])
    return None


def _covers(path: Path, stations: Arc, factor: float) -> Iterator[Arc | None]:
    """For each arc in order, the stations that cover it; None where the start does."""
    factors, last = np.array([factor]), len(path.tour.places) - 1
    usable = path.pack.usable + SLACK
    for end in range(1, last + 1):
        near: set[str] = set()
        for back in range(1, (last if path.tour.ring else end) + 1):
            start = (end - back) % last if path.tour.ring else end - back
            goal = end % last if path.tour.ring and start >= end % last else end
            if path.tour.stretch(start, goal, factors).drawdown[0] > usable:
                break
            near.add(path.tour.places[start])
            if start == 0 and not path.tour.ring:
                near = {""}  # full from the start
                break
        yield None if "" in near else frozenset(near & stations)
