"""One device after the other: its exact answer to the present price, and a step towards it.

Block-coordinate Frank-Wolfe (S. Lacoste-Julien and others, ICML 2013) with one device as a block.
The price is that of the present total, with what other threads do; a limit weighs in as in the
augmented Lagrangian (M. J. D. Powell 1969, M. R. Hestenes 1969): at the price max(0, held +
weight (X - most)). Steps are mixed in the change of level u, in which levels are linear, and in
what is curtailed; the power follows from them, so a device never charges while it discharges.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.device import solve_device
from zeroplant.solve.fleet.recover import NEAREST
from zeroplant.solve.fleet.stage import BOUND
from zeroplant.solve.fleet.tables import Arrays, Table
from zeroplant.solve.fleet.workspace import Work

NEW = -1
"""Status of a device that has no schedule yet."""


class Held(NamedTuple):
    """Schedules as they stand: change and power (N, T), own cost (N,), status (N,) int8."""

    change: Table
    power: Table
    cost: Floats
    status: NDArray[np.int8]


class Field(NamedTuple):
    """What makes prices.

    member: group of each device (N,); parent (G,); total: power of each group (G, T).
    slot: row of a group in ``own``, -1 if one thread alone holds all of its devices (G,).
    own: what this thread has added to shared groups since threads last met (S, T).
    crowd: how many threads there are; each takes it that the others do as it does, until they
        meet: without that, all would rush to the cheapest step at once.
    price, slope: of the shared cost (T,). limited: which groups have limits (G,).
    most, least: limits (G, T), as tightened. up, down: prices held on them (G, T).
    weight: of the augmented Lagrangian (G,).
    guess: what the total holds for each device that is still new, by its group (G, T).
    """

    member: Ints
    parent: Ints
    total: Floats
    slot: Ints
    own: Floats
    crowd: float
    price: Floats
    slope: Floats
    limited: Ints
    most: Floats
    least: Floats
    up: Floats
    down: Floats
    weight: Floats
    guess: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def _prices(field: Field, group: int, price: Floats) -> None:
    """Price at the devices of a group, per step."""
    steps = len(price)
    slot = field.slot[0]
    for t in range(steps):
        total = field.total[0, t] + (field.crowd * field.own[slot, t] if slot >= 0 else 0.0)
        price[t] = field.price[t] + field.slope[t] * total
    while group >= 0:
        if field.limited[group]:
            slot, weight = field.slot[group], field.weight[group]
            for t in range(steps):
                total = field.total[group, t] + (
                    field.crowd * field.own[slot, t] if slot >= 0 else 0.0
                )
                price[t] += max(0.0, field.up[group, t] + weight * (total - field.most[group, t]))
                price[t] -= max(
                    0.0, field.down[group, t] + weight * (field.least[group, t] - total)
                )
        group = field.parent[group]


@njit(cache=True, nogil=True, error_model="numpy")
def _bend(field: Field, group: int, move: Floats) -> float:
    """How much prices rise along a move (T,), times the move: the curvature of the objective."""
    steps, bend = len(move), 0.0
    for t in range(steps):
        bend += field.slope[t] * move[t] * move[t]
    while group >= 0:
        if field.limited[group]:
            slot, weight = field.slot[group], field.weight[group]
            for t in range(steps):
                total = field.total[group, t] + (
                    field.crowd * field.own[slot, t] if slot >= 0 else 0.0
                )
                over = field.up[group, t] + weight * (total - field.most[group, t])
                under = field.down[group, t] + weight * (field.least[group, t] - total)
                change = weight * move[t]
                if max(over, over + change) > 0.0 or max(under, under - change) > 0.0:
                    bend += change * move[t]
        group = field.parent[group]
    return bend


@njit(cache=True, nogil=True, error_model="numpy")
def _add(field: Field, group: int, move: Floats) -> None:
    """Add a move (T,) to the totals of a group and of those it is in."""
    while group >= 0:
        slot = field.slot[group]
        for t in range(len(move)):
            if slot >= 0:
                field.own[slot, t] += move[t]
            else:
                field.total[group, t] += move[t]
        group = field.parent[group]


@njit(cache=True, nogil=True, error_model="numpy")
def own_cost(arrays: Arrays, device: int, change: Table, power: Table) -> float:
    """A device's own cost of a change of level and a power at the meter, both (T,)."""
    tables, row, constants = arrays.tables, arrays.rows[device], arrays.constants[device]
    buy, sell = tables[0][row[0]], tables[1][row[1]]
    gain, inflow, hours = tables[6][row[6]], tables[9][row[9]], arrays.hours
    level, cost = constants[4], 0.0
    for t in range(len(change)):
        u, n = np.float64(change[t]), np.float64(power[t])
        wear = constants[2] * u / gain[t] if u > 0.0 else -constants[3] * constants[1] * u
        cost += hours * (buy[t] if n > 0.0 else sell[t]) * n + wear
        level = constants[0] * level + u + inflow[t]
    total: float = cost - constants[5] * level
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _drawn(u: float, gain: float, give: float, hours: float) -> float:
    """Power of the device itself for a change of level."""
    return u / (hours * gain) if u > 0.0 else u * give / hours


@njit(cache=True, nogil=True, error_model="numpy")
def _mix(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    arrays: Arrays, device: int, held: Held, share: float, work: Work, change: Table, power: Table,
) -> None:  # fmt: skip
    """A share of the way from the held schedule to the workspace's: u and curtailment are mixed."""
    tables, row = arrays.tables, arrays.rows[device]
    net, gain, give = tables[2][row[2]], tables[6][row[6]], arrays.constants[device, 1]
    spare, connection = tables[3][row[3]], arrays.constants[device, 6]
    for t in range(len(change)):
        old, new = np.float64(held.change[device, t]), work.change[t]
        mixed = old + share * (new - old)
        if share == 1.0:
            mixed = new
        before = held.power[device, t] - _drawn(old, gain[t], give, arrays.hours)
        after = work.power[t] - _drawn(new, gain[t], give, arrays.hours)
        # `before` and `after` are net power without the device: what is curtailed is in them.
        without = before + share * (after - before)
        drawn = _drawn(mixed, gain[t], give, arrays.hours)
        without = max(without, net[t], -connection - drawn)
        change[t], power[t] = mixed, min(without, net[t] + spare[t]) + drawn


@njit(cache=True, nogil=True, error_model="numpy")
def _enter(  # noqa: PLR0917 - as above
    arrays: Arrays, i: int, group: int, held: Held, field: Field, price: Floats, move: Floats,
    work: Work,
) -> None:  # fmt: skip
    """First schedule of a device: it takes the place of its share of the guess."""
    held.status[i] = solve_device(arrays, i, price, NEAREST, work)
    solved = held.status[i] <= BOUND
    for t in range(len(price)):
        held.change[i, t] = work.change[t] if solved else 0.0
        held.power[i, t] = work.power[t] if solved else 0.0
        move[t] = held.power[i, t] - field.guess[group, t]
    if solved:
        held.cost[i] = own_cost(arrays, i, held.change[i], held.power[i])
    _add(field, group, move)


@njit(cache=True, nogil=True, error_model="numpy")
def _improve(  # noqa: PLR0917 - as above
    arrays: Arrays, i: int, group: int, held: Held, field: Field, price: Floats, move: Floats,
    work: Work, change: Table, power: Table,
) -> float:  # fmt: skip
    """Step of a device towards its answer, by exact line search; what it promised to gain."""
    if solve_device(arrays, i, price, NEAREST, work) > BOUND:
        return 0.0
    hours = arrays.hours
    drop: float = work.result[0] - held.cost[i]
    for t in range(len(price)):
        move[t] = work.power[t] - held.power[i, t]
        drop -= hours * price[t] * held.power[i, t]
    if drop >= 0.0:
        return 0.0
    bend = hours * _bend(field, group, move)
    share = min(1.0, -drop / bend) if bend > 0.0 else 1.0
    _mix(arrays, i, held, share, work, change, power)
    cost = own_cost(arrays, i, change, power)
    gained = cost - held.cost[i]
    for t in range(len(price)):
        move[t] = np.float64(power[t]) - held.power[i, t]
        gained += hours * price[t] * move[t]
    gained += 0.5 * hours * _bend(field, group, move)
    if gained < 0.0:
        held.cost[i] = cost
        held.change[i], held.power[i] = change, power
        _add(field, group, move)
    return -drop


@njit(cache=True, nogil=True, error_model="numpy")
def sweep(  # noqa: PLR0917 - as above
    arrays: Arrays, order: Ints, held: Held, field: Field, work: Work, change: Table, power: Table
) -> float:
    """Visit the devices of ``order`` one after the other; what they promised to gain, summed.

    ``change`` and ``power`` are scratch (T,) of the type of the held schedules.
    """
    promised = 0.0
    price, move = np.empty(len(field.price)), np.empty(len(field.price))
    for k in range(len(order)):
        i = order[k]
        group = field.member[i]
        if held.status[i] > BOUND:
            continue
        _prices(field, group, price)
        if held.status[i] == NEW:
            _enter(arrays, i, group, held, field, price, move, work)
        else:
            promised += _improve(arrays, i, group, held, field, price, move, work, change, power)
    return promised


@njit(cache=True, nogil=True, error_model="numpy")
def bound(  # noqa: PLR0917 - as above
    arrays: Arrays, order: Ints, member: Ints, price: Floats, held: Held, work: Work, answer: Floats
) -> tuple[float, float]:
    """Own cost of the held schedules, and a lower bound of cost and price of any, summed.

    ``price`` (G, T) is that at the devices of each group; ``answer`` (G, T) gains what devices
    would draw at it.
    """
    cost, least = 0.0, 0.0
    for k in range(len(order)):
        i = order[k]
        if held.status[i] > BOUND:
            continue
        cost += own_cost(arrays, i, held.change[i], held.power[i])
        if solve_device(arrays, i, price[member[i]], NEAREST, work) > BOUND:
            least = -np.inf  # a price that is no number proves nothing
            continue
        least += work.result[0] - work.result[1]
        for t in range(price.shape[1]):
            answer[member[i], t] += work.power[t]
    return cost, least
