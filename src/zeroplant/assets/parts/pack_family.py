"""Pack families: battery packs of one standard, which a swap station keeps for its trucks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import JsonSchemaValue

from zeroplant.errors import InputError, Problem
from zeroplant.series import Constant, FractionProfile, Profile, ProfileOf
from zeroplant.transport.packs import PackClasses
from zeroplant.units import (
    Capacity,
    Energy,
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Power,
    Quantity,
    Rate,
    SizeRange,
    Years,
    parse,
)

CountCapacity = Annotated[float | SizeRange, Capacity("1")]
"""A number of things, or a range in which to choose it; with ``step: 1`` whole things only."""


@dataclass(frozen=True)
class PerHour(Quantity):
    """A number per hour, written ``5`` or ``5 1/h``, or with another time: ``120 1/d``."""

    def read(self, value: object, *, currency: str = "CNY", strict: bool = False) -> float:
        """A number per hour. Raises InputError."""
        if isinstance(value, str):
            text = " ".join(value.split())[:40]
            try:
                value = parse(value, "1/h" if "/" in value else "1", currency=currency)
            except InputError:
                what = f"'{text}' is not a number per hour"
                instead = "write one such as 5 or '5 1/h'"
                raise InputError(Problem(what, instead=instead)) from None
        return super().read(value, currency=currency, strict=strict)

    def described(self) -> JsonSchemaValue:
        """JSON schema: a number, or text with a unit of time."""
        words = {"description": "a number per hour", "examples": [5, "5 1/h"]}
        return {"type": ["number", "string"], **words}


class PerHourProfile(ProfileOf):
    """Marks a field as numbers per hour over time; the values of files need no unit."""

    def _quantity(self) -> Quantity:
        return PerHour(self.unit, ge=self.ge, le=self.le)


TrucksProfile = Annotated[Profile, PerHourProfile("1", ge=0)]


class PackFamily(BaseModel):
    """Packs of one standard at a station: how many it keeps, what they cost, who comes for them.

    Pack standards are not interchangeable (CATL Qiji #75, Qiyuan, Haonenghui): a truck takes packs
    of its own family, and of others only if they say that they fit it (``also_fits``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    energy: Energy = Field(gt=0, description="energy of a pack on its plate; 141…600 kWh")
    count: CountCapacity = Field(
        description="packs the station keeps for its trucks, beside those in the trucks; one for "
        "every 3…7 trucks"
    )
    soc_min: Fraction = Field(0.15, description="state of charge at which a pack counts as empty")
    soc_max: Fraction = Field(0.95, description="state of charge at which a pack is full")
    charge_limit: Power | None = Field(
        None, gt=0, description="most power a pack takes, if less than a charger gives"
    )
    trucks: TrucksProfile | None = Field(
        None,
        description="trucks per hour that come by themselves, as 5 or '5 1/h'; left out, a road "
        "brings them",
    )
    charge_on_arrival: FractionProfile = Field(
        Constant(0.25),
        validate_default=True,
        description="state of charge with which these trucks come, from soc_min to soc_max; "
        "0.2…0.4",
    )
    also_fits: list[str] = Field(
        default=[], description="other families whose trucks may take these packs too"
    )
    capex: EnergyCapacityPrice = Field(
        0.0, ge=0, description="purchase per MWh on the plate; 0.9…1.25 CNY/Wh in 2025"
    )
    life: Years = Field(8.0, ge=1, description="years until a pack is replaced for its age")
    cycle_life: Rate | None = Field(
        None,
        gt=0,
        description="full cycles until a pack is worn; from it and capex comes what is set aside "
        "per MWh charged. For who owns the packs in the trucks too; 3 000…4 000",
    )
    wear: EnergyPrice | None = Field(
        None, ge=0, description="set aside per MWh charged, instead of cycle_life"
    )

    @field_validator("charge_on_arrival")
    @classmethod
    def _in_the_window(cls, charge: Profile, info: ValidationInfo) -> Profile:
        """Classes of charge know nothing outside their window: energy there would be for free."""
        said: dict[str, Any] = info.data
        if said.get("trucks") is None or not {"soc_min", "soc_max"} <= said.keys():
            return charge
        low, high = said["soc_min"], said["soc_max"]
        if low >= high:
            return charge  # told of itself
        if charge.constant is not None and not low <= charge.constant <= high:
            name, side = ("soc_min", "below") if charge.constant < low else ("soc_max", "above")
            what = f"{charge.constant:g} is {side} '{name}', {said[name]:g}"
            instead = f"write one from {low:g} to {high:g}, or another '{name}'"
            raise ValueError(Problem(what, instead=instead))
        return replace(charge, lowest=low, highest=high)

    @model_validator(mode="after")
    def _consistent(self) -> PackFamily:
        message = ""
        if self.soc_min >= self.soc_max:
            message = f"'soc_min' {self.soc_min:g} is not below 'soc_max' {self.soc_max:g}"
        elif self.cycle_life is not None and self.wear is not None:
            message = "give either 'cycle_life' or 'wear'"
        elif self.cycle_life is not None and not self.capex:
            message = "'cycle_life' sets aside a share of 'capex'; give 'capex' too"
        if message:
            raise ValueError(message)
        return self

    @property
    def wear_price(self) -> float:
        """Money set aside per MWh charged into a pack."""
        if self.cycle_life is not None:
            return self.capex / self.cycle_life
        return self.wear or 0.0

    def classes(self, count: int) -> PackClasses:
        """Levels of charge in which packs are counted."""
        return PackClasses(count, self.soc_min, self.soc_max)

    def power(self, charger: float) -> float:
        """MW a pack takes from a charger."""
        return charger if self.charge_limit is None else min(charger, self.charge_limit)
