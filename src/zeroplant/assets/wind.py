"""Wind turbines: availability from the site's wind, output up to it, never below nothing."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from zeroplant.assets.base import Asset, Bought, NodeName, SiteName
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError
from zeroplant.series import FractionProfile
from zeroplant.units import EnergyPrice, Fraction, Length, PowerCapacity, Rate
from zeroplant.waist import Scope
from zeroplant.weather.site import Site
from zeroplant.weather.turbines import TurbineName, power_curve


class Wind(Asset, Bought):
    """Wind power at one site.

    Hub-height wind by the power law, density correction after IEC 61400-12-1, a power curve,
    and losses of wakes, outages and cables; or measured ``availability`` instead of all that.
    """

    title: ClassVar = ("Wind", "风电")
    kind: Literal["wind"]
    at: NodeName = Field(description="node it feeds")
    site: SiteName | None = Field(None, description="site whose wind it has; the first if left out")
    power: PowerCapacity = Field(description="rating, or the range in which to choose it")
    hub_height: Length = Field(
        100.0, gt=0, description="height of the hub above ground; 90…140 m on land"
    )
    turbine: Literal["low_wind", "medium_wind", "high_wind"] | list[tuple[float, float]] = Field(
        "medium_wind",
        description="generic power curve, or points of (m/s, power); the highest is the rating",
    )
    shear: Rate = Field(0.18, description="exponent of the wind profile; 0.14 open … 0.25 rough")
    wake: Fraction = Field(0.07, lt=1, description="loss to other turbines' wakes, 0.05…0.10")
    outage: Fraction = Field(0.03, lt=1, description="share of time out of service, 0.02…0.05")
    electrical: Fraction = Field(
        0.025, lt=1, description="loss in cables and transformers, 0.02…0.03"
    )
    availability: FractionProfile | None = Field(
        None,
        description="output per unit of rating after all losses, measured or modelled, "
        "instead of the weather",
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh")

    @field_validator("turbine")
    @classmethod
    def _is_a_curve(cls, turbine: TurbineName | list[tuple[float, float]]) -> object:
        try:
            power_curve(turbine)
        except InputError as error:
            raise ValueError(*error.problems) from None
        return turbine

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow, capped by availability times rating."""
        power = plant.capacity("power", self.power)
        plant.flow(
            "output",
            give=plant.node(self.at),
            cap=power * self.output(plant.axis, site),
            cost=self.running,
            role="generation",
            tags={"renewable", "wind"},
        )
        self.buy(plant, "wind power", power)

    @property
    def needs_weather(self) -> bool:
        """Only without a given availability."""
        return self.availability is None

    def output(self, axis: Axis, site: Site | None) -> Floats:
        """Output per unit of rating, shape (stages,)."""
        if self.availability is not None:
            return self.availability.on(axis)
        assert site is not None
        from zeroplant.weather.wind import wind_availability

        return wind_availability(
            site,
            hub_height=self.hub_height,
            turbine=self.turbine,
            shear=self.shear,
            wake=self.wake,
            outage=self.outage,
            electrical=self.electrical,
        )
