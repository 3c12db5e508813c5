"""A stream of like trucks over a road: when they set out, where they swap, what they take."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.transport.arrivals import Swaps, arrivals, swaps
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.reach import Path


@dataclass(frozen=True)
class Stream:
    """Trucks with packs of a ``family`` that drive the tour of a path.

    ``departures`` [1/h] and ``cold``, which of the ``factors`` of winter holds, per stage.
    """

    path: Path
    family: str
    departures: Floats
    factors: Floats
    cold: Ints

    def driven(self, axis: Axis, places: Collection[str]) -> Driven:
        """Drive it with stations at these places."""
        tour = self.path.tour
        done = swaps(tour, tour.stops(places), self.path.pack, self.factors)
        return Driven(self, axis, done)


@dataclass(frozen=True)
class Driven:
    """A stream that has been driven; sums are over the weighted hours of the axis."""

    stream: Stream
    axis: Axis
    swaps: Swaps

    def at(self, place: str, classes: PackClasses) -> Floats:
        """Packs of each class that come to a place per hour, shape (classes, stages)."""
        found = np.zeros((classes.count, self.axis.stages))
        for number, hours in self._stops(place):
            found += self._come(self.swaps.table(number, classes), hours)
        return found

    def lacking(self, place: str, classes: PackClasses) -> Floats:
        """What those packs lack to the lowest class, in packs per hour, shape (stages,)."""
        found = np.zeros(self.axis.stages)
        for number, hours in self._stops(place):
            found += self._come(self.swaps.lacking(number, classes)[:, None], hours)[0]
        return found

    def _stops(self, place: str) -> Iterator[tuple[int, float]]:
        """Numbers of the stops at a place, and hours until there."""
        tour = self.stream.path.tour
        for number, stop in enumerate(self.swaps.stops):
            if tour.places[stop] == place:
                yield number, float(tour.hours[stop])

    def _come(self, table: Floats, hours: float) -> Floats:
        stream = self.stream
        return arrivals(self.axis, stream.departures, stream.cold, table, hours)

    def total(self, of_each: Floats | float) -> float:
        """Sum over all trucks of a number per truck and tour, or one for each factor of winter."""
        each = np.broadcast_to(of_each, self.stream.factors.shape)
        return self.axis.total(self.stream.departures * each[self.stream.cold])
