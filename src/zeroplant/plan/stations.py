"""A plan's swap stations and the trucks between them, simulated event by event.

Where the plan counts trucks by the hour, here each comes by chance at a minute of its own, and one
that waited at a station comes later to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.assets.parts.swap_replay import as_planned, pack_kind, trucks_by_chance
from zeroplant.assets.parts.swap_stock import Stock
from zeroplant.assets.road import Road
from zeroplant.assets.swap_station import SwapStation
from zeroplant.axis import Axis, Ints
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.plant import Plant
from zeroplant.transport.corridor import PackKind, Schedule, SwapPlace, Visits, run_corridor
from zeroplant.transport.drawn import Trucks, fleet_of, on_the_road, visitors
from zeroplant.transport.station_report import Service, served_at
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution


@dataclass(frozen=True)
class Served:
    """One station, or all of them (``name`` is empty), over the simulated days.

    ``swaps`` and ``cycles`` (full cycles of a pack in the rack) are per day, ``charged`` and
    ``planned`` MWh at the node, less what was given back. ``service`` is None where nobody came.
    """

    name: str
    swaps: float
    cycles: float
    charged: float
    planned: float
    service: Service | None


@dataclass(frozen=True)
class Simulated:
    """What the simulation found: ``days`` from ``begin`` on, and each station, then all.

    ``scenario`` is the name of the chain that was simulated, ``probability`` its share.
    """

    scenario: str
    probability: float
    days: float
    begin: str
    stations: list[Served]
    corridor: Served


def simulate(
    plant: Plant,
    solution: Solution,
    *,
    days: float | None = None,
    seed: int = 1,
    at_once: bool = False,
    chain: int = 0,
) -> Simulated:
    """Simulate the first ``days`` of one chain (scenario) of a solved plan, or all of it.

    Stations keep to the plan's charging and to what is to be ready (`Schedule`), or charge every
    pack ``at_once`` as it comes. Raises InputError for a plant without swap stations.
    """
    network, axis = solution.network, solution.network.axis
    stations = swap_stations(plant)
    periods = axis.periods
    if days is not None:
        check_days(days)
        periods = int(np.clip(round(days * 24.0 / axis.hours), 1, axis.periods))
    scopes = {name: Scope(network, name) for name in stations}
    stocks = {name: station.recalled(scopes[name]) for name, station in stations.items()}
    families = _Families.of(stocks)
    first = chain * axis.periods
    places, stages = [], slice(first, first + axis.periods)
    for name, station in stations.items():
        place = as_planned(station, scopes[name], solution, stocks[name], stages)
        places.append(_shorter(families.known(stocks[name], place), periods))
    plans = [_planned(place) for place in places]
    if at_once:
        places = [replace(place, schedule=None) for place in places]
    random = np.random.default_rng(seed)
    trucks = _trucks(plant, solution, stocks, families, periods=periods, random=random, chain=chain)
    fleet = fleet_of(trucks)
    visits = run_corridor(
        places, fleet, kinds=families.kinds, periods=periods, hours=axis.hours, fits=families.fits
    )
    run = _Run(places, plans, families, visits, periods * axis.hours / 24.0)
    each = [run.served(name, [number]) for number, name in enumerate(stations)]
    begin = str(axis.local[0].astype("M8[D]"))
    own, every = axis.chains[chain], sum(each.weight for each in axis.chains)
    probability = own.weight / every if every else 0.0
    both = run.served("", range(len(places)))
    return Simulated(own.name, probability, run.days, begin, each, both)


def chains_of(axis: Axis, scenario: str | None) -> list[int]:
    """Numbers of the chains to simulate: all, or the one of that name.

    Raises InputError for a scenario that is none.
    """
    names = [chain.name for chain in axis.chains]
    if scenario is None:
        return list(range(len(names)))
    if scenario not in names:
        instead = suggestion(scenario, names) or f"write one of: {', '.join(names)}"
        raise InputError(Problem(f"the plan has no scenario '{scenario}'", instead=instead))
    return [names.index(scenario)]


def check_days(days: float) -> None:
    """Raises InputError for what is no number of days."""
    if not np.isfinite(days):
        instead = "write a number, or leave it out for all days of the plan"
        raise InputError(Problem(f"{days} is no number of days to simulate", instead=instead))


def swap_stations(plant: Plant) -> dict[str, SwapStation]:
    """A plant's swap stations by name. Raises InputError where there are none."""
    stations = {n: each for n, each in plant.assets.items() if isinstance(each, SwapStation)}
    if not stations:
        what = "the plant has no asset of kind 'swap_station', so there is nothing to simulate"
        raise InputError(Problem(what, instead="try it with: zeroplant new swap-corridor"))
    return stations


@dataclass(frozen=True)
class _Families:
    """Pack families of all stations: one name means one kind of pack along the whole road."""

    names: list[str]
    kinds: list[PackKind]
    fits: Ints

    @classmethod
    def of(cls, stocks: Mapping[str, Sequence[Stock]]) -> _Families:
        every = [stock for each in stocks.values() for stock in each]
        names = list(dict.fromkeys(stock.name for stock in every))
        first = {stock.name: pack_kind(stock) for stock in reversed(every)}
        fits = np.eye(len(names), dtype=np.int64)
        for stock in every:
            for truck in stock.family.also_fits:
                fits[names.index(truck), names.index(stock.name)] = 1
        return cls(names, [first[name] for name in names], fits)

    def known(self, stocks: Sequence[Stock], place: SwapPlace) -> SwapPlace:
        """A station whose packs are numbered like those of all stations."""
        number = np.array([self.names.index(stock.name) for stock in stocks])
        return replace(place, kind=number[place.kind])


def _shorter(place: SwapPlace, periods: int) -> SwapPlace:
    """A station's first periods."""
    schedule, most = place.schedule, place.most
    assert schedule is not None
    ends = slice(0, periods + 1)
    first = Schedule(schedule.power[:periods], schedule.stored[ends], schedule.ready[ends])
    return replace(
        place, schedule=first, most=most if np.ndim(most) == 0 else np.asarray(most)[:periods]
    )


def _trucks(
    plant: Plant,
    solution: Solution,
    stocks: Mapping[str, Sequence[Stock]],
    families: _Families,
    *,
    periods: int,
    random: np.random.Generator,
    chain: int,
) -> Iterator[Trucks]:
    """Trucks of the roads, and those that come to a station by themselves."""
    names, axis = list(stocks), solution.network.axis
    hours, first = axis.hours, chain * axis.periods
    for road in plant.assets.values():
        if not isinstance(road, Road) or not road.stations:
            continue

        def choice(place: str, family: str, at: Mapping[str, str] = road.stations) -> Ints:
            fit = [n for n in at if at[n] == place and any(s.name == family for s in stocks[n])]
            return np.array([names.index(name) for name in fit])

        for driven in road.driven:
            family = families.names.index(driven.stream.family)
            yield on_the_road(driven, choice, periods * hours, family, random, chain=chain)
    for number, each in enumerate(stocks.values()):
        own = [stock for stock in each if stock.family.trucks is not None]
        for stock in own:
            stages = slice(first, first + periods)
            times, charge, _ = trucks_by_chance(solution, [stock], stages, random)
            family = families.names.index(stock.name)
            yield visitors(times, charge, number, stock.family.soc_max, family)


@dataclass(frozen=True)
class _Run:
    """Stations, the mean MW each was to draw, what happened at them, and over how many days."""

    places: Sequence[SwapPlace]
    plans: Sequence[float]
    families: _Families
    visits: Visits
    days: float

    def served(self, name: str, which: Sequence[int]) -> Served:
        """Sums over some stations, by number."""
        visits, number = self.visits, np.array(which)
        energy = np.array([kind.energy for kind in self.families.kinds])
        room = sum(float(energy[self.places[n].kind].sum()) for n in which)
        into = sum(float(visits.charged[n].sum()) * self.places[n].efficiency for n in which)
        swapped = visits.served & np.isin(visits.station, number)
        alone = None if len(number) == len(self.places) else int(number[0])
        return Served(
            name=name,
            swaps=float(swapped.sum()) / self.days,
            cycles=into / room / self.days if room else 0.0,
            charged=float((visits.charged - visits.given)[number].sum()),
            planned=sum(self.plans[n] for n in which) * 24.0 * self.days,
            service=served_at(visits, alone),
        )


def _planned(place: SwapPlace) -> float:
    """Mean MW that a station was to draw."""
    assert place.schedule is not None
    return float(place.schedule.power.mean())
