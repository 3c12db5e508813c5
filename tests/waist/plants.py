"""Random plants: every word of the waist in every combination, always with an answer.

Unserved energy and free excess at each node, and spill from each store, keep them feasible;
every size and purchase is bounded, so none earns without limit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import strategies as st

from zeroplant.axis import Axis, Chain, Floats
from zeroplant.waist import Affine, Flow, Network, Node, affine

ONE_CHAIN = (Chain("base"),)


class Maker:
    """Draws one plant; hypothesis chooses what is in it, a seeded generator the series."""

    def __init__(self, draw: st.DrawFn, chains: tuple[Chain, ...], *, whole: bool) -> None:
        self.draw, self.whole = draw, whole
        self.random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        start = datetime(2025, 1, 31, 12, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 24)))
        hours = draw(st.sampled_from([1.0, 0.25, 0.5, 2.0, 3.0]))
        periods = draw(st.integers(4, 24))
        self.net = Network(Axis(start, periods, hours, "Asia/Shanghai", chains))
        self.nodes: list[Node] = []

    def some(self) -> bool:
        """Whether a feature is in this plant."""
        return self.draw(st.booleans())

    def series(self, low: float, high: float) -> Floats:
        """Uniform noise, one value per stage."""
        return self.random.uniform(low, high, self.net.axis.stages)

    def number(self, low: float, high: float) -> float:
        """One random number."""
        return float(self.random.uniform(low, high))

    def capacity(self, name: str, most: float) -> Affine:
        """A capacity that is given, free or in whole units, with a price if it is free."""
        kind = self.draw(st.sampled_from(["given", "free", "whole"]))
        if kind == "given":
            return affine(self.number(0.2, 1.0) * most)
        whole = kind == "whole" and self.whole
        lower = self.draw(st.sampled_from([0.0, 0.1]))
        block = most / 4 if whole else 1.0
        lower = float(np.ceil(lower * most / block)) if whole else lower * most
        size = self.net.size(name, lower=lower, upper=most / block, integer=whole)
        price = self.number(1.0, 30.0) * block * self.net.axis.weight.sum()
        self.net.line(name, "annuity", size, price, unit="MW", kind="investment")
        if self.some():
            self.net.line(name, "upkeep", size * 0.5 + 2.0, price / 5, unit="MW", kind="fixed")
        return size * block

    def node(self, name: str) -> None:
        """A node with a load, unserved energy and excess."""
        node = self.net.node(name)
        self.nodes.append(node)
        self.net.flow(f"{name} load", take=node, fixed=self.series(2.0, 10.0), role="load")
        self.net.flow(f"{name} unserved", give=node, cost=self.number(500, 3000), role="unserved")
        self.net.flow(f"{name} excess", take=node, cost=self.draw(st.sampled_from([0.0, 3.0])))

    def renewable(self, node: Node) -> Flow:
        """A generator with availability, sized, given, or running whether wanted or not."""
        cap = self.capacity(f"{node.name} wind", 30.0) * self.series(0.0, 1.0)
        name = f"{node.name} wind"
        if self.some():
            flow = self.net.flow(name, give=node, fixed=cap, role="generation")
        else:
            cost = self.draw(st.sampled_from([0.0, 2.0]))
            flow = self.net.flow(name, give=node, cap=cap, cost=cost, role="generation")
        if self.some():
            self.net.line("state", "subsidy", flow, self.number(0, 30), kind="revenue")
        return flow

    def must_run(self, node: Node) -> Flow:
        """A generator that never stands still, of a given or free size, and may ramp slowly."""
        cap = self.capacity(f"{node.name} plant", 6.0)
        share = self.draw(st.sampled_from([0.0, 0.3, 1.0]))
        name, cost = f"{node.name} plant", self.series(10, 90)
        flow = self.net.flow(name, give={node: self.number(0.8, 1.2)}, cap=cap, floor=share * cap,
                             cost=cost)  # fmt: skip
        if self.some():
            limit = self.number(0.5, 2.0)
            change = flow - flow.shift(1)
            self.net.budget(f"{name} ramp", change, at_least=-limit, at_most=limit, over="period")
        return flow

    def grid(self, node: Node) -> Flow:
        """Import and export at changing prices, some negative, with a charge on the peak."""
        prices = self.series(-40.0, 200.0)
        cap: Affine | float = 15.0
        if self.some():
            span = self.draw(st.sampled_from(["month", "day", "horizon"]))
            peak = self.net.size("peak", over=None if span == "horizon" else span, upper=40.0)
            price = self.number(10.0, 400.0)
            self.net.line("grid", "demand charge", peak, price, unit="MW", kind="charge")
            cap = affine(peak)
        bought = self.net.flow("import", give=node, cap=cap, role="import")
        sold = self.net.flow("export", take=node, cap=self.number(1, 10), role="export")
        self.net.line("grid", "energy bought", bought, prices, kind="purchase")
        self.net.line("grid", "energy sold", sold, prices - self.number(1, 20), kind="revenue")
        if self.some():
            self.net.line("grid", "carbon", 0.6 * bought, 50.0, unit="tCO2", kind="emission")
        return bought

    def battery(self, node: Node) -> None:
        """A store sized in power and energy, cyclic or with a start, with losses."""
        power = self.capacity(f"{node.name} power", 8.0)
        energy = power * 3.0 if self.some() else self.capacity(f"{node.name} energy", 30.0)
        charge = self.net.flow(f"{node.name} charge", take=node, cap=power)
        discharge = self.net.flow(f"{node.name} discharge", give=node, cap=power, cost=1.0)
        spill = self.net.flow(f"{node.name} lost")
        cyclic = self.some()
        one = sum(t.coefficient for t in energy.terms) if energy.terms else 0.0
        start = "cyclic" if cyclic else affine(energy.constant) * 0.4 + 0.1 * one
        level = self.net.store(
            f"{node.name} level",
            fill={charge: self.series(0.8, 1.0) if self.some() else 0.9},
            drain={discharge: 1 / 0.9, spill: 1.0},
            cap=energy,
            floor=0.1 * energy if cyclic and self.some() else 0.0,
            keep=self.draw(st.sampled_from([1.0, 0.98])),
            start=start,
        )
        if self.some():
            self.net.line("battery", "ageing", level, 0.01, unit="MWh·h")

    def reservoir(self, node: Node) -> None:
        """Water with inflow, a turbine whose yield changes, and spill; it starts at a size."""
        turbine = self.net.flow(f"{node.name} turbine", give={node: self.series(0.3, 0.5)}, cap=9.0)
        spill = self.net.flow(f"{node.name} spill")
        start: Affine | float | str = self.draw(st.sampled_from(["cyclic", 5.0]))
        if self.some():
            size = self.net.size(f"{node.name} first level", upper=12.0)
            self.net.line("water", "filling", size, self.number(1, 20), unit="m3")
            start = 0.5 * size
        self.net.store(
            f"{node.name} lake", drain={turbine: 1.0, spill: 1.0}, inflow=self.series(0.0, 4.0),
            cap=20.0, start=start, keep=self.draw(st.sampled_from([1.0, 0.95])),
        )  # fmt: skip

    def line(self, near: Node, far: Node) -> None:
        """A line with losses, both ways one capacity, in one direction delayed."""
        cap = self.capacity(f"{near.name} to {far.name}", 10.0)
        delay = self.draw(st.sampled_from([0.0, 1.0, 0.5, 2.25])) * self.net.axis.hours
        name = f"{near.name} to {far.name}"
        self.net.flow(name, take=near, give={far: self.series(0.85, 0.99)}, cap=cap,
                      delay={far: delay})  # fmt: skip
        self.net.flow(f"{name} back", take=far, give={near: 0.95}, cap=cap - 0.0)

    def on_off(self, node: Node) -> None:
        """An engine that is off, or on between its least and its full load."""
        on = self.net.flow(f"{node.name} on", cap=1.0, integer=True, cost=20.0)
        self.net.flow(f"{node.name} engine", give=node, cap=5.0 * on, floor=2.0 * on, cost=70.0)

    def rules(self, wanted: list[Flow], bought: list[Flow]) -> None:
        """Budgets over the horizon and parts of it, hard and with a price for their breach."""
        for flow in wanted:
            span = self.draw(st.sampled_from(["horizon", "day", "month"]))
            least = self.number(5.0, 60.0)
            self.net.budget(f"least {flow.name}", flow, at_least=least, over=span, breach=80.0)
        for flow in bought:
            if self.some():
                self.net.budget("most import", flow, at_most=self.number(10, 90), over="day")
            else:
                rule = 0.4 * flow - sum((f * 0.1 for f in wanted), affine(0.0))
                self.net.budget("import limit", rule, at_most=2.0, over="period", breach=90.0)


@st.composite
def plants(
    draw: st.DrawFn, *, chains: tuple[Chain, ...] = ONE_CHAIN, whole: bool = True
) -> Network:
    """A random plant; ``whole`` allows whole numbers in it."""
    maker = Maker(draw, chains, whole=whole)
    for place in range(draw(st.integers(1, 3))):
        maker.node(f"n{place}")
    first, last = maker.nodes[0], maker.nodes[-1]
    wanted, bought = [], []
    if maker.some():
        wanted.append(maker.renewable(first))
    if maker.some():
        wanted.append(maker.must_run(last))
    if maker.some():
        bought.append(maker.grid(first))
    if maker.some():
        maker.battery(last)
    if maker.some():
        maker.reservoir(first)
    for near, far in zip(maker.nodes, maker.nodes[1:], strict=False):
        maker.line(near, far)
    if whole and maker.some():
        maker.on_off(last)
    if maker.some():
        maker.rules(wanted, bought)
    return maker.net
