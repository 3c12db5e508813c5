"""What really flowed, quarter-hour by quarter-hour: its energy, money and emissions.

Money is that of the plant's own ledger: the lines and prices plans are made with, on what was
measured. What was not measured is not known, and stays so (nan); it is never taken for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.measured import Means
from zeroplant.plant.build import emissions_of
from zeroplant.waist import Flow, Network, Node, Size, Store, ledger
from zeroplant.waist.linear import Linear, Value
from zeroplant.waist.words import UNPAID, Line, Role

Source = Callable[[Iterable[str], datetime, int, timedelta], Means]
"""What was measured of points in so many steps from a moment on: `measured.means` of a history."""

UNMETERED = ("unserved", "spill")
"""Roles of flows that have no meter: taken as nothing where no value is held."""
AT_END = "worth of "
"""Lines that a window of the horizon lays on its end are in nobody's purse."""


@dataclass(frozen=True)
class Flowed:
    """Means of flows and last levels of stores in the first ``steps`` stages of a network.

    A store's level counts with its value at the end of each step, as it does in plans.
    """

    network: Network
    steps: int
    means: Mapping[str, Floats]
    levels: Mapping[str, Floats]

    def value(self, thing: Linear) -> Floats:
        """Values over all stages of the network: nan where nothing is known, 0 after the steps."""
        stages = self.network.axis.stages
        if isinstance(thing, Size):
            return np.zeros(thing.count)
        values = np.zeros(stages)
        if isinstance(thing, Flow):
            values[: self.steps] = self.flow(thing)
        elif isinstance(thing, Store):
            values[: self.steps] = self.levels.get(thing.name, np.full(self.steps, np.nan))
        return values

    def flow(self, flow: Flow) -> Floats:
        """Mean of a flow in each step, in its unit."""
        found = self.means.get(flow.name, np.full(self.steps, np.nan))
        if flow.role in UNMETERED and not np.isfinite(found).any():
            return np.zeros(self.steps)
        return found

    @cached_property
    def lines(self) -> list[tuple[Line, Floats]]:
        """Lines of money that moves with what flows, with the amounts of each step.

        An amount is money the plant pays; what it receives is negative. What is paid for sizes, a
        connection's peak of the month for one, is not among them.
        """
        return [
            (line, self._amounts(line))
            for line in self.network.lines
            if line.kind not in UNPAID and not line.what.startswith(AT_END) and _moves(line)
            if np.any(np.asarray(line.price) != 0.0)
        ]

    @cached_property
    def emissions(self) -> Floats:
        """tCO2 in each step."""
        total = np.zeros(self.network.axis.stages)
        for term in emissions_of(self.network).terms:
            if not isinstance(term.variable, Size):
                total = total + term.coefficient * self.value(term.variable)
        return np.asarray(total * self.network.axis.weight)[: self.steps]

    def electric(self, role: Role, *, given: bool) -> Floats:
        """MWh that flows of a role give to nodes of electricity, or take from them, by step."""
        total = np.zeros(self.steps)
        for flow in self.network.flows_of(role):
            nodes: Mapping[Node, Value] = flow.give if given else flow.take
            for node, share in nodes.items():
                if node.carrier == "electricity":
                    part = np.broadcast_to(share, self.network.axis.stages)[: self.steps]
                    total = total + part * self.flow(flow) * self.network.axis.hours
        return total

    def _amounts(self, line: Line) -> Floats:
        return ledger.amounts(line, self, self.network.axis)[: self.steps]


def flowed(network: Network, source: Source, steps: int) -> Flowed:
    """What flowed in the first steps of a network. Raises InputError as the history does."""
    axis = network.axis
    names = [*(flow.name for flow in network.flows), *(store.name for store in network.stores)]
    found = source(names, axis.start, steps, axis.step)
    return Flowed(network, steps, found.mean, found.last)


def _moves(line: Line) -> bool:
    return any(not isinstance(each, Size) for each in line.quantity.variables)
