"""Supply: a carrier bought from outside, at any node, with what it costs and emits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from zeroplant.assets.base import Asset, NodeName
from zeroplant.assets.parts.carrier import Carrier, by_other_kinds
from zeroplant.assets.parts.spans import SPANS, covered
from zeroplant.errors import Problem
from zeroplant.series import FactorProfile
from zeroplant.units import YearlyRate, Years
from zeroplant.units.carried import (
    CarriedAmount,
    CarriedFactor,
    CarriedFlowCapacity,
    CarriedFlowPrice,
    CarriedPrice,
)
from zeroplant.units.fuels import emission_of
from zeroplant.waist import Affine, Flow, Scope
from zeroplant.weather.site import Site


class Supply(Asset):
    """Gas, biomass, coal, diesel, water, CO2, hydrogen, steam: whatever a node carries, bought.

    Fuels and their emissions are counted here, where they are bought, and nowhere else. Nodes of
    gas, coal and diesel have a usual emission factor (domain page, section 2f: coal 2.66 tCO2
    per tce, diesel 3.10 t/t, gas 2.16 kg/m³); everything else emits nothing unless
    ``emission_factor`` says so. A limit by the hour, month or year is hard: what is not there
    cannot be bought.
    """

    title: ClassVar = ("Supply", "外购供应")
    chinese: ClassVar[Mapping[str, str]] = {
        "price_shape": "价格曲线",
        "most": "流量上限",
        "most_month": "月供应上限",
        "most_year": "年供应上限",
        "renewable": "可再生燃料",
        "upkeep_share": "年维护费占造价",
        "bought": "外购量",
        "supply connection": "供应设施",
        "{} bought": "购{}",
        "emissions of {}": "{}碳排放",
        "gas bought": "购天然气",
        "biomass bought": "购生物质",
        "coal bought": "购煤",
        "diesel bought": "购柴油",
        "water bought": "购水",
        "hydrogen bought": "购氢",
        "ammonia bought": "购氨",
        "methanol bought": "购甲醇",
        "co2 bought": "购二氧化碳",
        "heat bought": "购热",
        "hp steam bought": "购高压蒸汽",
        "lp steam bought": "购低压蒸汽",
        "hot water bought": "购热水",
        "chilled water bought": "购冷水",
        "emissions of gas": "天然气碳排放",
        "emissions of coal": "煤碳排放",
        "emissions of diesel": "柴油碳排放",
        "emissions of biomass": "生物质碳排放",
        "emissions of hydrogen": "外购氢碳排放",
        "most in a month": "月供应上限",
        "most in a year": "年供应上限",
    }
    kind: Literal["supply"]
    at: NodeName = Field(description="node it feeds, of any carrier but electricity")
    price: CarriedPrice = Field(description="price of what is bought")
    price_shape: FactorProfile | None = Field(
        None, description="the price over time, as a multiple of price; 1 if left out"
    )
    most: CarriedFlowCapacity | None = Field(
        None, description="most bought at a time, or the range of the connection; no limit"
    )
    most_month: CarriedAmount | None = Field(None, description="most bought in a month")
    most_year: CarriedAmount | None = Field(None, description="most bought in a year")
    emission_factor: CarriedFactor | None = Field(
        None, description="CO2 of burning what is bought; the usual one of gas, coal and diesel"
    )
    renewable: bool = Field(
        False, description="true for biomass, green hydrogen and the like: clean, and no emissions"
    )
    capex: CarriedFlowPrice | None = Field(
        None, description="connection, pipe or yard, by the most it lets through"
    )
    upkeep_share: YearlyRate = Field(
        0.02, ge=0, le=0.5, description="fixed upkeep in a year, of the investment; 0.01…0.03"
    )
    life: Years = Field(25.0, ge=1, description="years until the connection is replaced")

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Electricity is bought from the grid, whose charges and factors are its own."""
        return by_other_kinds(cls, assets, carriers, "bought", "write kind: grid")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow into the node, with its price, emissions and limits."""
        carrier = Carrier(plant.node(self.at))
        most = self._connection(plant, carrier)
        bought = plant.flow(
            "bought",
            give=carrier.node,
            cap=most,
            unit=carrier.node.unit,
            tags=self._tags(carrier),
        )
        amount = bought * carrier.hourly
        shape = 1.0 if self.price_shape is None else self.price_shape.on(plant.axis)
        price = carrier.of("price", "price", self.price) * shape
        what = carrier.node.carrier
        plant.line(f"{what} bought", amount, price, unit=carrier.amount, kind="purchase",
                   to="supplier")  # fmt: skip
        factor = self.factor(carrier)
        if factor:
            plant.emit(f"emissions of {what}", amount * factor)
        self._limit(plant, carrier, bought)

    def factor(self, carrier: Carrier) -> float:
        """CO2 of what is bought, t per amount of the carrier."""
        if self.emission_factor is not None:
            return carrier.of("emission_factor", "emission factor", self.emission_factor)
        usual = emission_of(carrier.node.carrier) if carrier.node.unit == "MW" else 0.0
        return 0.0 if self.renewable else usual

    def _tags(self, carrier: Carrier) -> set[str]:
        """What rules know the flow by: energy other than electricity, clean or not; fresh water."""
        fresh = {"water use"} if carrier.node.carrier == "water" else set()
        return {"bought", *({"renewable"} if self.renewable else ()), *fresh}

    def _connection(self, plant: Scope, carrier: Carrier) -> Affine:
        """The most that can be bought at a time, and what the means for it cost."""
        if self.most is None:
            return Affine(np.inf)
        unit = carrier.node.unit
        most = plant.capacity("most", carrier.of("most", "flow", self.most), unit=unit)
        if self.capex is not None:
            capex = carrier.of("capex", "flow price", self.capex)
            plant.invest(
                "supply connection",
                most,
                capex,
                life=self.life,
                upkeep=capex * self.upkeep_share,
                unit=unit,
            )
        return most

    def _limit(self, plant: Scope, carrier: Carrier, bought: Flow) -> None:
        """The most of a month and of a year, for as much of them as the axis covers."""
        amount = bought * carrier.hourly
        if self.most_month is not None:
            most = carrier.of("most_month", "amount", self.most_month)
            limit = most * covered(plant.axis, "month")
            plant.budget("most in a month", amount, at_most=limit, over=SPANS["month"],
                         unit=carrier.amount)  # fmt: skip
        if self.most_year is not None:
            most = carrier.of("most_year", "amount", self.most_year)
            limit = most * covered(plant.axis, "year")
            plant.budget("most in a year", amount, at_most=limit, over=SPANS["year"],
                         unit=carrier.amount)  # fmt: skip
