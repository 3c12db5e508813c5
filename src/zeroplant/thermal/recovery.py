"""Heat recovery as a cascade of few cells, for linear plans in which duties are decisions.

The transshipment model of S. A. Papoulias and I. E. Grossmann (Computers & Chemical Engineering 7,
1983): heat passes from cell to cell down the temperatures and never up. Of the boundaries of the
problem table only those count where heat begins (the hot end of what gives) or need ends (the cold
end of what takes): going down between two of them giving can only end and taking only begin, so
the heat that passes is a concave function of temperature there and nowhere less than at the ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats


@dataclass(frozen=True)
class Band:
    """Temperatures over which something gives or takes heat, moved by half of the approach, °C.

    ``top`` = ``bottom`` for what condenses, boils or is kept at one temperature.
    """

    top: float
    bottom: float
    gives: bool


def moved(start: float, end: float, approach: float, *, gives: bool) -> Band:
    """The band of a stream, a heating or a utility between two temperatures in °C."""
    shift = -approach / 2 if gives else approach / 2
    return Band(max(start, end) + shift, min(start, end) + shift, gives)


def cells(bands: list[Band]) -> Floats:
    """Boundaries of the cells that suffice for these bands, from hot to cold, °C.

    The first is the hottest temperature of all and the last the coldest; with a single
    temperature there is one cell of no height.
    """
    starts = {band.top if band.gives else band.bottom for band in bands}
    edges = starts | {max(band.top for band in bands), min(band.bottom for band in bands)}
    if len(edges) == 1:
        edges = edges | {min(edges) - 1.0}
    return np.array(sorted(edges, reverse=True))


def spread(band: Band, edges: Floats) -> Floats:
    """Share of a band's heat in each cell, shape (cells,).

    What gives at one temperature gives to the cell below it, what takes at one temperature takes
    from the cell above it; zeros if there is no such cell.
    """
    upper, lower = edges[:-1], edges[1:]
    if band.top > band.bottom:
        height = np.minimum(band.top, upper) - np.maximum(band.bottom, lower)
        return np.asarray(np.maximum(height, 0.0) / (band.top - band.bottom))
    side = upper if band.gives else lower
    return np.asarray(side == band.top, dtype=float)
