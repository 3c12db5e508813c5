"""Before a run: the plant as its controller knows it, the truth it meets, and what is known so far.

Controller and truth are the same plant with other draws of the same climate; the controller sees
the truth only by its devices, and by what was measured in the weeks before the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.operate.forecaster import (
    Forecaster,
    Forecasts,
    PerfectForecaster,
    PersistenceForecaster,
)
from zeroplant.operate.outside import Outside, outside, series
from zeroplant.operate.past import Past
from zeroplant.operate.points import points_of
from zeroplant.operate.series_file import read_measured
from zeroplant.operate.standing import Standing, on_span, stand
from zeroplant.operate.year import Year
from zeroplant.plant import Plant, build
from zeroplant.plant.places import site_of
from zeroplant.plant.time import FIRST_YEAR, LAST_YEAR
from zeroplant.waist.window import Given, window
from zeroplant.weather.prediction import WeatherForecast, predicted

ForecasterName = Literal["ours", "persistence", "perfect"]
HISTORY = 60
"""Days of measurements that the forecaster learns from before the run."""
HORIZON = 96
"""Quarter-hours that schedules look ahead."""


@dataclass(frozen=True)
class Prepared:
    """What a run starts from.

    ``known`` is the controller's plant, ``truth`` the twin's, both on the days of the run and the
    horizon after them; ``past`` truth by outside key in the ``HISTORY`` days before, ``weather``
    all issues of the weather service, ``future`` truth by key in the run, for foresight and skill.
    """

    known: Standing
    truth: Standing
    outside: Mapping[str, Outside]
    past: Mapping[str, Floats]
    future: Mapping[str, Floats]
    weather: tuple[WeatherForecast, ...]
    start: datetime
    days: int


def prepare(
    plant: Plant,
    *,
    start: datetime | None,
    days: int,
    seed: int,
    folder: Path | None,
    sizes: Mapping[str, float] | None = None,
    file: Path | None = None,
    year: Year | None = None,
) -> Prepared:
    """Build both plants; ``file`` holds measured series that take the place of the drawn truth.

    A ``year`` that was solved before is not solved again. Raises InputError, before that takes
    its time, for a start outside of the years that there are, and a file that cannot be read.
    """
    begin = start or plant.axis.start
    if not FIRST_YEAR < begin.year < LAST_YEAR:
        what = f"a run in the year {begin.year} has no room for the weeks before and after it"
        instead = f"begin between {FIRST_YEAR + 1} and {LAST_YEAR - 1}"
        raise InputError(Problem(what, where="start", instead=instead))
    measured = None if file is None else read_measured(file, plant.time.zone)
    known = stand(
        plant, start=begin, days=days, horizon=HORIZON, sizes=sizes, folder=folder, year=year
    )
    begin = known.network.axis.start
    back = begin - timedelta(days=HISTORY)
    other = plant if measured is None else measured.put(plant)
    whole = stand(
        other, start=back, days=HISTORY + days, horizon=HORIZON,
        seed_shift=1000 + seed, year=known.year,
    )  # fmt: skip
    first = round(timedelta(days=HISTORY) / whole.network.axis.step)
    axis = known.network.axis
    levels = _begin(known)
    truth = replace(
        whole, network=window(whole.network, first, axis.periods, Given(levels=levels)),
        worth={name: values[first:] for name, values in whole.worth.items()},
        rule_prices={name: values[first:] for name, values in whole.rule_prices.items()},
        levels=levels,
    )  # fmt: skip
    keys = outside(known.network)
    there = outside(whole.network)
    full = {key: series(whole.network, key) for key in keys if key in there}
    weather = () if measured is None else measured.forecasts
    if not weather:
        weather = weather_of(whole, seed)
    return Prepared(
        known, truth, {key: keys[key] for key in full},
        {key: values[:first] for key, values in full.items()},
        {key: values[first:] for key, values in full.items()}, weather, begin, days,
    )  # fmt: skip


def point_names(plant: Plant) -> tuple[str, ...]:
    """Names of all points of a plant, without the plan of its year: a day of it is built."""
    day = on_span(plant, plant.axis.start, periods=HORIZON)
    return points_of(build(day).network).names


def _begin(known: Standing) -> dict[str, float]:
    """Levels to begin with: those of the season and hour, batteries and the like at least half.

    A mean over a month says nothing of a single night, and an empty battery nothing of a control.
    """
    axis, levels = known.network.axis, dict(known.levels)
    for store in known.network.stores:
        cap = float(axis.full(store.cap.constant)[0])
        if any(flow.role == "charge" for flow in store.fill) and np.isfinite(cap):
            levels[store.name] = max(levels[store.name], 0.5 * cap)
    return levels


def weather_of(whole: Standing, seed: int) -> tuple[WeatherForecast, ...]:
    """What a weather service would have told of the sites of the plant; their weather is known."""
    made = []
    for number, name in enumerate(whole.plant.sites):
        label = f" {name}" if number else ""
        made += predicted(site_of(whole.plant, name), seed=seed + number, label=label)
    return tuple(made)


def forecaster_of(name: ForecasterName, prepared: Prepared, *, seed: int) -> tuple[Forecasts, Past]:
    """A forecaster that knows the weeks before the run, and the past it reads from."""
    axis = prepared.known.network.axis
    past = Past(axis.step, prepared.outside)
    back = prepared.start - timedelta(days=HISTORY)
    first = np.datetime64(back.replace(tzinfo=None), "us")
    step = np.timedelta64(past.step, "us")
    for key, values in prepared.past.items():
        events = first + np.arange(len(values)) * step
        past.tell(key, events, values, events + step)
    for key, each in prepared.outside.items():
        if each.kind == "price":  # which nobody measures: it is known when its quarter-hour is over
            values = series(prepared.known.network, key)
            events = (
                np.datetime64(axis.start.replace(tzinfo=None), "us") + np.arange(len(values)) * step
            )
            past.tell(key, events, values, events + step)
    for issue in prepared.weather:
        past.tell_weather(issue)
    if name == "perfect":
        return PerfectForecaster(prepared.future, axis.start, axis.step), past
    if name == "persistence":
        return PersistenceForecaster(prepared.outside.values(), past, zone=axis.zone), past
    places = list(prepared.known.plant.sites)
    place = None
    if places:
        site = site_of(prepared.known.plant, places[0])
        place = (site.latitude, site.longitude)
    ours = Forecaster(prepared.outside.values(), past, zone=axis.zone, place=place, seed=seed)
    return ours, past
