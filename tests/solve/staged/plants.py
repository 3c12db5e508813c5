"""Random plants for verdicts: ordinary ones, degenerate ones, ones without an answer or a limit.

`plant` makes the same plant from the same seed, in units of its own or in plain ones: quantities
grow and prices shrink with the unit, so the objective stays what it is. That is how huge and tiny
units are compared with a solver whose tolerances are absolute: it gets the plant in plain units.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import strategies as st

from zeroplant.axis import Axis, Chain, Floats
from zeroplant.waist import Flow, Network, Node
from zeroplant.waist.linear import Affine, affine, total_of

SEEDS = st.integers(0, 2**32 - 1)
# Of the whole plant, and of single places in it beside the others.
UNITS = (1e-6, 1e-3, 1.0, 1.0, 1.0, 1.0, 1.0, 1e3, 1e6)
LOCAL = (1e-3, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1e3)
MOST_PLACES = 4
PRICES = ("as they are", "as they are", "flat", "zero", "rounded", "negative", "far apart")
CAPEX = ("as it is",) * 6 + ("zero", "tiny", "paid")


def units_of(seed: int) -> Floats:
    """The unit of each place of a seed's plant, as the solver under test gets it."""
    random = np.random.default_rng([seed, 1])
    return np.asarray(random.choice(UNITS) * random.choice(LOCAL, MOST_PLACES))


def plant(seed: int, *, plain: bool = False) -> Network:
    """The plant of a seed, in its own units or in plain ones."""
    units = np.ones(MOST_PLACES) if plain else units_of(seed)
    maker = Maker(np.random.default_rng(seed), units)
    maker.nodes()
    maker.lines()
    maker.rules()
    return maker.net


class Maker:
    """Draws what a plant has; no draw depends on units. ``unit`` is that of the place at hand."""

    def __init__(self, random: np.random.Generator, units: Floats) -> None:
        self.random, self.units, self.unit = random, units, 1.0
        chains = int(random.integers(1, 4))
        periods = int(random.integers(6, 72 // chains + 1))
        weights = random.dirichlet(np.ones(chains)) if self.some(0.7) else np.ones(chains)
        axis = Axis(
            # Two days before a month ends, so that months are cut.
            datetime(2025, 1, 30, tzinfo=UTC), periods, hours=self.one((0.25, 1.0, 1.0, 3.0)),
            chains=tuple(Chain(f"{k}", float(weight)) for k, weight in enumerate(weights)),
        )  # fmt: skip
        self.net = Network(axis)
        self.prices, self.capex = self.one(PRICES), self.one(CAPEX)
        self.tight, self.closed = self.some(0.2), self.some(0.1)
        # What makes a plant answerable whatever happens; without it, it may be impossible.
        self.safe = self.some(0.55)
        self.places: list[Node] = []
        self.made: list[tuple[Flow, float]] = []
        self.bought: list[tuple[Flow, float]] = []

    def some(self, share: float = 0.5) -> bool:
        """Whether something is so, in this share of cases."""
        return bool(self.random.random() < share)

    def one(self, of: tuple[Any, ...]) -> Any:
        """One of several."""
        return of[int(self.random.integers(len(of)))]

    def amount(self, low: float, high: float) -> float:
        """A quantity, in the unit."""
        return float(self.random.uniform(low, high)) * self.unit

    def series(self, low: float, high: float) -> Floats:
        """Noise over the stages, or steps of it, or nothing but a number."""
        stages = self.net.axis.stages
        kind = self.random.integers(4)
        if kind == 0:
            return np.full(stages, self.random.uniform(low, high))
        if kind == 1:
            return np.repeat(self.random.uniform(low, high, stages // 6 + 1), 6)[:stages]
        return self.random.uniform(low, high, stages)

    def price(self, low: float, high: float) -> Floats:
        """Money per unit and hour over the stages, as this plant's prices are."""
        values = self.series(low, high)
        if self.prices == "flat":
            values = np.full_like(values, round((low + high) / 2))
        elif self.prices == "zero":
            values = np.zeros_like(values)
        elif self.prices == "rounded":
            values = np.round(values, -1)
        elif self.prices == "negative":
            values -= 0.5 * (low + high)
        elif self.prices == "far apart":
            values *= 10.0 ** self.random.integers(-3, 3, len(values))
        return values / self.unit

    def cap(self, name: str, most: float) -> Affine:
        """What limits a flow or a level: a number, a size with or without a limit, nothing."""
        if self.closed and self.some(0.2):
            return affine(0.0)
        kind = self.random.random()
        if kind < 0.4:
            return affine(self.amount(0.3, 0.6 if self.tight else 1.5) * most)
        if kind > 0.985:
            return affine(np.inf)
        least = self.amount(0.0, 0.3) * most if self.some(0.2) else 0.0
        limited = self.amount(0.3, 3.0) * most
        upper = np.inf if self.some(0.2) else least + limited
        size = self.net.size(name, lower=least, upper=upper)
        price = self.random.uniform(2.0, 40.0) * self.net.axis.weight.sum()
        factor = {"as it is": 1.0, "zero": 0.0, "tiny": 1e-6, "paid": -0.02}[self.capex]
        if self.some(0.95):
            self.net.line(name, "annuity", size, price * factor / self.unit, kind="investment")
        return affine(size)

    def nodes(self) -> None:
        """One to four places with their load and what may stand there."""
        for k in range(int(self.random.integers(1, MOST_PLACES + 1))):
            self.unit = float(self.units[k])
            node = self.net.node(f"n{k}")
            self.places.append(node)
            load = self.series(2.0, 10.0) * self.unit
            self.net.flow(f"load {k}", take=node, fixed=load, role="load")
            if self.safe or self.some(0.4):
                self.net.flow(f"unserved {k}", give=node, cost=self.random.uniform(2e2, 2e3)
                              / self.unit, role="unserved")  # fmt: skip
            if self.safe or self.some(0.7):
                self.net.flow(f"excess {k}", take=node)
            for thing in (self.generator, self.engine, self.market, self.store, self.free):
                if self.some(0.06 if thing == self.free else 0.55):
                    thing(node, k)

    def generator(self, node: Node, k: int) -> None:
        """Output up to what is available, or all of it whether wanted or not."""
        most = self.cap(f"wind {k}", 20.0)
        if not most.terms and np.isinf(most.constant).any():
            most = affine(20.0 * self.unit)
        most = most * self.series(0.0, 1.0)
        forced = self.some(0.2)
        bounds = {"fixed": most} if forced else {"cap": most}
        flow = self.net.flow(f"wind {k}", give=node, **bounds)
        self.made.append((flow, self.unit))
        if self.some(0.2):
            self.net.line("state", f"premium {k}", flow, self.price(0.0, 20.0), kind="revenue")

    def engine(self, node: Node, k: int) -> None:
        """Dear output, perhaps with a floor or a ramp."""
        most = self.cap(f"engine {k}", 10.0)
        floor = 0.3 * most if self.some(0.3) and not np.isinf(most.constant).any() else 0.0
        cost = self.price(40.0, 120.0)
        flow = self.net.flow(f"engine {k}", give=node, cap=most, floor=floor, cost=cost)
        if self.some(0.3):
            limit = self.amount(0.5, 4.0)
            change = flow - flow.shift(1)
            self.net.budget(f"ramp {k}", change, at_least=-limit, at_most=limit, over="period")

    def market(self, node: Node, k: int) -> None:
        """Buying and selling, sometimes at one price, sometimes with a charge on the peak."""
        prices = self.price(-20.0, 150.0)
        most: Affine = self.cap(f"connection {k}", 15.0)
        if self.some(0.4):
            span = self.one(("month", "day", "horizon", "chain"))
            peak = self.net.size(f"peak {k}", over=None if span == "horizon" else span)
            self.net.line("grid", f"peak {k}", peak, self.random.uniform(1.0, 200.0) / self.unit)
            most = affine(peak)
        bought = self.net.flow(f"import {k}", give=node, cap=most, role="import")
        self.bought.append((bought, self.unit))
        sold = self.net.flow(f"export {k}", take=node, cap=self.cap(f"outlet {k}", 8.0))
        margin = 0.0 if self.some(0.3) else self.random.uniform(1.0, 20.0) / self.unit
        self.net.line("grid", f"bought {k}", bought, prices, kind="purchase")
        self.net.line("grid", f"sold {k}", sold, prices - margin, kind="revenue")

    def store(self, node: Node, k: int) -> None:
        """A level with losses, cyclic or from a given start, perhaps with a last level."""
        energy = self.cap(f"energy {k}", 30.0)
        power = 0.4 * energy if self.some() and energy.terms else self.cap(f"power {k}", 8.0)
        free = self.some()
        charge = self.net.flow(f"charge {k}", take=node, cap=power)
        out = self.net.flow(f"discharge {k}", give=node, cap=power, cost=0.0 if free else
                            self.price(0.0, 5.0))  # fmt: skip
        cyclic = self.some() or np.isinf(energy.constant).any()
        given = 0.3 * energy if self.some() else affine(self.amount(0.0, 5.0))
        self.net.store(
            f"level {k}",
            fill={charge: self.one((1.0, 0.9, 0.7))}, drain={out: self.one((1.0, 1.1, 1.5))},
            cap=energy, start="cyclic" if cyclic else given,
            keep=self.one((1.0, 1.0, 0.99, 0.8)),
            inflow=self.amount(0.0, 0.2) if self.some(0.1) else 0.0,
            end=None if cyclic or self.some(0.7) else self.amount(0.0, 4.0),
        )  # fmt: skip

    def free(self, node: Node, k: int) -> None:
        """A flow without bounds, or with one on either side, for nothing or at a price."""
        floor, cap = self.one(((-np.inf, np.inf), (-np.inf, 1.0), (-5.0, np.inf), (-5.0, 5.0)))
        cost = 0.0 if self.some(0.3) else float(self.random.uniform(5.0, 60.0)) / self.unit
        self.net.flow(f"free {k}", give=node, floor=floor * self.unit, cap=cap * self.unit,
                      cost=cost)  # fmt: skip

    def lines(self) -> None:
        """A chain of lines with losses, each way by itself or both ways in one."""
        for k, (near, far) in enumerate(zip(self.places, self.places[1:], strict=False)):
            self.unit = float(self.units[k])
            there = float(self.units[k + 1]) / self.unit
            most = self.cap(f"line {k}", 6.0)
            if self.some(0.2) and not most.terms:
                both = {"take": near, "give": {far: there}, "cap": most, "floor": -1.0 * most}
                self.net.flow(f"line {k}", **both)
                continue
            share = self.one((0.95, 1.0, 0.5))
            delay = {far: self.net.axis.hours} if self.some(0.1) else None
            give = {far: share * there}
            self.net.flow(f"line {k}", take=near, give=give, cap=most, delay=delay)
            if self.some(0.8):
                self.net.flow(f"back {k}", take={far: there}, give={near: share}, cap=most)

    def rules(self) -> None:
        """Budgets over everything and parts of it; some hard, some with a price, some too hard."""
        hours = float(self.net.axis.weight.sum())
        for flow, unit in self.made:
            self.unit = unit
            if self.some(0.3):
                span = self.one(("horizon", "day", "month", "chain"))
                breach = None if self.some(0.3) else float(self.random.uniform(5, 500)) / self.unit
                self.net.budget(f"least {flow.name}", flow, at_least=self.amount(0.0, 4.0),
                                over=span, breach=breach)  # fmt: skip
        for flow, unit in self.bought:
            self.unit = unit
            if self.made and self.some(0.3):
                made = total_of([unit / its * each for each, its in self.made])
                rule = flow - float(self.random.uniform(0.1, 2.0)) * made
                limit = self.amount(0.0, 1.0) * hours
                self.net.budget(f"share {flow.name}", rule, at_most=limit, breach=None if
                                self.some(0.3) else 100.0 / self.unit)  # fmt: skip
            elif self.some(0.3):
                self.net.budget(f"most {flow.name}", flow, at_most=self.amount(0.1, 3.0) * hours)
