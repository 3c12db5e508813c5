"""Groups within groups: a home's transformer, its feeder, the plant; and what each may draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.tables import Table


@dataclass(frozen=True, eq=False)
class Groups:
    """A tree of groups; group 0 holds all of them, and a group stands behind its parent.

    Attributes:
        parent: the group that each group is in, (G,); -1 for group 0, and always an earlier one.
        member: the group that each device is in, (N,); the groups above hold it as well.
        most: most total power of a group per step, (G, T); ``inf`` for no limit.
        least: least total power of a group per step, (G, T); ``-inf`` for no limit.
        base: power in a group that is not the fleet's, (G, T), those of its inner groups included.
    """

    parent: Ints
    member: Ints
    most: Floats
    least: Floats
    base: Floats

    def __post_init__(self) -> None:
        parent = np.asarray(self.parent, dtype=np.int64)
        member = np.asarray(self.member, dtype=np.int64)
        count = len(parent)
        if not count or parent[0] != -1 or (parent[1:] >= np.arange(1, count)).any():
            message = "the parent of a group is an earlier group; that of the first is -1"
            raise ValueError(message)
        if (parent[1:] < 0).any():
            message = "every group but the first is in another group"
            raise ValueError(message)
        if len(member) and not (member.min() >= 0 and member.max() < count):
            message = f"a device is in a group that is none of the {count}"
            raise ValueError(message)
        object.__setattr__(self, "parent", parent)
        object.__setattr__(self, "member", member)
        for name in ("most", "least", "base"):
            given = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            if given.ndim != 2 or len(given) != count or np.isnan(given).any():
                message = f"{name} of the groups has a row for each of the {count} groups, no nan"
                raise ValueError(message)
            object.__setattr__(self, name, given)
        if not self.most.shape == self.least.shape == self.base.shape:
            shapes = f"{self.most.shape}, {self.least.shape} and {self.base.shape}"
            message = f"most, least and base of the groups have the same steps, not {shapes}"
            raise ValueError(message)

    @classmethod
    def one(
        cls,
        devices: int,
        base: ArrayLike,
        most: ArrayLike = np.inf,
        least: ArrayLike = -np.inf,
    ) -> Groups:
        """A single group with all devices, with limits (T,) or numbers."""
        base = np.atleast_2d(np.asarray(base, dtype=np.float64))
        if len(base) != 1:
            message = f"the base of a single group is a number per step, (T,), not {base.shape}"
            raise ValueError(message)
        ones: Floats = np.ones_like(base)
        highest: Floats = ones * np.asarray(most, dtype=np.float64)
        lowest: Floats = ones * np.asarray(least, dtype=np.float64)
        return cls(np.array([-1]), np.zeros(devices, dtype=np.int64), highest, lowest, base)

    def __len__(self) -> int:
        """How many groups."""
        return len(self.parent)

    @cached_property
    def limited(self) -> Ints:
        """1 for groups with a limit, 0 for the others."""
        bound = np.isfinite(self.most).any(axis=1) | np.isfinite(self.least).any(axis=1)
        flags: Ints = np.asarray(bound, dtype=np.int64)
        return flags

    @cached_property
    def order(self) -> Ints:
        """All devices, group by group as the tree is walked: neighbours share their prices.

        Shuffled within a group (always alike), so that any part of it is like the whole.
        """
        place, rank = np.zeros(len(self), dtype=np.int64), 0
        children: list[list[int]] = [[] for _ in self.parent]
        for group in range(1, len(self)):
            children[self.parent[group]].append(group)
        stack = [0]
        while stack:
            group = stack.pop()
            place[group], rank = rank, rank + 1
            stack.extend(reversed(children[group]))
        shuffled = np.random.default_rng(0).permutation(len(self.member))
        walked: Ints = np.argsort(place[self.member[shuffled]], kind="stable")
        return np.asarray(shuffled[walked], dtype=np.int64)

    @cached_property
    def devices(self) -> Ints:
        """How many devices each group holds, those of inner groups included, (G,)."""
        return self.count(np.arange(len(self.member)))

    def count(self, devices: Ints) -> Ints:
        """How many of these devices each group holds, (G,)."""
        own = np.bincount(self.member[devices], minlength=len(self)).astype(np.float64)
        held: Ints = self.upward(own[:, None])[:, 0].astype(np.int64)
        return held

    def inside(self, group: int | Ints) -> Ints:
        """Devices in a group, or in any of some, in the order of their numbers."""
        mark = np.zeros((len(self), 1))
        mark[group] = 1.0
        return np.flatnonzero(self.downward(mark)[self.member, 0] > 0.0)

    def upward(self, own: Floats) -> Floats:
        """Sums over groups and all that is in them, from what each group holds itself (G, …)."""
        total = own.copy()
        for group in range(len(self) - 1, 0, -1):
            total[self.parent[group]] += total[group]
        return total

    def downward(self, own: Floats) -> Floats:
        """Sums over each group and all groups that it is in (G, …): prices at the devices."""
        total = own.copy()
        for group in range(1, len(self)):
            total[group] += total[self.parent[group]]
        return total

    def totals(self, power: Table) -> Floats:
        """Power of each group, base and devices (G, T), for the devices' power (N, T)."""
        own = np.zeros((len(self), power.shape[1]))
        _gather(self.member, power, own)
        return self.base + self.upward(own)

    def part(self, devices: Ints, ratio: float) -> Groups:
        """The same tree for a sample of the devices, with limits and base smaller by ``ratio``."""
        return Groups(
            self.parent, self.member[devices], self.most / ratio, self.least / ratio,
            self.base / ratio,
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _gather(member: Ints, power: Table, own: Floats) -> None:
    """Add up devices' rows by group."""
    for i in range(len(member)):
        for t in range(own.shape[1]):
            own[member[i], t] += power[i, t]
