"""Where swap stations must stand: the flow-refuelling location model (Kuby & Lim 2005).

In the arc-cover form of Capar, Kuby, Leon & Tsai (2013): one row per arc, "one of the places from
which its end is reached has a station"; see `zeroplant.transport.reach`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from zeroplant.axis import Axis
from zeroplant.errors import InputError, Problem
from zeroplant.solve import solve
from zeroplant.transport.reach import Path, arcs, drivable, gap
from zeroplant.waist import Network, Size, total_of

TIE = 1e-5
"""What one station more counts, over the cost of the dearest: it decides between equals."""


@dataclass(frozen=True)
class Siting:
    """Places with a station, in the order of the candidates, and which paths can be driven."""

    places: tuple[str, ...]
    drivable: tuple[bool, ...]
    cost: float


def fewest(paths: Sequence[Path], costs: Mapping[str, float], *, factor: float = 1.0) -> Siting:
    """The cheapest stations with which every path can be driven.

    ``costs`` of each candidate place; of equally cheap choices, the fewest stations. Raises
    InputError naming the paths that all candidates together do not make drivable.
    """
    needs = [arcs(path, costs, factor) for path in paths]
    stuck = [path for path, need in zip(paths, needs, strict=True) if frozenset() in need]
    if stuck:
        named = {path.name: path for path in reversed(stuck)}  # loads of one way need one line
        raise InputError(_undrivable(path, costs, factor) for path in reversed(named.values()))
    network, sites = _network(costs)
    for number, arc in enumerate(sorted(set().union(*needs), key=sorted)):
        here = total_of(sites[place] for place in sorted(arc))
        network.budget(f"arc {number}", here, at_least=1.0, unit="stations")
    dearest = max(costs.values(), default=0.0) or 1.0
    for place, site in sites.items():
        price = costs[place] / dearest + TIE
        network.line("siting", place, site, price, kind="investment", unit="station")
    return _read(network, sites, paths, costs, factor)


def most(
    paths: Sequence[Path], costs: Mapping[str, float], number: int, *, factor: float = 1.0
) -> Siting:
    """With so many stations at most, those with which most trucks can drive their path.

    Among equals the cheapest, as far as a thousandth of a truck per day is worth it.
    """
    needs = [arcs(path, costs, factor) for path in paths]
    network, sites = _network(costs)
    network.budget("stations", total_of(sites.values()), at_most=float(number), unit="stations")
    for index, (path, need) in enumerate(zip(paths, needs, strict=True)):
        if frozenset() in need:
            continue
        driven = network.size(f"path {index}", upper=1.0, unit="paths")
        network.line("siting", f"path {index}", driven, path.trucks, kind="revenue", unit="1/d")
        for step, arc in enumerate(need):
            missing = driven - total_of(sites[each] for each in sorted(arc))
            network.budget(f"arc {index}.{step}", missing, at_most=0.0, unit="stations")
    dearest = 1e-3 / (1.0 + sum(costs.values()))
    for place, site in sites.items():
        price = dearest * costs[place]
        network.line("siting", place, site, price, kind="investment", unit="station")
    return _read(network, sites, paths, costs, factor)


def _undrivable(path: Path, costs: Mapping[str, float], factor: float) -> Problem:
    what = f"{path.name} cannot be driven, whatever is built: {gap(path, costs, factor)}"
    return Problem(what, instead="add a candidate there, or give the trucks larger packs")


def _network(costs: Mapping[str, float]) -> tuple[Network, dict[str, Size]]:
    """One yes or no for each candidate; time plays no part."""
    network = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), 1))
    sites = {
        place: network.size(f"site {place}", upper=1.0, integer=True, unit="station")
        for place in costs
    }
    return network, sites


def _read(
    network: Network,
    sites: Mapping[str, Size],
    paths: Sequence[Path],
    costs: Mapping[str, float],
    factor: float,
) -> Siting:
    solution = solve(network, gap=0.0)
    places = tuple(place for place, site in sites.items() if solution.number(site) > 0.5)
    can = tuple(drivable(path, places, factor) for path in paths)
    return Siting(places, can, sum((costs[place] for place in places), 0.0))
