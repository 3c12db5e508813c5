"""Inflow of a river: storms through a flood reservoir and a slow one. Generated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.weather.latent import filtered
from zeroplant.weather.season import course, mid_month, month_position

RIVER = 301
MONSOON = (0.27, 0.25, 0.35, 0.60, 0.95, 1.20, 2.25, 1.90, 2.00, 1.20, 0.65, 0.38)
"""Months of a river of the upper Yangtze basin with its floods from June to September, over the
year's mean. General knowledge of the region's rivers, medium confidence; not a gauge."""
RISE = 0.25
"""Rising time of a flood over its falling time."""
MEMORIES = 6


def river(
    axis: Axis,
    seed: int,
    *,
    mean: float = 500.0,
    months: Sequence[float] = MONSOON,
    flood_share: float = 0.5,
    flood_hours: float = 96.0,
    base_days: float = 40.0,
    storm_days: float = 4.0,
) -> Floats:
    """Inflow [m3/s] of each stage, with this long-term mean; never negative.

    Storms come at random, ``storm_days`` apart on average, with exponential sizes that follow the
    ``months`` (over the mean; scaled to 1). The share ``flood_share`` of the water runs off
    through a reservoir that empties with ``flood_hours``, the rest with ``base_days``: after a
    flood flow falls by exp(−24 / ``flood_hours``) a day, later by exp(−1 / ``base_days``).
    """
    _check(mean, months, flood_share, min(flood_hours, base_days, storm_days))
    slow = base_days * 24
    before = int(np.ceil(MEMORIES * slow / axis.hours))
    step = np.timedelta64(round(axis.hours * 3600), "s")
    times = axis.times[0] + (np.arange(-before, axis.periods) * step)
    # Water comes out later than it falls; rain is set early by the mean delay.
    delay = flood_share * (1 + RISE) * flood_hours + (1 - flood_share) * slow
    month = month_position(times + np.timedelta64(round(delay * 3600), "s"))
    factor = course(mid_month(np.array(months, dtype=float) / np.mean(months)), month)
    water = np.maximum(factor, 0.02) * _storms(axis, seed, before, storm_days)
    flood = _drained(_drained(water, flood_hours, axis.hours), RISE * flood_hours, axis.hours)
    base = _drained(water, slow, axis.hours)
    flow = mean * (flood_share * flood + (1 - flood_share) * base)
    return flow[:, before:].ravel()


def _storms(axis: Axis, seed: int, before: int, storm_days: float) -> Floats:
    """Rain over its mean (chains, before + periods): nothing most of the time."""
    rain = np.empty((len(axis.chains), before + axis.periods))
    chance = axis.hours / (24 * storm_days)
    for chain in range(len(axis.chains)):
        draw = np.random.default_rng(np.random.SeedSequence([seed, RIVER], spawn_key=(chain,)))
        count = draw.poisson(chance, rain.shape[1])
        # The sum of n exponential storms is gamma distributed with shape n.
        rain[chain] = draw.standard_gamma(count) / chance
    return rain


def _drained(water: Floats, hours: float, step: float) -> Floats:
    """Outflow of a linear reservoir that empties with this time; as much comes out as goes in."""
    return (1.0 - float(np.exp(-step / hours))) * filtered(water, (hours, 0.0), step)


def _check(mean: float, months: Sequence[float], share: float, shortest: float) -> None:
    """Name everything about the river that cannot be."""
    problems = []
    if mean <= 0:
        problems.append(Problem(f"a mean flow of {mean:g} m3/s", "river", "a flow above 0"))
    if len(months) != 12 or min(months, default=0) < 0 or sum(months) <= 0:
        problems.append(Problem("the months are not twelve figures from 0 up", "river"))
    if not 0 <= share <= 1:
        problems.append(Problem(f"a flood share of {share:g}", "river", "a share from 0 to 1"))
    if shortest <= 0:
        problems.append(Problem("a time that is not above 0", "river"))
    if problems:
        raise InputError(problems)
