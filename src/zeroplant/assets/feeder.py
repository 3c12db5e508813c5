"""Feeder: a radial distribution line whose voltages, branches and transformer limit the plant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import acos, sqrt, tan
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.feeder_findings import feeder_findings
from zeroplant.assets.parts.radial import Span, Tree, grow
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.rules import load
from zeroplant.series import FractionProfile
from zeroplant.units import Fraction, PowerCapacity, PowerPrice, Quantity, Rate
from zeroplant.waist import Affine, Flow, Scope, Size, affine, total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Voltage = Annotated[float, Quantity("V", gt=0)]
Resistance = Annotated[float, Quantity("ohm", ge=0)]
SUPPLY = "cn-supply-voltage-12325"
"""The rule pack from which voltages have their limits where the plant gives none."""
OCTAGON = sqrt(2.0) - 1.0
"""Slope of the sides of a regular octagon within the circle of apparent power, tan 22.5°."""

UNBOUNDED = 1e9
"""MW that stand for what has no bound, for infinity times no shared branch would be no number."""
WELL_WITHIN = 0.6
"""Share of a rating below which reactive power is taken off beforehand: 0.8 is left for power."""


class Branch(BaseModel):
    """A stretch of line, cable or a transformer between two buses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: str = Field(alias="from", description="bus at one end")
    to: str = Field(description="bus at the other end")
    r: Resistance = Field(
        description="resistance of the whole branch at its own voltage; overhead line of 120 mm² "
        "0.27 Ω/km, of 70 mm² 0.46 Ω/km"
    )
    x: Resistance = Field(description="reactance of the whole branch; overhead line 0.35 Ω/km")
    power: PowerCapacity = Field(description="rating in MVA, or the range in which to choose it")
    reverse: Fraction = Field(
        1.0, description="share of the rating that may flow towards the source; transformer 0.8"
    )
    voltage: Voltage | None = Field(
        None, description="nominal voltage of r, x and the lower end; the feeder's if left out"
    )
    capex: PowerPrice | None = Field(
        None, ge=0, description="price per MVA, the feeder's if left out; 0 if it stands already"
    )


class Feeder(Asset, Bought):
    """A radial feeder: power, reactive power and voltage along a tree of branches.

    The buses are nodes of electricity of the plant; power reaches them over the feeder's branches
    from the ``source_node``, where the voltage is known. The model is LinDistFlow (Baran and Wu
    1989): linear in power and squared voltage, losses left out. Against a nonlinear power flow on
    twelve buses voltages differ by 0.5 % of nominal at most where feeders keep their limits (they
    are too high); findings tell the losses it leaves out.

    Reactive power follows from power factors: loads, and what converters take, draw it
    (``power_factor``), generation, also of fuels and hydrogen, may absorb it (``absorbing``),
    batteries and vehicles neither. Limits: the voltage of
    each bus (rule pack ``cn-supply-voltage-12325``), the rating of each branch as apparent power
    (where reactive power is not known beforehand by a regular octagon within the circle), and the
    flow towards the source. What the feeder cannot
    carry is curtailed or unserved.

    Findings say how much more generation each bus, and the whole feeder, could host beside what
    the plan runs, and which voltage or branch stands in the way.
    """

    title: ClassVar = ("Feeder", "配电馈线")
    chinese: ClassVar = {
        "source_node": "电源节点", "source_voltage": "电源点电压", "voltage": "额定电压",
        "branches": "线段", "branches.from": "线段起点", "branches.to": "线段终点",
        "branches.r": "电阻", "branches.x": "电抗", "branches.power": "线段容量",
        "branches.reverse": "反向负载率上限", "branches.voltage": "线段额定电压",
        "branches.capex": "线段单位造价",
        "low": "电压下限", "high": "电压上限", "power_factor": "负荷功率因数",
        "absorbing": "电源吸收无功的功率因数", "power_factors": "各资产功率因数",
        "hosting_shape": "待接纳电源出力曲线", "feeder": "馈线",
        "to {}": "送往 {}", "from {}": "自 {} 返送",
    }  # fmt: skip
    asset_class: ClassVar = "grid"
    kind: Literal["feeder"]
    source_node: ElectricNode = Field(description="node at the head, where the voltage is given")
    source_voltage: Rate = Field(
        1.0, gt=0.8, lt=1.2, description="voltage there, per unit of nominal; 1.00…1.05"
    )
    voltage: Voltage = Field(10_000.0, description="nominal voltage of the feeder")
    branches: list[Branch] = Field(min_length=1, description="all of them; they form a tree")
    low: Rate | None = Field(
        None,
        gt=0,
        lt=1,
        description=f"least voltage per unit; left out: that of the rule pack {SUPPLY}",
    )
    high: Rate | None = Field(
        None, gt=1, lt=1.5, description="greatest voltage per unit; left out: that of the same pack"
    )
    power_factor: Fraction = Field(
        0.95, gt=0, description="of loads, inductive; villages 0.90…0.97"
    )
    absorbing: Fraction = Field(
        1.0, gt=0, description="power factor at which generation absorbs reactive power; 0.95…1"
    )
    power_factors: dict[str, Fraction] = Field(
        {}, description="power factor of single assets, by name, instead of these two"
    )
    hosting_shape: FractionProfile | None = Field(
        None,
        description="output over time of what is to be hosted; left out: that of the first solar "
        "plant on the feeder, or steady output without one",
    )

    @model_validator(mode="after")
    def _a_tree(self) -> Feeder:
        try:
            self.tree()
        except InputError as error:
            raise ValueError(error.problems[0]) from None
        least = self.lows().min()
        outside = [bus for bus, top in zip(self.tree().buses, self.highs(), strict=True)
                   if not least <= self.source_voltage <= top]  # fmt: skip
        if outside:
            message = (
                f"'source_voltage' {self.source_voltage:g} is itself outside the limits of bus "
                f"'{outside[0]}'"
            )
            raise ValueError(message)
        return self

    def tree(self) -> Tree:
        """The feeder as a tree. Raises InputError for rings and gaps."""
        return self._grown()[0]

    def _grown(self) -> tuple[Tree, list[int]]:
        spans = [
            Span((each.from_, each.to), each.r, each.x, (each.voltage or self.voltage) / 1e3)
            for each in self.branches
        ]
        return grow(self.source_node, spans)

    def feeding(self) -> list[Branch]:
        """The branch that feeds each bus, in the order of the tree."""
        return [self.branches[number] for number in self._grown()[1]]

    def lows(self) -> Floats:
        """Least voltage [p.u.] of each bus."""
        rule = load(SUPPLY)
        return np.array([
            self.low or rule.amount("least", voltage=each.voltage or self.voltage)
            for each in self.feeding()
        ])  # fmt: skip

    def highs(self) -> Floats:
        """Greatest voltage [p.u.] of each bus."""
        return np.full(len(self.branches), self.high or load(SUPPLY).amount("most"))

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Buses that are no nodes of electricity, and power factors of assets there are not."""
        for name, asset in assets.items():
            if not isinstance(asset, cls):
                continue
            for bus in asset.tree().buses:
                if bus not in carriers:
                    instead = suggestion(bus, carriers) or "declare it under 'nodes'"
                    yield name, Problem(f"there is no node '{bus}' for the bus", instead=instead)
                elif carriers[bus] != "electricity":
                    what = f"the bus '{bus}' carries {carriers[bus]}, not electricity"
                    yield name, Problem(what, instead="name nodes of electricity")
            for other in asset.power_factors:
                if other not in assets:
                    instead = suggestion(other, assets)
                    yield name, Problem(f"there is no asset '{other}'", instead=instead)

    def describe(self, plant: Scope, site: Site | None) -> None:
        """A flow each way over every branch, without losses."""
        for bus, branch in zip(self.tree().buses, self.feeding(), strict=True):
            top = branch.from_ if branch.to == bus else branch.to
            upper, lower = plant.node(top), plant.node(bus)
            power = plant.capacity(bus, branch.power, unit="MVA")
            plant.flow(f"to {bus}", take=upper, give=lower, cap=power, role="transfer")
            plant.flow(f"from {bus}", take=lower, give=upper, cap=power * branch.reverse,
                       role="transfer")  # fmt: skip
            own = self if branch.capex is None else self.model_copy(update={"capex": branch.capex})
            own.buy(plant, "feeder", power, unit="MVA")

    def conclude(self, plant: Scope) -> None:
        """Limits of voltage and apparent power, which depend on what all assets draw."""
        tree = self.tree()
        reactive = [self._reactive(plant, bus) for bus in tree.buses]
        active = [
            plant.flow_named(f"to {bus}") - plant.flow_named(f"from {bus}") for bus in tree.buses
        ]
        some = [bus for bus in range(len(tree.buses)) if reactive[bus].terms]
        shared = tree.reactance
        least, most = self._falls(plant, tree)
        lows, highs = self.lows() ** 2, self.highs() ** 2
        for bus, name in enumerate(tree.buses):
            way = np.flatnonzero(tree.above[:, bus])
            fall = total_of([*(active[b] * (2.0 * float(tree.r[b])) for b in way),
                             *(reactive[k] * float(shared[bus, k]) for k in some)])  # fmt: skip
            low, high = float(lows[bus]), float(highs[bus])
            source = self.source_voltage**2
            if least[bus] < source - high or most[bus] > source - low:
                plant.budget(f"voltage {name}", fall, at_least=source - high,
                             at_most=source - low, over="period", unit="p.u.²")  # fmt: skip
            below = [reactive[k] for k in some if tree.above[bus, k]]
            if below:
                self._apparent(plant, name, active[bus], total_of(below))

    def _falls(self, plant: Scope, tree: Tree) -> tuple[Floats, Floats]:
        """Least and greatest fall of each squared voltage that caps allow, shape (buses,).

        A rule that no operation could break is not worth a row in every period.
        """
        stages = plant.axis.stages
        active, reactive = (np.zeros((2, len(tree.buses), stages)) for _ in range(2))
        for row, bus in enumerate(tree.buses):
            node = plant.node(bus)
            for flow in plant.network.flows:
                if flow.who == plant.who or (node not in flow.take and node not in flow.give):
                    continue
                cap = highest(flow.cap, plant.axis)
                for side, way in ((flow.take, 1), (flow.give, 0)):
                    tangent = self.tangent(flow, gives=not way)
                    part = _product(cap, plant.axis.full(side.get(node, 0.0)))
                    part = np.minimum(part, UNBOUNDED)
                    active[way, row] += part if way else -part
                    reactive[1 if tangent > 0 else 0, row] += part * tangent
        falls = [tree.resistance @ active[n] + tree.reactance @ reactive[n] for n in (0, 1)]
        return falls[0].min(axis=1), falls[1].max(axis=1)

    def _apparent(self, plant: Scope, name: str, active: Affine, reactive: Affine) -> None:
        """Apparent power within the rating.

        Where the most reactive power is known beforehand (that of loads) and leaves room, it
        takes its part of the circle and no rule is needed. Elsewhere two pairs of sides of the
        octagon; its other sides are the caps or hardly ever met.
        """
        rating, _ = plant.network.capacities[f"{plant.who}.{name}"]
        known = most_of(reactive, plant.axis)
        if not rating.terms and known.max() <= WELL_WITHIN * float(np.max(rating.constant)):
            left = np.sqrt(rating.constant**2 - known**2)
            for way in ("to", "from"):
                flow = plant.flow_named(f"{way} {name}")
                flow.cap = Affine(np.minimum(flow.cap.constant, left))
            return
        for sign, word in ((1.0, "drawing"), (-1.0, "absorbing")):
            side = active + reactive * (sign * OCTAGON)
            for way, through in (("forth", side), ("back", -side)):
                plant.budget(f"rating {name} {word} {way}", through - rating, at_most=0.0,
                             over="period", unit="MVA")  # fmt: skip

    def _reactive(self, plant: Scope, bus: str) -> Affine:
        """Reactive power drawn at a bus, Mvar, by the flows there."""
        node, parts = plant.node(bus), []
        for flow in plant.network.flows:
            if flow.who == plant.who:
                continue
            for side, gives in ((flow.take, False), (flow.give, True)):
                drawn = self.tangent(flow, gives=gives) if node in side else 0.0
                if drawn:
                    parts.append(affine(flow) * (np.asarray(side[node]) * drawn))
        return total_of(Affine(0.0, p.terms) for p in parts)

    def tangent(self, flow: Flow, *, gives: bool) -> float:
        """Mvar drawn per MW that a flow takes at a bus, or gives there.

        Loads draw, unserved load spares, generation absorbs. A conversion is a load where it takes
        and generation where it gives: a gas engine's electricity is no load.
        """
        own, role = self.power_factors.get(flow.who), flow.role
        steered = "vehicle" in flow.tags
        if role == "generation" or (role == "conversion" and gives and not steered):
            return _tangent(self.absorbing if own is None else own)
        if role in ("load", "conversion") and not steered:
            return _tangent(self.power_factor if own is None else own)
        if role == "unserved":
            return -_tangent(self.power_factor if own is None else own)
        return _tangent(own) if own is not None and role in ("load", "charge") else 0.0

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Voltages, loading, losses that are left out, and hosting capacity."""
        yield from feeder_findings(self, plant, solution)


def highest(cap: Affine, axis: Axis) -> Floats:
    """Most a cap can be with its sizes at their largest, shape (stages,); may be infinite."""
    most = np.array(axis.full(cap.constant), dtype=float)
    for term in cap.terms:
        top = term.variable.upper if isinstance(term.variable, Size) else np.inf
        most += _product(np.full(axis.stages, top), np.maximum(axis.full(term.coefficient), 0.0))
    return most


def _product(most: Floats, coefficient: Floats) -> Floats:
    """The product, where nothing times infinity is nothing."""
    return np.multiply(most, coefficient, out=np.zeros(len(most)), where=coefficient != 0)


def most_of(expression: Affine, axis: Axis) -> Floats:
    """Most an expression of flows can be by their caps, shape (stages,); may be infinite."""
    most = np.zeros(axis.stages)
    for term in expression.terms:
        cap = term.variable.cap if isinstance(term.variable, Flow) else Affine(np.inf)
        most += _product(highest(cap, axis), np.maximum(axis.full(term.coefficient), 0.0))
    return most


def _tangent(power_factor: float) -> float:
    """Reactive over active power."""
    return tan(acos(power_factor))
