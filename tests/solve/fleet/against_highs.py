"""The same devices as linear programmes in HiGHS, many in one stack, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from zeroplant.axis import Floats
from zeroplant.solve.fleet.schedule import Schedule, schedule
from zeroplant.solve.fleet.stage import BADDATA, INFEASIBLE
from zeroplant.solve.fleet.tables import CONSTANTS, SERIES, Fleet

Flags = NDArray[np.bool_]
# Some stacks with strong leaks are too hard for the tightest tolerances.
TRIES = [("highs-ds", 1e-10, True), ("highs-ds", 1e-10, False), ("highs-ipm", 1e-9, True)]
TRIES += [("highs-ds", 1e-8, True), ("highs-ds", 1e-8, False), ("highs-ds", 1e-7, True)]
REACHED = 1e-7
# A level missed by more than rounding and less than REACHED is reached by any solver's tolerances,
# but not by the same: the verdict counts there, not the cost (half of what was there 30 steps ago
# in each step is not nothing yet).
ROUNDING = 1e-13


class Dense:
    """A fleet written out: series (N, T), constants (N, 1), and the limits of power."""

    def __init__(self, fleet: Fleet) -> None:
        for name in SERIES:
            rows = getattr(fleet, name)
            setattr(self, name, rows.table[rows.row].astype(float))
        for name in CONSTANTS:
            setattr(self, name, getattr(fleet, name)[:, None])
        self.hours, self.shape = fleet.hours, (len(fleet), fleet.steps)
        self.q0 = np.maximum(-self.out_most, -self.connection - self.net - self.curtailable)
        self.q1 = np.minimum(self.in_most, self.connection - self.net)

    def change(self, q: Floats) -> Floats:
        """Change of level by a power of the device."""
        return self.hours * np.where(q > 0, self.gain, 1.0 / self.give) * q

    def cost(self, q: Floats) -> Floats:
        """Cost of a step with a power q, by trying every curtailment that can be best."""
        n, best = self.net + q, np.full(self.shape, np.inf)
        low = np.maximum(0.0, -self.connection - n)
        high = np.maximum(low, np.minimum(self.curtailable, self.connection - n))
        for x in (low, high, np.minimum(np.maximum(-n, low), high)):
            m = n + x
            best = np.minimum(best, np.where(m > 0, self.buy, self.sell) * m)
        wear = self.wear_in * np.maximum(q, 0.0) + self.wear_out * np.maximum(-q, 0.0)
        return self.hours * (best + wear)

    def convex(self) -> Flags:
        """Devices (N,) for which charging while discharging cannot pay, nor selling while buying.

        Neither the prices may pay for it, nor a connection that takes only one of the two.
        """
        turns = (self.in_most > 0) & (self.out_most > 0)
        limited = (self.q0 > -self.out_most) | (self.q1 < self.in_most)
        sound = (self.buy >= self.sell) & ~(turns & limited)
        for price in (self.buy, self.sell):
            left, right = self.give * (price - self.wear_out), (price + self.wear_in) / self.gain
            sound &= ~turns | (left <= right + 1e-12)
        return sound.all(axis=1)


def stacked(  # noqa: PLR0917 - the blocks of a programme in their usual order
    dense: Dense, change: Floats, balance: Floats, right: Floats, money: Floats, most: Floats,
    *, slack: bool = False,
) -> Floats:  # fmt: skip
    """Least cost of each device (N,), or with ``slack`` the least sum of level bounds missed.

    A step has its level and K activities (N, T, K), from 0 to ``most``; ``change`` says what they
    add to the level, ``balance`` what to a second row that has to equal ``right`` (N, T).
    """
    devices, steps, kinds = change.shape
    width, rows = kinds + 3, devices * steps
    row = np.arange(rows).reshape(devices, steps)
    at = row * width
    keep = np.broadcast_to(-dense.keep, dense.shape)[:, 1:]
    entries = [(rows + row, at + 3 + k, balance[:, :, k]) for k in range(kinds)]
    entries += [(row, at + 3 + k, -change[:, :, k]) for k in range(kinds)]
    for k, sign in enumerate((1.0, 1.0, -1.0)):
        entries += [(row, at + k, np.full(dense.shape, sign))]
        entries += [(row[:, 1:], at[:, :-1] + k, sign * keep)]
    i, j, value = (np.concatenate([np.ravel(e[k]) for e in entries]) for k in range(3))
    inflow = dense.inflow.copy()
    inflow[:, 0] += (dense.keep * dense.start)[:, 0]
    cost, low, high = (np.zeros((devices, steps, width)) for _ in range(3))
    low[..., 0], high[..., 0] = dense.low, np.maximum(dense.low, dense.high)
    high[..., 3:] = most
    if slack:
        cost[..., 1:3], high[..., 1:3] = 1.0, np.inf
    else:
        cost[..., 3:] = money
        cost[:, -1, 0] = -dense.final_value[:, 0]
    matrix = coo_array((value, (i, j)), shape=(2 * rows, rows * width)).tocsr()
    equal = np.concatenate([inflow.ravel(), right.ravel()])
    bounds = np.column_stack([low.ravel(), high.ravel()])
    for method, tolerance, presolve in TRIES:
        options = {
            "primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance,
            "presolve": presolve,
        }  # fmt: skip
        found = linprog(
            cost.ravel(), A_eq=matrix, b_eq=equal, bounds=bounds, method=method, options=options
        )
        if found.status == 0:
            break
    assert found.status == 0, found.message
    return (found.x.reshape(cost.shape) * cost).sum(axis=(1, 2))


def points(dense: Dense, *, slack: bool = False) -> Floats:
    """Each step as a mixture of the powers at which its cost can have a corner: the hull."""
    base = -dense.net
    tried = [dense.q0, dense.q1, np.zeros(dense.shape), base, base - dense.curtailable]
    tried += [base - dense.connection, base + dense.connection - dense.curtailable]
    q = [np.minimum(np.maximum(each, dense.q0), dense.q1) for each in tried]
    change = np.stack([dense.change(each) for each in q], axis=-1)
    money = np.stack([dense.cost(each) for each in q], axis=-1)
    ones = np.ones(change.shape)
    return stacked(dense, change, ones, ones[..., 0], money, 2.0 * ones, slack=slack)


def textbook(dense: Dense) -> Floats:
    """Charging, discharging, buying, selling and curtailing, each a variable of its own."""
    ones, limit = np.ones(dense.shape), np.broadcast_to(dense.connection, dense.shape)
    none = 0.0 * ones
    change = np.stack([dense.gain, -ones / dense.give, none, none, none], -1) * dense.hours
    balance = np.stack([-ones, ones, ones, -ones, -ones], -1)
    wear = dense.wear_in * ones, dense.wear_out * ones
    money = np.stack([*wear, dense.buy, -dense.sell, none], -1) * dense.hours
    most = np.stack([dense.in_most, dense.out_most, limit, limit, dense.curtailable], -1)
    return stacked(dense, change, balance, dense.net, money, most)


@dataclass
class Outcome:
    """Counts, and the worst of everything; see :func:`compare`."""

    devices: int
    infeasible: int
    not_convex: int
    marginal: int
    verdicts_differ: int
    cost: float
    violation: float
    gap: float


def violation(dense: Dense, found: Schedule) -> Floats:
    """Most by which a bound is missed (N,), from changes and powers alone; costs must agree."""
    u = np.asarray(found.change)
    gain = np.where(dense.gain > 0, dense.gain, 1.0)
    q = u / dense.hours * np.where(u > 0, 1.0 / gain, dense.give)
    level, worst = dense.start[:, 0], np.zeros(len(u))
    for t in range(dense.shape[1]):
        level = dense.keep[:, 0] * level + dense.change(q)[:, t] + dense.inflow[:, t]
        worst = np.maximum(worst, np.maximum(dense.low[:, t] - level, level - dense.high[:, t]))
    x = found.power - dense.net - q
    limit = np.abs(found.power) - dense.connection
    for miss in (q - dense.in_most, -q - dense.out_most, -x, x - dense.curtailable, limit):
        worst = np.maximum(worst, miss.max(axis=1))
    money = np.where(found.power > 0, dense.buy, dense.sell) * found.power
    money += dense.wear_in * np.maximum(q, 0) + dense.wear_out * np.maximum(-q, 0)
    cost = dense.hours * money.sum(axis=1) - dense.final_value[:, 0] * level
    np.testing.assert_allclose(found.cost, np.where(found.has_schedule, cost, np.nan), 1e-9, 1e-9)
    return worst


def compare(fleet: Fleet) -> Outcome:
    """Solve a fleet and its linear programmes, and say what differs.

    ``cost`` is the worst difference, relative to 1 + the cost; of the proven lower bound where a
    step is not convex, of the cost itself elsewhere.
    """
    dense = Dense(fleet)
    ours = schedule(fleet, outputs=("change", "power"), threads=1)
    assert not (ours.status == BADDATA).any()
    possible = (dense.q0 <= dense.q1).all(axis=1) & (dense.low <= dense.high).all(axis=1)
    missed = points(Dense(fleet[possible]), slack=True)
    possible[possible] = missed <= REACHED
    both = possible & ours.has_schedule
    marginal = both & (ours.violation > ROUNDING * (1.0 + np.abs(dense.start[:, 0])))
    both &= ~marginal
    convex = np.zeros(len(fleet), dtype=bool)
    worst = 0.0
    if both.any():
        part = Dense(fleet[both])
        convex[both] = part.convex()
        wanted = points(part)
        worst = np.max(np.abs(ours.cost[both] - ours.gap[both] - wanted) / (1 + np.abs(wanted)))
    if convex.any():
        wanted = textbook(Dense(fleet[convex]))
        worst = max(worst, np.max(np.abs(ours.cost[convex] - wanted) / (1 + np.abs(wanted))))
    solved = ours.has_schedule
    return Outcome(
        devices=len(fleet), infeasible=int(np.sum(~possible)),
        not_convex=int(np.sum(both & ~convex)),
        marginal=int(np.sum(marginal)),
        verdicts_differ=int(np.sum(possible == (ours.status == INFEASIBLE))), cost=float(worst),
        violation=float(np.max(violation(Dense(fleet), ours)[solved], initial=0.0)),
        gap=float(np.max(np.abs(ours.gap[convex]), initial=0.0)),
    )  # fmt: skip
