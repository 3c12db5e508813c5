"""Solution: an answer read back in the words in which the network was declared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import SolveError
from zeroplant.waist import ledger
from zeroplant.waist.ledger import Entry
from zeroplant.waist.linear import Linear, Term, affine
from zeroplant.waist.matrix import Layout
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Line, Node, Size, Store


@dataclass
class Solution:
    """Values, prices and the ledger of one solve.

    ``status`` is "optimal", or "feasible" for the best answer found before a deadline; ``gap``
    the proven relative distance to the optimum; ``seconds`` what the solver took.
    """

    network: Network
    status: str
    solver: str
    seconds: float
    objective: float
    gap: float
    x: Floats
    row_dual: Floats
    size_dual: Floats
    layout: Layout

    def __post_init__(self) -> None:
        """The objective is the ledger: an answer where they differ is refused."""
        total = sum(entry.amount for entry in self.ledger)
        size = 1.0 + sum(abs(entry.amount) for entry in self.ledger)
        if abs(total - self.objective) > 1e-9 * size:
            message = f"the ledger adds up to {total:.6f}, the objective is {self.objective:.6f}"
            raise SolveError(message)

    @cached_property
    def ledger(self) -> list[Entry]:
        """Every line with its quantity, price and amount over the horizon."""
        axis = self.network.axis
        return [ledger.entry(line, self, axis) for line in self.network.lines]

    def amounts(self, line: Line) -> Floats:
        """Money of one line in each stage, shape (stages,)."""
        return ledger.amounts(line, self, self.network.axis)

    def value(self, thing: Linear) -> Floats:
        """Value over stages of a flow, store or mixed expression; elements of a size.

        An expression of sizes alone gives one value, or one per element or stage if its
        coefficients say so.
        """
        if isinstance(thing, Size):
            first = self._first_size + thing.first
            return self.x[first : first + thing.count]
        if isinstance(thing, (Flow, Store)):
            return self.x[self.layout.column(self.network.place(thing))]
        expression = affine(thing)
        parts = [self._term(term) for term in expression.terms]
        return np.asarray(expression.constant + sum(parts, np.zeros(1)))

    def number(self, thing: Linear) -> float:
        """Value of a size, or of an expression of sizes, that is one number."""
        return float(self.value(thing).sum())

    def total(self, thing: Linear) -> float:
        """Integral over the horizon: flows and levels by weight, sizes and constants once."""
        expression = affine(thing)
        total = float(np.sum(expression.constant))
        for term in expression.terms:
            values = term.coefficient * self.value(term.variable)
            if isinstance(term.variable, Size):
                total += float(np.sum(values))
            else:
                total += float(self.network.axis.weight @ values)
        return total

    def price(self, node: Node) -> Floats:
        """Marginal cost of one more unit·h taken at a node, in each stage, shape (stages,)."""
        return self.row_dual[self.layout.row(node.index)] / self.network.axis.weight

    def shadow(self, thing: Budget | Size) -> Floats:
        """Change of the objective per unit of a limit: of a rule, or of a size.

        Of a rule one value per group; of a size one per element, for the bound it stands at (zero
        where it stands at none). Negative where a higher limit saves money.
        """
        if isinstance(thing, Size):
            return self.size_dual[thing.first : thing.first + thing.count]
        budget, first, stages = thing, 0, self.layout.stages
        if budget.integrates:
            first = self.layout.budgets
            first += sum(b.count for b in self.network.budgets[: budget.index] if b.integrates)
            return self.row_dual[first : first + budget.count]
        rules = [b for b in self.network.budgets if not b.integrates]
        # Rules over single stages stand last among the stage rows, in their order.
        place = self.layout.stage_rows - len(rules) + rules.index(budget)
        return self.row_dual[place * stages : (place + 1) * stages]

    def breach(self, budget: Budget) -> Floats:
        """How far a rule is broken in each of its groups; zeros for a rule that is hard."""
        return np.zeros(budget.count) if budget.slack is None else self.value(budget.slack)

    def _term(self, term: Term) -> Floats:
        values = self.value(term.variable)
        if term.shift:
            shape = (len(self.network.axis.chains), self.network.axis.periods)
            values = np.roll(values.reshape(shape), term.shift, axis=1).ravel()
        elif (
            isinstance(term.variable, Size)
            and term.variable.groups is not None
            and np.shape(term.coefficient) == (self.network.axis.stages,)
        ):
            values = values[term.variable.groups]
        return np.asarray(term.coefficient * values)

    @property
    def _first_size(self) -> int:
        return (len(self.network.flows) + len(self.network.stores)) * self.layout.stages
