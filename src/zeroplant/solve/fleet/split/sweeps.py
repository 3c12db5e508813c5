"""The sweeps over memory behind a split by merit: bids into bins, turns into ranks, power out."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.split.reach import Real, Small

BINS = 4096
"""Price bins: bids in one bin count as equal."""
TURNS = 256
RANKS = 2 * TURNS
"""Within a bin, rank after rank: first the moves that let a device stay at rest, and of these the
most recently called; then the moves away from rest, and of these those called longest ago."""


@njit(cache=True, nogil=True)
def extent(first: int, last: int, up: Real, down: Real) -> tuple[float, float]:
    """Least and greatest bid of a part; infinite ones aside."""
    low, high = np.inf, -np.inf
    for i in range(first, last):
        for bid in (np.float64(up[i]), np.float64(down[i])):
            if np.isfinite(bid):
                low, high = min(low, bid), max(high, bid)
    return low, high


@njit(cache=True, nogil=True)
def _bin(bid: float, low: float, scale: float) -> int:
    """Bin of a bid; what lies outside of the window, or is no number, is at its ends."""
    place = (bid - low) * scale
    if not place > 0.0:
        return 0
    return int(place) if place < BINS - 1.0 else BINS - 1


@njit(cache=True, nogil=True)
def _rank(at_rest: bool, since: int, oldest: int, now: int) -> int:
    """Rank of a move within its bin."""
    turn = min(max((since - oldest) * TURNS // (now - oldest + 1), 0), TURNS - 1)
    return TURNS - 1 - turn if at_rest else TURNS + turn


@njit(cache=True, nogil=True)
def by_price(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    first: int, last: int, lower: Real, upper: Real, rest: Real, up: Real, down: Real,
    low: float, scale: float,
) -> Floats:  # fmt: skip
    """What the moves of a part add up to, by price bin."""
    held = np.zeros(BINS)
    for i in range(first, last):
        bottom, top = np.float64(lower[i]), np.float64(upper[i])
        middle = min(max(np.float64(rest[i]), bottom), top)
        held[_bin(down[i], low, scale)] += middle - bottom
        held[_bin(up[i], low, scale)] += top - middle
    return held


@njit(cache=True, nogil=True)
def by_turn(  # noqa: PLR0917 - as above
    first: int, last: int, lower: Real, upper: Real, rest: Real, up: Real, down: Real,
    low: float, scale: float, marginal: int, since: Small, oldest: int, now: int,
) -> Floats:  # fmt: skip
    """What the moves of a part in the marginal bin add up to, by rank."""
    held = np.zeros(RANKS)
    for i in range(first, last):
        bottom, top = np.float64(lower[i]), np.float64(upper[i])
        middle = min(max(np.float64(rest[i]), bottom), top)
        if _bin(down[i], low, scale) == marginal:
            held[_rank(True, since[i], oldest, now)] += middle - bottom
        if _bin(up[i], low, scale) == marginal:
            held[_rank(False, since[i], oldest, now)] += top - middle
    return held


@njit(cache=True, nogil=True)
def assign(  # noqa: PLR0917 - as above
    first: int, last: int, lower: Real, upper: Real, rest: Real, up: Real, down: Real,
    low: float, scale: float, marginal: int, since: Small, oldest: int, rank: int, share: float,
    now: int, left: float, whole_only: bool, power: Real, called: Small,
) -> float:  # fmt: skip
    """Power of a part and when each was last called; returns the sum of the moves made.

    Moves in bins above ``marginal`` are made. In it, ``share`` of each; or, with a ``rank``, those
    of lower ranks, and of this rank the first ones that fit into what is ``left``.
    """
    made = 0.0
    for i in range(first, last):
        bottom, top = np.float64(lower[i]), np.float64(upper[i])
        middle = min(max(np.float64(rest[i]), bottom), top)
        value = bottom
        for at_rest in (True, False):
            move = middle - bottom if at_rest else top - middle
            place = _bin(down[i] if at_rest else up[i], low, scale)
            if place < marginal or move <= 0.0:
                continue
            if place == marginal and rank < 0:
                move *= share
            elif place == marginal:
                own = _rank(at_rest, since[i], oldest, now)
                if own > rank or (own == rank and whole_only and move > left):
                    continue
                if own == rank:
                    move = np.float64(min(move, left))
                    left -= move
            value += move
        value = min(value, top)
        power[i] = value
        made += value - bottom
        if len(called):
            called[i] = since[i] if abs(value - middle) <= 1e-6 * (top - bottom) else now
    return made
