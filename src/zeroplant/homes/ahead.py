"""Steering a device without knowing the future: what its level is worth, from days gone by.

The future is taken to be like one of the last days, each as likely as the other. For each of them
the exact programme of `solve.fleet` tells what it will cost to go on from every level; the mean
over the days is the **value of the level**, a convex curve. It is an optimistic one, for from the
next hour on every day is planned as if it were known. In the hour that begins, the device takes
the step that is cheapest together with this curve; an hour later everything is made anew from the
measured level. Nothing here is given a figure of a later hour.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.curve import cost_to_go
from zeroplant.solve.fleet.tables import Fleet

STEEP = 100.0
"""Slope of the value beyond the levels from which a day can be done, per unit of level."""


def past_days(now: int, steps: int, days: int, *, per_day: int = 24) -> Ints:
    """Places in the past that stand for the steps after ``now``, (days found, steps).

    Row k is the day k + 1 days ago, at the same hour; steps beyond what is known of it take the
    last whole day known. Every place lies in 0…``now``. On the first day of all, ``now`` itself
    stands for everything.
    """
    ahead = now + np.arange(1, steps + 1)
    place = ahead - per_day * np.arange(1, days + 1)[:, None]
    late = np.maximum(-((now - place) // per_day), 0)
    place = place - per_day * late
    known = (place >= 0).all(axis=1)
    if not known.any():
        return np.full((1, steps), now, dtype=np.int64)
    return np.asarray(place[known], dtype=np.int64)


def value_of_level(ahead: Fleet, scenarios: int, levels: Floats) -> Floats:
    """Mean cost still to come at ``levels`` (homes, G), rising in each row; the same shape.

    ``ahead`` has ``scenarios`` devices for each home, one after the other: the steps after this
    one as each past day has them. Days that cannot be done at all do not count.
    """
    curves = cost_to_go(ahead)
    found: Floats = _means(curves.level, curves.cost, scenarios, np.ascontiguousarray(levels))
    return found


def best_change(step: Fleet, levels: Floats, value: Floats) -> Floats:
    """Change of level (homes,) by each device in a step, cheapest together with its ``value``.

    ``step`` has one step and starts at the measured levels; ``levels`` and ``value`` (homes, G) are
    those of its end. Where no change keeps the bounds, the one that misses them least is taken.
    Neither curtailment nor a limit of the connection is considered.
    """
    found: Floats = _choose(*_one_step(step), step.hours, levels, value)
    return found


def power_of(step: Fleet, change: Floats) -> Floats:
    """Power [kW] at the meter (homes,) of changes of level in a fleet of one step."""
    series, constants = _one_step(step)
    draw = np.maximum(change, 0.0) / (series[:, 5] * step.hours)
    give = np.maximum(-change, 0.0) * constants[:, 1] / step.hours
    return np.asarray(series[:, 2] + draw - give)


def _one_step(step: Fleet) -> tuple[Floats, Floats]:
    """Rows (buy, sell, net, most in, most out, gain, low, high, inflow) and constants."""
    names = ("buy", "sell", "net", "in_most", "out_most", "gain", "low", "high", "inflow")
    rows = [getattr(step, name) for name in names]
    series = np.stack([each.table[each.row, 0] for each in rows], axis=1)
    return series.astype(np.float64), step.arrays.constants


@njit(cache=True, nogil=True, error_model="numpy")
def _means(level: Floats, cost: Floats, scenarios: int, levels: Floats) -> Floats:
    """Curves with corners filled up by nan, read at some levels and averaged."""
    found = np.zeros_like(levels)
    for home in range(len(levels)):
        counted = 0
        for each in range(home * scenarios, (home + 1) * scenarios):
            corners = 0
            while corners < level.shape[1] and not np.isnan(level[each, corners]):
                corners += 1
            if corners == 0:
                continue
            counted += 1
            corner = 0
            for g in range(levels.shape[1]):
                at = levels[home, g]
                low, high = level[each, 0], level[each, corners - 1]
                inside = min(max(at, low), high)
                while corner < corners - 2 and level[each, corner + 1] < inside:
                    corner += 1
                value = cost[each, corner]
                if corners > 1:
                    length = level[each, corner + 1] - level[each, corner]
                    part = (inside - level[each, corner]) / length if length > 0.0 else 0.0
                    value += part * (cost[each, corner + 1] - cost[each, corner])
                found[home, g] += value + STEEP * abs(at - inside)
        if counted:
            found[home] /= counted
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _choose(
    series: Floats, constants: Floats, hours: float, levels: Floats, value: Floats
) -> Floats:
    """The best of all corners: those of the value, of the stage cost, and the ends."""
    homes, count = levels.shape
    best = np.empty(homes)
    for i in range(homes):
        buy, sell, net, most_in, most_out, gain, low, high, inflow = series[i]
        keep, give = constants[i, 0], constants[i, 1]
        wear_in, wear_out, start = constants[i, 2], constants[i, 3], constants[i, 4]
        rest = keep * start + inflow
        least, most = -hours * most_out / give, hours * most_in * gain
        least, most = max(least, min(low - rest, most)), min(most, max(high - rest, least))
        cheapest = np.inf
        for g in range(count + 5):
            if g < count:
                change = levels[i, g] - rest
            elif g == count:
                change = 0.0
            elif g == count + 1:
                change = hours * max(-net, 0.0) * gain
            elif g == count + 2:
                change = -hours * max(net, 0.0) / give
            else:
                change = least if g == count + 3 else most
            change = min(max(change, least), most)
            charge, out = max(change, 0.0) / (gain * hours), max(-change, 0.0) * give / hours
            power = net + charge - out
            price = buy if power > 0.0 else sell
            cost = hours * (price * power + wear_in * charge + wear_out * out)
            cost += _read(levels[i], value[i], rest + change)
            if cost < cheapest - 1e-12:
                cheapest, best[i] = cost, change
    return best


@njit(cache=True, nogil=True, error_model="numpy")
def _read(levels: Floats, value: Floats, at: float) -> float:
    """A value between the levels, and steeply more beyond them."""
    inside = min(max(at, levels[0]), levels[-1])
    right = min(max(np.searchsorted(levels, inside), 1), len(levels) - 1)
    length = levels[right] - levels[right - 1]
    part = (inside - levels[right - 1]) / length if length > 0.0 else 0.0
    found = value[right - 1] + part * (value[right] - value[right - 1])
    return float(found + STEEP * abs(at - inside))
