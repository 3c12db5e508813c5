"""How well trucks were served: quantiles of the wait, and promises kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.transport.corridor import Visits


@dataclass(frozen=True)
class Service:
    """Service of one station, or of several together.

    ``visits`` trucks came; ``prompt`` is the share of them that did not wait for want of a full
    pack. ``median`` and ``p95`` are waits in hours of those that were served, for lanes and packs
    together, and ``mean`` theirs.
    """

    visits: int
    served: int
    prompt: float
    mean: float
    median: float
    p95: float


def served_at(visits: Visits, station: int | None = None) -> Service | None:
    """Service of all stops, or of those at one station; None if no truck came there."""
    came = ~np.isnan(visits.arrival)
    if station is not None:
        came &= visits.station == station
    served = came & visits.served
    if not served.any():
        return None
    wait = visits.wait[served]
    median, late = np.percentile(wait, [50.0, 95.0])
    return Service(
        visits=int(came.sum()),
        served=int(served.sum()),
        prompt=float((visits.prompt & came).sum() / came.sum()),
        mean=float(wait.mean()),
        median=float(median),
        p95=float(late),
    )
