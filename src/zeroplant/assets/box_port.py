"""Box port: battery boxes of ships come empty, leave full, and serve the grid while they wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode
from zeroplant.assets.findings import Finding
from zeroplant.series import EnergyPriceProfile, RateProfile
from zeroplant.transport.packs import PackClasses
from zeroplant.units import (
    Capacity,
    Energy,
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Hours,
    Money,
    Power,
    PowerPrice,
    PowerPriceYear,
    Quantity,
    Rate,
    SizeRange,
    Years,
)
from zeroplant.waist import Affine, Flow, Scope, Store, affine, total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

WaitPrice = Annotated[float, Quantity("money/h", ge=0)]
Count = Annotated[float | SizeRange, Capacity("1")]


class Box(BaseModel):
    """A 20-ft battery box, the same on ships and ashore."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    energy: Energy = Field(1.389, gt=0, description="on the plate; 1.4…2 MWh")
    soc_min: Fraction = Field(0.0, description="state of charge that counts as empty")
    soc_max: Fraction = Field(1.0, description="state of charge that counts as full")

    @model_validator(mode="after")
    def _something_between(self) -> Box:
        if self.soc_min >= self.soc_max:
            message = f"'soc_min' {self.soc_min:g} is not below 'soc_max' {self.soc_max:g}"
            raise ValueError(message)
        return self

    @property
    def usable(self) -> float:
        """MWh between empty and full."""
        return self.energy * (self.soc_max - self.soc_min)


class BoxPort(Asset):
    """A port where ships exchange battery boxes, with cranes, charge slots and boxes of its own.

    Boxes come from ship lines that name the port, or at the rate ``incoming``; each comes with a
    ship that wants a full one. Boxes are counted by ``classes`` of charge, from empty to full. A
    box that comes is lifted off and may be charged; a full one is lifted aboard when there is one,
    until then the ship waits at ``wait_price``. A ship that is ``turned_away`` keeps what it has.
    Boxes ashore less those that are still owed are the port's own stock in every period.

    Charging and giving back (``gives_back``) share the slots, and no more slots work than there are
    boxes ashore. Boxes move freely between slots, so that as many as fit are on charge at any time
    and those that sail next are full first; by the rule for jobs that may be interrupted
    (McNaughton 1959) n boxes are then full after the longer of one box's own time and their total
    over the slots. Of this the plan keeps the second, and the first where all boxes ashore are few;
    a few empty boxes beside a stock of full ones may count as full up to one box's time too early.
    Boxes are parts of flows and not whole. A box between two classes counts in parts for both:
    ships empty one box after the other, so that this concerns one box of a visit.
    """

    title: ClassVar = ("Box port", "集装箱电池换电港")
    chinese: ClassVar[Mapping[str, str]] = {
        "box": "电池箱",
        "box.energy": "电池箱容量",
        "box.soc_min": "电池箱最低荷电状态",
        "box.soc_max": "电池箱最高荷电状态",
        "boxes": "备用电池箱数",
        "slots": "充电仓位数",
        "slot_power": "单仓位功率",
        "cranes": "吊机台数",
        "lift": "单箱吊装时间",
        "classes": "电量分级数",
        "gives_back": "是否反向送电",
        "incoming": "到港电池箱",
        "lease": "电池租赁费",
        "wait_price": "船舶等待价格",
        "turned_away": "船舶未换电惩罚",
        "box_price": "电池箱单价",
        "slot_price": "充电仓位单价",
        "box_life": "电池箱寿命",
        "arrivals {}": "到港电池箱（第{}级）",
        "full boxes": "满电箱",
        **{f"boxes {k}": f"电池箱（第{k}级）" for k in range(1, 4)},
        "boxes owed": "待换电池箱",
        "exchanged": "换箱",
        "give back": "反向送电",
        **{f"lifted off {k}": f"卸箱（第{k}级）" for k in range(5)},
        **{f"not served {k}": f"未换电（第{k}级）" for k in range(5)},
        **{f"charge {k}": f"充电（第{k}级）" for k in range(1, 5)},
        **{f"give back {k}": f"反向送电（第{k}级）" for k in range(1, 5)},
        "battery boxes": "电池箱",
        "charge slots": "充电仓位",
        "energy in boxes": "换电电量",
        "box leasing": "电池租赁",
        "waiting ships": "船舶等待",
        "ships turned away": "未换电船舶",
        "wear of boxes": "电池箱损耗",
        "stock of boxes": "电池箱库存",
        "slots in use": "仓位占用",
        "boxes on the slots": "在仓箱数",
    }
    kind: Literal["box_port"]
    at: ElectricNode = Field(description="node it draws from")
    box: Box = Field(default_factory=Box, description="the boxes")
    boxes: Count = Field(description="boxes of the port's own, beside those on ships")
    slots: Count = Field(8.0, description="boxes on charge at once; 8 at Longtan")
    slot_power: Power = Field(0.35, gt=0, description="power of a slot; 0.35 MW fills a box in 4 h")
    cranes: Rate = Field(1.0, gt=0, description="cranes that lift boxes at once")
    lift: Hours = Field(1.0 / 6.0, gt=0, description="to exchange one box; up to 10 min")
    classes: int = Field(
        2,
        ge=2,
        le=5,
        description="levels of charge by which boxes are counted; more where boxes come half empty",
    )
    round_trip: Fraction = Field(0.90, gt=0, description="efficiency into a box and out of it")
    gives_back: bool = Field(False, description="true: boxes may feed the node (V2G)")
    wear: EnergyPrice = Field(40.0, ge=0, description="set aside per MWh given back")
    incoming: RateProfile | None = Field(
        None, description="empty boxes an hour from ships that no ship line of the plant describes"
    )
    price: EnergyPriceProfile | None = Field(
        None, description="paid by ships per MWh put aboard; nothing if the ships are the plant's"
    )
    lease: EnergyPrice = Field(
        0.0, ge=0, description="paid to the owner of leased boxes per MWh put aboard; 300…500 CNY"
    )
    wait_price: WaitPrice = Field(
        300.0, description="penalty per hour for each box a ship waits for"
    )
    turned_away: Money = Field(
        20_000.0, gt=0, description="penalty for each box a ship does not get"
    )
    box_price: EnergyCapacityPrice = Field(
        0.0, ge=0, description="purchase of boxes per MWh on the plate; 1.0…1.3 CNY/Wh"
    )
    box_life: Years = Field(10.0, ge=1, description="years until boxes are replaced")
    slot_price: PowerPrice = Field(0.0, ge=0, description="purchase of slots per MW")
    upkeep: PowerPriceYear = Field(0.0, ge=0, description="fixed upkeep per MW of slots and year")
    life: Years = Field(15.0, ge=1, description="years until slots are replaced")

    def prepare(self, plant: Scope) -> None:
        """Declare a node of arriving boxes for each class of charge, to which ship lines give."""
        for k in range(self.classes):
            plant.own_node(f"arrivals {k}", carrier="swaps", unit="1/h")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Boxes of each class as stores; charging moves them up, giving back down."""
        boxes = plant.capacity("boxes", self.boxes, unit="1")
        slots = plant.capacity("slots", self.slots, unit="1")
        lifted, away = self._arriving(plant)
        served = plant.flow("exchanged", cap=self.cranes / self.lift, unit="1/h")
        up, down = self._charging(plant, slots)
        stores = self._stores(plant, lifted, served, up, down)
        waiting = plant.store(
            "boxes owed", fill=dict.fromkeys(lifted, 1.0), drain={served: 1.0}, unit="1"
        )
        # Boxes ashore are the port's own and those that are owed; what is not charged is empty.
        plant.budget("stock of boxes", total_of(stores) - waiting - boxes, at_most=0.0,
                     over="period", unit="1")  # fmt: skip
        ashore = boxes + waiting + served * plant.axis.hours
        self._slots(plant, slots, ashore, up, down)
        self._account(plant, lifted, served, down)
        plant.line("waiting ships", waiting, self.wait_price, unit="h", kind="penalty")
        plant.line("ships turned away", away, self.turned_away, unit="1", kind="penalty")
        plant.invest("battery boxes", boxes * self.box.energy, self.box_price, unit="MWh",
                     life=self.box_life, asset_class="battery")  # fmt: skip
        plant.invest("charge slots", slots * self.slot_power, self.slot_price,
                     upkeep=self.upkeep, life=self.life, asset_class="machinery")  # fmt: skip

    @property
    def step(self) -> float:
        """MWh between one class and the next."""
        return self.box.usable / (self.classes - 1)

    @property
    def levels(self) -> PackClasses:
        """The classes, as shares of the usable energy."""
        return PackClasses(self.classes, 0.0, 1.0)

    def _arriving(self, plant: Scope) -> tuple[list[Flow], Affine]:
        """Boxes lifted off, by class; and all those whose ships are turned away."""
        if self.incoming is not None:
            node = plant.node(f"{plant.who}.arrivals 0")
            come = self.incoming.on(plant.axis)
            plant.flow("incoming", give=node, fixed=come, unit="1/h")
        lifted, away = [], []
        for k in range(self.classes):
            node = plant.node(f"{plant.who}.arrivals {k}")
            lifted.append(plant.flow(f"lifted off {k}", take=node, unit="1/h"))
            away.append(plant.flow(f"not served {k}", take=node, unit="1/h"))
        return lifted, total_of(away)

    def _charging(self, plant: Scope, slots: Affine) -> tuple[list[Flow], list[Flow]]:
        """Power [MW] that lifts boxes from each class to the next, and that brings them down."""
        node, vehicle = plant.node(self.at), {"vehicle"}
        most = slots * self.slot_power
        steps = range(self.classes - 1)
        up = [
            plant.flow(self._named("charge", k), take=node, cap=most, role="load", tags=vehicle)
            for k in steps
        ]
        if not self.gives_back:
            return up, []
        down = [
            plant.flow(self._named("give back", k), give=node, cap=most, role="discharge",
                       tags=vehicle)
            for k in steps
        ]  # fmt: skip
        return up, down

    def _named(self, what: str, k: int) -> str:
        return what if self.classes == 2 else f"{what} {k + 1}"

    @property
    def _risen(self) -> float:
        """Boxes an hour that a MW of charging lifts by one class."""
        return sqrt(self.round_trip) / self.step

    @property
    def _fallen(self) -> float:
        """Boxes an hour that a MW given back brings down by one class."""
        return 1.0 / sqrt(self.round_trip) / self.step

    def _stores(
        self, plant: Scope, lifted: list[Flow], served: Flow, up: list[Flow], down: list[Flow]
    ) -> list[Store]:
        """Boxes ashore of each class that holds charge, the fullest last."""
        last = self.classes - 1
        stores = []
        for k in range(1, self.classes):
            fill, drain = {lifted[k]: 1.0, up[k - 1]: self._risen}, {}
            if k < last:
                drain[up[k]] = self._risen
            else:
                drain[served] = 1.0
            if down:
                drain[down[k - 1]] = self._fallen
            if down and k < last:
                fill[down[k]] = self._fallen
            name = "full boxes" if k == last else f"boxes {k}"
            stores.append(plant.store(name, fill=fill, drain=drain, unit="1"))
        return stores

    def _slots(
        self, plant: Scope, slots: Affine, ashore: Affine, up: list[Flow], down: list[Flow]
    ) -> None:
        """Slots in use are within the slots, and within the boxes ashore."""
        used, limits = total_of([*up, *down]), {"at_most": 0.0, "over": "period", "unit": "MW"}
        if len(up) + len(down) > 1:
            plant.budget("slots in use", used - slots * self.slot_power, **limits)
        enough = isinstance(self.boxes, float) and isinstance(self.slots, float)
        if not (enough and self.boxes >= self.slots):  # type: ignore[operator]
            plant.budget("boxes on the slots", used - ashore * self.slot_power, **limits)

    def _account(self, plant: Scope, lifted: list[Flow], served: Flow, down: list[Flow]) -> None:
        """Energy put aboard: that of the full boxes less what was left in those that came."""
        left = total_of(flow * float(x) for flow, x in zip(lifted, self.levels.levels, strict=True))
        aboard = (served - left) * self.box.usable
        if self.price is not None:
            price = self.price.on(plant.axis)
            plant.line("energy in boxes", aboard, price, kind="revenue", to="ships")
        if self.lease:
            plant.line("box leasing", aboard, self.lease, kind="purchase", to="owner of boxes")
        if down and self.wear:
            plant.line("wear of boxes", total_of(down), self.wear)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How busy the port is, how long ships wait, what its idle boxes could give."""
        axis = plant.axis
        days = float(axis.weight.sum()) / 24.0
        done = solution.total(plant.flow_named("exchanged"))
        away = sum(solution.total(plant.flow_named(f"not served {k}")) for k in range(self.classes))
        waited = solution.total(plant.store_named("boxes owed"))
        steps = range(self.classes - 1)
        charged = sum(solution.total(plant.flow_named(self._named("charge", k))) for k in steps)
        yield Finding("boxes_a_day", done / days, "1/d", ("boxes exchanged a day", "日换箱数"))
        yield Finding("crane_minutes", 60.0 * self.lift * done / days, "min/d",
                      ("crane minutes a day", "吊机日作业分钟数"))  # fmt: skip
        if done + away > 1e-3:
            yield Finding("served", done / (done + away), "1",
                          ("boxes wanted that were exchanged", "换箱满足率"))  # fmt: skip
        if done > 1e-3:
            yield Finding("mean_wait", waited / done, "h",
                          ("mean wait for a full box", "平均等待满电箱时间"),
                          ("beyond the crane's own time", "不含吊装时间"))  # fmt: skip
        yield Finding("mean_charging", charged / (24.0 * days), "MW",
                      ("mean charging power", "平均充电功率"))  # fmt: skip
        stock = solution.number(affine(plant.network.capacities[f"{plant.who}.boxes"][0]))
        if stock > 0:
            yield Finding("box_turns", done / days / stock, "1/d",
                          ("turns of a box a day", "电池箱日周转次数"))  # fmt: skip
        yield self._idle(plant, solution)

    def _idle(self, plant: Scope, solution: Solution) -> Finding:
        """Power that boxes ashore could give, all that hold charge, within the slots."""
        names = [*(f"boxes {k}" for k in range(1, self.classes - 1)), "full boxes"]
        holding = sum(solution.value(plant.store_named(name)) for name in names)
        slots = solution.number(plant.network.capacities[f"{plant.who}.slots"][0])
        ready = np.minimum(np.maximum(holding, 0.0), slots) * self.slot_power
        mean = plant.axis.total(ready) / float(plant.axis.weight.sum())
        said = "given back in the plan" if self.gives_back else "not used: gives_back is false"
        zh = "方案中已反送" if self.gives_back else "未使用：gives_back 为 false"
        return Finding("idle_power", mean, "MW", ("power that boxes ashore could give, mean",
                       "在港电池箱平均可送功率"), (said, zh))  # fmt: skip
