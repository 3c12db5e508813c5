"""Wind turbines: availability from the site's wind, output up to it, never below nothing."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from zeroplant.assets.parts.renewable import Renewable
from zeroplant.axis import Floats
from zeroplant.units import Fraction, Length, Rate
from zeroplant.weather.site import Site
from zeroplant.weather.turbines import TurbineName, power_curve


class Wind(Renewable):
    """Wind power at one site.

    Hub-height wind by the power law, density correction after IEC 61400-12-1, a power curve,
    and losses of wakes, outages and cables; or measured ``availability`` instead of all that.
    """

    source: ClassVar = "wind"
    title: ClassVar = ("Wind", "风电")
    kind: Literal["wind"]
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

    @field_validator("turbine")
    @classmethod
    def _is_a_curve(cls, turbine: TurbineName | list[tuple[float, float]]) -> object:
        power_curve(turbine)
        return turbine

    def from_weather(self, site: Site) -> Floats:
        """Output per unit of rating, shape (stages,)."""
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
