"""Sizes, the ledger of a year, and prices at the nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.yearly import in_an_hour
from zeroplant.waist import Line, Network, Size
from zeroplant.waist.ledger import Entry
from zeroplant.waist.solution import Solution
from zeroplant.waist.words import UNPAID


@dataclass(frozen=True)
class SizeRow:
    """A capacity: what it came to, and whether it was chosen, and where it hits a bound.

    ``cost`` is the overnight investment in money, None where nothing is bought for it.
    """

    name: str
    value: float
    unit: str
    chosen: bool
    lower: float
    upper: float
    cost: float | None

    @property
    def at_upper(self) -> bool:
        """Whether the plan would take more if it could."""
        return self.chosen and np.isfinite(self.upper) and self.value >= self.upper * (1 - 1e-6)


def sizes(network: Network, solution: Solution) -> list[SizeRow]:
    """Every capacity the assets declared, in their order; one that is a share in percent."""
    bought: dict[str, float] = {}
    for purchase in network.investments:
        key = _key(network, purchase.line.who, purchase.line.quantity)
        amount = purchase.overnight * solution.total(purchase.line.quantity)
        bought[key] = bought.get(key, 0.0) + amount
    rows = []
    for name, (expression, unit) in network.capacities.items():
        free = [term for term in expression.terms if isinstance(term.variable, Size)]
        factor = float(np.sum(free[0].coefficient)) if free else 0.0
        size = free[0].variable if free else None
        low, high = (size.lower, size.upper) if isinstance(size, Size) else (0.0, np.inf)
        shown, scale = ("%", 100.0) if unit == "share" else (unit, 1.0)
        rows.append(
            SizeRow(
                name,
                scale * solution.number(expression),
                shown,
                bool(free) and low < high,
                scale * low * factor,
                scale * high * factor,
                bought.get(name),
            )
        )
    return rows


def _key(network: Network, who: str, quantity: object) -> str:
    """Which declared capacity a purchase is about: the same expression, else the asset's first."""
    own = [n for n in network.capacities if n == who or n.startswith(f"{who}.")]
    return next((n for n in own if network.capacities[n][0] is quantity), own[0] if own else who)


@dataclass(frozen=True)
class Books:
    """The ledger of one year of 8,760 h, sorted by what it is for the plant.

    Amounts are positive as read: paid in ``costs`` and ``penalties``, received in ``revenues``.
    Lines without an amount are left out.
    """

    costs: list[Entry]
    revenues: list[Entry]
    penalties: list[Entry]

    @property
    def cost(self) -> float:
        """Money paid in a year, annuities of the investment included."""
        return sum(entry.amount for entry in self.costs)

    @property
    def revenue(self) -> float:
        """Money received in a year."""
        return sum(entry.amount for entry in self.revenues)

    @property
    def penalty(self) -> float:
        """Priced wishes that were not met: in the objective, in nobody's purse."""
        return sum(entry.amount for entry in self.penalties)

    @property
    def net(self) -> float:
        """Cost less revenue, without penalties."""
        return self.cost - self.revenue


def books(network: Network, solution: Solution) -> Books:
    """Scale the ledger to a year and sort it, the largest first."""
    years = network.axis.years
    found = Books([], [], [])
    size = max((abs(e.amount) for e in solution.ledger), default=0.0)
    for line, entry in zip(network.lines, solution.ledger, strict=True):
        if abs(entry.amount) <= 1e-9 * size or entry.kind == "risk":
            continue  # what risk counts for is told with the scenarios
        share = _yearly(entry, 1 / years, by_price=_once(line))
        if entry.kind == "penalty":
            found.penalties.append(share)
        elif entry.amount < 0:
            found.revenues.append(replace(share, amount=-share.amount))
        else:
            found.costs.append(share)
    for column in (found.costs, found.revenues, found.penalties):
        column.sort(key=lambda entry: -entry.amount)
    return found


def _once(line: Line) -> bool:
    """Whether a line's quantity is a size that stands all the time, its price counting the years.

    Quantities of flows, monthly sizes and breaches grow with the horizon instead.
    """
    variables = line.quantity.variables
    sizes = [v for v in variables if isinstance(v, Size) and v.count == 1]
    return len(sizes) == len(variables) and line.kind not in UNPAID


def _yearly(entry: Entry, share: float, *, by_price: bool) -> Entry:
    if by_price:
        return replace(entry, price=entry.price * share, amount=entry.amount * share)
    return replace(entry, quantity=entry.quantity * share, amount=entry.amount * share)


@dataclass(frozen=True)
class NodePrice:
    """Marginal price at a node, money per ``unit`` (MWh, kg, t, m3), weighted by the hours."""

    name: str
    carrier: str
    unit: str
    mean: float
    p5: float
    median: float
    p95: float


UNITS = ("MW", "kg/h", "t/h", "m3/s")
"""Units of nodes whose prices are of interest; trucks and boxes are counted inside assets."""


def node_prices(network: Network, solution: Solution) -> list[NodePrice]:
    """Mean and quantiles of the price of every node of energy, water or material."""
    weight = network.axis.weight
    rows = []
    for node in network.nodes:
        if node.unit not in UNITS:
            continue
        hourly, unit = in_an_hour(node.unit)
        prices = solution.price(node) / hourly
        low, middle, high = _quantiles(prices, weight, (0.05, 0.5, 0.95))
        mean = float(weight @ prices / weight.sum())
        rows.append(NodePrice(node.name, node.carrier, unit, mean, low, middle, high))
    return rows


def _quantiles(values: Floats, weight: Floats, shares: tuple[float, ...]) -> list[float]:
    """Quantiles by weight: the least value with at least that share of the hours below or at it."""
    order = np.argsort(values)
    passed = np.cumsum(weight[order]) / weight.sum()
    places = np.searchsorted(passed, np.array(shares) - 1e-12)
    return [float(v) for v in values[order][np.minimum(places, values.size - 1)]]
