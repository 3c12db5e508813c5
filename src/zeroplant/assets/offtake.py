"""Offtake: a carrier sold to outside or delivered because it must be, at any node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, NodeName
from zeroplant.assets.parts.carrier import Carrier, by_other_kinds
from zeroplant.assets.parts.spans import SPANS, Per, covered
from zeroplant.errors import InputError, Problem
from zeroplant.series import FactorProfile, RateProfile
from zeroplant.units.amount import Amount
from zeroplant.units.carried import CarriedAmount, CarriedFlow, CarriedPrice
from zeroplant.waist import Affine, Scope
from zeroplant.weather.site import Site


class Contract(BaseModel):
    """An amount agreed for each day, month or year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    per: Per = Field(description="what the amounts are agreed by: day, month or year")
    amount: CarriedAmount = Field(Amount(0.0), description="least the buyer is promised")
    shortfall: CarriedPrice = Field(
        Amount(0.0), description="paid to the buyer for what is missing of it"
    )
    most: CarriedAmount | None = Field(None, description="most the buyer takes; no limit")

    @model_validator(mode="after")
    def _means_something(self) -> Contract:
        message = ""
        if self.amount.value and self.shortfall.value <= 0:
            message = "a promised 'amount' needs the price of missing it; give 'shortfall'"
        elif not self.amount.value and self.most is None:
            message = "a contract needs 'amount' or 'most'; give one of them"
        if message:
            raise ValueError(message)
        return self


class Offtake(Asset):
    """Hydrogen, ammonia, steam, heat: whatever a node carries, sold or delivered.

    ``least`` must be delivered at every moment; what cannot be is missing at the price
    ``unserved``, so no plant fails because of weather. Up to ``most`` the buyer takes more if it
    is offered; without ``least`` and ``most`` the buyer takes all there is. A contract by the day,
    month or year comes on top, with damages for what is missing.
    """

    title: ClassVar = ("Offtake", "产品外售")
    chinese: ClassVar[Mapping[str, str]] = {
        "price_shape": "价格曲线",
        "least": "最低交付流量",
        "most": "流量上限",
        "shape": "时间曲线",
        "contract": "供货合同",
        "contract.per": "合同周期",
        "contract.amount": "合同量",
        "contract.shortfall": "短供赔偿价",
        "contract.most": "合同上限",
        "must": "必供量",
        "sold": "外售量",
        "shortfall": "合同短供量",
        "contract most": "合同上限",
        "missing delivery": "缺供",
        "damages": "短供赔偿",
        "{} sold": "售{}",
        "hydrogen sold": "售氢",
        "ammonia sold": "售氨",
        "methanol sold": "售甲醇",
        "heat sold": "售热",
        "hp steam sold": "售高压蒸汽",
        "lp steam sold": "售低压蒸汽",
        "hot water sold": "售热水",
        "chilled water sold": "售冷水",
        "water sold": "售水",
        "gas sold": "售燃气",
        "co2 sold": "售二氧化碳",
    }
    kind: Literal["offtake"]
    at: NodeName = Field(description="node it draws from, of any carrier but electricity")
    price: CarriedPrice = Field(Amount(0.0), description="what the buyer pays")
    price_shape: FactorProfile | None = Field(
        None, description="the price over time, as a multiple of price; 1 if left out"
    )
    least: CarriedFlow | None = Field(None, description="must be delivered at every moment")
    most: CarriedFlow | None = Field(
        None, description="most the buyer takes at a time; 'least' if that is given, else no limit"
    )
    shape: RateProfile | None = Field(
        None, description="'least' and 'most' over time, as multiples of themselves; 1"
    )
    unserved: CarriedPrice | None = Field(
        None, description="price of what is missing of 'least', in no purse; needed with it"
    )
    contract: Contract | None = Field(None, description="amounts agreed by the day, month or year")

    @model_validator(mode="after")
    def _priced(self) -> Offtake:
        missed = 0.0 if self.unserved is None else self.unserved.value
        if self.least is not None and self.least.value and missed <= 0:
            message = "'least' must be delivered; give 'unserved', the price of missing it"
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Electricity is sold to a demand or the grid, which rules know by their roles."""
        return by_other_kinds(cls, assets, carriers, "sold", "write kind: demand or kind: grid")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """A fixed flow that must be, less what is missing, and a free one beyond it."""
        carrier = Carrier(plant.node(self.at))
        node, unit = carrier.node, carrier.node.unit
        shape = 1.0 if self.shape is None else self.shape.on(plant.axis)
        least = 0.0 if self.least is None else carrier.of("least", "flow", self.least)
        served = Affine(0.0)
        if least:
            assert self.unserved is not None
            must = plant.flow("must", take=node, fixed=least * shape, unit=unit, role="load")
            missing = plant.flow(
                "unserved", give=node, cap=least * shape, unit=unit, role="unserved"
            )
            price = carrier.of("unserved", "price", self.unserved)
            plant.line("missing delivery", missing * carrier.hourly, price, unit=carrier.amount,
                       kind="penalty")  # fmt: skip
            served = must - missing
        most = self._most(carrier, least)
        if most > least:
            beyond = most - least if np.isinf(most) else (most - least) * shape
            sold = plant.flow("sold", take=node, cap=beyond, unit=unit, tags={"sold"})
            served = served + sold
        self._earn(plant, carrier, served)

    def _most(self, carrier: Carrier, least: float) -> float:
        """Most the buyer takes at a time, in the node's unit."""
        if self.most is None:
            return least if self.least is not None else np.inf
        most = carrier.of("most", "flow", self.most)
        if most < least:
            what = f"'most' {self.most} is less than 'least' {self.least}"
            raise InputError(Problem(what, instead="exchange the two"))
        return most

    def _earn(self, plant: Scope, carrier: Carrier, served: Affine) -> None:
        """What the buyer pays, and what is agreed with him."""
        amount, price = served * carrier.hourly, carrier.of("price", "price", self.price)
        if price:
            shape = 1.0 if self.price_shape is None else self.price_shape.on(plant.axis)
            plant.line(f"{carrier.node.carrier} sold", amount, price * shape, unit=carrier.amount,
                       kind="revenue", to="buyer")  # fmt: skip
        if self.contract is not None:
            self._keep(plant, carrier, amount, self.contract)

    def _keep(self, plant: Scope, carrier: Carrier, amount: Affine, agreed: Contract) -> None:
        """At least the promised amount or damages, at most what the buyer takes."""
        unit, span = carrier.amount, SPANS[agreed.per]
        parts = covered(plant.axis, agreed.per)
        least = carrier.of("contract.amount", "amount", agreed.amount) * parts
        if least.any():
            short = plant.size("shortfall", over=span, unit=unit)
            plant.budget("contract", amount + short, at_least=least, over=span, unit=unit)
            weight = plant.axis.share_over(span)
            price = carrier.of("contract.shortfall", "price", agreed.shortfall)
            plant.line("damages", short * weight, price, unit=unit, to="buyer")
        if agreed.most is not None:
            most = carrier.of("contract.most", "amount", agreed.most) * parts
            plant.budget("contract most", amount, at_most=most, over=span, unit=unit)
