"""Synthesis: hydrogen to ammonia or methanol, in a plant that does not like to be moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, HeatNode, HydrogenNode, Refers
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.commitment import committed, ramped
from zeroplant.errors import InputError, Problem
from zeroplant.units import (
    Capacity,
    Fraction,
    Hours,
    Money,
    Quantity,
    SizeRange,
    YearlyRate,
    Years,
)
from zeroplant.waist import Affine, Flow, Node, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

MassCapacity = Annotated[float | SizeRange, Capacity("t/h")]
MassRatio = Annotated[float, Quantity("1", ge=0)]
EnergyByMass = Annotated[float, Quantity("MWh/t", ge=0)]
MassPrice = Annotated[float, Quantity("money/t", gt=0)]
MassCapacityPrice = Annotated[float, Quantity("money/(t/h)", ge=0)]
HourlyRate = Annotated[float, Quantity("1/h", gt=0)]
ProductNode = Annotated[str, Refers("node", ("ammonia", "methanol"))]
Co2Node = Annotated[str, Refers("node", ("co2",))]
PER_TONNE = {"t/h": 1.0, "kg/h": 1000.0}


LEAST: dict[Literal["ammonia", "methanol"], tuple[float, float]] = {
    "ammonia": (0.1776, 0.0),
    "methanol": (0.1888, 1.3735),
}
"""t of hydrogen and of CO2 that are in a tonne of product, by N2 + 3 H2 = 2 NH3 and CO2 + 3 H2 =
CH3OH + H2O (molar masses 2.016, 17.031, 32.042 and 44.009): no recipe takes less."""
ROUNDED = 0.995
"""Part of `LEAST` that a recipe may say: figures are written to three digits."""


@dataclass(frozen=True)
class Recipe:
    """What a tonne of product takes [t, MWh] and gives off [MWh of heat of reaction]."""

    hydrogen: float
    co2: float
    electricity: float
    heat: float


RECIPES: dict[Literal["ammonia", "methanol"], Recipe] = {
    "ammonia": Recipe(0.178, 0.0, 0.70, 0.75),
    "methanol": Recipe(0.19, 1.40, 0.55, 0.43),
}
"""Domain page 2(h): 0.178 t H2 for a tonne of ammonia; 0.19 t H2 and 1.38…1.45 t CO2 for one of
methanol. Electricity (air separation, compression, recycle) is what remains of the middle of
9.5…10.5 and 10…11 MWh/t in all, when the hydrogen takes 52.3 kWh/kg. Heat of reaction: 45.9
kJ/mol of NH3 and 49.5 kJ/mol of CH3OH from CO2 (standard enthalpies of formation)."""


class Synthesis(Asset):
    """A Haber-Bosch or methanol plant with everything that belongs to it, rated by its product.

    It runs always: between ``turn_down`` and its rating, and slowly (``ramp``). Where there is
    not hydrogen enough even for that, it falls below at ``stop_price`` for each tonne that is
    missing of the least load, so no plant fails because of weather. With ``on_off`` it may be shut
    down and started instead, which takes a whole number per period. Tanks for hydrogen and
    product are assets of their own (domain page, section 2h).
    """

    title: ClassVar = ("Synthesis", "合成装置")
    chinese: ClassVar[Mapping[str, str]] = {
        "product": "产品",
        "from": "氢节点",
        "rate": "产能",
        "hydrogen": "单位耗氢",
        "co2": "二氧化碳节点",
        "co2_use": "单位耗二氧化碳",
        "electricity": "单位电耗",
        "turn_down": "最低负荷率",
        "stop_price": "低于最低负荷惩罚价",
        "ramp": "每小时负荷变化率",
        "on_off": "启停",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "heat": "余热节点",
        "heat_given": "副产热",
        "upkeep_share": "年维护费占造价",
        "made": "产量",
        "recovered": "回收余热",
        "least load": "最低负荷",
        "units on": "运行台数",
        "starts": "启动",
        "synthesis": "合成装置",
    }
    kind: Literal["synthesis"]
    at: ElectricNode = Field(description="node it draws electricity from")
    from_: HydrogenNode = Field(alias="from", description="node it draws hydrogen from")
    to: ProductNode = Field(description="node of the product it feeds")
    product: Literal["ammonia", "methanol"] = Field(description="ammonia or methanol")
    rate: MassCapacity = Field(description="product at the rating, t/h")
    hydrogen: MassRatio | None = Field(
        None,
        description="t of hydrogen for a t of product; ammonia 0.178 (never below 0.1776), "
        "methanol 0.19 (0.1888)",
    )
    co2: Co2Node | None = Field(None, description="node of CO2, which methanol needs")
    co2_use: MassRatio | None = Field(
        None, description="t of CO2 for a t of product; methanol 1.38…1.45 (never below 1.374)"
    )
    electricity: EnergyByMass | None = Field(
        None, description="electricity for a t of product; ammonia 0.7, methanol 0.55 MWh/t"
    )
    turn_down: Fraction = Field(0.4, description="least load while it runs; 0.3…0.5")
    stop_price: MassPrice = Field(
        20_000.0, description="price of each t missing of the least load, in no purse"
    )
    ramp: HourlyRate = Field(0.2, description="fastest change in an hour, of the rating; 10…20 %/h")
    on_off: bool = Field(
        False, description="true: it may be shut down; a whole number per period (slow)"
    )
    start_cost: Money = Field(0.0, ge=0, description="paid for each start")
    min_up: Hours = Field(0.0, ge=0, description="once started it runs at least this long")
    min_down: Hours = Field(0.0, ge=0, description="once stopped it rests at least this long")
    heat: HeatNode | None = Field(None, description="node that takes its heat of reaction")
    heat_given: EnergyByMass | None = Field(
        None, description="heat for a t of product; reaction gives 0.75 (ammonia), 0.43 (methanol)"
    )
    capex: MassCapacityPrice = Field(0.0, description="purchase by its rating")
    upkeep_share: YearlyRate = Field(
        0.03, ge=0, le=0.5, description="fixed upkeep in a year, of the investment; 0.02…0.04"
    )
    life: Years = Field(25.0, ge=1, description="years until it is replaced")

    @model_validator(mode="after")
    def _consistent(self) -> Synthesis:
        asked = ("start_cost", "min_up", "min_down")
        given = [f"'{name}'" for name in asked if getattr(self, name)]
        message = ""
        if given and not self.on_off:
            needs = f"{' and '.join(given)} {'need' if len(given) > 1 else 'needs'}"
            message = f"{needs} whole numbers; write 'on_off: true' (a slower plan) or leave it out"
        elif self.co2 is None and self.recipe.co2:
            message = "methanol is made from hydrogen and CO2; give 'co2', the node of CO2"
        elif self.co2 is not None and not self.recipe.co2:
            message = "ammonia takes no CO2; leave out 'co2', or give 'co2_use'"
        if message:
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _no_more_than_goes_in(self) -> Synthesis:
        """A tonne of product is made of what is in it."""
        recipe = self.recipe
        taken = {"hydrogen": recipe.hydrogen, "co2_use": recipe.co2}
        for (name, given), least in zip(taken.items(), LEAST[self.product], strict=True):
            if given < least * ROUNDED:
                held = f"{least:.4g} t/t that {self.product} is made of"
                usual = getattr(RECIPES[self.product], "co2" if name == "co2_use" else name)
                what = f"{name}: {given:g} is less than the {held}"
                raise ValueError(
                    Problem(what, instead=f"write {least:.4g} or more, usually {usual:g}")
                )
        return self

    @property
    def recipe(self) -> Recipe:
        """What a tonne takes and gives off, as the file or the product says."""
        usual = RECIPES[self.product]
        given = (self.hydrogen, self.co2_use, self.electricity, self.heat_given)
        known = (usual.hydrogen, usual.co2, usual.electricity, usual.heat)
        return Recipe(*(k if g is None else g for g, k in zip(given, known, strict=True)))

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of product that takes all it needs, within its load range and its ramp."""
        rate = plant.capacity("rate", self.rate, unit="t/h")
        recipe, to = self.recipe, plant.node(self.to)
        hydrogen = plant.node(self.from_)
        take = {
            plant.node(self.at): recipe.electricity,
            hydrogen: recipe.hydrogen * _per_tonne(hydrogen),
        }
        if self.co2 is not None:
            node = plant.node(self.co2)
            take[node] = recipe.co2 * _per_tonne(node)
        made = plant.flow(
            "made",
            take=take,
            give={to: _per_tonne(to)},
            cap=rate,
            unit="t/h",
            role="conversion",
            tags={"synthesis"},
        )
        if self.heat is not None:
            plant.flow("recovered", give=plant.node(self.heat), cap=made * recipe.heat)
        self._keep_running(plant, made, rate)
        upkeep = self.capex * self.upkeep_share
        plant.invest("synthesis", rate, self.capex, life=self.life, upkeep=upkeep, unit="t/h")

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What it makes, and how fully it is used."""
        axis, made = plant.axis, solution.value(plant.flow_named("made"))
        rate = solution.number(plant.network.capacities[f"{plant.who}.rate"][0])
        tonnes = axis.total(made) / axis.years
        yield Finding("product_made", tonnes, "t/a", ("product made", "年产量"))
        if rate > 0:
            load = axis.total(made) / axis.total(1.0) / rate
            yield Finding("mean_load", load, "1", ("mean load", "平均负荷率"))

    def _keep_running(self, plant: Scope, made: Flow, rate: Affine) -> None:
        """Least load, on and off, and the ramp; a start may jump to the least load."""
        step = self.ramp * plant.axis.hours
        if self.on_off:
            on = committed(
                plant,
                "units on",
                made,
                rate,
                least_share=self.turn_down,
                start_cost=self.start_cost,
                min_up=self.min_up,
                min_down=self.min_down,
            )
            if step < 1.0:
                ramped(plant, made, rate, self.ramp, on=on, least_share=self.turn_down)
            return
        if self.turn_down:
            least = made - rate * self.turn_down
            plant.budget("least load", least, at_least=0.0, over="period",
                         breach=self.stop_price, unit="t/h")  # fmt: skip
        if step < 1.0:
            self._ramp(plant, made, rate * step)

    def _ramp(self, plant: Scope, made: Flow, step: Affine) -> None:
        """No faster up or down; one rule with two bounds where the rating is known."""
        change = made - made.shift(1)
        words: Mapping[str, Any] = {"over": "period", "unit": "t/h"}
        if not step.terms:
            most = float(np.max(step.constant))
            plant.budget("ramp", change, at_least=-most, at_most=most, **words)
            return
        for name, way in (("rise", change), ("fall", -change)):
            plant.budget(name, way - step, at_most=0.0, **words)


def _per_tonne(node: Node) -> float:
    """Of the node's unit, what a t/h is; InputError if the node does not weigh."""
    if node.unit not in PER_TONNE:
        what = f"the node '{node.name}' counts {node.carrier} in {node.unit}, not by its mass"
        raise InputError(Problem(what, instead=f"write unit: {' or '.join(PER_TONNE)}"))
    return PER_TONNE[node.unit]
