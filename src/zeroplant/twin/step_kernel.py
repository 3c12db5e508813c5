"""One step of the plant, compiled: devices respond, stores and balances hold, levels move.

Arrays in, arrays out; every array is named in `plant.State`. Rates are per hour, a step lasts
``hours``. Imported only where a twin runs (numba takes a while to load).
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.points import BoolArray
from zeroplant.twin.physics import CLOSER, LIMIT, OUTSIDE, TARGET

TINY = 1e-12
FREELY, ENDED, SWEEPS = 3, 7, 11
"""Times the nodes are closed one after the other: what one moves, the next round sees. Where two
nodes still pull at one flow after the first rounds, there is too little: what joins them then only
comes down. What joins a node to such as have an end of their own (a boiler, to the grid) may still
make up for that in four rounds more; then it only comes down too, so that the rounds end."""


@njit(cache=True, nogil=True, error_model="numpy")
def step(
    hours: float, sort: Ints, least: Floats, most: Floats, goal: Floats, answer: Floats,
    ramp: Floats, x: Floats, pairs: Ints,
    node_flow: Ints, node_into: Ints, node_rate: Floats, arriving: Floats,
    order: Ints, first: Ints, closer: Ints, ended: BoolArray,
    store_flow: Ints, store_into: Ints, store_rate: Floats, keep: Floats, inflow: Floats,
    floor: Floats, cap: Floats, level: Floats, own: Ints, spills: Ints,
    residual: Floats, lost: Floats,
) -> None:  # fmt: skip
    """Move ``x`` and ``level`` by one step.

    ``answer`` is the share of the way to its goal that a flow goes in a step, ``ramp`` the most it
    moves in one. ``own`` marks stores whose level a kind moves by itself, ``spills``
    those that may run over. ``residual`` [node] is what stays open, ``lost`` [store] what ran over
    (positive) or was missing.
    """
    respond(sort, least, most, goal, answer, ramp, x, pairs)
    hold_stores(hours, sort, x, store_flow, store_into, store_rate, keep, inflow, floor, cap,
                level, own)  # fmt: skip
    for sweep in range(SWEEPS):
        worst = balance(node_flow, node_into, node_rate, arriving, x, residual)
        if worst < 1e-9:
            break
        for node in order:
            if first[node] < first[node + 1]:
                close(hours, node, sort, node_flow, node_into, node_rate, arriving, first, closer,
                      ended, least, most, store_flow, store_into, store_rate, keep, inflow, floor,
                      cap, level, spills, x, sweep >= FREELY, sweep >= ENDED)  # fmt: skip
    balance(node_flow, node_into, node_rate, arriving, x, residual)
    rest_of_stores(hours, sort, x, store_flow, store_into, store_rate, keep, inflow, floor, cap,
                   level, own, lost)  # fmt: skip


@njit(cache=True, nogil=True)
def respond(
    sort: Ints, least: Floats, most: Floats, goal: Floats, answer: Floats, ramp: Floats,
    x: Floats, pairs: Ints,
) -> None:  # fmt: skip
    """Flows go towards their goals; what closes a balance begins anew at nothing."""
    for row in range(len(pairs)):
        both = min(goal[pairs[row, 0]], goal[pairs[row, 1]])
        if both > 0.0:
            goal[pairs[row, 0]] -= both
            goal[pairs[row, 1]] -= both
    for f in range(len(x)):
        low, high = min(least[f], most[f]), most[f]
        if sort[f] == OUTSIDE:
            x[f] = high
        elif sort[f] == CLOSER:
            x[f] = max(low, 0.0)
        elif sort[f] == LIMIT or sort[f] == TARGET:
            move = (min(max(goal[f], low), high) - x[f]) * answer[f]
            # Output comes back by the ramp; turned down it is at once, by pitch or converter.
            down = np.inf if sort[f] == LIMIT else ramp[f]
            x[f] += min(max(move, -down), ramp[f])
            # What is not there cannot be given, however slow the device.
            x[f] = min(max(x[f], low), high)
        else:
            x[f] = goal[f]


@njit(cache=True, nogil=True)
def change(
    store: int, x: Floats, store_flow: Ints, store_into: Ints, store_rate: Floats
) -> tuple[float, float]:
    """What fills and what drains a store per hour."""
    filling, draining = 0.0, 0.0
    for e in range(len(store_flow)):
        if store_into[e] == store:
            rate = store_rate[e] * x[store_flow[e]]
            if rate > 0.0:
                filling += rate
            else:
                draining -= rate
    return filling, draining


@njit(cache=True, nogil=True)
def hold_stores(
    hours: float, sort: Ints, x: Floats, store_flow: Ints, store_into: Ints, store_rate: Floats,
    keep: Floats, inflow: Floats, floor: Floats, cap: Floats, level: Floats, own: Ints,
) -> None:  # fmt: skip
    """A full store takes no more, an empty one gives no more: flows that are set come down."""
    for s in range(len(level)):
        if own[s]:
            continue
        filling, draining = change(s, x, store_flow, store_into, store_rate)
        then = keep[s] * level[s] + hours * (filling - draining + inflow[s])
        if then > cap[s] and filling > TINY:
            share = max(0.0, 1.0 - (then - cap[s]) / hours / filling)
            scale(s, 1.0, share, sort, x, store_flow, store_into, store_rate)
        elif then < floor[s] and draining > TINY:
            share = max(0.0, 1.0 - (floor[s] - then) / hours / draining)
            scale(s, -1.0, share, sort, x, store_flow, store_into, store_rate)


@njit(cache=True, nogil=True)
def scale(
    store: int, sign: float, share: float, sort: Ints, x: Floats, store_flow: Ints,
    store_into: Ints, store_rate: Floats,
) -> None:  # fmt: skip
    """Bring down what fills (sign 1) or drains a store; what comes from outside stays."""
    for e in range(len(store_flow)):
        f = store_flow[e]
        is_set = sort[f] == TARGET or sort[f] == LIMIT
        if is_set and store_into[e] == store and store_rate[e] * sign > 0.0:
            x[f] *= share


@njit(cache=True, nogil=True)
def balance(
    node_flow: Ints, node_into: Ints, node_rate: Floats, arriving: Floats, x: Floats,
    residual: Floats,
) -> float:  # fmt: skip
    """What each node has too much (positive) or too little; the greatest of them."""
    for n in range(len(residual)):
        residual[n] = arriving[n]
    for e in range(len(node_flow)):
        residual[node_into[e]] += node_rate[e] * x[node_flow[e]]
    worst = 0.0
    for n in range(len(residual)):
        worst = max(worst, abs(residual[n]))
    return worst


@njit(cache=True, nogil=True)
def close(
    hours: float, node: int, sort: Ints, node_flow: Ints, node_into: Ints, node_rate: Floats,
    arriving: Floats, first: Ints, closer: Ints, ended: BoolArray, least: Floats, most: Floats,
    store_flow: Ints, store_into: Ints, store_rate: Floats, keep: Floats, inflow: Floats,
    floor: Floats, cap: Floats, level: Floats, spills: Ints, x: Floats, down: bool, last: bool,
) -> None:  # fmt: skip
    """Let the flows that close a node take what it has too much or too little, in their order.

    With ``down`` those that join it to another node may only come down, unless they are ``ended``
    and these are not the ``last`` rounds; so may a load that is set.
    """
    open_ = arriving[node]
    for e in range(len(node_flow)):
        if node_into[e] == node:
            open_ += node_rate[e] * x[node_flow[e]]
    for place in range(first[node], first[node + 1]):
        if abs(open_) < TINY:
            return
        e = closer[place]
        f, rate = node_flow[e], node_rate[e]
        if rate == 0.0:
            continue
        low, high = bounds(hours, f, least, most, store_flow, store_into, store_rate, keep,
                           inflow, floor, cap, level, spills, x)  # fmt: skip
        joined = joins(f, node, node_flow, node_into)
        held = joined and down and (last or not ended[place])
        if held or (not joined and is_load(f, rate, sort, store_flow)):
            high = min(high, x[f])
        wanted = min(max(x[f] - open_ / rate, low), high)
        open_ += rate * (wanted - x[f])
        x[f] = wanted


@njit(cache=True, nogil=True)
def is_load(f: int, rate: float, sort: Ints, store_flow: Ints) -> bool:
    """Whether a flow that is set only takes, and neither fills nor drains a store."""
    if sort[f] != TARGET or rate > 0.0:
        return False
    for e in range(len(store_flow)):  # noqa: SIM110 - compiled: a loop is what it becomes
        if store_flow[e] == f:
            return False
    return True


@njit(cache=True, nogil=True)
def joins(f: int, node: int, node_flow: Ints, node_into: Ints) -> bool:
    """Whether a flow is also in the balance of another node."""
    for e in range(len(node_flow)):  # noqa: SIM110 - compiled: a loop is what it becomes
        if node_flow[e] == f and node_into[e] != node:
            return True
    return False


@njit(cache=True, nogil=True)
def bounds(
    hours: float, f: int, least: Floats, most: Floats, store_flow: Ints, store_into: Ints,
    store_rate: Floats, keep: Floats, inflow: Floats, floor: Floats, cap: Floats, level: Floats,
    spills: Ints, x: Floats,
) -> tuple[float, float]:  # fmt: skip
    """How far a flow may go: by its own bounds, and by those of the stores it moves."""
    low, high = min(max(least[f], 0.0), most[f]), most[f]
    for e in range(len(store_flow)):
        if store_flow[e] != f or store_rate[e] == 0.0:
            continue
        s = store_into[e]
        filling, draining = change(s, x, store_flow, store_into, store_rate)
        then = keep[s] * level[s] + hours * (filling - draining + inflow[s])
        if store_rate[e] > 0.0:
            if not spills[s]:
                high = min(high, x[f] + max(cap[s] - then, 0.0) / (hours * store_rate[e]))
            low = max(low, x[f] - max(then - floor[s], 0.0) / (hours * store_rate[e]))
        else:
            high = min(high, x[f] - max(then - floor[s], 0.0) / (hours * store_rate[e]))
            low = max(low, x[f] + max(cap[s] - then, 0.0) / (hours * store_rate[e]))
    low = min(low, x[f])
    return low, max(high, low)


@njit(cache=True, nogil=True)
def rest_of_stores(
    hours: float, sort: Ints, x: Floats, store_flow: Ints, store_into: Ints, store_rate: Floats,
    keep: Floats, inflow: Floats, floor: Floats, cap: Floats, level: Floats, own: Ints,
    lost: Floats,
) -> None:  # fmt: skip
    """Levels at the end of the step; what runs over a store is spilt, where something spills."""
    for s in range(len(level)):
        lost[s] = 0.0
        if own[s]:
            continue
        filling, draining = change(s, x, store_flow, store_into, store_rate)
        then = keep[s] * level[s] + hours * (filling - draining + inflow[s])
        if then > cap[s]:
            lost[s] = then - cap[s]
            for e in range(len(store_flow)):
                f = store_flow[e]
                if store_into[e] == s and store_rate[e] < 0.0 and sort[f] == CLOSER:
                    x[f] -= lost[s] / (hours * store_rate[e])
                    lost[s] = 0.0
                    break
            then = cap[s]
        elif then < floor[s]:
            lost[s] = then - floor[s]
            then = floor[s]
        level[s] = then
