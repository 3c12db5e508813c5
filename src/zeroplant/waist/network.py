"""Network: a plant said in six words, declared once and ready for any solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import numpy as np

from zeroplant.axis import Axis, Span
from zeroplant.errors import InputError, Problem
from zeroplant.waist.linear import Affine, Linear, Term, Value, Variable, affine
from zeroplant.waist.words import (
    Budget,
    Deferred,
    Flow,
    Investment,
    Kind,
    Line,
    Node,
    Role,
    Size,
    Store,
)

Word = TypeVar("Word", Node, Size, Flow, Store, Budget)


class Network:
    """Nodes, flows, stores, sizes, budgets and ledger lines over one time axis.

    Names are unique within their kind. Quantities are in inside units (MW, MWh, t, m³/s); values
    over time have one entry per stage, or are plain numbers.
    """

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self.nodes: list[Node] = []
        self.sizes: list[Size] = []
        self.flows: list[Flow] = []
        self.stores: list[Store] = []
        self.budgets: list[Budget] = []
        self.lines: list[Line] = []
        self.investments: list[Investment] = []
        self.deferred: list[Deferred] = []
        self.capacities: dict[str, tuple[Affine, str]] = {}
        self._names: set[tuple[type, str]] = set()

    def node(self, name: str, *, carrier: str = "electricity", unit: str = "MW") -> Node:
        """A balance of one carrier at one place."""
        return self._keep(self.nodes, Node(len(self.nodes), name, carrier, unit))

    def size(
        self,
        name: str,
        *,
        lower: float = 0.0,
        upper: float = np.inf,
        integer: bool = False,
        over: Span | None = None,
        unit: str = "MW",
        who: str = "",
    ) -> Size:
        """A number to be chosen; with ``over`` one number per month, day … (a monthly peak)."""
        groups = None if over is None else self.axis.groups(over)
        count = 1 if groups is None else int(groups.max()) + 1
        first = self.size_elements
        size = Size(first, count, name, lower, upper, integer, groups, unit, who)
        return self._keep(self.sizes, size)

    def flow(
        self,
        name: str,
        *,
        give: Mapping[Node, Value] | Node | None = None,
        take: Mapping[Node, Value] | Node | None = None,
        cap: Linear | Value = np.inf,
        floor: Linear | Value = 0.0,
        fixed: Linear | Value | None = None,
        cost: Value = 0.0,
        delay: Mapping[Node, float] | None = None,
        integer: bool = False,
        unit: str = "MW",
        role: Role = "",
        tags: frozenset[str] | set[str] = frozenset(),
        who: str = "",
        rough: Sequence[tuple[float, float]] = (),
    ) -> Flow:
        """A rate that gives to and takes from nodes, each with a coefficient.

        ``fixed`` sets cap and floor at once. ``cost`` is money per unit and hour and becomes a
        ledger line of kind "running". ``delay`` holds the hours until a node is reached; across
        the end of a chain a delayed flow wraps to its beginning.
        """
        if fixed is not None:
            cap = floor = fixed
        flow = Flow(
            index=len(self.flows),
            name=name,
            give=_coefficients(give),
            take=_coefficients(take),
            cap=affine(cap),
            floor=affine(floor),
            delay=dict(delay or {}),
            integer=integer,
            unit=unit,
            role=role,
            tags=frozenset(tags),
            who=who,
            rough=tuple(rough),
        )
        self._keep(self.flows, flow)
        if np.any(cost):
            self.line(who or name, f"running {name}", flow, cost, unit=f"{unit}h")
        return flow

    def store(
        self,
        name: str,
        *,
        fill: Mapping[Flow, Value] | None = None,
        drain: Mapping[Flow, Value] | None = None,
        cap: Linear | Value = np.inf,
        floor: Linear | Value = 0.0,
        keep: Value = 1.0,
        inflow: Value = 0.0,
        start: Linear | float | Literal["cyclic"] = "cyclic",
        end: float | None = None,
        unit: str = "MWh",
        who: str = "",
    ) -> Store:
        """A level carried from period to period; see `Store` for its equation.

        ``keep`` is the share kept over one period. ``start`` is the level before the first
        period of every chain, or "cyclic": the level at the end of the chain. ``end`` is the
        least level at the end of every chain.
        """
        if end is not None:
            last = np.arange(self.axis.stages) % self.axis.periods == self.axis.periods - 1
            floor = affine(floor) + np.where(last, end, 0.0)
        store = Store(
            index=len(self.stores),
            name=name,
            fill=dict(fill or {}),
            drain=dict(drain or {}),
            cap=affine(cap),
            floor=affine(floor),
            keep=keep,
            inflow=inflow,
            start="cyclic" if isinstance(start, str) else affine(start),
            unit=unit,
            who=who,
        )
        return self._keep(self.stores, store)

    def budget(
        self,
        name: str,
        expression: Linear,
        *,
        at_least: Value | None = None,
        at_most: Value | None = None,
        over: Span = "horizon",
        breach: float | None = None,
        unit: str = "MWh",
        who: str = "",
    ) -> Budget:
        """A linear rule over the horizon or each part of it.

        Over anything longer than a period, flows and levels are integrated (MW become MWh) while
        sizes and constants count once in each part; use `total` to integrate those. Over the
        horizon chains count by their weight; a month or day lies within one chain and counts in
        full. Over "period" the rule holds in every stage by itself.
        ``breach`` is the price per unit at which the rule may be broken; without it, it is hard.
        """
        integrate = over != "period"
        groups = self.axis.groups(over)
        count = int(groups.max()) + 1
        bounds = [-np.inf if at_least is None else at_least, np.inf if at_most is None else at_most]
        least, most = (np.broadcast_to(np.asarray(b, dtype=float), (count,)) for b in bounds)
        rule = affine(expression)
        if integrate and any(term.shift for term in rule.terms):
            message = f"budget '{name}' integrates, so it cannot look periods back"
            raise ValueError(message)
        slack = None
        if breach is not None:
            if at_least is not None and at_most is not None:
                message = f"budget '{name}' has two bounds; declare two that may be broken apart"
                raise ValueError(message)
            slack = self._slack(name, over, unit, who)
            rule = rule + (slack if at_least is not None else -slack)
            # A broken rule over one period is a rate, so its quantity is unit·h.
            size = unit if integrate else f"{unit}·h"
            shared = isinstance(slack, Size) and slack.count > 1
            paid = slack * self.axis.share_over(over) if shared else slack
            self.line(who or name, f"breach of {name}", paid, breach, unit=size, kind="penalty")
        place = len(self.budgets)
        weight = self.axis.weight_over(over) if integrate else None
        budget = Budget(place, count, name, rule, least, most, groups, weight, unit, slack, who)
        return self._keep(self.budgets, budget)

    def _slack(self, name: str, over: Span, unit: str, who: str) -> Size | Flow:
        label = f"breach of {name}"
        if over == "period":
            return self.flow(label, unit=unit, who=who)
        return self.size(label, over=None if over == "horizon" else over, unit=unit, who=who)

    def line(
        self,
        who: str,
        what: str,
        quantity: Linear | Value,
        price: Value,
        *,
        unit: str = "MWh",
        kind: Kind = "running",
        to: str = "",
    ) -> Line:
        """Declare a cost, a revenue or an emission once, for the objective and every account.

        ``price`` is always the plain price; money received is said by kind "revenue".
        """
        expression = affine(quantity)
        if any(term.shift for term in expression.terms):
            message = f"line '{what}' of {who} cannot look periods back"
            raise ValueError(message)
        over_time = {term.variable for term in expression.terms} - set(self.sizes)
        if over_time and (np.any(expression.constant) or over_time != expression.variables):
            message = f"line '{what}' of {who} mixes rates over time with sizes; make it two lines"
            raise ValueError(message)
        if not over_time and (np.ndim(expression.constant) or np.ndim(price)):
            message = f"line '{what}' of {who} has no flow, so its price and quantity are numbers"
            raise ValueError(message)
        sign = -1.0 if kind == "revenue" else 1.0
        line = Line(who, what, kind, expression, price, unit, to, sign)
        self.lines.append(line)
        return line

    def total(self, thing: Linear | Value, over: Span = "horizon") -> Affine:
        """Integrate sizes and constants of an expression over each part of the horizon.

        ``availability * size`` in MW becomes the MWh that were available. Flows are left alone:
        budgets and lines integrate them.
        """
        expression = affine(thing)
        groups = self.axis.groups(over)
        count = int(groups.max()) + 1

        def integrate(values: Value) -> Value:
            weighted = self.axis.weight_over(over) * self.axis.full(values)
            sums = np.asarray(np.bincount(groups, weighted, count), dtype=float)
            return float(sums[0]) if count == 1 else sums

        terms = []
        for term in expression.terms:
            if not isinstance(term.variable, Size):
                terms.append(term)
            elif term.variable.groups is None:
                terms.append(Term(term.variable, integrate(term.coefficient)))
            else:
                message = "a size with several elements cannot be integrated"
                raise ValueError(message)
        constant = integrate(expression.constant) if np.any(expression.constant) else 0.0
        return Affine(constant, tuple(terms))

    def flow_named(self, name: str) -> Flow:
        """The flow of that name. Raises KeyError if there is none."""
        return _named(self.flows, name)

    def store_named(self, name: str) -> Store:
        """The store of that name. Raises KeyError if there is none."""
        return _named(self.stores, name)

    def size_named(self, name: str) -> Size:
        """The size of that name. Raises KeyError if there is none."""
        return _named(self.sizes, name)

    def place(self, word: Variable) -> int:
        """Place of a flow or store among the columns of a stage: flows first, then stores."""
        if isinstance(word, Flow):
            return word.index
        assert isinstance(word, Store)
        return len(self.flows) + word.index

    @property
    def size_elements(self) -> int:
        """Number of size columns: one for every element of every size."""
        return sum(size.count for size in self.sizes)

    def flows_of(self, role: Role, tag: str = "") -> list[Flow]:
        """Flows of one role, and with one tag if given."""
        return [f for f in self.flows if f.role == role and (not tag or tag in f.tags)]

    def add(self, word: Size | Budget) -> None:
        """Take in a size or budget that is made already, in the next place of its kind."""
        if isinstance(word, Size):
            self._keep(self.sizes, word)
        else:
            self._keep(self.budgets, word)

    def _keep(self, words: list[Word], word: Word) -> Word:
        key = (type(word), word.name)
        if key in self._names:
            kind = type(word).__name__.lower()
            raise InputError(Problem(f"two {kind}s are named '{word.name}'"))
        self._names.add(key)
        words.append(word)
        return word


def _named(words: list[Word], name: str) -> Word:
    found = next((word for word in words if word.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def _coefficients(nodes: Mapping[Node, Value] | Node | None) -> dict[Node, Value]:
    if isinstance(nodes, Node):
        return {nodes: 1.0}
    return dict(nodes or {})
