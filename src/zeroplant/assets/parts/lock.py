"""Ship lock: water that leaves the pond with ships instead of through the turbines."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.axis import Axis, Floats
from zeroplant.series import RateProfile
from zeroplant.units import Fraction, Hours, Length, Money, Quantity, Rate
from zeroplant.waist import Flow, Scope

WaitPrice = Annotated[float, Quantity("money/h", ge=0)]


class Lock(BaseModel):
    """A lock: its chamber, and when how many lockages take water from the pond.

    A lockage, a full chamber emptied downstream, takes ``length·width·head`` of water:
    180 × 23 × 10 m are 41,400 m³, about 1.0 MWh of generation at an efficiency of 0.88. Ships of
    both directions use it: one goes down with the water, another comes up in the emptied chamber.

    Either there are ``per_day`` lockages, evenly over the hours it is open, whatever they cost; or
    ships wait, up to ``waits`` hours at a price, and the lockages are part of the plan: ships come
    as lockages ``per_day`` or as ``ships`` an hour, of which ``group`` share a chamber. With
    ``whole: true`` lockages are whole numbers, each in the period in which it begins, so that ships
    wait for others to fill the chamber; else they are flows, and chambers always full. Twin
    chambers save water, the one filling in part from the other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: Length = Field(gt=0, description="of the chamber; 180 m for 1,000-t ships")
    width: Length = Field(gt=0, description="of the chamber; 23 m")
    per_day: Rate | None = Field(None, ge=0, description="lockages in a day; or give ships")
    opens: int = Field(0, ge=0, le=23, description="first hour of the plant's day with lockages")
    closes: int = Field(24, ge=1, le=24, description="hour at which they end")
    chambers: int = Field(1, ge=1, description="chambers side by side")
    shared_filling: Fraction = Field(
        0.0, le=0.5, description="share of the water that twin chambers save; 0.3…0.5"
    )
    waits: Hours | None = Field(
        None, ge=0, description="longest wait of a ship; lockages are planned if it is given"
    )
    ships: RateProfile | None = Field(None, description="ships an hour that want to pass")
    group: Rate = Field(1.0, ge=1, description="ships that one lockage passes, both ways together")
    cycle: Hours = Field(0.75, gt=0, description="time of a lockage of a chamber; 0.5…1 h")
    wait_price: WaitPrice = Field(50.0, description="penalty per ship and hour of waiting")
    missed: Money = Field(20_000.0, gt=0, description="penalty per ship that does not pass in time")
    whole: bool = Field(False, description="true: whole lockages in each period (slow)")

    @model_validator(mode="after")
    def _consistent(self) -> Lock:
        message = ""
        if self.opens >= self.closes:
            message = "'opens' must be before 'closes'"
        elif (self.per_day is None) == (self.ships is None):
            message = "give either 'per_day' or 'ships'"
        elif self.ships is not None and self.waits is None:
            message = "'ships' that come by the hour may have to wait; say how long with 'waits'"
        elif self.waits is None and self.whole:
            message = "'whole' lockages are planned ones; say how long ships may wait with 'waits'"
        elif self.per_day is not None and self.group > 1:
            message = "'per_day' counts lockages; give 'ships' instead to share them in a 'group'"
        elif self.shared_filling and self.chambers < 2:
            message = "'shared_filling' needs a second chamber; write chambers: 2"
        elif self.waits is not None and (self.per_day or 0.0) > self.most_per_day:
            message = f"in its hours the lock makes at most {self.most_per_day:g} lockages a day, "
            message += "by 'chambers' and 'cycle'; write less for 'per_day'"
        if message:
            raise ValueError(message)
        return self

    @property
    def most_per_day(self) -> float:
        """Lockages a day for which there is time."""
        return self.chambers * (self.closes - self.opens) / self.cycle

    def volume(self, head: Floats | float) -> Floats | float:
        """Water of one lockage [m³] at a head [m]."""
        return self.length * self.width * head * (1.0 - self.shared_filling)

    def open_share(self, axis: Axis) -> Floats:
        """Share of each stage in which the lock is open, shape (stages,)."""
        parts = max(1, round(axis.hours * 4))
        inside = (np.arange(parts) + 0.5) / parts * axis.hours
        hour = np.mod(np.add.outer(axis.hour_of_day, inside), 24.0)
        return np.asarray(((hour >= self.opens) & (hour < self.closes)).mean(axis=1))

    def come(self, axis: Axis) -> Floats:
        """Ships an hour that want to pass, or lockages if those are given, shape (stages,)."""
        if self.ships is not None:
            return self.ships.on(axis)
        assert self.per_day is not None
        return self.per_day / (self.closes - self.opens) * self.open_share(axis)

    def water(self, axis: Axis, head: Floats) -> Floats:
        """Mean water flow [m³/s] in each stage if no ship waits, shape (stages,).

        A period longer than an hour has its share of the hours in which the lock is open.
        """
        return np.asarray(self.volume(head) * self.come(axis) / self.group / 3600.0)

    def schedule(self, plant: Scope, locked: Flow, head: Floats) -> None:
        """Tie ``locked`` water [m³/s] to ships that pass, each within its wait.

        Ships are served as they come, so that nobody waits longer than ``waits`` if at the end of
        each period no more are waiting than came within that time.
        """
        axis, come = plant.axis, self.come(plant.axis)
        count = self._whole(plant) if self.whole else None
        lockages = self.chambers / self.cycle * self.open_share(axis)
        most = lockages if count is None else np.asarray(count.cap.constant) / axis.hours
        passed = plant.flow("ships passing", cap=most * self.group, unit="1/h")
        missed = plant.flow("ships not passed", cap=np.inf, unit="1/h")
        waiting = plant.store(
            "ships waiting",
            drain={passed: 1.0, missed: 1.0},
            inflow=come,
            cap=self._recent(axis, come),
            unit="1",
        )
        plant.line("ships waiting", waiting, self.wait_price, unit="h", kind="penalty")
        plant.line("ships not passed", missed, self.missed, unit="1", kind="penalty")
        each = np.asarray(self.volume(head)) / 3600.0
        if count is None:
            used = passed * (each / self.group)
        else:
            used = count * (each / axis.hours)
            room = passed - count * (self.group / axis.hours)
            plant.budget("ships in the chambers", room, at_most=0.0, over="period", unit="1/h")
        plant.budget("water of lockages", locked - used, at_least=0.0, at_most=0.0, over="period",
                     unit="m3/s")  # fmt: skip

    def _whole(self, plant: Scope) -> Flow:
        """Whole lockages of each stage, for which there is time in periods of any length.

        A chamber that has had time for a lockage may begin one at once, so each saves up to a
        ``cycle`` for later periods: those shorter than a lockage, or of no whole number of them.
        Before the first period of a chain they all had time.
        """
        axis, saved = plant.axis, self.chambers * self.cycle
        first = np.arange(axis.stages) % axis.periods == 0
        time = self.chambers * axis.hours * self.open_share(axis)
        most = np.where(time > 0, np.floor((time + saved) / self.cycle + 1e-9), 0.0)
        count = plant.flow("lockages", cap=most, integer=True, unit="1")
        ready = plant.flow("chambers ready", cap=saved, unit="h")
        used = self.cycle * count + ready - ready.shift(1) * np.where(first, 0.0, 1.0)
        time = time + np.where(first, saved, 0.0)
        plant.budget("time of the chambers", used, at_most=time, over="period", unit="h")
        return count

    def _recent(self, axis: Axis, come: Floats) -> Floats:
        """Ships that came within the longest wait before the end of each stage."""
        assert self.waits is not None
        periods = min(int(self.waits / axis.hours + 1e-9), axis.periods)
        each = come.reshape(len(axis.chains), axis.periods)
        recent = sum((np.roll(each, back, axis=1) for back in range(periods)), np.zeros_like(each))
        return np.asarray(recent * axis.hours).ravel()
