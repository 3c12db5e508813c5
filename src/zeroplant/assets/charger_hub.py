"""Charger hub: vehicles at plugs whose energy may wait until they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.hub_findings import hub_findings
from zeroplant.assets.parts.session_sources import Arrivals, SessionTable
from zeroplant.axis import Axis, Floats
from zeroplant.transport.groups import Lanes, group
from zeroplant.transport.sessions import Bands, Sessions, admit, bands, plugged_in
from zeroplant.units import EnergyPrice, Fraction, Power, PowerCapacity, Rate, SizeRange, Years
from zeroplant.waist import Affine, Flow, Node, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Work = TypeVar("Work")

MOST = 48
"""Groups at most: each is a column and a level in every period."""

UNCHARGED_PRICE = 5_000.0
"""Default price of energy that vehicles leave without, CNY/MWh: several times what public
charging costs (1.2…2 CNY/kWh), below the value of lost load of industry."""


class GiveBack(BaseModel):
    """Vehicles that give energy back, those whose sessions say that they lend (V2G)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    power: Fraction = Field(1.0, gt=0, description="power of giving back per power of charging")
    efficiency: Fraction = Field(0.94, gt=0, description="from the pack to the node")
    price: EnergyPrice = Field(
        0.0, ge=0, description="paid to the driver per MWh given back, for wear and patience"
    )


class ChargerHub(Asset, Bought):
    """Chargers at one place, and the sessions of the vehicles at them.

    The energy a vehicle wants may be charged any time of its stay (``control: smart``) or is
    charged on arrival (``at_once``), within the power of the chargers. Sessions appear in the plan
    in one of two aggregates. ``inner``, the default: sessions of like windows share the schedule
    of a lane in fixed parts, so that whatever the plan, every vehicle gets what the plan says, at
    its own power and within its stay; what does not fit a lane charges on arrival. ``outer``: the
    sum of all sessions' bands of energy and power, which contains everything the vehicles can do
    but also some schedules they cannot; a finding says what least-laxity-first leaves out.
    Vehicles give back (``give_back``) in the inner aggregate only.

    Energy that the chargers or the plant cannot bring is missing at a price. Queues are not part
    of the plan: a range of ``power`` begins at chargers enough for ``occupancy``. Where more would
    stand in the mean of a period than there are plugs (``power`` / ``charger_power`` · ``plugs``),
    the rest are turned away, the same part of all who stay then, and what they want is missing at
    the price of ``uncharged``. With arrivals by the hour findings tell how long vehicles without
    reservation wait for a plug if nobody leaves.
    """

    title: ClassVar = ("Charger hub", "充电站")
    chinese: ClassVar[dict[str, str]] = {
        "sessions": "充电订单", "arrivals": "到达车流", "control": "充电控制方式",
        "aggregate": "聚合方式", "groups": "分组窗口数", "charger_power": "单台充电功率",
        "feeding_limit": "进线功率上限", "plugs": "每桩枪数", "occupancy": "桩位占用率上限",
        "efficiency": "充电效率", "price": "充电电价", "fee": "场站运营费",
        "uncharged": "未充电量惩罚价", "give_back": "车网互动",
        "arrivals.per_hour": "每小时到达车辆", "arrivals.growth": "车流增长系数",
        "arrivals.stays": "停留类型", "arrivals.stays.share": "车辆占比",
        "arrivals.stays.hours": "停留时间", "arrivals.stays.energy": "充电量",
        "arrivals.stays.power": "最大充电功率", "arrivals.stays.lend": "可借出电量",
        "reserved": "预约比例", "patience": "可接受等待时间", "sessions.file": "订单文件",
        "sessions.zone": "订单时区", "sessions.arrival": "到达时间列",
        "sessions.departure": "离开时间列", "sessions.energy": "电量列",
        "sessions.power": "功率列", "sessions.lend": "可借出电量列",
        "give_back.power": "放电功率比", "give_back.efficiency": "放电效率",
        "give_back.price": "放电补偿", ".plugs": "充电枪母线", ".uncharged": "未充电量",
        ".packs": "车辆电池母线", "one way": "充放电分时", "smart": "有序充电", "lent": "借出电量",
        "ahead": "提前充电量", "waiting": "待充电量",
        "fed back": "反向放电", "plugged": "到站即充",
        "uncharged energy": "未充电量", "turned away": "无空桩离开车辆的未充电量",
        "charging sold": "充电收入", "charger upkeep": "场站运营",
        "charging equipment": "充电设备", "energy given back": "车辆放电补偿",
    }  # fmt: skip
    chinese.update({f"smart {n}": f"智能充电（第{n}组）" for n in range(1, MOST + 1)})
    chinese.update({f"waiting {n}": f"待充电量（第{n}组）" for n in range(1, MOST + 1)})
    chinese.update({f"lent {n}": f"车辆放电（第{n}组）" for n in range(1, MOST + 1)})
    asset_class: ClassVar = "machinery"
    kind: Literal["charger_hub"]
    at: ElectricNode = Field(description="node it draws from")
    sessions: SessionTable | None = Field(None, description="sessions one by one, from a table")
    arrivals: Arrivals | None = Field(None, description="or vehicles that come in numbers")
    power: PowerCapacity = Field(description="power of all chargers, or the range to choose it in")
    charger_power: Power = Field(
        0.12, gt=0, description="power of one charger; 60…120 kW cars, 240…480 kW trucks, 7 kW AC"
    )
    plugs: Rate = Field(1.0, gt=0, description="plugs of one charger that share its power; 1…2")
    occupancy: Fraction = Field(
        0.8,
        gt=0,
        description="share of the plugs taken in the busiest period for which a range of "
        "power is sized; above 0.8 queues grow fast",
    )
    feeding_limit: Power | None = Field(
        None, gt=0, description="highest power from the node, if less"
    )
    efficiency: Fraction = Field(
        0.94, gt=0, description="from the node into the pack; 0.92…0.95 DC, 0.88…0.92 AC"
    )
    control: Literal["smart", "at_once"] = Field("smart", description="who decides when to charge")
    aggregate: Literal["inner", "outer"] = Field("inner", description="see above")
    groups: int = Field(
        8, ge=1, le=MOST, description="windows of the inner aggregate; more of them, more can move"
    )
    give_back: GiveBack | None = Field(None, description="vehicles that give back; none without")
    price: EnergyPrice = Field(
        0.0, ge=0, description="paid by drivers per MWh in the pack, service fee 0.2…0.5 CNY/kWh"
    )
    fee: EnergyPrice = Field(0.0, ge=0, description="cost of running the site per MWh in the pack")
    uncharged: EnergyPrice = Field(
        UNCHARGED_PRICE,
        gt=0,
        description="price of energy that vehicles leave without, or are turned away without",
    )
    life: Years = Field(10.0, ge=1, description="years until chargers are replaced; 8…10")
    reserved: Fraction = Field(0.0, description="share of arrivals with a plug reserved")
    patience: Rate = Field(0.5, gt=0, description="hours of waiting that a finding counts against")

    @model_validator(mode="after")
    def _fits_together(self) -> ChargerHub:
        message = ""
        if (self.sessions is None) == (self.arrivals is None):
            message = "give either 'sessions' (a table) or 'arrivals' (numbers per hour)"
        elif self.give_back is not None and (self.control, self.aggregate) != ("smart", "inner"):
            message = "vehicles give back with control: smart and aggregate: inner only"
        if message:
            raise ValueError(message)
        return self

    def chains(self, axis: Axis) -> list[Sessions]:
        """Sessions of each chain of an axis that find a plug. Raises InputError as `wanted`."""
        plugs = self.most_plugs(axis)
        return _each(self.wanted(axis), lambda s: admit(s, axis, plugs))

    def most_plugs(self, axis: Axis) -> float:
        """Plugs of the chargers; of a range, those of its end."""
        most = self.power.max if isinstance(self.power, SizeRange) else self.power
        return most / self.charger_power * self.plugs

    def turned_away(self, axis: Axis) -> tuple[float, float]:
        """Share of the vehicles that find no plug, and the energy [MWh] they want."""
        weight = axis.weight[:: axis.periods] / axis.hours
        wanted, served = (
            weight @ [(each.count.sum(), each.deliverable.sum()) for each in found]
            for found in (self.wanted(axis), self.chains(axis))
        )
        vehicles, energy = np.maximum(wanted - served, 0.0)
        return float(vehicles / max(wanted[0], 1e-12)), float(energy)

    def wanted(self, axis: Axis) -> list[Sessions]:
        """Sessions of each chain of an axis. Raises InputError for a table that cannot be read."""
        source = self.sessions if self.sessions is not None else self.arrivals
        assert source is not None
        lends = 0.0 if self.give_back is None else self.give_back.power
        return source.sessions(axis, self.charger_power, lends)

    def promises(self, axis: Axis) -> list[Lanes]:
        """The inner aggregate of each chain."""
        return _each(self.chains(axis), lambda s: group(s, axis, self.groups))

    def bands(self, axis: Axis) -> list[Bands]:
        """The outer aggregate of each chain."""
        return _each(self.chains(axis), lambda s: bands(s, axis))

    def describe(self, plant: Scope, site: Site | None) -> None:
        """The draw of the hub feeds the plugs, where some charging is fixed and some may wait."""
        node, capacity = plant.node(self.at), plant.capacity("power", self._enough(plant.axis))
        plugs = plant.own_node("plugs", carrier="charging", unit="MW")
        most = capacity if self.feeding_limit is None or capacity.terms else Affine(
            min(float(np.max(capacity.constant)), self.feeding_limit))  # fmt: skip
        draw = plant.flow("charge", take=node, give={plugs: self.efficiency}, cap=most,
                          role="load", tags={"vehicle"})  # fmt: skip
        if self.feeding_limit is not None and capacity.terms:
            plant.budget("feeding line", draw, at_most=self.feeding_limit, over="period", unit="MW")
        missing = plant.flow("uncharged", give=plugs)
        plant.line("uncharged energy", missing, self.uncharged, kind="penalty")
        away = self.turned_away(plant.axis)[1]
        if away > 0:
            plant.line("turned away", away, self.uncharged, kind="penalty")
        into, packs = draw * self.efficiency, None
        if self.give_back is not None:
            packs = plant.own_node("packs", carrier="charging", unit="MW")
            into = into - self._give_back(plant, node, packs, most, self.give_back)
        if self.control == "at_once" or self.aggregate == "outer":
            self._bands(plant, plugs)
        else:
            self._lanes(plant, plugs, packs)
        if self.price:
            plant.line("charging sold", into, self.price, kind="revenue", to="drivers")
        if self.fee:
            plant.line("charger upkeep", into, self.fee)
        self.buy(plant, "charging equipment", capacity)

    def _enough(self, axis: Axis) -> float | SizeRange:
        """The power of the chargers; of a range the part that has plugs for all who stand there."""
        if not isinstance(self.power, SizeRange):
            return self.power
        most = max(float(plugged_in(each, axis).max(initial=0.0)) for each in self.wanted(axis))
        need = most * self.charger_power / (self.occupancy * self.plugs)
        return replace(self.power, min=min(max(self.power.min, need), self.power.max))

    def _bands(self, plant: Scope, plugs: Node) -> None:
        """One store: what is charged ahead of the lower band, at most the width of the bands."""
        found, hours = self.bands(plant.axis), plant.axis.hours
        lower, upper, power = (
            [getattr(each, name) for each in found] for name in ("lower", "upper", "power")
        )
        if self.control == "at_once":
            wanted = np.concatenate([each.at_once for each in found]) / hours
            plant.flow("plugged", take=plugs, fixed=wanted)
            return
        due = np.concatenate([np.diff(each, prepend=0.0) for each in lower]) / hours
        smart = plant.flow("smart", take=plugs, cap=np.concatenate(power))
        width = np.concatenate(upper) - np.concatenate(lower)
        plant.store("ahead", fill={smart: 1.0}, cap=width, inflow=-due, start=0.0)

    def _lanes(self, plant: Scope, plugs: Node, packs: Node | None) -> None:
        """One store for each lane: the energy that waits, nothing at the end of each window.

        What vehicles lend goes to ``packs`` and from there nowhere but back to the plant.
        """
        found, hours = self.promises(plant.axis), plant.axis.hours
        plant.flow("plugged", take=plugs, fixed=np.concatenate([each.fixed for each in found]))
        power, back, arrives, room = (
            np.concatenate([getattr(each, name) for each in found], axis=1)
            for name in ("power", "back", "arrives", "room")
        )
        for lane in np.flatnonzero(arrives.any(axis=1)):
            # Between windows nothing waits, so nothing can charge; a cap of nothing would leave the
            # store's equation without a variable, which the staged solver does not like.
            most = np.where(power[lane] > 0, power[lane], power[lane].max())
            smart = plant.flow(f"smart {lane + 1}", take=plugs, cap=most)
            fill: dict[Flow, float] = {}
            if packs is not None and back[lane].any():
                lent = plant.flow(f"lent {lane + 1}", give=packs, cap=back[lane])
                fill = {lent: 1.0}
                # In an hour a vehicle charges for a part of it and gives back for the rest.
                ratio = np.divide(most, back[lane], out=np.zeros(len(most)), where=back[lane] > 0)
                plant.budget(f"one way {lane + 1}", smart + lent * ratio, at_most=most,
                             over="period", unit="MW")  # fmt: skip
            plant.store(f"waiting {lane + 1}", fill=fill, drain={smart: 1.0}, cap=room[lane],
                        inflow=arrives[lane] / hours, start=0.0)  # fmt: skip

    def _give_back(
        self, plant: Scope, node: Node, packs: Node, most: Affine, terms: GiveBack
    ) -> Affine:
        """What vehicles give back to the node; what is taken of the packs for it."""
        back = plant.flow("fed back", take={packs: 1.0 / terms.efficiency}, give=node, cap=most,
                          role="discharge", tags={"vehicle"})  # fmt: skip
        if terms.price:
            plant.line("energy given back", back, terms.price, to="drivers")
        return back * (1.0 / terms.efficiency)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What may move, what it saves, how long one waits, and what the aggregate leaves out."""
        yield from hub_findings(self, plant, solution)

    def net_lanes(self, plant: Scope, solution: Solution) -> Floats:
        """Schedule of the lanes, charging less giving back [MW], shape (lanes, stages)."""
        flows = {flow.name: flow for flow in plant.network.flows}
        net = np.zeros((self.groups, plant.axis.stages))
        for lane in range(self.groups):
            for what, sign in (("smart", 1.0), ("lent", -1.0)):
                flow = flows.get(f"{plant.who}.{what} {lane + 1}")
                if flow is not None:
                    net[lane] += sign * solution.value(flow)
        return net


def _each(found: list[Sessions], work: Callable[[Sessions], Work]) -> list[Work]:
    """Work on the sessions of each chain; chains with the same sessions share the answer."""
    done: dict[int, Work] = {}
    for sessions in found:
        if id(sessions) not in done:
            done[id(sessions)] = work(sessions)
    return [done[id(sessions)] for sessions in found]
