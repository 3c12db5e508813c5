"""Ship lock: water that leaves the pond with ships instead of through the turbines."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.axis import Axis, Floats
from zeroplant.units import Length, Rate


class Lock(BaseModel):
    """A lock chamber and its yearly habit: so many lockages a day, evenly over its hours.

    A lockage, a full chamber emptied downstream, takes ``length·width·head`` of water:
    180 × 23 × 10 m are 41,400 m³, about 1.0 MWh of generation at an efficiency of 0.88.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: Length = Field(gt=0, description="of the chamber; 180 m for 1,000-t ships")
    width: Length = Field(gt=0, description="of the chamber; 23 m")
    per_day: Rate = Field(ge=0, description="lockages in a day")
    opens: int = Field(0, ge=0, le=23, description="first hour of the plant's day with lockages")
    closes: int = Field(24, ge=1, le=24, description="hour at which they end")

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Lock:
        if self.opens >= self.closes:
            message = "'opens' must be before 'closes'"
            raise ValueError(message)
        return self

    def volume(self, head: Floats | float) -> Floats | float:
        """Water of one lockage [m³] at a head [m]."""
        return self.length * self.width * head

    def water(self, axis: Axis, head: Floats) -> Floats:
        """Mean water flow of the lockages [m³/s] in each stage, shape (stages,).

        A period longer than an hour has its share of the hours in which the lock is open.
        """
        parts = max(1, round(axis.hours * 4))
        inside = (np.arange(parts) + 0.5) / parts * axis.hours
        hour = np.mod(np.add.outer(axis.hour_of_day, inside), 24.0)
        share = ((hour >= self.opens) & (hour < self.closes)).mean(axis=1)
        per_hour = self.per_day / (self.closes - self.opens)
        return np.asarray(self.volume(head) * per_hour * share / 3600.0)
