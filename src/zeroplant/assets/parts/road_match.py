"""Whether the swap stations at a road fit its trucks and stand near enough to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zeroplant.assets.base import Asset
from zeroplant.assets.parts.pack_family import PackFamily
from zeroplant.assets.parts.road_parts import TruckClass
from zeroplant.errors import Problem, suggestion
from zeroplant.transport.reach import Path, gap

SITING = "add a station between, or leave out 'stations' and run 'zeroplant siting'"
Stations = Mapping[str, str]
"""Stations by name, each with its place."""


def packs_of(asset: Asset | None) -> Mapping[str, PackFamily]:
    """Pack families of a swap station by their names; none for anything else."""
    found = getattr(asset, "packs", None)
    families = found.items() if isinstance(found, Mapping) else ()
    return {name: each for name, each in families if isinstance(each, PackFamily)}


def problems_of(
    stations: Stations, paths: Sequence[tuple[Path, TruckClass]], assets: Mapping[str, Asset]
) -> Iterator[Problem]:
    """Stations that are none, packs that do not fit, and ways on which a truck would stand still.

    Nothing is said of ways before the stations are right; a road without stations is right.
    """
    wrong = [*_no_stations(stations, assets)] or [*_unlike_packs(stations, paths, assets)]
    yield from wrong
    if wrong or not stations:
        return
    told: set[str] = set()
    for path, truck in paths:
        problem = _gap(stations, path, truck, assets)
        if problem is not None and problem.what not in told:
            told.add(problem.what)
            yield problem


def _no_stations(stations: Stations, assets: Mapping[str, Asset]) -> Iterator[Problem]:
    known = [name for name, asset in assets.items() if packs_of(asset)]
    for name in stations:
        if not packs_of(assets.get(name)):
            there = f"the asset '{name}' is no swap station"
            what = there if name in assets else f"there is no asset '{name}'"
            instead = suggestion(name, known) or "declare one of kind: swap_station"
            yield Problem(f"stations: {what}", instead=instead)


def _unlike_packs(
    stations: Stations, paths: Sequence[tuple[Path, TruckClass]], assets: Mapping[str, Asset]
) -> Iterator[Problem]:
    """A station counts packs by its own levels of charge, so both must mean the same pack."""
    classes = {id(truck): truck for _, truck in paths}
    for name in stations:
        families = packs_of(assets[name])
        if not any(truck.pack in families for truck in classes.values()):
            what = f"no truck on the road takes a pack of the station '{name}'"
            yield Problem(what, instead=f"its packs are: {', '.join(families)}")
        for truck in classes.values():
            family = families.get(truck.pack)
            if family is None:
                continue
            if family.trucks is not None:
                what = f"the station '{name}' says itself how many trucks come for '{truck.pack}'"
                yield Problem(what, instead="leave out 'trucks' of that pack there")
            for mine, theirs in (
                ("energy", "energy"),
                ("full", "soc_max"),
                ("reserve", "soc_min"),
            ):
                here, there = getattr(truck, mine), getattr(family, theirs)
                if abs(here - there) > 1e-9:
                    unit, scale = (" kWh", 1e3) if mine == "energy" else ("", 1.0)
                    what = (
                        f"trucks say '{mine}' {scale * here:g}{unit} of the pack '{truck.pack}', "
                        f"and the station '{name}' says '{theirs}' {scale * there:g}{unit}"
                    )
                    yield Problem(what, instead="write the same in both")


def _gap(
    stations: Stations, path: Path, truck: TruckClass, assets: Mapping[str, Asset]
) -> Problem | None:
    """Where a truck would stand still for want of a station that has its pack."""
    places = {place for name, place in stations.items() if truck.pack in packs_of(assets[name])}
    tour = path.tour
    if not places & set(tour.places) and tour.ring:
        what = f"on {path.name} no station has packs '{truck.pack}'"
        return Problem(what, instead=f"put one at {' or '.join(dict.fromkeys(tour.places))}")
    found = gap(path, places)
    if found is None:
        return None
    what = f"{path.name} cannot be driven {found}"
    return Problem(what, instead=SITING)
