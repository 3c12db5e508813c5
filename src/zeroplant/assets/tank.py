"""Tank: a store of any carrier, with what filling it costs in electricity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, NodeName
from zeroplant.assets.parts.carrier import Carrier, by_other_kinds
from zeroplant.errors import Problem
from zeroplant.units import Fraction, YearlyRate, Years
from zeroplant.units.carried import CarriedCapacity, CarriedCost, CarriedFlow, CarriedUse
from zeroplant.waist import Affine, Flow, Scope
from zeroplant.weather.site import Site


class Tank(Asset):
    """Hydrogen in bottles or a cavern, ammonia, methanol, CO2, water, gas: a stock of a carrier.

    ``capacity`` is what can be taken out between full and the cushion that must stay. The level
    is counted from that cushion, so an empty tank never needs what is not there. Filling may
    take electricity by the amount (compression to 20 MPa about 2 kWh per kg of hydrogen) at the
    node ``compressor``. With ``start`` the last period must hold what was there at the start, but
    for what is lost in between; without it the plan chooses a level that both ends share.
    """

    title: ClassVar = ("Tank", "储罐")
    chinese: ClassVar[Mapping[str, str]] = {
        "capacity": "容量",
        "fill": "充装流量上限",
        "empty": "放出流量上限",
        "daily_loss": "日损耗率",
        "fill_loss": "充装损失率",
        "compression": "充装单位电耗",
        "compressor": "压缩机接入节点",
        "start": "初始充满度",
        "upkeep_share": "年维护费占造价",
        "filled": "充装",
        "emptied": "放出",
        "tank": "储罐",
    }
    kind: Literal["tank"]
    at: NodeName = Field(description="node it is connected to, of any carrier but electricity")
    capacity: CarriedCapacity = Field(description="what it holds beside its cushion")
    fill: CarriedFlow | None = Field(None, description="most that goes in at a time; no limit")
    empty: CarriedFlow | None = Field(None, description="most that comes out at a time; no limit")
    daily_loss: Fraction = Field(
        0.0, lt=1, description="share lost in a day: boil-off of liquids 0.001…0.005"
    )
    fill_loss: Fraction = Field(0.0, lt=1, description="share of what is filled in that is lost")
    compression: CarriedUse | None = Field(
        None, description="electricity by the amount filled in; hydrogen to 20 MPa 2…3 kWh/kg"
    )
    compressor: ElectricNode | None = Field(None, description="node that feeds the compressor")
    start: Fraction | None = Field(
        None, description="share it is filled before the first period; the plan chooses"
    )
    capex: CarriedCost | None = Field(None, description="purchase by what it holds")
    upkeep_share: YearlyRate = Field(
        0.02, ge=0, le=0.5, description="fixed upkeep in a year, of the investment; 0.01…0.03"
    )
    life: Years = Field(25.0, ge=1, description="years until it is replaced")

    @model_validator(mode="after")
    def _compressed_somewhere(self) -> Tank:
        if (self.compression is None) != (self.compressor is None):
            message = "'compression' is paid at the node 'compressor'; give both or neither"
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Electricity is stored in a battery."""
        return by_other_kinds(cls, assets, carriers, "stored", "write kind: battery")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Filling, emptying and a level."""
        carrier = Carrier(plant.node(self.at))
        node, unit = carrier.node, carrier.node.unit
        given = carrier.of("capacity", "amount", self.capacity)
        capacity = plant.capacity("capacity", given, unit=carrier.amount)
        filled = self._filling(plant, carrier)
        most = np.inf if self.empty is None else carrier.of("empty", "flow", self.empty)
        emptied = plant.flow("emptied", give=node, cap=most, unit=unit, role="discharge")
        self._hold(plant, carrier, filled, emptied, capacity)
        if self.capex is not None:
            capex = carrier.of("capex", "price", self.capex)
            plant.invest(
                "tank",
                capacity,
                capex,
                life=self.life,
                upkeep=capex * self.upkeep_share,
                unit=carrier.amount,
            )

    def _filling(self, plant: Scope, carrier: Carrier) -> Flow:
        """What goes in; with a compressor it is a load of electricity, without only a transfer."""
        most = np.inf if self.fill is None else carrier.of("fill", "flow", self.fill)
        take, unit = {carrier.node: 1.0}, carrier.node.unit
        if self.compression is None or self.compressor is None:
            return plant.flow("filled", take=take, cap=most, unit=unit, role="charge")
        use = carrier.of("compression", "energy use", self.compression) * carrier.hourly
        take[plant.node(self.compressor)] = use
        return plant.flow("filled", take=take, cap=most, unit=unit, role="conversion")

    def _hold(
        self, plant: Scope, carrier: Carrier, filled: Flow, emptied: Flow, capacity: Affine
    ) -> None:
        """The level above the cushion, and where it begins and ends."""
        keep = (1.0 - self.daily_loss) ** (plant.axis.hours / 24.0)
        floor, start = Affine(0.0), None
        if self.start is not None:
            periods = plant.axis.periods
            start = capacity * self.start
            last = np.arange(plant.axis.stages) % periods == periods - 1
            floor = start * np.where(last, keep**periods, 0.0)
        plant.store(
            "level",
            fill={filled: carrier.hourly * (1.0 - self.fill_loss)},
            drain={emptied: carrier.hourly},
            cap=capacity,
            floor=floor,
            keep=keep,
            start="cyclic" if start is None else start,
            unit=carrier.amount,
        )
