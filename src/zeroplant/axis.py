"""Time as the plant sees it: periods of equal length, in one or many chains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import NDArray

from zeroplant.errors import InputError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Span = Literal["period", "hour", "day", "month", "chain", "horizon"]

HOURS_PER_YEAR = 8760.0
SLACK = 1e-9
"""Relative rounding of a period such as a third of an hour, which is 1200 s all the same."""


@dataclass(frozen=True)
class Chain:
    """A run of periods that follow each other: a weather year, a scenario, a typical day.

    ``weight`` says how often it counts: a probability for scenarios, a number of days for
    typical days, 1 for a single year.
    """

    name: str
    weight: float = 1.0


@dataclass(frozen=True)
class Axis:
    """Periods of equal length; a *stage* is one period of one chain.

    Every array over time has one entry per stage, chain after chain. ``start`` is the start of
    the first period (any zone; kept in UTC), ``hours`` the length of a period, ``zone`` the
    plant's own time zone, used for tariffs, months and everything shown.
    """

    start: datetime
    periods: int
    hours: float = 1.0
    zone: str = "UTC"
    chains: tuple[Chain, ...] = (Chain("base"),)

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            message = "the start of the time axis has no zone"
            raise InputError(Problem(message, instead="write it as 2025-01-01T00:00+08:00"))
        seconds = self.hours * 3600 if math.isfinite(self.hours) else 0.0
        if self.periods < 1 or not self.chains or round(seconds) < 1:
            raise InputError(Problem("a time axis needs at least one period of positive length"))
        if abs(seconds - round(seconds)) > SLACK * seconds:
            raise InputError(Problem(f"periods of {seconds:g} s are not whole seconds"))
        if any(not (0 <= chain.weight < math.inf) for chain in self.chains):
            raise InputError(Problem("a chain's weight is negative or not a number"))
        if len({chain.name for chain in self.chains}) < len(self.chains):
            raise InputError(Problem("two chains of the time axis have the same name"))
        zone_named(self.zone)
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    @property
    def stages(self) -> int:
        """Number of periods of all chains together."""
        return self.periods * len(self.chains)

    @property
    def step(self) -> timedelta:
        """Length of a period."""
        return timedelta(hours=self.hours)

    @cached_property
    def weight(self) -> Floats:
        """Hours each stage stands for: period length times chain weight."""
        weights = np.array([chain.weight for chain in self.chains], dtype=float)
        return np.repeat(weights * self.hours, self.periods)

    def weight_over(self, span: Span) -> Floats:
        """Hours each stage counts for in a sum over a span.

        Over the horizon chains add up by their weights: the expectation over scenarios. A month
        or a day lies within one chain, where every hour is an hour.
        """
        return self.weight if span == "horizon" else np.full(self.stages, self.hours)

    def share_over(self, span: Span) -> Floats:
        """How much each group of a span counts in the objective: the weight of its chain."""
        if span == "horizon":
            return np.ones(1)
        groups = self.groups(span)
        return np.asarray(np.bincount(groups, self.weight) / np.bincount(groups) / self.hours)

    @property
    def years(self) -> float:
        """Years (of 8,760 h) the weighted stages add up to."""
        return float(self.weight.sum()) / HOURS_PER_YEAR

    @cached_property
    def times(self) -> NDArray[np.datetime64]:
        """Start of each period of one chain, in UTC, without zone."""
        first = np.datetime64(self.start.replace(tzinfo=None), "s")
        return first + (np.arange(self.periods) * round(self.hours * 3600)).astype("m8[s]")

    @cached_property
    def local(self) -> NDArray[np.datetime64]:
        """Start of each period of one chain on the plant's own clock, without zone."""
        ahead = seconds_ahead(self.times, zone_named(self.zone))
        local: NDArray[np.datetime64] = self.times + ahead.astype("m8[s]")
        return local

    @property
    def year(self) -> int:
        """Calendar year in which the axis starts on the plant's clock."""
        return int(self.local[0].astype("M8[Y]").astype(np.int64)) + 1970

    @cached_property
    def hour_of_day(self) -> Floats:
        """Hour of the plant's day at the start of each stage (0 ≤ h < 24)."""
        seconds = (self.local - self.local.astype("M8[D]")).astype(float)
        return self.tile(seconds / 3600)

    @cached_property
    def month_of_year(self) -> Ints:
        """Month 1…12 of each stage on the plant's clock."""
        return np.tile(self.local.astype("M8[M]").astype(np.int64) % 12 + 1, len(self.chains))

    @cached_property
    def weekday(self) -> Ints:
        """Day of the week of each stage, Monday = 0."""
        days = self.local.astype("M8[D]").astype(np.int64)
        return np.tile((days + 3) % 7, len(self.chains))

    def groups(self, span: Span) -> Ints:
        """Number the stages by the span of time they fall in: 0, 0, …, 1, 1 and so on.

        ``period`` numbers every stage, ``hour``, ``day`` and ``month`` follow the plant's clock
        within each chain, ``chain`` gives one number per chain, ``horizon`` one for all.
        """
        if span == "period":
            return np.arange(self.stages)
        if span == "horizon":
            return np.zeros(self.stages, dtype=np.int64)
        chain = np.repeat(np.arange(len(self.chains)), self.periods)
        if span == "chain":
            return chain
        unit = {"hour": "M8[h]", "day": "M8[D]", "month": "M8[M]"}[span]
        clock = self.local
        if span == "hour":  # an hour that a clock change doubles is two hours
            clock = self.times + (self.local - self.times) % np.timedelta64(3600, "s")
        within = np.unique(clock.astype(unit), return_inverse=True)[1].astype(np.int64)
        return np.tile(within, len(self.chains)) + chain * (int(within.max()) + 1)

    def tile(self, values: Floats) -> Floats:
        """One chain's values repeated for every chain."""
        return np.tile(np.asarray(values, dtype=float), len(self.chains))

    def full(self, values: float | Floats) -> Floats:
        """A number, one chain's values or all stages' values, as one value per stage."""
        array = np.asarray(values, dtype=float)
        if array.shape == (self.stages,):
            return array
        if array.ndim == 0:
            return np.broadcast_to(array, (self.stages,))
        if array.shape == (self.periods,):
            return self.tile(array)
        wanted = f"{self.periods}" if len(self.chains) == 1 else f"{self.periods} or {self.stages}"
        raise InputError(Problem(f"{array.shape} values where {wanted} periods are wanted"))

    def total(self, values: float | Floats) -> float:
        """Integral over the weighted stages: MW in, MWh out."""
        return float(self.weight @ self.full(values))


def zone_named(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises InputError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        instead = f"did you mean '{near[0]}'?" if near else "write one such as Asia/Shanghai"
        raise InputError(Problem(f"unknown zone '{name}'", instead=instead)) from None


def seconds_ahead(times: NDArray[np.datetime64], info: tzinfo) -> Ints:
    """Seconds a clock is ahead of UTC at each time; looked up by day but on days of a change."""
    days, index = np.unique(times.astype("M8[D]"), return_inverse=True)
    before, after = (_each_ahead(each.astype("M8[s]"), info) for each in (days, days + 1))
    found = before[index]
    changing = (before != after)[index]
    found[changing] = _each_ahead(times[changing], info)
    return found


def _each_ahead(times: NDArray[np.datetime64], info: tzinfo) -> Ints:
    """The same, looked up time by time."""
    moments = (datetime.fromtimestamp(int(second), tz=info) for second in times.astype(np.int64))
    ahead = [(moment.utcoffset() or timedelta(0)).total_seconds() for moment in moments]
    return np.array(ahead, dtype=np.int64)
