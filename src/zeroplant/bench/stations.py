"""How many truck visits per second the simulation of swap stations runs."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.bench.build import timed
from zeroplant.transport.corridor import Fleet, PackKind, Schedule, SwapPlace, run_corridor
from zeroplant.transport.station import poisson_arrivals, run_station

YEAR = 8760
KIND = PackKind(energy=0.282)


def run(repeats: int = 5) -> dict[str, Any]:
    """Visits per second on one thread, compiled code only (the first run is left out).

    A year of one station whose packs are charged at once, the same with a power schedule that is
    looked at every five minutes, and a year of six stations on a road, at which each truck stops
    in turn. 5 trucks an hour come by chance, 14 packs and 7 chargers stand at each station.
    ``visits_per_second`` is the slowest of the three.
    """
    rate = np.full(YEAR, 5.0)
    times = poisson_arrivals(rate, 1.0, np.random.default_rng(1))
    charge = np.full(len(times), 0.25)
    once = SwapPlace(np.full(14, 0.95))
    power = 5.0 * 0.7 * 0.282 / once.efficiency
    stored = np.full(YEAR + 1, 11.0 * 0.95 * KIND.energy)
    schedule = Schedule(np.full(YEAR, power), stored, ready=np.full(YEAR + 1, 9.0))
    planned = SwapPlace(np.full(14, 0.95), schedule=schedule)
    fleet = _fleet(times, stations=6)
    alone = {"at_once": once, "scheduled": planned}
    works: dict[str, tuple[int, Callable[[], object]]] = {
        name: (len(times), partial(run_station, place, times, charge, kinds=[KIND], periods=YEAR))
        for name, place in alone.items()
    }
    corridor = partial(run_corridor, [once] * 6, fleet, kinds=[KIND], periods=YEAR)
    works["corridor"] = (6 * len(times), corridor)
    found: dict[str, Any] = {"name": "stations", "visits": len(times)}
    for name, (visits, work) in works.items():
        seconds = timed(work, repeats)
        found[f"{name}_visits_per_second"] = visits / statistics.median(seconds)
        found[f"{name}_visits_per_second_best"] = visits / min(seconds)
    slowest = min(found[f"{name}_visits_per_second"] for name in works)
    return found | {"visits_per_second": slowest, "limits": {"visits_per_second": 10_000.0}}


def _fleet(times: Floats, stations: int) -> Fleet:
    """Trucks that stop at every station, an hour and a half apart."""
    trucks = len(times)
    stops = trucks * stations
    return Fleet(
        start=times,
        charge=np.full(trucks, 0.95),
        first=np.arange(trucks + 1) * stations,
        station=np.tile(np.arange(stations), trucks),
        drive=np.full(stops, 1.5),
        used=np.full(stops, 0.7),
    )
