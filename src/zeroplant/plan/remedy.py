"""Which capacities must pass their limit for a plant to keep what it broke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic.fields import FieldInfo

from zeroplant.errors import InputError, SolveError
from zeroplant.plan.breach import unserved_flows
from zeroplant.plant import Built, Plant, build
from zeroplant.solve import Solver, solve
from zeroplant.units import Capacity, SizeRange
from zeroplant.waist import Affine, Network, Size
from zeroplant.waist.prices import add_up
from zeroplant.waist.solution import Solution
from zeroplant.waist.words import UNPAID

TOKEN = 1000.0
"""Least yearly price of a MW beyond its limit, for a capacity that costs nothing."""
COSTS = ("investment", "fixed", "charge")
"""Kinds of lines that make a capacity cost something."""
ROUNDING = 1e-7
"""How far a limit may be passed by the rounding of a solver."""
FAR = 100.0
"""How many times its limit a capacity may be while a remedy is sought."""


@dataclass(frozen=True)
class Remedy:
    """Capacities beyond their limits, name → (limit, needed), and the yearly cost of it.

    Without any, what the plant has would do, and the cost is why it was not done.
    """

    changes: dict[str, tuple[float, float]]
    cost: float


@dataclass(frozen=True)
class Growth:
    """A capacity that may pass its limit: ``step`` per unit of its size, at a price per MW."""

    name: str
    capacity: Affine
    size: Size
    step: float
    limit: float
    price: float


@dataclass(frozen=True)
class Search:
    """A plan that broke something, and how it may be planned again."""

    plant: Plant
    built: Built
    solution: Solution
    solver: Solver = "auto"
    deadline: float | None = None

    def remedy(self, allowed: set[str]) -> Remedy | None:
        """What keeps everything but the ``allowed`` breaches; None if nothing does.

        First the least investment beyond the limits that keeps it, whatever else it costs: so a
        limit is passed only as far as it must be, not because more would earn more. Then the
        cheapest plan within the new limits, for what a year costs more.
        """
        try:
            network = build(lifted(self.plant)).network
            growth = _growth(network, self.built.network)
            _forbid(network, allowed)
            changes = self._least(network, growth)
            for each in growth:
                needed = changes.get(each.name, (each.limit, each.limit))[1]
                each.size.upper = needed * (1 + ROUNDING) / each.step
            cured = self._solve(network)
        except (InputError, SolveError):
            return None
        return Remedy(changes, (paid(cured) - paid(self.solution)) / network.axis.years)

    def _least(self, network: Network, growth: list[Growth]) -> dict[str, tuple[float, float]]:
        """Capacities beyond their limits, name → (limit, needed), at the least investment."""
        money, network.lines = network.lines, []
        for each in growth:
            beyond = network.size(f"{each.name} beyond its limit")
            network.budget(f"limit of {each.name}", each.capacity - beyond, at_most=each.limit)
            network.line(each.name, "growth", beyond, each.price, unit="MW", kind="penalty")
        found = self._solve(network)
        network.lines = money
        needed = {each.name: found.number(each.capacity) for each in growth}
        return {
            each.name: (each.limit, needed[each.name])
            for each in growth
            if needed[each.name] > each.limit * (1 + ROUNDING) + ROUNDING
        }

    def _solve(self, network: Network) -> Solution:
        return solve(network, solver=self.solver, deadline=self.deadline)


def paid(solution: Solution) -> float:
    """Money of the whole axis, without penalties."""
    return sum(entry.amount for entry in solution.ledger if entry.kind not in UNPAID)


def lifted(plant: Plant) -> Plant:
    """The plant with every capacity free to grow far beyond its limit."""
    assets = {}
    for name, asset in plant.assets.items():
        ranges = {
            key: _range(getattr(asset, key))
            for key, field in type(asset).model_fields.items()
            if _is_capacity(field) and getattr(asset, key) is not None
        }
        assets[name] = asset.model_copy(update=ranges)
    return plant.model_copy(update={"assets": assets})


def _range(given: float | SizeRange) -> SizeRange:
    if not isinstance(given, SizeRange):
        return SizeRange(given, max(FAR * given, 1e4))
    far = given.max if np.isinf(given.max) else max(FAR * given.max, 1e4)
    return SizeRange(given.min, far, given.step)


def _is_capacity(field: FieldInfo) -> bool:
    """Whether a field holds a capacity, also one that may be left out."""
    marks: list[Any] = list(field.metadata)
    for part in getattr(field.annotation, "__args__", ()):
        marks += getattr(part, "__metadata__", ())
    return any(isinstance(mark, Capacity) for mark in marks)


def _growth(raised: Network, planned: Network) -> list[Growth]:
    """The capacities that may grow beyond their limits; the others are held at theirs."""
    elements = raised.size_elements
    prices = add_up([x for x in raised.lines if x.kind in COSTS], elements).sizes
    found: dict[Size, Growth] = {}
    for name, (capacity, _) in raised.capacities.items():
        size = next((v for v in capacity.variables if isinstance(v, Size)), None)
        limit = _limit(planned.capacities[name][0])
        if size is None or size in found or np.isinf(limit):
            continue
        step = _coefficient(capacity)
        price = float(prices[size.first]) / step
        if price <= 0 and _stands(raised, size, planned.capacities[name][0]):
            size.upper = limit / step
            continue
        price = max(price, TOKEN * raised.axis.years)
        found[size] = Growth(name, capacity, size, step, limit, price)
    return list(found.values())


def _coefficient(capacity: Affine) -> float:
    """What one unit of a capacity's size makes of it: more than 1 where it is sized in steps."""
    return float(np.sum([float(np.sum(term.coefficient)) for term in capacity.terms]))


def _limit(capacity: Affine) -> float:
    """Largest value of a capacity as it was planned."""
    tops = [
        float(np.sum(term.coefficient)) * term.variable.upper
        for term in capacity.terms
        if isinstance(term.variable, Size)
    ]
    return float(np.sum(capacity.constant)) + sum(tops)


def _stands(raised: Network, size: Size, planned: Affine) -> bool:
    """Whether a capacity without a price was given, and makes energy that nobody would pay for."""
    makes = any(size in flow.cap.variables for flow in raised.flows_of("generation"))
    return makes and not planned.terms


def _forbid(raised: Network, allowed: set[str]) -> None:
    """No breach and no unserved load but the allowed ones, and wishes of single periods."""
    for budget in raised.budgets:
        if isinstance(budget.slack, Size) and budget.name not in allowed:
            budget.slack.upper = 0.0
    for flow in unserved_flows(raised):
        if flow.name not in allowed:
            flow.cap = Affine(0.0)
