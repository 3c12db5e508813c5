"""What can be wrong between the parts of a plant that are each right by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from zeroplant.assets import kinds
from zeroplant.assets.base import Refers
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.plant.draft import Draft
from zeroplant.plant.places import check_site
from zeroplant.plant.schema import Plant
from zeroplant.series import Profile

Found = Iterator[tuple[tuple[str | int, ...], Problem]]
"""Problems with their places in the file."""


def problems_across(read: Draft) -> Found:
    """Names of nothing, series that do not fit the time axis, weather that is not there, rules.

    Nothing is said of series and weather where the time axis itself is wrong.
    """
    for name, said in read.broken.items():
        for loc, problem in _of_broken(said, read):
            yield ("assets", name, *loc), problem
    plant = read.plant
    if plant is None:
        return
    for name, asset in plant.assets.items():
        for loc, problem in _of_part(asset, plant, read):
            yield ("assets", name, *loc), problem
    yield from _weather(plant, read)
    yield from _rules(plant, read)
    carriers = {name: node.carrier for name, node in plant.nodes.items()}
    for kind in dict.fromkeys(type(asset) for asset in plant.assets.values()):
        for name, problem in kind.across(plant.assets, carriers):
            yield ("assets", name), problem


def _of_part(part: BaseModel, plant: Plant, read: Draft) -> Found:
    """References and profiles of an asset and of the sections inside it."""
    for name, field in type(part).model_fields.items():
        value, key = getattr(part, name), field.alias or name
        for place, inner in _entries(value):
            if isinstance(inner, Profile) and read.timed:
                for problem in inner.problems(plant.axis):
                    yield (key, *place), problem
            elif isinstance(inner, BaseModel):
                for loc, problem in _of_part(inner, plant, read):
                    yield (key, *place, *loc), problem
        for place, named in _names(value, field):
            for problem in _misdirected(named, field, read):
                yield (key, *place), problem


def _entries(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """What stands in a mapping or a list, each with its place; anything else by itself."""
    if isinstance(value, dict):
        yield from (((key,), inner) for key, inner in value.items())
    elif isinstance(value, (list, tuple)):
        yield from (((place,), inner) for place, inner in enumerate(value))
    else:
        yield (), value


def _names(value: Any, field: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The names a field gives: itself, those in a list, or the keys of a mapping by name."""
    if isinstance(value, dict):
        first = getattr(field.annotation, "__args__", (None,))[0]
        marked = any(isinstance(mark, Refers) for mark in getattr(first, "__metadata__", ()))
        yield from (((key,), key if marked else inner) for key, inner in value.items())
    else:
        yield from _entries(value)


def _of_broken(said: Any, read: Draft) -> Found:
    """References of an asset in which something else is wrong."""
    kind = kinds().get(str(said.get("kind"))) if isinstance(said, dict) else None
    for name, field in kind.model_fields.items() if kind else ():
        key = field.alias or name
        if isinstance(said.get(key), str):
            for problem in _misdirected(said[key], field, read):
                yield (key,), problem


def _misdirected(value: Any, field: Any, read: Draft) -> Iterator[Problem]:
    """A name that refers to nothing, or to a node of another carrier."""
    for mark in _references(field):
        known = read.names[mark.to]
        if value is not None and known is not None and value not in known:
            instead = suggestion(value, sorted(known)) or f"declare it under '{mark.to}s'"
            yield Problem(f"there is no {mark.to} '{value}'", instead=instead)
        elif mark.carriers and read.plant is not None:
            carriers = {name: node.carrier for name, node in read.plant.nodes.items()}
            if value in carriers and carriers[value] not in mark.carriers:
                fit = [name for name, carrier in carriers.items() if carrier in mark.carriers]
                wanted = " or ".join(mark.carriers)
                what = f"the node '{value}' carries {carriers[value]}, not {wanted}"
                declare = f"declare a node with carrier: {mark.carriers[0]}"
                yield Problem(what, instead=f"write one of: {', '.join(fit)}" if fit else declare)


def _references(field: Any) -> Iterator[Refers]:
    """Marks on a field, also where it may be left out (`SiteName | None`)."""
    yield from (mark for mark in field.metadata if isinstance(mark, Refers))
    for part in getattr(field.annotation, "__args__", ()):
        yield from (m for m in getattr(part, "__metadata__", ()) if isinstance(m, Refers))


def _weather(plant: Plant, read: Draft) -> Found:
    """A kind that needs weather needs a site, and the site's weather must fit the time axis."""
    needy = {name: asset for name, asset in plant.assets.items() if asset.needs_weather}
    if read.names["site"] == set():
        instead = "declare a site with a climate under 'sites', or give 'availability'"
        what = "it needs weather, and the plant has no site"
        for name, asset in needy.items():
            if plant.site_name(asset) is None:  # else the name itself is the problem
                yield ("assets", name), Problem(what, instead=instead)
        return
    used = {plant.site_name(asset) for asset in needy.values()}
    for name in plant.sites:
        if name not in used or not read.timed:
            continue
        try:
            check_site(plant, name)
        except InputError as error:
            part = "weather" if plant.sites[name].weather else "climate"
            for problem in error.problems:
                yield ("sites", name, part), problem


def _rules(plant: Plant, read: Draft) -> Found:
    """Rules must have begun by the plan's first year, and each pack holds once."""
    seen: set[str] = set()
    for place, choice in zip(read.rules, plant.rules, strict=True):
        if choice.pack in seen:
            what = f"the rule pack '{choice.pack}' stands here a second time"
            yield ("rules", place, "pack"), Problem(what, instead="keep one of them")
        seen.add(choice.pack)
        if not read.timed:
            continue
        try:
            choice.resolve(plant.axis.year)
        except InputError as error:
            for problem in error.problems:
                yield ("rules", place), problem
