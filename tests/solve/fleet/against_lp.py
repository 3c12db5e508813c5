"""Bands at a price and coupled levels as linear programmes in HiGHS, one device at a time."""

from __future__ import annotations

import numpy as np

from tests.solve.fleet.against_highs import Dense
from tests.solve.fleet.against_mip import Programme
from zeroplant.axis import Floats
from zeroplant.solve.fleet.coupled import Coupled
from zeroplant.solve.fleet.tables import Fleet


def softly(  # noqa: PLR0917
    fleet: Fleet, device: int, low: Floats, high: Floats, below: float, above: float
) -> float:
    """Least cost of a device with a band: each step a mixture of the corners of its cost."""
    one = Dense(fleet[device])
    base = -one.net
    tried = [one.q0, one.q1, np.zeros(one.shape), base, base - one.curtailable]
    tried += [base - one.connection, base + one.connection - one.curtailable]
    powers = [np.minimum(np.maximum(each, one.q0), one.q1) for each in tried]
    programme = Programme()
    start, worth = one.start[0, 0], one.final_value[0, 0]
    level = programme.add(0.0, start, start)
    for t in range(fleet.steps):
        parts = [programme.add(one.cost(q)[0, t], 0.0, 1.0) for q in powers]
        after = programme.add(
            -worth if t == fleet.steps - 1 else 0.0, one.low[0, t], one.high[0, t]
        )
        under, over = programme.add(below), programme.add(above)
        moves = [(part, -one.change(q)[0, t]) for part, q in zip(parts, powers, strict=True)]
        inflow = one.inflow[0, t]
        programme.row(inflow, inflow, (after, 1.0), (level, -one.keep[0, 0]), *moves)
        programme.row(1.0, 1.0, *((part, 1.0) for part in parts))
        programme.row(low[t], np.inf, (after, 1.0), (under, 1.0))
        programme.row(-np.inf, high[t], (after, 1.0), (over, -1.0))
        level = after
    return programme.least()[0]


def together(devices: Coupled, device: int) -> float:
    """Least cost of a device with two levels."""
    one = Coupled(*(each[device] for each in devices))
    programme = Programme()
    levels = [programme.add(0.0, value, value) for value in one.start]
    steps, many = one.price.shape
    for t in range(steps):
        acts = [programme.add(one.price[t, j], 0.0, one.most[t, j]) for j in range(many)]
        worth = one.worth if t == steps - 1 else np.zeros(2)
        after = [programme.add(-worth[k], one.low[t, k], one.high[t, k]) for k in range(2)]
        for k in range(2):
            terms = [(levels[m], -one.keep[k, m]) for m in range(2)]
            terms += [(acts[j], -one.effect[t, j, k]) for j in range(many)]
            programme.row(one.inflow[t, k], one.inflow[t, k], (after[k], 1.0), *terms)
        if one.share[t].any():
            right = one.right[t]
            programme.row(right, right, *((acts[j], one.share[t, j]) for j in range(many)))
        levels = after
    return programme.least()[0]
