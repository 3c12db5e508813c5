"""Single trucks drawn from streams: as many, as empty and as late as the stream says."""

from __future__ import annotations

import numpy as np
import pytest

from tests.assets.rivers import axis_of
from tests.transport.roads import line, tour_on
from zeroplant.axis import Ints
from zeroplant.transport.arrivals import Pack
from zeroplant.transport.drawn import fleet_of, on_the_road, visitors
from zeroplant.transport.reach import Path
from zeroplant.transport.stream import Driven, Stream

PLACES = ("p1", "p2")


def driven(periods: int, rate: float) -> Driven:
    """Trucks between p0 and p3, 3 × 60 km, with stations half-way; ``rate`` an hour."""
    path = Path("there and back", tour_on(line(4, 60e3), 0, 3), Pack(0.423))
    axis = axis_of(periods)
    stages = np.zeros(periods, dtype=np.int64)
    stream = Stream(path, "qiji", np.full(periods, rate), np.ones(1), stages)
    return stream.driven(axis, PLACES)


def two_at_p1(place: str, family: str) -> Ints:
    """Stations 0 and 1 stand at p1, 2 at p2."""
    assert family == "qiji"
    return np.array([0, 1] if place == "p1" else [2])


def test_as_many_and_as_empty_as_the_stream_says() -> None:
    """*Proves:* over 4,000 h the swaps of drawn trucks are those of the stream within the luck of
    such numbers (four standard deviations), also at the very beginning, where trucks are on their
    way already; the mean charge on arrival is that of the rounds; two stations at a place share.
    *A wrong answer would be:* no truck in the first hours.
    """
    hours, rate = 4000, 3.0
    road = driven(hours, rate)
    found = on_the_road(road, two_at_p1, float(hours), 0, np.random.default_rng(1))
    fleet = fleet_of([found])
    came = np.repeat(found.start, found.stops)
    first = np.append(True, np.diff(fleet.truck_of) > 0)
    assert (came[first] + found.drive[first] >= 0.0).all()
    assert (found.used <= 0.8 + 1e-9).all()
    per_truck = road.swaps.swapped.mean(axis=(0, 1)).sum()
    wanted = per_truck * rate * hours
    assert len(found.station) == pytest.approx(wanted, abs=4 * np.sqrt(wanted) + 3 * per_truck * 12)
    early = came[first] + found.drive[first] < 2.0
    assert early.any()
    charge = road.swaps.charge[road.swaps.swapped].mean()
    assert 0.95 - found.used.mean() == pytest.approx(charge, abs=0.01)
    at = np.bincount(found.station)
    assert at[0] == pytest.approx(at[1], abs=5 * np.sqrt(at[0]))


def test_visitors_come_as_they_are() -> None:
    """*Proves:* trucks that come by themselves stop once, with the charge that they have."""
    found = visitors(np.array([1.0, 2.5]), np.array([0.3, 0.2]), 4, 0.95, 1)
    fleet = fleet_of([found])
    assert fleet.station.tolist() == [4, 4]
    assert fleet.charge - fleet.used == pytest.approx([0.3, 0.2])
    assert fleet.first.tolist() == [0, 1, 2]
    assert fleet.family is not None
    assert fleet.family.tolist() == [1, 1]
