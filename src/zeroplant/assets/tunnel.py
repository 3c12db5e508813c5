"""Road tunnel: light that follows the day and the traffic, fans that follow the traffic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, ElectricNode, SiteName
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.session_sources import FREQUENCY
from zeroplant.axis import Axis, Floats
from zeroplant.series import FractionProfile, Profile
from zeroplant.units import EnergyPrice, Fraction, Power, Quantity, Rate
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Irradiance = Annotated[float, Quantity("W/m2", gt=0)]
QUIET, BUSY = 350.0, 1200.0
"""Vehicles per hour and lane between which the light of the entrance may be reduced (JTG/T
D70/2-01-2014, one-way traffic; medium confidence)."""


class Tunnel(Asset):
    """A road tunnel: basic lighting, entrance lighting and ventilation.

    Entrance lighting keeps a share of the luminance L20 that drivers see outside, so it follows
    the sun: full at an irradiance of ``bright``, none at night; with little traffic (350 vehicles
    per hour and lane or less, against 1,200) a lower share is enough (``quiet``). Basic lighting
    burns always. Fans bring air against exhaust: their number on follows
    (traffic / ``design_traffic``) to the power ``fan_exponent``, above ``least_fans``. Of the
    light, ``dimmable`` may be spared in any period for a price, in no purse but a cost of comfort.
    Typical of LED tunnels: basic 3…6 kW per km and tube, entrances 20…60 kW per portal, jet fans
    30 kW each, 4…8 per km where more than about 3 km long (order of magnitude, low confidence).
    """

    title: ClassVar = ("Tunnel", "公路隧道")
    chinese: ClassVar = {
        "basic": "基本照明", "entrance": "入口加强照明", "bright": "加强照明满额辐照度",
        "daylight": "洞外亮度系数", "vehicles": "交通量", "traffic_lanes": "车道数",
        "quiet": "低交通量照明折减", "fans": "通风装机", "design_traffic": "设计交通量",
        "fan_exponent": "风机指数",
        "least_fans": "最小通风比例", "dimmable": "可调光比例", "dimming": "调光代价",
        ".fans": "通风用电", "light": "照明", "dimmed": "调光", "dimmed light": "调光",
    }  # fmt: skip
    kind: Literal["tunnel"]
    at: ElectricNode = Field(description="node it draws from")
    site: SiteName | None = Field(None, description="site whose daylight it has; the first without")
    basic: Power = Field(ge=0, description="basic lighting of all tubes, always on")
    entrance: Power = Field(0.0, ge=0, description="entrance lighting of all portals, full")
    bright: Irradiance = Field(
        800.0, description="global irradiance at which entrance lighting is full"
    )
    daylight: FractionProfile | None = Field(
        None, description="outside luminance per unit of the brightest, instead of the weather"
    )
    vehicles: Annotated[Profile, FREQUENCY] = Field(description="vehicles per hour, all lanes")
    traffic_lanes: int = Field(4, ge=1, description="lanes the traffic is spread over")
    quiet: Fraction = Field(
        0.7, description="entrance lighting with little traffic per that with much"
    )
    fans: Power = Field(0.0, ge=0, description="rating of all fans")
    design_traffic: Rate = Field(3000.0, gt=0, description="vehicles per hour that need all fans")
    fan_exponent: Rate = Field(
        2.0, gt=0, description="thrust grows with the square of the air's speed; 1…3"
    )
    least_fans: Fraction = Field(0.0, description="share of the fans that runs always")
    dimmable: Fraction = Field(0.3, description="share of the light that may be spared; 0.2…0.4")
    dimming: EnergyPrice = Field(1_000.0, ge=0, description="price of light that is spared")
    unserved: EnergyPrice = Field(UNSERVED_PRICE, gt=0, description="price of energy it lacks")

    @model_validator(mode="after")
    def _light_is_needed_for_the_entrance(self) -> Tunnel:
        if not (self.basic or self.entrance or self.fans):
            message = "the tunnel needs no power: give 'basic', 'entrance' or 'fans'"
            raise ValueError(message)
        return self

    @property
    def needs_weather(self) -> bool:
        """Only for entrance lighting without a given daylight."""
        return self.entrance > 0 and self.daylight is None

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Light of which some may be spared, fans, and what is lacking."""
        node, axis = plant.node(self.at), plant.axis
        light, fans = self.light(axis, site), self.ventilation(axis)
        plant.flow("light", take=node, fixed=light, role="load")
        plant.flow("fans", take=node, fixed=fans, role="load")
        dimmed = plant.flow("dimmed", give=node, cap=self.dimmable * light, role="unserved",
                            tags={"agreed"})  # fmt: skip
        plant.line("dimmed light", dimmed, self.dimming, kind="penalty")
        rest = light * (1 - self.dimmable) + fans
        unserved = plant.flow("unserved", give=node, cap=rest, role="unserved")
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")

    def light(self, axis: Axis, site: Site | None) -> Floats:
        """Power of the lighting [MW], shape (stages,)."""
        if not self.entrance:
            return np.full(axis.stages, self.basic)
        if self.daylight is not None:
            outside = self.daylight.on(axis)
        else:
            assert site is not None
            outside = np.clip(site.weather.ghi / self.bright, 0.0, 1.0)
        per_lane = self.vehicles.on(axis) / self.traffic_lanes
        busy = np.clip((per_lane - QUIET) / (BUSY - QUIET), 0.0, 1.0)
        reduced = self.quiet + (1 - self.quiet) * busy
        return np.asarray(self.basic + self.entrance * outside * reduced, dtype=float)

    def ventilation(self, axis: Axis) -> Floats:
        """Power of the fans [MW], shape (stages,)."""
        share = np.minimum(self.vehicles.on(axis) / self.design_traffic, 1.0) ** self.fan_exponent
        return np.asarray(self.fans * np.maximum(share, self.least_fans), dtype=float)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Energy of light and fans in a year, and the share of light that is spared."""
        years = plant.axis.years
        light, fans, dimmed = (
            solution.total(plant.flow_named(name)) / years for name in ("light", "fans", "dimmed")
        )
        yield Finding("light", light, "MWh/a", ("Lighting, before dimming", "照明用电（调光前）"))
        yield Finding("fans", fans, "MWh/a", ("Ventilation", "通风用电"))
        share = dimmed / light if light else 0.0
        yield Finding("dimmed", share, "1", ("Light that is dimmed", "调光电量占照明比例"))
