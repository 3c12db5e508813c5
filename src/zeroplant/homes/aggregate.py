"""A whole population of homes at the plant's scale: fixed load, roofs, and a few stores.

Three kinds of store, each an inner approximation with its proof beside it: rooms (`room_store`),
batteries (`battery_store`) and cars (`car_store`). Availability and opt-out scale what is
counted: homes that do not take part keep their own habits and are load; of the others a share
``opt_out`` is taken to have left whenever it matters, so that the rest can keep the promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.homes.battery_store import BatteryClasses, battery_classes
from zeroplant.homes.car_store import CarGroup, car_groups
from zeroplant.homes.population import Batteries, Population, Rooms
from zeroplant.homes.room_store import Climate, Promise, groups_of, promise_of


@dataclass(frozen=True)
class Aggregate:
    """What the homes are to the plant.

    ``load`` [MW]: air-conditioners and cars that nobody steers. ``rooms``: the steered rooms of
    each group, ``promises`` what each promises with opt-out taken off. ``batteries`` are the
    steered ones, ``classes`` what they promise, ``cars`` the steered groups.
    """

    load: Floats
    rooms: list[Rooms]
    promises: list[Promise]
    batteries: Batteries
    classes: BatteryClasses
    cars: list[CarGroup]


@dataclass(frozen=True)
class Grouping:
    """How many groups of rooms, classes of batteries and groups of cars; opt-out and reserve.

    ``usable``: share of a battery's energy that moves.
    """

    rooms: int = 3
    batteries: int = 2
    cars: int = 1
    opt_out: float = 0.0
    usable: float = 1.0


def aggregate(
    population: Population, axis: Axis, climate: Climate | None, grouping: Grouping
) -> Aggregate:
    """The population as a few stores; without ``climate`` there are no rooms."""
    batteries = population.batteries.only(population.batteries.joins)
    classes = battery_classes(batteries, grouping.batteries, usable=grouping.usable)
    cars, load = car_groups(population.cars, axis, grouping.cars)
    rooms: list[Rooms] = []
    promises: list[Promise] = []
    if climate is not None and len(population.rooms):
        everyone = population.rooms
        steered = everyone.only(everyone.joins)
        rooms = [steered.only(members) for members in groups_of(steered, grouping.rooms)]
        with ThreadPoolExecutor(2) as threads:
            free = threads.submit(
                promise_of, everyone.only(~everyone.joins), climate, flexible=False
            )
            promises = list(threads.map(lambda each: promise_of(each, climate), rooms))
        load = load + free.result().base
    promises = [without(promise, grouping.opt_out) for promise in promises]
    return Aggregate(load, rooms, promises, batteries, classes, cars)


def without(promise: Promise, opt_out: float) -> Promise:
    """A promise of rooms of which a share follows its own thermostat."""
    stays = 1.0 - opt_out
    return replace(promise, pull=promise.pull * stays, energy=promise.energy * stays)


def periods_of(hours: float, axis: Axis) -> int:
    """Periods that an event of so many hours takes."""
    return max(1, round(hours / axis.hours))


def depths(promise: Promise, periods: int, axis: Axis) -> Iterator[tuple[Ints, Floats]]:
    """For an event from each stage on, period by period: the stage then, and how deep z is after.

    A cut c from rest leaves the state at −c·z, with z' = k·z + 1/A.
    """
    depth = np.zeros(axis.stages)
    for step in range(periods):  # a handful: the hours of one event
        then = np.minimum(np.arange(axis.stages) + step, axis.stages - 1)
        pull = promise.pull[then]
        each = np.divide(1.0, pull, out=np.zeros_like(pull), where=pull > 0)
        depth = promise.keep[then] * depth + each
        yield then, depth


def sustained(promise: Promise, hours: float, axis: Axis) -> Floats:
    """Greatest constant cut [MW] from rest that can be held for ``hours`` from each stage on.

    From s = 0 a cut c makes s fall to −c·z with z' = k·z + 1/A; it ends where D or the least m
    does. Zero where the horizon, or the day of the rooms, ends before.
    """
    periods = periods_of(hours, axis)
    most = np.full(axis.stages, np.inf)
    for then, depth in depths(promise, periods, axis):
        most = np.minimum(most, -promise.lowest[then] * promise.pull[then])
        limit = promise.down[then]
        most = np.minimum(most, np.divide(limit, depth, out=np.zeros_like(limit), where=depth > 0))
    most[max(0, axis.stages - periods + 1) :] = 0.0
    return most
