"""What wind and sun share: output up to what the weather, or a measured series, makes available."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field

from zeroplant.assets.base import Asset, Bought, ElectricNode, SiteName
from zeroplant.axis import Axis, Floats
from zeroplant.series import FractionProfile
from zeroplant.units import EnergyPrice, PowerCapacity
from zeroplant.waist import Scope
from zeroplant.weather.site import Site


class Renewable(Asset, Bought):
    """A generator that runs on weather and may be curtailed."""

    source: ClassVar[str]
    """What drives it, as rules and reports call it: wind, solar."""

    at: ElectricNode = Field(description="node it feeds")
    site: SiteName | None = Field(
        None, description="site whose weather it has; the first if left out"
    )
    power: PowerCapacity = Field(description="rating, or the range in which to choose it")
    availability: FractionProfile | None = Field(
        None,
        description="output per unit of rating after all losses, measured or modelled, "
        "instead of the weather",
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh")

    @property
    def needs_weather(self) -> bool:
        """Only without a given availability."""
        return self.availability is None

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow, capped by availability times rating."""
        power = plant.capacity("power", self.power)
        plant.flow(
            "output",
            give=plant.node(self.at),
            cap=power * self.output(plant.axis, site),
            cost=self.running,
            role="generation",
            tags={"renewable", self.source},
        )
        self.buy(plant, f"{self.source} power", power)

    def output(self, axis: Axis, site: Site | None) -> Floats:
        """Output per unit of rating, shape (stages,)."""
        if self.availability is not None:
            return self.availability.on(axis)
        assert site is not None
        return self.from_weather(site)

    @abstractmethod
    def from_weather(self, site: Site) -> Floats:
        """Output per unit of rating from the site's weather, shape (stages,)."""
