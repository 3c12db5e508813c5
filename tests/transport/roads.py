"""Small roads on the flat."""

from __future__ import annotations

from itertools import pairwise

from zeroplant.transport.road import Roads, Segment
from zeroplant.transport.tour import Tour, tour
from zeroplant.transport.truck import Truck

SPEED = 70 / 3.6


def line(places: int, length: float) -> Roads:
    """Places p0, p1, … in a row, with segments of this length [m]."""
    names = [f"p{number}" for number in range(places)]
    segments = [Segment(here, there, length, SPEED) for here, there in pairwise(names)]
    return Roads(names, segments)


def tour_on(
    roads: Roads, start: int, end: int, *, ring: bool = True, turnaround: float = 0.0
) -> Tour:
    """A tour of a 49 t truck that comes back empty."""
    route = roads.route(f"p{start}", f"p{end}")
    return tour(route, Truck(), 18.0, cargo=31.0, ring=ring, turnaround=turnaround)
