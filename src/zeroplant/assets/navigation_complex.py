"""Navigation complex: a low weir with turbines, a small pond, and a lock for ships."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.lock import Lock
from zeroplant.assets.low_head import LowHead
from zeroplant.assets.run_of_river import Weir
from zeroplant.assets.water import change_of
from zeroplant.axis import Axis, Floats
from zeroplant.units import Area, Fraction, Length, Quantity
from zeroplant.waist import Flow, Scope, Store
from zeroplant.weather.site import Site

LevelRate = Annotated[float, Quantity("m/h", gt=0)]


class NavigationComplex(Weir):
    """Low-head hydro with a pond for a few hours of peaking, and water for ships.

    The pond moves within ``head_water ± pond_range``. Power is bounded by the lines of `LowHead`
    at the pond's lowest level, plus what the level above that gains: its height times the river's
    natural flow, and no more than the whole range times the turbined flow. So there is a reason to
    keep the pond high. For a year of a complex like Lize's (±0.5 m on 10 m of head; `tests/assets`
    has it) the energy is 0.8 % below that of the true product along the same schedule, and the
    power of an hour is off by 1.3 % of the rating (root mean square).

    The lock takes its water from the pond; the ledger's line "generation lost to the lock" says
    how much electricity it could have made. Lockages, the least flow and the speed at which the
    pond may rise and fall are wishes with a price, so that no drought and no flood leaves the plan
    without an answer.
    """

    title: ClassVar = ("Navigation complex", "航电枢纽")
    kind: Literal["navigation_complex"]
    pond_area: Area = Field(gt=0, description="surface of the pond at its normal level")
    pond_range: Length = Field(0.5, gt=0, description="level above and below normal, 0.5…1 m")
    start: Fraction | None = Field(
        None, description="how full the range is at first; as at the end if left out"
    )
    level_rate: LevelRate | None = Field(
        0.5, description="wish: fastest rise and fall of the pond, 0.5…1 m/h for ships"
    )
    lock: Lock | None = Field(None, description="ship lock")

    @model_validator(mode="after")
    def _pond_above_the_river(self) -> NavigationComplex:
        if self.head_water - self.pond_range <= self.tail_water[0][1]:
            message = "'head_water' less 'pond_range' must be above the lowest 'tail_water'"
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Turbines, spill and lock empty the pond; what comes from above fills it."""
        low = self.production(plant.axis, self.head_water - self.pond_range)
        middle = self.production(plant.axis, self.head_water)
        turbined, output = self.turbines(plant, middle.cap)
        released = [turbined, self.passing(plant, "spilled", role="spill")]
        if self.lock is not None:
            released.append(self._locked(plant, self.lock, middle))
        pond = self.fill(plant, "pond", released, self.pond_volume, self.start)
        gained = self._gained(plant, pond, turbined, middle)
        low.hold(plant, "power", output, turbined, gained)
        self.wishes(plant, released)
        if self.level_rate is not None:
            fastest = self.level_rate * self.pond_area / 3600.0
            self.wish(plant, "rise of the pond", change_of(pond, plant), at_most=fastest)
            self.wish(plant, "fall of the pond", -change_of(pond, plant), at_most=fastest)

    @property
    def pond_volume(self) -> float:
        """Water between the lowest and the highest level, hm³."""
        return self.pond_area * 2.0 * self.pond_range / 1e6

    def lost_to_lock(self, axis: Axis) -> Floats:
        """Power [MW] the scheduled lock water would have made in each stage."""
        production = self.production(axis, self.head_water)
        water = 0.0 if self.lock is None else self.lock.water(axis, production.head)
        return self.falling * production.head * water

    def _gained(self, plant: Scope, pond: Store, turbined: Flow, middle: LowHead) -> Flow:
        """MW for the level above the lowest: with the river's flow, and with the turbined flow."""
        flow = np.minimum(middle.river, middle.cap)
        gained = plant.flow("gained by level")
        height = pond * (1e6 / self.pond_area)
        river = gained - height * (self.falling * flow)
        turbines = gained - turbined * (self.falling * 2.0 * self.pond_range)
        plant.budget("level and river", river, at_most=0.0, over="period", unit="MW")
        plant.budget("level and turbines", turbines, at_most=0.0, over="period", unit="MW")
        return gained

    def _locked(self, plant: Scope, lock: Lock, middle: LowHead) -> Flow:
        """Lock water, as scheduled where the pond has it; and what it costs in generation."""
        schedule = lock.water(plant.axis, middle.head)
        locked = self.passing(plant, "locked", cap=schedule)
        self.wish(plant, "lockages", locked * 1.0, at_least=schedule)
        lost = locked * (self.falling * middle.head)
        plant.line("generation lost to the lock", lost, 0.0, unit="MWh")
        return locked
