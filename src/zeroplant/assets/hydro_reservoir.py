"""Reservoir hydro: water kept for days or seasons, whose head falls as it is used."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.parts import curves
from zeroplant.assets.parts.reservoir_head import HeldEnergy
from zeroplant.assets.parts.water import HM3, Waterworks
from zeroplant.assets.run_of_river import TailWater
from zeroplant.units import Fraction, Length, Volume
from zeroplant.waist import Affine, Flow, Scope, Store
from zeroplant.weather.site import Site

Levels = Annotated[
    list[tuple[Volume, Length]],
    Field(
        min_length=2,
        description="points of (water held, level) between the lowest and the highest level in use",
    ),
]


class HydroReservoir(Waterworks):
    """A dam with a reservoir: inflow, turbines, spill, least flow, ramps.

    ``P = 9.81e-3·efficiency·Q·(level(V) − tail_water(Q))``. The level is straight between the
    points of ``levels``, whose first and last bound the water in use. How the product of flow and
    level becomes linear, and what that costs, is said in `HeldEnergy`; the tail water's part
    ``Q·(tail_water(Q) − tail_water(0))`` is convex and cut into chords that lie above it.
    """

    title: ClassVar = ("Reservoir hydro", "水库水电")
    kind: Literal["hydro_reservoir"]
    levels: Levels
    tail_water: TailWater
    start: Fraction | None = Field(
        None, description="how full the range is at first; as at the end if left out"
    )
    end: Fraction | None = Field(None, description="wish: how full it is at the end, at least")

    @model_validator(mode="after")
    def _levels_rise_above_the_tail_water(self) -> HydroReservoir:
        if not curves.is_rising(self.levels):
            message = "the points of 'levels' must be ordered: more water, no lower level"
            raise ValueError(message)
        if not curves.is_rising(self.tail_water):
            message = "the points of 'tail_water' must be ordered: more flow, no lower level"
            raise ValueError(message)
        if self.levels[0][1] <= float(curves.at(self.tail_water, self.turbine_flow)):
            message = "the lowest of 'levels' must be above the tail water of full turbines"
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """The reservoir, and its energy beside its water."""
        turbined, output = self.turbines(plant, self.turbine_flow)
        spilled = self.passing(plant, "spilled", role="spill")
        lowest, highest = self.levels[0][0], self.levels[-1][0]
        room = (highest - lowest) / 1e6
        stored = self.fill(plant, "reservoir", [turbined, spilled], room, self.start)
        gross = self._above_tail_losses(plant, output, turbined)
        held = HeldEnergy(self.falling, self.heads(), self.turbine_flow)
        held.tie(plant, stored, gross, turbined=turbined)
        inflow = self.inflow.on(plant.axis)
        drawn = [flow for flow in stored.drain if flow not in (turbined, spilled)]
        held.account(plant, stored, gross, spilled=spilled, inflow=inflow, drawn=drawn)
        self.wishes(plant, [turbined, spilled])
        if self.end is not None:
            self._fill_at_end(plant, stored, self.end * room)

    def heads(self) -> list[tuple[float, float]]:
        """The curve of (hm³ above the lowest level, m of head with still tail water)."""
        still = float(curves.at(self.tail_water, 0.0))
        lowest = self.levels[0][0]
        return [((volume - lowest) / 1e6, level - still) for volume, level in self.levels]

    def _above_tail_losses(self, plant: Scope, output: Flow, turbined: Flow) -> Flow:
        """The power before the tail water's rise; the output itself where that never rises."""
        flow = np.linspace(0.0, self.turbine_flow, curves.GRID)
        rise = curves.at(self.tail_water, flow) - curves.at(self.tail_water, 0.0)
        if not rise.any():
            return output
        gross = plant.flow("gross power", tags={"account"})
        gain = curves.concave_pieces(flow, -self.falling * flow * rise, 3)
        for number, (slope, constant) in enumerate(zip(gain.slope, gain.constant, strict=True), 1):
            short = output - gross - turbined * slope
            plant.budget(f"tail water {number}", short, at_most=constant, over="period", unit="MW")
        return gross

    def _fill_at_end(self, plant: Scope, stored: Store, least: float) -> None:
        """The level at the end of each chain, as a wish."""
        axis = plant.axis
        last = np.arange(axis.stages) % axis.periods == axis.periods - 1
        limit = np.where(last, least / (HM3 * axis.hours), -np.inf)
        content: Affine = stored / (HM3 * axis.hours)
        self.wish(plant, "water at the end", content, at_least=limit)
