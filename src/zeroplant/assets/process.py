"""Process: an industrial process that may choose when it makes what it must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, NodeName
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.commitment import OnOff, ramped
from zeroplant.assets.parts.orders import Every, due
from zeroplant.errors import InputError, Problem
from zeroplant.series import FractionProfile
from zeroplant.units import Capacity, Mass, Quantity, SizeRange, Years
from zeroplant.waist import Affine, Flow, Node, Scope, total_of
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

RateCapacity = Annotated[float | SizeRange, Capacity("t/h")]
EnergyPerMass = Annotated[float, Quantity("MWh/t", ge=0)]
MassPrice = Annotated[float, Quantity("money/t", ge=0)]
RatePrice = Annotated[float, Quantity("money/(t/h)", ge=0)]
RatePriceYear = Annotated[float, Quantity("money/(t/h)/a", ge=0)]
HourlyRate = Annotated[float, Quantity("1/h", gt=0)]
Share = Annotated[float, Quantity("1", ge=0)]

_ENERGY = {"MW": 1.0}
_MASS = {"t/h": 1.0, "kg/h": 1000.0, "m3/s": 1.0 / 3600.0}
"""What 1 MW, or 1 t/h, is in the units that nodes have."""


class Order(BaseModel):
    """What the process must have made by the end of every day, week, month or year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Mass = Field(gt=0, description="due at the end of each span")
    every: Every = Field(description="day, week (from Monday), month or year")
    late: MassPrice = Field(
        gt=0, description="price of each tonne that is not there when it is due; in no purse"
    )
    buffer: Mass = Field(
        0.0, ge=0, description="finished goods that may wait beyond the end of a span"
    )


class Process(Asset, OnOff):
    """A process that makes a product from electricity, heat, fuels and materials.

    A tonne takes ``electricity`` at the node ``at``, ``energy`` from nodes in MW (heat, steam,
    chilled water, gas) and ``materials`` from nodes that are weighed (t/h, kg/h) or of water, and
    gives ``byproducts`` to such nodes and ``heat_given`` to nodes in MW. Within its ``order`` the
    process shifts its work to the best hours: goods made ahead wait in the ``buffer``, and what is
    missing when it is due costs ``late`` and is not made up. Instead of an order it may fill a
    node of its ``product``, or be paid a ``price``. ``available`` says when and how far it may
    run: shifts, holidays, overhauls.

    Without ``on_off`` the process is linear: it may run at any rate, as if it could be interrupted
    at will. With it, it stands or runs above its least load, for at least ``min_up`` once started:
    with ``min_load: 1`` it makes batches at full rate.
    """

    title: ClassVar = ("Process", "工业生产过程")
    chinese: ClassVar[Mapping[str, str]] = {
        "rate": "产能",
        "electricity": "单位电耗",
        "energy": "单位能耗",
        "materials": "单位物耗",
        "byproducts": "副产品",
        "heat_given": "副产热",
        "product": "产品节点",
        "available": "开工时间",
        "rate_ramp": "产量爬坡率",
        "disposal": "副产品处置价",
        "order": "订单",
        "order.amount": "订单量",
        "order.every": "订单周期",
        "order.late": "误期损失",
        "order.buffer": "成品库容",
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "{} ↓": "{} 处置量",
        "production": "产量",
        "finished goods": "成品库存",
        "late": "误期量",
        "late goods": "误期",
        "product sold": "产品收入",
        "disposal of byproducts": "副产品处置",
        "units on": "运行台数",
        "units on: starts": "启动次数",
        "starts": "启动",
        "process": "生产设备",
    }
    kind: Literal["process"]
    at: ElectricNode = Field(description="node it draws electricity from")
    rate: RateCapacity = Field(description="most it makes in an hour")
    electricity: EnergyPerMass = Field(description="electricity per tonne")
    energy: dict[NodeName, EnergyPerMass] = Field(
        {}, description="heat, cold or fuel per tonne, by node in MW"
    )
    materials: dict[NodeName, Share] = Field({}, description="t per tonne, by node of a material")
    byproducts: dict[NodeName, Share] = Field({}, description="t per tonne, by node of a material")
    heat_given: dict[NodeName, EnergyPerMass] = Field(
        {}, description="heat that must be used per tonne, by node in MW"
    )
    product: NodeName | None = Field(None, description="node of a material its product goes to")
    order: Order | None = Field(None, description="what must be made, and by when")
    price: MassPrice = Field(0.0, description="paid to the plant per tonne made")
    disposal: MassPrice | None = Field(
        None, description="cost per tonne of byproducts that nobody takes; else all must be taken"
    )
    available: FractionProfile | None = Field(
        None, description="share of its rate at which it may run, over time: shifts, overhauls"
    )
    rate_ramp: HourlyRate | None = Field(
        None, description="most its rate changes in an hour, per rating, such as 0.2 1/h"
    )
    running: MassPrice = Field(0.0, description="other operating cost per tonne")
    capex: RatePrice = Field(0.0, description="purchase per t/h")
    upkeep: RatePriceYear = Field(0.0, description="fixed upkeep per t/h and year")
    life: Years = Field(25.0, ge=1, description="years until it is replaced")

    @model_validator(mode="after")
    def _has_a_reason_to_run(self) -> Process:
        if self.order is None and self.product is None and not self.price:
            message = "nothing asks it to run; give 'order', 'product' or 'price'"
            raise ValueError(message)
        if self.order is not None and self.product is not None:
            message = (
                "'order' and 'product' both dispose of what it makes; keep one of them (an order "
                "on a product is an offtake at its node)"
            )
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of product with all it takes and gives, and the goods that wait."""
        rate = plant.capacity("rate", self.rate, unit="t/h")
        when = 1.0 if self.available is None else self.available.on(plant.axis)
        take, give = self._recipe(plant)
        made = plant.flow(
            "production",
            take=take,
            give=give,
            cap=rate * when,
            cost=self.running,
            unit="t/h",
            role="load",
            tags={"process"},
        )
        on = self.commit(plant, made, rate)
        if self.rate_ramp is not None:
            ramped(plant, made, rate, self.rate_ramp, on=on, least_share=self.min_load)
        if self.order is not None:
            self._deliver(plant, made, self.order)
        if self.price:
            words: dict[str, Any] = {"unit": "t", "kind": "revenue", "to": "customer"}
            plant.line("product sold", made, self.price, **words)
        plant.invest("process", rate, self.capex, unit="t/h", upkeep=self.upkeep, life=self.life)

    def _recipe(self, plant: Scope) -> tuple[dict[Node, Value], dict[Node, Value]]:
        """What a tonne takes from nodes and gives to them."""
        take: dict[Node, Value] = {plant.node(self.at): self.electricity}
        give: dict[Node, Value] = {}
        lists = [
            ("energy", self.energy, take, _ENERGY),
            ("materials", self.materials, take, _MASS),
            ("byproducts", self.byproducts, give, _MASS),
            ("heat_given", self.heat_given, give, _ENERGY),
            ("product", {} if self.product is None else {self.product: 1.0}, give, _MASS),
        ]
        for field, amounts, side, per in lists:
            for name, amount in amounts.items():
                node = plant.node(name)
                each = amount * _rate_of(node, per, field)
                side[node] = side.get(node, 0.0) + each  # a node may be named in two lists
        if self.disposal is not None:
            thrown = []
            for name in self.byproducts:
                node = plant.node(name)
                flow = plant.flow(f"{name} ↓", take=node, unit=node.unit, tags={"disposal"})
                thrown.append(flow / _MASS[node.unit])
            plant.line("disposal of byproducts", total_of(thrown), self.disposal, unit="t")
        return take, give

    def _deliver(self, plant: Scope, made: Flow, order: Order) -> None:
        """Goods made wait until the end of their span; what is then missing is late.

        Between two deliveries a whole order may stand ready, at a delivery only the buffer stays.
        """
        axis = plant.axis
        leaving = due(axis, order.amount, order.every)
        ends = leaving > 0
        late = plant.flow("late", cap=leaving / axis.hours, unit="t/h", tags={"late"})
        plant.line("late goods", late, order.late, unit="t", kind="penalty")
        plant.store(
            "finished goods",
            fill={made: 1.0, late: 1.0},
            inflow=-leaving / axis.hours,
            cap=np.where(ends, order.buffer, order.buffer + order.amount),
            unit="t",
        )

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How much is made and late, how fully it runs, and what its electricity costs."""
        axis, made = plant.axis, plant.flow_named("production")
        tonnes = solution.total(made)
        yield Finding("made", tonnes / axis.years, "t/a", ("Made in a year", "年产量"))
        capacity: Affine = plant.network.capacities[f"{plant.who}.rate"][0]
        rate = solution.number(capacity) if capacity.terms else float(capacity.constant)
        if rate > 0:
            share = tonnes / (rate * axis.years * 8760.0)
            yield Finding("utilisation", share, "1", ("Use of its capacity", "产能利用率"))
        if self.order is not None:
            missing = solution.total(plant.flow_named("late")) / axis.years
            title = ("Not made when due, in a year", "年未按期产量")
            yield Finding("late", missing, "t/a", title)
        if tonnes > 0 and self.electricity:
            cost = axis.total(solution.price(plant.node(self.at)) * solution.value(made)) / tonnes
            title = ("Mean price of its electricity", "平均用电价格")
            note = ("marginal cost at its node in the hours it runs", "按其运行时段节点边际成本")
            yield Finding("electricity_price", cost, "money/MWh", title, note)


def _rate_of(node: Node, per: Mapping[str, float], field: str) -> float:
    """What 1 MW or 1 t/h is in the unit of a node. Raises InputError where it has another kind."""
    if node.unit not in per:
        what = f"{field}: the node '{node.name}' is in {node.unit}, not in {' or '.join(per)}"
        lists = "'materials' or 'byproducts'" if per is _ENERGY else "'energy' or 'heat_given'"
        raise InputError(Problem(what, instead=f"name another node, or write it under {lists}"))
    return per[node.unit]
