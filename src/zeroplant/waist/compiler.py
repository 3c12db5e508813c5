"""Network → Program: every declaration becomes arrays, each cost goes in through the ledger."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.waist.linear import Affine, Term, Value
from zeroplant.waist.network import Network
from zeroplant.waist.prices import Prices, add_up
from zeroplant.waist.program import (
    BudgetEntry,
    Budgets,
    Column,
    Coupling,
    Entry,
    Program,
    Row,
    Sizes,
)
from zeroplant.waist.words import Budget, Flow, Node, Size, Store


def compile_network(network: Network) -> Program:
    """The network's declarations as stage arrays."""
    return _Compiler(network).program()


class _Compiler:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.axis: Axis = network.axis
        self.zeros: Floats = np.zeros(self.axis.stages)
        self.extra: list[Row] = []

    def program(self) -> Program:
        net = self.network
        counts = [size.count for size in net.sizes]
        columns = [self._flow_column(flow) for flow in net.flows]
        columns += [self._store_column(store) for store in net.stores]
        prices = add_up(net.lines, net.size_elements)
        self._set_costs(columns, prices)
        rows = self._balances() + [self._carry(store) for store in net.stores]
        budgets = self._budgets()
        return Program(
            periods=self.axis.periods,
            chains=len(self.axis.chains),
            columns=columns,
            rows=rows + self.extra,
            sizes=Sizes(
                names=[element_name(size, i) for size in net.sizes for i in range(size.count)],
                cost=prices.sizes,
                lower=np.repeat([float(size.lower) for size in net.sizes], counts),
                upper=np.repeat([float(size.upper) for size in net.sizes], counts),
                integer=np.repeat([size.integer for size in net.sizes], counts).astype(bool),
            ),
            budgets=budgets,
            offset=prices.constant,
        )

    # -- columns ------------------------------------------------------------------------------

    def _flow_column(self, flow: Flow) -> Column:
        column = Column(flow.name, self.zeros, self.zeros, self.zeros, integer=flow.integer)
        return self._bounded(column, flow, flow.floor, flow.cap)

    def _store_column(self, store: Store) -> Column:
        column = Column(store.name, self.zeros, self.zeros, self.zeros)
        return self._bounded(column, store, store.floor, store.cap)

    def _bounded(self, column: Column, word: Flow | Store, floor: Affine, cap: Affine) -> Column:
        """Bounds of one size stay with the column; anything richer becomes a row of its own."""
        column.lower, column.upper = self._full(floor.constant), self._full(cap.constant)
        low, high = _merged(floor.terms), _merged(cap.terms)
        if _is_coupling(low):
            column.floor = self._coupling(low)
        else:
            self.extra.append(self._bound_row(f"floor of {word.name}", word, floor, below=True))
            column.lower = np.full(self.axis.stages, -np.inf)
        if _is_coupling(high):
            column.cap = self._coupling(high)
        else:
            self.extra.append(self._bound_row(f"cap of {word.name}", word, cap, below=False))
            column.upper = np.full(self.axis.stages, np.inf)
        return column

    def _coupling(self, terms: tuple[Term, ...]) -> Coupling | None:
        if not terms:
            return None
        return self._size_entry(terms[0])

    def _size_entry(self, term: Term) -> Coupling:
        size = term.variable
        assert isinstance(size, Size)
        where = size.first if size.groups is None else size.first + size.groups
        return Coupling(where, self._full(term.coefficient))

    def _bound_row(self, name: str, word: Flow | Store, bound: Affine, *, below: bool) -> Row:
        expression = word - bound
        limit = 0.0 - self._full(expression.constant)
        free = np.full(self.axis.stages, np.inf)
        row = Row(name, limit if below else -free, free if below else limit)
        return self._add_terms(row, expression)

    # -- costs ----------------------------------------------------------------------------------

    def _set_costs(self, columns: list[Column], prices: Prices) -> None:
        """Prices per hour of flows and levels, by the hours that each stage stands for."""
        for variable, price in prices.hourly.items():
            columns[self.network.place(variable)].cost = self.axis.weight * self._full(price)

    # -- rows -----------------------------------------------------------------------------------

    def _balances(self) -> list[Row]:
        """One balance row for each node: what flows give less what they take is nothing."""
        rows = [Row(node.name, self.zeros, self.zeros) for node in self.network.nodes]
        for flow in self.network.flows:
            column = self.network.place(flow)
            for node, value in flow.give.items():
                self._arrive(rows[node.index], column, flow, node, value)
            for node, value in flow.take.items():
                rows[node.index].entries.append(Entry(column, -self._full(value)))
        return rows

    def _arrive(self, row: Row, column: int, flow: Flow, node: Node, value: Value) -> None:
        """A delay between two whole numbers of periods arrives in two parts."""
        periods = flow.delay.get(node, 0.0) / self.axis.hours
        early = int(np.floor(periods + 1e-9))
        late_share = max(0.0, periods - early)
        late_share = 0.0 if late_share < 1e-9 else late_share
        row.entries.append(Entry(column, self._full(value) * (1.0 - late_share), early))
        if late_share:
            row.entries.append(Entry(column, self._full(value) * late_share, early + 1))

    def _carry(self, store: Store) -> Row:
        """Level − keep·level before − hours·(fill − drain) = hours·inflow."""
        hours = self.axis.hours
        column = self.network.place(store)
        first = np.arange(self.axis.stages) % self.axis.periods == 0
        keep = self._full(store.keep)
        right = hours * self._full(store.inflow)
        row = Row(store.name, right, right)
        row.entries.append(Entry(column, np.ones(self.axis.stages)))
        if isinstance(store.start, Affine):
            right = right + np.where(first, keep * store.start.constant, 0.0)
            row.lower = row.upper = right
            for term in store.start.terms:
                assert isinstance(term.variable, Size)
                share = np.where(first, -keep * term.coefficient, 0.0)
                row.sizes.append(Coupling(term.variable.first, share))
            keep = np.where(first, 0.0, keep)
        row.entries.append(Entry(column, -keep, 1))
        for flow, value in store.fill.items():
            row.entries.append(Entry(self.network.place(flow), -hours * self._full(value)))
        for flow, value in store.drain.items():
            row.entries.append(Entry(self.network.place(flow), hours * self._full(value)))
        return row

    def _add_terms(self, row: Row, expression: Affine) -> Row:
        """Put an expression into a stage row; rows that look before a chain's start are free.

        One whose coefficient there is nothing does not look.
        """
        age = np.arange(self.axis.stages) % self.axis.periods
        young = np.zeros(self.axis.stages, dtype=bool)
        for term in expression.terms:
            variable = term.variable
            if isinstance(variable, Size):
                row.sizes.append(self._size_entry(term))
            else:
                value = self._full(term.coefficient)
                if term.shift:
                    young |= (age < term.shift) & (value != 0)
                row.entries.append(Entry(self.network.place(variable), value, term.shift))
        if young.any():
            row.lower = np.where(young, -np.inf, row.lower)
            row.upper = np.where(young, np.inf, row.upper)
        return row

    # -- budgets --------------------------------------------------------------------------------

    def _stage_rule(self, budget: Budget) -> Row:
        """A rule that holds in every stage by itself."""
        shift = self._full(budget.expression.constant)
        row = Row(budget.name, budget.at_least - shift, budget.at_most - shift)
        return self._add_terms(row, budget.expression)

    def _budgets(self) -> Budgets:
        """Rules over longer spans: flows and levels by the weight of their stages, sizes once."""
        block = Budgets()
        for budget in self.network.budgets:
            if budget.weight is None:
                self.extra.append(self._stage_rule(budget))
                continue
            first = block.add_rows(
                [element_name(budget, i) for i in range(budget.count)],
                budget.at_least - budget.expression.constant,
                budget.at_most - budget.expression.constant,
            )
            for term in budget.expression.terms:
                if isinstance(term.variable, Size):
                    rows, elements = pairing(term.variable, budget)
                    value = np.broadcast_to(np.asarray(term.coefficient, float), rows.shape)
                    block.add_sizes(first + rows, term.variable.first + elements, value)
                else:
                    value = budget.weight * self._full(term.coefficient)
                    place = self.network.place(term.variable)
                    block.entries.append(BudgetEntry(first + budget.groups, place, value))
        return block

    # -- small things ---------------------------------------------------------------------------

    def _full(self, value: Value) -> Floats:
        return self.axis.full(value)


def element_name(word: Size | Budget, element: int) -> str:
    """Name of one element of a size or budget that has several."""
    return word.name if word.count == 1 else f"{word.name}[{element}]"


def _merged(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms of one and the same size added up to one term."""
    same = {(term.variable, term.shift) for term in terms}
    if len(terms) < 2 or len(same) > 1:
        return terms
    return (Term(terms[0].variable, sum((t.coefficient for t in terms), 0.0), terms[0].shift),)


def _is_coupling(terms: tuple[Term, ...]) -> bool:
    """Whether a bound depends on nothing, or on one size."""
    return not terms or (len(terms) == 1 and isinstance(terms[0].variable, Size))


def pairing(size: Size, budget: Budget) -> tuple[Ints, Ints]:
    """Which elements of a size count in which rows of a budget."""
    rows, elements = np.arange(budget.count), np.arange(size.count)
    if size.count == 1:
        return rows, np.zeros(budget.count, dtype=np.int64)
    if size.count == budget.count:
        return rows, elements
    if budget.count == 1:
        return np.zeros(size.count, dtype=np.int64), elements
    if size.groups is not None:  # months within their chain
        around = np.zeros(size.count, dtype=np.int64)
        around[size.groups] = budget.groups
        if np.array_equal(around[size.groups], budget.groups):
            return around, elements
    message = f"budget '{budget.name}' and size '{size.name}' are cut into different spans"
    raise ValueError(message)
