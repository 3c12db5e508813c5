"""How well trucks were served: quantiles of the wait, and promises kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
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
    return served_over([(visits, 1.0)], station)


def served_over(runs: Sequence[tuple[Visits, float]], station: int | None = None) -> Service | None:
    """Service over several runs, such as scenarios, each truck with the weight of its run."""
    came = [_came(visits, station) for visits, _ in runs]
    served = [here & visits.served for here, (visits, _) in zip(came, runs, strict=True)]
    if not any(here.any() for here in served):
        return None
    each = list(zip(runs, came, served, strict=True))
    wait = np.concatenate([visits.wait[some] for (visits, _), _, some in each])
    weight = np.concatenate([np.full(int(some.sum()), by) for (_, by), _, some in each])
    median, late = quantiles(wait, weight, (0.5, 0.95))
    prompt = sum(by * int((visits.prompt & here).sum()) for (visits, by), here, _ in each)
    return Service(
        visits=sum(int(here.sum()) for here in came),
        served=len(wait),
        prompt=float(prompt / sum(by * int(here.sum()) for (_, by), here, _ in each)),
        mean=float(np.average(wait, weights=weight)),
        median=median,
        p95=late,
    )


def quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles of weighted values, linear between them; with equal weights those of numpy."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - weights[order]
    last = max(float(below[-1]), 1e-300)
    return [float(np.interp(share, below / last, values[order])) for share in shares]


def _came(visits: Visits, station: int | None) -> NDArray[np.bool_]:
    came = ~np.isnan(visits.arrival)
    return came if station is None else came & (visits.station == station)
