"""What storage is paid for being there: capacity payments by a rule pack."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.rules import Pack, load
from zeroplant.units import Hours, PowerPriceYear
from zeroplant.waist import Affine, Scope


class CapacityPayment(BaseModel):
    """A yearly payment for storage that lasts through the longest net-load peak (document 114).

    Paid is the power that can be held for the peak: ``min(power, energy / peak_hours)``. Only
    independent storage on a province's list is paid, not storage that belongs to a wind or solar
    plant; the planner must know which it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: str = Field(description="rule pack of the province, such as cn-hebei-capacity-price")
    peak_hours: Hours | None = Field(
        None, gt=0, description="longest net-load peak, if not the pack's: 4…10 h"
    )
    coal_capacity_price: PowerPriceYear | None = Field(
        None, ge=0, description="capacity price of coal plants, if not the pack's"
    )

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, said: object) -> object:
        """The name of a pack alone is the short form."""
        return {"pack": said} if isinstance(said, str) else said

    @model_validator(mode="after")
    def _can_be_paid(self) -> CapacityPayment:
        self.price(load(self.pack).in_force.year)
        return self

    def hours(self, year: int) -> float:
        """Longest net-load peak of a year, h."""
        return self._pack(year).figure("peak_hours") if self.peak_hours is None else self.peak_hours

    def price(self, year: int) -> float:
        """Money per MW and year for storage that lasts through the peak."""
        pack, peak = self._pack(year), self.hours(year)
        formulas = [formula.name for formula in pack.formulas]
        by_duration = "payment_by_duration" in formulas
        given: dict[str, Any] = {"discharge_hours": peak, "peak_hours": peak}
        if self.coal_capacity_price is not None:
            given["coal_capacity_price"] = self.coal_capacity_price
        return pack.amount("payment_by_duration" if by_duration else "payment", **given)

    def earn(self, plant: Scope, power: Affine, energy: Affine) -> None:
        """Put the payment into the ledger; power and energy may both be sizes."""
        year, years = plant.axis.year, plant.axis.years
        paid = plant.size("paid capacity")
        plant.budget("paid power", paid - power, at_most=0.0, unit="MW")
        lasting = energy * (1.0 / self.hours(year))
        plant.budget("paid duration", paid - lasting, at_most=0.0, unit="MW")
        price = self.price(year) * years
        plant.line("capacity payment", paid, price, unit="MW", kind="revenue", to="grid")

    def _pack(self, year: int) -> Pack:
        return load(self.pack).model_copy(update={"year": year})
