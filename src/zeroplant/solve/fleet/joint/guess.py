"""Where sweeps start: a sample of the devices guesses what all of them will do."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.fleet.joint.limits import Limits
from zeroplant.solve.fleet.joint.shared import Shared, rest
from zeroplant.solve.fleet.joint.sweep import NEW, Field, Held
from zeroplant.solve.fleet.joint.team import Team
from zeroplant.solve.fleet.tables import Fleet

SAMPLE, PART, PASSES = 2_000, 50, 12
"""Devices of the sample at least, or one in so many; passes over them. The gap after the first
pass over all falls with the size of the sample: 6e-4 with 2,000, 3e-4 with 4,000."""


class Guess(NamedTuple):
    """Power of all devices (T,) and prices on upper and lower limits (G, T)."""

    power: Floats
    up: Floats
    down: Floats


def guess(fleet: Fleet, shared: Shared, seed: int, threads: int) -> Guess:
    """Coordinate a sample, with a shared price that many times steeper; none of a small fleet."""
    steps, count = fleet.steps, len(shared.groups)
    nothing = Guess(np.zeros(steps), np.zeros((count, steps)), np.zeros((count, steps)))
    if len(fleet) < 2 * SAMPLE:
        return nothing
    size = max(SAMPLE, len(fleet) // PART)
    devices = np.sort(np.random.default_rng(seed).choice(len(fleet), size, replace=False))
    few, sample = shared.part(devices), fleet[devices]
    # Of a sample, inner groups hold a device or two: their limits say nothing yet.
    most, least = few.groups.most.copy(), few.groups.least.copy()
    most[1:], least[1:] = np.inf, -np.inf
    # What the devices draw at rest is known of all of them: only what they do is guessed.
    base, ratio, still = few.groups.base.copy(), len(fleet) / size, rest(sample)
    base[0] += rest(fleet) / ratio - still
    few = replace(few, groups=replace(few.groups, most=most, least=least, base=base))
    limits = Limits(sample, few, nothing.power)
    field, held = start(sample, few, nothing, limits)
    team = Team.of(few.groups, few.groups.order, threads)
    for _ in range(PASSES):
        team.pass_over(sample.arrays, held, field)
        field = limits.settle(field)
    power = (field.total[0] - base[0] - still) * ratio + rest(fleet)
    return Guess(power, field.up, field.down)


def start(fleet: Fleet, shared: Shared, guessed: Guess, limits: Limits) -> tuple[Field, Held]:
    """Nothing scheduled yet; each device's share of the guess stands in for it."""
    groups, steps = shared.groups, fleet.steps
    each = guessed.power / max(len(fleet), 1)
    field = Field(
        member=groups.member, parent=groups.parent,
        total=groups.base + groups.devices[:, None] * each,
        slot=np.full(len(groups), -1, dtype=np.int64), own=np.zeros((0, steps)), crowd=1.0,
        price=shared.price, slope=shared.slope, limited=groups.limited,
        most=limits.most, least=limits.least, up=guessed.up.copy(), down=guessed.down.copy(),
        weight=limits.weight, guess=np.repeat(each[None, :], len(groups), axis=0),
    )  # fmt: skip
    kind = fleet.arrays.tables[0].dtype
    held = Held(
        np.zeros((len(fleet), steps), kind), np.zeros((len(fleet), steps), kind),
        np.zeros(len(fleet)), np.full(len(fleet), NEW, dtype=np.int8),
    )  # fmt: skip
    return field, held
