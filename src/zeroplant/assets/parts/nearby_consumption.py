"""The grid fee of nearby consumption: by connected capacity, not by the MWh."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.rules import load
from zeroplant.units import EnergyPrice, Fraction


class NearbyConsumption(BaseModel):
    """A grid fee by connected capacity instead of by the MWh, as document 1192 sets it.

    ``fee = volumetric_price · load_factor · 730 h`` per MW and month. The volumetric price is
    then no part of the import price any more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: str = Field("cn-nearby-consumption-1192", description="rule pack that holds the formula")
    volumetric_price: EnergyPrice = Field(
        ge=0, description="transmission and distribution price of the voltage level"
    )
    load_factor: Fraction = Field(
        description="mean load factor of the province's two-part users at 110 kV and above"
    )

    @model_validator(mode="after")
    def _has_a_fee(self) -> NearbyConsumption:
        self.fee()
        return self

    def fee(self) -> float:
        """Money per MW of connection and month."""
        figures = {"volumetric_price": self.volumetric_price, "load_factor": self.load_factor}
        return load(self.pack).fee(**figures)
