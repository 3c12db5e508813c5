"""What level is worth: the least cost as a function of the level at the start, or at the end.

Both are convex and piecewise linear. To the end, the function is what the forward pass leaves. From
the start, the same merge runs backwards in time: the cost still to come, as a function of level,
takes in the stage costs with their slopes turned round. Steps that are not convex count with their
hulls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.device import solve_device
from zeroplant.solve.fleet.forward import RENEW
from zeroplant.solve.fleet.recover import NEAREST
from zeroplant.solve.fleet.schedule import extra_price
from zeroplant.solve.fleet.slopes import ONE, Place, cut_low, insert, rescale
from zeroplant.solve.fleet.stage import BOUND, INFEASIBLE, SOLVED, load
from zeroplant.solve.fleet.tables import Arrays, Fleet
from zeroplant.solve.fleet.workspace import SEGMENTS, Work, workspace


class Curves(NamedTuple):
    """Corners of a convex function for each device, (N, K), filled up with nan.

    A device without any schedule, or with garbage, has only nan.
    """

    level: Floats
    cost: Floats


def cost_to_go(fleet: Fleet, *, adder: ArrayLike | None = None) -> Curves:
    """Least cost (with ``adder``, less the final value) by starting level; ``start`` is not used.

    The bounds on the last level must be finite. Meant for some devices, ``fleet[devices]``.
    """
    return _curves(fleet, adder, True)


def cost_to_arrive(fleet: Fleet, *, adder: ArrayLike | None = None) -> Curves:
    """Least cost (with ``adder``, without the final value) by level at the end."""
    return _curves(fleet, adder, False)


def _curves(fleet: Fleet, adder: ArrayLike | None, to_go: bool) -> Curves:
    extra, work = extra_price(fleet, adder), workspace(fleet.steps)
    # A piece for each of every step, one for the final value, and the corner before the first.
    level = np.full((len(fleet), SEGMENTS * fleet.steps + 2), np.nan)
    cost = level.copy()
    most = _fill(fleet.arrays, extra, to_go, work, level, cost)
    return Curves(level[:, :most].copy(), cost[:, :most].copy())


@njit(cache=True, nogil=True, error_model="numpy")
def _fill(  # noqa: PLR0917
    arrays: Arrays, adder: Floats, to_go: bool, work: Work, level: Floats, cost: Floats
) -> int:
    """Corners of all devices; the largest number of them."""
    most = 0
    steps = len(adder)
    for device in range(len(level)):
        if to_go:
            constants = arrays.constants[device]
            status = load(arrays, device, adder, True, work)
            if status == SOLVED:
                status = _cost_to_go(work, steps, constants[0], constants[5])
            scale = 1.0
        else:
            status = solve_device(arrays, device, adder, NEAREST, work)
            scale = work.scale[steps - 1]
        if status > BOUND:
            continue
        corners = _corners(work, scale, level[device], cost[device])
        most = max(most, corners)
        if not to_go:
            at = work.level[steps - 1]
            known = work.result[0] - work.result[1] + arrays.constants[device, 5] * at
            cost[device] += known - np.interp(at, level[device, :corners], cost[device, :corners])
    return most


@njit(cache=True, nogil=True, error_model="numpy")
def _corners(work: Work, scale: float, level: Floats, cost: Floats) -> int:
    """Write out the list; ``work.result[6:10]`` are its places, its first level and cost there."""
    begin, end = Place(work.result[6]), Place(work.result[7])
    end = rescale(work.held_slope, work.held_length, begin, end, 1.0, 0.0)
    level[0], cost[0], count = work.result[8], work.result[9], 1
    while begin < end:
        slope, length = work.held_slope[begin] / scale, work.held_length[begin] * scale
        level[count], cost[count] = level[count - 1] + length, cost[count - 1] + slope * length
        count += 1
        begin += ONE
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _area(slopes: Floats, lengths: Floats, begin: Place, end: Place, cut: float) -> float:
    """What the function rises over a length at its low end."""
    rise = 0.0
    while begin < end and cut > 0.0:
        rise += slopes[begin] * min(lengths[begin], cut)
        cut -= lengths[begin]
        begin += ONE
    return rise


@njit(cache=True, nogil=True, error_model="numpy")
def _fit(lengths: Floats, begin: Place, end: Place, width: float) -> Place:
    """End the list where its lengths add up to a width; the new end.

    Going back in time, levels spread out as fast as a leak draws them together, and rounding with
    them: what the lengths add up to has to be set right at every step.
    """
    while begin < end and lengths[begin] < width:
        width -= lengths[begin]
        begin += ONE
    if begin < end and width > 0.0:
        lengths[begin] = width
        begin += ONE
    return begin


@njit(cache=True, nogil=True, error_model="numpy")
def _cost_to_go(work: Work, steps: int, keep: float, final_value: float) -> int:
    """The merge of :func:`forward` from the end to the start. SOLVED or INFEASIBLE."""
    slopes, lengths = work.held_slope, work.held_length
    begin = Place(len(slopes) // 2)
    end = begin
    scale, bottom, top = 1.0, work.low[steps - 1], work.high[steps - 1]
    if not top - bottom < np.inf:
        return INFEASIBLE
    cost = -final_value * bottom
    begin, end = insert(slopes, lengths, begin, end, -final_value, top - bottom)
    for back in range(steps):
        t = steps - 1 - back
        if t < steps - 1:
            low, high = work.low[t] / scale, work.high[t] / scale
            if not (low <= high and bottom <= high and low <= top):
                return INFEASIBLE
            if low > bottom:
                cost += _area(slopes, lengths, begin, end, low - bottom)
                begin, _ = cut_low(slopes, lengths, begin, end, low - bottom)
                bottom = low
            top = min(top, high)
            end = _fit(lengths, begin, end, top - bottom)
        reach = 0.0
        cost += work.base[t]
        for j in range(SEGMENTS):
            length, slope = work.length[j, t], work.slope[j, t]
            if length > 0.0:
                begin, end = insert(slopes, lengths, begin, end, -slope * scale, length / scale)
                reach += length
                cost += slope * length
        bottom -= (work.inflow[t] + work.least[t] + reach) / scale
        top -= (work.inflow[t] + work.least[t]) / scale
        scale /= keep
        if scale > 1.0 / RENEW:
            end = rescale(slopes, lengths, begin, end, RENEW, 0.0)
            scale, bottom, top = scale * RENEW, bottom / RENEW, top / RENEW
    return _left(work, begin, end, scale, bottom, cost)


@njit(cache=True, nogil=True, error_model="numpy")
def _left(  # noqa: PLR0917
    work: Work, begin: Place, end: Place, scale: float, bottom: float, cost: float
) -> int:
    """Leave the list in units of level, and say where it is."""
    at = begin
    while at < end:
        work.held_slope[at] /= scale
        work.held_length[at] *= scale
        at += ONE
    work.result[6], work.result[7] = begin, end
    work.result[8], work.result[9] = bottom * scale, cost
    return SOLVED
