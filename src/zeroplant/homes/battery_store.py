"""Home batteries of many sizes as a few batteries, and why the homes can do what these promise.

Let S(P, E) be what a battery of power P and usable energy E can do: every schedule of charging
and discharging within P whose level stays within 0…E. All home batteries have the same losses.
Then, level by level and period by period,

    S(P₁, E₁) + S(P₂, E₂) ⊆ S(P₁ + P₂, E₁ + E₂),        S(c·P, c·E) = c·S(P, E).

Choose a few prototypes with h₁ < h₂ < … hours of full power. A home battery whose hours E/P lie
between h₁ and h₂ is cut in two such that P₁ + P₂ = P and h₁P₁ + h₂P₂ = E: nothing is lost of its
power nor of its energy, and by the first line the home can do whatever is asked of its two parts.
All parts of one prototype are copies of it on another scale, so by the second line they follow
one schedule in proportion. **Together the prototypes, each with the sum of its parts, are an inner
approximation of all the batteries**; a home's own schedule is the sum of its parts' shares.
Hours below the first prototype lose power, hours above the last lose energy.

What is left out: a prototype of few hours is empty while one of many is not, where the home's own
battery could still have gone on at full power.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.homes.population import Batteries


@dataclass(frozen=True)
class BatteryClasses:
    """``hours`` (classes,) of each prototype, and ``parts`` (batteries, classes) of power [MW]."""

    hours: Floats
    parts: Floats

    @property
    def power(self) -> Floats:
        """Power [MW] of each class."""
        return np.asarray(self.parts.sum(axis=0), dtype=float)

    @property
    def energy(self) -> Floats:
        """Usable energy [MWh] of each class."""
        return self.power * self.hours

    def shared_out(self, schedule: Floats) -> Floats:
        """What each home does, (batteries, …), of schedules (classes, …) of power or level."""
        total = np.where(self.power > 0, self.power, np.inf)
        return np.asarray(np.tensordot(self.parts / total, schedule, axes=1), dtype=float)


def battery_classes(batteries: Batteries, count: int, *, usable: float = 1.0) -> BatteryClasses:
    """Cut the batteries into ``count`` classes; ``usable`` is the share of the energy that moves.

    The prototypes run from the shortest to the longest battery there is, those between lie at
    equal shares of the batteries.
    """
    energy = batteries.energy * usable
    works = (batteries.power > 0) & (energy > 0)
    if not works.any():
        return BatteryClasses(np.ones(1), np.zeros((len(batteries), 1)))
    power = np.where(works, batteries.power, 0.0)
    own = np.where(works, energy, 1.0) / np.where(works, batteries.power, 1.0)
    hours = np.unique(np.quantile(own[works], np.linspace(0.0, 1.0, max(count, 1))))
    if count == 1:
        hours = np.array([np.median(own[works])])
        power = np.minimum(power, np.where(works, energy, 0.0) / hours[0])
        return BatteryClasses(hours, power[:, None])
    after = np.clip(np.searchsorted(hours, own, side="left"), 1, max(len(hours) - 1, 1))
    if len(hours) == 1:
        return BatteryClasses(hours, power[:, None])
    low, high = hours[after - 1], hours[after]
    share = np.clip((own - low) / (high - low), 0.0, 1.0)
    parts = np.zeros((len(batteries), len(hours)))
    rows = np.arange(len(batteries))
    parts[rows, after] = power * share
    parts[rows, after - 1] += power * (1.0 - share)
    return BatteryClasses(hours, parts)
