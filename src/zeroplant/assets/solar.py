"""Photovoltaics: on racks, trackers, roofs, and coloured on façades."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.parts.renewable import Renewable
from zeroplant.axis import Floats
from zeroplant.units import Angle, Fraction, PowerCapacity, Quantity, Rate
from zeroplant.weather.site import Site

AreaPrice = Annotated[float, Quantity("money/m2")]
PowerDensity = Annotated[float, Quantity("MW/m2")]
Mounting = Literal["open_rack", "roof", "facade"]
Colour = Literal[
    "none", "anthracite", "grey", "terracotta", "green", "blue", "light_white", "photonic"
]


class Cladding(BaseModel):
    """What modules cost as the skin of a building, where they take the place of another skin.

    Only the difference is an investment of the plant. It is paid per DC rating, which colour
    does not change.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    module: AreaPrice = Field(ge=0, description="coloured modules, mounted; 800…2 000 CNY/m²")
    replaces: AreaPrice = Field(
        0.0, ge=0, description="the skin they replace; curtain wall 600…1 500 CNY/m²"
    )
    density: PowerDensity = Field(
        1.8e-4, gt=0, description="DC rating per area before colour; 150…220 W/m²"
    )

    @model_validator(mode="after")
    def _costs_something(self) -> Cladding:
        if self.replaces > self.module:
            message = "the modules cost less than the skin they replace; write 'replaces' as much"
            raise ValueError(message)
        return self

    @property
    def per_power(self) -> float:
        """Additional cost per MW of DC rating."""
        return (self.module - self.replaces) / self.density


class Solar(Renewable):
    """Photovoltaics at one site; ``power`` is the DC rating, output is AC.

    Irradiance on the plane, cell temperature, modules and inverter through pvlib; ``colour`` and
    ``mounting: facade`` say building-integrated modules. Or measured ``availability`` instead.
    """

    source: ClassVar = "solar"
    title: ClassVar = ("Solar", "光伏")
    kind: Literal["solar"]
    power: PowerCapacity = Field(description="DC rating (MWp), or the range in which to choose it")
    tilt: Angle | None = Field(
        None,
        ge=0,
        le=90,
        description="from the horizontal; left out: 30°, on a façade 90°, on a tracker 0°",
    )
    azimuth: Angle = Field(
        180.0, ge=0, lt=360, description="clockwise from north; 180 is south (a tracker's axis too)"
    )
    tracking: Literal["none", "single_axis"] = Field("none", description="fixed, or one axis")
    mounting: Mounting = Field(
        "open_rack", description="how the back is ventilated; a façade runs 10–20 K hotter"
    )
    colour: Colour | Fraction = Field(
        "none",
        description="colour of the glass, or the share of power that stays: light_white 0.63, "
        "terracotta, green, blue 0.83, grey, anthracite 0.90, photonic 0.93",
    )
    bifacial_gain: Fraction = Field(0.0, description="light added by the rear side, 0.03…0.10")
    temperature_coefficient: Rate = Field(
        -0.0029, lt=0, description="per K: −0.0029 TOPCon, −0.0026 HJT, −0.0035 PERC"
    )
    losses: Fraction = Field(
        0.11, lt=1, description="soiling, wiring, mismatch, outage; reflection is counted apart"
    )
    dc_ac: Rate = Field(1.2, gt=0, description="DC rating over inverter rating, 1.1…1.4")
    cladding: Cladding | None = Field(
        None, description="cost by area less the skin it replaces, instead of capex"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Solar:
        message = ""
        if self.cladding is not None and self.capex:
            message = "give either 'capex' or 'cladding'"
        elif self.tracking != "none" and self.mounting != "open_rack":
            message = f"modules on a {self.mounting} do not track; leave 'tracking' out"
        if message:
            raise ValueError(message)
        return self

    @property
    def overnight(self) -> float:
        """What a MW of DC rating costs to buy."""
        return self.capex if self.cladding is None else self.cladding.per_power

    @property
    def _tilt(self) -> float:
        if self.tilt is not None:
            return self.tilt
        if self.tracking != "none":
            return 0.0
        return 90.0 if self.mounting == "facade" else 30.0

    def from_weather(self, site: Site) -> Floats:
        """Output per unit of rating, shape (stages,)."""
        from zeroplant.weather.solar import solar_availability

        return solar_availability(
            site,
            tilt=self._tilt,
            azimuth=self.azimuth,
            tracking=None if self.tracking == "none" else self.tracking,
            mounting=self.mounting,
            colour=self.colour,
            bifacial_gain=self.bifacial_gain,
            temperature_coefficient=self.temperature_coefficient,
            losses=self.losses,
            dc_ac=self.dc_ac,
        )
