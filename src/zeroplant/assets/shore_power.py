"""Shore power: ships at berth that take electricity instead of running their engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode
from zeroplant.assets.findings import Finding
from zeroplant.axis import HOURS_PER_YEAR, Axis, Floats
from zeroplant.series import EnergyPriceProfile, PowerProfile
from zeroplant.transport.ship import DieselShip
from zeroplant.units import EnergyPrice, Fraction, Hours, Power, PowerCapacity, Rate
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site


class Calls(BaseModel):
    """Ships of one type that call at the port, the same every day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_day: Rate = Field(ge=0, description="calls in a day")
    stay: Hours = Field(gt=0, description="at berth")
    hotel: Power = Field(
        gt=0, description="load at berth; inland cargo 20…80 kW, cruise 300…800 kW, sea 1…5 MW"
    )
    connects: Fraction = Field(0.75, description="share of calls that take shore power; 0.6…0.9")
    opens: int = Field(0, ge=0, le=23, description="first hour of the day in which ships come in")
    closes: int = Field(24, ge=1, le=24, description="hour at which the last come in")

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Calls:
        if self.opens >= self.closes:
            message = "'opens' must be before 'closes'"
            raise ValueError(message)
        return self

    def at_berth(self, axis: Axis) -> Floats:
        """Ships at berth in each stage, mean over it: those that came within the last stay."""
        parts = max(1, round(axis.hours * 4))
        inside = (np.arange(parts) + 0.5) / parts * axis.hours
        now = np.add.outer(axis.hour_of_day, inside)
        return np.asarray((self._come(now) - self._come(now - self.stay)).mean(axis=1))

    def _come(self, hour: Floats) -> Floats:
        """Calls from midnight of the first day until an hour; before it they count as less."""
        day, clock = np.divmod(hour, 24.0)
        share = np.clip((clock - self.opens) / (self.closes - self.opens), 0.0, 1.0)
        return np.asarray(self.per_day * (day + share))


class ShorePower(Asset, Bought):
    """Sockets at the berths of a port: berth occupancy × hotel load × share that connects.

    The load comes from ``calls``, ships of several types that come through the day and stay for
    hours, or is given outright. Ships that find all ``berths`` taken wait without power, in
    proportion. What the sockets' ``power`` or the plant cannot give, ships make with their own
    engines, at a penalty in no purse.
    """

    asset_class: ClassVar = "machinery"
    title: ClassVar = ("Shore power", "岸电")
    chinese: ClassVar[Mapping[str, str]] = {
        "calls": "靠泊船型",
        "calls.per_day": "日均靠泊艘次",
        "calls.stay": "靠泊时间",
        "calls.hotel": "靠泊用电功率",
        "calls.connects": "岸电使用比例",
        "calls.opens": "每日最早到港时刻",
        "calls.closes": "每日最晚到港时刻",
        "berths": "泊位数",
        "service": "岸电服务费",
        "own_engines": "辅机发电价格",
        "engine_fuel": "辅机油耗",
        "engine_carbon": "燃油碳排放系数",
        "own engines": "辅机发电",
        "shore power": "岸电设施",
        "shore power sold": "岸电售电",
        "shore power service": "岸电服务费",
        "sockets": "岸电容量约束",
    }
    kind: Literal["shore_power"]
    at: ElectricNode = Field(description="node it draws from")
    calls: list[Calls] | None = Field(None, description="types of ships that call; or give load")
    load: PowerProfile | None = Field(None, description="load of all connected ships over time")
    berths: int | None = Field(None, ge=1, description="berths with sockets; no limit if left out")
    power: PowerCapacity | None = Field(
        None, description="rating of the connection ashore; as much as asked for if left out"
    )
    price: EnergyPriceProfile | None = Field(None, description="paid by ships per MWh")
    service: EnergyPrice = Field(0.0, ge=0, description="service fee per MWh, beside the price")
    own_engines: EnergyPrice = Field(
        1700.0, gt=0, description="penalty per MWh that ships make aboard: 0.21 t/MWh of fuel"
    )
    engine_fuel: Rate = Field(
        DieselShip.auxiliary, gt=0, description="t of fuel per MWh of generator sets; 0.20…0.23"
    )
    engine_carbon: Rate = Field(
        DieselShip.carbon, gt=0, description="tCO2 per t of fuel; IPCC 2006 diesel"
    )

    @model_validator(mode="after")
    def _one_load(self) -> ShorePower:
        message = ""
        if (self.calls is None) == (self.load is None):
            message = "give either 'calls' or 'load'"
        elif self.load is not None and self.berths is not None:
            message = "'berths' limits 'calls'; a 'load' is what it is, so leave one of them out"
        elif self.power is None and (self.capex or self.upkeep):
            message = "'capex' and 'upkeep' are paid by the MW; give 'power' too"
        if message:
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """The load of connected ships, relieved by their own engines."""
        node, (wanted, _) = plant.node(self.at), self.asked(plant.axis)
        load = plant.flow("load", take=node, fixed=wanted, role="load", tags={"shore power"})
        engines = plant.flow("own engines", give=node, cap=wanted, role="unserved", tags={"agreed"})
        plant.line("own engines", engines, self.own_engines, kind="penalty")
        if self.power is not None:
            power = plant.capacity("power", self.power)
            plant.budget("sockets", load - engines - power, at_most=0.0, over="period", unit="MW")
            self.buy(plant, "shore power", power)
        if self.price is not None:
            price = self.price.on(plant.axis)
            plant.line("shore power sold", load - engines, price, kind="revenue", to="ships")
        if self.service:
            plant.line("shore power service", load - engines, self.service, kind="revenue",
                       to="ships")  # fmt: skip

    def asked(self, axis: Axis) -> tuple[Floats, Floats]:
        """Load [MW] of ships that connect in each stage, and of all ships in port."""
        if self.load is not None:
            wanted = self.load.on(axis)
            return wanted, wanted
        assert self.calls is not None
        each = np.array([call.at_berth(axis) for call in self.calls])
        room = np.ones(axis.stages)
        if self.berths is not None:
            room = np.minimum(1.0, self.berths / np.maximum(each.sum(axis=0), 1e-9))
        hotel = np.array([call.hotel for call in self.calls])
        connected = hotel * np.array([call.connects for call in self.calls])
        return (connected @ each) * room, hotel @ each

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Energy given, the share of ships' load it covers, and fuel and CO2 displaced."""
        axis = plant.axis
        given = solution.total(plant.flow_named("load") - plant.flow_named("own engines"))
        in_port = axis.total(self.asked(axis)[1])
        yearly = given / axis.years
        if in_port > 0 and self.calls is not None:
            yield Finding("shore_share", given / in_port, "1",
                          ("load of ships in port met from shore", "在港船舶岸电占比"))  # fmt: skip
        hours = yearly / HOURS_PER_YEAR
        yield Finding("mean_load", hours, "MW", ("mean shore power", "岸电平均功率"))
        note = (
            "what generator sets aboard would burn; the power's own emissions count at its source",
            "按船上辅机发电计；电力排放在电源侧计入",
        )
        yield Finding("fuel_displaced", yearly * self.engine_fuel, "t/a",
                      ("fuel displaced a year", "年替代燃油"), note)  # fmt: skip
        yield Finding("co2_displaced", yearly * self.engine_fuel * self.engine_carbon, "tCO2/a",
                      ("CO2 of that fuel", "对应燃油碳排放"), note)  # fmt: skip
