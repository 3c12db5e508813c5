"""Where the sites lie: latitude and longitude as places on a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from zeroplant.plant.site import SitePlace

WIDTH, EDGE, LEAST, MOST = 760, 90, 260, 460
"""Of the picture, around its sites, and its least and greatest height [px]."""
KM_PER_DEGREE = 111.2
BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
"""Lengths that a scale may have [km]."""


@dataclass(frozen=True)
class Spot:
    """A site on the picture."""

    site: str
    x: float
    y: float


@dataclass(frozen=True)
class Geography:
    """Sites by where they lie, north up, and a scale of so many km."""

    height: float
    spots: tuple[Spot, ...]
    scale_km: int
    scale: float


def geography_of(sites: Mapping[str, SitePlace]) -> Geography | None:
    """The picture of the sites; None where fewer than two say where they lie.

    Equirectangular about their middle latitude: true to a few per cent over some hundred km.
    """
    placed = {
        name: (site.longitude, site.latitude)
        for name, site in sites.items()
        if site.longitude is not None and site.latitude is not None
    }
    if len(placed) < 2:
        return None
    east, north = ([each[axis] for each in placed.values()] for axis in (0, 1))
    squeeze = math.cos(math.radians((min(north) + max(north)) / 2))
    wide = max((max(east) - min(east)) * squeeze, 1e-6)
    high = max(north) - min(north)
    room, depth = WIDTH - 2 * EDGE, MOST - 2 * EDGE
    per_degree = min(room / wide, depth / high if high else math.inf)
    height = max(high * per_degree + 2 * EDGE, LEAST)
    left = (WIDTH - wide * per_degree) / 2
    top = (height - high * per_degree) / 2
    spots = tuple(
        Spot(
            name, left + (x - min(east)) * squeeze * per_degree, top + (max(north) - y) * per_degree
        )
        for name, (x, y) in placed.items()
    )
    pixels = per_degree / KM_PER_DEGREE
    scale = max((length for length in BARS if length * pixels <= room / 3), default=BARS[0])
    return Geography(height, spots, scale, scale * pixels)
