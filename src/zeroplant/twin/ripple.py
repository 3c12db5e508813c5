"""Ripple: how much and how fast a series moves within its quarter-hours, by what moves it.

**Wind.** Gusts of the turbulence that also rounds the generic power curves (a deviation of 0.10 of
the wind) go through the power curve around the speed that gives this power: nothing at rest and at
the rating, most halfway. Turbines of a farm feel them each by itself: the deviation is that of one
over √n. Gusts of 340 m (the length scale of the spectrum of IEC 61400-1) pass in some 45 s.

**Sun.** The deviation of the clear-sky index k within an hour is 0.87·k²·(1 − k) + 0.39·√k·σ₃, σ₃
that of k against the hours beside (Skartveit and Olseth, Solar Energy 49, 1992): nothing below a
clear sky and a dark one, most under broken cloud. Half of that variance lies within quarter-hours;
the rest is between them, where the series has it. A plant as wide as l averages it over
0.042 s/m·l (Marcos et al., Solar Energy 99, 2014); of a signal with a memory of τ, a filter of
first order with the time t leaves the deviation √(τ/(τ + t)).

**All else**: loads by 0.4 % of their greatest value, other generation by 2 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.assets.solar import Solar
from zeroplant.assets.wind import Wind
from zeroplant.axis import Axis, Floats
from zeroplant.operate.standing import Standing
from zeroplant.plant.places import site_of
from zeroplant.twin.devices import ratings, restless
from zeroplant.twin.physics import Physics
from zeroplant.twin.within import MEMORY
from zeroplant.weather.site import Site
from zeroplant.weather.sun import sun
from zeroplant.weather.turbines import TURBULENCE, power_curve

TURBINE = 5.0
"""MW of a turbine."""
CLOUD = 60.0
"""Seconds of memory of a cloud's edge: 600 m at 10 m/s."""
WITHIN = np.sqrt(0.5)
"""Part of an hour's deviation within its quarters: 1 − 2(x − 1 + e⁻ˣ)/x², x the span over a memory
of 10 min, is 0.36 of the variance for a quarter-hour and 0.72 for an hour."""
AREA, PER_METRE = 15_000.0, 0.042
"""m² per MW of modules, and seconds of averaging per metre of the plant's width."""
DARK = 20.0
"""W/m² of a clear sky below which the sun is too low to speak of clouds."""


@dataclass(frozen=True)
class Ripple:
    """By flow: ``deviation`` (periods, flows) in the flow's unit, ``memory`` (2, flows) seconds."""

    deviation: Floats
    memory: Floats


def plain_ripple(physics: Physics) -> Ripple:
    """Nothing known of what moves it."""
    flows, stages = len(physics.sort), physics.network.axis.stages
    deviation = np.tile(restless(physics) * np.minimum(ratings(physics), 1e12), (stages, 1))
    return Ripple(deviation, np.full((2, flows), MEMORY))


def ripple_of(standing: Standing, physics: Physics) -> Ripple:
    """What the sites of wind and sun say of a plant's flows."""
    found, plant = plain_ripple(physics), standing.plant
    for name, asset in plant.assets.items():
        if not isinstance(asset, (Wind, Solar)):
            continue
        flow = standing.network.flow_named(f"{name}.output").index
        power = physics.most[:, flow]
        if isinstance(asset, Wind):
            rating = standing.sizes.get(f"{name}.power", asset.power)
            if isinstance(rating, float | int) and rating > 0.0:
                found.deviation[:, flow] = gusts(power, float(rating), asset)
        elif asset.needs_weather:
            place = asset.site or next(iter(plant.sites))
            rating = standing.sizes.get(f"{name}.power", asset.power)
            if isinstance(rating, float | int) and rating > 0.0:
                smooths = PER_METRE * np.sqrt(AREA * float(rating))
                index = _clear_index(site_of(plant, place), standing.network.axis)
                left = WITHIN * np.sqrt(CLOUD / (CLOUD + smooths))
                found.deviation[:, flow] = left * power * clouds(index, standing.network.axis.hours)
                found.memory[:, flow] = CLOUD, smooths
    return found


def gusts(power: Floats, rating: float, asset: Wind) -> Floats:
    """Deviation of a farm's output from its mean, MW, at each mean ``power``."""
    curve = power_curve(asset.turbine)
    kept = (1.0 - asset.wake) * (1.0 - asset.outage) * (1.0 - asset.electrical)
    speed, share = np.array(curve.speed), np.array(curve.power)
    rises = np.flatnonzero(np.diff(np.maximum.accumulate(share), prepend=-1.0) > 0.0)
    speed, share = speed[rises], share[rises]
    part = power / (rating * kept)
    felt = np.interp(part, share, speed)
    gust = TURBULENCE * felt
    more, less = (np.interp(felt + sign * gust, speed, share) for sign in (1.0, -1.0))
    # How far beyond its rated speed the wind is, a power at the rating does not say.
    moves = np.where((part <= share[0]) | (part >= share[-1]), 0.0, 0.5 * (more - less))
    return np.asarray(rating * kept * moves / np.sqrt(max(rating / TURBINE, 1.0)))


def clouds(index: Floats, hours: float) -> Floats:
    """Deviation of the clear-sky index within a period, as a share of it; see the module."""
    span = max(round(1.0 / hours), 1)
    before = (
        np.concatenate([np.full(span, index[0]), index[:-span]]) if span < len(index) else index
    )
    after = np.concatenate([index[span:], np.full(span, index[-1])]) if span < len(index) else index
    beside = np.sqrt(0.5 * ((index - before) ** 2 + (index - after) ** 2))
    k = np.clip(index, 0.0, 1.0)
    deviation = 0.87 * k**2 * (1.0 - k) + 0.39 * np.sqrt(k) * beside
    return np.divide(deviation, k, out=np.zeros_like(k), where=k > 0.0)


def _clear_index(site: Site, axis: Axis) -> Floats:
    """Clear-sky index of the last periods of a site's weather; 0 where the sun is too low."""
    clear = sun(site.axis, site.latitude, site.longitude).clear[-axis.stages :]
    ghi = site.weather.ghi[-axis.stages :]
    return np.divide(ghi, clear, out=np.zeros_like(ghi), where=clear > DARK)
