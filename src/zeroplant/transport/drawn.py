"""Single trucks drawn from streams: when each sets out, at which stations it stops, how empty.

A stream knows its trucks as rates per hour, and what a truck does in each of many rounds. A drawn
truck sets out by chance (Poisson) at the rate of its hour, and drives one of the rounds, each as
likely as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.transport.corridor import Fleet
from zeroplant.transport.station import poisson_arrivals
from zeroplant.transport.stream import Driven

Choice = Callable[[str, str], Ints]
"""Numbers of the stations at a place that keep packs of a family: (place, family) to numbers."""


@dataclass(frozen=True)
class Trucks:
    """Trucks of one kind of tour, in the order in which they set out, with their stops in a row.

    ``start`` hours; ``stops`` how many each makes; then one entry for each stop: the number of the
    ``station``, hours of driving (``drive``) and share of a pack ``used`` since the swap before.
    ``full`` is the charge with which they set out, ``family`` the number of their packs.
    """

    start: Floats
    stops: Ints
    station: Ints
    drive: Floats
    used: Floats
    full: float
    family: int


def fleet_of(parts: Iterable[Trucks]) -> Fleet:
    """All trucks as one fleet."""
    every = list(parts)
    count = [len(part.start) for part in every]
    stops = np.concatenate([part.stops for part in every])
    return Fleet(
        start=np.concatenate([part.start for part in every]),
        charge=np.repeat([part.full for part in every], count),
        first=np.append(0, np.cumsum(stops)),
        station=np.concatenate([part.station for part in every]),
        drive=np.concatenate([part.drive for part in every]),
        used=np.concatenate([part.used for part in every]),
        family=np.repeat([part.family for part in every], count),
    )


def visitors(times: Floats, charge: Floats, station: int, full: float, family: int) -> Trucks:
    """Trucks that come to one station at ``times`` [h] with packs at ``charge``, and go again."""
    ones = np.ones(len(times), dtype=np.int64)
    nothing = np.zeros(len(times))
    return Trucks(times, ones, station * ones, nothing, full - charge, full, family)


def on_the_road(
    driven: Driven,
    stations: Choice,
    hours: float,
    family: int,
    random: np.random.Generator,
    *,
    chain: int = 0,
) -> Trucks:
    """Trucks of a stream that stop at a station within ``hours`` of a chain.

    Those that set out before the beginning are on their way then: as many as at the chain's end.
    Where several stations at a place have a truck's packs, it stops at any of them.
    """
    stream, axis, done = driven.stream, driven.axis, driven.swaps
    tour, step, full = stream.path.tour, driven.axis.hours, stream.path.pack.full
    before = int(np.ceil(float(tour.hours[-1]) / step))
    stages = np.arange(-before, int(np.ceil(hours / step))) % axis.periods
    stages = stages + chain * axis.periods
    start = poisson_arrivals(stream.departures[stages], step, random)
    stage = stages[np.minimum((start / step).astype(np.int64), len(stages) - 1)]
    start = start - before * step
    round_ = random.integers(0, len(done.charge), len(start))
    winter = stream.cold[stage]
    reached = tour.hours[list(done.stops)]
    stops = done.swapped[round_, winter] & (start[:, None] + reached >= 0.0)
    truck, stop = np.nonzero(stops)
    first = np.append(True, truck[1:] != truck[:-1])[: len(truck)]
    came = reached[stop]
    drive = np.where(first, came, np.diff(came, prepend=0.0))
    used = full - done.charge[round_, winter][truck, stop]
    places = [tour.places[number] for number in done.stops]
    station = np.zeros(len(truck), dtype=np.int64)
    for number, place in enumerate(places):
        here = stop == number
        station[here] = random.choice(stations(place, stream.family), int(here.sum()))
    return Trucks(start, stops.sum(axis=1), station, drive, used, full, family)
