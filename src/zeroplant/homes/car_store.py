"""Cars charged at home as one or two stores, and why the cars can do what these promise.

A car is plugged in from its return to its leaving and then has used its energy E of the day. The
cars of a group are charged alike: after part s of the night each holds s·E. Its power is then
E·ds/dt, so the group may go no faster than its slowest car, at least of P/E, and only while all
of its cars are at home, which must be one run of hours a day. At its end s = 1. Every car keeps
its own limits by construction; what is lost is charging before the last has come home.
Cars that are not steered charge at full power from the moment they return.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.homes.population import Cars

DAY = 24.0


@dataclass(frozen=True)
class CarGroup:
    """A group of cars at the plant's scale, one value per stage.

    ``cap`` [MW] that may be drawn; ``leaving`` [MW]: rate at which the energy of the day leaves
    with the cars, in the period in which the first leaves; ``energy`` [MWh] of a day.
    ``members``: numbers of its cars.
    """

    cap: Floats
    leaving: Floats
    energy: float
    members: Ints


def car_groups(cars: Cars, axis: Axis, count: int = 2) -> tuple[list[CarGroup], Floats]:
    """Groups of the steered cars by hour of return, and the load [MW] of all other cars.

    A group that is never together long enough to be charged goes to the others. Cars need
    periods of at most two hours; with longer ones all are load.
    """
    steered = np.flatnonzero(cars.joins & (cars.energy > 0) & (cars.power > 0))
    if axis.hours > 2.0:
        steered = steered[:0]
    order = steered[np.argsort(cars.returns[steered], kind="stable")]
    groups = []
    for members in np.array_split(order, max(count, 1)):
        found = _group(cars, axis, members) if members.size else None
        if found is not None:
            groups.append(found)
    free = np.ones(len(cars), dtype=bool)
    for group in groups:
        free[group.members] = False
    return groups, unsteered(cars.only(free), axis)


def unsteered(cars: Cars, axis: Axis) -> Floats:
    """Load [MW] of cars that charge from the moment they return, one value per stage."""
    day = np.arange(0.0, DAY, axis.hours) if axis.hours < DAY else np.zeros(1)
    length = min(axis.hours, DAY)
    if not len(cars):
        return np.zeros(axis.stages)
    needs = np.minimum(cars.energy / np.where(cars.power > 0, cars.power, np.inf), DAY)[:, None]
    since = (day - cars.returns[:, None]) % DAY
    overlap = np.clip(np.minimum(since + length, needs) - since, 0.0, None)
    overlap += np.clip(np.minimum(since + length - DAY, needs), 0.0, None)
    load = (cars.power[:, None] * overlap).sum(axis=0) / length
    place = np.floor(axis.hour_of_day / axis.hours + 1e-9).astype(np.int64)
    return np.asarray(load[np.minimum(place, len(day) - 1)], dtype=float)


def _group(cars: Cars, axis: Axis, members: Ints) -> CarGroup | None:
    """One group, or nothing if its cars have no night together in which they can be charged."""
    own = cars.only(members)
    day = np.arange(0.0, DAY, axis.hours)
    since = (day - own.returns[:, None]) % DAY
    stay = (own.leaves - own.returns)[:, None] % DAY
    home = np.all(since + axis.hours <= stay + 1e-9, axis=0)
    nights = int(np.sum(home & ~np.roll(home, 1)))
    pace = float(np.min(own.power / own.energy)) * axis.hours
    if nights != 1 or int(home.sum()) * pace < 1.0:
        return None
    slot = np.floor(axis.hour_of_day / axis.hours + 1e-9).astype(np.int64)
    together = home[np.minimum(slot, len(day) - 1)]
    leaving, ready = _leavings(axis, together, pace)
    energy = float(own.energy.sum())
    rate = np.where(leaving, energy * ready / axis.hours, 0.0)
    return CarGroup(np.where(together, energy * pace / axis.hours, 0.0), rate, energy, members)


def _leavings(
    axis: Axis, together: NDArray[np.bool_], pace: float
) -> tuple[NDArray[np.bool_], Floats]:
    """Stages in which cars leave, and the share of the day's energy they can hold by then.

    A night that the axis cuts short, at its beginning, charges what it can; the end of a chain
    is followed by its beginning, as the level of the store is.
    """
    shape = (len(axis.chains), axis.periods)
    here = together.reshape(shape)
    before = np.roll(here, 1, axis=1)
    leaving = before & ~here
    done = np.concatenate([here, here], axis=1).cumsum(axis=1)
    marks = np.where(np.concatenate([leaving, leaving], axis=1), done, 0)
    last = np.maximum.accumulate(marks, axis=1)
    at = np.arange(axis.periods) + axis.periods
    slots = done[:, at] - last[:, at - 1]
    return leaving.ravel(), np.minimum(1.0, slots * pace).ravel()
