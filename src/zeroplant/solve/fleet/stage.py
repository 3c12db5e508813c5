"""The cost of one step as a function of the change of level: linear pieces, made convex.

With u = hours·(gain·c − d/give), the change of level that the device causes, u > 0 means charging
and u < 0 discharging, and what a step costs is piecewise linear in u. Its kinks are at rest and
where the price at the meter changes; its slopes are prices per unit of level. Pieces whose slopes
fall where they should rise (very negative prices, which pay for wasting energy) are replaced by
the lower convex hull: neighbours are pooled until slopes rise, as in isotonic regression.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.tables import Arrays
from zeroplant.solve.fleet.workspace import SEGMENTS, Work

SOLVED, BOUND, INFEASIBLE, BADDATA = 0, 1, 2, 3
LEAST_KEEP = 1e-6


@njit(cache=True, nogil=True, error_model="numpy")
def given_up(n: float, buy: float, sell: float, spare: float, connection: float) -> float:
    """Cheapest curtailment x for a net power n, with 0 ≤ x ≤ spare and |n + x| ≤ connection."""
    x = 0.0
    if sell <= 0.0 and buy < 0.0:
        x = spare
    elif sell < 0.0:
        x = min(spare, max(0.0, -n))
    elif buy < 0.0 and buy * max(n + spare, 0.0) < (sell if n < 0.0 else buy) * n:
        x = spare
    return max(0.0, min(max(x, -connection - n), spare, connection - n))


@njit(cache=True, nogil=True, error_model="numpy")
def _meter(  # noqa: PLR0917 - numbers of one step, as compiled code takes them
    buy: float, sell: float, spare: float, connection: float, kink: Floats, price: Floats
) -> int:
    """Pieces of the cost at the meter after curtailment: prices, kinks between them; how many."""
    price[0], price[1], kink[0] = sell, buy, 0.0
    if spare == 0.0:
        return 2
    if sell <= 0.0 and buy < 0.0:
        # All is given up, as far as the connection carries what is drawn instead.
        price[2], kink[0], kink[1] = 0.0, -spare, connection - spare
        return 3 if connection < np.inf else 2
    if sell < 0.0:
        price[1], price[2], kink[0], kink[1] = 0.0, buy, -spare, 0.0
        return 3
    last = 2
    if buy < 0.0:
        # Paid for either: nothing is given up below a net power, everything above it.
        kink[0] = buy * spare / (sell - buy)
    if connection < np.inf:
        # What the connection cannot carry away earns nothing.
        if -connection > kink[0] or (buy < 0.0 and kink[0] + spare > connection):
            return 0
        price[2], price[1], price[0] = price[1], price[0], 0.0
        kink[1], kink[0] = kink[0], -connection
        last = 3
        if buy < 0.0:
            price[3], kink[2] = 0.0, connection - spare
            last = 4
    return last


@njit(cache=True, nogil=True, error_model="numpy")
def step_cost(  # noqa: PLR0917
    q: float, net: float, buy: float, sell: float, spare: float, constants: Floats
) -> tuple[float, float]:
    """Cost per hour of a step with power q of the device (charging > 0), and net power."""
    n = net + q
    if spare > 0.0:
        n += given_up(n, buy, sell, spare, constants[6])
    wear = constants[2] * q if q > 0.0 else -constants[3] * q
    return (buy if n > 0.0 else sell) * n + wear, n


@njit(cache=True, nogil=True, error_model="numpy")
def _append(  # noqa: PLR0917
    work: Work, t: int, count: int, slope: float, length: float, hull: bool
) -> int:
    """Append a piece, pooled with those before it if slopes would fall; the new count."""
    slopes, lengths = work.slope, work.length
    while hull and count > 0 and slopes[count - 1, t] >= slope:
        count -= 1
        before = lengths[count, t]
        if slopes[count, t] > slope:
            slope = (slopes[count, t] * before + slope * length) / (before + length)
        length += before
    slopes[count, t] = slope
    lengths[count, t] = length
    return count + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _pieces(  # noqa: PLR0917
    work: Work, t: int, meter: int, net: float, q0: float, q1: float, up: float, down: float,
    constants: Floats, gain: float, hull: bool,
) -> None:  # fmt: skip
    """The stage cost between powers q0 and q1: first discharging, then charging."""
    give, count, left = constants[1], 0, q0
    if left < 0.0:
        end = min(q1, 0.0)
        for j in range(meter):
            right = min(end, work.kink[j] - net) if j < meter - 1 else end
            if right > left:
                slope = (work.price[j] - constants[3]) * give
                count = _append(work, t, count, slope, (right - left) * down, hull)
                left = right
    left = max(q0, 0.0)
    if left < q1:
        for j in range(meter):
            right = min(q1, work.kink[j] - net) if j < meter - 1 else q1
            if right > left:
                slope = (work.price[j] + constants[2]) / gain
                count = _append(work, t, count, slope, (right - left) * up, hull)
                left = right
    for j in range(count, SEGMENTS):
        work.length[j, t] = 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _plain(arrays: Arrays, device: int, adder: Floats, work: Work) -> bool:
    """Fill the stages of a device that are convex and have at most four pieces, without a branch.

    These are: discharging into the grid, discharging into the load, charging from the surplus,
    charging from the grid. False if any step is limited or not convex, or any number is garbage.
    """
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell, net = tables[0][row[0]], tables[1][row[1]], tables[2][row[2]]
    spare, in_most, out_most = tables[3][row[3]], tables[4][row[4]], tables[5][row[5]]
    gain, low, high = tables[6][row[6]], tables[7][row[7]], tables[8][row[8]]
    inflow, hours = tables[9][row[9]], arrays.hours
    slope, length = work.slope, work.length
    give, wear_in, wear_out = constants[1], constants[2], constants[3]
    down, plain = hours / give, 1
    for t in range(len(adder)):
        n0, cm, dm = np.float64(net[t]), np.float64(in_most[t]), np.float64(out_most[t])
        to_buy, to_sell = buy[t] + adder[t], sell[t] + adder[t]
        to_load, surplus = min(max(n0, 0.0), dm), min(max(-n0, 0.0), cm)
        up, per_level = hours * gain[t], 1.0 / gain[t]
        slope[0, t], slope[1, t] = (to_sell - wear_out) * give, (to_buy - wear_out) * give
        slope[2, t], slope[3, t] = (to_sell + wear_in) * per_level, (to_buy + wear_in) * per_level
        length[0, t], length[1, t] = (dm - to_load) * down, to_load * down
        length[2, t], length[3, t] = surplus * up, (cm - surplus) * up
        work.least[t] = -dm * down
        work.base[t] = hours * (max(to_buy * (n0 - dm), to_sell * (n0 - dm)) + wear_out * dm)
        work.inflow[t], work.low[t], work.high[t] = inflow[t], low[t], high[t]
        finite = to_buy + to_sell + n0 + cm + dm + inflow[t] + up + per_level
        turns = (slope[0, t] <= slope[2, t]) & (slope[1, t] <= slope[3, t])
        plain &= (to_sell <= to_buy) & (turns | (dm == 0.0) | (cm == 0.0)) & (spare[t] == 0.0)
        plain &= (cm >= 0.0) & (dm >= 0.0) & (up > 0.0) & (finite - finite == 0.0)
        plain &= (low[t] == low[t]) & (high[t] == high[t])
    length[4:] = 0.0
    return plain == 1 and constants[6] == np.inf


@njit(cache=True, nogil=True, error_model="numpy")
def load(arrays: Arrays, device: int, adder: Floats, hull: bool, work: Work) -> int:
    """Fill the stages of a device; ``hull`` makes them convex, else they are left as they are.

    Returns SOLVED, or INFEASIBLE or BADDATA with the step in ``work.result[3]``.
    """
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell, net = tables[0][row[0]], tables[1][row[1]], tables[2][row[2]]
    spare, in_most, out_most = tables[3][row[3]], tables[4][row[4]], tables[5][row[5]]
    gain, low, high = tables[6][row[6]], tables[7][row[7]], tables[8][row[8]]
    inflow, hours = tables[9][row[9]], arrays.hours
    keep, give, connection = constants[0], constants[1], constants[6]
    work.result[3], work.result[4] = -1.0, 0.0
    finite = give + constants[2] + constants[3] + constants[4] + constants[5]
    if not (LEAST_KEEP <= keep <= 1.0 and give > 0.0 and connection >= 0.0):
        return BADDATA
    if not -np.inf < finite < np.inf:
        return BADDATA
    if _plain(arrays, device, adder, work) and hull:
        return SOLVED
    down = hours / give
    for t in range(len(net)):
        work.result[3] = t
        n0, k = np.float64(net[t]), np.float64(spare[t])
        cm, dm = np.float64(in_most[t]), np.float64(out_most[t])
        to_buy, to_sell = buy[t] + adder[t], sell[t] + adder[t]
        finite = to_buy + to_sell + n0 + k + cm + dm + inflow[t]
        if not (-np.inf < finite < np.inf and k >= 0.0 and cm >= 0.0 and dm >= 0.0):
            return BADDATA
        if not (cm == 0.0 or 0.0 < gain[t] < np.inf) or low[t] != low[t] or high[t] != high[t]:
            return BADDATA
        q0, q1 = -dm, cm
        if connection < np.inf:
            q0, q1 = max(q0, -connection - n0 - k), min(q1, connection - n0)
            if q0 > q1:
                if q0 - q1 > 1e-9 * (1.0 + connection):
                    return INFEASIBLE
                q1 = q0
        meter = _meter(to_buy, to_sell, k, connection, work.kink, work.price)
        if meter == 0:
            return BADDATA
        up = hours * gain[t] if cm > 0.0 else 0.0
        _pieces(work, t, meter, n0, q0, q1, up, down, constants, np.float64(gain[t]), hull)
        work.least[t] = q0 * (up if q0 > 0.0 else down)
        work.base[t] = hours * step_cost(q0, n0, to_buy, to_sell, k, constants)[0]
        work.inflow[t], work.low[t], work.high[t] = inflow[t], low[t], high[t]
    work.result[3] = -1.0
    return SOLVED
