"""One swap station, truck by truck: lanes, packs, chargers and a power schedule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.transport.corridor import Fleet, PackKind, SwapPlace, Visits, run_corridor


def poisson_arrivals(rate: Floats, hours: float, random: np.random.Generator) -> Floats:
    """Times of arrival [h], rising, for trucks that come by chance at ``rate`` per hour.

    One rate for each period of ``hours``; within a period any minute is as likely.
    """
    counts = random.poisson(np.asarray(rate) * hours)
    begin = np.repeat(np.arange(len(counts)) * hours, counts)
    return np.asarray(np.sort(begin + random.random(len(begin)) * hours))


def run_station(
    place: SwapPlace,
    times: Floats,
    charge: Floats,
    *,
    kinds: Sequence[PackKind],
    periods: int,
    hours: float = 1.0,
    family: Ints | None = None,
    fits: Ints | None = None,
) -> Visits:
    """Simulate a station whose trucks come at ``times`` [h] with packs at ``charge``."""
    count = len(times)
    nothing = np.zeros(count)
    fleet = Fleet(
        start=np.asarray(times, dtype=float), charge=np.asarray(charge, dtype=float),
        first=np.arange(count + 1), station=np.zeros(count, np.int64),
        drive=nothing, used=nothing, family=family,
    )  # fmt: skip
    return run_corridor([place], fleet, kinds=kinds, periods=periods, hours=hours, fits=fits)
