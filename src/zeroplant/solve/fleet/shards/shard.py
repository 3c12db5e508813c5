"""One shard: its devices and their schedules; told prices, it answers with totals.

A visit is a sweep (see `zeroplant.solve.fleet.joint.sweep`) over some of its devices, in which it
takes it that the other shards do as it does, until they meet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.joint.guess import Guess, guess
from zeroplant.solve.fleet.joint.limits import Limits
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.joint.sweep import NEW, Field, Held, bound, own_cost, sweep
from zeroplant.solve.fleet.joint.tree import Groups
from zeroplant.solve.fleet.schedule import Schedule, schedule
from zeroplant.solve.fleet.tables import Fleet, Table
from zeroplant.solve.fleet.workspace import workspace


class Answer(NamedTuple):
    """Schedules of a shard's devices: status and own cost (n,), power and change (n, T)."""

    status: NDArray[np.int8]
    cost: Floats
    power: Table
    change: Table


class Shard:
    """Devices of a fleet, the group of each (n,), and their schedules."""

    def __init__(self, fleet: Fleet, member: Ints) -> None:
        self.fleet, self.member = fleet, np.asarray(member, dtype=np.int64)
        self.work = workspace(fleet.steps)
        kind = fleet.arrays.tables[0].dtype
        shape = (len(fleet), fleet.steps)
        self.held = Held(
            np.zeros(shape, kind), np.zeros(shape, kind), np.zeros(len(fleet)),
            np.full(len(fleet), NEW, dtype=np.int8),
        )  # fmt: skip
        self.order = np.random.default_rng(0).permutation(len(fleet))

    def counts(self, groups: int) -> tuple[Ints, float]:
        """How many devices each group holds itself, (groups,), and the length of a step."""
        return np.bincount(self.member, minlength=groups).astype(np.int64), self.fleet.hours

    def schedule(self, options: dict[str, Any]) -> Schedule:
        """Every device by itself, see :func:`zeroplant.solve.fleet.schedule.schedule`."""
        return schedule(self.fleet, threads=1, **options)

    def guess(self, shared: Shared, devices: int, seed: int) -> tuple[Guess, Limits]:
        """What all ``devices`` of the fleet will do if they are like these, and their limits.

        ``shared`` has groups without members.
        """
        ratio = devices / max(len(self.fleet), 1)
        own = Groups(
            shared.groups.parent, self.member, shared.groups.most, shared.groups.least,
            shared.groups.base,
        )  # fmt: skip
        few = Groups(own.parent, self.member, own.most / ratio, own.least / ratio, own.base / ratio)
        found = guess(self.fleet, Shared(shared.price, shared.slope * ratio, few), seed, threads=1)
        found = found._replace(power=found.power * ratio)
        limits = Limits(self.fleet, Shared(shared.price, shared.slope, own), found.power)
        limits.weight = limits.weight / ratio
        limits.groups = shared.groups
        return found, limits

    def visit(self, turn: tuple[int, int], field: Field) -> Floats:
        """Improve part k of m of the devices; what that adds to the groups' totals (G, T).

        ``field`` has no members; its ``crowd`` says how many shards there are, this one included.
        """
        devices = self.order[turn[0] :: turn[1]]
        count = len(field.parent)
        own = np.zeros_like(field.total)
        mine = field._replace(member=self.member, slot=np.arange(count), own=own)
        change, power = np.empty((2, self.fleet.steps), dtype=self.held.power.dtype)
        sweep(self.fleet.arrays, devices, self.held, mine, self.work, change, power)
        return own

    def totals(self, groups: Groups) -> Floats:
        """Power of each group (G, T) of these devices alone."""
        own = Groups(groups.parent, self.member, groups.most, groups.least, 0.0 * groups.base)
        return own.totals(self.held.power)

    def bounds(self, price: Floats) -> tuple[float, float]:
        """Own cost of the schedules, and a lower bound at a price (G, T) at the devices."""
        found: tuple[float, float] = bound(
            self.fleet.arrays, np.arange(len(self.fleet)), self.member, price, self.held,
            self.work, np.zeros_like(price),
        )  # fmt: skip
        return found

    def answer(self) -> Answer:
        """The schedules as they stand; ``nan`` for the cost where there is none."""
        cost = np.full(len(self.fleet), np.nan)
        for i in np.flatnonzero(self.held.status <= 1).tolist():
            cost[i] = own_cost(self.fleet.arrays, i, self.held.change[i], self.held.power[i])
        return Answer(self.held.status, cost, self.held.power, self.held.change)
