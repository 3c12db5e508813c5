"""Grid: the connection to the public grid, its tariffs, and what its power emits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from zeroplant.assets.base import Asset, Bought, ElectricNode
from zeroplant.assets.parts.direction import one_at_a_time
from zeroplant.assets.parts.months import month_shares
from zeroplant.assets.parts.nearby_consumption import NearbyConsumption
from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.rules import factor, load
from zeroplant.series import EmissionFactorProfile, EnergyPriceProfile
from zeroplant.units import EnergyPrice, Power, PowerCapacity, PowerPriceMonth
from zeroplant.waist import Affine, Flow, Scope
from zeroplant.waist.words import Deferred
from zeroplant.weather.site import Site

HORIZON = 60
"""Years within which the end of an exemption is looked for."""


def charge_left(pack: str, charge: float, year: int) -> float:
    """What a rule pack leaves of a demand or capacity charge in a year.

    Raises InputError for a pack that exempts nothing.
    """
    rule = load(pack)
    if "charge" not in {formula.name for formula in rule.formulas}:
        raise InputError(
            Problem(f"'{pack}' exempts nothing", instead="write cn-charging-exemption")
        )
    return rule.amount("charge", charge=charge, year=float(year))


class Grid(Asset, Bought):
    """The public grid at one node, through a connection of given or chosen size.

    Prices are flat, by time of use, or hourly. A two-part tariff has either ``demand_charge``
    (on each month's highest import) or ``capacity_charge`` (on the connection). Emissions of
    imported power are location-based, green power or not: ``emission_factor``, or the published
    factor of a ``region``. MVA of connection count as MW.

    An ``exemption`` waives these charges in the plan's year. The plan is made for that year, so
    the charges that come back after the rule's last year are in the cash flow only.
    """

    asset_class: ClassVar = "grid"
    title: ClassVar = ("Grid", "电网")
    chinese: ClassVar[Mapping[str, str]] = {
        "demand charge after its exemption": "免收期满后的需量电费",
        "capacity charge after its exemption": "免收期满后的容量电费",
    }
    kind: Literal["grid"]
    at: ElectricNode = Field(description="node where it is connected")
    connection: PowerCapacity = Field(description="size of the connection, both ways")
    import_price: EnergyPriceProfile = Field(description="price of imported energy")
    levies: EnergyPrice = Field(
        0.0, description="added per MWh imported: system operation fee, funds, cross-subsidy"
    )
    green_premium: EnergyPrice | None = Field(
        None, description="added for green power bought over the grid; without it none is bought"
    )
    export_price: EnergyPriceProfile | None = Field(
        None, description="paid for exported energy; without it nothing is exported"
    )
    export_limit: Power | None = Field(None, ge=0, description="highest export")
    one_direction: bool = Field(
        False, description="true: never import and export at once, for high export prices (slow)"
    )
    demand_charge: PowerPriceMonth = Field(
        0.0, ge=0, description="per MW of each month's highest import; 30…45 CNY/kW/month"
    )
    capacity_charge: PowerPriceMonth = Field(
        0.0, ge=0, description="per MW of the connection; 20…35 CNY/kW/month"
    )
    exemption: str | None = Field(
        None,
        description="rule pack by which a connection for charging, swapping or ships alone pays "
        "no demand or capacity charge while the rule lasts: cn-charging-exemption, "
        "cn-shore-power-exemption",
    )
    nearby_consumption: NearbyConsumption | None = Field(
        None, description="grid fee by connected capacity (document 1192)"
    )
    emission_factor: EmissionFactorProfile | None = Field(None, description="tCO2 per MWh imported")
    region: str | None = Field(
        None, description="grid region or province whose published factor holds, such as East"
    )
    factor_year: int | None = Field(None, description="year of the published factor; the newest")
    meter: Literal["dlt645"] | None = Field(
        None, description="what the meter at the connection speaks, in the twin; Modbus if left out"
    )

    @field_validator("region")
    @classmethod
    def _known(cls, region: str | None) -> str | None:
        if region is not None:
            factor(region, None)
        return region

    @field_validator("exemption")
    @classmethod
    def _exempts(cls, pack: str | None) -> str | None:
        if pack is not None:
            charge_left(pack, 0.0, 2026)
        return pack

    @model_validator(mode="after")
    def _one_of_two(self) -> Grid:
        if self.demand_charge and self.capacity_charge:
            message = "a two-part tariff has 'demand_charge' or 'capacity_charge', not both"
            raise ValueError(message)
        if (self.emission_factor is None) == (self.region is None):
            message = "give either 'emission_factor' or 'region'"
            raise ValueError(message)
        if self.region is not None:
            factor(self.region, self.factor_year)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Import and export flows capped by the connection, with their charges."""
        node = plant.node(self.at)
        connection = plant.capacity("connection", self.connection)
        price = self.import_price.on(plant.axis) + self.levies
        demand_charge = self._left(plant, self.demand_charge)
        most = (
            self._month_by_month(plant, connection, demand_charge) if demand_charge else connection
        )
        power = plant.flow("import", give=node, cap=most, role="import")
        imports = power.affine()
        if self.green_premium is not None:
            green = plant.flow("green import", give=node, cap=most, role="import", tags={"green"})
            imports = imports + green
            plant.budget("import of both", imports - most, at_most=0.0, over="period", unit="MW")
            plant.line("green power premium", green, self.green_premium, kind="purchase", to="grid")
        plant.line("energy bought", imports, price, kind="purchase", to="grid")
        if self.export_price is not None:
            sold = self._export(plant, connection, price)
            if self.one_direction:
                one_at_a_time(plant, "importing", imports, sold, self.connection)
        self._charge_for_capacity(plant, connection)
        self._defer(plant, "demand charge", imports, self.demand_charge)
        self._defer(plant, "capacity charge", connection, self.capacity_charge)
        plant.emit("emissions of imported power", imports * self.emissions(plant))
        self.buy(plant, "grid connection", connection)

    def emissions(self, plant: Scope) -> float | Floats:
        """Emission factor of imported power, tCO2/MWh."""
        if self.emission_factor is not None:
            return self.emission_factor.on(plant.axis)
        assert self.region is not None
        return factor(self.region, self.factor_year).value

    def _left(self, plant: Scope, charge: float) -> float:
        """A demand or capacity charge, unless the connection is exempt in the plant's year."""
        return charge_left(self.exemption, charge, plant.axis.year) if self.exemption else charge

    def _defer(self, plant: Scope, what: str, power: Affine, charge: float) -> None:
        """Put a charge that the exemption waives now where the cash flow finds it."""
        if self.exemption is None or not charge or self._left(plant, charge):
            return
        for year in range(plant.axis.year + 1, plant.axis.year + 1 + HORIZON):
            left = charge_left(self.exemption, charge, year)
            if left:
                later = Deferred(plant.who, f"{what} after its exemption", power, left, year)
                plant.network.deferred.append(later)
                return

    def _month_by_month(self, plant: Scope, connection: Affine, charge: float) -> Affine:
        """Each month's highest import, chosen within the connection and paid by the month."""
        peak = plant.size("monthly peak", over="month")
        plant.budget("peak within connection", peak - connection, at_most=0.0, over="month",
                     unit="MW")  # fmt: skip
        plant.line(
            "demand charge",
            peak * month_shares(plant.axis),
            charge,
            unit="MW·month",
            kind="charge",
            to="grid",
        )
        return peak.affine()

    def _charge_for_capacity(self, plant: Scope, connection: Affine) -> None:
        """Charges by the size of the connection, for as many months as the axis is long."""
        months = 12 * plant.axis.years
        fees = {"capacity charge": self._left(plant, self.capacity_charge)}
        if self.nearby_consumption is not None:
            fees["grid fee by capacity"] = self.nearby_consumption.fee()
        for what, fee in fees.items():
            if fee:
                plant.line(what, connection, fee * months, unit="MW", kind="charge", to="grid")

    def _export(self, plant: Scope, connection: Affine, import_price: Floats) -> Flow:
        assert self.export_price is not None
        price = self.export_price.on(plant.axis)
        if not self.one_direction:
            self._refuse_circles(plant, price, import_price)
        limit = np.inf if self.export_limit is None else self.export_limit
        cap = connection if connection.terms else Affine(np.minimum(connection.constant, limit))
        sold = plant.flow("export", take=plant.node(self.at), cap=cap, role="export")
        if connection.terms and self.export_limit is not None:
            plant.budget("export limit", sold, at_most=limit, over="period", unit="MW")
        plant.line("energy exported", sold, price, kind="revenue", to="grid")
        return sold

    def _refuse_circles(self, plant: Scope, price: Floats, import_price: Floats) -> None:
        """One meter cannot import and export at once; a linear plan would, if it paid."""
        gain = np.flatnonzero(price > import_price)
        if gain.size:
            when = str(plant.axis.local[gain[0] % plant.axis.periods]).replace("T", " ")[:16]
            what = (
                f"exported energy earns more than imported energy costs in {gain.size} periods, "
                f"first at {when}; the plant would trade in circles"
            )
            instead = "write one_direction: true (a slower plan), or change one of the two prices"
            raise InputError(Problem(what, instead=instead))
