"""A sum shared by merit: devices leave their rest in one direction only, the best bid first.

More draw goes to those who value it most (``up`` bids, money per MWh drawn), less draw is asked of
those who lose least (``down`` bids). Nobody is moved up while another is moved down: to trade
devices against each other is the planner's work, not that of a cycle of seconds. Equal bids move
in proportion to their room.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.split import Offer, Reach, split_by_merit

FEW = 64
"""Up to so many devices a plain search beats the sweeps over price bins."""


def share(  # noqa: PLR0917 - columns of one table
    target: float, lower: Floats, rest: Floats, upper: Floats, up: Floats, down: Floats
) -> tuple[Floats, float]:
    """Power per device whose sum comes as near to ``target`` as can be, and what is missed."""
    power = np.empty_like(rest)
    if len(rest) <= FEW:
        missed = float(by_merit(target, lower, rest, upper, up, down, power))
        return power, missed
    need = target - float(rest.sum())
    low, high = (rest, upper) if need >= 0.0 else (lower, rest)
    flags = np.zeros(len(rest), np.int8)
    within = Reach(low, high, flags, float(low.sum()), float(high.sum()))
    bids = up if need >= 0.0 else down
    split = split_by_merit(target, Offer(within, rest, bids, bids), threads=1)
    return np.asarray(split.power, dtype=float), split.missed


@njit(cache=True, nogil=True)
def by_merit(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    target: float, lower: Floats, rest: Floats, upper: Floats, up: Floats, down: Floats,
    power: Floats,
) -> float:  # fmt: skip
    """The same by a plain search: writes ``power`` and returns what is missed."""
    count = len(rest)
    power[:] = rest
    need = target - rest.sum()
    sign = 1.0 if need >= 0.0 else -1.0
    left = abs(need)
    done = np.zeros(count, np.bool_)
    while left > 0.0:
        best = -np.inf
        for d in range(count):
            bid = up[d] if sign > 0.0 else -down[d]
            if not done[d] and bid > best:
                best = bid
        if best == -np.inf:
            break
        room = 0.0
        for d in range(count):
            bid = up[d] if sign > 0.0 else -down[d]
            if not done[d] and bid >= best - 1e-9 * (1.0 + abs(best)):
                room += upper[d] - rest[d] if sign > 0.0 else rest[d] - lower[d]
        part = min(1.0, left / room) if room > 0.0 else 1.0
        for d in range(count):
            bid = up[d] if sign > 0.0 else -down[d]
            if not done[d] and bid >= best - 1e-9 * (1.0 + abs(best)):
                own = upper[d] - rest[d] if sign > 0.0 else rest[d] - lower[d]
                power[d] = rest[d] + sign * part * own
                done[d] = True
        left = left - part * room if room > 0.0 else left
        if left < 1e-12 * abs(need):
            left = 0.0
    return float(sign * left)
