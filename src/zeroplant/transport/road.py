"""A road: places, segments between them, the shortest way, and what it takes to drive it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zeroplant.axis import Ints
from zeroplant.errors import InputError, Problem
from zeroplant.transport.truck import Drive, Truck, drive


@dataclass(frozen=True)
class Segment:
    """A stretch of road between two places, driven both ways.

    ``length`` in m, ``speed`` in m/s, ``altitudes`` in m at equal distances along it, both ends
    among them. ``tunnels`` is the length in tunnels, of which only reports speak.
    """

    start: str
    end: str
    length: float
    speed: float
    altitudes: tuple[float, ...] = (0.0, 0.0)
    tunnels: float = 0.0

    @property
    def hours(self) -> float:
        """Time to drive it."""
        return self.length / self.speed / 3600.0


@dataclass(frozen=True)
class Leg:
    """A segment in the direction in which it is driven."""

    segment: Segment
    forth: bool

    def drive(self, truck: Truck, mass: float) -> Drive:
        """Drive it with a mass in t; one entry for every piece between two known altitudes."""
        heights = np.asarray(self.segment.altitudes)[:: 1 if self.forth else -1]
        piece = self.segment.length / (len(heights) - 1)
        middle = (heights[1:] + heights[:-1]) / 2
        sine = np.diff(heights) / piece
        grade = sine / np.sqrt(1.0 - sine**2)
        speed = self.segment.speed
        return drive(truck, mass, piece, grade=grade, speed=speed, altitude=middle)


@dataclass(frozen=True)
class Route:
    """A way over the road: the places passed in order, and the legs between them."""

    places: tuple[str, ...]
    legs: tuple[Leg, ...]

    @property
    def length(self) -> float:
        """Length in m."""
        return sum(leg.segment.length for leg in self.legs)

    @property
    def back(self) -> Route:
        """The same way in the other direction."""
        legs = tuple(Leg(leg.segment, not leg.forth) for leg in reversed(self.legs))
        return Route(self.places[::-1], legs)


class Roads:
    """The graph of places and segments. Raises InputError for segments that join nothing."""

    def __init__(self, places: Sequence[str], segments: Sequence[Segment]) -> None:
        self.places = tuple(places)
        self.segments = tuple(segments)
        known = set(places)
        wrong = [s for s in segments if {s.start, s.end} - known or s.start == s.end]
        if wrong:
            what = f"the segment from '{wrong[0].start}' to '{wrong[0].end}' joins no two places"
            raise InputError(Problem(what, instead="name two places of the road"))
        self._legs: dict[tuple[str, str], Leg] = {}
        for segment in sorted(segments, key=lambda each: each.hours, reverse=True):
            self._legs[segment.start, segment.end] = Leg(segment, forth=True)
            self._legs[segment.end, segment.start] = Leg(segment, forth=False)

    def route(self, start: str, end: str) -> Route:
        """The way that takes the least time. Raises InputError where there is none."""
        places = [end]
        before = self._before(start)
        while places[-1] != start:
            last = int(before[self.places.index(places[-1])])
            if last < 0:
                what = f"no road leads from '{start}' to '{end}'"
                raise InputError(Problem(what, instead="add the segments that are missing"))
            places.append(self.places[last])
        places.reverse()
        return Route(tuple(places), tuple(self._legs[pair] for pair in pairwise(places)))

    def _before(self, start: str) -> Ints:
        """For every place the one before it on the quickest way; below 0 where there is none."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        index = {place: number for number, place in enumerate(self.places)}
        rows = [index[here] for here, _ in self._legs]
        columns = [index[there] for _, there in self._legs]
        hours = [leg.segment.hours for leg in self._legs.values()]
        graph = csr_array((hours, (rows, columns)), shape=(len(index), len(index)))
        _, before = dijkstra(graph, indices=[index[start]], return_predecessors=True)
        return np.asarray(before[0])
