"""What one thread needs to solve one device after another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zeroplant.axis import Floats

SEGMENTS = 6
"""Most linear pieces of a stage cost: the four of the meter, one of them cut in two at rest, and
one to spare."""


class Work(NamedTuple):
    """Arrays of one thread, over T steps unless said, and what a solved device leaves in them.

    Attributes:
        slope: (6, T) pieces of each stage cost in order of the change of level: money per level.
            :func:`forward` multiplies them by ``scale``, so that they can be compared with the
            list.
        length: (6, T) how far each piece reaches, in units of level; pieces of no length are void.
        least: change of level where the first piece begins.
        base: cost there.
        inflow: as given.
        low: as given; relaxed by rounding where a level is only just reached.
        high: likewise.
        scale: keep to the power of t + 1, times powers of two.
        floor: slope of the value function where its domain was cut at ``low``; ``-inf`` where
            nothing was cut. Scaled.
        ceiling: likewise at ``high``; ``inf`` where nothing was cut.
        value: marginal value of level at the end of each step (money per level).
        jump: what the bound on the level adds to the marginal value there; positive at ``low``.
        u_least: least change of level that is optimal at this value.
        u_most: most change of level that is optimal at this value.
        rise: cost of ``u_least`` above ``base``.
        bottom: least level at the end of each step from which the rest can be optimal.
        top: most such level.
        change: change of level by the device.
        power: net power at the meter.
        level: level at the end of each step.
        kink: (4,) scratch of :func:`load`.
        price: (4,) likewise.
        held_slope: the value function of :func:`forward`: slopes of its pieces.
        held_length: lengths of its pieces, divided by ``scale``.
        result: (10,) cost, gap, violation, when, side, sum of the sizes of the costs, and four
            numbers on the value function that :func:`forward` leaves: its first place in the list,
            the one behind its last, the least level, (unused) the cost there.
    """

    slope: Floats
    length: Floats
    least: Floats
    base: Floats
    inflow: Floats
    low: Floats
    high: Floats
    scale: Floats
    floor: Floats
    ceiling: Floats
    value: Floats
    jump: Floats
    u_least: Floats
    u_most: Floats
    rise: Floats
    bottom: Floats
    top: Floats
    change: Floats
    power: Floats
    level: Floats
    kink: Floats
    price: Floats
    held_slope: Floats
    held_length: Floats
    result: Floats


def workspace(steps: int) -> Work:
    """Arrays for devices of ``steps`` steps; each thread needs its own."""
    # Each piece of each step moves one end of the list by one place at most.
    held = 2 * SEGMENTS * (steps + 1)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(Work._fields, (steps,))
    shapes |= {"slope": (SEGMENTS, steps), "length": (SEGMENTS, steps), "kink": (4,), "price": (4,)}
    shapes |= {"held_slope": (held,), "held_length": (held,), "result": (10,)}
    arrays: dict[str, Any] = {name: np.zeros(shape) for name, shape in shapes.items()}
    return Work(**arrays)
