"""Forecasts of what the plant does not decide: sun, wind, load, price, inflow, arrivals.

One model per quantity serves all horizons. Reference forecasts are blended with weights that
depend on the horizon (`zeroplant.operate.blend`); boosted trees give the quantiles of what the
blend leaves (`zeroplant.operate.trees`). Where something is missing, the next best is used, and
the forecast says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from zeroplant.axis import Floats

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)

Method = Literal["trees", "blend", "course", "persistence", "nothing", "foresight"]
"""How a forecast was made, from the best to none; ``foresight`` is told the truth."""


@dataclass(frozen=True)
class Forecast:
    """Quantiles of a quantity for steps to come, as made at one moment.

    ``values`` is (levels, steps), in the unit of the quantity, and never falls from one level to
    the next. ``known`` is when it was made: nothing that became known later is in it. ``method``
    says how; ``missing`` what was missing that would have made it better, in words. ``within`` is
    the least and the most it can be at all. Forecasts of one ``group`` are wrong together: their
    errors have that ``correlation`` (`zeroplant.operate.likeness`).
    """

    key: str
    known: datetime
    start: datetime
    step: timedelta
    levels: Floats
    values: Floats
    method: Method = "trees"
    missing: tuple[str, ...] = ()
    within: tuple[float, float] = (-np.inf, np.inf)
    group: str = ""
    correlation: float = 0.0

    def mean(self) -> Floats:
        """Expectation of each step, the quantiles taken as straight in between."""
        inner = np.diff(self.levels) @ (self.values[1:] + self.values[:-1]) / 2
        first, last = self.levels[0], 1 - self.levels[-1]
        return np.asarray(inner + first * self.values[0] + last * self.values[-1])

    def at(self, level: float) -> Floats:
        """One quantile of each step, straight between the levels there are."""
        place = np.interp(level, self.levels, np.arange(self.levels.size))
        low = int(place)
        high = min(low + 1, self.levels.size - 1)
        share = place - low
        return np.asarray((1 - share) * self.values[low] + share * self.values[high])
