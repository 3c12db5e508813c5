"""Homes and plant planned together exactly, by column generation.

The plant's linear programme sees each group of devices as a mixture of whole schedules of it, its
columns. At the shadow price of the node every device finds its own best schedule
(`solve.fleet`), and their sum is the group's next column (Dantzig and Wolfe, Operations Research
8, 1960). At any price, what the devices and the plant would do best by themselves is a lower
bound of what they can do together; the gap between it and the programme is proven. Prices are
taken between the best yet and the newest (smoothing, Wentges, Int. Trans. Operational Research 4,
1997).

Columns alone begin far from good. The plan with the few stores is a schedule that the homes can
do, so it may be the first column of each group: then the very first round is better than that
plan.

A device mixes its schedules as its group does. Levels mix as power does, so every bound is kept; a
battery that charges in one and discharges in another goes both ways in that hour, one after the
other, as in `zeroplant.homes.deliver`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.schedule import Schedule, schedule
from zeroplant.solve.fleet.tables import Fleet

WORST = 1e5
"""Price of power that a first mixture lacks or has too much, against the dearest price."""


@dataclass(frozen=True)
class Node:
    """What stands at the node beside the homes: independent flows in every step.

    ``gives`` (flows,): 1 for a flow into the node, −1 for one out of it; ``price`` (flows, T) per
    power and hour; ``most`` (flows, T), all finite; ``load`` (T,) that must be served beside.
    """

    gives: Floats
    price: Floats
    most: Floats
    load: Floats


@dataclass(frozen=True)
class Known:
    """Schedules that are known beforehand: power (groups, T), own cost (groups,)."""

    power: Floats
    cost: Floats


@dataclass(frozen=True)
class Together:
    """What homes and plant cost together.

    ``cost`` and ``bound``: the true optimum lies between. ``price`` (T,): shadow price by which
    the bound is proven. ``power`` (groups, T), ``flows`` (flows, T). ``columns`` and ``weights``
    (columns,): the prices (columns, T) at which each group's schedules were found, nan for what
    was known, and how much of each it does; ``group`` (columns,). ``rounds``: how often all
    devices were solved.
    """

    cost: float
    bound: float
    price: Floats
    power: Floats
    flows: Floats
    columns: Floats
    weights: Floats
    group: Ints
    rounds: int

    @property
    def gap(self) -> float:
        """Proven gap relative to the cost."""
        return (self.cost - self.bound) / max(abs(self.cost), 1e-300)


def plan_together(
    fleet: Fleet,
    group: Ints,
    node: Node,
    *,
    first: Floats | None = None,
    known: Known | None = None,
    gap: float = 1e-4,
    rounds: int = 60,
    smoothing: float = 0.85,
    threads: int = 2,
) -> Together:
    """Plan until the gap is proven or ``rounds`` are over.

    ``group`` (N,) says which group 0, 1, … each device belongs to: more groups need fewer rounds,
    each a little slower. The fleet's own tariffs should be those that are paid beside the node,
    mostly zero. ``first`` (T,) is a first price, the mean of the node's if left out, and
    ``known`` a first column of each group, such as a plan with the few stores has. Raises
    ValueError if a device has no schedule at all.
    """
    master = _Master(fleet, np.asarray(group, dtype=np.int64), node)
    price = node.price.mean(axis=0) if first is None else np.asarray(first, dtype=float)
    if known is not None:
        master.put(known.power, known.cost, np.full(fleet.steps, np.nan))
    best, bound, cost, done = price, -np.inf, np.inf, 0
    while done < rounds:
        done += 1
        answer = schedule(fleet, adder=price, threads=threads, outputs=["power"])
        if not answer.has_schedule.all():
            lost = int(np.flatnonzero(~answer.has_schedule)[0])
            message = f"device {lost} has no schedule from step {answer.when[lost]} on"
            raise ValueError(message)
        dual = float(np.sum(answer.cost - answer.gap)) + _alone(node, price, fleet.hours)
        if dual > bound:
            best, bound = price, dual
        master.add(answer, price)
        cost, newest = master.solve()
        if cost - bound <= gap * max(abs(cost), 1e-300):
            break
        price = smoothing * best + (1.0 - smoothing) * newest
    weights, flows, power = master.mixture()
    return Together(
        cost, bound, best, power, flows, np.array(master.prices), weights,
        np.array(master.members), done,
    )  # fmt: skip


def mixed(
    fleet: Fleet, group: Ints, found: Together, known: tuple[Floats, Floats] | None = None
) -> tuple[Floats, Floats]:
    """Power and level of every device (N, T) that does what its group does in ``found``.

    ``known``: power and level (N, T) of the devices in the schedules that were known.
    """
    power, level = np.zeros((2, len(fleet), fleet.steps))
    given = np.isnan(found.columns).any(axis=1)
    if known is not None:
        whole = np.bincount(found.group[given], found.weights[given])[group]
        power, level = whole[:, None] * known[0], whole[:, None] * known[1]
    used = (found.weights > 0) & ~given
    for price in np.unique(found.columns[used], axis=0):
        same = used & (found.columns == price).all(axis=1)
        share = np.zeros(int(group.max()) + 1)
        np.add.at(share, found.group[same], found.weights[same])
        who = np.flatnonzero(share[group] > 0)
        answer = schedule(fleet[who], adder=price, outputs=["power", "level"])
        power[who] += share[group[who], None] * np.asarray(answer.power, dtype=float)
        level[who] += share[group[who], None] * np.asarray(answer.level, dtype=float)
    return power, level


def _alone(node: Node, price: Floats, hours: float) -> float:
    """Least cost of the node's own flows if power is worth ``price`` there."""
    each = node.price - node.gives[:, None] * price
    return hours * float(np.sum(np.minimum(each, 0.0) * node.most) + price @ node.load)


class _Master:
    """The linear programme of the node and the mixtures, kept warm in HiGHS."""

    def __init__(self, fleet: Fleet, group: Ints, node: Node) -> None:
        import highspy

        self.hours, self.steps, self.group, self.node = fleet.hours, fleet.steps, group, node
        self.groups = int(group.max()) + 1
        self.prices: list[Floats] = []
        self.members: list[int] = []
        self.powers: list[Floats] = []
        self.model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.setOptionValue("output_flag", False)
        for load in node.load:
            self.model.addRow(float(load), float(load), 0, np.zeros(0, np.int32), np.zeros(0))
        for _ in range(self.groups):
            self.model.addRow(1.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
        dear = WORST * float(np.abs(node.price).max(initial=1.0))
        flows = [*zip(node.gives, node.price, node.most, strict=True)]
        endless = np.full(self.steps, np.inf)
        flows += [(sign, np.full(self.steps, dear), endless) for sign in (1.0, -1.0)]
        self._add_flows(flows)
        self.first = len(flows) * self.steps

    def _add_flows(self, flows: Sequence[tuple[float, Floats, Floats]]) -> None:
        for gives, price, most in flows:
            for t in range(self.steps):
                cost = self.hours * float(price[t])
                self._column(cost, float(most[t]), np.array([t]), np.array([float(gives)]))

    def _column(self, cost: float, most: float, rows: Ints, values: Floats) -> None:
        self.model.addCol(cost, 0.0, most, len(rows), rows.astype(np.int32), values)

    def add(self, answer: Schedule, price: Floats) -> None:
        """A column for each group: the sum of its devices' schedules at a price."""
        power = np.zeros((self.groups, self.steps))
        np.add.at(power, self.group, np.asarray(answer.power, dtype=float))
        costs = np.bincount(self.group, weights=answer.cost, minlength=self.groups)
        self.put(power, costs - self.hours * power @ price, price)

    def put(self, power: Floats, own: Floats, price: Floats) -> None:
        """A column for each group, of its power (groups, T) and own cost (groups,)."""
        for place in range(self.groups):
            taken = np.flatnonzero(power[place])
            rows = np.append(taken, self.steps + place)
            self._column(float(own[place]), np.inf, rows, np.append(-power[place, taken], 1.0))
            self.prices.append(price)
            self.members.append(place)
            self.powers.append(power[place])

    def solve(self) -> tuple[float, Floats]:
        """Least cost of the mixtures there are, and the shadow price (T,)."""
        self.model.run()
        duals = np.array(self.model.getSolution().row_dual)[: self.steps]
        return float(self.model.getInfo().objective_function_value), duals / self.hours

    def mixture(self) -> tuple[Floats, Floats, Floats]:
        """Weights of the columns, flows of the node, power of the groups."""
        values = np.array(self.model.getSolution().col_value)
        weights = np.maximum(values[self.first :], 0.0)
        power = np.zeros((self.groups, self.steps))
        for weight, place, each in zip(weights, self.members, self.powers, strict=True):
            power[place] += weight * each
        own = len(self.node.gives) * self.steps
        return weights, values[:own].reshape(-1, self.steps), power
