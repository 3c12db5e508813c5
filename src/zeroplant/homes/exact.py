"""Every home by itself against the few stores: what an inner approximation costs.

A small reference for samples of homes over some days at given prices: each device is a store of
its own in one linear plan. The homes' own answer is never dearer than that of the few stores,
since whatever these promise the homes can do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.population import Batteries, Rooms
from zeroplant.homes.room import kept
from zeroplant.homes.room_store import Climate, Promise, thermostats_of, widths_of
from zeroplant.solve import solve
from zeroplant.waist import Network


@dataclass(frozen=True)
class Cost:
    """What energy costs over some days: without steering, by the few stores, home by home."""

    idle: float
    shared: float
    exact: float

    @property
    def gain(self) -> float:
        """What steering could save at best."""
        return self.idle - self.exact

    @property
    def loss(self) -> float:
        """Share of the possible gain that the few stores miss; 0 where there is nothing to gain."""
        return (self.shared - self.exact) / self.gain if self.gain > 1e-9 * abs(self.idle) else 0.0


def summed(costs: Iterable[Cost]) -> Cost:
    """Several together."""
    idle, shared, exact = 0.0, 0.0, 0.0
    for cost in costs:
        idle, shared, exact = idle + cost.idle, shared + cost.shared, exact + cost.exact
    return Cost(idle, shared, exact)


def battery_cost(
    batteries: Batteries,
    classes: BatteryClasses,
    price: Floats,
    hours: float,
    *,
    one_way: float,
    usable: float = 1.0,
    wear: float = 0.0,
) -> Cost:
    """Batteries trading at ``price`` (periods,), from empty to empty; ``classes`` of these homes.

    ``one_way`` is the efficiency of charging and of discharging, ``wear`` a price per MWh out.
    """
    own = _trade(batteries.power, batteries.energy * usable, price, hours, one_way, wear)
    few = _trade(classes.power, classes.energy, price, hours, one_way, wear)
    return Cost(0.0, few, own)


def room_cost(
    rooms: Rooms, climate: Climate, promise: Promise, members: Ints, price: Floats
) -> Cost:
    """Rooms of one group that pay ``price`` (stages,) for their power.

    ``promise`` is that of the whole group, ``members`` the numbers of these ``rooms`` in it: the
    sample is held to the limits of all the rooms it would share a store with. Both begin and end
    at what the thermostats alone would do.
    """
    alone = thermostats_of(rooms, climate)
    idle = float(np.sum(alone.power @ price) * climate.axis.hours)
    width = widths_of(rooms, climate, promise, members, alone)
    keep = kept(rooms.resistance, rooms.capacity, climate.axis.hours)
    shared = _together(width, alone.grip, keep, promise, price, climate)
    mode = climate.season[climate.starts[:-1]][climate.day]
    goal = np.where(mode > 0, rooms.summer[:, None], rooms.winter[:, None])
    off = (alone.indoor - goal) * mode
    band = rooms.band[:, None] * (mode != 0)
    net = _network(climate.axis)
    last = np.arange(climate.axis.stages) == climate.axis.stages - 1
    for i in range(len(rooms)):
        change = net.flow(f"{i} in", cap=np.where(mode != 0, rooms.power[i], 0.0))
        net.store(
            f"{i}",
            fill={change: alone.grip[i] / climate.axis.hours},
            keep=float(keep[i]),
            inflow=-alone.power[i] * alone.grip[i] / climate.axis.hours,
            floor=np.where(last, 0.0, -np.maximum(band[i] - off[i], 0.0)),
            cap=np.maximum(band[i] + off[i], 0.0),
            start=0.0,
        )
        net.line(f"{i}", "energy", change, price)
    return Cost(idle, idle + shared, solve(net, solver="highs").objective)


def _together(  # noqa: PLR0917
    width: Floats, grip: Floats, keep: Floats, promise: Promise, price: Floats, climate: Climate
) -> float:
    """What the common state of a group saves (less than nothing) for some of its rooms.

    Of room i it takes (B′ᵢ·m + (k·B′ᵢ − aᵢ·Bᵢ)·s)/gᵢ of power, m = s′ − k·s; see `room_store`.
    """
    axis = climate.axis
    before = np.roll(width, 1, axis=1)
    first = climate.starts[:-1]
    before[:, first] = width[:, first]  # s is 0 there, so it does not matter
    per = np.where(grip > 0, 1.0 / np.where(grip > 0, grip, 1.0), 0.0)
    pull = (width * per).sum(axis=0)
    losses = (before * per * keep[:, None]).sum(axis=0)
    net = _network(axis)
    more = net.flow("more", cap=np.maximum(promise.highest, 0.0))
    less = net.flow("less", cap=np.maximum(-promise.lowest, 0.0))
    state = net.store(
        "state",
        fill={more: 1.0 / axis.hours},
        drain={less: 1.0 / axis.hours},
        keep=promise.keep,
        floor=-promise.down,
        cap=promise.up,
        start=0.0,
    )
    net.line("group", "more", more, price * pull)
    net.line("group", "less", less, price * pull, kind="revenue")
    holding = np.append((price * (promise.keep * pull - losses))[1:], 0.0)
    net.line("group", "holding", state, holding)
    return solve(net, solver="highs").objective


def _trade(  # noqa: PLR0917
    power: Floats, energy: Floats, price: Floats, hours: float, one_way: float, wear: float
) -> float:
    """Least cost of batteries that trade at a price, each by itself."""
    net = _network(Axis(datetime(2025, 1, 1, tzinfo=UTC), len(price), hours))
    for i in range(len(power)):
        charge = net.flow(f"{i} in", cap=float(power[i]))
        give = net.flow(f"{i} out", cap=float(power[i]))
        net.store(
            f"{i}",
            fill={charge: one_way},
            drain={give: 1.0 / one_way},
            cap=float(energy[i]),
            start=0.0,
        )
        net.line(f"{i}", "bought", charge, price)
        net.line(f"{i}", "sold", give, price - wear, kind="revenue")
    return solve(net, solver="highs").objective


def _network(axis: Axis) -> Network:
    """An empty network with the one node that every network has."""
    net = Network(axis)
    net.node("homes")
    return net
