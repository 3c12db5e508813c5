"""Expressway service area: its buildings, and the cars that charge there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode
from zeroplant.assets.charger_hub import UNCHARGED_PRICE, ChargerHub
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.session_sources import FREQUENCY, Arrivals, Stay
from zeroplant.axis import Axis, Floats
from zeroplant.series import Given, PowerProfile, Profile
from zeroplant.synthetic.calendar import holiday
from zeroplant.units import Energy, EnergyPrice, Fraction, Hours, Power, PowerCapacity, Rate
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site


class Traffic(BaseModel):
    """Vehicles that pass, and how many of them come to charge."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_hour: Annotated[Profile, FREQUENCY] = Field(
        description="cars that pass in an hour, both ways if both reach the area"
    )
    electric: Fraction = Field(0.12, description="share that is electric; 0.08…0.20 in 2025")
    stop: Fraction = Field(0.15, description="share of electric cars that stop to charge")
    holidays: Rate = Field(
        5.0, gt=0, description="charging cars on public holidays per usual day, 4…6 at National Day"
    )


class Chargers(Bought):
    """The chargers of the area and what a car does there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    asset_class: ClassVar = "machinery"

    power: PowerCapacity = Field(description="power of all chargers, or the range to choose it in")
    charger_power: Power = Field(0.12, gt=0, description="power of one charger; 60…480 kW")
    energy: Energy = Field(0.0375, gt=0, description="energy into the pack per stop; 30…45 kWh")
    hours: Hours = Field(0.67, gt=0, description="time at the plug; 30…60 minutes")
    efficiency: Fraction = Field(0.94, gt=0, description="from the node into the pack")
    price: EnergyPrice = Field(0.0, ge=0, description="paid by drivers per MWh in the pack")
    uncharged: EnergyPrice = Field(
        UNCHARGED_PRICE,
        gt=0,
        description="price of energy that cars leave without, or are turned away without",
    )
    occupancy: Fraction = Field(
        0.8, gt=0, description="share of the plugs taken in the busiest period for which a range "
        "of power is sized; the busiest is a holiday"
    )  # fmt: skip


class ServiceArea(Asset):
    """A service area: restaurants, shops and lights, and electric cars that charge on their way.

    Cars that charge = cars that pass · share electric · share that stops, on public holidays (the
    Spring Festival week, 1-3 May, 1-7 October) ``holidays`` times as many. Each takes ``energy``
    in ``hours``, on arrival: on an expressway nobody waits for cheap power. Cars without a
    plug and missing energy are those of a charger hub, and so are the findings. Canopies of solar
    modules are solar assets of their own. Figures: 0.2…0.8 MW of buildings; 30…45 kWh per stop;
    holidays 4…6 times.
    """

    title: ClassVar = ("Service area", "高速公路服务区")
    chinese: ClassVar = {
        "buildings": "建筑负荷",
        "traffic.per_hour": "每小时过车数", "traffic.electric": "电动车占比",
        "traffic.stop": "停车充电比例", "traffic.holidays": "节假日充电车流倍数",
        "chargers.power": "充电总功率", "chargers.charger_power": "单桩功率",
        "chargers.energy": "单次充电量", "chargers.hours": "停留时间",
        "chargers.efficiency": "充电效率", "chargers.price": "充电电价",
        "chargers.uncharged": "未充电量惩罚价", "chargers.occupancy": "桩位占用率上限",
        "turned away": "无空桩离开车辆的未充电量", "chargers.capex": "充电桩单位造价",
        "chargers.upkeep": "充电桩运维费",
        "chargers.life": "充电桩寿命", "chargers.fade": "充电桩年衰减率",
    }  # fmt: skip
    kind: Literal["service_area"]
    at: ElectricNode = Field(description="node it draws from")
    buildings: PowerProfile = Field(description="load of the buildings over time, 0.2…0.8 MW")
    unserved: EnergyPrice = Field(
        UNSERVED_PRICE, gt=0, description="price of energy that the buildings lack"
    )
    traffic: Traffic | None = Field(None, description="cars that pass, if there are chargers")
    chargers: Chargers | None = Field(None, description="chargers for the cars of 'traffic'")

    @model_validator(mode="after")
    def _cars_and_chargers(self) -> ServiceArea:
        message = ""
        if self.traffic is None and self.chargers is not None:
            message = "there are 'chargers' but no cars: give 'traffic', or leave 'chargers' out"
        elif self.traffic is not None and self.chargers is None:
            message = (
                "there is 'traffic' but nothing to charge at: give 'chargers', or leave it out"
            )
        if message:
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """The buildings' load and, with chargers, a charger hub at the same node."""
        node, load = plant.node(self.at), self.buildings.on(plant.axis)
        plant.flow("buildings", take=node, fixed=load, role="load")
        unserved = plant.flow("unserved", give=node, cap=load, role="unserved")
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")
        hub = self.hub(plant.axis)
        if hub is not None:
            hub.describe(plant, site)

    def cars(self, axis: Axis) -> Floats:
        """Cars that come to charge in an hour, shape (stages,)."""
        assert self.traffic is not None
        usual = self.traffic.per_hour.on(axis) * self.traffic.electric * self.traffic.stop
        return np.asarray(usual * np.where(holiday(axis), self.traffic.holidays, 1.0))

    def hub(self, axis: Axis) -> ChargerHub | None:
        """The chargers as a hub whose vehicles charge on arrival."""
        if self.chargers is None or self.traffic is None:
            return None
        said, stay = self.chargers, Stay(share=1.0, hours=self.chargers.hours,
                                         energy=self.chargers.energy)  # fmt: skip
        shared = {name: getattr(said, name) for name in (
            "power", "charger_power", "efficiency", "price", "uncharged", "occupancy", "capex",
            "upkeep", "life", "fade")}  # fmt: skip
        arrivals = Arrivals(per_hour=Given(self.cars(axis)), stays=[stay])
        return ChargerHub(kind="charger_hub", at=self.at, arrivals=arrivals, control="at_once",
                          **shared)  # fmt: skip

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Energy charged in a year, and what the hub says: peaks, plugs, waiting."""
        hub = self.hub(plant.axis)
        if hub is None:
            return
        charged = solution.total(plant.flow_named("charge")) / plant.axis.years
        yield Finding("charged", charged, "MWh/a", ("Drawn for charging", "充电用电量"))
        yield from (f for f in hub.findings(plant, solution) if "at_once" not in f.key)
