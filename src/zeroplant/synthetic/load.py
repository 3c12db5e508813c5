"""Electric loads: an industrial park, an expressway service area, a tunnel. Generated."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.synthetic.calendar import days_from_new_year, holiday, weekend
from zeroplant.weather.latent import streams

PARK, AREA, TUNNEL = 101, 102, 103
"""Streams of random numbers, one per kind, so that the same seed gives unlike noise."""

SHIFTS = (
    0.965, 0.955, 0.95, 0.945, 0.945, 0.95, 0.965, 0.975, 1.01, 1.045, 1.055, 1.04,
    1.0, 1.03, 1.05, 1.05, 1.025, 1.01, 1.01, 1.02, 1.015, 1.005, 0.995, 0.975,
)  # fmt: skip
VISITORS = (
    0.30, 0.24, 0.20, 0.19, 0.21, 0.30, 0.48, 0.75, 1.05, 1.30, 1.50, 1.75,
    1.85, 1.65, 1.45, 1.40, 1.45, 1.60, 1.65, 1.40, 1.10, 0.85, 0.62, 0.42,
)  # fmt: skip


def industrial_park(
    axis: Axis,
    seed: int,
    *,
    mean: float = 100.0,
    night: float = 1.0,
    festival: float = 0.45,
    noise: float = 0.03,
) -> Floats:
    """Load [MW] of a park of three-shift factories, with about this yearly mean.

    A flat day with a dip at noon, weekends 4 % lower, cooling in summer; ``night`` stretches the
    daily shape (1: three shifts; 4 and more: one shift); around the Spring Festival the load
    falls by the share ``festival`` and comes back over two weeks, as provincial loads of 2018
    do; ``noise`` is the standard deviation of what nobody planned, lasting hours to days.
    """
    shape = 1 + night * (_daily(axis, SHIFTS) - 1)
    week = np.where(weekend(axis), 0.97, 1.01)
    summer = 1 + 0.05 * np.clip(np.cos(2 * np.pi * (axis.month_of_year - 7.5) / 12), 0, 1)
    away = days_from_new_year(axis) - 2
    dip = 1 - festival * np.exp(-((away / np.where(away < 0, 7.0, 11.0)) ** 2))
    usual = np.maximum(shape, 0.05) * week * summer * dip
    level = 1.016 * (1 - festival * np.sqrt(np.pi) / 2 * 18 / 365)
    load: Floats = mean / level * usual * _uneven(axis, seed, PARK, noise, (12.0, 1.0))
    return load


def service_area(
    axis: Axis, seed: int, *, mean: float = 0.5, holidays: float = 1.6, noise: float = 0.12
) -> Floats:
    """Load [MW] of an expressway service area without chargers, with about this yearly mean.

    It follows travellers: lunch and dinner high, night at a base of cooling and lights, more on
    Fridays and Sundays, ``holidays`` times as many around the Spring Festival, May and October.
    """
    travel = _daily(axis, VISITORS)
    week = np.array([0.95, 0.93, 0.94, 0.98, 1.08, 1.04, 1.08])[axis.weekday]
    rush = np.where(holiday(axis), holidays, 1.0)
    usual = 0.35 + 0.65 * travel * week * rush
    level = 1 + 0.65 * 18 / 365 * (holidays - 1)
    load: Floats = mean / level * usual * _uneven(axis, seed, AREA, noise, (3.0, 0.0))
    return load


def tunnel(axis: Axis, seed: int, *, mean: float = 0.3, noise: float = 0.05) -> Floats:
    """Load [MW] of a road tunnel with about this yearly mean.

    Basic lighting always; the entrance is lit against daylight and so follows the sun; fans
    follow traffic.
    """
    hour = axis.hour_of_day + axis.hours / 2
    daylight = np.clip(np.cos(2 * np.pi * (hour - 12.8) / 24) + 0.05, 0, None)
    fans = _daily(axis, VISITORS) * np.where(holiday(axis), 1.3, 1.0)
    usual = 0.45 + 0.30 * daylight / 0.343 + 0.25 * fans
    load: Floats = mean / 1.004 * usual * _uneven(axis, seed, TUNNEL, noise, (4.0, 0.0))
    return load


def _daily(axis: Axis, shape: tuple[float, ...]) -> Floats:
    """A shape of 24 hourly figures, made mean 1, read at the middle of each stage."""
    values = np.array(shape) / np.mean(shape)
    middle = (axis.hour_of_day + axis.hours / 2 - 0.5) % 24
    return np.asarray(np.interp(middle, np.arange(25), np.append(values, values[:1])), dtype=float)


def _uneven(axis: Axis, seed: int, kind: int, noise: float, memory: tuple[float, float]) -> Floats:
    """Log-normal factor of mean 1 and about this relative standard deviation."""
    score = streams([memory], axis, (seed, kind))[0].ravel()
    return np.asarray(np.exp(noise * score - noise**2 / 2), dtype=float)
