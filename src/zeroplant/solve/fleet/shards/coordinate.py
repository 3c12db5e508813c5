"""Shards under one shared cost and the limits of groups: sweeps that meet, and their proof.

All shards visit a part of their devices at once and then meet: what each has added to the groups'
totals is summed, in the order of the shards, and makes the prices of the next visit. A shard that
was lost is begun anew; what it drew is taken out of the totals, and its devices enter again one
after the other at the prices that the others make. Passes go on until the gap is proven.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.joint.coordinate import is_proven, proven_gap
from zeroplant.solve.fleet.joint.limits import Limits, excess
from zeroplant.solve.fleet.joint.proof import device_prices, limit_prices, shared_part
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.joint.sweep import Field
from zeroplant.solve.fleet.joint.tree import Groups
from zeroplant.solve.fleet.schedule import Schedule
from zeroplant.solve.fleet.shards.protocol import LOSSES, LostError, Shards
from zeroplant.solve.fleet.shards.shard import Answer

MEETINGS = 100
"""Meetings in a pass."""


@dataclass(frozen=True, eq=False)
class Together:
    """What :func:`coordinate_shards` found.

    Attributes:
        answers: schedules of each shard's devices.
        total: power of each group, base included (G, T).
        price: price at the devices of each group with which the bound is proven (G, T).
        limit_price: price on the limits of each group (G, T).
        cost: own costs of the devices and the shared cost.
        bound: proven lower bound of the cost.
        excess: most by which a limit is exceeded; 0.0 if all hold.
        passes: passes over all devices.
        lost: shards that were lost on the way and made anew.
    """

    answers: list[Answer]
    total: Floats
    price: Floats
    limit_price: Floats
    cost: float
    bound: float
    excess: float
    passes: int
    lost: int

    @property
    def gap(self) -> float:
        """Proven gap relative to the cost; ``nan`` while a limit is exceeded."""
        return proven_gap(self.cost, self.bound, self.excess)


def schedule_shards(shards: Shards, **options: Any) -> list[Schedule]:
    """Every device by itself; a lost shard answers again, with the same bits. Raises LostError."""
    answers = shards.ask("schedule", options)
    return [
        answer if answer is not None else _again(shards, k, "schedule", options)
        for k, answer in enumerate(answers)
    ]


def coordinate_shards(
    shards: Shards, shared: Shared, *, gap: float = 1e-4, passes: int = 60, seed: int = 0
) -> Together:
    """Coordinate until the relative gap is proven and every limit holds, or passes run out.

    ``shared`` has groups without members: each shard knows its own. Equal shards and ``seed`` give
    equal bits as long as none is lost. Raises LostError.
    """
    work = _Meeting(shards, shared, seed)
    due, best = 1, -np.inf
    for done in range(1, passes + 1):
        work.one_pass()
        if done < min(due, passes):
            continue
        if done < passes and excess(shared, work.field.total).any():
            continue
        due = done + max(1, done // 3)
        found = work.certified(done)
        if found is None:
            continue
        best = max(best, found.bound)
        found = replace(found, bound=best)
        if done == passes or is_proven(found.gap, gap):
            answers = shards.ask("answer")
            if None not in answers or done == passes:
                whole = [a if a is not None else work.last(k) for k, a in enumerate(answers)]
                return replace(found, answers=whole, lost=work.losses)
            work.rejoin(answers)
    message = f"a shard was lost in the last of {passes} passes, before the proof"
    raise LostError(message)


class _Meeting:
    """Prices and totals between visits, and what each shard has added to the totals."""

    def __init__(self, shards: Shards, shared: Shared, seed: int) -> None:
        self.shards, self.shared, self.losses = shards, shared, 0
        groups, count = shared.groups, len(shared.groups)
        told = [_again(shards, k, "counts", count) for k in range(len(shards))]
        self.hours = told[0][1]
        own: Ints = np.sum([each[0] for each in told], axis=0)
        devices = int(own.sum())
        largest = int(np.argmax([each[0].sum() for each in told]))
        # A copy: what comes from afar may only be read, and limits are moved here.
        guessed, self.limits = deepcopy(_again(shards, largest, "guess", shared, devices, seed))
        each = guessed.power / max(devices, 1)
        inside = [groups.upward(one[0][:, None].astype(float)) * each for one in told]
        self.added = np.array(inside)
        self.field = self._begin(groups, self.limits, guessed, each)

    def _begin(self, groups: Groups, limits: Limits, guessed: Any, each: Floats) -> Field:
        return Field(
            member=groups.member, parent=groups.parent,
            total=groups.base + self.added.sum(axis=0),
            slot=np.full(len(groups), -1, dtype=np.int64), own=np.zeros((0, len(each))),
            crowd=float(len(self.shards)), price=self.shared.price, slope=self.shared.slope,
            limited=groups.limited, most=limits.most, least=limits.least, up=guessed.up.copy(),
            down=guessed.down.copy(), weight=limits.weight,
            guess=np.repeat(each[None, :], len(groups), axis=0),
        )  # fmt: skip

    def one_pass(self) -> None:
        """Every device once; then prices on limits are moved."""
        for turn in range(MEETINGS):
            added = self.shards.ask("visit", (turn, MEETINGS), self.field)
            for k, each in enumerate(added):
                if each is not None:
                    self._add(k, each)
            self.rejoin(added)
        self.field = self.limits.settle(self.field)

    def _add(self, k: int, move: Floats) -> None:
        self.added[k] += move
        self.field.total[:] += move

    def rejoin(self, answers: list[Any]) -> bool:
        """Let shards without an answer enter anew, one after the other; whether there were any."""
        gone = [k for k, each in enumerate(answers) if each is None]
        for k in gone:
            self.losses += 1
            for _ in range(LOSSES):
                self._add(k, -self.added[k])
                alone = self.field._replace(crowd=1.0, guess=np.zeros_like(self.field.guess))
                found = self.shards.ask("visit", (0, 1), alone, only=k)[0]
                if found is not None:
                    self._add(k, found)
                    break
        return bool(gone)

    def certified(self, passes: int) -> Together | None:
        """Cost and bound of the schedules as they stand; nothing if a shard was lost meanwhile."""
        shared, groups = self.shared, self.shared.groups
        totals = self.shards.ask("totals", groups)
        if self.rejoin(totals):
            return None
        self.added = np.array(totals)
        total = groups.base + self.added.sum(axis=0)
        self.field.total[:] = total  # free of what additions have rounded
        limit = limit_prices(shared, self.field)
        price = device_prices(shared, limit, total)
        parts = self.shards.ask("bounds", price)
        if self.rejoin(parts):
            return None
        cost = sum(each[0] for each in parts) + shared.cost(total[0], self.hours)
        least = sum(each[1] for each in parts) + shared_part(shared, limit, total, self.hours)
        beyond = float(excess(shared, total).max())
        return Together([], total, price, limit, cost, least, beyond, passes, self.losses)

    def last(self, k: int) -> Any:
        """A shard lost after the last pass cannot be made good."""
        message = f"shard {k + 1} was lost after the last pass; allow more passes"
        raise LostError(message)


def _again(shards: Shards, k: int, name: str, *given: Any) -> Any:
    """Ask a shard that has no schedules to lose, until it answers."""
    for _ in range(LOSSES + 1):
        answer = shards.ask(name, *given, only=k)[0]
        if answer is not None:
            return answer
    message = f"shard {k + 1} was lost again and again"
    raise LostError(message)
