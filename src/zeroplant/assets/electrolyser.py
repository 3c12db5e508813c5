"""Electrolyser: electricity and water to hydrogen, within its load range, ageing and green."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, HeatNode, HydrogenNode, Refers
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.curves import Pieces, concave_pieces
from zeroplant.assets.parts.electrolyser_findings import findings_of
from zeroplant.assets.parts.given import given
from zeroplant.assets.parts.hydrogen import (
    TECHNOLOGIES,
    HydrogenUse,
    Technology,
    hydrogen_node,
    per_kg,
)
from zeroplant.assets.parts.matching import Green, problems_of
from zeroplant.assets.parts.standby import ThreeStates
from zeroplant.errors import InputError, Problem
from zeroplant.units import (
    Fraction,
    PowerCapacity,
    PowerPrice,
    PowerPriceYear,
    Quantity,
    Rate,
    YearlyRate,
    Years,
)
from zeroplant.units.amount import Amount
from zeroplant.units.fuels import HYDROGEN_HHV
from zeroplant.waist import Affine, Flow, Node, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

WaterUse = Annotated[float, Quantity("m3/kg", ge=0)]
HourlyRate = Annotated[float, Quantity("1/h", gt=0)]
WaterNode = Annotated[str, Refers("node", ("water",))]
WATER = {"m3/s": 1 / 3600.0, "t/h": 1.0, "kg/h": 1000.0}
"""Node's unit for 1 m3/h of water."""


class Electrolyser(Asset, ThreeStates):
    """Sets of electrolysis cells with rectifier and auxiliaries, rated by the AC power they take.

    Hydrogen is ``power / consumption``, with the consumption of the mean age of the stacks: they
    lose ``degradation`` a year and are replaced every ``stack_life`` years, at ``stack_share`` of
    the purchase. With ``part_load`` the consumption changes with the load; what the plan sees is
    the concave hull of that curve, in straight pieces. Without ``on_off`` the plan is linear and
    may run at any load from nothing to ``load_max``: the finding "energy below the least load"
    says how much of its electricity was used where a real set would have to stand by. With
    ``on_off`` a set is off, in standby or on (domain page, section 2h).
    """

    title: ClassVar = ("Electrolyser", "电解槽")
    chinese: ClassVar[Mapping[str, str]] = {
        "technology": "技术路线",
        "consumption": "单位制氢电耗",
        "load_min": "最低负荷率",
        "load_max": "最高负荷率",
        "part_load": "部分负荷电耗曲线",
        "on_off": "启停",
        "standby": "待机功率占比",
        "start_cost": "单次启动成本",
        "start_time": "冷启动时间",
        "degradation": "电堆年衰减率",
        "stack_life": "电堆寿命",
        "stack_share": "电堆占造价比例",
        "water": "取水节点",
        "water_use": "单位耗水",
        "heat": "余热节点",
        "heat_share": "可回收余热占比",
        "green": "绿电匹配",
        "green.within": "匹配周期",
        "green.pack": "匹配规则",
        "green.sources": "绿电来源",
        "green.year": "规则年份",
        "green.breach": "未匹配惩罚价",
        "electrolysis": "电解用电",
        "hydrogen made": "产氢",
        "recovered": "回收余热",
        "units on": "运行台数",
        "starts": "启动",
        "green electricity": "绿电匹配",
        "electrolyser": "电解槽",
        "electrolyser stacks": "电解电堆",
    }
    kind: Literal["electrolyser"]
    at: ElectricNode = Field(description="node it draws from")
    to: HydrogenNode = Field(description="node of hydrogen it feeds")
    power: PowerCapacity = Field(description="AC power at the rating; a step is one set")
    technology: Literal["alkaline", "pem"] = Field(
        "alkaline", description="sets consumption and load range: alkaline or PEM"
    )
    consumption: HydrogenUse | None = Field(
        None,
        description="AC electricity at the rating when new, kWh/Nm3 or kWh/kg; alkaline 4.7…5.2 "
        "kWh/Nm3 (5.0), PEM 5.1; never below the 39.4 kWh/kg that hydrogen holds",
    )
    load_min: Fraction | None = Field(
        None, description="least load; alkaline 0.2 (many 0.3), PEM 0.05; counts with on_off only"
    )
    load_max: Rate | None = Field(
        None, ge=1, le=2, description="greatest load; alkaline 1.1, PEM 1.2, 1 without overload"
    )
    part_load: list[tuple[float, float]] | None = Field(
        None,
        description="points (load, consumption), both 1 at the rating: [[0.2, 0.95], [1, 1]]",
    )
    ramp: HourlyRate | None = Field(
        None, description="fastest change in an hour, of the rating; warm cells need none"
    )
    degradation: YearlyRate = Field(
        0.01, ge=0, le=0.1, description="yearly growth of the consumption; 0.005…0.01"
    )
    stack_life: Years = Field(10.0, ge=1, description="years until the stacks are replaced")
    stack_share: Fraction = Field(0.35, description="part of capex that the stacks are")
    water: WaterNode | None = Field(None, description="node that feeds it; water is free if none")
    water_use: WaterUse = Field(0.012, description="water by the hydrogen; 10…14 L/kg")
    heat: HeatNode | None = Field(None, description="node that takes its waste heat")
    heat_share: Fraction = Field(
        0.15, description="part of the electricity that can be recovered as heat; 0.1…0.2"
    )
    green: Green | None = Field(None, description="electricity must be matched by green sources")
    capex: PowerPrice = Field(
        0.0, ge=0, description="purchase, stacks included; alkaline 900…1500 CNY/kW in 2025"
    )
    upkeep: PowerPriceYear = Field(0.0, ge=0, description="fixed upkeep per MW and year")
    life: Years = Field(20.0, ge=1, description="years until the rest is replaced")

    @model_validator(mode="after")
    def _consistent(self) -> Electrolyser:
        loads = [load for load, _ in self.part_load or ()]
        message = ""
        if loads and (len(loads) < 2 or loads != sorted(set(loads)) or loads[0] <= 0):
            message = "'part_load' needs two points or more, with rising loads above 0"
        elif any(use <= 0 for _, use in self.part_load or ()):
            message = "'part_load' has a consumption that is not above 0"
        elif self.heat is None and given(self, "heat_share"):
            message = "'heat_share' belongs to 'heat'; give it too, or leave out 'heat_share'"
        if message:
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _no_more_than_the_electricity(self) -> Electrolyser:
        """Hydrogen by its higher heating value, and heat that is used, out of the electricity."""
        loads, uses = zip(*(self.part_load or ((1.0, 1.0),)), strict=True)
        least = self.new_consumption * min(uses) / float(np.interp(1.0, loads, uses))
        free = 1.0 if self.heat is None else 1.0 - self.heat_share
        if least * free >= HYDROGEN_HHV * (1 - 1e-3):
            return self
        where = "" if min(uses) == 1.0 else " at its best load"
        what = f"{1000 * least:.4g} kWh/kg{where} is less than hydrogen holds, 39.4 kWh/kg"
        if 1000 * least >= 39.4:
            what = f"{1000 * least:.4g} kWh/kg{where} leave no heat_share of {self.heat_share:g}"
            what += " beside the 39.4 kWh/kg that hydrogen holds"
            most = np.floor(100 * (1.0 - HYDROGEN_HHV / least)) / 100
            raise ValueError(
                Problem(what, instead=f"write 'heat_share' {max(most, 0.0):g} or less")
            )
        raise ValueError(Problem(what, instead="write 'consumption' of 50…58 kWh/kg"))

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Green sources that are claimed in two ways."""
        wishes = {name: a.green for name, a in assets.items() if isinstance(a, cls)}
        yield from problems_of(wishes)

    @property
    def preset(self) -> Technology:
        """Usual figures of its technology."""
        return TECHNOLOGIES[self.technology]

    @property
    def new_consumption(self) -> float:
        """MWh for a kg of hydrogen at the rating, with new stacks."""
        usual = Amount(self.preset.consumption, "kWh/m3")
        return per_kg(usual if self.consumption is None else self.consumption)

    @property
    def mean_consumption(self) -> float:
        """MWh for a kg of hydrogen at the rating, halfway through the life of the stacks."""
        return self.new_consumption * (1.0 + self.degradation * self.stack_life / 2)

    @property
    def loads(self) -> tuple[float, float]:
        """Least and greatest load, as shares of the rating."""
        least = self.preset.load_min if self.load_min is None else self.load_min
        most = self.preset.load_max if self.load_max is None else self.load_max
        return least, most

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Electricity in, hydrogen out; a second flow and its curve where part load matters."""
        node = plant.node(self.at)
        power = plant.capacity("power", self.power)
        made = hydrogen_node(plant, self.to)
        take: dict[Node, float] = {node: 1.0}
        give: dict[Node, float] = {}
        if self.part_load is None:
            take |= self._drinks(plant, 1.0 / self.mean_consumption)
            give = {made: 1.0 / self.mean_consumption}
        electrolysis = plant.flow(
            "electrolysis",
            take=take,
            give=give,
            cap=power * self.loads[1],
            role="conversion",
            tags={"electrolyser", *(() if self.green is None else (self.green.tag,))},
        )
        if self.part_load is not None:
            self._curve(plant, electrolysis, power, made)
        if self.ramp is not None:
            self._ramp(plant, electrolysis, power * (self.ramp * plant.axis.hours))
        if self.heat is not None:
            warm = electrolysis * self.heat_share
            plant.flow("recovered", give=plant.node(self.heat), cap=warm)
        self.hold(plant, node, electrolysis, power, self.loads)
        self._buy(plant, power)

    def conclude(self, plant: Scope) -> None:
        """The green rule, when all sources have been described."""
        if self.green is not None:
            self.green.lay(plant)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How much hydrogen, at which cost and carbon, and how green."""
        least = 0.0 if self.on_off else self.loads[0]
        yield from findings_of(plant, solution, at=self.at, to=self.to, least=least,
                               sources=self.green.sources if self.green else ())  # fmt: skip

    def pieces(self) -> Pieces:
        """Hydrogen over electricity, both 1 at the rating: its concave hull from the origin."""
        points = np.array([(0.0, 1.0), *(self.part_load or ())])
        load, use = points[:, 0], points[:, 1]
        rated = float(np.interp(1.0, load[1:], use[1:]))
        return concave_pieces(load, load * rated / use)

    def _drinks(self, plant: Scope, hydrogen: float) -> dict[Node, float]:
        """Water for ``hydrogen`` kg/h, in the unit of its node."""
        if self.water is None:
            return {}
        node = plant.node(self.water)
        if node.unit not in WATER:
            what = f"the node '{node.name}' counts water in {node.unit}"
            raise InputError(Problem(what, instead=f"write unit: {' or '.join(WATER)}"))
        return {node: self.water_use * hydrogen * WATER[node.unit]}

    def _curve(self, plant: Scope, electrolysis: Flow, power: Affine, made: Node) -> None:
        """Hydrogen below every piece of the curve, and never less than at the greatest load.

        Without the second, a plan could burn electricity that counts as consumption.
        """
        hydrogen = plant.flow(
            "hydrogen made", give=made, take=self._drinks(plant, 1.0), unit="kg/h"
        )
        pieces, best = self.pieces(), 1.0 / self.mean_consumption
        for number, (slope, constant) in enumerate(
            zip(pieces.slope.tolist(), pieces.constant.tolist(), strict=True), 1
        ):
            over = hydrogen - electrolysis * (slope * best) - power * (constant * best)
            plant.budget(f"curve {number}", over, at_most=0.0, over="period", unit="kg/h")
        most = self.loads[1]
        under = hydrogen - electrolysis * (float(pieces(most)) / most * best)
        plant.budget("least of the curve", under, at_least=0.0, over="period", unit="kg/h")

    def _ramp(self, plant: Scope, flow: Flow, step: Affine) -> None:
        """No faster up or down; one rule with two bounds where the rating is known."""
        change = flow - flow.shift(1)
        if not step.terms:
            most = float(np.max(step.constant))
            plant.budget("ramp", change, at_least=-most, at_most=most, over="period", unit="MW")
            return
        for name, way in (("rise", change), ("fall", -change)):
            plant.budget(name, way - step, at_most=0.0, over="period", unit="MW")

    def _buy(self, plant: Scope, power: Affine) -> None:
        """Stacks and the rest, each over its own life."""
        stacks = self.capex * self.stack_share
        plant.invest("electrolyser stacks", power, stacks, life=self.stack_life,
                     asset_class="generation")  # fmt: skip
        plant.invest("electrolyser", power, self.capex - stacks, life=self.life,
                     upkeep=self.upkeep, asset_class="generation")  # fmt: skip
