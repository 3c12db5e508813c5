"""A network with a solver behind it: solve once, or change values and solve again."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Literal, NoReturn

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.errors import SolveError
from zeroplant.solve.answer import Answer
from zeroplant.solve.calm import at_true_prices, with_motion_priced
from zeroplant.solve.check import Check, check, require
from zeroplant.solve.diagnose import diagnose, name_profit
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.hipo import solve_hipo
from zeroplant.solve.staged import Declined, NotConverged, Staged
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.linear import Affine, Value, Variable, affine
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.network import Network
from zeroplant.waist.prices import add_up
from zeroplant.waist.solution import Solution
from zeroplant.waist.words import Flow, Line, Size, Store

Solver = Literal["auto", "staged", "highs"]
Interior = Callable[[MatrixProgram, float | None], Answer | None]
"""An interior-point method: a programme and a deadline in seconds to an answer, or None."""

# Stages from which `auto` walks through time on linear plants. A single solve is quicker that way
# from some 150 stages on, but shorter plants are mostly windows that are solved again and again,
# where HiGHS starts from its last answer.
MANY = 1000
# Seconds to say why there is no answer, where the deadline leaves less.
LEAST_TO_EXPLAIN = 10.0


def solve(
    network: Network,
    *,
    solver: Solver = "auto",
    deadline: float | None = None,
    gap: float = 1e-4,
    walker: Staged | None = None,
) -> Solution:
    """Find the least-cost answer of a network; see `Model` and `Model.solve`."""
    return Model(network, solver=solver, walker=walker).solve(deadline=deadline, gap=gap)


class Model:
    """A network handed to a solver, kept alive for rolling use.

    Values that were declared (caps, fixed flows, prices, starting levels) can be changed; the
    solver then starts from its last answer. The network's own declarations change with them,
    so that the ledger of the next solution uses the new prices.

    ``walker`` is a staged solver with what it has kept of networks like this one.
    """

    def __init__(
        self, network: Network, *, solver: Solver = "auto", walker: Staged | None = None
    ) -> None:
        if solver not in ("auto", "staged", "highs"):
            message = f"there is no solver '{solver}'; write auto, staged or highs"
            raise SolveError(message)
        self.network, self.solver = network, solver
        self._stages = compile_network(network)
        self.program = assemble(self._stages)
        self._checked: Check | None = None
        self._walker = walker or Staged()

    def solve(self, *, deadline: float | None = None, gap: float = 1e-4) -> Solution:
        """Solve within ``deadline`` seconds, mixed-integer plants to a relative ``gap``.

        Raises SolveError, saying what stands in the way, if there is no answer: none exists, or
        none was found in time, or the one found does not survive the independent check.
        ``auto`` takes the staged solver for long linear plants, and HiGHS for the rest and for what
        the staged solver hands over.
        """
        begin = time.perf_counter()
        answer = self._solve(deadline, gap)
        if answer.status not in ("optimal", "feasible"):
            raise SolveError(self._reason(answer, deadline, self._left(deadline, begin)))
        result = self._checked or require(self.program, answer)
        whole = self.program.integer.any()
        proven = abs(answer.objective - answer.bound) / (1.0 + abs(answer.objective))
        return Solution(
            network=self.network,
            status=answer.status,
            solver=answer.solver,
            seconds=answer.seconds,
            objective=answer.objective,
            gap=proven if whole or answer.status != "optimal" else result.gap,
            x=answer.x,
            row_dual=answer.row_dual,
            size_dual=self._size_dual(answer.row_dual),
            layout=self.program.layout,
        )

    def _size_dual(self, row_dual: Floats) -> Floats:
        """Reduced costs of the sizes' elements: the objective's change per unit of their bound."""
        first = len(self.program.cost) - self.network.size_elements
        bound: Floats = self.program.matrix[:, first:].T @ row_dual
        return self.program.cost[first:] - bound

    def _solve(self, deadline: float | None, gap: float) -> Answer:
        """The answer of the solver that was asked for, or of HiGHS where the other has none."""
        begin, self._checked = time.perf_counter(), None
        whole, empty = self.program.integer.any(), not len(self.program.cost)
        long = self._stages.stages >= MANY and not whole and not empty
        reason = ""
        if self.solver == "staged" or (self.solver == "auto" and long):
            found = self._solve_staged(deadline)
            if isinstance(found, Answer):
                return found
            if self.solver == "staged":
                message = f"the staged solver has no answer: {found}"
                raise SolveError(message)
            reason = found
        answer = self._solve_highs(self._left(deadline, begin), gap, long=long)
        if reason:
            answer.solver = f"{answer.solver} (staged: {reason})"
        return answer

    def _solve_highs(self, deadline: float | None, gap: float, *, long: bool) -> Answer:
        """HiGHS's interior point for a long linear plant, and its own choice for the rest."""
        begin = time.perf_counter()
        if long:
            found = self._interior(self._hipo, deadline)
            if isinstance(found, Answer):
                return found
        return self._highs.solve(deadline=self._left(deadline, begin), gap=gap)

    def _interior(self, solver: Interior, deadline: float | None) -> Answer | str:
        """An interior-point answer that moves nothing for nothing and holds, or why there is none.

        Where the price on motion is too much beside what the plant costs, it is left out.
        """
        begin, reason = time.perf_counter(), "no answer"
        flows = len(self.network.flows) * self._stages.stages
        for program in (with_motion_priced(self.program, flows), self.program):
            left = self._left(deadline, begin)
            if left == 0.0:
                break
            try:
                answer = solver(program, left)
            except NotConverged as failed:
                reason = str(failed)
                continue
            if answer is None:
                break
            if answer.status == "unbounded" and program is not self.program:
                # The price on motion earns where a flow has no floor; that proves nothing.
                reason = "it earns without limit"
                continue
            if answer.status != "optimal":
                return answer  # proven to be infeasible or unbounded
            answer = at_true_prices(self.program, answer)
            checked = check(self.program, answer)
            failures = checked.failures()
            if not failures:
                self._checked = checked
                return answer
            reason = "; ".join(failures)
        return reason

    @staticmethod
    def _left(deadline: float | None, begin: float) -> float | None:
        """Seconds left of a deadline that began to run at ``begin``."""
        return None if deadline is None else max(0.0, deadline - (time.perf_counter() - begin))

    def _solve_staged(self, deadline: float | None) -> Answer | str:
        """The staged solver's answer, if it holds, or the reason why there is none."""
        try:
            return self._interior(self._staged, deadline)
        except Declined as declined:
            return str(declined)

    def _staged(self, program: MatrixProgram, deadline: float | None) -> Answer:
        return self._walker.solve(self._stages, program, deadline=deadline)

    def _hipo(self, program: MatrixProgram, deadline: float | None) -> Answer | None:
        return solve_hipo(self._stages, program, deadline)

    @property
    def _alive(self) -> bool:
        """Whether HiGHS has the programme, and has to hear of what changes in it."""
        return "_highs" in self.__dict__

    @cached_property
    def _highs(self) -> HighsModel:
        """HiGHS with the programme in it, from the first time it is needed."""
        return HighsModel(self.program)

    def set_bounds(
        self, flow: Flow | Store, *, floor: Value | None = None, cap: Value | None = None
    ) -> None:
        """New floor and cap of a flow or store; only those that do not depend on other words."""
        new = {name: value for name, value in (("floor", floor), ("cap", cap)) if value is not None}
        for name in new:
            if getattr(flow, name).terms:
                message = f"the {name} of {flow.name} is not a number; it cannot be changed"
                raise ValueError(message)
        where = self.program.layout.column(self.network.place(flow))
        full = {name: self._full(flow.name, name, value) for name, value in new.items()}
        for name, value in new.items():
            setattr(flow, name, affine(value))
        lower = full.get("floor", self.program.lower[where])
        self._put_columns(where, lower, full.get("cap", self.program.upper[where]))

    def set_size(
        self, size: Size, *, lower: float | None = None, upper: float | None = None
    ) -> None:
        """New bounds of a size."""
        for name, value in (("least", lower), ("most", upper)):
            if value is not None and np.isnan(value):
                self._refuse(size.name, name)
        size.lower = size.lower if lower is None else lower
        size.upper = size.upper if upper is None else upper
        first = len(self.program.cost) - self.network.size_elements + size.first
        low, high = np.full((2, size.count), [[size.lower], [size.upper]])
        self._put_columns(slice(first, first + size.count), low, high)

    def _put_columns(self, where: slice, lower: Floats, upper: Floats) -> None:
        if self._alive:
            self._highs.set_columns(where, lower=lower, upper=upper)
        self.program.lower[where], self.program.upper[where] = lower, upper

    def set_fixed(self, flow: Flow, values: Value) -> None:
        """New values of a fixed flow, such as a load."""
        self.set_bounds(flow, floor=values, cap=values)

    def set_price(self, line: Line, price: Value) -> None:
        """New price of a ledger line."""
        if np.shape(price) != np.shape(line.price):
            self._full(line.what, "price", price)
        elif np.isnan(price).any():
            self._refuse(line.what, "price")
        line.price = price
        for variable in line.quantity.variables:
            prices = add_up(self._lines_of[variable], self.network.size_elements)
            if isinstance(variable, Size):
                first = len(self.program.cost) - self.network.size_elements + variable.first
                where = slice(first, first + variable.count)
                cost = prices.sizes[variable.elements]
            else:
                where = self.program.layout.column(self.network.place(variable))
                axis = self.network.axis
                cost = axis.weight * axis.full(prices.hourly[variable])
            if self._alive:
                self._highs.set_costs(where, cost)
            self.program.cost[where] = cost
        if np.any(line.quantity.constant):
            constant = add_up(self.network.lines, self.network.size_elements).constant
            if self._alive:
                self._highs.set_offset(constant)
            self.program.offset = constant

    @cached_property
    def _lines_of(self) -> dict[Variable, list[Line]]:
        """The ledger lines that speak of each variable, in their order."""
        found: dict[Variable, list[Line]] = {}
        for line in self.network.lines:
            for variable in line.quantity.variables:
                found.setdefault(variable, []).append(line)
        return found

    def set_start(self, store: Store, level: float) -> None:
        """New level before the first period; for stores declared with a number as their start."""
        if not isinstance(store.start, Affine) or store.start.terms:
            message = f"the start of {store.name} is not a number; it cannot be changed"
            raise ValueError(message)
        store.start = affine(level)
        axis = self.network.axis
        first = np.arange(0, axis.stages, axis.periods)
        self._set_inflow_row(store, first)

    def set_inflow(self, store: Store, inflow: Value) -> None:
        """New inflow of a store."""
        store.inflow = inflow
        self._set_inflow_row(store, np.arange(self.network.axis.stages))

    def _set_inflow_row(self, store: Store, stages: Ints) -> None:
        """Right-hand sides of a store's equation in some stages: inflow and what was kept."""
        axis = self.network.axis
        right = axis.hours * self._in(stages, store.inflow)
        if isinstance(store.start, Affine):
            kept = self._in(stages, store.keep) * store.start.constant
            right = right + np.where(stages % axis.periods == 0, kept, 0.0)
        first = self.program.layout.row(len(self.network.nodes) + store.index).start
        right = np.broadcast_to(right, stages.shape)
        if self._alive:
            self._highs.set_rows(first + stages, lower=right, upper=right)
        places = first + stages
        self.program.row_lower[places] = self.program.row_upper[places] = right

    def _full(self, name: str, what: str, value: Value) -> Floats:
        """A value in every stage, before anything is changed by it; ValueError if it is none."""
        full = self.network.axis.full(value)
        if np.isnan(full).any():
            self._refuse(name, what)
        return full

    @staticmethod
    def _refuse(name: str, what: str) -> NoReturn:
        message = f"the new {what} of '{name}' is not a number everywhere; nothing was changed"
        raise ValueError(message)

    def _in(self, stages: Ints, value: Value) -> Value:
        """A value in some stages; a plain number stays one."""
        return self.network.axis.full(value)[stages] if np.ndim(value) else value

    def _reason(self, answer: Answer, deadline: float | None, left: float | None) -> str:
        """Why there is no answer, found in what is ``left`` of the deadline or a few seconds."""
        limit = None if left is None else max(left, LEAST_TO_EXPLAIN)
        if answer.status == "infeasible":
            nearest = answer.x if answer.solver == "staged" else None
            return diagnose(self.network, self.program, nearest, limit)
        if answer.status == "unbounded":
            return name_profit(self.network, self.program, limit)
        if left is None or left > 0.0:
            return f"{answer.solver} found no answer"
        return f"{answer.solver} found no answer within {deadline:g} s; give it a later deadline"
