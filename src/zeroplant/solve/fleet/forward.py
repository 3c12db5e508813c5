"""Least cost to arrive at each level, step after step, and back again the value of level.

``F(y)``, the least cost to arrive at level y at the end of a step, is convex and piecewise linear.
The step from one to the next (leak, inflow, the device's own choice) is a merge of two sorted
lists of slopes, and the bounds on the level cut its ends. Nothing else needs to be stored than the
slopes at the cuts: going back from the end, the marginal value of level stays what it is (but for
the leak) and only a cut can raise it (at the lower bound) or lower it (at the upper one).

A leak shrinks all levels of the past and steepens all slopes alike, so the list is kept in
undisturbed units, level divided by ``scale`` and slope times ``scale``, and no old piece is ever
touched. When the scale becomes small, all is brought back by a power of two, which is exact.
"""

from __future__ import annotations

import numpy as np

from zeroplant.kernels import njit
from zeroplant.solve.fleet.slopes import Place, cut_high, cut_low, insert, rescale
from zeroplant.solve.fleet.stage import INFEASIBLE, SOLVED
from zeroplant.solve.fleet.workspace import SEGMENTS, Work

RENEW = 2.0**-128
VANISHED = 1e-12
"""Pieces shorter than this, relative to 1 + level, have faded, for callers that drop such."""
GONE = 1e-60
"""Pieces shorter than this have leaked away."""
FADED = 2.0**-4
"""Each time the scale has fallen by this much, pieces that have faded are looked for."""
TWO, CROWD = Place(2), Place(64)
"""Pieces above which those of equal slope are joined, and again when their number has doubled."""
REST = 1e-15
"""A sum of pieces as small as this, beside them, is none: the device is at rest."""
JUST = 1e-9
"""A level missed by less, relative to 1 + its size, is reached."""


@njit(cache=True, nogil=True, error_model="numpy")
def _place_bounds(work: Work, t: int, bottom: float, top: float) -> int:
    """Whether levels from bottom to top meet the bounds: 0, or the side on which they do not.

    A bound missed by rounding is moved to the level that is reached. Returns 2 for bounds that
    cross.
    """
    low, high = work.low[t], work.high[t]
    if not low <= high:
        if not low - high <= JUST * (1.0 + abs(high)):
            return 2
        low = high
    if not top >= low:
        if not top >= low - JUST * (1.0 + abs(low)):
            return 1
        low = top
        high = max(low, high)
    if not bottom <= high:
        if not bottom <= high + JUST * (1.0 + abs(high)):
            return -1
        high = bottom
        low = min(low, high)
    work.low[t], work.high[t] = low, high
    return 0


@njit(cache=True, nogil=True, error_model="numpy")
def forward(work: Work, steps: int, keep: float, start: float, faded: float) -> int:
    """Build the value function to the end, noting the slopes at its cuts.

    Pieces shorter than ``faded`` relative to 1 + level are dropped on the way; zero keeps them all.
    Returns SOLVED, or INFEASIBLE with step and side in ``work.result[3:5]``. The last function
    stays in the list; ``work.result[6:9]`` are its first place, the one behind its last, and the
    lowest level it reaches.
    """
    slopes, lengths = work.held_slope, work.held_length
    begin = Place(len(slopes) // 2)
    end = begin
    alpha, bottom, top, crowd = 1.0, start, start, CROWD
    sweep = FADED if faded > 0.0 else RENEW
    for t in range(steps):
        alpha *= keep
        if alpha < sweep or end - begin > crowd:
            renew = 1.0 / RENEW if alpha < RENEW else 1.0
            alpha, bottom, top = alpha * renew, bottom / renew, top / renew
            least = max(faded * (1.0 / alpha + max(abs(bottom), abs(top))), GONE)
            end = rescale(slopes, lengths, begin, end, renew, least)
            crowd = max(CROWD, TWO * (end - begin))
            sweep = alpha * FADED if faded > 0.0 else RENEW
        inverse = 1.0 / alpha
        work.scale[t] = alpha
        reach = 0.0
        for j in range(SEGMENTS):
            length = work.length[j, t]
            if length > 0.0:
                slope = work.slope[j, t] * alpha
                work.slope[j, t] = slope
                begin, end = insert(slopes, lengths, begin, end, slope, length * inverse)
                reach += length
        bottom += (work.least[t] + work.inflow[t]) * inverse
        top += (work.least[t] + work.inflow[t] + reach) * inverse
        work.floor[t], work.ceiling[t] = -np.inf, np.inf
        low, high = work.low[t] * inverse, work.high[t] * inverse
        if bottom >= low and top <= high:
            continue
        side = _place_bounds(work, t, bottom * alpha, top * alpha)
        if side != 0:
            work.result[3], work.result[4] = t, side if side < 2 else 0
            return INFEASIBLE
        low, high = work.low[t] * inverse, work.high[t] * inverse
        if low > bottom:
            begin, work.floor[t] = cut_low(slopes, lengths, begin, end, low - bottom)
            bottom = low
            top = max(low, top)
        if high < top:
            end, work.ceiling[t] = cut_high(slopes, lengths, begin, end, top - high)
            top = high
            bottom = min(bottom, high)
    work.result[6], work.result[7], work.result[8] = begin, end, bottom * alpha
    return SOLVED


@njit(cache=True, nogil=True, error_model="numpy")
def backward(work: Work, steps: int, keep: float, final_value: float) -> None:
    """The marginal value of level, the changes it makes optimal, and the levels they need.

    At a given value many changes are equally good wherever a price repeats, so what is kept is
    the interval of optimal changes of each step and the interval of levels from which the rest of
    the horizon can be optimal.
    """
    value = final_value * work.scale[steps - 1]
    bottom, top = -np.inf, np.inf
    for back in range(steps):
        t = steps - 1 - back
        before = value
        bottom, top = max(bottom, work.low[t]), min(top, work.high[t])
        if value < work.floor[t]:
            value = work.floor[t]
            bottom = top = work.low[t]
        elif value > work.ceiling[t]:
            value = work.ceiling[t]
            bottom = top = work.high[t]
        if bottom > top:  # by rounding
            bottom = top = min(max(0.5 * (bottom + top), work.low[t]), work.high[t])
        inverse = 1.0 / work.scale[t]
        work.value[t] = value * inverse
        work.jump[t] = (value - before) * inverse
        work.bottom[t], work.top[t] = bottom, top
        least = work.least[t]
        rise, tie = 0.0, 0.0
        for j in range(SEGMENTS):
            length, slope = work.length[j, t], work.slope[j, t]
            if length > 0.0 and slope < value:
                least += length
                rise += slope * length
            elif length > 0.0 and slope == value:
                tie += length
        most = least + tie
        if abs(least) <= REST * abs(work.least[t]):
            least = 0.0
        if abs(most) <= REST * abs(work.least[t]):
            most = 0.0
        work.u_least[t], work.u_most[t], work.rise[t] = least, most, rise * inverse
        bottom = (bottom - work.inflow[t] - most) / keep
        top = (top - work.inflow[t] - least) / keep
        if t > 0 and work.scale[t - 1] < work.scale[t]:
            value *= RENEW
