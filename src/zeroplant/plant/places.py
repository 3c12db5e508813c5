"""Sites of a plant, with their weather on the plant's axis."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from zeroplant.axis import Axis
from zeroplant.errors import InputError, Problem
from zeroplant.plant.schema import Plant
from zeroplant.plant.site import SitePlace, WeatherFile
from zeroplant.series import read_weather
from zeroplant.series.weatherfile import Source
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import check_step, generate
from zeroplant.weather.site import Site, Weather

SEA_LEVEL_PRESSURE = 101_325.0


def site_of(plant: Plant, name: str) -> Site:
    """A site of the plant with its weather. Raises InputError for weather that cannot be had."""
    place, axis = plant.sites[name], plant.axis
    weather, usual = _weather_of(plant, name)
    given = (place.latitude, place.longitude, place.altitude)
    latitude, longitude, altitude = (
        there if here is None else here for here, there in zip(given, usual, strict=True)
    )
    return Site(name, latitude, longitude, altitude, axis.zone, axis, weather)


def check_site(plant: Plant, name: str) -> None:
    """Raise InputError if the site cannot have weather on the plant's axis; generates none."""
    place = plant.sites[name]
    if place.weather is None:
        check_step(plant.axis)
    else:
        _from_file(place.weather, plant.folder, plant.axis)


def _weather_of(plant: Plant, name: str) -> tuple[Weather, tuple[float, float, float]]:
    """Weather of all scenarios; those that say the same of a site have the same weather."""
    found: dict[SitePlace, tuple[Weather, tuple[float, float, float]]] = {}
    places = plant.site_places(name)
    for place in places:
        if place not in found:
            found[place] = _weather(place, plant.folder, plant.time.axis)
    weather, usual = found[places[0]]
    if len(places) == 1:
        return weather, usual
    if any(other.wind_height != weather.wind_height for other, _ in found.values()):
        what = f"the wind of site '{name}' is measured at another height in some scenarios"
        raise InputError(Problem(what, instead="take all its weather from files, or from climates"))
    columns = (field.name for field in fields(Weather) if field.name != "wind_height")
    joined = {
        column: np.concatenate([getattr(found[place][0], column) for place in places])
        for column in columns
    }
    return Weather(**joined, wind_height=weather.wind_height), usual


def _weather(
    place: SitePlace, folder: Path, axis: Axis
) -> tuple[Weather, tuple[float, float, float]]:
    """Weather, and the latitude, longitude and altitude it comes with."""
    if place.weather is not None:
        return _from_file(place.weather, folder, axis), (0.0, 0.0, 0.0)
    assert place.climate is not None
    table = climate(place.climate)
    return generate(table, axis, place.seed), (table.latitude, table.longitude, table.altitude)


def _from_file(said: WeatherFile, folder: Path, axis: Axis) -> Weather:
    path = folder / said.file
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    try:
        return _read(path, changed, axis, said.source, said.zone)
    except InputError as error:
        # as the plant file calls it: its folder is no news
        named = [replace(p, what=p.what.replace(str(path), said.file)) for p in error.problems]
        raise InputError(named) from None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, axis: Axis, source: Source, zone: str | None) -> Weather:
    """Weather of a file; ``changed`` tells one state of the file from another."""
    columns = read_weather(path, axis, source, zone=zone)
    return Weather(
        ghi=columns["ghi"],
        dni=columns["dni"],
        dhi=columns["dhi"],
        temp_air=columns["temp_air"],
        wind_speed=columns["wind_speed"],
        pressure=columns.get("pressure", np.full(axis.stages, SEA_LEVEL_PRESSURE)),
    )
