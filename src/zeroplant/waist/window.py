"""A part of a network's horizon as a network of its own, for a plant that stands and runs.

Every value over stages is cut to the part. Sizes become the numbers they were given, so that
bounds on them are plain numbers; what stands only for them (purchases, upkeep) is sunk and left
out of the ledger. Stores start at the levels they have. Rules over longer spans than the part
cannot be kept by it alone: they are taken out, and what the flows in them are worth to the rule
(the dual of the whole's solve) is charged instead. Names stay the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from zeroplant.axis import Axis, Chain, Floats, Ints
from zeroplant.waist.delay import carry_in, parts_of
from zeroplant.waist.linear import Affine, Linear, Term, Value, Variable
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Line, Node, Size, Store

ONE = (Chain("base"),)


@dataclass(frozen=True)
class Given:
    """What a window must be told, by the names of sizes, stores, rules and flows.

    ``sizes`` the number of every size (those left out stay free; `kept` sizes must be);
    ``levels`` the level of stores before the first period (others start as they do in the whole);
    ``worth`` money per unit of a store's level at the end, and per unit·h of what is then still
    under way to a node (by the node's name), one number or one per chain;
    ``prices`` charges per unit of a rule's expression, over the stages of the whole, for each
    rule that is taken out; ``past`` what flows were in the periods before, the latest last, for
    rules that look back and for what is still under way. Where nothing is known of a delayed
    flow's past, what leaves at the end of the window stands for what is under way.
    ``peaks`` floors of kept sizes, such as a month's highest import so far.
    """

    sizes: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    worth: Mapping[str, Value] = field(default_factory=dict)
    prices: Mapping[str, Value] = field(default_factory=dict)
    past: Mapping[str, Floats] = field(default_factory=dict)
    peaks: Mapping[str, float] = field(default_factory=dict)


def window(
    network: Network,
    first: int,
    count: int,
    given: Given | None = None,
    *,
    chains: tuple[Chain, ...] = ONE,
) -> Network:
    """Periods ``first`` … ``first + count − 1`` of a network with one chain.

    With several ``chains`` each of them is that part, to be made different afterwards. Rules that
    integrate over a span are kept where all of the span lies in the window, and taken out
    otherwise, priced if ``given.prices`` has a price. Raises ValueError for a part that is not in
    the whole or a whole with several chains.
    """
    whole = network.axis
    if len(whole.chains) != 1 or first < 0 or count < 1 or first + count > whole.periods:
        message = f"periods {first} to {first + count} are no part of {whole.periods} in one chain"
        raise ValueError(message)
    return _Cut(network, first, count, given or Given(), chains).network()


class _Cut:
    """Copies word after word; ``new`` leads from the words of the whole to those of the part."""

    def __init__(
        self, whole: Network, first: int, count: int, given: Given, chains: tuple[Chain, ...]
    ) -> None:
        axis = whole.axis
        start = axis.start + first * axis.step
        self.whole, self.given = whole, given
        self.first, self.count = first, count
        self.part = Network(Axis(start, count, axis.hours, axis.zone, chains))
        self.new: dict[Node | Variable, Node | Variable] = {}
        self.kept: dict[Budget, Ints] = {}

    def network(self) -> Network:
        """The part, with everything in it."""
        for node in self.whole.nodes:
            self.new[node] = self.part.node(node.name, carrier=node.carrier, unit=node.unit)
        self.kept = {b: self._inside(b) for b in self.whole.budgets if self._stays(b)}
        for size in self.whole.sizes:
            if size.name not in self.given.sizes:
                self._keep_size(size)
        flows = [flow for flow in self.whole.flows if flow not in self._dropped_slacks()]
        for flow in flows:
            self._flow(flow)
        for store in self.whole.stores:
            self._store(store)
        words: list[Flow | Store] = [*flows, *self.whole.stores]
        for word in words:  # bounds may speak of any of them
            made = self.new[word]
            assert isinstance(made, (Flow, Store))
            made.cap, made.floor = self._affine(word.cap), self._affine(word.floor)
        for flow in flows:
            self._open(flow)
        for budget in self.kept:
            self._budget(budget)
        for line in self.whole.lines:
            self._line(line)
        self._price_rules()
        self._end()
        return self.part

    # -- sizes ----------------------------------------------------------------------------------

    def _keep_size(self, size: Size) -> None:
        """A size that stays free, with those of its elements that count in the part."""
        rule = next((b for b in self.whole.budgets if b.slack is size), None)
        groups, count = None, 1
        if rule is not None:
            if rule not in self.kept:
                return  # it measured how far a rule is broken that is not here
            count = len(self.kept[rule]) * len(self.part.axis.chains)
        elif size.groups is not None:
            groups = self._groups(size.groups)
            count = int(groups.max()) + 1
        lower = max(size.lower, self.given.peaks.get(size.name, size.lower))
        made = replace(size, first=self.part.size_elements, count=count, lower=lower, groups=groups)
        self.part.add(made)
        self.new[size] = made

    def _groups(self, groups: Ints) -> Ints:
        """Groups of stages, numbered anew for the part, chain after chain."""
        within = np.unique(self._slice(groups), return_inverse=True)[1].astype(np.int64)
        chains = len(self.part.axis.chains)
        width = int(within.max()) + 1
        return np.tile(within, chains) + np.repeat(np.arange(chains) * width, self.count)

    # -- values ---------------------------------------------------------------------------------

    def _slice(self, values: Ints) -> Ints:
        return values[self.first : self.first + self.count]

    def _value(self, value: Value) -> Value:
        """A value of the whole in the part; plain numbers stay such."""
        if np.ndim(value) == 0:
            return value
        full = np.asarray(self.whole.axis.full(value))
        return self.part.axis.tile(full[self.first : self.first + self.count])

    def _affine(self, expression: Affine, *, back: bool = False) -> Affine:
        """An expression with its given sizes as numbers; ``back``: with what is known of before."""
        constant = self._value(expression.constant)
        terms: list[Term] = []
        for term in expression.terms:
            size, coefficient = term.variable, self._value(term.coefficient)
            if isinstance(size, Size) and size not in self.new:
                known = self.given.sizes.get(size.name)
                if known is not None:
                    constant = constant + coefficient * known
            elif term.shift and back:
                coefficient, known_part = self._known(term, coefficient)
                constant = constant + known_part
                terms.append(Term(self._variable(term.variable), coefficient, term.shift))
            else:
                terms.append(Term(self._variable(term.variable), coefficient, term.shift))
        return Affine(constant, tuple(terms))

    def _variable(self, variable: Variable) -> Variable:
        found = self.new[variable]
        assert isinstance(found, Variable)
        return found

    def _known(self, term: Term, coefficient: Value) -> tuple[Value, Value]:
        """What a term says of the periods before the window, and its coefficient without them."""
        before = self._before(term.variable, term.shift)
        if before is None:
            return coefficient, 0.0
        age = np.arange(self.part.axis.stages) % self.count
        full = self.part.axis.full(coefficient)
        old = np.minimum(age, term.shift - 1)
        known = np.where(age < term.shift, full * before[old], 0.0)
        return np.where(age < term.shift, 0.0, full), known

    def _before(self, variable: Variable, periods: int) -> Floats | None:
        """The last so many values of a flow or store, oldest first; None if they are unknown."""
        assert isinstance(variable, (Flow, Store))
        past = self.given.past.get(variable.name)
        if past is not None and len(past) >= periods:
            return np.asarray(past[len(past) - periods :], dtype=float)
        if isinstance(variable, Store) and periods == 1:
            level = self.given.levels.get(variable.name)
            return None if level is None else np.array([level])
        return None

    # -- flows and stores -----------------------------------------------------------------------

    def _dropped_slacks(self) -> set[Variable]:
        """What measured how far rules are broken that are not here."""
        return {b.slack for b in self.whole.budgets if b.slack is not None and b not in self.kept}

    def _flow(self, flow: Flow) -> None:
        self.new[flow] = self.part.flow(
            flow.name,
            give={self._node(node): self._value(value) for node, value in flow.give.items()},
            take={self._node(node): self._value(value) for node, value in flow.take.items()},
            delay={self._node(node): hours for node, hours in flow.delay.items()},
            integer=flow.integer, unit=flow.unit, role=flow.role, tags=flow.tags, who=flow.who,
            rough=flow.rough,
        )  # fmt: skip

    def _open(self, flow: Flow) -> None:
        """What left before arrives, and what leaves too late to arrive is worth something."""
        past = self.given.past.get(flow.name)
        if not flow.delay or past is None:
            return
        made, axis = self._made(flow), self.part.axis
        for node, hours in flow.delay.items():
            worth = self.given.worth.get(node.name)
            early, late = parts_of(hours / axis.hours)
            left = axis.periods - np.arange(axis.stages) % axis.periods
            share = np.where(left <= early, 1.0, np.where(left <= early + 1, late, 0.0))
            if worth is not None and share.any():
                each = np.repeat(np.broadcast_to(worth, (len(axis.chains),)), axis.periods)
                arriving = share * axis.full(made.give[self._node(node)])
                self._charge(flow.who, f"worth of {flow.name} under way at the end",
                             made * arriving, -each, flow.unit)  # fmt: skip
        carry_in(self.part, made, past)

    def _node(self, node: Node) -> Node:
        found = self.new[node]
        assert isinstance(found, Node)
        return found

    def _store(self, store: Store) -> None:
        start = self.given.levels.get(store.name)
        kept = store.start if isinstance(store.start, str) else self._affine(store.start)
        self.new[store] = self.part.store(
            store.name,
            fill={self._made(flow): self._value(v) for flow, v in store.fill.items()},
            drain={self._made(flow): self._value(v) for flow, v in store.drain.items()},
            keep=self._value(store.keep),
            inflow=self._value(store.inflow),
            start=kept if start is None else float(start),
            unit=store.unit, who=store.who,
        )  # fmt: skip

    def _made(self, flow: Flow) -> Flow:
        found = self.new[flow]
        assert isinstance(found, Flow)
        return found

    # -- rules ----------------------------------------------------------------------------------

    def _stays(self, budget: Budget) -> bool:
        if budget.name in self.given.prices:
            return False
        return budget.weight is None or self._inside(budget).size > 0

    def _inside(self, budget: Budget) -> Ints:
        """The groups of a rule of which every stage lies in the part."""
        if budget.weight is None:
            return np.arange(self.first, self.first + self.count)
        here = np.bincount(self._slice(budget.groups), minlength=budget.count)
        if all(isinstance(term.variable, Size) for term in budget.expression.terms):
            return np.flatnonzero(here > 0)  # it integrates nothing
        return np.flatnonzero((here > 0) & (here == np.bincount(budget.groups)))

    def _budget(self, budget: Budget) -> None:
        """A rule that stays: over single stages, or in those of its groups that lie inside."""
        chains, inside = len(self.part.axis.chains), self.kept[budget]
        made = replace(
            budget,
            index=len(self.part.budgets),
            count=len(inside) * chains,
            at_least=np.tile(budget.at_least[inside], chains),
            at_most=np.tile(budget.at_most[inside], chains),
            slack=None if budget.slack is None else self._slack(budget.slack),
        )
        if budget.weight is None:
            made.groups = np.arange(self.count * chains)
            made.expression = self._affine(budget.expression, back=True)
        else:
            made.groups, made.weight, made.expression = self._over_spans(budget, inside)
        if made.expression.terms:  # else nothing is left to decide
            self.part.add(made)

    def _slack(self, slack: Size | Flow) -> Size | Flow:
        found = self.new[slack]
        assert isinstance(found, (Size, Flow))
        return found

    def _over_spans(self, budget: Budget, inside: Ints) -> tuple[Ints, Floats, Affine]:
        """Groups, weights and expression of a rule over spans; stages of others do not count."""
        assert budget.weight is not None
        chains, groups = len(self.part.axis.chains), self._slice(budget.groups)
        counts = np.isin(groups, inside)
        place = np.where(counts, np.searchsorted(inside, groups), 0)
        numbered = np.tile(place, chains) + np.repeat(np.arange(chains) * len(inside), self.count)
        weight = np.tile(np.where(counts, self.part.axis.hours, 0.0), chains)
        return numbered, weight, self._affine_of_groups(budget, inside, chains)

    def _affine_of_groups(self, budget: Budget, inside: Ints, chains: int) -> Affine:
        """The expression of a rule whose constants and sizes have one value per group."""

        def pick(value: Value) -> Value:
            return np.tile(np.asarray(value)[inside], chains) if np.ndim(value) else value

        constant, terms = pick(budget.expression.constant), []
        for term in budget.expression.terms:
            if not isinstance(term.variable, Size):
                coefficient = self._value(term.coefficient)
                terms.append(Term(self._variable(term.variable), coefficient))
            elif term.variable in self.new:
                terms.append(Term(self._variable(term.variable), pick(term.coefficient)))
            elif term.variable.name in self.given.sizes:
                known = self.given.sizes[term.variable.name]
                constant = constant + pick(term.coefficient) * known
        return Affine(constant, tuple(terms))

    # -- money ----------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        """A line on what is still to be decided; on what is not, it changes nothing."""
        here = [term for term in line.quantity.terms if term.variable in self.new]
        if not here:
            return
        sizes = [term for term in here if isinstance(term.variable, Size)]
        if sizes:
            terms = [Term(self._variable(t.variable), self._per_element(t)) for t in sizes]
            price: Value = line.price
        else:
            terms = [Term(self._variable(t.variable), self._value(t.coefficient)) for t in here]
            price = self._value(line.price)
        quantity = Affine(0.0, tuple(terms))
        self.part.lines.append(
            Line(line.who, line.what, line.kind, quantity, price, line.unit, line.to, line.sign)
        )

    def _per_element(self, term: Term) -> Value:
        """A coefficient per element of a size, for the elements that are in the part."""
        size = term.variable
        assert isinstance(size, Size)
        if np.ndim(term.coefficient) == 0:
            return term.coefficient
        rule = next((b for b in self.whole.budgets if b.slack is size), None)
        groups = np.zeros(0, dtype=np.int64) if size.groups is None else size.groups
        here = self.kept[rule] if rule else np.unique(self._slice(groups))
        share = np.array([chain.weight for chain in self.part.axis.chains])
        return np.outer(share, np.asarray(term.coefficient)[here]).ravel()

    def _price_rules(self) -> None:
        for budget in self.whole.budgets:
            price = self.given.prices.get(budget.name)
            if price is None or not np.any(price):
                continue
            terms = tuple(
                Term(self._variable(term.variable), self._value(term.coefficient), term.shift)
                for term in budget.expression.terms
                if not isinstance(term.variable, Size) and term.variable in self.new
            )
            quantity, worth = Affine(0.0, terms), self._value(price)
            self._charge(budget.who or budget.name, f"price of {budget.name}", quantity, worth,
                         budget.unit)  # fmt: skip

    def _end(self) -> None:
        """What is left in a store is worth something: a price on its last level."""
        axis = self.part.axis
        last = np.arange(axis.stages) % axis.periods == axis.periods - 1
        for store in self.part.stores:
            worth = self.given.worth.get(store.name)
            if worth is None:
                continue
            each = np.repeat(np.broadcast_to(worth, (len(axis.chains),)), axis.periods)
            # A line integrates over time, a level at a moment has no duration.
            price = np.where(last, -each / axis.hours, 0.0)
            self._charge(store.who, f"worth of {store.name} at the end", store, price, store.unit)

    def _charge(self, who: str, what: str, quantity: Linear, price: Value, unit: str) -> None:
        """A line in nobody's purse: what is to come is priced, not paid."""
        self.part.line(who, what, quantity, price, unit=unit, kind="penalty")
