"""Levels that should keep within a band, and may leave it at a price per unit and step.

A comfort band, or a reserve that may be touched in need, is a cost of the level that is convex:
``below`` per unit under the band, ``above`` per unit over it. In slope form (see forward) adding it
bends the value function: slopes left of the band's low end fall by ``below``, slopes right of its
high end rise by ``above``. Going back, the marginal value of level may now rise by at most
``below`` where the level is at the low end, rises by just that much under it, and falls likewise at
and over the high end; a hard bound is the case of an infinite price. So two more slopes per step
are all that has to be stored: that of the piece which ended at the low end before it was bent, and
that of the piece which began at the high end.

With F(s) the function before, and pl its slope just left of the low end, the value v after the bend
becomes v' = max(v, min(pl, v + below)) before it; likewise at the high end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.forward import CROWD, FADED, RENEW, TWO, VANISHED, _place_bounds
from zeroplant.solve.fleet.slopes import ONE, Place, cut_high, cut_low, insert, rescale
from zeroplant.solve.fleet.stage import BADDATA, BOUND, INFEASIBLE, SOLVED, load, step_cost
from zeroplant.solve.fleet.tables import Arrays, Fleet, Rows
from zeroplant.solve.fleet.workspace import SEGMENTS, Work, workspace

TIED = 1e-11
"""Relative difference of two slopes that are the same: bending and unbending rounds them."""
CLOSED = 1e-9


class Bends(NamedTuple):
    """What one thread keeps of the band of a device, by step (T,).

    Attributes:
        left: slope of the piece that ended at the band's low end; scaled.
        right: slope of the piece that began at its high end; scaled.
        rise: what the low end adds to the marginal value of level.
        fall: what the high end takes from it.
    """

    left: Floats
    right: Floats
    rise: Floats
    fall: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def _bend_low(  # noqa: PLR0917
    slopes: Floats, lengths: Floats, begin: Place, end: Place, reach: float, by: float
) -> tuple[Place, float]:
    """Lower the slopes of all pieces within ``reach`` of the low end; the new beginning.

    The piece that reaches across is cut in two. Also the slope it had.
    """
    if reach <= 0.0:
        return begin, -np.inf
    at = begin
    while at < end and lengths[at] <= reach:
        reach -= lengths[at]
        at += ONE
    if at == end:
        for k in range(begin, end):
            slopes[k] -= by
        return begin, np.inf
    old = slopes[at]
    if reach <= 0.0:
        old = slopes[at - ONE]
        for k in range(begin, at):
            slopes[k] -= by
        return begin, old
    move = begin
    while move < at:
        slopes[move - ONE], lengths[move - ONE] = slopes[move] - by, lengths[move]
        move += ONE
    slopes[at - ONE], lengths[at - ONE] = old - by, reach
    lengths[at] -= reach
    return begin - ONE, old


@njit(cache=True, nogil=True, error_model="numpy")
def _bend_high(  # noqa: PLR0917
    slopes: Floats, lengths: Floats, begin: Place, end: Place, reach: float, by: float
) -> tuple[Place, float]:
    """Raise the slopes of all pieces within ``reach`` of the high end; the new end."""
    if reach <= 0.0:
        return end, np.inf
    at = end
    while at > begin and lengths[at - ONE] <= reach:
        reach -= lengths[at - ONE]
        at -= ONE
    if at == begin or reach <= 0.0:
        old = slopes[at] if at > begin else -np.inf
        for k in range(at, end):
            slopes[k] += by
        return end, old
    old = slopes[at - ONE]
    move = end
    while move > at:
        slopes[move], lengths[move] = slopes[move - ONE] + by, lengths[move - ONE]
        move -= ONE
    slopes[at], lengths[at] = old + by, reach
    lengths[at - ONE] -= reach
    return end + ONE, old


@njit(cache=True, nogil=True, error_model="numpy")
def _forward(  # noqa: PLR0917
    work: Work, keep: float, start: float, low: Floats, high: Floats, below: float, above: float,
    bends: Bends,
) -> int:  # fmt: skip
    """As ``forward``, bending the value function at the ends of the band in every step."""
    slopes, lengths = work.held_slope, work.held_length
    begin = Place(len(slopes) // 2)
    end = begin
    alpha, bottom, top, crowd, faded = 1.0, start, start, CROWD, FADED
    for t in range(len(low)):
        alpha *= keep
        if alpha < faded or end - begin > crowd:
            renew = 1.0 / RENEW if alpha < RENEW else 1.0
            alpha *= renew
            bottom /= renew
            top /= renew
            least = VANISHED * (1.0 / alpha + max(abs(bottom), abs(top))) if keep < 1.0 else 0.0
            end = rescale(slopes, lengths, begin, end, renew, least)
            faded, crowd = alpha * FADED, max(CROWD, TWO * (end - begin))
        work.scale[t] = alpha
        reach = 0.0
        for j in range(SEGMENTS):
            length = work.length[j, t]
            if length > 0.0:
                work.slope[j, t] *= alpha
                slope = work.slope[j, t]
                begin, end = insert(slopes, lengths, begin, end, slope, length / alpha)
                reach += length
        bottom += (work.least[t] + work.inflow[t]) / alpha
        top += (work.least[t] + work.inflow[t] + reach) / alpha
        work.floor[t], work.ceiling[t] = -np.inf, np.inf
        side = _place_bounds(work, t, bottom * alpha, top * alpha)
        if side != 0:
            work.result[3], work.result[4] = t, side if side < 2 else 0
            return INFEASIBLE
        if work.low[t] / alpha > bottom:
            begin, work.floor[t] = cut_low(
                slopes, lengths, begin, end, work.low[t] / alpha - bottom
            )
            bottom = work.low[t] / alpha
            top = max(bottom, top)
        if work.high[t] / alpha < top:
            end, work.ceiling[t] = cut_high(slopes, lengths, begin, end, top - work.high[t] / alpha)
            top = work.high[t] / alpha
            bottom = min(bottom, top)
        begin, bends.left[t] = _bend_low(
            slopes, lengths, begin, end, low[t] / alpha - bottom, below * alpha
        )
        end, bends.right[t] = _bend_high(
            slopes, lengths, begin, end, top - high[t] / alpha, above * alpha
        )
    return SOLVED


@njit(cache=True, nogil=True, error_model="numpy")
def _backward(  # noqa: PLR0912, PLR0917
    work: Work, keep: float, final_value: float, low: Floats, high: Floats, below: float,
    above: float, bends: Bends,
) -> None:  # fmt: skip
    """Marginal value of level, optimal changes and the levels they need, from end to start."""
    steps = len(low)
    value = final_value * work.scale[steps - 1]
    bottom, top = -np.inf, np.inf
    for t in range(steps - 1, -1, -1):
        scale, down, up = work.scale[t], below * work.scale[t], above * work.scale[t]
        room = TIED * (abs(value) + down + up)
        bottom, top = max(bottom, work.low[t]), min(top, work.high[t])
        before = value
        value = min(value, max(bends.right[t], value - up))
        bends.fall[t] = (before - value) / scale
        if before - value > room:
            bottom = max(bottom, high[t])
        if before - value < up - room:
            top = min(top, high[t])
        before = value
        value = max(value, min(bends.left[t], value + down))
        bends.rise[t] = (value - before) / scale
        if value - before > room:
            top = min(top, low[t])
        if value - before < down - room:
            bottom = max(bottom, low[t])
        before = value
        value = min(max(value, work.floor[t]), work.ceiling[t])
        if value > before + room:
            bottom = top = work.low[t]
        elif value < before - room:
            bottom = top = work.high[t]
        if bottom > top:  # by rounding
            bottom = top = min(max(0.5 * (bottom + top), work.low[t]), work.high[t])
        work.value[t], work.jump[t] = value / scale, (value - before) / scale
        work.bottom[t], work.top[t] = bottom, top
        least, rise = work.least[t], 0.0
        most = least
        for j in range(SEGMENTS):
            if work.length[j, t] <= 0.0:
                continue
            if work.slope[j, t] < value - room:
                least += work.length[j, t]
                rise += work.slope[j, t] * work.length[j, t] / scale
            if work.slope[j, t] <= value + room:
                most += work.length[j, t]
        work.u_least[t], work.u_most[t], work.rise[t] = least, most, rise
        bottom = (bottom - work.inflow[t] - most) / keep
        top = (top - work.inflow[t] - least) / keep
        if t > 0 and work.scale[t - 1] < scale:
            value *= RENEW


@njit(cache=True, nogil=True, error_model="numpy")
def _recover(  # noqa: PLR0917
    arrays: Arrays, device: int, adder: Floats, low: Floats, high: Floats, below: float,
    above: float, work: Work, bends: Bends,
) -> int:  # fmt: skip
    """Fill change, power, level and result; the gap is a sum of terms that vanish at the best."""
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell, net = tables[0][row[0]], tables[1][row[1]], tables[2][row[2]]
    spare, gain, hours, give = tables[3][row[3]], tables[6][row[6]], arrays.hours, constants[1]
    level, cost, size, gap, missed = constants[4], 0.0, 0.0, 0.0, 0.0
    for t in range(len(low)):
        rest = constants[0] * level + work.inflow[t]
        least = max(work.u_least[t], work.bottom[t] - rest)
        most = max(least, min(work.u_most[t], work.top[t] - rest))
        u = min(max(min(max(0.0, least), most), work.u_least[t]), work.u_most[t])
        q = u / (hours * gain[t]) if u > 0.0 else u * give / hours
        level = rest + u
        missed = max(missed, work.low[t] - level, level - work.high[t])
        paid, work.power[t] = step_cost(
            q,
            np.float64(net[t]),
            buy[t] + adder[t],
            sell[t] + adder[t],
            np.float64(spare[t]),
            constants,
        )
        under, over = max(low[t] - level, 0.0), max(level - high[t], 0.0)
        paid *= hours
        work.change[t], work.level[t] = u, level
        cost += paid + below * under + above * over
        size += abs(paid) + below * under + above * over
        gap += _least_miss(work, t, u, paid, arrays, device, adder)
        gap += below * under + above * over
        if bends.rise[t] != 0.0:
            gap -= bends.rise[t] * (low[t] - level)
        if bends.fall[t] != 0.0:
            gap -= bends.fall[t] * (level - high[t])
        jump = work.jump[t]
        if jump != 0.0:
            gap += jump * (level - (work.low[t] if jump > 0.0 else work.high[t]))
    cost -= constants[5] * level
    size += abs(constants[5] * level)
    work.result[0], work.result[1], work.result[2] = cost, gap, missed
    if not (size < np.inf and missed < np.inf):
        return BADDATA
    return SOLVED if gap <= CLOSED * (1.0 + size) else BOUND


@njit(cache=True, nogil=True, error_model="numpy")
def _least_miss(  # noqa: PLR0917
    work: Work, t: int, u: float, paid: float, arrays: Arrays, device: int, adder: Floats
) -> float:  # fmt: skip
    """What a step costs above the least of (hull of its cost − value·change)."""
    value, dual, at = work.value[t], work.base[t] - work.value[t] * work.least[t], 0.0
    for j in range(SEGMENTS):
        length = work.length[j, t]
        if length > 0.0:
            at += min(work.slope[j, t] / work.scale[t] - value, 0.0) * length
    return float(paid - value * u - dual - at)


@njit(cache=True, nogil=True, error_model="numpy")
def solve_soft(  # noqa: PLR0917
    arrays: Arrays, device: int, adder: Floats, low: Floats, high: Floats, below: float,
    above: float, work: Work, bends: Bends,
) -> int:  # fmt: skip
    """One device whose level should keep within ``low`` and ``high`` (T,); its status.

    The answer is left in ``work`` as by ``solve_device``; the cost includes that of leaving the
    band. The fleet's own bounds stay hard.
    """
    if not (0.0 <= below < np.inf and 0.0 <= above < np.inf):
        work.result[3], work.result[4] = -1.0, 0.0
        return BADDATA
    status = load(arrays, device, adder, True, work)
    if status != SOLVED:
        return status
    for t in range(len(low)):
        if not low[t] <= high[t]:
            work.result[3] = t
            return BADDATA
    keep, start, final = (
        arrays.constants[device, 0], arrays.constants[device, 4], arrays.constants[device, 5]
    )  # fmt: skip
    status = _forward(work, keep, start, low, high, below, above, bends)
    if status != SOLVED:
        return status
    _backward(work, keep, final, low, high, below, above, bends)
    return _recover(arrays, device, adder, low, high, below, above, work, bends)


@njit(cache=True, nogil=True, error_model="numpy")
def _all(  # noqa: PLR0917
    arrays: Arrays, adder: Floats, low: tuple[Floats, NDArray[np.int32]],
    high: tuple[Floats, NDArray[np.int32]], below: Floats, above: Floats, work: Work, bends: Bends,
    codes: NDArray[np.int64], numbers: Floats, series: Floats,
) -> None:  # fmt: skip
    """All devices of a fleet, one after the other."""
    for i in range(len(below)):
        status = solve_soft(
            arrays,
            i,
            adder,
            low[0][low[1][i]],
            high[0][high[1][i]],
            below[i],
            above[i],
            work,
            bends,
        )
        codes[0, i], codes[1, i], codes[2, i] = status, int(work.result[3]), int(work.result[4])
        if status <= BOUND:
            for k in range(3):
                numbers[k, i] = work.result[k]
            series[0, i], series[1, i], series[2, i] = work.change, work.power, work.level


def schedule_soft(
    fleet: Fleet, low: Rows, high: Rows, below: Floats, above: Floats
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Schedule a fleet whose levels should keep within a band.

    Args:
        fleet: the devices; their ``low`` and ``high`` are hard, and may be infinite.
        low: low end of the band after each step.
        high: high end.
        below: price per unit of level under the band and step (N,).
        above: price per unit over it.

    Returns:
        Status, step and side (3, N); cost, gap and violation (3, N); change, power and level
        (3, N, T).
    """
    devices, steps = len(fleet), fleet.steps
    codes = np.zeros((3, devices), dtype=np.int64)
    numbers, series = np.full((3, devices), np.nan), np.full((3, devices, steps), np.nan)
    bends = Bends(*(np.empty(steps) for _ in range(4)))
    _all(
        fleet.arrays, np.zeros(steps), (low.table.astype(np.float64), low.row),
        (high.table.astype(np.float64), high.row), np.asarray(below, dtype=np.float64),
        np.asarray(above, dtype=np.float64), _roomy(steps), bends, codes, numbers, series,
    )  # fmt: skip
    return codes, numbers, series


def _roomy(steps: int) -> Work:
    """A workspace with room for the two pieces that each step may add by bending."""
    held = np.zeros(2 * (SEGMENTS + 2) * (steps + 1))
    return workspace(steps)._replace(held_slope=held, held_length=held.copy())
