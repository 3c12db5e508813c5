"""What a forecast is made from: for each pair (last measured step, target step) one row.

Rows for learning and rows for forecasting are made by the same functions, so that a model sees
in service what it has seen in learning. All values are shares of the quantity's rating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate import references
from zeroplant.operate.almanac import Almanac, Moments
from zeroplant.operate.past import Issues
from zeroplant.operate.power_curve import Curve
from zeroplant.operate.references import DAYLIGHT, Seen


@dataclass(frozen=True)
class Pairs:
    """The rows asked for: last measured step, target step, and the moment [us] it is asked at."""

    last: Ints
    target: Ints
    known: Ints

    @property
    def ahead(self) -> Floats:
        """Steps from the last measurement to the target."""
        return (self.target - self.last).astype(float)


@dataclass(frozen=True)
class Sight:
    """What rows are made from: the values seen, the weather forecasts, calendar and sun.

    ``solar`` says that the quantity is nothing without the sun (`follows_the_sun`); ``long``
    that about half a year has been seen, so that seasons mean something; ``usual_change`` is the
    mean size of a change over an hour.
    """

    seen: Seen
    issues: Mapping[str, Issues]
    almanac: Almanac
    per_day: int
    step: int
    solar: bool
    long: bool
    usual_change: float = 0.0
    curve: Curve | None = None

    def weather(self, index: Ints, known: Ints) -> dict[str, Floats]:
        """Each variable's newest forecast for each step."""
        return {name: each.at(index, known) for name, each in self.issues.items()}


@dataclass(frozen=True)
class Rows:
    """What is known for each pair.

    ``simple``: (rows, references), nan where one says nothing; ``wide``: (rows, features);
    ``unrest``: how much the values have lately moved, as a multiple of what is usual, (rows,).
    """

    simple: Floats
    wide: Floats
    unrest: Floats


LATELY = 14
"""Days over which it is seen how a weather forecast has lately come out."""

CALMEST, WILDEST = 0.5, 2.0
"""Bounds of how restless a quantity is taken to be, as multiples of what is usual."""

SIMPLE = ("last", "day", "week", "course", "curve", "curve at last", "curve lately", "one")
"""The references that are blended, in the order of their columns."""


def rows(sight: Sight, pairs: Pairs) -> Rows:
    """References and features of each pair."""
    moments = sight.almanac.at(pairs.target)
    now = sight.almanac.at(pairs.last)
    seen, last, target, almanac = sight.seen, pairs.last, pairs.target, sight.almanac
    days = references.same_times(seen, last, target, almanac)
    yesterday = references.day_before(seen, last, target, almanac)
    course = references.recent_course(seen, last, target, almanac)
    week = references.week_before(seen, last, target, almanac)
    held = references.persistence(seen, last)
    if sight.solar:
        held = references.clear_sky_persistence(seen, now.clear, moments.clear, last, yesterday)
    forecast = sight.weather(target, pairs.known)
    curve, curve_now = _curves(sight, pairs, forecast, moments, now)
    ratio = _lately(sight, last)
    if sight.solar:  # what the sky was clearer than forecast, at the target's height of the sun
        lit = now.clear > DAYLIGHT
        scale = np.where(lit, moments.clear / np.maximum(now.clear, DAYLIGHT), 0.0)
        curve_now = np.where(lit, curve_now * scale, curve)
        held = np.where(lit, held, curve if sight.curve else held)
    simple = np.stack(
        [held, yesterday, week, course, curve, curve_now, curve * ratio, np.ones(last.size)], axis=1
    )
    columns = [
        pairs.ahead,
        *_calendar(sight, moments),
        *_recent(sight, last),
        held,
        yesterday,
        days[1],
        course,
        week,
        curve,
        curve * ratio,
        ratio,
        held - curve_now,
        *_around(sight, pairs, forecast),
    ]
    return Rows(simple, np.stack(columns, axis=1), _unrest(sight, last))


def follows_the_sun(values: Floats, moments: Moments) -> bool:
    """Whether a quantity is there only while the sun is up (and is there at all)."""
    good = np.isfinite(values) & np.isfinite(moments.elevation)
    dark = good & (moments.elevation < -3)
    light = good & (moments.elevation > 15)
    if dark.sum() < 20 or light.sum() < 20:
        return False
    day = np.abs(values[light]).mean()
    return bool(day > 0.01 and np.abs(values[dark]).mean() < 0.02 * day)


def _calendar(sight: Sight, moments: Moments) -> list[Floats]:
    angle = 2 * np.pi * moments.day / 365.25
    season = [np.cos(angle), np.sin(angle)] if sight.long else []
    return [moments.hour, moments.weekday, moments.elevation, moments.clear, *season]


def _recent(sight: Sight, last: Ints) -> list[Floats]:
    """The last value, its means over an hour, three and a day, and its rise over the hour."""
    seen, hour = sight.seen, max(1, sight.per_day // 24)
    value = seen.at(last)
    means = [seen.mean(last, steps) for steps in (hour, 3 * hour, sight.per_day)]
    return [value, *means, value - seen.at(last - hour)]


def _around(sight: Sight, pairs: Pairs, forecast: Mapping[str, Floats]) -> list[Floats]:
    """The weather forecast at the target, and how its chief variable moves around it."""
    columns = list(forecast.values())
    if sight.curve is not None:
        hour = max(1, sight.per_day // 24)
        chief = sight.issues[sight.curve.variable]
        near = [chief.at(pairs.target + shift, pairs.known) for shift in (-3 * hour, 3 * hour)]
        columns += [each - forecast[sight.curve.variable] for each in near]
    return columns


def _curves(
    sight: Sight, pairs: Pairs, forecast: Mapping[str, Floats], moments: Moments, now: Moments
) -> tuple[Floats, Floats]:
    """What the weather forecast says of the target, and of the step last measured."""
    if sight.curve is None:
        nothing = np.full(pairs.last.size, np.nan)
        return nothing, nothing
    name = sight.curve.variable
    earlier = {name: sight.issues[name].at(pairs.last, pairs.known)}
    return sight.curve(forecast, moments.hour), sight.curve(earlier, now.hour)


def movement(seen: Seen, per_day: int) -> Seen:
    """Size of the change over the hour before each step."""
    values, hour = seen.values, max(1, per_day // 24)
    change = np.full(values.size, np.nan)
    change[hour:] = np.abs(values[hour:] - values[:-hour])
    return Seen(seen.first, change)


def _unrest(sight: Sight, last: Ints) -> Floats:
    """How much values have moved in the weeks up to a step, as a multiple of what is usual.

    1 for what follows the sun: its changes tell the season, not the sky.
    """
    if sight.solar or sight.usual_change <= 0:
        return np.ones(last.size)
    mean = movement(sight.seen, sight.per_day).mean(last, LATELY * sight.per_day)
    multiple = np.nan_to_num(mean / sight.usual_change, nan=1.0)
    return np.clip(multiple, CALMEST, WILDEST)


def _lately(sight: Sight, last: Ints) -> Floats:
    """Sum of the values over sum of what the curve said of them, over the weeks up to a step."""
    if sight.curve is None or not last.size:
        return np.ones(last.size)
    weeks = LATELY * sight.per_day
    first = max(sight.seen.first, int(last.min()) - weeks)
    index = np.arange(first, int(last.max()) + 1)
    name = sight.curve.variable
    forecast = {name: sight.issues[name].at(index, index * sight.step)}
    said = sight.curve(forecast, sight.almanac.at(index).hour)
    came = sight.seen.at(index)
    both = np.isfinite(said) & np.isfinite(came)
    means = [Seen(first, np.where(both, each, np.nan)).mean(last, weeks) for each in (said, came)]
    wanted, least = means[0], 1e-3
    ratio = means[1] / np.maximum(wanted, least)
    return np.where(wanted > least, np.clip(ratio, 0.4, 2.5), 1.0)
