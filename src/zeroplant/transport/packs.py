"""Battery packs by class of charge: what a swap station counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats

EFFICIENCY = 0.95
"""From the node into a pack, rectifier and pack together; with it 7 chargers of 280 kW give the
9.4 packs an hour of domain page §2c."""
ROUNDING = 1e-7
"""Share of a pack that is nothing."""


@dataclass(frozen=True)
class PackClasses:
    """``count`` levels of charge from ``low`` to ``high``, evenly apart; the last is a full pack.

    States of charge are shares of the pack's energy, 0…1. Raises ValueError for fewer than two
    levels, or levels that do not rise.
    """

    count: int
    low: float
    high: float

    def __post_init__(self) -> None:
        """Check that there is something between empty and full."""
        if self.count < 2 or not 0.0 <= self.low < self.high <= 1.0:
            message = "packs need two or more levels of charge, rising between 0 and 1"
            raise ValueError(message)

    @property
    def levels(self) -> Floats:
        """State of charge of each class, shape (count,)."""
        return np.linspace(self.low, self.high, self.count)

    @property
    def step(self) -> float:
        """State of charge from one class to the next."""
        return (self.high - self.low) / (self.count - 1)

    def shares(self, charge: ArrayLike) -> Floats:
        """Split packs of any state of charge among the classes: shape (…, count), summing to 1.

        A pack between two levels counts in parts for both, so that energy is kept on average.
        Beyond the lowest and the highest level it counts as of that level; `lacking` says what a
        pack below the lowest then still lacks.
        """
        place = (np.clip(charge, self.low, self.high) - self.low) / self.step
        distance = np.abs(np.asarray(place)[..., None] - np.arange(self.count))
        return np.asarray(np.maximum(0.0, 1.0 - distance))

    def lacking(self, charge: ArrayLike) -> Floats:
        """How far packs are below the lowest level, as shares of a pack; 0 within the rounding."""
        below = self.low - np.asarray(charge, dtype=float)
        return np.where(below > ROUNDING, below, 0.0)
