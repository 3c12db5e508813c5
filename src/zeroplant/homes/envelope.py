"""What the homes can be relied on for: MW less or more, for so long, with such a probability.

Two things are uncertain. **The day**: what the rooms and batteries of a group could hold in the
same hour differs from day to day, and is known for every day of a plan. **The homes**: on call,
each device answers or not, for its owner opted out, its link or itself is down; that is a draw for
each home, and many homes make it narrow. A concentrator that fails takes all of its homes with it,
which more homes do not help. The firm power is the quantile of both together: on that share of
all days and draws there is at least so much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.room_store import Promise

HOURS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Lengths of a call."""


@dataclass(frozen=True)
class Reliability:
    """Chances, all stated and none measured: they belong to the place and its programme.

    ``answers``: that a device which is enrolled answers, its owner's opt-out aside. ``fails``: that
    a concentrator is down; ``concentrators`` share the homes equally. ``draws`` are taken.
    """

    answers: float = 0.98
    fails: float = 0.005
    concentrators: int = 20
    draws: int = 400
    seed: int = 0


@dataclass(frozen=True)
class Kind:
    """Devices of a kind: ``count``, chance to stay in (no ``opt_out``), and what all could do.

    ``less`` and ``more`` (lengths, stages) [MW]: power that all of them together could take less,
    or more, for each length of a call.
    """

    count: int
    opt_out: float
    less: Floats
    more: Floats


def answering(kinds: Sequence[Kind], chances: Reliability) -> Floats:
    """Share of the devices of each kind that answer, (kinds, draws).

    A kind's homes are spread over the concentrators; one that is down takes its part of every
    kind.
    """
    rng = np.random.default_rng(chances.seed)
    parts = chances.concentrators
    works = rng.random((chances.draws, parts)) >= chances.fails
    shares = np.zeros((len(kinds), chances.draws))
    for number, kind in enumerate(kinds):
        each = np.full(parts, kind.count // parts)
        each[: kind.count % parts] += 1
        chance = chances.answers * (1.0 - kind.opt_out)
        there = rng.binomial(each, chance, size=works.shape) * works
        shares[number] = there.sum(axis=1) / max(kind.count, 1)
    return shares


def firm(
    kinds: Sequence[Kind], chances: Reliability, which: NDArray[np.bool_], levels: Sequence[float]
) -> Floats:
    """Firm power (2, lengths, levels) [MW], less then more, over the stages ``which`` (stages,).

    ``levels`` are probabilities, such as 0.95. Zero without stages or kinds.
    """
    found = np.zeros((2, len(HOURS), len(levels)))
    if not kinds or not which.any():
        return found
    shares = answering(kinds, chances)
    for way, name in enumerate(("less", "more")):
        can = np.stack([getattr(kind, name)[:, which] for kind in kinds])
        for length in range(len(HOURS)):
            both = can[:, length].T @ shares
            found[way, length] = np.quantile(both, [1.0 - level for level in levels])
    return found


def by_hour(
    kinds: Sequence[Kind], chances: Reliability, axis: Axis, season: NDArray[np.bool_],
    levels: Sequence[float],
) -> Floats:  # fmt: skip
    """Firm power by hour of the day in a season (stages,): (24, 2, lengths, levels) [MW]."""
    clock = axis.hour_of_day.astype(np.int64)
    each = [firm(kinds, chances, season & (clock == hour), levels) for hour in range(24)]
    return np.stack(each)


def rooms_kind(promises: Sequence[Promise], count: int, opt_out: float, axis: Axis) -> Kind:
    """Rooms called while they are on their thermostats' course.

    ``promises`` are those the plan counts, with ``opt_out`` taken off; here opt-out is a draw.

    Calls shorter than a stage are those of a whole one, which is on the safe side.
    """
    less, more = np.zeros((2, len(HOURS), axis.stages))
    for place, hours in enumerate(HOURS):
        for promise in promises:
            cut, rise = sustained_both(promise, hours, axis)
            less[place] += cut / (1.0 - opt_out)
            more[place] += rise / (1.0 - opt_out)
    return Kind(count, opt_out, less, more)


def sustained_both(promise: Promise, hours: float, axis: Axis) -> tuple[Floats, Floats]:
    """Greatest constant cut and rise [MW] from rest that last ``hours`` from each stage on.

    As `zeroplant.homes.aggregate.sustained`, which gives the cut: a rise x makes s grow to x·z
    and ends where U or the greatest m does.
    """
    from zeroplant.homes.aggregate import sustained

    periods = max(1, round(hours / axis.hours))
    most, depth = np.full(axis.stages, np.inf), np.zeros(axis.stages)
    for step in range(periods):  # a handful: the hours of one call
        then = np.minimum(np.arange(axis.stages) + step, axis.stages - 1)
        pull = promise.pull[then]
        each = np.divide(1.0, pull, out=np.zeros_like(pull), where=pull > 0)
        depth = promise.keep[then] * depth + each
        most = np.minimum(most, promise.highest[then] * pull)
        limit = promise.up[then]
        most = np.minimum(most, np.divide(limit, depth, out=np.zeros_like(limit), where=depth > 0))
    most[max(0, axis.stages - periods + 1) :] = 0.0
    return sustained(promise, hours, axis), most


def batteries_kind(
    classes: BatteryClasses, level: Floats, count: int, one_way: float, axis: Axis
) -> Kind:
    """Batteries at the ``level`` (classes, stages) [MWh] that a plan leaves them, from rest.

    The level counts as it is before the stage.
    """
    chains = level.reshape(len(level), len(axis.chains), axis.periods)
    before = np.roll(chains, 1, axis=2).reshape(level.shape)
    power, full = classes.power[:, None], classes.energy[:, None]
    less, more = np.zeros((2, len(HOURS), axis.stages))
    for place, hours in enumerate(HOURS):
        less[place] = np.minimum(power, before * one_way / hours).sum(axis=0)
        space = np.maximum(full - before, 0.0)
        more[place] = np.minimum(power, space / (one_way * hours)).sum(axis=0)
    return Kind(count, 0.0, less, more)
