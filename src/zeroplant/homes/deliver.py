"""From the plan of a few stores to a schedule for every home that adds up to it.

The proofs in `room_store`, `battery_store` and `car_store` are recipes: each says what one home
does when the group does this or that. Here they are carried out, and what comes out is run
through each home's own equations again, against each home's own limits.

**Both ways in one hour.** A home battery is the sum of parts in several classes, and in some
hours one class charges while another discharges. The home then does both, one after the other in
the same hour: first it discharges d, then it charges c. Its parts being c₁ + c₂ ≤ P₁ + P₂ and so
on, c + d ≤ P, which leaves time for both at full power; the lowest level on the way is that of
the parts that do not discharge, never below 0, and the last is that of the plan. So power (on
average over the hour), energy and losses are those of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.car_store import CarGroup
from zeroplant.homes.population import Batteries, Cars, Rooms
from zeroplant.homes.room import kept, performance
from zeroplant.homes.room_store import Climate, Promise, Thermostats, shared_out, thermostats_of

CELLS = 1_000_000
"""Homes times stages that are worked on at once, which bounds the memory."""
BUSY = 1e-6
"""MW above which a battery is said to charge or discharge."""


@dataclass(frozen=True)
class StorePlan:
    """What the few stores do; powers [MW], one value per stage.

    ``rooms``: power of each group. ``charge`` and ``discharge`` (classes, stages) of batteries,
    ``level`` (classes,) [MWh] at the start of the chain. ``cars``: power of each group.
    """

    rooms: Sequence[Floats]
    charge: Floats
    discharge: Floats
    level: Floats
    cars: Sequence[Floats]


@dataclass(frozen=True)
class BatteryRules:
    """One-way efficiency, share of the energy that moves, share of the level kept per stage."""

    one_way: float
    usable: float = 1.0
    keep: float = 1.0


@dataclass(frozen=True)
class Share:
    """What some homes do, (homes, stages), and how well it holds.

    ``power`` [MW] net, ``state``: level [MWh] or temperature [°C] at the end of each stage, found
    by running the power through the home's own equation. ``beyond``: most by which a power or a
    state is outside the home's own limits, in MW, MWh or K. ``both``: share of the hours in
    which a battery goes both ways, 0 for others.
    """

    members: Ints
    power: Floats
    state: Floats
    beyond: float
    both: float = 0.0


def state_of(promise: Promise, climate: Climate, power: Floats) -> Floats:
    """The state s of a group of rooms (stages,) that takes this power [MW].

    From s' = k·s + m and ``power`` = base + A·m, beginning at 0 every morning.
    """
    works = promise.pull > 0
    move = np.where(works, (power - promise.base) / np.where(works, promise.pull, 1.0), 0.0)
    keep = np.where(works, promise.keep, 0.0)
    state = np.zeros(len(power))
    starts = climate.starts
    longest = int(np.diff(starts).max())
    for hour in range(longest):  # of a day: all days at once
        here = starts[:-1] + hour
        here = here[here < starts[1:]]
        before = state[here - 1] if hour else 0.0
        state[here] = keep[here] * before + move[here]
    return state


def deliver_rooms(
    rooms: Rooms, climate: Climate, promise: Promise, power: Floats, *, opt_out: float = 0.0
) -> Iterator[Share]:
    """What the rooms of a group do when it takes ``power``, some rooms at a time.

    ``opt_out`` is the share that was left out of the promise. As long as nobody leaves, every
    room moves by so much less: s·(1 − opt_out) for all is on the way between rest and s, both
    within their limits.
    """
    state = state_of(promise, climate, power) * (1.0 - opt_out)
    portion = max(1, CELLS // len(power))
    for first in range(0, len(rooms), portion):
        members = np.arange(first, min(first + portion, len(rooms)))
        own = rooms.only(members)
        part = replace(promise, scale=np.ascontiguousarray(promise.scale[members]))
        yield _room_share(own, climate, part, state, members)


def _room_share(
    rooms: Rooms, climate: Climate, promise: Promise, state: Floats, members: Ints
) -> Share:
    """Powers by the formula of the proof, then temperatures by the room's own equation."""
    power, _ = shared_out(rooms, climate, promise, state)
    alone = thermostats_of(rooms, climate)
    indoor, mode = _run(rooms, climate, alone, power)
    goal = np.where(mode > 0, rooms.summer[:, None], rooms.winter[:, None])
    # Where the weather takes even the thermostat out of the band, no plan may make it worse.
    band = np.maximum(rooms.band[:, None], np.abs(alone.indoor - goal))
    outside = ((np.abs(indoor - goal) - band) * (mode != 0)).max(initial=0.0)
    rated = rooms.power[:, None] * (mode != 0)
    beyond = max(float((power - rated).max()), float(-power.min()), 0.0)
    return Share(members, power, indoor, max(beyond * 1e3, float(outside)))


def _run(rooms: Rooms, climate: Climate, alone: Thermostats, power: Floats) -> tuple[Floats, Ints]:
    """Temperatures of rooms that take ``power``; windows and blankets as beside the thermostat.

    The difference to the thermostat's course obeys the room's equation without the weather.
    """
    from zeroplant.homes.recursion import first_order

    mode = np.asarray(climate.season[climate.starts[:-1]])[climate.day]
    own = kept(rooms.resistance, rooms.capacity, climate.axis.hours)
    cooling = rooms.cop[:, None] * performance(1.0, climate.outdoor)
    heating = rooms.heating_cop[:, None] * performance(1.0, climate.outdoor, heating=True)
    cop = np.where(mode > 0, cooling, heating)
    more = (1.0 - own)[:, None] * rooms.resistance[:, None] * cop * (power - alone.power)
    moved = first_order(own, np.zeros(len(rooms)), np.ascontiguousarray(more))
    return alone.indoor - mode * moved, mode


def deliver_batteries(
    batteries: Batteries, classes: BatteryClasses, plan: StorePlan, rules: BatteryRules,
    hours: float,
) -> Iterator[Share]:  # fmt: skip
    """What each steered battery does, some at a time; power is what it takes less what it gives."""
    portion = max(1, CELLS // plan.charge.shape[1])
    for first in range(0, len(batteries), portion):
        members = np.arange(first, min(first + portion, len(batteries)))
        parts = classes.parts[members] / np.where(classes.power > 0, classes.power, np.inf)
        charge, give, start = parts @ plan.charge, parts @ plan.discharge, parts @ plan.level
        yield _battery_share(batteries.only(members), charge, give, start, rules, hours, members)


def _battery_share(  # noqa: PLR0917
    batteries: Batteries, charge: Floats, give: Floats, start: Floats, rules: BatteryRules,
    hours: float, members: Ints,
) -> Share:  # fmt: skip
    """Levels by each battery's own equation; an hour discharges first."""
    from zeroplant.homes.recursion import first_order

    change = hours * (rules.one_way * charge - give / rules.one_way)
    keep = np.full(len(batteries), rules.keep)
    level = first_order(keep, np.ascontiguousarray(start), np.ascontiguousarray(change))
    full = batteries.energy[:, None] * rules.usable
    before = np.concatenate([start[:, None], level[:, :-1]], axis=1) * rules.keep
    lowest = before - hours * give / rules.one_way
    beyond = max(
        float((charge + give - batteries.power[:, None]).max()), float((level - full).max()),
        float(-lowest.min()), float(-np.minimum(charge, give).min()), 0.0,
    )  # fmt: skip
    both = float(np.mean((charge > BUSY) & (give > BUSY)))
    return Share(members, charge - give, level, beyond, both)


def deliver_cars(cars: Cars, group: CarGroup, axis: Axis, power: Floats) -> Share:
    """What each car of a group does: the group's power in proportion to its energy of the day.

    The state is what has been charged [MWh] since it came home; a night that began before the
    axis does is counted from its start.
    """
    own = cars.only(group.members)
    each = own.energy[:, None] / group.energy * power
    since = (axis.hour_of_day - own.returns[:, None]) % 24.0
    stay = (own.leaves - own.returns)[:, None] % 24.0
    away = since + axis.hours > stay + 1e-9
    total = np.cumsum(each * axis.hours, axis=1)
    left = np.maximum.accumulate(np.where(away, total, 0.0), axis=1)
    charged = total - left
    beyond = max(
        float((each - own.power[:, None] * ~away).max(initial=0.0)),
        float((charged - own.energy[:, None]).max(initial=0.0)),
        float(-each.min(initial=0.0)),
    )
    return Share(group.members, each, charged, beyond)
